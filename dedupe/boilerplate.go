package dedupe

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rafid"
	"rafid/arabic"
)

// A line is boilerplate when it has stood in so many stories, and in so large a share of what the source told
// (design: 5 items and 2 % of the source). One story told over and over has one headline or two, and what it
// repeats is news.
const (
	standingItems  = 5
	standingShare  = 50 // one story in so many
	standingTitles = 3  // headlines, as far as 16 bits tell them apart
)

// What is remembered of a source. A line of 2 % comes back within 50 stories, which hold some 400 others:
// that is what keptLines must outlast.
const (
	keptLines   = 512    // lines of one source, 16 bytes each
	keptSources = 10_000 // as many as a list of sources may name; those silent longest are forgotten
	keptItems   = 2_000  // stories after which all counts are halved, so that a line given up is forgotten
	unitsRead   = 64     // lines of one story that are looked at: more than [bodyWords] ever needs
	shownBytes  = 160    // of a line, for people
)

// Boilerplate is what has been learnt of the lines that each source prints again and again: names of
// columns, calls to subscribe, what the outlet says of itself. An [Index] learns from the stories that it
// is given by Add and leaves such lines out when it compares. Digits count as one another, and spelling is
// folded. Memory is bounded for each source. The same stories in the same order teach the same.
//
// One goroutine uses it at a time, together with the index.
type Boilerplate struct {
	sources map[string]*habits
	turn    uint64 // stories counted, of all sources
}

// BoilerplateLine is a line that a source prints again and again.
type BoilerplateLine struct {
	Text  string    // as it stood when it was learnt, at most 160 bytes
	Items int       // stories that had it, of the last one to two thousand
	Share float64   // 0…1, of the source's stories in this time
	Since time.Time // UTC day of the first of them
}

// habits are the lines of one source.
type habits struct {
	items   int              // stories counted; halved with the lines
	serial  uint32           // stories counted, never halved
	turn    uint64           // Boilerplate.turn of the last of them
	lines   map[uint64]habit // by the hash of the masked line
	texts   map[uint64]string
	changed bool // since the last Memory
}

// habit is one line of a source.
type habit struct {
	last   uint32 // habits.serial of the last story that had it
	items  uint16 // stories that had it
	titles uint16 // a bit for each headline, by hash
	day    uint16 // of the first, in days since 1970
}

// NewBoilerplate has learnt nothing yet.
func NewBoilerplate() *Boilerplate {
	return &Boilerplate{sources: make(map[string]*habits)}
}

// Lines lists what is left out of a source's stories, the most frequent first.
func (b *Boilerplate) Lines(source string) []BoilerplateLine {
	h := b.sources[source]
	if h == nil {
		return nil
	}
	var lines []BoilerplateLine
	for _, key := range slices.Sorted(maps.Keys(h.texts)) {
		l := h.lines[key]
		if !h.standing(l) {
			continue
		}
		lines = append(lines, BoilerplateLine{
			Text: h.texts[key], Items: int(l.items), Share: min(1, float64(l.items)/float64(h.items)),
			Since: time.Unix(int64(l.day)*86400, 0).UTC(),
		})
	}
	slices.SortStableFunc(lines, func(a, b BoilerplateLine) int {
		return cmp.Or(cmp.Compare(b.Items, a.Items), cmp.Compare(a.Text, b.Text))
	})
	return lines
}

// of gives the habits of a source that tells a story, which may be its first.
func (b *Boilerplate) of(source string) *habits {
	h := b.sources[source]
	if h == nil {
		h = &habits{lines: make(map[uint64]habit), texts: make(map[uint64]string)}
		b.sources[strings.Clone(source)] = h
	}
	b.turn++
	h.turn = b.turn
	if len(b.sources) > keptSources {
		b.forgetSources()
	}
	return h
}

// forgetSources forgets a quarter of the sources.
func (b *Boilerplate) forgetSources() {
	ids := slices.SortedFunc(maps.Keys(b.sources), func(x, y string) int {
		return cmp.Or(cmp.Compare(b.sources[x].turn, b.sources[y].turn), cmp.Compare(x, y))
	})
	for _, id := range ids[:keptSources/4] {
		delete(b.sources, id)
	}
}

// strip gives s without the boilerplate of its source. With learn the story counts as one more of them.
// Several texts of one story are stripped by one call. A nil b knows nothing.
func (b *Boilerplate) strip(s rafid.Story, learn bool, texts ...*string) {
	if b == nil {
		return
	}
	h := b.sources[s.Source]
	if learn {
		h = b.of(s.Source)
		h.begin()
	}
	if h == nil {
		return
	}
	at := s.Published
	if at.IsZero() {
		at = s.FirstSeen
	}
	now := habit{last: h.serial, titles: 1 << (hash64(s.Title) % 16), day: uint16(max(0, at.Unix()/86400))}
	left := unitsRead
	for _, text := range texts {
		*text = withoutUnits(*text, &left, func(unit string) bool {
			key := unitKey(unit)
			if key != 0 && learn {
				h.count(key, unit, now)
			}
			return key != 0 && h.standing(h.lines[key])
		})
	}
}

// begin counts one more story.
func (h *habits) begin() {
	h.serial++
	h.items++
	h.changed = true
	if h.items >= keptItems {
		h.halve()
	}
}

func (h *habits) halve() {
	h.items /= 2
	for key, l := range h.lines {
		if l.items /= 2; l.items == 0 {
			h.drop(key)
			continue
		}
		h.lines[key] = l
	}
}

func (h *habits) drop(key uint64) {
	delete(h.lines, key)
	delete(h.texts, key)
}

// count notes a line of the story that began last; a line that it has twice counts once.
func (h *habits) count(key uint64, unit string, now habit) {
	l, known := h.lines[key]
	switch {
	case !known:
		l.day = now.day
	case l.last == now.last:
		return
	}
	l.last, l.titles = now.last, l.titles|now.titles
	l.items = min(l.items+1, keptItems)
	h.lines[key] = l
	if h.texts[key] == "" && h.standing(l) {
		h.texts[key] = strings.Clone(unit[:runeCut(unit, shownBytes)])
	}
	if len(h.lines) > keptLines {
		h.prune()
	}
}

func (h *habits) standing(l habit) bool {
	return l.items >= standingItems && int(l.items)*standingShare >= h.items && bits.OnesCount16(l.titles) >= standingTitles
}

// prune forgets a quarter of the lines: the rarest, and of these the ones that were met longest ago.
func (h *habits) prune() {
	keys := slices.SortedFunc(maps.Keys(h.lines), func(a, b uint64) int {
		x, y := h.lines[a], h.lines[b]
		return cmp.Or(cmp.Compare(x.items, y.items), cmp.Compare(x.last, y.last), cmp.Compare(a, b))
	})
	for _, key := range keys[:keptLines/4] {
		h.drop(key)
	}
}

// withoutUnits leaves out of s the lines and sentences that drop says. Numbers of a line that is left out
// stay: a table that a source prints every day must not become one text for all days.
func withoutUnits(s string, left *int, drop func(unit string) bool) string {
	var kept strings.Builder
	whole := true
	for rest := s; rest != ""; {
		n := unitEnd(rest)
		unit := rest[:n]
		out := *left > 0 && drop(strings.TrimSpace(unit))
		*left--
		if out && whole {
			kept.WriteString(s[:len(s)-len(rest)])
			whole = false
		}
		switch {
		case out:
			kept.WriteString(numbersOf(unit))
		case !whole:
			kept.WriteString(unit)
		}
		rest = rest[n:]
	}
	if whole {
		return s
	}
	return kept.String()
}

// unitEnd is where the first line or sentence of s ends, its closing sign included. A dot between digits or
// Latin letters closes nothing.
func unitEnd(s string) int {
	var before rune
	for i, r := range s {
		switch r {
		case '\n', '!', '?', '؟', '؛', '…', '|', '•':
			return i + utf8.RuneLen(r)
		case '.':
			after, _ := utf8.DecodeRuneInString(s[i+1:])
			if !tight(before) || !tight(after) {
				return i + 1
			}
		}
		before = r
	}
	return len(s)
}

func tight(r rune) bool {
	return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || unicode.IsDigit(r)
}

// unitKey is the hash of a line, its words folded and every number the same; 0 when it has no letter.
func unitKey(unit string) uint64 {
	var b strings.Builder
	b.Grow(len(unit))
	letters, gap, digits := false, false, false
	for _, r := range arabic.Fold(unit) {
		digit := unicode.IsDigit(r)
		switch {
		case digit && digits:
			continue
		case digit:
			r = '0'
		case unicode.IsLetter(r):
			letters = true
		default:
			gap, digits = true, false
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap, digits = false, digit
		b.WriteRune(r)
	}
	if !letters {
		return 0
	}
	return hash64(b.String())
}

// numbersOf is what stays of a line that is left out: its numbers, or the line end.
func numbersOf(unit string) string {
	if !strings.ContainsFunc(unit, unicode.IsDigit) {
		return "\n"
	}
	numbers := strings.FieldsFunc(unit, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' && r != ',' && r != '٫' })
	return strings.Join(numbers, " ") + "\n"
}
