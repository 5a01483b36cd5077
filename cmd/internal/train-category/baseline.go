package main

import (
	"fmt"
	"io"
	"math"
)

// compare prints what a plain linear model does with the same texts: logistic regression over TF-IDF of the
// same features of title and summary, as anybody would begin. No lexicon, no articles, no headlines, nothing
// left out, and every text counts the same.
func (c *corpus) compare(w io.Writer) error {
	folds := c.tfidf().holdOut(recipe{passes: 5, averaged: 1, anyhow: true})
	heat, least := calibrate(folds)
	_, err := fmt.Fprintln(w, "\nthe same parts by a plain linear model over TF-IDF")
	report(w, folds, heat, least)
	return err
}

// tfidf is the corpus with its features weighed by how few texts have them.
func (c *corpus) tfidf() *corpus {
	texts := make([]float64, len(c.buckets))
	for _, s := range c.samples {
		seen := map[uint32]bool{}
		for _, f := range s.features {
			if !seen[f.id] {
				seen[f.id], texts[f.id] = true, texts[f.id]+1
			}
		}
	}
	weigh := func(features []feature) []feature {
		out := make([]feature, len(features))
		sum := 0.0
		for i, f := range features {
			w := float64(f.weight) * math.Log(float64(len(c.samples))/(1+texts[f.id]))
			out[i] = feature{f.id, float32(w)}
			sum += w * w
		}
		for i := range out {
			out[i].weight /= float32(math.Sqrt(sum) + 1e-9)
		}
		return out
	}
	t := &corpus{buckets: c.buckets}
	for _, s := range c.samples {
		t.samples = append(t.samples, sample{set: s.set, source: s.source, section: s.section, place: s.place,
			features: weigh(s.features), short: weigh(s.short)})
	}
	return t
}
