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
