package fetch

import (
	"context"
	"sync"
	"time"
)

// hosts gives turns: at most so many requests to a host at once, and a least time between two.
type hosts struct {
	perHost int
	gap     time.Duration

	mu     sync.Mutex
	byName map[string]*host
}

// host is one server with requests under way, waiting, or just made.
type host struct {
	slots chan struct{}
	users int       // under way or waiting; guarded by hosts.mu
	next  time.Time // no request before it; guarded by hosts.mu
}

func newHosts(perHost int, gap time.Duration) *hosts {
	return &hosts{perHost: perHost, gap: gap, byName: make(map[string]*host)}
}

// turn waits for a turn at the host; done gives it back. hurried turns leave no gap.
func (h *hosts) turn(ctx context.Context, name string, hurried bool) (done func(), err error) {
	at := h.join(name)
	select {
	case at.slots <- struct{}{}:
	case <-ctx.Done():
		h.leave(name, at)
		return nil, context.Cause(ctx)
	}
	if !hurried {
		if err := h.wait(ctx, at); err != nil {
			<-at.slots
			h.leave(name, at)
			return nil, err
		}
	}
	return func() {
		<-at.slots
		h.leave(name, at)
	}, nil
}

func (h *hosts) join(name string) *host {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.byName[name]
	if at == nil {
		at = &host{slots: make(chan struct{}, h.perHost)}
		h.byName[name] = at
	}
	at.users++
	return at
}

// wait sleeps out the gap and reserves the next one.
func (h *hosts) wait(ctx context.Context, at *host) error {
	h.mu.Lock()
	now := time.Now()
	start := now
	if at.next.After(start) {
		start = at.next
	}
	at.next = start.Add(h.gap)
	h.mu.Unlock()
	if start.Equal(now) {
		return nil
	}
	timer := time.NewTimer(start.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// manyHosts is from how many idle hosts on they are swept.
const manyHosts = 1024

func (h *hosts) leave(name string, at *host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at.users--
	if at.users == 0 && at.next.IsZero() {
		delete(h.byName, name)
	}
	if len(h.byName) < manyHosts {
		return
	}
	now := time.Now()
	for n, other := range h.byName {
		if other.users == 0 && other.next.Before(now) {
			delete(h.byName, n)
		}
	}
}
