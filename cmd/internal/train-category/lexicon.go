package main

import (
	_ "embed"
	"slices"
	"strings"

	"rafid/category"
)

// lexiconText is words that tell a section to anybody who reads news; its head says how it is to be read.
//
//go:embed lexicon.txt
var lexiconText string

// lexiconSet is the set of the samples that the lexicon gives: every model learns from it, none is judged by
// it.
const lexiconSet = "lexicon"

// lexicon makes a sample of each entry together with another of its section.
func (c *corpus) lexicon() (samples []sample) {
	for line := range strings.Lines(lexiconText) {
		class, words, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		s := sample{set: lexiconSet, source: lexiconSet, place: -1}
		if place := slices.Index([]string{"politics", "world"}, class); place >= 0 {
			class, s.place = "news", place
		}
		s.section = slices.Index(category.Sections(), class)
		entries := strings.Split(words, ",")
		for i, entry := range entries {
			other := entries[(i+len(entries)/3)%len(entries)]
			s.features = c.features(entry+" - "+other, "")
			samples = append(samples, s)
		}
	}
	return samples
}
