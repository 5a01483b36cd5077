package main

import (
	"context"
	"reflect"
	"time"

	"rafid"
)

// Most passes bring nothing: the server says so, and all that is new to remember is the hour. A commit for each of
// them is nearly half of what a round costs (profile of 1,000 sources, 2026-11-24), so they are stored together.
// What a crash takes along is when a source was last asked, of at most flushEvery: it is then asked once too soon.
const flushEvery = time.Minute

// idle says that a pass brought nothing but the hour, in comparison with what is remembered.
func idle(known, now rafid.SourceState) bool {
	for _, st := range []*rafid.SourceState{&known, &now} {
		st.LastFetch, st.LastOK, st.NotBefore, st.Took, st.Status = time.Time{}, time.Time{}, time.Time{}, 0, 0
	}
	return reflect.DeepEqual(known, now)
}

// postpone keeps the state of an idle pass to be stored later; false when the pass is not idle.
func (r *river) postpone(p rafid.Pass) bool {
	if len(p.Stories) > 0 || p.Limit.N > 0 { // a limit may let something go on that waits
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.known[p.State.Source]
	if !ok || !idle(known, p.State) {
		return false
	}
	r.known[p.State.Source] = p.State
	r.postponed[p.State.Source] = true
	return true
}

// flush stores what was postponed. A pass that is stored meanwhile may be followed by the state before it: its
// validators are then older than the stories, never younger, and the next flush puts that right.
func (r *river) flush(ctx context.Context) error {
	r.mu.Lock()
	states := make([]rafid.SourceState, 0, len(r.postponed))
	for source := range r.postponed {
		states = append(states, r.known[source])
	}
	clear(r.postponed)
	r.mu.Unlock()
	if len(states) == 0 {
		return nil
	}
	return r.store.SaveStates(ctx, states)
}

// flushing stores what was postponed every so often, and once more when ctx ends.
func (r *river) flushing(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := r.flush(ctx); err != nil && ctx.Err() == nil {
				r.log.Error("the states of idle sources were not stored; later ones will be", "err", err)
			}
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
			defer cancel()
			if err := r.flush(last); err != nil {
				r.log.Error("the states of idle sources were not stored", "err", err)
			}
			return
		}
	}
}
