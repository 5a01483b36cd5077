package main

import (
	"cmp"
	"context"
	"net/http"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"rafid"
	"rafid/cmd/internal/websub"
)

// hubPath is where our own hub takes subscriptions, and hubSelf is how feeds.yaml asks for it.
const (
	hubPath = "/hub"
	hubSelf = "self"
)

// announcer tells hubs of changed feeds: our own, or the one that feeds.yaml names.
type announcer struct {
	own    *websub.Hub
	others *websub.Pinger
}

// announce starts what tells hubs. Both kinds are ready whatever feeds.yaml says now: it may be changed while
// running.
func (a *app) announce(ctx context.Context, g *errgroup.Group, r *river) error {
	p := r.plan.Load()
	own, err := websub.New(websub.Options{
		Fetch: r.topic, Address: func() string { return r.plan.Load().hub(r.base) }, File: filepath.Join(a.data, "websub.json"),
		AllowPrivate: p.cfg.Defaults.AllowPrivate, UserAgent: userAgent(p.cfg), Logger: r.log, Registerer: r.metrics.registry,
	})
	if err != nil {
		return err
	}
	others, err := websub.NewPinger(userAgent(p.cfg), nil, r.log, r.metrics.registry)
	if err != nil {
		return err
	}
	r.announcer = &announcer{own, others}
	g.Go(func() error { own.Run(ctx); return nil })
	g.Go(func() error { others.Run(ctx); return nil })
	return nil
}

// hub is the address of the hub that feeds name; empty for none.
func (p *plan) hub(base string) string {
	if p.cfg.Outputs.Hub == hubSelf {
		return cmp.Or(p.cfg.Site.URL, base) + hubPath
	}
	return p.cfg.Outputs.Hub
}

// topic gives a feed to our own hub.
func (r *river) topic(ctx context.Context, address string) (body []byte, mime string, err error) {
	t, err := r.pub.Topic(ctx, address)
	return t.Body, t.Type, err
}

// feedsChanged passes on which feeds have changed.
func (r *river) feedsChanged(feeds []string) {
	switch hub := r.plan.Load().cfg.Outputs.Hub; {
	case hub == "" || r.announcer == nil:
	case hub == hubSelf:
		r.announcer.own.Changed(feeds)
	default:
		r.announcer.others.Changed(hub, feeds)
	}
}

// withHub serves our own hub beside what is published, while feeds.yaml asks for it.
func (r *river) withHub(public http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == hubPath && r.plan.Load().cfg.Outputs.Hub == hubSelf {
			r.announcer.own.ServeHTTP(w, req)
			return
		}
		public.ServeHTTP(w, req)
	})
}

// nothing is a publication of no change but that of time.
var nothing = []rafid.Entry{}

// keepTime publishes digests when their time has come, until ctx ends.
func (r *river) keepTime(ctx context.Context) {
	for {
		wait := time.Minute // feeds.yaml may name another time meanwhile
		if due := r.pub.Due(); !due.IsZero() {
			wait = min(wait, max(0, due.Sub(r.now())))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if due := r.pub.Due(); due.IsZero() || due.After(r.now()) {
			continue
		}
		if err := r.show(ctx, nothing); err != nil && ctx.Err() == nil {
			r.log.Error("digest not published; trying again", "err", err, "dur", retryAfter)
			select {
			case <-ctx.Done():
			case <-time.After(retryAfter):
			}
		}
	}
}
