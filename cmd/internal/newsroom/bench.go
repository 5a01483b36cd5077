package newsroom

import (
	"compress/gzip"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"rafid/cmd/internal/newsroom/farm"
)

// BenchOptions say how much a [BenchRoom] serves.
type BenchOptions struct {
	Feeds, Items, Hosts int           // feeds in all, items in each, ports that they are spread over; 0 is 1
	Latency             time.Duration // before each answer
	HangShare           float64       // 0…1, the share of hosts that say nothing for HangFor
	HangFor             time.Duration // 0 is 10 s
	No304               bool          // answer every request in full, whatever validators it brings
	Seed                int64         // another seed is another press
	Start               time.Time     // the newest items are just older; zero is the time of opening
}

func (o BenchOptions) withDefaults() BenchOptions {
	o.Feeds, o.Items, o.Hosts = max(o.Feeds, 1), max(o.Items, 1), max(o.Hosts, 1)
	o.Hosts = min(o.Hosts, o.Feeds)
	if o.HangFor <= 0 {
		o.HangFor = 10 * time.Second
	}
	if o.Start.IsZero() {
		o.Start = time.Now()
	}
	return o
}

// BenchRoom serves many feeds for a benchmark. Every document is rendered and compressed before it is
// asked for, so that what is measured beside it is not its work. About one item in ten repeats the text of
// another feed's; all others are unlike each other. Its methods may be called from several goroutines.
type BenchRoom struct {
	opts    BenchOptions
	press   press
	farm    *farm.Farm
	docs    []atomic.Pointer[document]
	total   atomic.Int64
	cond    atomic.Int64
	same    atomic.Int64
	bytes   atomic.Int64
	mu      sync.Mutex // guards ticking
	printed []int      // items that each feed has ever held
	ticks   int
}

// Bench opens a room for a benchmark. It closes when ctx ends or [BenchRoom.Close] is called; Close must
// be called in either case.
func Bench(ctx context.Context, o BenchOptions) (*BenchRoom, error) {
	o = o.withDefaults()
	g, err := loadGrammar()
	if err != nil {
		return nil, err
	}
	b := &BenchRoom{
		opts: o, press: press{grammar: g, seed: uint64(o.Seed), start: o.Start, items: o.Items, feeds: o.Feeds},
		docs: make([]atomic.Pointer[document], o.Feeds), printed: make([]int, o.Feeds),
	}
	handlers := make([]http.Handler, o.Hosts)
	for i := range handlers {
		handlers[i] = b.handler(float64(i) < o.HangShare*float64(o.Hosts))
	}
	if b.farm, err = farm.New(ctx, "", 0, handlers); err != nil {
		return nil, fmt.Errorf("newsroom: %w", err)
	}
	all := make([]int, o.Feeds)
	for i := range all {
		all[i], b.printed[i] = i, o.Items
	}
	b.farm.Serve()
	if err := b.print(ctx, all); err != nil {
		_ = b.Close()
		return nil, err
	}
	return b, nil
}

// URLs are the addresses of the feeds, in order.
func (b *BenchRoom) URLs() []string {
	all := make([]string, b.opts.Feeds)
	for i := range all {
		all[i] = fmt.Sprintf("http://%s/f/%d.xml", b.host(i), i)
	}
	return all
}

func (b *BenchRoom) host(feed int) string { return b.farm.Addr(feed % b.opts.Hosts) }

// FeedsYAML is a complete feeds.yaml for the feeds.
func (b *BenchRoom) FeedsYAML() string {
	var s strings.Builder
	s.WriteString("site:\n  title: رافد\n\ndefaults:\n  every: 10m\n  allow_private: true\n\ncategories:\n")
	for _, c := range categories() {
		fmt.Fprintf(&s, "  %s: %s\n", c.slug, c.title)
	}
	s.WriteString("\nsources:\n")
	for i, u := range b.URLs() {
		fmt.Fprintf(&s, "  f%d:\n    url: %s\n    category: %s\n    name: %s\n", i, u, b.press.category(i), b.press.name(i))
	}
	s.WriteString("\noutputs:\n  formats: [atom, rss, json]\n  feeds:\n    all: {}\n    top:\n      min_sources: 3\n    each: [category, source]\n")
	return s.String()
}

// Tick gives a share of the feeds n new items each; the oldest drop out. It returns when all of them are
// being served. Which feeds it takes depends on the seed and the number of the tick.
func (b *BenchRoom) Tick(ctx context.Context, share float64, n int) (feeds int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ticks++
	r := rand.New(rand.NewPCG(uint64(b.opts.Seed), uint64(b.ticks)))
	chosen := r.Perm(b.opts.Feeds)[:int(share*float64(b.opts.Feeds))]
	for _, i := range chosen {
		b.printed[i] += n
	}
	return len(chosen), b.print(ctx, chosen)
}

// Requests tells what all feeds together were asked.
func (b *BenchRoom) Requests() Counts {
	return Counts{
		Total: int(b.total.Load()), Conditional: int(b.cond.Load()),
		NotModified: int(b.same.Load()), Bytes: b.bytes.Load(),
	}
}

// Close stops serving and waits for every goroutine of the room.
func (b *BenchRoom) Close() error { return b.farm.Close() }

// print renders feeds, as many at once as there are cores.
func (b *BenchRoom) print(ctx context.Context, feeds []int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, i := range feeds {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			doc, newest := b.press.feed(i, b.printed[i], "http://"+b.host(i))
			d, err := newDocument([]byte(doc), "application/rss+xml; charset=utf-8", newest, gzip.BestSpeed)
			if err != nil {
				return err
			}
			d.etag = fmt.Sprintf(`"%d-%d"`, i, b.printed[i])
			b.docs[i].Store(d)
			return nil
		})
	}
	return group.Wait()
}

func (b *BenchRoom) handler(hangs bool) http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /f/{name}", func(w http.ResponseWriter, q *http.Request) {
		i, err := strconv.Atoi(strings.TrimSuffix(q.PathValue("name"), ".xml"))
		if err != nil || i < 0 || i >= b.opts.Feeds {
			http.NotFound(w, q)
			return
		}
		b.total.Add(1)
		if conditional(q) {
			b.cond.Add(1)
		}
		delay := b.opts.Latency
		if hangs {
			delay = b.opts.HangFor
		}
		if !wait(q.Context(), delay) || hangs {
			panic(http.ErrAbortHandler) // the connection ends without an answer
		}
		status, sent := b.docs[i].Load().send(w, q, !b.opts.No304)
		if status == http.StatusNotModified {
			b.same.Add(1)
		}
		b.bytes.Add(int64(sent))
	})
	return m
}

// wait passes time; it reports whether ctx outlived it.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
