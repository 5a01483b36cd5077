package main

import (
	"container/heap"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"rafid"
	"rafid/cmd/internal/newsroom/manners"
	"rafid/fetch"
)

// turn is the next time of a feed in a simulated week.
type turn struct {
	at   time.Time
	feed int
}

type turns []turn

func (t turns) Len() int           { return len(t) }
func (t turns) Less(i, j int) bool { return t[i].at.Before(t[j].at) }
func (t turns) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *turns) Push(x any)        { *t = append(*t, x.(turn)) }
func (t *turns) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}

// TestWeekOfManners asks an origin that counts for as long as a week, by the schedule and on a clock of its own:
// twenty-four feeds on four hosts, each with a new item every two hours, one host with feeds that are busy now
// and then. The origin has nothing to complain of. With RAFID_ALL it is a week, otherwise a day; the table is
// that of docs/operating.md:
//
//	RAFID_ALL=1 go test -v -run WeekOfManners ./cmd/rafid
func TestWeekOfManners(t *testing.T) {
	t.Parallel()
	days := 1
	if os.Getenv("RAFID_ALL") != "" {
		days = 7
	}
	now := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	end := now.Add(time.Duration(days) * 24 * time.Hour)
	clock := func() time.Time { return now }
	g, err := manners.Open(t.Context(), manners.Options{Hosts: 4, Feeds: 24, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	c := fetch.New(fetch.Options{UserAgent: "Rafid/test (+https://news.example.org)", Now: clock})
	t.Cleanup(c.Close)

	urls := g.URLs()
	states := make([]rafid.SourceState, len(urls))
	plans := make([]cron.Schedule, len(urls))
	var next turns
	for i := range urls {
		plans[i] = spread(source(t, fmt.Sprintf("f%d", i), "10m"))
		heap.Push(&next, turn{plans[i].Next(now), i})
	}
	published, busy := now, now
	for next[0].at.Before(end) {
		n := next[0]
		now = n.at
		for ; published.Before(now); published = published.Add(5 * time.Minute) {
			g.Publish(int(published.Unix()/300) % len(urls))
		}
		for ; busy.Before(now); busy = busy.Add(6 * time.Hour) {
			g.Busy(3, 90*time.Minute)
			g.Busy(7, 20*time.Minute)
		}
		tg := fetch.Target{Source: rafid.Source{ID: fmt.Sprintf("f%d", n.feed), URL: urls[n.feed]}, AllowPrivate: true}
		res, _ := c.Fetch(t.Context(), tg, states[n.feed]) // a refusal is in the state
		states[n.feed] = res.State
		next[0].at = plans[n.feed].Next(now)
		heap.Fix(&next, 0)
	}
	for _, complaint := range g.Complaints(manners.Custom{InFlight: 1, PerMinute: 6}) {
		t.Error(complaint)
	}
	t.Log(mannersTable(t, g.Hosts(), days))
}

func mannersTable(t *testing.T, hosts []manners.Host, days int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("\n| host | requests | conditional | answered 304 | told to wait | kB a day | most in a minute |\n|---|---|---|---|---|---|---|\n")
	for i, h := range hosts {
		fmt.Fprintf(&b, "| %d | %d | %.1f %% | %.1f %% | %d | %.0f | %d |\n", i+1, h.Requests, 100*float64(h.Conditional)/float64(h.Requests),
			100*float64(h.NotModified)/float64(h.Requests), h.Busy, float64(h.Bytes)/1024/float64(days), h.PerMinute)
		if h.Conditional < h.Requests*97/100 {
			t.Errorf("host %d: %d of %d requests are conditional", i+1, h.Conditional, h.Requests)
		}
	}
	return b.String()
}
