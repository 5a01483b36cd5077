package websub

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Pinger tells hubs of others which feeds have changed. [Pinger.Run] does the work; Changed only notes it. Its
// methods may be called at once.
type Pinger struct {
	client *http.Client
	agent  string
	log    *slog.Logger
	now    func() time.Time
	wake   chan struct{}
	sent   *prometheus.CounterVec

	mu   sync.Mutex
	hubs map[string]*told
}

// told is what a hub is still to be told.
type told struct {
	topics   map[string]bool
	failures int // in a row
	next     time.Time
}

// maxTopics is how many feeds one request names: about 10 kB.
const maxTopics = 100

// NewPinger makes a pinger that says who it is. The hubs are the operator's choice, so they may be anywhere.
// transport, log and r may be nil, as in [Options].
func NewPinger(userAgent string, transport http.RoundTripper, log *slog.Logger, r prometheus.Registerer) (*Pinger, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	p := &Pinger{
		client: newClient(transport, true), agent: cmp.Or(userAgent, "Rafid"), log: log, now: time.Now,
		wake: make(chan struct{}, 1), hubs: make(map[string]*told),
		sent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rafid_websub_pings_total", Help: "Requests that told a hub of changed feeds, by how they ended."},
			[]string{"result"}),
	}
	return p, register(r, p.sent)
}

// Changed notes that the hub is to be told of these topics.
func (p *Pinger) Changed(hub string, topics []string) {
	p.mu.Lock()
	t := p.hubs[hub]
	if t == nil {
		t = &told{topics: make(map[string]bool)}
		p.hubs[hub] = t
	}
	for _, topic := range topics {
		t.topics[topic] = true
	}
	p.mu.Unlock()
	signal(p.wake)
}

// Run tells the hubs until ctx ends. What changes while a hub is being told, or calm, it is told at once after.
func (p *Pinger) Run(ctx context.Context) {
	for ctx.Err() == nil {
		hub, topics, next := p.take()
		if hub == "" {
			pause(ctx, p.wake, next, p.now())
			continue
		}
		err := p.tell(ctx, hub, topics)
		if ctx.Err() != nil {
			return
		}
		p.note(hub, topics, err)
	}
}

// take gives a hub that is to be told something now, or else when one is to be.
func (p *Pinger) take() (hub string, topics []string, next time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for address, t := range p.hubs {
		switch {
		case len(t.topics) == 0:
		case t.next.After(p.now()):
			if next.IsZero() || t.next.Before(next) {
				next = t.next
			}
		default:
			for topic := range t.topics {
				topics = append(topics, topic)
			}
			slices.Sort(topics)
			topics = topics[:min(len(topics), maxTopics)]
			for _, topic := range topics {
				delete(t.topics, topic)
			}
			return address, topics, next
		}
	}
	return "", nil, next
}

// note notes how telling a hub went: what it did not take it is told again, later each time.
func (p *Pinger) note(hub string, topics []string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.hubs[hub]
	if err == nil {
		p.sent.WithLabelValues("ok").Inc()
		t.failures = 0
		if len(t.topics) == 0 { // else the rest of a long list
			t.next = p.now().Add(calm)
		}
		return
	}
	p.sent.WithLabelValues("failed").Inc()
	t.failures++
	t.next = p.now().Add(after(t.failures))
	for _, topic := range topics {
		t.topics[topic] = true
	}
	p.log.Warn("hub not told of changed feeds; trying again", "url", hostOf(hub), "failures", t.failures, "err", err)
}

// tell tells a hub of changed topics, as hubs have agreed since PubSubHubbub: the Recommendation leaves it open.
func (p *Pinger) tell(ctx context.Context, hub string, topics []string) error {
	form := url.Values{"hub.mode": {"publish"}, "hub.url": topics}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, hub, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", p.agent)
	res, err := p.client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(res.Body, maxAnswer)); err != nil {
		return err
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return nil
}
