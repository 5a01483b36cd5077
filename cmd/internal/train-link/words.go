package main

import (
	"maps"
	"slices"

	"rafid/arabic"
)

// wordSeen is in how many texts a word must stand to be known: misspellings stand in fewer.
const wordSeen = 8

// words lists the folded words of the stories and further texts.
func (d *dataset) words() []string {
	count := make(map[string]int)
	read := func(text string) {
		seen := make(map[string]bool)
		for _, w := range arabic.Words(text) {
			if w = arabic.Fold(w); len(w) > 2*letter && !seen[w] {
				seen[w] = true
				count[w]++
			}
		}
	}
	for _, s := range d.stories {
		read(s.Title + "\n" + s.Summary + "\n" + s.Text)
	}
	for _, t := range d.background {
		read(t)
	}
	maps.DeleteFunc(count, func(w string, n int) bool { return n < wordSeen || !arabic.Telling(w) })
	return slices.Sorted(maps.Keys(count))
}

// letter is the size of an Arabic letter in UTF-8.
const letter = 2
