package newsroom_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"go.uber.org/goleak"

	"rafid/cmd/internal/newsroom"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a clock that tests turn.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: start} }

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

var start = time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC)

func open(t *testing.T, c *clock, o newsroom.Options) *newsroom.Room {
	t.Helper()
	o.Start, o.Now = start, c.now
	r, err := newsroom.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// client keeps no connection, so that nothing is left over when a test ends.
func client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}
}

// get fetches a document; header is pairs of names and values.
func get(t *testing.T, url string, header ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, data
}

// readable tells whether a plain gofeed can read an outlet's feed: all but those that need mending.
func readable(o newsroom.Outlet) bool {
	return o.Wart != "broken" && o.Wart != "mislabelled"
}

func TestFeedsAreWhatTruthSays(t *testing.T) {
	t.Parallel()
	c := newClock()
	r := open(t, c, newsroom.Options{})
	c.add(10 * time.Minute)
	titles := map[string]string{}
	for _, item := range r.Truth() {
		titles[item.GUID] = item.Title
	}
	for _, o := range r.Outlets() {
		_, data := get(t, o.URL)
		if !readable(o) {
			continue
		}
		f, err := gofeed.NewParser().Parse(bytes.NewReader(data))
		if err != nil {
			t.Errorf("%s: %v", o.ID, err)
			continue
		}
		if len(f.Items) < 5 || len(f.Items) > 30 {
			t.Errorf("%s: %d items", o.ID, len(f.Items))
		}
		for _, item := range f.Items {
			guid := item.GUID
			if o.Kind == "rdf" {
				guid = item.DublinCoreExt.Identifier[0]
			}
			if want := titles[guid]; o.Wart != "twice" && item.Title != want {
				t.Errorf("%s: %s is %q, want %q", o.ID, guid, item.Title, want)
			}
			if item.PublishedParsed == nil && o.Wart != "nodates" && o.Wart != "arabicdates" {
				t.Errorf("%s: %s has no date", o.ID, guid)
			}
			if item.PublishedParsed != nil && item.PublishedParsed.After(c.now()) {
				t.Errorf("%s: %s is of the future: %v", o.ID, guid, item.PublishedParsed)
			}
			if item.Description == "" {
				t.Errorf("%s: %s has no description", o.ID, guid)
			}
		}
	}
}

func TestUnchangedFeedIsNotSentAgain(t *testing.T) {
	t.Parallel()
	c := newClock()
	r := open(t, c, newsroom.Options{})
	o := r.Outlets()[0]
	res, plain := get(t, o.URL)
	for _, tt := range []struct {
		name   string
		header []string
		want   int
	}{
		{"the same entity tag", []string{"If-None-Match", res.Header.Get("Etag")}, 304},
		{"another entity tag", []string{"If-None-Match", `"0"`}, 200},
		{"the same date", []string{"If-Modified-Since", res.Header.Get("Last-Modified")}, 304},
		{"an older date", []string{"If-Modified-Since", "Mon, 02 Jan 2006 15:04:05 GMT"}, 200},
		{"another tag goes before the same date", []string{"If-None-Match", `"0"`, "If-Modified-Since", res.Header.Get("Last-Modified")}, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			again, body := get(t, o.URL, tt.header...)
			if again.StatusCode != tt.want {
				t.Errorf("status %d, want %d", again.StatusCode, tt.want)
			}
			if tt.want == 304 && len(body) > 0 {
				t.Errorf("304 with %d bytes", len(body))
			}
		})
	}
	if zipped, body := get(t, o.URL, "Accept-Encoding", "gzip"); zipped.Header.Get("Content-Encoding") != "gzip" {
		t.Error("not compressed")
	} else if z, err := gzip.NewReader(bytes.NewReader(body)); err != nil {
		t.Error(err)
	} else if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("compressed %d bytes differ from %d plain ones: %v", len(got), len(plain), err)
	}
	want := newsroom.Counts{Total: 7, Conditional: 5, NotModified: 2}
	got := r.Requests()[o.ID]
	got.Bytes = 0
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	c.add(5 * time.Minute)
	if res, _ := get(t, o.URL, "If-None-Match", res.Header.Get("Etag")); res.StatusCode != 200 {
		t.Errorf("five minutes later: status %d", res.StatusCode)
	}
}

func TestTheSameStartIsTheSameWorld(t *testing.T) {
	t.Parallel()
	truths := make([]map[string]newsroom.TruthItem, 2)
	for i := range truths {
		c := newClock()
		r := open(t, c, newsroom.Options{})
		for range []int{1, 2, 3}[:1+2*i] { // reading on the way changes nothing
			c.add(20 * time.Minute / time.Duration(1+2*i))
			r.Truth()
		}
		truths[i] = map[string]newsroom.TruthItem{}
		for _, item := range r.Truth() {
			item.Link = item.Link[strings.LastIndex(item.Link, ":"):][6:] // without the port
			truths[i][item.GUID] = item
		}
	}
	if d := cmp.Diff(truths[0], truths[1]); d != "" {
		t.Error(d)
	}
}

// An hour of the world: no guid twice, and all that Truth says of relations holds together.
func TestTruthHoldsTogether(t *testing.T) {
	t.Parallel()
	c := newClock()
	r := open(t, c, newsroom.Options{})
	c.add(time.Hour)
	guids := map[string]bool{}
	opened := map[string]newsroom.Relation{}
	outlets := map[string]map[string]bool{}
	byRelation := map[newsroom.Relation]int{}
	live := 0
	for _, item := range r.Truth() {
		if guids[item.Outlet+item.GUID] {
			t.Errorf("guid twice: %s %s", item.Outlet, item.GUID)
		}
		guids[item.Outlet+item.GUID] = true
		byRelation[item.Relation]++
		if item.At.After(start) {
			live++
		}
		first, known := opened[item.Event]
		if !known {
			opened[item.Event] = item.Relation
			outlets[item.Event] = map[string]bool{}
		}
		if outlets[item.Event][item.Outlet] {
			t.Errorf("%s reports %s twice", item.Outlet, item.Event)
		}
		outlets[item.Event][item.Outlet] = true
		opens := item.Relation == newsroom.Lead || item.Relation == newsroom.Follow || item.Relation == newsroom.Series
		if opens == known {
			t.Errorf("%s: %s after %q", item.Event, item.Relation, first)
		}
		if item.Of != "" && item.Relation != newsroom.Series && opened[item.Of] != newsroom.Lead {
			t.Errorf("%s follows %s, which nobody reported", item.Event, item.Of)
		}
		if strings.ContainsAny(item.Title, "{}|") {
			t.Errorf("unfinished title %q", item.Title)
		}
	}
	if live < 1500 || live > 2600 { // about one in two seconds
		t.Errorf("%d items in an hour", live)
	}
	for _, rel := range []newsroom.Relation{newsroom.Lead, newsroom.Copy, newsroom.Same, newsroom.Follow, newsroom.Series} {
		if byRelation[rel] == 0 {
			t.Errorf("no %s", rel)
		}
	}
}

// In the first half minute, groups grow to three outlets before the eyes of the watcher.
func TestGroupsGrowInHalfAMinute(t *testing.T) {
	t.Parallel()
	c := newClock()
	r := open(t, c, newsroom.Options{})
	c.add(30 * time.Second)
	outlets := map[string]int{}
	items := 0
	for _, item := range r.Truth() {
		if item.At.After(start) {
			outlets[item.Event]++
			items++
		}
	}
	grown := 0
	for _, n := range outlets {
		if n >= 3 {
			grown++
		}
	}
	if items < 10 || grown < 2 {
		t.Errorf("%d items, %d groups of three outlets", items, grown)
	}
}

func ExampleOpen() {
	ctx := context.Background()
	start := time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC)
	room, err := newsroom.Open(ctx, newsroom.Options{Start: start, Now: func() time.Time { return start.Add(time.Minute) }})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer room.Close()
	for _, o := range room.Outlets()[:3] {
		fmt.Println(o.ID, o.Name, o.Kind)
	}
	// Output:
	// sununu وكالة سنونو للأنباء rss
	// hibr جريدة حبر القصب rss
	// sahil ساحل النوارس atom
}
