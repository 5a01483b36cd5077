package main

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"rafid"
	"rafid/dedupe"
)

// batch is how many stories are grouped in one transaction.
const batch = 500

// grouper is the one writer of groups: it takes ungrouped stories in order of arrival, asks the index and
// stores the answers. It resumes where a crash stopped it, because a story waits until its place is
// stored. It is not safe for concurrent use.
type grouper struct {
	store Store
	opts  dedupe.Options
	now   func() time.Time
	seen  func(rafid.Story, rafid.Placement) // told of each place once it is stored

	index *dedupe.Index // nil when it must be built from the store first
}

// step places the next batch and says what it placed; nothing when nothing waits.
func (g *grouper) step(ctx context.Context) ([]rafid.Placement, error) {
	stories, err := g.store.Waiting(ctx, batch)
	if err != nil || len(stories) == 0 {
		return nil, err
	}
	if g.index == nil {
		if err := g.rebuild(ctx); err != nil {
			return nil, err
		}
	}
	placed := make([]rafid.Placement, 0, len(stories))
	for _, s := range stories {
		placed = append(placed, g.place(s))
	}
	if err := g.store.Place(ctx, placed); err != nil {
		g.index = nil // it knows of places that the store does not
		return nil, err
	}
	for i, p := range placed {
		g.seen(stories[i], p)
	}
	return placed, nil
}

func (g *grouper) place(s rafid.Story) rafid.Placement {
	d := g.index.Add(s)
	p := rafid.Placement{
		Member: rafid.Member{Story: s.ID, Relation: d.Relation, Of: d.Of, Joined: g.now(), Evidence: d.Evidence},
		Group:  d.Group, Thread: d.Thread,
	}
	if d.New {
		p.Opens, p.Published = true, s.Published
	}
	if d.New || d.Leads {
		p.Lead, p.Title, p.Category = s.ID, s.Title, s.Categories[0]
	}
	return p
}

// rebuild fills a new index with the stories inside the window, where the store says they are.
func (g *grouper) rebuild(ctx context.Context) error {
	index := dedupe.New(g.opts)
	since := g.now().Add(-index.Horizon())
	err := g.store.Window(ctx, since, func(s rafid.Story, p rafid.Placement) error {
		index.Restore(s, p.Member, p.Group, p.Thread)
		return nil
	})
	if err != nil {
		return fmt.Errorf("rebuild the index: %w", err)
	}
	g.index = index
	return nil
}

// configure sets the options that hold from the next story on; stored places are not touched.
func (g *grouper) configure(o dedupe.Options) {
	if !reflect.DeepEqual(g.opts, o) {
		g.opts, g.index = o, nil
	}
}
