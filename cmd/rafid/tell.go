package main

import (
	"context"

	"rafid"
	"rafid/cmd/internal/config"
	"rafid/fetch"
)

// scheduled is a turn of a source: a pass, whose outcome is told, and the upkeep of its subscription.
func (r *river) scheduled(ctx context.Context, src config.Source) {
	t, err := r.pass(ctx, src)
	r.tell(ctx, src, t, err)
	r.keepPush(ctx, src)
}

// tell puts the outcome of a pass into the log: a source that fails is one warning, a network that is down one
// line for all.
func (r *river) tell(ctx context.Context, src config.Source, t tide, err error) {
	if ctx.Err() != nil || t.Outcome == fetch.Waiting {
		return
	}
	log := r.log.With("source", src.ID, "outcome", t.Outcome, "dur", t.State.Took)
	failed := func() {
		log.Warn("source failed", "state", t.State.Condition, "status", t.State.Status, "err", err, "failures", t.State.Failures)
	}
	if fetch.Unreachable(err) {
		if r.outage.fails(src.ID, len(r.plan.Load().sources()), r.now(), failed) {
			r.log.Error("the network cannot be reached, and with it no source; all are tried again until it can", "err", err)
		}
		return
	}
	if n, since, over := r.outage.reached(); over {
		r.log.Info("the network can be reached again", "sources", n, "since", since)
	}
	switch {
	case t.State.Paused != "":
		log.Warn("source paused: twice, a day apart, its address said that it is gone for good; "+
			"give it another address, or end the pause by rafid confirm", "url", t.State.Paused)
	case err != nil && t.State.Condition == rafid.Hijacked:
		log.Warn("source quarantined: it is not taken for what it was; rafid confirm takes it for what it is", "err", err)
	case err != nil:
		failed()
	case t.Receipt.Held > 0:
		log.Warn("more new stories than its limit: the rest waits", "new", t.Receipt.New, "held", t.Receipt.Held)
	case t.Was != "" && t.Was != t.State.Condition:
		log.Info("source is now "+string(t.State.Condition), "before", t.Was)
	default:
		log.Debug("pass", "new", t.Receipt.New, "revised", t.Receipt.Revised)
	}
}
