package newsroom

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/tools/txtar"
)

// The written events are complete: enough of them, and enough told of each.
func TestWrittenEvents(t *testing.T) {
	t.Parallel()
	events, err := loadEvents()
	if err != nil {
		t.Fatal(err)
	}
	perCategory, developed, own := map[string]int{}, 0, 0
	ids := map[string]bool{}
	for _, e := range events {
		perCategory[e.category]++
		if ids[e.id] {
			t.Errorf("%s: twice", e.id)
		}
		ids[e.id] = true
		if n := len(e.wire.lines); n < 3 || n > 6 {
			t.Errorf("%s: a wire of %d sentences", e.id, n)
		}
		if len(e.heads) < 1 || len(e.own) < 1 || len(e.own) > 4 {
			t.Errorf("%s: %d headlines, %d texts by others", e.id, len(e.heads), len(e.own))
		}
		own += len(e.own)
		all := append([]text{e.wire}, e.own...)
		if e.next != nil {
			developed++
			all = append(all, *e.next)
		}
		for i, a := range all {
			if a.head == "" || len(a.lines) < 2 {
				t.Errorf("%s: text %d is not whole", e.id, i)
			}
			for _, b := range all[:i] {
				if s := shared(shingles(a), shingles(b)); s > 0.2 {
					t.Errorf("%s: %q is no text of its own: %.2f of it stands in another", e.id, a.head, s)
				}
			}
			if _, err := charmap.Windows1256.NewEncoder().String(a.head + strings.Join(a.lines, " ")); err != nil {
				t.Errorf("%s: %q: %v", e.id, a.head, err)
			}
		}
	}
	if len(events) < 45 || developed*3 < len(events) {
		t.Errorf("%d events, %d of them develop", len(events), developed)
	}
	for _, c := range categories() {
		if perCategory[c.slug] < 6 {
			t.Errorf("%d events of %s", perCategory[c.slug], c.slug)
		}
	}
	t.Logf("%d events, %d texts by others, %d developments", len(events), own, developed)
}

// Every slot of every sentence has something to be filled with.
func TestGrammarIsWhole(t *testing.T) {
	t.Parallel()
	g, err := loadGrammar()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range g.frames {
		for _, category := range f.categories {
			patterns := slices.Concat(f.wire.head, f.own.head, f.heads, g.color)
			for _, l := range slices.Concat(f.wire.lines, f.own.lines) {
				patterns = append(patterns, l...)
			}
			facts := g.facts(rng(1, forFacts), category)
			facts.plan(f.wire) // numbers that own and heads repeat without bounds
			for _, alternatives := range slices.Concat([][]string{f.wire.head}, f.wire.lines) {
				for _, p := range alternatives {
					facts.fill(p)
				}
			}
			for _, p := range patterns {
				if got := facts.fill(p); strings.ContainsAny(got, "{}|") {
					t.Errorf("%s of %s: %s", f.id, category, got)
				}
			}
		}
	}
}

// Composed events are whole, and the same whenever they are asked for.
func TestComposedEventsAreWhole(t *testing.T) {
	t.Parallel()
	g, err := loadGrammar()
	if err != nil {
		t.Fatal(err)
	}
	for act := range 300 {
		e := g.event(act)
		if e.category == "" || len(e.wire.lines) < 3 || len(e.own) != 1 {
			t.Errorf("event %d is not whole: %+v", act, e)
		}
		if again := g.event(act); again.wire.head != e.wire.head || again.own[0].head != e.own[0].head {
			t.Errorf("event %d is another one the second time", act)
		}
	}
}

// News composed within one turn of the frames is unlike, so that no reader should merge it; no headline
// returns in several turns.
func TestComposedEventsAreUnlike(t *testing.T) {
	t.Parallel()
	g, err := loadGrammar()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]bool
	heads := map[string]bool{}
	for ordinal := range 300 {
		e := g.event(ordinal)
		all = append(all, shingles(e.wire))
		if heads[e.wire.head] {
			t.Errorf("headline twice: %s", e.wire.head)
		}
		heads[e.wire.head] = true
	}
	turn := len(g.frames)
	var within, across []float64
	for i, a := range all {
		for j, b := range all[:i] {
			if i-j < turn {
				within = append(within, shared(a, b))
			} else if i-j == turn {
				across = append(across, shared(a, b))
			}
		}
	}
	slices.Sort(within)
	slices.Sort(across)
	t.Logf("%d frames; shared shingles within a turn: p99 %.3f, max %.3f; of one frame in the next turn: median %.3f, max %.3f",
		turn, within[len(within)*99/100], within[len(within)-1], across[len(across)/2], across[len(across)-1])
	if within[len(within)-1] > 0.4 {
		t.Errorf("two events share %.2f", within[len(within)-1])
	}
}

func TestBadArchivesAreRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, archive, want string }{
		{"a part without an event", "-- lonely --\n", "lonely: want ID/part"},
		{"a headline before its wire", "-- a/heads --\nx\n", "a/heads: its wire does not stand before it"},
		{"a part of another event", "-- a/wire --\nx\n-- b/own.1 --\nx\n", "b/own.1: its wire does not stand before it"},
		{"a part that nobody knows", "-- a/wire --\nx\n-- a/picture --\nx\n", "a/picture: unknown part"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseEvents("world", txtar.Parse([]byte(tt.archive)).Files)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	g := &grammar{}
	if err := g.part("a/wire", nil); err == nil {
		t.Error("a frame without categories is taken")
	}
	if err := g.part("a/for", nil); err != nil {
		t.Error(err)
	}
	if err := g.part("a/picture", nil); err == nil {
		t.Error("an unknown part of a frame is taken")
	}
	s := series{numbers: map[string]span{}}
	for _, l := range []string{"no colon", "a: one two three"} {
		if err := s.set(l); err == nil {
			t.Errorf("%q is taken", l)
		}
	}
}

// FuzzParseEvents: whatever an archive holds, it is read or refused, and what is read keeps its parts.
func FuzzParseEvents(f *testing.F) {
	f.Add([]byte("-- a/wire --\nعنوان\n\nجملة\n-- a/heads --\nآخر\n-- a/own.1 --\nx\n-- a/next --\ny\n"))
	f.Add([]byte("-- a/heads --\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := parseEvents("world", txtar.Parse(data).Files)
		if err != nil {
			return
		}
		for _, e := range events {
			for _, h := range e.heads {
				if h == "" || h != strings.TrimSpace(h) {
					t.Errorf("headline %q", h)
				}
			}
		}
	})
}

// FuzzFill: a pattern of any shape ends, and fills the same way twice.
func FuzzFill(f *testing.F) {
	f.Add("{place} و{n:3-9} و{place.2}")
	f.Add("{n:9-3}{m:-}{}{{}")
	f.Add("{nothing} {")
	g, err := loadGrammar()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		once := g.facts(rng(1, forFacts), "world").fill(pattern)
		if again := g.facts(rng(1, forFacts), "world").fill(pattern); again != once {
			t.Errorf("%q and %q", once, again)
		}
	})
}
