package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rafid"
	"rafid/cmd/internal/newsroom"
)

// freshness is how long new items of good sources waited for their place, over some ticks of a press.
type freshness struct {
	mu   sync.Mutex
	tick time.Time // of the last ones printed; zero before
	old  int       // stories that were there at the start
	lags []time.Duration
}

func (f *freshness) placed(s rafid.Story, _ rafid.Placement) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !strings.HasPrefix(s.Source, "f") {
		return
	}
	if f.tick.IsZero() {
		f.old++
	} else {
		f.lags = append(f.lags, time.Since(f.tick))
	}
}

// begin notes the time of a tick, and how many items were placed before it.
func (f *freshness) begin() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tick = time.Now()
	return len(f.lags)
}

// restart forgets what was measured.
func (f *freshness) restart() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lags = nil
}

// settled says that so many stories of the start have been placed.
func (f *freshness) settled(n int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.old >= n
}

func (f *freshness) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.lags)
}

func (f *freshness) p99() time.Duration {
	slices.Sort(f.lags)
	return f.lags[len(f.lags)*99/100]
}

// warm is how many ticks go by before it counts: the first meeting with the evil sources brings a hundred
// megabytes that no later one does.
const warm = 2

// fresh runs the program over fifty good sources, asked every ten seconds, and the others given, all with a
// flood guard, and measures the good ones' freshness over so many ticks.
func fresh(t *testing.T, others string, ticks int) *freshness {
	t.Helper()
	const good, items = 50, 10
	room, err := newsroom.Bench(t.Context(), newsroom.BenchOptions{Feeds: good, Items: items, Hosts: good, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	list := strings.Replace(room.FeedsYAML(), "every: 10m", "every: 10s\n  limit: 500/day", 1)
	list = strings.Replace(list, "\noutputs:", others+"\noutputs:", 1)
	dir := t.TempDir()
	f := &freshness{}
	a := &app{
		stdout: io.Discard, stderr: io.Discard, log: slog.New(slog.DiscardHandler), atOnce: 64, listen: "127.0.0.1:0",
		config: write(t, filepath.Join(dir, "feeds.yaml"), list), data: filepath.Join(dir, "data"), watching: f.placed,
	}
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := make(chan struct{}), make(chan error, 1)
	go func() { done <- a.serve(ctx, func(string) { close(ready) }) }()
	<-ready
	eventually(t, "what was there at the start is placed", func() bool { return f.settled(good * items) })
	for i := range warm + ticks {
		if i == warm {
			f.restart()
		}
		want := f.begin() + good
		if _, err := room.Tick(t.Context(), 1, 1); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the new items of a tick are placed", func() bool { return f.count() >= want })
		t.Logf("tick %d: %v", i, time.Since(f.tick))
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := room.Close(); err != nil {
		t.Error(err)
	}
	return f
}

// Two hundred sources that do every evil there is, asked as often, leave the good ones as fresh as they are
// alone, within a tenth.
func TestGoodBesideEvil(t *testing.T) {
	slow(t)
	log.SetOutput(io.Discard) // net/http tells there what servers send out of turn
	const evils, perRoom, ticks = 200, 10, 4
	var list strings.Builder
	behaviours := make([]newsroom.Behaviour, 0, 90)
	for n := range evils {
		if n%perRoom == 0 {
			e, err := newsroom.Evil(t.Context(), newsroom.EvilOptions{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = e.Close() })
			behaviours = behaviours[:0]
			for _, b := range e.Behaviours() {
				behaviours = append(behaviours, newsroom.Behaviour(e.URL(b)))
			}
		}
		fmt.Fprintf(&list, "  evil%d:\n    url: %s\n    timeout: 10s\n", n, behaviours[n%len(behaviours)])
	}
	alone := fresh(t, "", ticks)
	beside := fresh(t, list.String(), ticks)
	t.Logf("p99 of %d and %d new items: alone %v, beside %d evil sources %v (×%.2f)", len(alone.lags), len(beside.lags),
		alone.p99(), evils, beside.p99(), float64(beside.p99())/float64(alone.p99()))
	if beside.p99() > alone.p99()*11/10 {
		t.Error("evil sources make the good ones late")
	}
}
