package main

import (
	"context"
	"time"

	"rafid"
	"rafid/cmd/internal/config"
	"rafid/fetch"
)

// A source's address is exchanged in feeds.yaml when it has led to the same place for moveProof. Where the
// file cannot be written it is tried again after moveAgain.
const (
	moveProof = 72 * time.Hour
	moveAgain = 24 * time.Hour
)

// prove looks whether the place that a source's address leads to holds items that were known before it did: a
// domain that was sold leads somewhere too.
func (r *river) prove(ctx context.Context, last rafid.SourceState, res *fetch.Result) error {
	m := &res.State.Move
	if m.To == "" || m.Shared || len(res.Stories)+res.Known == 0 {
		return nil
	}
	if res.Known > 0 && last.LastFull.Before(m.Since) {
		m.Shared = true
		return nil
	}
	ids := make([]string, len(res.Stories))
	for i, s := range res.Stories {
		ids[i] = s.ID
	}
	known, err := r.store.Sights(ctx, ids)
	if err != nil {
		return err
	}
	for _, s := range known {
		m.Shared = m.Shared || s.First.Before(m.Since)
	}
	return nil
}

// adopt writes the place that a source has moved to into feeds.yaml, once that is proven. A running server
// takes the change over like any other.
func (r *river) adopt(ctx context.Context, src config.Source, st *rafid.SourceState) {
	m := st.Move
	if r.config == "" || m.To == "" || !m.Shared || r.now().Sub(m.Since) < moveProof {
		return
	}
	log := r.log.With("source", src.ID, "from", m.From, "url", m.To)
	if src.AllowPrivate && fetch.Inward(ctx, m) {
		log.Warn("the source has moved to an address that is not public; feeds.yaml keeps the old one")
		st.Move.Since = r.now().Add(moveAgain - moveProof).UTC()
		return
	}
	if _, err := config.Write(r.config, config.SetURL(src.ID, m.From, m.To)); err != nil {
		log.Warn("the source has moved for good, and feeds.yaml could not be changed", "err", err)
		st.Move.Since = r.now().Add(moveAgain - moveProof).UTC()
		return
	}
	log.Info("the source has moved for good: its address in feeds.yaml was changed", "since", m.Since)
	st.Move = rafid.Move{}
}
