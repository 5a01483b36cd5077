package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"rafid/dedupe"
)

// report prints how often each measure is used.
func report(w io.Writer, forest *dedupe.Forest) {
	uses := make(map[dedupe.Feature]int)
	for _, t := range forest.Trees {
		for _, n := range t {
			if n.Left != 0 {
				uses[n.Feature]++
			}
		}
	}
	var f dedupe.Features
	for k := range f {
		fmt.Fprintf(w, "%-16s %d\n", dedupe.Feature(k), uses[dedupe.Feature(k)])
	}
}

// separation prints for each set the area under the ROC curve.
func separation(w io.Writer, what string, scorer dedupe.Scorer, samples []sample, in func(sample) bool) {
	bySet := make(map[string][]sample)
	for _, s := range samples {
		if in(s) {
			set := s.fold
			if !isDay(set) {
				set, _, _ = strings.Cut(set, " ")
			}
			bySet[set] = append(bySet[set], s)
		}
	}
	names := make([]string, 0, len(bySet))
	for name := range bySet {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		yes := 0
		for _, s := range bySet[name] {
			if s.same {
				yes++
			}
		}
		fmt.Fprintf(w, "%s %-12s pairs %6d same %5d AUC %.4f average precision %.4f\n", what, name, len(bySet[name]), yes, auc(scorer, bySet[name]), averagePrecision(scorer, bySet[name]))
	}
}

// averagePrecision is the mean, over the pairs that are the same, of the precision down to each of them.
func averagePrecision(scorer dedupe.Scorer, samples []sample) float64 {
	order := slices.Clone(samples)
	slices.SortStableFunc(order, func(a, b sample) int { return cmp.Compare(scorer.Score(&b.f), scorer.Score(&a.f)) })
	sum, yes := 0.0, 0.0
	for i, s := range order {
		if s.same {
			yes++
			sum += yes / float64(i+1)
		}
	}
	return sum / max(yes, 1)
}

func auc(scorer dedupe.Scorer, samples []sample) float64 {
	type scored struct {
		score float64
		same  bool
	}
	all := make([]scored, len(samples))
	for i := range samples {
		all[i] = scored{scorer.Score(&samples[i].f), samples[i].same}
	}
	slices.SortFunc(all, func(a, b scored) int { return cmp.Compare(a.score, b.score) })
	ranks, yes := 0.0, 0.0
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].score == all[i].score {
			j++
		}
		for k := i; k < j; k++ {
			if all[k].same {
				ranks += float64(i+j+1) / 2
				yes++
			}
		}
		i = j
	}
	return (ranks - yes*(yes+1)/2) / (yes * (float64(len(all)) - yes))
}

// holdout trains without each fold in turn, groups all stories by that forest and prints how the day
// that it did not see came out.
func (d *dataset) holdout(w io.Writer, samples []sample) error {
	days := []string{}
	for _, l := range d.days {
		if !slices.Contains(days, l.Day) {
			days = append(days, l.Day)
		}
	}
	var means [len(nears)][4]float64
	for i, day := range days {
		out := func(s sample) bool {
			return s.fold == day || !isDay(s.fold) && strings.HasSuffix(s.fold, fmt.Sprint(" ", i%4))
		}
		var rest []sample
		for _, s := range samples {
			if !out(s) {
				rest = append(rest, s)
			}
		}
		forest := trainBoth(rest)
		separation(w, "unseen", forest, samples, out)
		for k, near := range nears {
			m := d.scoreDay(w, day, forest, near)
			for j := range m {
				means[k][j] += m[j] / float64(len(days))
			}
		}
	}
	for k, near := range nears {
		fmt.Fprintf(w, "near %.2f: mean of unseen days: B-cubed F %.3f, pairwise P %.3f R %.3f F %.3f\n", near, means[k][0], means[k][1], means[k][2], means[k][3])
	}
	return nil
}

// nears are the settings tried on each day.
var nears = [...]float64{0.70, 0.75, 0.80, 0.85, 0.90, 0.95}

// warmUp is when grouping starts before the labelled days: a fortnight fills the index.
const warmUp = "2018-03-20"

// look is after how many stories the engine looks again.
const look = 50

// scoreDay groups the stories up to the end of a day and prints its B-cubed and pairwise figures.
func (d *dataset) scoreDay(w io.Writer, day string, scorer dedupe.Scorer, near float64) [4]float64 {
	gold := make(map[string]string)
	for _, l := range d.days {
		if l.Day == day {
			gold[l.ID] = l.Story
		}
	}
	group := make(map[string]string)
	n := 0
	x := dedupe.New(dedupe.Options{Scorer: scorer, Near: near})
	for _, s := range d.stories {
		if s.Published < warmUp {
			continue
		}
		if len(group) == len(gold) {
			break
		}
		decision := x.Add(s.rafid())
		if _, ok := gold[s.ID]; ok {
			group[s.ID] = decision.Group
		}
		if n++; n%look == 0 || len(group) == len(gold) {
			for _, moved := range x.Recheck() {
				if _, ok := group[moved.Story]; ok {
					group[moved.Story] = moved.Group
				}
			}
		}
	}
	bp, br := bcubed(gold, group)
	pp, pr := pairwise(gold, group)
	fmt.Fprintf(w, "unseen %s near %.2f B-cubed P %.3f R %.3f F %.3f pairwise P %.3f R %.3f F %.3f\n", day, near, bp, br, harmonic(bp, br), pp, pr, harmonic(pp, pr))
	return [4]float64{harmonic(bp, br), pp, pr, harmonic(pp, pr)}
}

func harmonic(a, b float64) float64 {
	if a+b == 0 {
		return 0
	}
	return 2 * a * b / (a + b)
}

// bcubed is precision and recall averaged over items (Bagga and Baldwin 1998).
func bcubed(gold, got map[string]string) (p, r float64) {
	size, both, goldSize := map[string]float64{}, map[[2]string]float64{}, map[string]float64{}
	for id, g := range gold {
		goldSize[g]++
		size[got[id]]++
		both[[2]string{g, got[id]}]++
	}
	for k, n := range both {
		p += n * n / size[k[1]]
		r += n * n / goldSize[k[0]]
	}
	return p / float64(len(gold)), r / float64(len(gold))
}

// pairwise is precision and recall over pairs.
func pairwise(gold, got map[string]string) (p, r float64) {
	size, both, goldSize := map[string]float64{}, map[[2]string]float64{}, map[string]float64{}
	for id, g := range gold {
		goldSize[g]++
		size[got[id]]++
		both[[2]string{g, got[id]}]++
	}
	pairs := func(n float64) float64 { return n * (n - 1) / 2 }
	var tp, in, want float64
	for _, n := range both {
		tp += pairs(n)
	}
	for _, n := range size {
		in += pairs(n)
	}
	for _, n := range goldSize {
		want += pairs(n)
	}
	return tp / max(in, 1), tp / max(want, 1)
}
