package main

import (
	"context"
	"errors"
	"slices"

	"rafid"
	"rafid/fetch"
)

// pagesAPass is how many pages a pass asks one source for. At a second between two requests to a host a pass
// takes twenty seconds for them; the stories beyond, the older ones, keep the text of the feed.
const pagesAPass = 20

// readPages gives the stories that are new or edited, the newest first, the text of their pages, where the
// source asks for that. A story whose page cannot be had keeps what the feed tells: it is never held up.
func (r *river) readPages(ctx context.Context, t fetch.Target, stories []rafid.Story) {
	if !t.FullText || len(stories) == 0 {
		return
	}
	log := r.log.With("source", t.Source.ID)
	fresh, err := r.fresh(ctx, stories)
	if err != nil {
		log.Warn("no pages are read", "err", err)
		return
	}
	for _, s := range fresh[:min(len(fresh), pagesAPass)] {
		a, err := r.client.Page(ctx, t, s.Link)
		if errors.Is(err, fetch.ErrBudget) || ctx.Err() != nil {
			log.Debug("the rest of the pages is left for readers", "err", err)
			return
		}
		if err != nil {
			r.metrics.pages.WithLabelValues(t.Source.ID, "failed").Inc()
			log.Debug("page", "story", s.ID, "url", s.Link, "err", err)
			continue
		}
		r.metrics.pages.WithLabelValues(t.Source.ID, "read").Inc()
		a.Fill(s)
	}
}

// fresh gives the stories that the store does not hold as they are now and that have a page, the newest first.
func (r *river) fresh(ctx context.Context, stories []rafid.Story) ([]*rafid.Story, error) {
	ids := make([]string, len(stories))
	for i := range stories {
		ids[i] = stories[i].ID
	}
	known, err := r.store.Sights(ctx, ids)
	if err != nil {
		return nil, err
	}
	var fresh []*rafid.Story
	for i := range stories {
		s := &stories[i]
		if seen, ok := known[s.ID]; s.Link != "" && (!ok || seen.Hash != s.Hash) {
			fresh = append(fresh, s)
		}
	}
	slices.SortStableFunc(fresh, func(a, b *rafid.Story) int { return b.Published.Compare(a.Published) })
	return fresh, nil
}
