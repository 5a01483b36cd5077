package main

import (
	"context"
	"net/http"

	"rafid"
	"rafid/cmd/internal/config"
	"rafid/fetch"
)

// pushPath is where hubs find us, on the public address.
const pushPath = "/websub/"

// withPushes serves the callback of hubs beside what is published.
func (r *river) withPushes(public http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(pushPath+"{token}", r.client.Callback(r.pushes))
	mux.Handle("/", public)
	return mux
}

// keepPush keeps a source's subscription as it should be: asked for when its feed names a hub and hubs can
// find us, renewed before its lease ends, ended when it is not wanted any more.
func (r *river) keepPush(ctx context.Context, src config.Source) {
	st, err := r.recall(ctx, src.ID)
	if err != nil || ctx.Err() != nil {
		return
	}
	p, site := r.plan.Load(), r.pushes.get(src.ID)
	target := p.target(src)
	wanted := p.cfg.Site.URL != "" && st.Hub != "" && !target.Unpushed && st.Paused == ""
	if site.Token != "" && (!wanted || site.Hub != st.Hub || site.Topic != st.Topic) {
		r.leave(ctx, p, src)
		site = rafid.Push{}
	}
	if wanted && site.Token == "" {
		site = fetch.NewPush(st.Hub, st.Topic)
	}
	if now := r.now().UTC(); wanted && fetch.PushDue(site, now) {
		site.Asked = now
		r.pushes.set(src.ID, site)
		r.storePush(ctx, src.ID) // before the hub learns of it: its deliveries must find us after a crash
		log := r.log.With("source", src.ID, "url", site.Hub)
		err := r.client.Subscribe(ctx, target, site, p.callback(site), false)
		r.storePush(ctx, src.ID)
		if err != nil && ctx.Err() == nil {
			log.Info("the hub does not push; the source is polled", "err", err)
		}
		log.Debug("the hub was asked to push", "err", err)
		return
	}
	r.storePush(ctx, src.ID)
}

// callback is the address that a hub pushes to.
func (p *plan) callback(s rafid.Push) string { return p.cfg.Site.URL + pushPath + s.Token }

// storePush stores a subscription that has changed.
func (r *river) storePush(ctx context.Context, source string) {
	if !r.pushes.isUnsaved(source) {
		return
	}
	if err := r.amend(ctx, source, func(st rafid.SourceState) rafid.SourceState { return st }); err != nil && ctx.Err() == nil {
		r.log.Warn("the subscription at a hub was not stored", "source", source, "err", err)
	}
}

// leave ends a source's subscription.
func (r *river) leave(ctx context.Context, p *plan, src config.Source) {
	old := r.pushes.drop(src.ID)
	if err := r.client.Subscribe(ctx, p.target(src), old, p.callback(old), true); err != nil {
		r.log.Debug("the hub was not told that the subscription ends", "source", src.ID, "url", old.Hub, "err", err)
	}
	r.storePush(ctx, src.ID)
}

// leaveGone ends the subscriptions of sources that are not fetched any more. The river's close waits for it.
func (r *river) leaveGone(ctx context.Context, old, now *plan) {
	stays := make(map[string]bool)
	for _, s := range now.sources() {
		stays[s.ID] = true
	}
	for _, s := range old.sources() {
		if !stays[s.ID] && r.pushes.get(s.ID).Token != "" {
			r.errands.Go(func() { r.leave(ctx, old, s) })
		}
	}
}

// receiving takes what hubs push, until ctx ends.
func (r *river) receiving(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case d := <-r.pushes.in:
			r.receive(ctx, d)
		}
	}
}

// receive takes one delivery through the stages that a fetched document goes through.
func (r *river) receive(ctx context.Context, d pushed) {
	defer r.turn(d.source)()
	p := r.plan.Load()
	log := r.log.With("source", d.source)
	src, ok := p.cfg.Source(d.source)
	if !ok || !src.Enabled {
		return
	}
	last, err := r.recall(ctx, src.ID)
	if err != nil {
		log.Error("a push was lost; the next poll brings it", "err", err)
		return
	}
	target := p.target(src)
	res, err := r.client.Receive(ctx, target, last, d.Delivery)
	if err != nil {
		log.Warn("a push could not be read", "err", err)
		return
	}
	r.pushes.delivered(src.ID)
	t, err := r.land(ctx, p, src, target, last, res)
	if err != nil {
		log.Error("a push was lost; the next poll brings it", "err", err)
		return
	}
	log.Debug("pass", "outcome", t.Outcome, "new", t.Receipt.New, "revised", t.Receipt.Revised)
}
