package arabic

import (
	_ "embed"
	"encoding/binary"
	"slices"
	"sort"
	"strings"
)

// wordTable lists the words that news is written with, so that a letter at the front is cut off as a
// preposition or conjunction only where a word remains: بريطانيا keeps its ب, بدمشق does not. It holds the
// hashes of folded words as they stand in texts, articles and all, in rising order of 4 bytes each. It is
// written by cmd/internal/train-link -words; NOTICE names the texts they were counted in.
//
//go:embed words.bin
var wordTable []byte

// known says that a folded word stands in news texts.
func known(word string) bool {
	h := wordHash(word)
	n := len(wordTable) / 4
	i := sort.Search(n, func(i int) bool { return binary.LittleEndian.Uint32(wordTable[4*i:]) >= h })
	return i < n && binary.LittleEndian.Uint32(wordTable[4*i:]) == h
}

// wordHash is FNV-1a, folded to 32 bits.
func wordHash(word string) uint32 {
	h := uint64(14695981039346656037)
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * 1099511628211
	}
	return uint32(h ^ h>>32)
}

// PackWords makes the table that ships of folded words.
func PackWords(words []string) []byte {
	hashes := make([]uint32, len(words))
	for i, w := range words {
		hashes[i] = wordHash(w)
	}
	slices.Sort(hashes)
	var table []byte
	for _, h := range slices.Compact(hashes) {
		table = binary.LittleEndian.AppendUint32(table, h)
	}
	return table
}

// Telling says that cutting prefixes asks for a word: behind an article only those matter whose next letter
// could be a preposition.
func Telling(word string) bool {
	rest, behind := strings.CutPrefix(word, "ال")
	return arabicWord(word) && len(rest) >= letter && (!behind || strings.Contains(prepositions, rest[:letter]))
}
