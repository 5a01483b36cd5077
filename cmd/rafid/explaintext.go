package main

import (
	"fmt"
	"strings"

	"rafid"
)

// tellGroup prints a group for people; Arabic comes last on its line.
func (v *view) tellGroup(x explained, near float64) error {
	var b strings.Builder
	fmt.Fprintf(&b, "group %s, %s, %d stories\n  %s\n", x.Group, x.Published.Format("2006-01-02 15:04 MST"), len(x.Members), x.Title)
	if x.Thread != "" {
		fmt.Fprintf(&b, "  follows %s\n", x.Thread)
	}
	for _, m := range x.Members {
		fmt.Fprintf(&b, "\n%-4s %s  %s  %s\n     %s\n", m.Relation, m.Story, m.Published.Format("2006-01-02 15:04"), m.Source, m.Title)
		if m.Relation == rafid.Lead && len(m.Order) == 0 {
			continue
		}
		b.WriteString(evidenceText(m.Evidence))
		if len(m.Order) > 0 {
			fmt.Fprintf(&b, "     ordered: the pair %s, %s of feeds.yaml\n", m.Order[0], m.Order[1])
			continue
		}
		b.WriteString(nearText(m, near))
	}
	_, err := v.out.Write([]byte(b.String()))
	return err
}

func nearText(m explainedMember, near float64) string {
	switch {
	case m.Near >= 1:
		return "     a copy stands at every dedupe.near\n"
	case near == 0:
		return fmt.Sprintf("     stands up to dedupe.near %.2f\n", m.Near)
	case near <= m.Near:
		return fmt.Sprintf("     at dedupe.near %.2f: stands\n", near)
	}
	return fmt.Sprintf("     at dedupe.near %.2f: leaves (stands up to %.2f)\n", near, m.Near)
}

// evidenceText is the evidence, a kind a line.
func evidenceText(ev rafid.Evidence) string {
	var b strings.Builder
	if ev.Score > 0 {
		fmt.Fprintf(&b, "     score %.2f, needed %.2f", ev.Score, ev.Threshold)
		if ev.Copied > 0 {
			fmt.Fprintf(&b, "; copied %.0f%%", 100*ev.Copied)
		}
		if ev.Recurring > 0 {
			fmt.Fprintf(&b, "; recurring wording %.0f%%", 100*ev.Recurring)
		}
		fmt.Fprintf(&b, "; %.1f h apart; links %d\n", ev.Hours, len(ev.Links))
	}
	for _, l := range []struct {
		name  string
		words []string
	}{{"numbers", ev.Numbers}, {"conflicts", ev.Conflicts}, {"words", ev.Words}} {
		if len(l.words) > 0 {
			fmt.Fprintf(&b, "     %s: %s\n", l.name, strings.Join(l.words, "، "))
		}
	}
	if ev.Arabic != "" {
		fmt.Fprintf(&b, "     %s\n     %s\n", ev.English, ev.Arabic)
	}
	return b.String()
}

// verdicts say in a sentence why two stories are where they are.
var verdicts = map[string]string{
	"linked":   "together: one was linked by the other",
	"together": "together: each was linked by other stories of the group",
	"ordered":  "as a pair in feeds.yaml orders",
	"score":    "apart: they are less alike than is needed",
	"closed":   "apart: when the later one came, the group took in no more, or only its own outlet stood in it",
	"later":    "apart so far: with what is known now they are alike enough; looking again will unite them, unless stories that came between speak against it",
}

func (v *view) tellPair(p explainedPair, s, t rafid.Story) error {
	var b strings.Builder
	for _, one := range []rafid.Story{s, t} {
		fmt.Fprintf(&b, "%s  %s  %s\n     %s\n", one.ID, one.Published.Format("2006-01-02 15:04"), one.Source, one.Title)
	}
	fmt.Fprintf(&b, "\n%s (%s)\n%s", verdicts[p.Reason], p.Relation, evidenceText(p.Evidence))
	if p.Reason == "ordered" {
		_, err := v.out.Write([]byte(b.String()))
		return err
	}
	if p.Score != p.Evidence.Score || p.Needed != p.Evidence.Threshold {
		fmt.Fprintf(&b, "     with the whole group: score %.2f, needed %.2f\n", p.Score, p.Needed)
	}
	switch {
	case p.Near >= 1:
		b.WriteString("     a copy: together at every dedupe.near\n")
	default:
		fmt.Fprintf(&b, "     by the score, together up to dedupe.near %.2f\n", p.Near)
	}
	if p.Asked != nil {
		fmt.Fprintf(&b, "     at dedupe.near %.2f: %s\n", p.Asked.Near, map[bool]string{true: "together", false: "apart"}[p.Asked.Together])
	}
	_, err := v.out.Write([]byte(b.String()))
	return err
}
