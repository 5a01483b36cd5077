package main

import (
	"math"

	"rafid/dedupe"
)

// How the line is fitted: gradient descent with momentum on measures of one spread.
const (
	lineSteps    = 400
	lineRate     = 0.2
	lineMomentum = 0.9
	lineRidge    = 10 // L2 on weights, in samples
)

// line is a logistic regression on standardised measures.
type line struct {
	base                float64
	slope, mean, spread dedupe.Features
}

// fitLine fits a forest without trees: a logistic regression whose weights have the signs of direction.
func fitLine(samples []sample) *dedupe.Forest {
	var l line
	weight := l.standardise(samples)
	var pull line
	for range lineSteps {
		base, slope := l.gradient(samples)
		pull.base = lineMomentum*pull.base - lineRate*base/weight
		l.base += pull.base
		for k := range slope {
			pull.slope[k] = lineMomentum*pull.slope[k] - lineRate*(slope[k]+lineRidge*l.slope[k])/weight
			l.slope[k] += pull.slope[k]
			if float64(direction[dedupe.Feature(k)])*l.slope[k] < 0 {
				l.slope[k], pull.slope[k] = 0, 0
			}
		}
	}
	return l.forest()
}

// standardise fills in mean and spread and gives the weight of all samples.
func (l *line) standardise(samples []sample) (weight float64) {
	for _, s := range samples {
		weight += s.weight
		for k, v := range s.f {
			l.mean[k] += s.weight * v
		}
	}
	for k := range l.mean {
		l.mean[k] /= weight
	}
	for _, s := range samples {
		for k, v := range s.f {
			l.spread[k] += s.weight * (v - l.mean[k]) * (v - l.mean[k])
		}
	}
	for k, v := range l.spread {
		if l.spread[k] = math.Sqrt(v / weight); l.spread[k] < 1e-6 {
			l.spread[k] = math.Inf(1) // the same in all samples: it tells nothing
		}
	}
	return weight
}

// gradient is that of the logistic loss.
func (l *line) gradient(samples []sample) (base float64, slope dedupe.Features) {
	for i := range samples {
		s := &samples[i]
		sum := l.base
		for k, v := range s.f {
			sum += l.slope[k] * (v - l.mean[k]) / l.spread[k]
		}
		miss := 1 / (1 + math.Exp(-sum))
		if s.same {
			miss--
		}
		miss *= s.weight
		base += miss
		for k, v := range s.f {
			slope[k] += miss * (v - l.mean[k]) / l.spread[k]
		}
	}
	return base, slope
}

// forest is the line for measures as they come.
func (l *line) forest() *dedupe.Forest {
	f := &dedupe.Forest{Base: l.base, Scale: scale}
	for k, slope := range l.slope {
		w := round(slope / l.spread[k])
		f.Base -= w * l.mean[k]
		f.Line = append(f.Line, w)
	}
	f.Base = round(f.Base)
	return f
}
