package config

import (
	"fmt"
	"strings"

	"rafid/arabic"
)

// suggest finds the candidate that word was probably meant to be, "" when none is near. Spelling is
// folded first (سياسه is سياسة, Every is every, allow-private is allow_private); then up to two slips
// count, one in a short word.
func suggest(word string, candidates []string) string {
	key := suggestKey(word)
	best, at := "", 3
	for _, c := range candidates {
		other := suggestKey(c)
		if other == key {
			return c
		}
		d := slips([]rune(key), []rune(other))
		if allowed := 1 + min(len([]rune(other)), len([]rune(key)))/5; d <= allowed && d < at {
			best, at = c, d
		}
	}
	return best
}

func suggestKey(s string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(arabic.FoldKey(withoutInvisible(s)))
}

// slips counts letters left out, added, exchanged for another or swapped with their neighbour
// (optimal string alignment).
func slips(a, b []rune) int {
	if len(a) > 64 || len(b) > 64 {
		return len(a) + len(b)
	}
	before, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			differs := 1
			if a[i-1] == b[j-1] {
				differs = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+differs)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}

// didYouMean is the fix for a word that is none of the candidates: the near one, else all of them.
func didYouMean(word string, candidates []string) string {
	if near := suggest(word, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	const shown = 16 // more than any set of keys has; a list of sources is cut
	if len(candidates) > shown {
		return fmt.Sprintf("one of %s …", strings.Join(candidates[:shown], ", "))
	}
	return "one of " + strings.Join(candidates, ", ")
}
