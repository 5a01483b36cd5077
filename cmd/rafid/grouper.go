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

	index *dedupe.Index          // nil when it must be built from the store first
	leads map[string]rafid.Story // of the groups of this batch, while the policy lets a lead change
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
	g.leads = make(map[string]rafid.Story)
	placed := make([]rafid.Placement, 0, len(stories))
	for _, s := range stories {
		p, err := g.place(ctx, s)
		if err != nil {
			g.index = nil // it knows of places that the store does not
			return nil, err
		}
		placed = append(placed, p)
	}
	if err := g.store.Place(ctx, placed); err != nil {
		g.index = nil
		return nil, err
	}
	for i, p := range placed {
		g.seen(stories[i], p)
	}
	return placed, nil
}

func (g *grouper) place(ctx context.Context, s rafid.Story) (rafid.Placement, error) {
	d := g.index.Add(s)
	p := rafid.Placement{Member: d.Member(g.now()), Group: d.Group}
	if d.New {
		p.Opens, p.Published, p.Thread = true, s.Published, d.Thread
	}
	leads := d.New
	if g.opts.LeadMoves() {
		var err error
		if leads, err = g.takesLead(ctx, s, d); err != nil {
			return p, err
		}
	}
	if leads {
		p.Lead, p.Title, p.Category = s.ID, s.Title, s.Categories[0]
	}
	return p, nil
}

// takesLead says whether s becomes its group's lead, and remembers who has it.
func (g *grouper) takesLead(ctx context.Context, s rafid.Story, d dedupe.Decision) (bool, error) {
	lead, known := g.leads[d.Group]
	if !d.New && !known {
		e, err := g.store.Entry(ctx, d.Group)
		if err != nil {
			return false, fmt.Errorf("lead of group %s: %w", d.Group, err)
		}
		lead = e.Lead()
	}
	leads := d.New || g.opts.Leads(s, lead)
	if leads {
		lead = s
	}
	g.leads[d.Group] = lead
	return leads, nil
}

// rebuild fills a new index with the stories inside the window, where the store says they are.
func (g *grouper) rebuild(ctx context.Context) error {
	index := dedupe.New(g.opts)
	since := g.now().Add(-g.opts.Horizon())
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
