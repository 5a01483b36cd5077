package category

import (
	"math"
	"strings"
	"unicode/utf8"

	"rafid/arabic"
)

// Buckets is the number of rows of a model: features are hashed into so many. They fill the 2 MB that a model
// may take.
const Buckets = 1 << bucketBits

const bucketBits = 18

// Bucket is the row of a feature.
func Bucket(feature uint32) int { return int(feature >> (32 - bucketBits)) }

// maxText bounds how much of a text is read, in bytes: a section shows in the first lines, and a feed
// that gives whole articles must not cost more than one that gives headlines.
const maxText = 1600

// Features calls emit with the hash and the weight of each feature of a text: folded words without
// their particles, pairs of neighbours, and character 4-grams, which carry what light stemming misses.
// Words of the title weigh double. The squares of all weights add up to 1. It gives the number of
// words.
func Features(title, summary string, emit func(feature uint32, weight float32)) (words int) {
	var fs []feature
	fs, inTitle := textFeatures(fs, title, 2)
	fs, inSummary := textFeatures(fs, summary, 1)
	var sum float64
	for _, f := range fs {
		sum += float64(f.weight) * float64(f.weight)
	}
	if sum == 0 {
		return 0
	}
	scale := float32(1 / math.Sqrt(sum))
	for _, f := range fs {
		emit(f.hash, f.weight*scale)
	}
	return inTitle + inSummary
}

type feature struct {
	hash   uint32
	weight float32
}

// The kinds of features, hashed apart. The shares are what the held-out outlets liked best of a few.
const (
	kindWord, shareWord = 1, 1.0
	kindPair, sharePair = 2, 0.6
	kindGram, shareGram = 3, 0.35
)

func textFeatures(fs []feature, text string, weight float32) (all []feature, words int) {
	text = arabic.Fold(clip(text))
	before := ""
	for word := range strings.FieldsFuncSeq(text, betweenWords) {
		word = bare(word)
		if utf8.RuneCountInString(word) < 2 {
			continue
		}
		words++
		fs = append(fs, feature{hash(kindWord, word, ""), weight * shareWord})
		if before != "" {
			fs = append(fs, feature{hash(kindPair, before, word), weight * sharePair})
		}
		before = word
		fs = grams(fs, word, weight*shareGram)
	}
	return fs, words
}

// grams adds the runs of four letters of a longer word.
func grams(fs []feature, word string, weight float32) []feature {
	const length = 4
	var at [length + 1]int // byte offsets of the last runes
	n := 0
	for i := range word {
		copy(at[:], at[1:])
		at[length] = i
		if n++; n > length {
			fs = append(fs, feature{hash(kindGram, word[at[0]:i], ""), weight})
		}
	}
	if n > length {
		fs = append(fs, feature{hash(kindGram, word[at[1]:], ""), weight})
	}
	return fs
}

// betweenWords says that r is no letter of a word. Digits are left out: a number tells a date or a score,
// hardly a section.
func betweenWords(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 0x0621 || r > 0x06d3)
}

// bare takes one or two particles off a folded word that stays long enough.
func bare(word string) string {
	for _, prefix := range []string{"وبال", "وال", "بال", "كال", "فال", "لل", "ال"} {
		if rest, ok := strings.CutPrefix(word, prefix); ok && len(rest) >= 6 {
			return rest
		}
	}
	if rest, ok := strings.CutPrefix(word, "و"); ok && len(rest) >= 8 {
		return rest
	}
	return word
}

func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

// hash is FNV-1a over the kind and both words, folded to 32 bits.
func hash(kind byte, a, b string) uint32 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := (uint64(offset) ^ uint64(kind)) * prime
	for i := range len(a) {
		h = (h ^ uint64(a[i])) * prime
	}
	h *= prime
	for i := range len(b) {
		h = (h ^ uint64(b[i])) * prime
	}
	return uint32((h ^ h>>29) >> 20)
}
