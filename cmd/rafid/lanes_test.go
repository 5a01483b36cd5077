package main

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Passes that hang leave their places to others, within bounds; quick ones keep to the number asked for.
func TestLanes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(4)
		var all sync.WaitGroup
		var now, most, quick atomic.Int32
		begun := time.Now()
		pass := func(takes time.Duration, done *atomic.Int32) {
			leave, err := l.enter(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			all.Go(func() {
				n := now.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				time.Sleep(takes)
				now.Add(-1)
				leave()
				if done != nil {
					done.Add(1)
				}
			})
		}
		for range 20 {
			pass(time.Hour, nil) // five rounds of four, each of which leaves after 2 s
		}
		for range 100 {
			pass(100*time.Millisecond, &quick)
		}
		synctest.Wait()
		time.Sleep(time.Second)
		if took := time.Since(begun); quick.Load() != 100 || took > 15*time.Second {
			t.Errorf("%d of 100 quick passes in %v beside twenty that hang", quick.Load(), took)
		}
		if most.Load() > 24 {
			t.Errorf("%d side by side", most.Load())
		}
		all.Wait()
		if len(l.fast)+len(l.slow) != 0 {
			t.Errorf("%d and %d places are taken for ever", len(l.fast), len(l.slow))
		}
	})
}

// When all hang, and the slow lane is full, nothing more begins.
func TestLanesAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(1)
		var leaves []func()
		for {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			leave, err := l.enter(ctx)
			cancel()
			if err != nil {
				break
			}
			leaves = append(leaves, leave)
		}
		if len(leaves) != 1+slowFor {
			t.Errorf("%d side by side", len(leaves))
		}
		for _, leave := range leaves {
			leave()
		}
		if len(l.fast)+len(l.slow) != 0 {
			t.Error("places are taken for ever")
		}
	})
}
