package main

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rafid"
	"rafid/cmd/internal/config"
)

func source(t *testing.T, id, every string) config.Source {
	t.Helper()
	s, err := config.ParseSchedule(every)
	if err != nil {
		t.Fatal(err)
	}
	return config.Source{Source: rafid.Source{ID: id}, Fetching: config.Fetching{Every: s}, Enabled: true}
}

// runs collects when each source ran.
type runs struct {
	mu sync.Mutex
	at map[string][]time.Time
}

func (r *runs) pass(_ context.Context, src config.Source) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at[src.ID] = append(r.at[src.ID], time.Now())
}

func (r *runs) of(id string) []time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at[id]
}

func recently(string) time.Time { return time.Now() }

// start runs a schedule inside a bubble; stop ends it and waits.
func start(pass func(context.Context, config.Source)) (s *schedule, ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	s = newSchedule(slog.New(slog.DiscardHandler), time.Now, 8, pass)
	done := make(chan struct{})
	go func() { defer close(done); s.run(ctx) }()
	return s, ctx, func() { cancel(); <-done }
}

func TestSourcesOfOneIntervalAreSpread(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &runs{at: make(map[string][]time.Time)}
		s, ctx, stop := start(r.pass)
		defer stop()
		s.set(ctx, []config.Source{source(t, "bbc", "10m"), source(t, "dw", "10m"), source(t, "cron", "*/10 * * * *")}, recently)
		time.Sleep(time.Hour + time.Millisecond)
		seconds := make(map[int64]bool)
		for _, id := range []string{"bbc", "dw", "cron"} {
			at := r.of(id)
			if len(at) != 6 {
				t.Fatalf("%s ran %d times in an hour, want 6", id, len(at))
			}
			for i := 1; i < len(at); i++ {
				if gap := at[i].Sub(at[i-1]).Round(time.Second); gap != 10*time.Minute {
					t.Errorf("%s ran after %v", id, gap)
				}
			}
			seconds[at[0].Unix()] = true
		}
		if len(seconds) != 3 {
			t.Errorf("three sources began in %d different seconds", len(seconds))
		}
	})
}

func TestASourceStillAtWorkIsSkipped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		begun := 0
		s, ctx, stop := start(func(ctx context.Context, _ config.Source) {
			mu.Lock()
			begun++
			mu.Unlock()
			select {
			case <-time.After(25 * time.Minute):
			case <-ctx.Done():
			}
		})
		defer stop()
		s.set(ctx, []config.Source{source(t, "slow", "10m")}, recently)
		time.Sleep(59 * time.Minute)
		mu.Lock()
		defer mu.Unlock()
		if begun != 2 {
			t.Errorf("a pass of 25 minutes every 10 began %d times in 59 minutes, want 2", begun)
		}
	})
}

// With the wrappers the other way round, a job that panics once is taken to be running for ever.
func TestAPanicEndsOnePassOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &runs{at: make(map[string][]time.Time)}
		s, ctx, stop := start(func(ctx context.Context, src config.Source) {
			r.pass(ctx, src)
			panic("a bug")
		})
		defer stop()
		s.set(ctx, []config.Source{source(t, "bbc", "10m")}, recently)
		time.Sleep(time.Hour + time.Millisecond)
		if n := len(r.of("bbc")); n != 6 {
			t.Errorf("a job that panics ran %d times in an hour, want 6", n)
		}
	})
}

func TestAMissedRunIsCaughtUpOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &runs{at: make(map[string][]time.Time)}
		s, ctx, stop := start(r.pass)
		defer stop()
		ago := time.Now().Add(-72 * time.Hour)
		s.set(ctx, []config.Source{source(t, "daily", "0 6 * * *"), source(t, "new", "1h")}, func(id string) time.Time {
			if id == "new" {
				return time.Time{}
			}
			return ago
		})
		time.Sleep(time.Second)
		for _, id := range []string{"daily", "new"} {
			if n := len(r.of(id)); n != 1 {
				t.Errorf("%s ran %d times at once, want 1", id, n)
			}
		}
	})
}

func TestAChangedListChangesTheSchedule(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &runs{at: make(map[string][]time.Time)}
		s, ctx, stop := start(r.pass)
		defer stop()
		s.set(ctx, []config.Source{source(t, "kept", "10m"), source(t, "gone", "10m"), source(t, "faster", "1h")}, recently)
		time.Sleep(time.Hour)
		gone := len(r.of("gone"))
		s.set(ctx, []config.Source{source(t, "kept", "10m"), source(t, "faster", "5m")}, recently)
		time.Sleep(time.Hour)
		if n := len(r.of("gone")); n != gone {
			t.Errorf("a removed source ran %d more times", n-gone)
		}
		if n := len(r.of("kept")); n != 12 {
			t.Errorf("an unchanged source ran %d times in two hours, want 12", n)
		}
		if n := len(r.of("faster")); n < 12 || n > 13 {
			t.Errorf("a source changed from 1h to 5m ran %d times, want 1 + 12", n)
		}
	})
}

func TestStoppingGivesUpPassesUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := false
		s, ctx, stop := start(func(ctx context.Context, _ config.Source) {
			<-ctx.Done()
			ended = true
		})
		s.set(ctx, []config.Source{source(t, "bbc", "10m")}, func(string) time.Time { return time.Time{} })
		synctest.Wait()
		stop()
		if !ended {
			t.Error("the schedule ended before its pass")
		}
	})
}
