package main

import (
	"sync"
	"time"

	"rafid"
	"rafid/fetch"
)

// pushes are the subscriptions at the hubs of the sources: the desk that hubs' questions and deliveries come
// to. They are stored with the states of the sources, at the next occasion: a hub waits for no database.
type pushes struct {
	now func() time.Time
	in  chan pushed

	mu      sync.Mutex
	of      map[string]rafid.Push // by source
	source  map[string]string     // by token
	leaving map[string]rafid.Push // by token, those that are being ended
	unsaved map[string]bool       // by source
}

// pushed is a delivery to a source.
type pushed struct {
	source string
	fetch.Delivery
}

// pushedRoom is how many deliveries wait for their turn; a hub with more is asked to come again. At 15 MiB at
// most, and some 100 kB as a rule, they are a few megabytes.
const pushedRoom = 64

func newPushes(now func() time.Time, states []rafid.SourceState) *pushes {
	d := &pushes{
		now: now, in: make(chan pushed, pushedRoom), of: make(map[string]rafid.Push),
		source: make(map[string]string), leaving: make(map[string]rafid.Push), unsaved: make(map[string]bool),
	}
	for _, st := range states {
		if st.Push.Token != "" {
			d.of[st.Source], d.source[st.Push.Token] = st.Push, st.Source
		}
	}
	return d
}

// get gives a source's subscription; the zero Push when there is none.
func (d *pushes) get(source string) rafid.Push {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.of[source]
}

// set keeps a source's subscription in place of the one before.
func (d *pushes) set(source string, p rafid.Push) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if old := d.of[source]; old.Token != p.Token {
		delete(d.source, old.Token)
	}
	d.of[source], d.source[p.Token], d.unsaved[source] = p, source, true
}

// drop forgets a source's subscription, and lets its hub verify the end of it.
func (d *pushes) drop(source string) (p rafid.Push) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p = d.of[source]
	delete(d.of, source)
	delete(d.source, p.Token)
	d.leaving[p.Token], d.unsaved[source] = p, true
	return p
}

// save gives a source's subscription to be stored with its state.
func (d *pushes) save(source string) rafid.Push {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.unsaved, source)
	return d.of[source]
}

// isUnsaved says that a subscription changed since it was last stored.
func (d *pushes) isUnsaved(source string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.unsaved[source]
}

// polled notes what a poll brought: news that a hub in force should have pushed count against it.
func (d *pushes) polled(source string, news int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.of[source]; news > 0 && p.Until.After(d.now()) {
		p.Missed++
		d.of[source], d.unsaved[source] = p, true
	}
}

// delivered notes that the hub does its work.
func (d *pushes) delivered(source string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.of[source]; p.Missed > 0 {
		p.Missed = 0
		d.of[source], d.unsaved[source] = p, true
	}
}

// Subscription gives the one of a token.
func (d *pushes) Subscription(token string) (p rafid.Push, wanted, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if source, known := d.source[token]; known {
		return d.of[source], true, true
	}
	p, ok = d.leaving[token]
	return p, false, ok
}

// Agreed notes how long the hub pushes from now on.
func (d *pushes) Agreed(token string, lease time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	source, ok := d.source[token]
	if !ok {
		delete(d.leaving, token)
		return
	}
	p := d.of[source]
	p.Until, p.Missed = time.Time{}, 0
	if lease > 0 {
		p.Until = d.now().Add(lease).UTC()
	}
	d.of[source], d.unsaved[source] = p, true
}

// Pushed takes a delivery, if there is room.
func (d *pushes) Pushed(token string, v fetch.Delivery) bool {
	d.mu.Lock()
	source, ok := d.source[token]
	d.mu.Unlock()
	if !ok {
		return true // ended in the meantime
	}
	select {
	case d.in <- pushed{source, v}:
		return true
	default:
		return false
	}
}
