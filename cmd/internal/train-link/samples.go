package main

import (
	"fmt"
	"strings"

	"rafid"
	"rafid/dedupe"
)

// sample is a pair with what readers said of it.
type sample struct {
	f      dedupe.Features
	same   bool
	weight float64
	fold   string // the day it belongs to, or the set
}

// How much a set counts in training, beside the labelled days' pairs at 1. The headlines have no text,
// and half of them are alike by choice, so they must not outweigh whole stories.
const (
	pairWeight     = 1.0
	pairSpread     = 0.05 // of a pair's sampling weight
	headlineWeight = 0.25
	stanceWeight   = 0.25
)

// key names a pair whichever way round.
func key(a, b string) [2]string {
	if a > b {
		a, b = b, a
	}
	return [2]string{a, b}
}

// samples runs the stories through an engine that records what it measures, and joins the labels to it.
func (d *dataset) samples() []sample {
	wanted := d.labels()
	var out []sample
	o := dedupe.Options{Scorer: blank{}, Trace: func(a, b string, f *dedupe.Features, _ float64) {
		if s, ok := wanted[key(a, b)]; ok {
			s.f = *f
			out = append(out, s)
			delete(wanted, key(a, b))
		}
	}}
	x := dedupe.New(o)
	for _, s := range d.stories {
		x.Add(s.rafid())
	}
	out = append(out, titles(d.headlines, "headlines", headlineWeight, func(p headlinePair) bool { return p.Same })...)
	return append(out, titles(d.stances, "stances", stanceWeight, func(p headlinePair) bool { return p.Stance == "agree" })...)
}

// blank joins nothing but copies, so that what is measured does not depend on a forest trained before.
type blank struct{}

func (blank) Score(*dedupe.Features) float64 { return 0 }

// labels are the pairs that readers judged: those of the strata, and all of each labelled day.
func (d *dataset) labels() map[[2]string]sample {
	wanted := make(map[[2]string]sample)
	for i, a := range d.days {
		for _, b := range d.days[:i] {
			if a.Day == b.Day {
				wanted[key(a.ID, b.ID)] = sample{same: a.Story == b.Story, weight: 1, fold: a.Day}
			}
		}
	}
	for i, p := range d.pairs {
		k := key(p.A, p.B)
		if _, ok := wanted[k]; ok {
			continue
		}
		wanted[k] = sample{
			same: p.Label == "SAME" || p.Label == "DUP", weight: pairWeight + pairSpread*min(p.Weight, 100),
			fold: fmt.Sprintf("pairs %d", i%4),
		}
	}
	return wanted
}

// titles measures pairs of lone headlines.
func titles(pairs []headlinePair, set string, weight float64, same func(headlinePair) bool) []sample {
	var f dedupe.Features
	x := dedupe.New(dedupe.Options{Trace: func(_, _ string, seen *dedupe.Features, _ float64) { f = *seen }})
	out := make([]sample, 0, len(pairs))
	for i, p := range pairs {
		x.Compare(rafid.Story{ID: "a", Source: "a", Title: p.A}, rafid.Story{ID: "b", Source: "b", Title: p.B})
		out = append(out, sample{f: f, same: same(p), weight: weight, fold: fmt.Sprintf("%s %d", set, i/4%4)})
	}
	return out
}

func isTitle(fold string) bool {
	return strings.HasPrefix(fold, "headlines") || strings.HasPrefix(fold, "stances")
}

func isDay(fold string) bool { return strings.HasPrefix(fold, "20") }
