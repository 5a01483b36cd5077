package main

import (
	"math"
	"math/rand/v2"

	"rafid/category"
)

const (
	columns  = category.Columns
	sections = columns - 1
)

// How hard is learned.
const (
	rate  = 0.5
	decay = 2e-6 // of the weights, for each example
)

// recipe is how long is learned, and from what.
type recipe struct {
	passes   int
	averaged int     // of these, at the end: their mean is less of an accident than the last
	dropped  float64 // share of the features left out of an example: others have to tell the section too
	anyhow   bool    // learn also what only one source writes

	// What the texts of a sample count beside title and summary, and what an entry of the lexicon does.
	headline, article, parts, lexicon float32

	// A section counts by its number to this power less, and so does what one source has of it: large ones
	// must not drown the small.
	sectionPower, cellPower float64
}

// ours is the recipe of the shipped model, chosen on the held-out outlets; docs/categories.md has the steps.
func ours() recipe {
	return recipe{
		passes: 5, averaged: 3, dropped: 0.7, headline: 0.5, article: 0.5, parts: 2, lexicon: 2,
		sectionPower: 0.7, cellPower: 0.2,
	}
}

// train fits the sections by softmax and the split of news by a logistic, with AdaGrad steps over the
// samples in a shuffled order that is the same every time.
func (c *corpus) train(r recipe, use func(sample) bool) *category.Weights {
	var chosen []sample
	for _, s := range c.samples {
		if use(s) {
			chosen = append(chosen, s)
		}
	}
	weights := r.fairness(chosen)
	if r.lexicon > 0 {
		for _, s := range c.lexicon() {
			chosen, weights = append(chosen, s), append(weights, r.lexicon)
		}
	}
	l := &learner{
		recipe: r, corpus: c, shared: c.seenTwice(chosen), random: rand.New(rand.NewPCG(2026, 11)),
		w:     &category.Weights{Rows: make([]float32, category.Buckets*columns)},
		grads: make([]float32, category.Buckets*columns),
	}
	mean := &category.Weights{Rows: make([]float32, category.Buckets*columns)}
	for pass := range r.passes {
		for _, i := range l.random.Perm(len(chosen)) {
			l.learn(&chosen[i], weights[i])
		}
		if pass >= r.passes-r.averaged {
			addShare(mean, l.w, 1/float32(r.averaged))
		}
	}
	return mean
}

func addShare(sum, w *category.Weights, share float32) {
	for i, v := range w.Rows {
		sum.Rows[i] += share * v
	}
	for i, v := range w.Bias {
		sum.Bias[i] += share * v
	}
}

// seenTwice finds the features that at least two sources use, or the lexicon: what only one outlet writes is
// its house style, and tells its section only there.
func (c *corpus) seenTwice(samples []sample) []bool {
	first := make([]string, len(c.buckets))
	twice := make([]bool, len(c.buckets))
	for i := range samples {
		s := &samples[i]
		for _, text := range s.texts() {
			for _, f := range text {
				if first[f.id] == "" {
					first[f.id] = s.source
				}
				if first[f.id] != s.source || s.set == lexiconSet {
					twice[f.id] = true
				}
			}
		}
	}
	return twice
}

// fairness weighs samples by the recipe's powers. The mean is 1.
func (r recipe) fairness(samples []sample) []float32 {
	section, cell := map[int]float64{}, map[string]float64{}
	key := func(s sample) string { return s.source + category.Sections()[s.section] }
	for _, s := range samples {
		section[s.section]++
		cell[key(s)]++
	}
	weights := make([]float32, len(samples))
	sum := 0.0
	for i, s := range samples {
		w := math.Pow(section[s.section], -r.sectionPower) * math.Pow(cell[key(s)], -r.cellPower)
		weights[i] = float32(w)
		sum += w
	}
	for i := range weights {
		weights[i] *= float32(float64(len(samples)) / sum)
	}
	return weights
}

// learner holds the weights while they grow.
type learner struct {
	recipe recipe
	corpus *corpus
	shared []bool
	random *rand.Rand
	w      *category.Weights
	grads  []float32 // sums of squared gradients, for the step size of each weight
	bias   [columns]float32
}

// learn takes a step on each text of a sample.
func (l *learner) learn(s *sample, weight float32) {
	l.step(s, s.features, weight)
	l.step(s, s.short, weight*l.recipe.headline)
	l.step(s, s.long, weight*l.recipe.article)
	for _, part := range s.parts {
		l.step(s, part, weight*l.recipe.parts/float32(len(s.parts)))
	}
}

// some leaves features out at random, and those that only one source uses; the length of the rest is 1 again.
func (l *learner) some(features []feature) []feature {
	var kept []feature
	var sum float32
	for _, f := range features {
		if l.random.Float64() < l.recipe.dropped {
			continue
		}
		sum += f.weight * f.weight
		if l.shared[f.id] || l.recipe.anyhow {
			kept = append(kept, f)
		}
	}
	scale := 1 / float32(math.Sqrt(float64(sum)+1e-9))
	for i := range kept {
		kept[i].weight *= scale
	}
	return kept
}

func (l *learner) step(s *sample, features []feature, weight float32) {
	if len(features) == 0 || weight == 0 {
		return
	}
	features = l.some(features)
	var z [columns]float32
	copy(z[:], l.w.Bias[:])
	for _, f := range features {
		row := l.w.Rows[l.corpus.buckets[f.id]*columns:]
		for c := range z {
			z[c] += row[c] * f.weight
		}
	}
	g := gradient(z, s)
	for c := range g {
		g[c] *= weight
		l.bias[c] += g[c] * g[c]
		if g[c] != 0 {
			l.w.Bias[c] -= rate * 0.1 * g[c] / float32(math.Sqrt(float64(l.bias[c])+1e-6))
		}
	}
	for _, f := range features {
		at := l.corpus.buckets[f.id] * columns
		for c := range g {
			d := g[c] * f.weight
			if d == 0 {
				continue
			}
			l.grads[at+c] += d * d
			l.w.Rows[at+c] -= rate*d/float32(math.Sqrt(float64(l.grads[at+c])+1e-6)) + rate*decay*l.w.Rows[at+c]
		}
	}
}

// gradient is of the log loss in each column.
func gradient(z [columns]float32, s *sample) (g [columns]float32) {
	top := z[0]
	for _, v := range z[:sections] {
		top = max(top, v)
	}
	sum := 0.0
	var e [sections]float64
	for c := range e {
		e[c] = math.Exp(float64(z[c] - top))
		sum += e[c]
	}
	for c := range e {
		g[c] = float32(e[c] / sum)
	}
	g[s.section]--
	if s.place >= 0 {
		g[sections] = float32(1/(1+math.Exp(-float64(z[sections]))) - float64(s.place))
	}
	return g
}
