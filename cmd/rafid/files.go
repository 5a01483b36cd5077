package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"rafid"
)

// files is what has changed since the static files were last written.
type files struct {
	wake chan struct{} // of capacity 1: there is something to write

	mu     sync.Mutex
	groups map[string]bool
	all    bool
}

func newFiles() *files {
	return &files{wake: make(chan struct{}, 1), groups: make(map[string]bool), all: true}
}

// note notes a publication; nil stands for all.
func (f *files) note(changed []rafid.Entry) {
	f.mu.Lock()
	f.all = f.all || changed == nil
	for _, e := range changed {
		f.groups[e.Group.ID] = true
	}
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// take gives what is to be written and forgets it.
func (f *files) take() (ids []string, all bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id := range f.groups {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	all = f.all
	f.groups, f.all = make(map[string]bool), false
	return ids, all
}

// show publishes, and notes it for the static files.
func (r *river) show(ctx context.Context, changed []rafid.Entry) error {
	err := r.pub.Publish(ctx, changed)
	r.files.note(changed)
	return err
}

// filesEvery is how long the static files rest between two writings: mirrors and web servers that watch a folder
// should not be kept busy by every story.
const filesEvery = 10 * time.Second

// keepFiles writes the static files after each publication, until ctx ends.
func (r *river) keepFiles(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.files.wake:
		}
		rest := filesEvery
		if err := r.writeFiles(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("static files not written; trying again", "err", err, "dur", retryAfter)
			r.files.note(nil)
			rest = retryAfter
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(rest):
		}
	}
}

// writeFiles brings the folder up to what is published, when feeds.yaml names one.
func (r *river) writeFiles(ctx context.Context) error {
	dir := r.plan.Load().cfg.Outputs.Dir
	ids, all := r.files.take()
	if dir == "" {
		return nil
	}
	changed := nothing
	switch {
	case all || len(ids) > manyChanged:
		changed = nil
	case len(ids) > 0:
		entries, err := r.store.EntriesByID(ctx, ids)
		if err != nil {
			return err
		}
		changed = append(changed, entries...)
	}
	begun := r.now()
	w, err := r.pub.UpdateDir(ctx, dir, changed)
	if err != nil {
		return err
	}
	r.log.Debug("static files", "written", w.Files, "removed", w.Removed, "dur", r.now().Sub(begun))
	return nil
}
