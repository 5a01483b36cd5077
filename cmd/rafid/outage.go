package main

import (
	"sync"
	"time"
)

// outageSources is how many sources must fail for the network, with none in between that is reached, before
// it is the network that is ill. With fewer sources than that, all of them.
const outageSources = 3

// outage tells a network that is down from sources that are: it is one line in the log, not one a source.
// The zero outage is ready; it is safe for concurrent use.
type outage struct {
	mu      sync.Mutex
	held    []func()        // lines of sources, told if it was them after all
	failing map[string]bool // sources that were not reached since one was
	since   time.Time       // of the first of them
	told    bool
}

// fails notes that a source was not reached for the network, of so many sources in all. line tells that of
// the source alone. It is true when this makes it an outage.
func (o *outage) fails(source string, sources int, now time.Time, line func()) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.failing) == 0 {
		o.failing, o.since = make(map[string]bool), now
	}
	o.failing[source] = true
	if o.told {
		return false
	}
	if len(o.failing) >= min(outageSources, sources) {
		o.told, o.held = true, nil
		return true
	}
	o.held = append(o.held, line)
	return false
}

// reached notes that some server answered. When that ends an outage it gives how many sources had failed, and
// since when; when it was none, it tells of the sources alone.
func (o *outage) reached() (sources int, since time.Time, over bool) {
	o.mu.Lock()
	held := o.held
	sources, since, over = len(o.failing), o.since, o.told
	o.held, o.failing, o.told = nil, nil, false
	o.mu.Unlock()
	for _, line := range held {
		line()
	}
	return sources, since, over
}
