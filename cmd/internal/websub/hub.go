package websub

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Hub takes subscriptions to the feeds of one site and sends them out. [Hub.Run] does the work; ServeHTTP and
// Changed only note it, and return at once. Its methods may be called at once.
type Hub struct {
	Options
	client *http.Client
	wake   chan struct{}
	sent   *prometheus.CounterVec

	mu      sync.Mutex
	subs    map[key]*subscription
	intents []intent       // to be verified, oldest first
	running int            // requests under way
	hosts   map[string]int // …by host of the callback
}

// key is what makes a subscription one: a subscriber has one of a topic for each of its callbacks.
type key struct{ topic, callback string }

// subscription is one verified wish to be sent a topic.
type subscription struct {
	Topic    string    `json:"topic"`
	Callback string    `json:"callback"`
	Secret   string    `json:"secret,omitzero"` // of the signature; none when empty
	Expires  time.Time `json:"expires"`

	due      bool      // the topic has changed since it was last sent
	busy     bool      // it is being sent
	failures int       // in a row
	next     time.Time // not to be sent before
}

// intent is a request that its callback has yet to confirm.
type intent struct {
	mode  string
	lease time.Duration
	sub   subscription
}

// What bounds the hub.
const (
	atOnce     = 16     // requests under way
	perHost    = 2      // …to one host
	maxSubs    = 10_000 // subscriptions; a body of 200 kB to each is 2 GB a publication
	maxIntents = 1000   // requests that wait to be verified
	hostQueue  = 20     // …for one host: the hub is nobody's hammer
	calm       = 10 * time.Second
)

// New makes a hub with the subscriptions that its file holds. It sends nothing before [Hub.Run].
func New(o Options) (*Hub, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.UserAgent = cmp.Or(o.UserAgent, "Rafid")
	h := &Hub{
		Options: o, client: newClient(o.Transport, o.AllowPrivate), wake: make(chan struct{}, 1),
		subs: make(map[key]*subscription), hosts: make(map[string]int),
		sent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rafid_websub_requests_total", Help: "Requests to subscribers by what they were for and how they ended."},
			[]string{"what", "result"}),
	}
	size := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rafid_websub_subscriptions", Help: "Subscriptions in force at our own hub."}, h.size)
	if err := register(o.Registerer, h.sent, size); err != nil {
		return nil, err
	}
	return h, h.load()
}

func (h *Hub) size() float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return float64(len(h.subs))
}

// Changed notes that these topics have other bytes than before.
func (h *Hub) Changed(topics []string) {
	h.mu.Lock()
	changed := make(map[string]bool, len(topics))
	for _, t := range topics {
		changed[t] = true
	}
	for _, s := range h.subs {
		if changed[s.Topic] {
			s.due = true
		}
	}
	h.mu.Unlock()
	signal(h.wake)
}

// Run verifies and sends until ctx ends, and returns when nothing is under way any more.
func (h *Hub) Run(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for ctx.Err() == nil {
		jobs, next := h.take()
		for _, do := range jobs {
			wg.Go(func() {
				do(ctx)
				signal(h.wake)
			})
		}
		pause(ctx, h.wake, next, h.Now())
	}
}

// take gives what can be done now, and when there will be more to do; what is done tells so itself.
func (h *Hub) take() (jobs []func(context.Context), next time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	jobs = h.takeIntents()
	now := h.Now()
	soon := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	for k, s := range h.subs {
		if s.busy {
			continue
		}
		if !s.Expires.After(now) {
			delete(h.subs, k) // the file forgets it when it is next written
			continue
		}
		soon(s.Expires)
		switch host := hostOf(s.Callback); {
		case s.due && s.next.After(now):
			soon(s.next)
		case s.due && h.free(host):
			s.due, s.busy = false, true
			jobs = append(jobs, h.job(host, func(ctx context.Context) { h.send(ctx, s) }))
		}
	}
	return jobs, next
}

// takeIntents gives the intents that can be verified now. The lock is held.
func (h *Hub) takeIntents() (jobs []func(context.Context)) {
	var wait []intent
	for _, in := range h.intents {
		if host := hostOf(in.sub.Callback); h.free(host) {
			jobs = append(jobs, h.job(host, func(ctx context.Context) { h.verify(ctx, in) }))
		} else {
			wait = append(wait, in)
		}
	}
	h.intents = wait
	return jobs
}

// job counts what is done for a host, from now until it is done. The lock is held.
func (h *Hub) job(host string, do func(context.Context)) func(context.Context) {
	h.running++
	h.hosts[host]++
	return func(ctx context.Context) {
		defer h.end(host)
		do(ctx)
	}
}

// free says whether one more request may be made to a host. The lock is held.
func (h *Hub) free(host string) bool { return h.running < atOnce && h.hosts[host] < perHost }

func (h *Hub) end(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.running--
	if h.hosts[host]--; h.hosts[host] == 0 {
		delete(h.hosts, host)
	}
}

// hostOf gives the host of an address that has been checked.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
