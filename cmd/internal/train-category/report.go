package main

import (
	"fmt"
	"io"
	"math"
	"slices"

	"rafid/category"
)

// fold is one part of the data, placed by a model that was trained without it.
type fold struct {
	name   string
	shared [sections]bool // sections that both this part and the rest have: only they are judged
	placed []placed
}

// placed is a sample with what the model said: raw scores, to be calibrated.
type placed struct {
	section, place int
	z              [columns]float64
}

// holdOut trains once without each outlet of the first set and once without each part of the second.
func holdOut(samples []sample) []fold {
	var names []string
	group := func(s sample) string {
		if s.set == "stories" {
			return s.source
		}
		return s.set
	}
	for _, s := range samples {
		if !slices.Contains(names, group(s)) {
			names = append(names, group(s))
		}
	}
	var folds []fold
	for _, name := range names {
		w := train(samples, func(s sample) bool { return group(s) != name })
		f := fold{name: name}
		var in, out [sections]bool
		for _, s := range samples {
			if group(s) == name {
				in[s.section] = true
			} else {
				out[s.section] = true
			}
		}
		for c := range f.shared {
			f.shared[c] = in[c] && out[c]
		}
		for _, s := range samples {
			if group(s) == name && f.shared[s.section] {
				f.placed = append(f.placed, placed{s.section, s.place, scores(w, s)})
			}
		}
		folds = append(folds, f)
	}
	return folds
}

func scores(w *category.Weights, s sample) (z [columns]float64) {
	for c := range z {
		z[c] = float64(w.Bias[c])
	}
	for _, f := range s.features {
		for c := range z {
			z[c] += float64(w.Rows[int(f.bucket)*columns+c] * f.weight)
		}
	}
	return z
}

// calibrate finds the temperatures at which held-out confidence is held-out precision (least log loss),
// and the lowest confidence from which nine in ten of all that is said is right.
func calibrate(folds []fold) (heat [2]float64, least float64) {
	best := [2]float64{math.Inf(1), math.Inf(1)}
	for h := 0.2; h < 6; h *= 1.05 {
		var loss [2]float64
		for _, f := range folds {
			for _, p := range f.placed {
				loss[0] -= math.Log(max(1e-9, confidences(p.z, h)[p.section])) / float64(len(f.placed))
				if p.place >= 0 {
					world := 1 / (1 + math.Exp(-p.z[sections]/h))
					loss[1] -= math.Log(max(1e-9, math.Abs(world-1+float64(p.place)))) / float64(len(f.placed))
				}
			}
		}
		for i := range loss {
			if loss[i] < best[i] {
				best[i], heat[i] = loss[i], h
			}
		}
	}
	for least = 0.30; least < 0.95; least += 0.01 {
		if right, said, _ := said(folds, heat[0], least); right >= 0.90*said {
			return heat, least
		}
	}
	return heat, least
}

// said counts, over all folds alike, how much is said at a least confidence, and how much of it is right.
func said(folds []fold, heat, least float64) (right, saying, all float64) {
	for _, f := range folds {
		for _, p := range f.placed {
			share := 1 / float64(len(f.placed))
			all += share
			best, confidence := top(confidences(p.z, heat))
			if confidence < least {
				continue
			}
			saying += share
			if best == p.section {
				right += share
			}
		}
	}
	return right, saying, all
}

func top(p []float64) (best int, confidence float64) {
	for i := range p {
		if p[i] > p[best] {
			best = i
		}
	}
	return best, p[best]
}

func confidences(z [columns]float64, heat float64) []float64 {
	p := make([]float64, sections)
	m, sum := math.Inf(-1), 0.0
	for c := range p {
		m = max(m, z[c])
	}
	for c := range p {
		p[c] = math.Exp((z[c] - m) / heat)
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
	return p
}

// report prints, for each part held out, the F1 of each section that it has, their mean, how much of it
// is said at all and how much of that is right.
func report(w io.Writer, folds []fold, heat [2]float64, least float64) {
	fmt.Fprintf(w, "temperature %.2f, of the split %.2f; least confidence %.2f\n\n", heat[0], heat[1], least)
	fmt.Fprintf(w, "%-24s %6s %6s %6s %6s %6s   F1 by section\n", "held out", "texts", "F1", "said", "right", "split")
	var mean float64
	for _, f := range folds {
		f1, macro := f.scores(heat[0])
		right, saying, _ := said([]fold{f}, heat[0], least)
		split := f.split()
		fmt.Fprintf(w, "%-24s %6d %6.3f %6.3f %6.3f %6s  ", f.name, len(f.placed), macro, saying, right/saying, split)
		for c, name := range category.Sections() {
			if f1[c] >= 0 {
				fmt.Fprintf(w, " %s %.2f", name, f1[c])
			}
		}
		fmt.Fprintln(w)
		mean += macro / float64(len(folds))
	}
	right, saying, all := said(folds, heat[0], least)
	fmt.Fprintf(w, "%-24s %6s %6.3f %6.3f %6.3f\n", "mean", "", mean, saying/all, right/saying)
}

// scores gives the F1 of each section that the fold has (-1 of the others) and their mean. Everything
// counts, said or not.
func (f fold) scores(heat float64) (f1 []float64, macro float64) {
	var hit, truth, told [sections]float64
	for _, p := range f.placed {
		z := p.z
		for c, shared := range f.shared {
			if !shared {
				z[c] = math.Inf(-1) // no section of theirs
			}
		}
		best, _ := top(confidences(z, heat))
		truth[p.section]++
		told[best]++
		if best == p.section {
			hit[best]++
		}
	}
	n := 0.0
	for c := range sections {
		if truth[c] == 0 {
			f1 = append(f1, -1)
			continue
		}
		f1 = append(f1, 2*hit[c]/max(1, truth[c]+told[c]))
		macro += f1[c]
		n++
	}
	return f1, macro / n
}

// split is the share of news put into the right one of politics and world, where the fold has both.
func (f fold) split() string {
	var right, all float64
	both := map[int]bool{}
	for _, p := range f.placed {
		if p.place < 0 {
			continue
		}
		both[p.place] = true
		all++
		if (p.z[sections] > 0) == (p.place == 1) {
			right++
		}
	}
	if len(both) < 2 {
		return "–"
	}
	return fmt.Sprintf("%.3f", right/all)
}
