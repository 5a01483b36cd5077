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

// placed is a sample with what the model said: raw scores, to be calibrated, of the whole text and of the
// headline alone.
type placed struct {
	section, place int
	z, headline    [columns]float64
}

// holdOut trains once without each outlet of the first set and once without each part of the second.
func (c *corpus) holdOut(r recipe) []fold {
	var names []string
	for _, s := range c.samples {
		if !slices.Contains(names, s.heldOut()) {
			names = append(names, s.heldOut())
		}
	}
	var folds []fold
	for _, name := range names {
		f := fold{name: name, shared: c.sharedWith(name)}
		w := c.train(r, func(s sample) bool { return s.heldOut() != name })
		for _, s := range c.samples {
			if s.heldOut() == name && f.shared[s.section] {
				f.placed = append(f.placed, placed{s.section, s.place, c.scores(w, s.features), c.scores(w, s.short)})
			}
		}
		folds = append(folds, f)
	}
	return folds
}

// heldOut names the part of the data that the sample is held out with.
func (s *sample) heldOut() string {
	if s.set == "stories" {
		return s.source
	}
	return s.set
}

// sharedWith finds the sections that a part has as well as the rest.
func (c *corpus) sharedWith(name string) (shared [sections]bool) {
	var in, out [sections]bool
	for _, s := range c.samples {
		if s.heldOut() == name {
			in[s.section] = true
		} else {
			out[s.section] = true
		}
	}
	for i := range shared {
		shared[i] = in[i] && out[i]
	}
	return shared
}

func (c *corpus) scores(w *category.Weights, features []feature) (z [columns]float64) {
	for i := range z {
		z[i] = float64(w.Bias[i])
	}
	for _, f := range features {
		for i := range z {
			z[i] += float64(w.Rows[c.buckets[f.id]*columns+i] * f.weight)
		}
	}
	return z
}

// calibrate finds the temperatures at which held-out confidence is held-out precision (least log loss),
// and the lowest confidence from which nine in ten of all that is said is right. Each fold counts alike.
func calibrate(folds []fold) (heat category.Heat, least float64) {
	heat.Summary = coolest(func(h float64) float64 { return sectionLoss(folds, whole, h) })
	heat.Headline = coolest(func(h float64) float64 { return sectionLoss(folds, headline, h) })
	heat.Split = coolest(func(h float64) float64 { return splitLoss(folds, h) })
	for least = 0.30; least < 0.95; least += 0.01 {
		if t := meanTally(folds, whole, heat.Summary, least); t.right >= 0.90*t.said {
			return heat, least
		}
	}
	return heat, least
}

// coolest is the temperature at which a loss is least.
func coolest(loss func(heat float64) float64) (heat float64) {
	least := math.Inf(1)
	for h := 0.2; h < 6; h *= 1.05 {
		if l := loss(h); l < least {
			least, heat = l, h
		}
	}
	return heat
}

func sectionLoss(folds []fold, z func(placed) [columns]float64, heat float64) (loss float64) {
	for _, f := range folds {
		for _, p := range f.placed {
			loss -= math.Log(max(1e-9, confidences(z(p), heat)[p.section])) / float64(len(f.placed))
		}
	}
	return loss
}

func splitLoss(folds []fold, heat float64) (loss float64) {
	for _, f := range folds {
		for _, p := range f.placed {
			if p.place >= 0 {
				world := 1 / (1 + math.Exp(-p.z[sections]/heat))
				loss -= math.Log(max(1e-9, math.Abs(world-1+float64(p.place)))) / float64(len(f.placed))
			}
		}
	}
	return loss
}

// tally counts what is said at a least confidence, as shares of all texts.
type tally struct{ said, right float64 }

func (t tally) precision() float64 { return t.right / max(t.said, 1e-9) }

// The two forms of a text that are judged.
func whole(p placed) [columns]float64    { return p.z }
func headline(p placed) [columns]float64 { return p.headline }

func (f fold) tally(z func(placed) [columns]float64, heat, least float64) (t tally) {
	share := 1 / float64(len(f.placed))
	for _, p := range f.placed {
		best, confidence := top(confidences(z(p), heat))
		if confidence < least {
			continue
		}
		t.said += share
		if best == p.section {
			t.right += share
		}
	}
	return t
}

// meanTally is over the folds, each counting alike.
func meanTally(folds []fold, z func(placed) [columns]float64, heat, least float64) (mean tally) {
	for _, f := range folds {
		t := f.tally(z, heat, least)
		mean.said += t.said / float64(len(folds))
		mean.right += t.right / float64(len(folds))
	}
	return mean
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
// is said at all and how much of that is right; then the mean of the parts, all texts together, and the mean
// of headlines alone.
func report(w io.Writer, folds []fold, heat category.Heat, least float64) {
	fmt.Fprintf(w, "temperature %.2f, of headlines %.2f, of the split %.2f; least confidence %.2f\n\n",
		heat.Summary, heat.Headline, heat.Split, least)
	fmt.Fprintf(w, "%-24s %6s %6s %6s %6s %6s %6s   F1 by section\n", "held out", "texts", "F1", "apart", "said", "right", "split")
	var mean, short float64
	together := fold{name: "all texts together"}
	for _, f := range folds {
		f1, macro := f.scores(whole)
		t := f.tally(whole, heat.Summary, least)
		fmt.Fprintf(w, "%-24s %6d %6.3f %6s %6.3f %6.3f %6s  ", f.name, len(f.placed), macro, f.apart(), t.said, t.precision(), f.split())
		for c, name := range category.Sections() {
			if f1[c] >= 0 {
				fmt.Fprintf(w, " %s %.2f", name, f1[c])
			}
		}
		fmt.Fprintln(w)
		mean += macro / float64(len(folds))
		_, macro = f.scores(headline)
		short += macro / float64(len(folds))
		together.placed = append(together.placed, f.placed...)
	}
	t := meanTally(folds, whole, heat.Summary, least)
	fmt.Fprintf(w, "%-24s %6s %6.3f %6s %6.3f %6.3f\n", "mean", "", mean, "", t.said, t.precision())
	t = together.tally(whole, heat.Summary, least)
	fmt.Fprintf(w, "%-24s %6d %6s %6s %6.3f %6.3f\n", together.name, len(together.placed), "", "", t.said, t.precision())
	lower := speakingOf(folds, 0.90, heat.Summary)
	t = meanTally(folds, whole, heat.Summary, lower)
	fmt.Fprintf(w, "%-24s %6s %6s %6s %6.3f %6.3f\n", fmt.Sprintf("mean, from %.2f on", lower), "", "", "", t.said, t.precision())
	t = together.tally(whole, heat.Summary, lower)
	fmt.Fprintf(w, "%-24s %6s %6s %6s %6.3f %6.3f\n", "all texts, likewise", "", "", "", t.said, t.precision())
	t = meanTally(folds, headline, heat.Headline, least)
	fmt.Fprintf(w, "%-24s %6s %6.3f %6s %6.3f %6.3f\n", "mean, headlines alone", "", short, "", t.said, t.precision())
}

// best is the section that scores highest among those that both sides have.
func (f fold) best(z [columns]float64) int {
	best := -1
	for c := range sections {
		if f.shared[c] && (best < 0 || z[c] > z[best]) {
			best = c
		}
	}
	return best
}

// speakingOf is the highest confidence at which so large a share is spoken of.
func speakingOf(folds []fold, share, heat float64) float64 {
	least := 0.95
	for least > 0 && meanTally(folds, whole, heat, least).said < share {
		least -= 0.01
	}
	return least
}

// scores gives the F1 of each section that the fold has (-1 of the others) and their mean. Everything
// counts, said or not.
func (f fold) scores(of func(placed) [columns]float64) (f1 []float64, macro float64) {
	var hit, truth, told [sections]float64
	for _, p := range f.placed {
		best := f.best(of(p))
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

// both says whether the fold has politics as well as world.
func (f fold) both() bool {
	has := func(place int) bool {
		return slices.ContainsFunc(f.placed, func(p placed) bool { return p.place == place })
	}
	return has(0) && has(1)
}

// apart is the macro-F1 with politics and world as two classes, where the fold has both.
func (f fold) apart() string {
	if !f.both() {
		return "–"
	}
	var hit, truth, told [sections + 1]float64
	class := func(section, place int) int {
		if section == 0 && place == 1 {
			return sections
		}
		return section
	}
	for _, p := range f.placed {
		place := 0
		if p.z[sections] > 0 {
			place = 1
		}
		is, said := class(p.section, p.place), class(f.best(p.z), place)
		truth[is]++
		told[said]++
		if is == said {
			hit[is]++
		}
	}
	sum, n := 0.0, 0.0
	for c := range truth {
		if truth[c] > 0 {
			sum += 2 * hit[c] / max(1, truth[c]+told[c])
			n++
		}
	}
	return fmt.Sprintf("%.3f", sum/n)
}

// split is the share of news put into the right one of politics and world, where the fold has both.
func (f fold) split() string {
	var right, all float64
	if !f.both() {
		return "–"
	}
	for _, p := range f.placed {
		if p.place < 0 {
			continue
		}
		all++
		if (p.z[sections] > 0) == (p.place == 1) {
			right++
		}
	}
	return fmt.Sprintf("%.3f", right/all)
}
