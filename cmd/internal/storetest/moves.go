package storetest

import (
	"errors"
	"testing"

	"rafid"
)

// move puts a story into another group, which it opens if told so.
func move(s rafid.Story, group string, opens bool) rafid.Placement {
	p := joining(s, group)
	if opens {
		p = opening(s)
		p.Group = group
	}
	p.Moves = true
	return p
}

func (b *bench) entry(id string) rafid.Entry {
	b.t.Helper()
	e, err := b.s.Entry(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return e
}

func (b *bench) placed(ps ...rafid.Placement) []string {
	b.t.Helper()
	changed, err := b.s.Place(b.t.Context(), ps)
	if err != nil {
		b.t.Fatal(err)
	}
	return changed
}

func moving(t *testing.T, b *bench) {
	one, two, three := story("a", "bbc", 0), story("b", "dw", 1), story("c", "sky", 2)
	two.Categories = []string{"world"}
	b.save("bbc", one)
	b.save("dw", two)
	b.save("sky", three)
	want(t, "changed by placing", []string{"a"}, b.placed(opening(one), joining(two, "a"), joining(three, "a")))
	want(t, "a placement that moves nothing", nil, b.placed(move(two, "a", false)))

	want(t, "changed by the lead's leaving", []string{"a~", "a"}, b.placed(move(one, "a~", true)))
	left := b.entry("a")
	want(t, "those that stay", []string{"b", "c"}, ids(left.Stories))
	want(t, "the new lead", []string{"b", "عنوان b", string(rafid.Lead)},
		[]string{left.Group.Lead, left.Group.Title, string(left.Group.Members[0].Relation)})
	want(t, "its time of publication", one.Published, left.Group.Published)
	want(t, "by category", []string{"a"}, b.entries(rafid.Query{Category: "world"}))
	want(t, "by outlets", []string{"a"}, b.entries(rafid.Query{MinSources: 2}))
	want(t, "the group that was opened", []string{"a"}, ids(b.entry("a~").Stories))

	b.placed(move(three, "a~", false))
	want(t, "by outlets, after one more", []string{"a~"}, b.entries(rafid.Query{MinSources: 2}))
	if _, err := b.s.Place(t.Context(), []rafid.Placement{move(three, "a", true)}); err == nil {
		t.Error("a group that has stories was opened again")
	}
	want(t, "after the refusal", []string{"a", "c"}, ids(b.entry("a~").Stories))
	if _, err := b.s.Place(t.Context(), []rafid.Placement{opening(story("none", "bbc", 0))}); !errors.Is(err, rafid.ErrNotFound) {
		t.Errorf("a story never stored was placed: %v", err)
	}
}

func emptied(t *testing.T, b *bench) {
	one, two, later := story("a", "bbc", 0), story("b", "dw", 1), story("c", "dw", 5)
	b.save("bbc", one)
	b.save("dw", two, later)
	follow := opening(later)
	follow.Thread = "b"
	b.place(opening(one), opening(two), follow)
	want(t, "changed", []string{"a", "b"}, b.placed(move(two, "a", false)))
	gone := b.entry("b")
	want(t, "where they went", "a", gone.Group.Into)
	want(t, "stories left", []string{}, ids(gone.Stories))
	want(t, "groups", []string{"c", "a"}, b.entries(rafid.Query{}))
	want(t, "the thread that began there", "a", b.entry("c").Group.Thread)
	es, err := b.s.EntriesByID(t.Context(), []string{"b", "a"})
	if err != nil || len(es) != 2 {
		t.Fatalf("by id: %v, %v; want both", es, err)
	}

	b.placed(move(two, "b", true))
	back := b.entry("b")
	want(t, "after its story came back", []string{"b", ""}, []string{back.Stories[0].ID, back.Group.Into})
}

func ordered(t *testing.T, b *bench) {
	one, two := story("a", "bbc", 0), story("b", "dw", 1)
	b.save("bbc", one)
	b.save("dw", two)
	b.place(opening(one), joining(two, "a"))
	p := move(two, "b", true)
	p.Member.Order = rafid.Order{Pair: [2]string{"b", "a"}, From: "a"}
	b.place(p)
	got, err := b.s.Ordered(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "ordered", []rafid.Placement{{Member: p.Member, Group: "b"}}, got)
	b.place(move(two, "a", false))
	if got, err = b.s.Ordered(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("after it went back: %v, %v; want none", got, err)
	}
	s, group, err := b.s.Story(t.Context(), "b")
	if err != nil || s.ID != "b" || group != "a" {
		t.Errorf("story: %v in %q, %v; want b in a", s.ID, group, err)
	}
	if _, _, err := b.s.Story(t.Context(), "none"); !errors.Is(err, rafid.ErrNotFound) {
		t.Errorf("a story never stored: %v, want ErrNotFound", err)
	}
}

func learnt(t *testing.T, b *bench) {
	for _, save := range []map[string][]byte{{"bbc": {1}, "dw": {0, 2}}, nil, {"bbc": {3, 4}}} {
		if err := b.s.SaveBoilerplate(t.Context(), save); err != nil {
			t.Fatal(err)
		}
	}
	got, err := b.s.Boilerplate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "learnt", map[string][]byte{"bbc": {3, 4}, "dw": {0, 2}}, got)
}
