package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rafid"
	"rafid/cmd/internal/sqlite"
	"rafid/dedupe"
)

// rivers is the model that the property test drives: the real grouper over the real store, with what was ever
// published written down beside it.
type rivers struct {
	ctx  context.Context
	path string
	db   *sqlite.DB
	g    *grouper
	now  time.Time
	opts dedupe.Options

	stories   []string             // ids of all that came
	published map[string]time.Time // group → its time of publication, when it was first seen
}

// Whatever is ingested, looked at again, merged, split, undone and restarted, in whatever order: a published id
// stays that of the same news with the same time, or leads to where its stories went; every story stands in one
// group; what the operator ordered holds.
func TestPublishedIDsStay(t *testing.T) {
	t.Parallel()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		if err := f.Value.Set(map[bool]string{true: "10", false: "100"}[os.Getenv("RAFID_ALL") == ""]); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		r := &rivers{ctx: t.Context(), path: filepath.Join(dir, "rafid.db"), now: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC),
			published: make(map[string]time.Time)}
		r.open(rt)
		defer func() { _ = r.db.Close() }()
		rt.Repeat(map[string]func(*rapid.T){
			"ingest":  r.ingest,
			"split":   r.split,
			"merge":   r.merge,
			"undo":    r.undo,
			"restart": r.restart,
			"":        r.check,
		})
	})
}

func (r *rivers) open(rt *rapid.T) {
	db, err := sqlite.Open(r.ctx, r.path)
	if err != nil {
		rt.Fatal(err)
	}
	r.db = db
	r.g = &grouper{store: db, opts: r.opts, now: func() time.Time { return r.now }, seen: func(rafid.Story, rafid.Placement) {}}
}

func (r *rivers) restart(rt *rapid.T) {
	if err := r.db.Close(); err != nil {
		rt.Fatal(err)
	}
	r.open(rt)
	r.settle(rt)
}

func (r *rivers) settle(rt *rapid.T) {
	r.g.configure(r.opts)
	if _, err := r.g.obey(r.ctx); err != nil {
		rt.Fatal(err)
	}
	for placed := 1; placed > 0; {
		var err error
		if _, placed, err = r.g.step(r.ctx); err != nil {
			rt.Fatal(err)
		}
	}
	if _, err := r.g.obey(r.ctx); err != nil {
		rt.Fatal(err)
	}
}

// ingest brings a few reports of a few events, by outlets that word them alike, more or less.
func (r *rivers) ingest(rt *rapid.T) {
	r.now = r.now.Add(time.Duration(rapid.IntRange(1, 300).Draw(rt, "minutes")) * time.Minute)
	for range rapid.IntRange(1, 4).Draw(rt, "reports") {
		event, wording := rapid.IntRange(0, 3).Draw(rt, "event"), rapid.IntRange(0, 5).Draw(rt, "wording")
		n := len(r.stories)
		s := report(fmt.Sprintf("s%03d", n), rapid.IntRange(0, 4).Draw(rt, "outlet"), event, wording)
		s.Published, s.FirstSeen, s.Revised = r.now, r.now, r.now
		_, err := r.db.SavePass(r.ctx, rafid.Pass{State: rafid.SourceState{Source: s.Source}, Stories: []rafid.Story{s}})
		if err != nil {
			rt.Fatal(err)
		}
		r.stories = append(r.stories, s.ID)
	}
	r.settle(rt)
}

// report words an event in one of six ways: the same seed of words, some left out, some in another order.
func report(id string, outlet, event, wording int) rafid.Story {
	places := []string{"ميناء القصب", "جسر السنابل", "سوق التوابل", "محطة الرمال"}
	words := strings.Fields("أعلنت البلدية افتتاح توسعة جديدة بعد أعمال استمرت عامين وبلغت كلفتها ملايين وتشمل أرصفة ومخازن ومسارات للمشاة وحديقة صغيرة قرب المدخل الشمالي")
	rng := rand.New(rand.NewPCG(uint64(event), uint64(wording/2)))
	rng.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	text := places[event] + " " + strings.Join(words[:14+wording%2*6], " ")
	source := fmt.Sprintf("o%d", outlet)
	return rafid.Story{
		ID: id, Source: source, Outlet: source, Title: strings.Join(words[:3], " ") + " في " + places[event], Summary: text,
		Lang: "ar", Categories: []string{"local"}, Hash: id,
	}
}

func (r *rivers) pair(rt *rapid.T) (p [2]string) {
	if len(r.stories) < 2 {
		rt.Skip("nothing to pair")
	}
	p[0] = rapid.SampledFrom(r.stories).Draw(rt, "a")
	p[1] = rapid.SampledFrom(r.stories).Draw(rt, "b")
	if p[0] == p[1] {
		rt.Skip("the same story")
	}
	return p
}

func (r *rivers) split(rt *rapid.T) {
	p := r.pair(rt)
	if contradicts(append(slices.Clone(r.opts.KeepApart), p), r.opts.KeepTogether) {
		rt.Skip("the file would be refused")
	}
	r.opts.KeepApart = append(slices.Clone(r.opts.KeepApart), p)
	r.settle(rt)
}

func (r *rivers) merge(rt *rapid.T) {
	p := r.pair(rt)
	if contradicts(r.opts.KeepApart, append(slices.Clone(r.opts.KeepTogether), p)) {
		rt.Skip("the file would be refused")
	}
	r.opts.KeepTogether = append(slices.Clone(r.opts.KeepTogether), p)
	r.settle(rt)
}

// contradicts says what check says: pairs kept together unite, at any remove, a pair kept apart.
func contradicts(apart, together [][2]string) bool {
	root := make(map[string]string)
	var find func(string) string
	find = func(id string) string {
		if root[id] == "" || root[id] == id {
			return id
		}
		return find(root[id])
	}
	for _, p := range together {
		root[find(p[0])] = find(p[1])
	}
	return slices.ContainsFunc(apart, func(p [2]string) bool { return find(p[0]) == find(p[1]) })
}

func (r *rivers) undo(rt *rapid.T) {
	lists := []*[][2]string{&r.opts.KeepApart, &r.opts.KeepTogether}
	list := rapid.SampledFrom(lists).Draw(rt, "list")
	if len(*list) == 0 {
		rt.Skip("no line to remove")
	}
	i := rapid.IntRange(0, len(*list)-1).Draw(rt, "line")
	*list = slices.Delete(slices.Clone(*list), i, i+1)
	r.settle(rt)
}

func (r *rivers) check(rt *rapid.T) {
	entries, err := r.db.Entries(r.ctx, rafid.Query{})
	if err != nil {
		rt.Fatal(err)
	}
	group := make(map[string]string)
	for _, e := range entries {
		r.checkEntry(rt, e)
		for _, s := range e.Stories {
			if g, twice := group[s.ID]; twice {
				rt.Fatalf("story %s stands in %s and in %s", s.ID, g, e.Group.ID)
			}
			group[s.ID] = e.Group.ID
		}
	}
	if len(group) != len(r.stories) {
		rt.Fatalf("%d of %d stories stand in a group", len(group), len(r.stories))
	}
	for id := range r.published {
		if e, err := groupOf(r.ctx, groupsOnly{r.db}, id); err != nil || len(e.Stories) == 0 {
			rt.Fatalf("published id %s leads nowhere: %+v, %v", id, e.Group, err)
		}
	}
	for _, p := range r.opts.KeepApart {
		if group[p[0]] == group[p[1]] {
			rt.Fatalf("%v are kept apart and share group %s", p, group[p[0]])
		}
	}
	for _, p := range r.opts.KeepTogether {
		if group[p[0]] != group[p[1]] {
			rt.Fatalf("%v are kept together and stand in %s and %s", p, group[p[0]], group[p[1]])
		}
	}
}

func (r *rivers) checkEntry(rt *rapid.T, e rafid.Entry) {
	if before, known := r.published[e.Group.ID]; known && !before.Equal(e.Group.Published) {
		rt.Fatalf("group %s was published %v, now %v", e.Group.ID, before, e.Group.Published)
	}
	r.published[e.Group.ID] = e.Group.Published
	if e.Group.Into != "" || !slices.ContainsFunc(e.Stories, func(s rafid.Story) bool { return s.ID == e.Group.Lead }) {
		rt.Fatalf("group %s has the lead %q and went into %q", e.Group.ID, e.Group.Lead, e.Group.Into)
	}
}

// groupsOnly finds groups, not stories: a published id is a group's.
type groupsOnly struct{ *sqlite.DB }

func (groupsOnly) Story(context.Context, string) (rafid.Story, string, error) {
	return rafid.Story{}, "", rafid.ErrNotFound
}
