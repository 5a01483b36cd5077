package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"rafid/category"
)

// How long and how hard is learned. Chosen on the held-out outlets among a handful of neighbours.
const (
	passes   = 6
	rate     = 0.5
	decay    = 2e-6 // of the weights, for each example
	columns  = category.Columns
	sections = columns - 1
)

// train fits the sections by softmax and the split of news by a logistic, with AdaGrad steps over the
// samples in a shuffled order that is the same every time.
func train(samples []sample, use func(sample) bool) *category.Weights {
	var chosen []sample
	for _, s := range samples {
		if use(s) {
			chosen = append(chosen, s)
		}
	}
	shared := seenTwice(chosen)
	weights := fairness(chosen)
	l := &learner{
		w:     &category.Weights{Rows: make([]float32, category.Buckets*columns)},
		grads: make([]float32, category.Buckets*columns),
	}
	order := rand.New(rand.NewPCG(2026, 11))
	for range passes {
		for _, i := range order.Perm(len(chosen)) {
			l.step(chosen[i], chosen[i].features, weights[i], shared)
			l.step(chosen[i], chosen[i].short, weights[i]/2, shared)
			if chosen[i].long != nil {
				l.step(chosen[i], chosen[i].long, weights[i]/2, shared)
			}
		}
	}
	return l.w
}

// seenTwice finds the features that at least two sources use: what only one outlet writes is its house
// style, and tells its section only there.
func seenTwice(samples []sample) []bool {
	first := make([]string, category.Buckets)
	twice := make([]bool, category.Buckets)
	for _, s := range samples {
		for _, f := range slices.Concat(s.features, s.long) {
			switch first[f.bucket] {
			case "":
				first[f.bucket] = s.source
			case s.source:
			default:
				twice[f.bucket] = true
			}
		}
	}
	return twice
}

// fairness weighs samples so that large sections and large sources do not drown the small ones: each
// counts by the root of its number.
func fairness(samples []sample) []float32 {
	section, cell := map[int]float64{}, map[string]float64{}
	key := func(s sample) string { return s.source + category.Sections()[s.section] }
	for _, s := range samples {
		section[s.section]++
		cell[key(s)]++
	}
	weights := make([]float32, len(samples))
	sum := 0.0
	for i, s := range samples {
		w := math.Pow(section[s.section]*cell[key(s)], -0.25)
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
	w     *category.Weights
	grads []float32 // sums of squared gradients, for the step size of each weight
	bias  [columns]float32
}

func (l *learner) step(s sample, features []feature, weight float32, shared []bool) {
	var z [columns]float32
	for c := range z {
		z[c] = l.w.Bias[c]
	}
	for _, f := range features {
		if shared[f.bucket] {
			row := l.w.Rows[int(f.bucket)*columns:]
			for c := range z {
				z[c] += row[c] * f.weight
			}
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
		if !shared[f.bucket] {
			continue
		}
		at := int(f.bucket) * columns
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
func gradient(z [columns]float32, s sample) (g [columns]float32) {
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
