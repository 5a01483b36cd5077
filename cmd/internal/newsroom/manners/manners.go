// Package manners is an origin that watches how it is asked. It serves small feeds on several hosts of
// loopback and writes down every request; afterwards it says how often and how closely each host was asked,
// and what a guest did that a good guest does not: two requests at a time, no pause between them, a feed
// fetched again in full though it could have been asked for by its validators, validators of one feed sent
// for another, an answer of "later" that was not waited for, no name.
//
// It judges only what reaches it: what a guest did elsewhere it does not know.
package manners

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rafid/cmd/internal/newsroom/farm"
)

// Options say what an [Origin] serves. The zero Options are one feed on one host.
type Options struct {
	Hosts, Feeds int              // ports, and feeds spread over them; 0 is 1
	Now          func() time.Time // nil is time.Now
	// Hold is called in each request before it is answered, so that a test can keep requests open to see
	// whether others come beside them; nil answers at once.
	Hold func(ctx context.Context)
}

// Custom is what is expected of a guest. The zero Custom expects nothing that has a number.
type Custom struct {
	InFlight  int           // requests at a time on one host; 0 is any number
	Gap       time.Duration // from the start of one request on a host to the next
	PerMinute int           // requests on one host in any sixty seconds; 0 is any number
}

// Host is how one host was asked.
type Host struct {
	Addr        string        // host:port
	Requests    int           // in all
	Conditional int           // of them, with a validator
	NotModified int           // of them, answered by 304
	Busy        int           // of them, answered by 429
	Bytes       int           // of documents sent
	InFlight    int           // the most at a time
	PerMinute   int           // the most in any sixty seconds
	Gap         time.Duration // the least from start to start; 0 with fewer than two requests
}

// Origin is the open origin. Its methods may be called from several goroutines.
type Origin struct {
	opts Options
	farm *farm.Farm

	mu     sync.Mutex
	feeds  []feed
	visits []visit
	flying []int // requests in hand, by host
	most   []int // the most there ever were
}

// feed is one feed as it is now.
type feed struct {
	version int       // grows with each Publish
	busy    time.Time // until then it answers 429
	wait    time.Duration
}

// visit is one request.
type visit struct {
	host, feed int
	at         time.Time
	status     int
	agent      string
	tag        string // If-None-Match
	sent       int    // bytes of the document
	full       bool   // in full, though this guest could know the feed's tag
	early      time.Duration
}

// Open starts the origin. It closes when ctx ends or [Origin.Close] is called; Close must be called in
// either case.
func Open(ctx context.Context, o Options) (*Origin, error) {
	o.Hosts, o.Feeds = max(o.Hosts, 1), max(o.Feeds, 1)
	if o.Now == nil {
		o.Now = time.Now
	}
	g := &Origin{opts: o, feeds: make([]feed, o.Feeds), flying: make([]int, o.Hosts), most: make([]int, o.Hosts)}
	handlers := make([]http.Handler, o.Hosts)
	for h := range handlers {
		handlers[h] = g.handler(h)
	}
	var err error
	if g.farm, err = farm.New(ctx, "", 0, handlers); err != nil {
		return nil, fmt.Errorf("manners: %w", err)
	}
	g.farm.Serve()
	return g, nil
}

// Close stops serving and waits for every goroutine of the origin.
func (g *Origin) Close() error { return g.farm.Close() }

// URLs are the addresses of the feeds, in order; neighbours are on different hosts.
func (g *Origin) URLs() []string {
	all := make([]string, g.opts.Feeds)
	for i := range all {
		all[i] = fmt.Sprintf("http://%s/%d.xml", g.farm.Addr(i%g.opts.Hosts), i)
	}
	return all
}

// Publish gives a feed a new item, and so other validators.
func (g *Origin) Publish(feed int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.feeds[feed].version++
}

// Busy makes a feed answer 429 with Retry-After for a time; who asks before it is over is written down.
func (g *Origin) Busy(feed int, d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.feeds[feed].busy, g.feeds[feed].wait = g.opts.Now().Add(d), 0
}

func (g *Origin) handler(host int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/"), ".xml"))
		if err != nil || i < 0 || i >= g.opts.Feeds || i%g.opts.Hosts != host {
			http.NotFound(w, r)
			return
		}
		v, doc := g.arrive(host, i, r)
		defer g.leave(host)
		if g.opts.Hold != nil {
			g.opts.Hold(r.Context())
		}
		w.Header().Set("Etag", doc.tag)
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		if v.status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", strconv.Itoa(int(doc.wait.Seconds())))
		}
		w.WriteHeader(v.status)
		if v.status == http.StatusOK {
			_, _ = io.WriteString(w, doc.body)
		}
	})
}

// answer is what a feed says to a request.
type answer struct {
	tag, body string
	wait      time.Duration
}

// arrive writes a request down and decides its answer.
func (g *Origin) arrive(host, i int, r *http.Request) (visit, answer) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.flying[host]++
	g.most[host] = max(g.most[host], g.flying[host])
	f := &g.feeds[i]
	v := visit{host: host, feed: i, at: g.opts.Now(), status: http.StatusOK, agent: r.Header.Get("User-Agent"), tag: r.Header.Get("If-None-Match")}
	doc := answer{tag: tag(i, f.version)}
	switch {
	case v.at.Before(f.busy):
		v.status, doc.wait = http.StatusTooManyRequests, f.busy.Sub(v.at).Round(time.Second)
		if f.wait > 0 { // it was told so before
			v.early = f.busy.Sub(v.at)
		}
		f.wait = doc.wait
	case v.tag == doc.tag:
		v.status = http.StatusNotModified
	default:
		v.full = v.tag == "" && g.knows(i)
		doc.body = document(i, f.version)
		v.sent = len(doc.body)
	}
	g.visits = append(g.visits, v)
	return v, doc
}

func (g *Origin) leave(host int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.flying[host]--
}

// knows reports whether the feed was sent in full before, so that the guest has its validators.
func (g *Origin) knows(i int) bool {
	return slices.ContainsFunc(g.visits, func(v visit) bool { return v.feed == i && v.status == http.StatusOK })
}

func tag(feed, version int) string { return fmt.Sprintf(`"feed-%d-v%d"`, feed, version) }

func document(feed, version int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>منبر رقم %d</title><link>http://manners.invalid/%[1]d/</link><description>-</description>\n", feed)
	for v := version; v >= max(0, version-9); v-- {
		fmt.Fprintf(&b, "<item><title>الخبر رقم %d من المنبر رقم %d</title><link>http://manners.invalid/%[2]d/%[1]d</link><guid isPermaLink=\"false\">manners-%[2]d-%[1]d</guid></item>\n", v, feed)
	}
	b.WriteString("</channel></rss>\n")
	return b.String()
}
