package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rafid"
)

func (a *app) rulesCmd() *cobra.Command {
	var since string
	var test, asJSON bool
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules of feeds.yaml; --test tries them on the stored stories",
		Long: "Rules lists the rules in their order. With --test it says of each how many stored stories it matches, how many got\n" +
			"their category from it, and shows some, with the line of the rule that won where it was another. Dropped stories are\n" +
			"not stored: of a rule that drops it shows what is there although the rule matches.",
		Example: "  rafid rules --test\n  rafid rules --test --since 7d --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, err := sinceTime(since)
			if err != nil {
				return err
			}
			if test {
				return a.withView(cmd.Context(), func(v *view) error {
					return v.rules(cmd.Context(), from, asJSON)
				})
			}
			cfg, err := a.load(a.config)
			if err != nil {
				return err
			}
			r := newRuleTest(&plan{cfg: cfg})
			if asJSON {
				return (&view{out: a.stdout}).json(r)
			}
			return r.tell(a.stdout)
		},
	}
	cmd.Flags().BoolVar(&test, "test", false, "try them on the stored stories")
	cmd.Flags().StringVar(&since, "since", "", "only stories first seen so long ago at most, as in 7d; all without it")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

// ruleTest is the rules, and, once tried, what they match.
type ruleTest struct {
	Tried   bool        `json:"tried"`
	Stories int         `json:"stories"`
	Rules   []triedRule `json:"rules"`
}

type triedRule struct {
	Line      int          `json:"line"`
	Condition string       `json:"condition"`
	Action    string       `json:"action"`
	Matches   int          `json:"matches"`
	Won       int          `json:"won"` // stories that have their category from it
	Samples   []ruleSample `json:"samples"`
}

type ruleSample struct {
	Story  string `json:"story"`
	Source string `json:"source"`
	Winner int    `json:"winner,omitempty"` // line of the rule that gave the category, 0: none did
	Title  string `json:"title"`
}

func newRuleTest(p *plan) *ruleTest {
	r := &ruleTest{Rules: []triedRule{}}
	for _, rule := range p.cfg.Rules {
		r.Rules = append(r.Rules, triedRule{
			Line: rule.Line, Condition: rule.Condition(), Action: rule.Action(), Samples: []ruleSample{},
		})
	}
	return r
}

func (v *view) rules(ctx context.Context, since time.Time, asJSON bool) error {
	r := newRuleTest(v.plan)
	r.Tried = true
	err := v.Stories(ctx, since, func(s rafid.Story, _ string) error {
		r.Stories++
		matching := v.plan.classifier.Matching(s)
		if len(matching) == 0 {
			return ctx.Err()
		}
		winner := v.plan.classifier.Classify(v.plan.source(s.Source), s).Rule - 1
		for _, i := range matching {
			r.Rules[i].add(s, i == winner, r.line(winner))
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	if asJSON {
		return v.json(r)
	}
	return r.tell(v.out)
}

// line is where the rule of an index stands, 0 for none.
func (r *ruleTest) line(index int) int {
	if index < 0 {
		return 0
	}
	return r.Rules[index].Line
}

func (t *triedRule) add(s rafid.Story, won bool, winner int) {
	t.Matches++
	if won {
		t.Won++
	}
	if len(t.Samples) < fewSamples {
		t.Samples = append(t.Samples, ruleSample{s.ID, s.Source, winner, s.Title})
	}
}

// tell prints the rules for people; Arabic comes last on its line.
func (r *ruleTest) tell(w io.Writer) error {
	var b strings.Builder
	for _, t := range r.Rules {
		if r.Tried {
			fmt.Fprintf(&b, "line %d: matches %d, won %d: %s\n", t.Line, t.Matches, t.Won, t.Action)
		} else {
			fmt.Fprintf(&b, "line %d: %s\n", t.Line, t.Action)
		}
		fmt.Fprintf(&b, "  %s\n", t.Condition)
		for _, s := range t.Samples {
			won := "no rule gave the category"
			switch {
			case s.Winner == t.Line:
				won = "won"
			case s.Winner > 0:
				won = fmt.Sprintf("line %d won", s.Winner)
			}
			fmt.Fprintf(&b, "    %s  %s  %s\n      %s\n", s.Story, s.Source, won, s.Title)
		}
	}
	if r.Tried {
		fmt.Fprintf(&b, "%d rules tried on %d stories\n", len(r.Rules), r.Stories)
	} else {
		fmt.Fprintf(&b, "%d rules; --test tries them on the stored stories\n", len(r.Rules))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
