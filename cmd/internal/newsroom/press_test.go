package newsroom

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func testPress(t *testing.T, feeds int) press {
	t.Helper()
	g, err := loadGrammar()
	if err != nil {
		t.Fatal(err)
	}
	return press{grammar: g, seed: 7, start: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), feeds: feeds, items: 30}
}

// shingles are the runs of three words of a text.
func shingles(t text) map[string]bool {
	words := strings.Fields(strings.Join(t.lines, " "))
	set := map[string]bool{}
	for i := range len(words) - 2 {
		set[strings.Join(words[i:i+3], " ")] = true
	}
	return set
}

// shared is the share of the shorter text's shingles that the other has too.
func shared(a, b map[string]bool) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	for s := range a {
		if b[s] {
			n++
		}
	}
	return float64(n) / float64(max(len(a), 1))
}

// What is no copy shares little with anything else; what is a copy shares nearly all with its source.
func TestOnlyCopiesAreAlike(t *testing.T) {
	t.Parallel()
	p := testPress(t, 60)
	var originals []map[string]bool
	copies, bytes := 0, 0
	heads := map[string]bool{}
	for feed := range 60 {
		for n := range 3 {
			item, of := p.item(feed, n)
			size := len(strings.Join(item.lines, " "))
			bytes += size
			if of == feed {
				if size < shortText || size > longText+600 {
					t.Errorf("item of %d bytes", size)
				}
				if heads[item.head] {
					t.Errorf("headline twice: %s", item.head)
				}
				heads[item.head] = true
				originals = append(originals, shingles(item))
				continue
			}
			copies++
			source, again := p.item(of, n)
			if again != of {
				t.Errorf("%d/%d copies %d, itself a copy", feed, n, of)
			}
			if s := shared(shingles(item), shingles(source)); s < 0.95 {
				t.Errorf("a copy shares %.2f", s)
			}
		}
	}
	if copies < 6 || copies > 36 {
		t.Errorf("%d copies of 180", copies)
	}
	var all []float64
	for i, a := range originals {
		for _, b := range originals[:i] {
			all = append(all, shared(a, b))
		}
	}
	slices.Sort(all)
	t.Logf("%d originals, mean %d bytes; shared shingles: median %.3f, p99 %.3f, p99.99 %.3f, max %.3f", len(originals), bytes/180,
		all[len(all)/2], all[len(all)*99/100], all[len(all)*9999/10000], all[len(all)-1])
	if most := all[len(all)-1]; most > 0.5 {
		t.Errorf("two originals share %.2f", most)
	}
}
