package dedupe

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"rafid"
	"rafid/arabic"
)

// How much evidence is kept with a membership.
const (
	maxWords = 6
	maxFacts = 4
)

// evidence says why e stands beside the stories of the links by, best first.
func (x *Index) evidence(s rafid.Story, e *entry, by []link, score float64) rafid.Evidence {
	best := by[0]
	ev := rafid.Evidence{
		Score: round(score), Threshold: round(x.need(e, len(by))), Hours: round(best.f[Hours]),
		Recurring: round(best.f[Recurring]),
	}
	if best.copy {
		ev.Threshold = round(x.opt.Copy)
		ev.Copied = round(best.f[Contained])
		if best.exact {
			ev.Copied = 1
		}
	}
	for _, l := range by[:min(maxFacts, len(by))] {
		ev.Links = append(ev.Links, l.to.id)
	}
	t := x.reader.text(s, false)
	title, lead := x.reader.lexicon.Terms(t.title), x.reader.lexicon.Terms(t.lead)
	x.lay(e)
	other := best.to.open(&x.other)
	ev.Words = x.sharedWords(other, title, lead)
	ev.Numbers, ev.Conflicts = numberEvidence(x.desk.print, other)
	ev.Arabic, ev.English = sentences(&ev, best, x.outlet(best.to))
	return ev
}

// outlet is what readers know the source of e by, "" if they know none.
func (x *Index) outlet(e *entry) string { return x.opt.Names[x.sources[e.source]] }

func round(v float64) float64 { return math.Round(v*1000) / 1000 }

// sharedWords are the words that p has too, as the other story writes them, heaviest first.
func (x *Index) sharedWords(p *print, parts ...[]arabic.Term) []string {
	type word struct {
		surface string
		weight  float32
	}
	var words []word
	seen := make(map[uint32]bool)
	for _, terms := range parts {
		for _, t := range terms {
			k := hash32(t.Key)
			i, ok := slices.BinarySearch(p.keys, k)
			if !ok || seen[k] || t.Number || p.tf[i]>>3 == 0 {
				continue
			}
			seen[k] = true
			words = append(words, word{t.Surface, x.stats.idf(k)})
		}
	}
	slices.SortStableFunc(words, func(a, b word) int { return cmp.Compare(b.weight, a.weight) })
	var out []string
	for _, w := range words[:min(maxWords, len(words))] {
		out = append(out, w.surface)
	}
	return out
}

// numberEvidence lists the numbers that both tell and those on which they differ.
func numberEvidence(a, b *print) (shared, conflicts []string) {
	for _, n := range a.nums {
		v := figure(n.value)
		switch i := slices.IndexFunc(b.nums, func(m num) bool { return m.value == n.value }); {
		case i >= 0:
			if !slices.Contains(shared, v) && len(shared) < maxFacts {
				shared = append(shared, v)
			}
		default:
			for _, m := range b.nums {
				if c := v + "≠" + figure(m.value); n.unit != 0 && m.unit == n.unit && len(conflicts) < maxFacts && !slices.Contains(conflicts, c) {
					conflicts = append(conflicts, c)
				}
			}
		}
	}
	return shared, conflicts
}

func figure(v float32) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", v), "0"), ".")
}

// why is the evidence in a few words each.
func why(relation string, ev *rafid.Evidence) []string {
	w := []string{fmt.Sprintf("%s: score %.2f, threshold %.2f", relation, ev.Score, ev.Threshold)}
	if ev.Copied > 0 {
		w = append(w, fmt.Sprintf("copied %.0f%%", 100*ev.Copied))
	}
	if len(ev.Words) > 0 {
		w = append(w, "words: "+strings.Join(ev.Words, "، "))
	}
	if len(ev.Numbers) > 0 {
		w = append(w, "numbers: "+strings.Join(ev.Numbers, ", "))
	}
	if len(ev.Conflicts) > 0 {
		w = append(w, "conflicts: "+strings.Join(ev.Conflicts, ", "))
	}
	if ev.Recurring > 0 {
		w = append(w, fmt.Sprintf("recurring %.0f%%", 100*ev.Recurring))
	}
	return append(w, fmt.Sprintf("%.1f hours apart", ev.Hours))
}
