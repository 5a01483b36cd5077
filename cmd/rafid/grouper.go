package main

import (
	"context"
	"errors"
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

	index  *dedupe.Index          // nil when it must be built from the store first
	leads  map[string]rafid.Story // of the groups of this batch, while the policy lets a lead change
	learnt *dedupe.Boilerplate    // of the index
	obeyed bool                   // the store is as the operator's orders want it
}

// step places the next batch and gives the groups that it changed and how many stories it placed; none when
// nothing waits.
func (g *grouper) step(ctx context.Context) (changed []string, placed int, err error) {
	stories, err := g.store.Waiting(ctx, batch)
	if err != nil || len(stories) == 0 {
		return nil, 0, err
	}
	if err := g.rebuild(ctx); err != nil {
		return nil, 0, err
	}
	places := make([]rafid.Placement, 0, len(stories))
	for _, s := range stories {
		d := g.index.Add(s)
		p, err := g.place(ctx, s, d)
		if err != nil {
			g.index = nil // it knows of places that the store does not
			return nil, 0, err
		}
		if places = append(places, p); g.index.Due() {
			break // the rest is placed after looking again, as it would be if it came later
		}
	}
	if changed, err = g.keep(ctx, places); err != nil {
		return nil, 0, err
	}
	for i, p := range places {
		g.seen(stories[i], p)
		g.obeyed = g.obeyed && !g.spokenOf(p.Member.Story)
	}
	moved, err := g.lookAgain(ctx)
	return append(changed, moved...), len(places), err
}

// lookAgain moves the stories that stand better elsewhere, now that later ones are known, and gives the groups
// that this changed. It does nothing until the index says that it is time.
func (g *grouper) lookAgain(ctx context.Context) ([]string, error) {
	if !g.index.Due() {
		return nil, nil
	}
	var places []rafid.Placement
	for _, d := range g.index.Recheck() {
		s, _, err := g.store.Story(ctx, d.Story)
		if err == nil {
			d.Evidence = g.index.Evidence(d, s)
			var p rafid.Placement
			p, err = g.place(ctx, s, d)
			p.Moves = true
			places = append(places, p)
		}
		if err != nil {
			g.index = nil
			return nil, fmt.Errorf("looking again: %w", err)
		}
	}
	g.obeyed = g.obeyed && len(places) == 0
	return g.keep(ctx, places)
}

// keep stores places. When that fails the index is built anew, because it knows of places that the store does
// not.
func (g *grouper) keep(ctx context.Context, places []rafid.Placement) ([]string, error) {
	clear(g.leads)
	changed, err := g.store.Place(ctx, places)
	if err != nil {
		g.index = nil
	}
	return changed, err
}

// place turns a decision about s into what the store keeps.
func (g *grouper) place(ctx context.Context, s rafid.Story, d dedupe.Decision) (rafid.Placement, error) {
	p := rafid.Placement{Member: d.Member(g.now()), Group: d.Group, Print: d.Print}
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

// rebuild fills a new index, if there is none, with the stories inside the window, where the store says they
// are.
func (g *grouper) rebuild(ctx context.Context) error {
	if g.index != nil {
		return nil
	}
	learnt, err := recalled(ctx, g.store)
	if err != nil {
		return err
	}
	o := g.opts
	o.Boilerplate = learnt
	index, err := restored(ctx, g.store, o, g.now())
	if err != nil {
		return fmt.Errorf("rebuild the index: %w", err)
	}
	g.index, g.learnt = index, learnt
	return nil
}

// recalled is what was learnt of the sources' standing lines. What another version wrote is learnt anew.
func recalled(ctx context.Context, s interface {
	Boilerplate(ctx context.Context) (map[string][]byte, error)
}) (*dedupe.Boilerplate, error) {
	stored, err := s.Boilerplate(ctx)
	if err != nil {
		return nil, err
	}
	b := dedupe.NewBoilerplate()
	for source, lines := range stored {
		if err := b.Recall(source, lines); err != nil && !errors.Is(err, dedupe.ErrMemory) {
			return nil, err
		}
	}
	return b, nil
}

// keepLearnt stores what was learnt since the last time.
func (g *grouper) keepLearnt(ctx context.Context) error {
	if g.index == nil {
		return nil
	}
	news := make(map[string][]byte)
	for _, source := range g.learnt.Changed() {
		news[source] = g.learnt.Memory(source)
	}
	return g.store.SaveBoilerplate(ctx, news)
}

// configure sets the options that hold from the next story on. Stored places are not decided anew; what the
// operator ordered about them is done at the next [grouper.obey].
func (g *grouper) configure(o dedupe.Options) {
	if !reflect.DeepEqual(g.opts, o) {
		g.opts, g.index, g.obeyed = o, nil, false
	}
}

// restored builds the index as it would be if it had seen, up to now, what is stored: from the fingerprints, or,
// where they are of another version, from the texts.
func restored(ctx context.Context, s windowed, o dedupe.Options, now time.Time) (*dedupe.Index, error) {
	index, whole, err := refilled(ctx, s, o, now, false)
	if err == nil && !whole {
		index, _, err = refilled(ctx, s, o, now, true)
	}
	return index, err
}

// refilled fills an index, and says whether all stories of the window are in it.
func refilled(ctx context.Context, s windowed, o dedupe.Options, now time.Time, texts bool) (index *dedupe.Index, whole bool, err error) {
	index, whole = dedupe.New(o), true
	horizon := now.Add(-o.Horizon())
	if !texts {
		since := now.Add(-max(o.Memory(), o.Horizon()))
		err := s.Window(ctx, since, false, func(s rafid.Story, p rafid.Placement) error {
			if s.FirstSeen.Before(horizon) {
				index.Recall(s, p)
			} else {
				whole = index.Restore(s, p) && whole
			}
			return nil
		})
		return index, whole, err
	}
	err = s.Window(ctx, horizon, true, func(s rafid.Story, p rafid.Placement) error {
		index.Restore(s, p)
		return nil
	})
	return index, true, err
}

// windowed is what building an index asks of a store.
type windowed interface {
	Window(ctx context.Context, since time.Time, texts bool, do func(rafid.Story, rafid.Placement) error) error
}
