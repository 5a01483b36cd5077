package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rafid"
)

// Run holds a store against the suite. Each call of open gives a handle on the same, at first empty,
// store of that test; the one before has been closed.
func Run(t *testing.T, open func(t *testing.T) func() Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, *bench){
		"a source never fetched has an empty state": neverFetched,
		"a state comes back to the byte":            stateRoundTrip,
		"a story comes back whole":                  storyRoundTrip,
		"a story known already is not new":          knownStory,
		"the newest stories of a source are told":   newestKnown,
		"what is known is told by id":               sights,
		"states are kept together":                  statesTogether,
		"an edit revises in place":                  revision,
		"arrival decides the order of grouping":     arrival,
		"a placement is kept once":                  placement,
		"a group is counted by outlets":             outlets,
		"a group's category is its stories' vote":   voting,
		"stored stories are filed anew":             refiling,
		"all stories are read, held ones too":       allStories,
		"a moved story takes nothing along":         moving,
		"a group that all left says where they are": emptied,
		"what the operator ordered is remembered":   ordered,
		"what was learnt of a source is replaced":   learnt,
		"queries select and order":                  queries,
		"a flood waits":                             flood,
		"the window comes back with its places":     window,
		"stats count since a time":                  stats,
		"all is there after closing":                reopening,
		"many passes at once lose nothing":          concurrency,
		"a call that was given up stores nothing":   givenUp,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &bench{t: t, open: open(t)}
			b.s = b.open()
			t.Cleanup(func() { _ = b.s.Close() })
			test(t, b)
		})
	}
}

// bench is a store on the workbench with the few moves that the tests repeat.
type bench struct {
	t    *testing.T
	open func() Store
	s    Store
}

// noon is the hour at which every test begins.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 123000, time.UTC)

func story(id, source string, minutes int) rafid.Story {
	at := noon.Add(time.Duration(minutes) * time.Minute)
	return rafid.Story{
		ID: id, Source: source, Outlet: source, GUID: "guid-" + id, Link: "https://" + source + ".example/" + id,
		URL: source + ".example/" + id, Title: "عنوان " + id, Summary: "نص الخبر", Lang: "ar",
		Categories: []string{"politics"}, Why: "fixed", Published: at, FirstSeen: noon, Revised: noon, Hash: "h-" + id,
	}
}

func (b *bench) save(source string, stories ...rafid.Story) rafid.Receipt {
	b.t.Helper()
	r, err := b.s.SavePass(b.t.Context(), rafid.Pass{State: rafid.SourceState{Source: source, LastFetch: noon}, Stories: stories})
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func opening(s rafid.Story) rafid.Placement {
	return rafid.Placement{
		Member: rafid.Member{Story: s.ID, Relation: rafid.Lead, Joined: noon}, Group: s.ID, Opens: true,
		Title: s.Title, Lead: s.ID, Category: s.Categories[0], Published: s.Published,
	}
}

func joining(s rafid.Story, group string) rafid.Placement {
	return rafid.Placement{Group: group, Member: rafid.Member{
		Story: s.ID, Relation: rafid.Same, Of: group, Joined: noon.Add(time.Minute),
		Evidence: rafid.Evidence{Score: .7, Threshold: .5, Words: []string{"الميناء"}, Arabic: "جملة"},
	}}
}

func (b *bench) place(ps ...rafid.Placement) {
	b.t.Helper()
	if _, err := b.s.Place(b.t.Context(), ps); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) waiting() []string {
	b.t.Helper()
	stories, err := b.s.Waiting(b.t.Context(), 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	return ids(stories)
}

func (b *bench) entries(q rafid.Query) []string {
	b.t.Helper()
	es, err := b.s.Entries(b.t.Context(), q)
	if err != nil {
		b.t.Fatal(err)
	}
	got := []string{}
	for _, e := range es {
		got = append(got, e.Group.ID)
	}
	return got
}

func ids(stories []rafid.Story) []string {
	got := []string{}
	for _, s := range stories {
		got = append(got, s.ID)
	}
	return got
}

func want[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func neverFetched(t *testing.T, b *bench) {
	st, err := b.s.State(t.Context(), "bbc")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "state", rafid.SourceState{Source: "bbc"}, st)
}

func stateRoundTrip(t *testing.T, b *bench) {
	st := rafid.SourceState{
		Source: "bbc", URL: "https://a.example/rss", ETag: `W/"x\"\u00e9"`, LastModified: "Mon, 23 Nov 2026 12:00:00 GMT ",
		BodyHash: "abc", Condition: rafid.Works, Status: 200, LastFetch: noon, LastOK: noon, Title: "بي بي سي",
		Repairs: []string{"bare &"}, Items: 30, Took: time.Second, Bytes: 9,
	}
	if _, err := b.s.SavePass(t.Context(), rafid.Pass{State: st}); err != nil {
		t.Fatal(err)
	}
	got, err := b.s.State(t.Context(), "bbc")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "state", st, got)
	all, err := b.s.States(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "states", []rafid.SourceState{st}, all)
}

func storyRoundTrip(t *testing.T, b *bench) {
	s := story("a", "bbc", -5)
	s.Content, s.Author, s.Inferred = "<p dir=\"rtl\">نص</p>", "سلمى", true
	s.Image = rafid.Image{URL: "https://a.example/1.jpg", Caption: "صورة"}
	s.Labels, s.Tags = []string{"سياسة عربية", `ا"ب`}, []string{"media"}
	s.Revised = noon.Add(time.Hour)
	b.save("bbc", s)
	got, err := b.s.Waiting(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "story", []rafid.Story{s}, got)
}

func knownStory(t *testing.T, b *bench) {
	s := story("a", "bbc", 0)
	want(t, "first pass", rafid.Receipt{New: 1}, b.save("bbc", s))
	s.FirstSeen = noon.Add(time.Hour)
	want(t, "second pass", rafid.Receipt{}, b.save("bbc", s))
	got, err := b.s.Waiting(t.Context(), 9)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || !got[0].FirstSeen.Equal(noon) {
		t.Errorf("stored %v, want the one story as first seen", got)
	}
}

func newestKnown(t *testing.T, b *bench) {
	undated := story("c", "bbc", 2)
	undated.Inferred = true
	b.save("bbc", story("a", "bbc", 0), story("b", "bbc", 1), undated)
	b.save("dw", story("d", "dw", 3))
	got, err := b.s.Known(t.Context(), "bbc", 2)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the two newest, oldest first", []string{"b", "c"}, ids(got))
	s := undated
	want(t, "what it goes by", rafid.Story{ID: s.ID, Source: s.Source, GUID: s.GUID, URL: s.URL, Title: s.Title, Published: s.Published, Inferred: true}, got[1])
}

func statesTogether(t *testing.T, b *bench) {
	all := []rafid.SourceState{{Source: "bbc", ETag: `"1"`, LastOK: noon}, {Source: "dw", Items: 3}}
	for range 2 {
		if err := b.s.SaveStates(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		got, err := b.s.States(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want(t, "states", all, got)
		all[0].LastOK = noon.Add(time.Hour)
	}
	if err := b.s.SaveStates(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func sights(t *testing.T, b *bench) {
	a, c := story("a", "bbc", 0), story("c", "bbc", 1)
	b.save("bbc", a, c)
	a.Title, a.Hash, a.FirstSeen = "عنوان آخر", "h2", noon.Add(time.Hour)
	b.save("bbc", a)
	got, err := b.s.Sights(t.Context(), []string{"a", "b", "c", "' OR 1=1 --"})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "sights", map[string]rafid.Sight{"a": {First: noon, Hash: "h2"}, "c": {First: c.FirstSeen, Hash: c.Hash}}, got)
	many := make([]string, 40_000) // above what a statement takes in parameters
	if got, err = b.s.Sights(t.Context(), append(many, "c")); err != nil || len(got) != 1 {
		t.Errorf("%d sights of many, %v", len(got), err)
	}
	if got, err = b.s.Sights(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("%v of none, %v", got, err)
	}
}

func revision(t *testing.T, b *bench) {
	s := story("a", "bbc", 0)
	b.save("bbc", s)
	b.place(opening(s))
	s.Title, s.Hash, s.Revised, s.Published = "عنوان آخر", "h2", noon.Add(time.Hour), noon.Add(time.Hour)
	want(t, "receipt", rafid.Receipt{Revised: 1, Groups: []string{"a"}}, b.save("bbc", s))
	e, err := b.s.Entry(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the group's title", "عنوان a", e.Group.Title)
	want(t, "the story's title", "عنوان آخر", e.Stories[0].Title)
	want(t, "the time of publication", noon, e.Stories[0].Published)
	want(t, "the time of revision", noon.Add(time.Hour), e.Stories[0].Revised)
}

func arrival(t *testing.T, b *bench) {
	b.save("bbc", story("c", "bbc", 2), story("a", "bbc", 9))
	b.save("dw", story("b", "dw", 0))
	want(t, "waiting", []string{"c", "a", "b"}, b.waiting())
	few, err := b.s.Waiting(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the first two", []string{"c", "a"}, ids(few))
}

func placement(t *testing.T, b *bench) {
	lead, second := story("a", "bbc", 0), story("b", "dw", 1)
	b.save("bbc", lead)
	b.save("dw", second)
	b.place(opening(lead), joining(second, "a"))
	b.place(opening(second)) // again, and elsewhere: it stays where it was
	want(t, "waiting", []string{}, b.waiting())
	e, err := b.s.Entry(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "entry", rafid.Entry{
		Group: rafid.Group{
			ID: "a", Title: "عنوان a", Lead: "a", Published: lead.Published,
			Members: []rafid.Member{opening(lead).Member, joining(second, "a").Member},
		},
		Stories: []rafid.Story{lead, second},
	}, e)
	moved := joining(story("c", "dw", 2), "a")
	moved.Lead, moved.Title, moved.Thread = "c", "عنوان c", "older"
	b.save("dw", story("c", "dw", 2))
	b.place(moved)
	if e, err = b.s.Entry(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	want(t, "lead, title and thread", []string{"c", "عنوان c", "older"}, []string{e.Group.Lead, e.Group.Title, e.Group.Thread})
	if _, err := b.s.Entry(t.Context(), "b"); !errors.Is(err, rafid.ErrNotFound) {
		t.Errorf("a group never opened: %v, want ErrNotFound", err)
	}
}

func outlets(t *testing.T, b *bench) {
	one, two, three := story("a", "bbc", 0), story("b", "bbc-sport", 1), story("c", "dw", 1)
	two.Outlet = "bbc"
	b.save("bbc", one)
	b.save("bbc-sport", two)
	b.place(opening(one), joining(two, "a"))
	want(t, "two feeds of one outlet", []string{}, b.entries(rafid.Query{MinSources: 2}))
	b.save("dw", three)
	b.place(joining(three, "a"))
	want(t, "a second outlet", []string{"a"}, b.entries(rafid.Query{MinSources: 2}))
}

func queries(t *testing.T, b *bench) {
	old, young, twin, sport := story("a", "bbc", -60), story("b", "bbc", -1), story("c", "dw", -1), story("d", "dw", -30)
	sport.Categories = []string{"sport"}
	b.save("bbc", old, young)
	b.save("dw", twin, sport)
	b.place(opening(old), opening(young), opening(twin), opening(sport))
	for _, row := range []struct {
		name string
		q    rafid.Query
		want []string
	}{
		{"all, newest first, ties by id", rafid.Query{}, []string{"c", "b", "d", "a"}},
		{"at most two", rafid.Query{Max: 2}, []string{"c", "b"}},
		{"a category", rafid.Query{Category: "sport"}, []string{"d"}},
		{"a source", rafid.Query{Source: "bbc"}, []string{"b", "a"}},
		{"before a time", rafid.Query{Before: noon.Add(-time.Minute)}, []string{"d", "a"}},
		{"both", rafid.Query{Source: "dw", Category: "politics"}, []string{"c"}},
		{"nothing", rafid.Query{Category: "none"}, []string{}},
	} {
		want(t, row.name, row.want, b.entries(row.q))
	}
	es, err := b.s.EntriesByID(t.Context(), []string{"a", "none", "c"})
	if err != nil {
		t.Fatal(err)
	}
	if len(es) != 2 || es[0].Group.ID != "a" || es[1].Group.ID != "c" {
		t.Errorf("by id: %v, want a and c", es)
	}
}

func flood(t *testing.T, b *bench) {
	pass := func(at time.Time, stories ...rafid.Story) rafid.Receipt {
		r, err := b.s.SavePass(t.Context(), rafid.Pass{
			State: rafid.SourceState{Source: "bbc", LastFetch: at}, Stories: stories,
			Limit: rafid.Limit{N: 2, Per: 24 * time.Hour},
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	all := []rafid.Story{story("a", "bbc", 0), story("b", "bbc", 1), story("c", "bbc", 2)}
	want(t, "three at once", rafid.Receipt{New: 3, Held: 1}, pass(noon, all...))
	want(t, "waiting", []string{"a", "b"}, b.waiting())
	want(t, "an hour later", rafid.Receipt{}, pass(noon.Add(time.Hour), all...))
	want(t, "still waiting", []string{"a", "b"}, b.waiting())
	want(t, "a day later", rafid.Receipt{}, pass(noon.Add(25*time.Hour), all...))
	want(t, "none lost", []string{"a", "b", "c"}, b.waiting())
}

func window(t *testing.T, b *bench) {
	lead, second, early, loose := story("a", "bbc", 0), story("b", "dw", 1), story("c", "dw", 2), story("d", "dw", 3)
	early.FirstSeen = noon.Add(-100 * time.Hour)
	b.save("bbc", lead)
	b.save("dw", second, early, loose)
	op := opening(lead)
	op.Thread, op.Print = "before", []byte{1, 2}
	b.place(op, joining(second, "a"), opening(early))
	var got []string
	for _, texts := range []bool{false, true} {
		got = nil
		err := b.s.Window(t.Context(), noon.Add(-time.Hour), texts, func(s rafid.Story, p rafid.Placement) error {
			got = append(got, fmt.Sprint(s.ID, s.Source, s.Outlet, s.FirstSeen.Equal(noon), s.Title != "", p.Group, p.Thread, p.Member.Relation, p.Member.Of, p.Published.Equal(lead.Published), p.Print))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "window", []string{fmt.Sprint("a", "bbc", "bbc", true, texts, "a", "before", "lead", "", true, " [1 2]"),
			fmt.Sprint("b", "dw", "dw", true, texts, "a", "before", "same", "a", true, " []")}, got)
	}
	stop := errors.New("stop")
	if err := b.s.Window(t.Context(), noon.Add(-time.Hour), false, func(rafid.Story, rafid.Placement) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("Window gave %v, want the caller's error", err)
	}
}

func stats(t *testing.T, b *bench) {
	early := story("c", "dw", 0)
	early.FirstSeen = noon.Add(-48 * time.Hour)
	lead, second := story("a", "bbc", 0), story("b", "dw", 1)
	b.save("bbc", lead)
	b.save("dw", second, early)
	b.place(opening(lead), joining(second, "a"), opening(early))
	got, err := b.s.Stats(t.Context(), noon.Add(-24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	want(t, "stats", rafid.Stats{Stories: 2, Groups: 1, BySource: map[string]int{"bbc": 1, "dw": 1}}, got)
}

func reopening(t *testing.T, b *bench) {
	lead, loose := story("a", "bbc", 0), story("b", "bbc", 1)
	b.save("bbc", lead, loose)
	b.place(opening(lead))
	if err := b.s.Close(); err != nil {
		t.Fatal(err)
	}
	b.s = b.open()
	want(t, "waiting", []string{"b"}, b.waiting())
	want(t, "groups", []string{"a"}, b.entries(rafid.Query{}))
	if err := b.s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func concurrency(t *testing.T, b *bench) {
	const sources, items = 40, 25
	var wg sync.WaitGroup
	for i := range sources {
		wg.Go(func() {
			id := fmt.Sprintf("s%02d", i)
			for j := range items {
				s := story(fmt.Sprintf("%s-%02d", id, j), id, j)
				if _, err := b.s.SavePass(t.Context(), rafid.Pass{State: rafid.SourceState{Source: id}, Stories: []rafid.Story{s}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	want(t, "stored", sources*items, len(b.waiting()))
}

func givenUp(t *testing.T, b *bench) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.s.SavePass(ctx, rafid.Pass{State: rafid.SourceState{Source: "bbc"}, Stories: []rafid.Story{story("a", "bbc", 0)}})
	stored := len(b.waiting()) == 1
	if stored != (err == nil) {
		t.Errorf("error %v, stored %v: a call that fails stores nothing, one that succeeds all", err, stored)
	}
}
