package manners_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"rafid/cmd/internal/newsroom/manners"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

const polite = "Guest/1 (+http://guest.example)"

func open(t *testing.T, o manners.Options) (*manners.Origin, *clock) {
	t.Helper()
	c := &clock{t: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)}
	o.Now = c.now
	g, err := manners.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g, c
}

func ask(t *testing.T, url, agent, tag string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", agent)
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := c.Do(req)
	if err != nil {
		t.Error(err)
		return &http.Response{}
	}
	_, _ = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	return res
}

func TestAGoodGuest(t *testing.T) {
	t.Parallel()
	g, c := open(t, manners.Options{Hosts: 2, Feeds: 4})
	tags := map[string]string{}
	for round := range 3 {
		for _, u := range g.URLs() {
			res := ask(t, u, polite, tags[u])
			tags[u] = res.Header.Get("Etag")
			c.add(time.Second)
		}
		if round == 1 {
			g.Publish(3)
		}
		c.add(10 * time.Minute)
	}
	if got := g.Complaints(manners.Custom{InFlight: 1, Gap: 2 * time.Second, PerMinute: 2}); len(got) > 0 {
		t.Error(got)
	}
	got := g.Hosts()
	if got[0].Bytes == 0 || got[1].Bytes <= got[0].Bytes {
		t.Errorf("%d and %d bytes: one more document was sent by the second", got[0].Bytes, got[1].Bytes)
	}
	want := []manners.Host{
		{Requests: 6, Conditional: 4, NotModified: 4, Bytes: got[0].Bytes, InFlight: 1, PerMinute: 2, Gap: 2 * time.Second},
		{Requests: 6, Conditional: 4, NotModified: 3, Bytes: got[1].Bytes, InFlight: 1, PerMinute: 2, Gap: 2 * time.Second},
	}
	for i := range got {
		got[i].Addr = ""
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestComplaints(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(g *manners.Origin, c *clock, u []string)
		want []string
	}{
		{"in full twice", func(_ *manners.Origin, c *clock, u []string) {
			ask(t, u[0], polite, "")
			c.add(time.Minute)
			ask(t, u[0], polite, "")
		}, []string{"feed 0: asked for in full a second time, without its validator"}},
		{"another feed's validator", func(_ *manners.Origin, c *clock, u []string) {
			tag := ask(t, u[0], polite, "").Header.Get("Etag")
			c.add(time.Minute)
			ask(t, u[1], polite, tag)
		}, []string{`feed 1: asked for by "feed-0-v0", which is not its validator byte for byte`}},
		{"a validator without its quotes", func(_ *manners.Origin, _ *clock, u []string) {
			ask(t, u[0], polite, "feed-0-v0")
		}, []string{"feed 0: asked for by feed-0-v0, which is not its validator byte for byte"}},
		{"no name", func(_ *manners.Origin, _ *clock, u []string) {
			ask(t, u[0], "", "")
		}, []string{"feed 0: the guest does not give a name"}},
		{"a name without an address", func(_ *manners.Origin, _ *clock, u []string) {
			ask(t, u[0], "Guest/1", "")
		}, []string{`feed 0: the guest's name "Guest/1" has no address`}},
		{"without waiting", func(g *manners.Origin, c *clock, u []string) {
			g.Busy(0, 2*time.Minute)
			if res := ask(t, u[0], polite, ""); res.StatusCode != 429 || res.Header.Get("Retry-After") != "120" {
				t.Errorf("%s, %q", res.Status, res.Header.Get("Retry-After"))
			}
			c.add(90 * time.Second)
			ask(t, u[0], polite, "")
			c.add(31 * time.Second)
			if res := ask(t, u[0], polite, ""); res.StatusCode != 200 {
				t.Error(res.Status)
			}
		}, []string{"feed 0: asked for again 30s before Retry-After was over"}},
		{"too closely", func(_ *manners.Origin, c *clock, u []string) {
			ask(t, u[0], polite, "")
			c.add(time.Millisecond)
			ask(t, u[1], polite, "")
		}, []string{"HOST: a gap of 1ms, want at least 1s"}},
		{"too often", func(_ *manners.Origin, c *clock, u []string) {
			for i := range 4 {
				ask(t, u[i%2], polite, fmt.Sprintf(`"feed-%d-v0"`, i%2))
				c.add(15 * time.Second)
			}
		}, []string{"HOST: 4 requests in a minute, want at most 3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g, c := open(t, manners.Options{Feeds: 2})
			tt.do(g, c, g.URLs())
			got := g.Complaints(manners.Custom{InFlight: 1, Gap: time.Second, PerMinute: 3})
			for i := range got {
				got[i] = strings.Replace(got[i], g.Hosts()[0].Addr, "HOST", 1)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSeveralAtATime(t *testing.T) {
	t.Parallel()
	both := make(chan bool)
	g, _ := open(t, manners.Options{Feeds: 2, Hold: func(ctx context.Context) {
		select { // each request waits for the other
		case both <- true:
		case <-both:
		case <-ctx.Done():
		}
	}})
	var asked sync.WaitGroup
	for _, u := range g.URLs() {
		asked.Go(func() { ask(t, u, polite, "") })
	}
	asked.Wait()
	if got := g.Complaints(manners.Custom{InFlight: 1}); len(got) != 1 || !strings.HasSuffix(got[0], "2 requests at a time, want at most 1") {
		t.Error(got)
	}
}

func TestNoSuchFeed(t *testing.T) {
	t.Parallel()
	g, _ := open(t, manners.Options{Hosts: 2, Feeds: 2})
	first := strings.TrimSuffix(g.URLs()[0], "0.xml")
	for _, path := range []string{"", "9.xml", "-1.xml", "1.xml", "x"} { // 1.xml is on the other host
		if res := ask(t, first+path, polite, ""); res.StatusCode != 404 {
			t.Errorf("/%s: %s", path, res.Status)
		}
	}
	if n := g.Hosts()[0].Requests; n != 0 {
		t.Errorf("%d requests counted", n)
	}
}

func ExampleOpen() {
	g, err := manners.Open(context.Background(), manners.Options{Hosts: 2, Feeds: 6})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer g.Close()
	// … a guest fetches g.URLs() …
	fmt.Println(len(g.URLs()), g.Complaints(manners.Custom{InFlight: 1, Gap: time.Second}))
	// Output: 6 []
}
