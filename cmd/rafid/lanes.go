package main

import (
	"context"
	"sync"
	"time"
)

// lanes let so many passes go on side by side. A pass that takes longer than most leaves its place in the fast
// lane to the next one and goes on in the slow lane, so that hosts that hang hold up nobody: two hundred of
// them would fill any number of places that is kind to a machine. With the slow lane full too, passes wait.
type lanes struct {
	fast, slow chan struct{}
}

// patience is how long a pass stays in the fast lane: a tenth of the time limit that sources have by default.
const patience = 2 * time.Second

// slowFor is how many passes fit into the slow lane for one in the fast: they mostly wait, and cost a connection.
const slowFor = 8

func newLanes(atOnce int) *lanes {
	return &lanes{fast: make(chan struct{}, atOnce), slow: make(chan struct{}, slowFor*atOnce)}
}

// enter waits for a place; leave gives it back. It fails when ctx ends first.
func (l *lanes) enter(ctx context.Context) (leave func(), err error) {
	select {
	case l.fast <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	var mu sync.Mutex
	in := l.fast // nil once it was given back
	change := time.AfterFunc(patience, func() {
		mu.Lock()
		defer mu.Unlock()
		if in == nil {
			return
		}
		select {
		case l.slow <- struct{}{}:
			<-in
			in = l.slow
		default:
		}
	})
	return func() {
		change.Stop()
		mu.Lock()
		defer mu.Unlock()
		<-in
		in = nil
	}, nil
}
