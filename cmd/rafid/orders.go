package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rafid"
	"rafid/dedupe"
)

// obey makes the store be as the operator's lines in feeds.yaml want it, and gives the groups that this changed:
// stories whose line was removed go back to where they were, pairs to keep together share a group, pairs to keep
// apart do not. The index keeps to the same lines for what comes later. It does nothing when it was done and the
// lines are the same.
func (g *grouper) obey(ctx context.Context) (changed []string, err error) {
	if g.obeyed {
		return nil, nil
	}
	for _, step := range []func(context.Context) ([]string, error){g.revoke, g.unite, g.part} {
		some, err := step(ctx)
		if err != nil {
			return nil, fmt.Errorf("the operator's orders: %w", err)
		}
		changed = append(changed, some...)
	}
	if len(changed) > 0 {
		g.index = nil // it must learn where the stories went
	}
	g.obeyed = true
	return changed, nil
}

// revoke brings back the stories that stand where a line put them that is no longer there.
func (g *grouper) revoke(ctx context.Context) (changed []string, err error) {
	ordered, err := g.store.Ordered(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range ordered {
		if g.inForce(o.Member.Order.Pair) {
			continue
		}
		s, _, err := g.store.Story(ctx, o.Member.Story)
		if err != nil {
			return nil, err
		}
		from, err := g.store.Entry(ctx, o.Member.Order.From)
		if err != nil {
			return nil, err
		}
		some, err := g.keep(ctx, []rafid.Placement{dedupe.Back(s, from, g.now())})
		if err != nil {
			return nil, err
		}
		changed = append(changed, some...)
	}
	return changed, nil
}

func (g *grouper) inForce(pair [2]string) bool {
	return slices.Contains(g.opts.KeepApart, pair) || slices.Contains(g.opts.KeepTogether, pair)
}

// spokenOf says whether a line names the story: what the index did with it may not be all that the line asks for.
func (g *grouper) spokenOf(story string) bool {
	names := func(pair [2]string) bool { return pair[0] == story || pair[1] == story }
	return slices.ContainsFunc(g.opts.KeepApart, names) || slices.ContainsFunc(g.opts.KeepTogether, names)
}

// unite brings the pairs to keep together into one group.
func (g *grouper) unite(ctx context.Context) ([]string, error) {
	return g.eachPair(ctx, g.opts.KeepTogether, func(a, b rafid.Entry, pair [2]string) []rafid.Placement {
		if a.Group.ID == b.Group.ID {
			return nil
		}
		return dedupe.Together(a, b, pair[0], pair[1], g.now())
	})
}

// part takes the pairs to keep apart out of the groups that they share.
func (g *grouper) part(ctx context.Context) ([]string, error) {
	var failed error
	taken := func(id string) bool {
		e, err := g.store.Entry(ctx, id)
		if err != nil && !errors.Is(err, rafid.ErrNotFound) {
			failed = err
		}
		return err == nil && len(e.Stories) > 0
	}
	changed, err := g.eachPair(ctx, g.opts.KeepApart, func(a, b rafid.Entry, pair [2]string) []rafid.Placement {
		if a.Group.ID != b.Group.ID {
			return nil
		}
		return dedupe.Apart(a, pair, g.opts.KeepTogether, taken, g.now())
	})
	return changed, errors.Join(err, failed)
}

// eachPair asks what to move for each pair of which both are stored, and moves it. Ids that the store does not know
// are of stories to come, or of stories long forgotten.
func (g *grouper) eachPair(ctx context.Context, pairs [][2]string, ask func(a, b rafid.Entry, pair [2]string) []rafid.Placement) (changed []string, err error) {
	for _, pair := range pairs {
		a, err := groupOf(ctx, g.store, pair[0])
		if err != nil {
			return nil, err
		}
		b, err := groupOf(ctx, g.store, pair[1])
		if err != nil {
			return nil, err
		}
		if len(a.Stories) == 0 || len(b.Stories) == 0 {
			continue
		}
		some, err := g.keep(ctx, ask(a, b, pair))
		if err != nil {
			return nil, err
		}
		changed = append(changed, some...)
	}
	return changed, nil
}

// lookup is what finding a group asks of a store.
type lookup interface {
	Story(ctx context.Context, id string) (s rafid.Story, group string, err error)
	Entry(ctx context.Context, group string) (rafid.Entry, error)
}

// maxHops bounds how often a group may have gone into another.
const maxHops = 100

// groupOf gives the group that the story with this id stands in, or, where there is no such story, the group with
// this id or the one that its stories went to. Without either it is the zero Entry.
func groupOf(ctx context.Context, s lookup, id string) (rafid.Entry, error) {
	_, group, err := s.Story(ctx, id)
	switch {
	case errors.Is(err, rafid.ErrNotFound):
		group = id
	case err != nil:
		return rafid.Entry{}, err
	case group == "":
		return rafid.Entry{}, nil // it waits for its group
	}
	for range maxHops {
		e, err := s.Entry(ctx, group)
		if errors.Is(err, rafid.ErrNotFound) {
			return rafid.Entry{}, nil
		}
		if err != nil || e.Group.Into == "" {
			return e, err
		}
		group = e.Group.Into
	}
	return rafid.Entry{}, nil
}
