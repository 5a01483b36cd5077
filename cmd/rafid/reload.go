package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// calm is how long a file must rest before it is read: editors write in several steps.
const calm = 200 * time.Millisecond

// watch calls changed when the file at path changes, also by being replaced, and on SIGHUP, until ctx
// ends. It watches the folder: a file that an editor renames away would be lost sight of.
func watch(ctx context.Context, path string, log *slog.Logger, changed func()) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	w, err := fsnotify.NewWatcher()
	if err == nil {
		defer w.Close()
		err = w.Add(filepath.Dir(path))
	}
	if err != nil {
		log.Warn("changes of the source list are taken over on SIGHUP only", "err", err)
		w = &fsnotify.Watcher{}
	}
	rest := time.NewTimer(calm) // what changed between the first reading and the watch is not lost
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-hup:
			changed()
		case e := <-w.Events:
			if filepath.Base(e.Name) == filepath.Base(path) && !e.Has(fsnotify.Chmod) {
				rest.Reset(calm)
			}
		case err := <-w.Errors:
			log.Warn("watching the source list", "err", err)
		case <-rest.C:
			changed()
		}
	}
}

// reload takes over the source list on disk. A list with problems is told and leaves the last good one in
// force.
func (r *river) reload(ctx context.Context, path string, s *schedule) {
	diff, err := r.takeOver(ctx, path, s)
	if err != nil {
		r.metrics.reloadOK.Set(0)
		r.log.Error("source list not taken over; the last good one stays in force", "err", err)
		return
	}
	r.metrics.reloadOK.Set(1)
	r.metrics.reloadAt.SetToCurrentTime()
	if len(diff) == 0 {
		return
	}
	r.log.Info("source list taken over", "changes", len(diff))
	for _, line := range diff {
		r.log.Info("source list: " + line)
	}
	if slices.ContainsFunc(diff, filesOtherwise) {
		r.log.Info("stored stories keep their categories; rafid categorise --dry-run shows what would differ")
	}
}

// filesOtherwise says whether a line of a difference is about what places stories.
func filesOtherwise(line string) bool {
	_, what, _ := strings.Cut(line, " ")
	return strings.HasPrefix(what, "rules") || strings.HasPrefix(what, "category ")
}

func (r *river) takeOver(ctx context.Context, path string, s *schedule) ([]string, error) {
	cfg, problems := readList(path)
	if problems.Errors() {
		var text strings.Builder
		if err := problems.WriteText(&text); err != nil {
			return nil, err
		}
		return nil, errors.New(strings.TrimSpace(text.String()))
	}
	old := r.plan.Load()
	diff := cfg.Diff(old.cfg)
	if len(diff) == 0 {
		return nil, nil
	}
	p, err := newPlan(cfg)
	if err != nil {
		return nil, err
	}
	if err := r.pub.Reload(r.outputs(p)); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	r.plan.Store(p)
	r.forget(old, p)
	r.leaveGone(ctx, old, p)
	r.planInto(ctx, s)
	r.touch() // the operator's orders may move stored stories
	return diff, r.show(ctx, nil)
}

// forget drops the metrics of sources that are not fetched any more.
func (r *river) forget(old, now *plan) {
	stays := make(map[string]bool)
	for _, s := range now.sources() {
		stays[s.ID] = true
	}
	for _, s := range old.sources() {
		if !stays[s.ID] {
			r.metrics.forget(s.ID)
		}
	}
}
