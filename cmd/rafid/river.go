package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"sync"
	"time"

	"rafid"
	"rafid/cmd/internal/config"
	"rafid/cmd/internal/sqlite"
	"rafid/fetch"
	"rafid/output"
)

// load reads the source list and tells its problems. Without a usable list it answers with exit code 78.
func (a *app) load(path string) (*config.Config, error) {
	cfg, problems := readList(path)
	if len(problems) > 0 {
		if err := problems.WriteText(a.stderr); err != nil {
			return nil, err
		}
	}
	if problems.Errors() {
		return nil, &exitError{code: exitConfig}
	}
	return cfg, nil
}

// openRiver joins the stages for the configuration. base is the address that links carry when the file
// names none. Close the river when done.
func (a *app) openRiver(ctx context.Context, cfg *config.Config, base string) (*river, error) {
	p, err := newPlan(cfg)
	if err != nil {
		return nil, err
	}
	store, err := sqlite.Open(ctx, filepath.Join(a.data, "rafid.db"))
	if err != nil {
		return nil, err
	}
	r, err := join(ctx, p, store, a.log, base)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	r.config = a.config
	return r, nil
}

// knownStories is how many of a source's stories are looked through for one that goes by another name now:
// more than any feed seen holds at once (the largest of 15 saved ones, 50), and few enough to be kept (fetch: five keys a story, of 1,200).
const knownStories = 200

// join makes the river out of a plan and a store.
func join(ctx context.Context, p *plan, store Store, log *slog.Logger, base string) (*river, error) {
	m := newMetrics()
	opts := fetch.Options{UserAgent: userAgent(p.cfg), Logger: log, Known: func(ctx context.Context, source string) ([]rafid.Story, error) {
		return store.Known(ctx, source, knownStories)
	}}
	r := &river{
		store: store, log: log, metrics: m, now: time.Now, base: base,
		client:  fetch.New(opts),
		grouper: &grouper{store: store, opts: p.dedupe(), now: time.Now, seen: m.placed},
		wake:    make(chan struct{}, 1), changed: make(map[string]bool), names: make(map[string]string),
		known: make(map[string]rafid.SourceState), turns: make(map[string]*sync.Mutex), postponed: make(map[string]bool),
	}
	r.plan.Store(p)
	states, err := store.States(ctx)
	if err != nil {
		return nil, err
	}
	for _, st := range states {
		r.known[st.Source] = st
	}
	r.pushes, r.files = newPushes(r.now, states), newFiles()
	if r.pub, err = output.New(r.outputs(p), store); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return r, nil
}

// outputs is what the publisher is asked for, with the names that feeds gave themselves.
func (r *river) outputs(p *plan) output.Options {
	o := p.output(r.base, r.states())
	o.Logger, o.Registerer, o.Changed = r.log, r.metrics.registry, r.feedsChanged
	return o
}

// states is what is remembered of the sources, by id.
func (r *river) states() map[string]rafid.SourceState {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.known)
}

func userAgent(cfg *config.Config) string {
	if cfg.Site.URL == "" {
		return "Rafid/" + version()
	}
	return "Rafid/" + version() + " (+" + cfg.Site.URL + ")"
}

// begin publishes what the store holds already and takes up what a crash left ungrouped.
func (r *river) begin(ctx context.Context) error {
	if err := r.show(ctx, nil); err != nil {
		return fmt.Errorf("publish what is stored: %w", err)
	}
	r.metrics.reloadOK.Set(1)
	r.metrics.reloadAt.SetToCurrentTime()
	r.ready.Store(true)
	r.touch()
	return nil
}

func (r *river) close() error {
	r.errands.Wait()
	r.client.Close()
	return r.store.Close()
}
