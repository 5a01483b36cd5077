package storetest

import (
	"errors"
	"testing"
	"time"

	"rafid"
)

// filed is story with another first category.
func filed(id, source string, minutes int, slugs ...string) rafid.Story {
	s := story(id, source, minutes)
	s.Categories = slugs
	return s
}

// voting holds the category of a group to what its stories are, whatever changes them.
func voting(t *testing.T, b *bench) {
	lead, second, third := filed("a", "bbc", 0, "politics"), filed("b", "dw", 1, "world"), filed("c", "rt", 2, "world", "economy")
	b.save("bbc", lead)
	b.save("dw", second)
	b.save("rt", third)
	b.place(opening(lead))
	is := func(when, slug string) {
		t.Helper()
		want(t, when, []string{"a"}, b.entries(rafid.Query{Category: slug}))
	}
	is("one story", "politics")
	b.place(joining(second, "a"))
	is("a tie is the lead's", "politics")
	b.place(joining(third, "a"))
	is("two against one", "world")
	third.Categories, third.Hash, third.Revised = []string{"politics"}, "h2", noon.Add(time.Hour)
	b.save("rt", third)
	is("an edit changes a voice", "politics")
}

// refiling gives stored stories other categories and leaves all else alone.
func refiling(t *testing.T, b *bench) {
	lead, second, loose := filed("a", "bbc", 0, "gone"), filed("b", "dw", 1, rafid.Other), story("c", "rt", 2)
	b.save("bbc", lead)
	b.save("dw", second)
	b.save("rt", loose)
	b.place(opening(lead), joining(second, "a"))
	before, err := b.s.Entry(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	changed, err := b.s.Refile(t.Context(), []rafid.Filing{
		{Story: "b", Categories: []string{"sport"}, Tags: []string{"media"}, Why: "rule"},
		{Story: "a", Categories: []string{rafid.Other}, Why: "nothing"},
		{Story: "c", Categories: []string{"world"}, Why: "label"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "changed groups", []string{"a"}, changed)
	after, err := b.s.Entry(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	before.Stories[0].Categories, before.Stories[0].Why = []string{rafid.Other}, "nothing"
	before.Stories[1].Categories, before.Stories[1].Tags, before.Stories[1].Why = []string{"sport"}, []string{"media"}, "rule"
	want(t, "entry", before, after)
	want(t, "the group's category", []string{"a"}, b.entries(rafid.Query{Category: "sport"}))
	want(t, "the old category", []string{}, b.entries(rafid.Query{Category: "gone"}))
	want(t, "one without a group", []string{"c"}, b.waiting())

	_, err = b.s.Refile(t.Context(), []rafid.Filing{{Story: "a", Categories: []string{"world"}}, {Story: "none", Categories: []string{"world"}}})
	if !errors.Is(err, rafid.ErrNotFound) {
		t.Errorf("an unknown story: %v, want ErrNotFound", err)
	}
	want(t, "nothing changed beside it", []string{}, b.entries(rafid.Query{Category: "world"}))
	if changed, err := b.s.Refile(t.Context(), nil); len(changed) > 0 || err != nil {
		t.Errorf("nothing to do: %v, %v", changed, err)
	}
}

// allStories reads every story, whatever became of it.
func allStories(t *testing.T, b *bench) {
	old, lead, held := story("a", "bbc", 0), story("b", "bbc", 1), story("c", "dw", 2)
	old.FirstSeen = noon.Add(-48 * time.Hour)
	b.save("bbc", old, lead)
	b.place(opening(lead))
	_, err := b.s.SavePass(t.Context(), rafid.Pass{State: rafid.SourceState{Source: "dw", LastFetch: noon},
		Stories: []rafid.Story{story("d", "dw", 3), held}, Limit: rafid.Limit{N: 1, Per: time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	read := func(since time.Time) (all []string) {
		if err := b.s.Stories(t.Context(), since, func(s rafid.Story, group string) error {
			all = append(all, s.ID+":"+group)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	want(t, "all", []string{"a:", "b:b", "d:", "c:"}, read(time.Time{}))
	want(t, "since yesterday", []string{"b:b", "d:", "c:"}, read(noon.Add(-24*time.Hour)))
	stop := errors.New("stop")
	if err := b.s.Stories(t.Context(), time.Time{}, func(rafid.Story, string) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("Stories gave %v, want the caller's error", err)
	}
}
