package main

import (
	"context"
	"hash/fnv"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"rafid/cmd/internal/config"
)

// schedule runs the passes of the sources on their cron lines and intervals, each with an offset of its
// own, so that a hundred sources of every ten minutes do not start in one second. A source that is still
// at work is skipped, a panic is logged and ends one pass only.
type schedule struct {
	pass  func(context.Context, config.Source)
	log   *slog.Logger
	now   func() time.Time
	lanes *lanes // where passes have their places

	cron *cron.Cron
	due  sync.WaitGroup // passes started beside the schedule

	mu   sync.Mutex
	jobs map[string]planned // by Source.ID
}

type planned struct {
	src   config.Source
	entry cron.EntryID
}

// newSchedule makes an empty schedule with room for so many passes side by side.
func newSchedule(log *slog.Logger, now func() time.Time, atOnce int, pass func(context.Context, config.Source)) *schedule {
	return &schedule{
		pass: pass, log: log, now: now, lanes: newLanes(atOnce), jobs: make(map[string]planned),
		cron: cron.New(cron.WithLocation(time.UTC), cron.WithLogger(cronLog{log})),
	}
}

// run keeps the schedule until ctx ends, then waits for the passes under way.
func (s *schedule) run(ctx context.Context) {
	s.cron.Start()
	<-ctx.Done()
	<-s.cron.Stop().Done()
	s.due.Wait()
}

// set replaces the sources: new ones start, changed ones are planned anew, those not named stop. A source
// that is new here and whose last run, as last tells, is further back than its schedule allows runs at
// once: a daily one that was missed while the program was down is caught up, once.
func (s *schedule) set(ctx context.Context, sources []config.Source, last func(id string) time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	jobs := make(map[string]planned, len(sources))
	for _, src := range sources {
		old, known := s.jobs[src.ID]
		if known && reflect.DeepEqual(old.src, src) {
			jobs[src.ID] = old
			delete(s.jobs, src.ID)
			continue
		}
		job := s.job(ctx, src)
		when := spread(src)
		jobs[src.ID] = planned{src: src, entry: s.cron.Schedule(when, job)}
		if !when.Next(last(src.ID)).After(s.now()) {
			s.due.Go(job.Run)
		}
	}
	for _, old := range s.jobs {
		s.cron.Remove(old.entry)
	}
	s.jobs = jobs
}

// job is one source's pass as cron runs it. The order of the wrappers matters: the other way round, a job
// that panics once counts as running for ever and never runs again.
func (s *schedule) job(ctx context.Context, src config.Source) cron.Job {
	log := cronLog{s.log.With("source", src.ID)}
	return cron.NewChain(cron.SkipIfStillRunning(log), cron.Recover(log)).Then(cron.FuncJob(func() {
		if leave, err := s.lanes.enter(ctx); err == nil {
			defer leave()
			s.pass(ctx, src)
		}
	}))
}

// spread is the source's schedule with its offset: a hash of its id, within the interval, or within the
// minute for a cron line. It is the same after every restart.
func spread(src config.Source) cron.Schedule {
	h := fnv.New64a()
	h.Write([]byte(src.ID))
	if every := src.Every.Every(); every > 0 {
		return aligned{every: every, offset: time.Duration(h.Sum64() % uint64(every))}
	}
	return shifted{cron: src.Every.Cron(), by: time.Duration(h.Sum64() % uint64(time.Minute))}
}

// aligned fires at the moments that are offset past a multiple of every since 1970.
type aligned struct{ every, offset time.Duration }

// Next gives the first such moment after t.
func (a aligned) Next(t time.Time) time.Time {
	since := t.Add(-a.offset).UnixNano()
	past := since % int64(a.every)
	if past < 0 {
		past += int64(a.every)
	}
	return t.Add(a.every - time.Duration(past))
}

// shifted fires a little after its cron line does.
type shifted struct {
	cron cron.Schedule
	by   time.Duration
}

// Next gives the first shifted moment after t; the zero time, which cron takes for never, stays zero.
func (s shifted) Next(t time.Time) time.Time {
	next := s.cron.Next(t.Add(-s.by))
	if next.IsZero() {
		return next
	}
	return next.Add(s.by)
}

// cronLog tells cron's messages to slog: the routine ones as debug.
type cronLog struct{ log *slog.Logger }

// Info is called at every start and skip of a job.
func (l cronLog) Info(msg string, keysAndValues ...any) { l.log.Debug("cron: "+msg, keysAndValues...) }

// Error is called for a panic, with its stack.
func (l cronLog) Error(err error, msg string, keysAndValues ...any) {
	l.log.Error("cron: "+msg, append(keysAndValues, "err", err)...)
}
