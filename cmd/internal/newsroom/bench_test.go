package newsroom_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"rafid/cmd/internal/newsroom"
)

func bench(t testing.TB, o newsroom.BenchOptions) *newsroom.BenchRoom {
	t.Helper()
	b, err := newsroom.Bench(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func guids(t *testing.T, data []byte) []string {
	t.Helper()
	f, err := gofeed.NewParser().Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, i := range f.Items {
		if i.PublishedParsed == nil || i.PublishedParsed.After(time.Now()) {
			t.Errorf("%s is dated %s", i.GUID, i.Published)
		}
		all = append(all, i.GUID)
	}
	return all
}

func TestBenchServesWhatItSays(t *testing.T) {
	t.Parallel()
	b := bench(t, newsroom.BenchOptions{Feeds: 12, Items: 5, Hosts: 3})
	urls := b.URLs()
	if len(urls) != 12 {
		t.Fatalf("%d addresses", len(urls))
	}
	hosts := map[string]bool{}
	for _, u := range urls {
		hosts[strings.Split(u, "/")[2]] = true
		if !strings.Contains(b.FeedsYAML(), u+"\n") {
			t.Errorf("feeds.yaml lacks %s", u)
		}
	}
	if len(hosts) != 3 {
		t.Errorf("%d hosts", len(hosts))
	}
	res, data := get(t, urls[4])
	want := []string{"bench-4-4", "bench-4-3", "bench-4-2", "bench-4-1", "bench-4-0"}
	if d := cmp.Diff(want, guids(t, data)); d != "" {
		t.Error(d)
	}
	if again, _ := get(t, urls[4], "If-None-Match", res.Header.Get("Etag")); again.StatusCode != 304 {
		t.Errorf("status %d, want 304", again.StatusCode)
	}
	if missing, _ := get(t, strings.Replace(urls[4], "4.xml", "99.xml", 1)); missing.StatusCode != 404 {
		t.Errorf("status %d, want 404", missing.StatusCode)
	}
	got := b.Requests()
	got.Bytes = 0
	if d := cmp.Diff(newsroom.Counts{Total: 2, Conditional: 1, NotModified: 1}, got); d != "" {
		t.Error(d)
	}
}

func TestTickBringsNewItems(t *testing.T) {
	t.Parallel()
	b := bench(t, newsroom.BenchOptions{Feeds: 10, Items: 4, Hosts: 2})
	before := map[string]string{}
	for _, u := range b.URLs() {
		res, _ := get(t, u)
		before[u] = res.Header.Get("Etag")
	}
	n, err := b.Tick(t.Context(), 0.3, 2)
	if err != nil || n != 3 {
		t.Fatalf("%d feeds, %v", n, err)
	}
	changed := 0
	for i, u := range b.URLs() {
		res, data := get(t, u, "If-None-Match", before[u])
		if res.StatusCode != 200 {
			continue
		}
		changed++
		var want []string
		for k := 5; k >= 2; k-- {
			want = append(want, fmt.Sprintf("bench-%d-%d", i, k))
		}
		if d := cmp.Diff(want, guids(t, data)); d != "" {
			t.Error(d)
		}
	}
	if changed != 3 {
		t.Errorf("%d feeds changed", changed)
	}
}

func TestNo304AnswersInFull(t *testing.T) {
	t.Parallel()
	b := bench(t, newsroom.BenchOptions{No304: true})
	res, _ := get(t, b.URLs()[0])
	if res, _ = get(t, b.URLs()[0], "If-None-Match", res.Header.Get("Etag")); res.StatusCode != http.StatusOK {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestHangingHostsSayNothing(t *testing.T) {
	t.Parallel()
	b := bench(t, newsroom.BenchOptions{Feeds: 4, Hosts: 4, HangShare: 0.25, HangFor: time.Millisecond})
	silent := 0
	for _, u := range b.URLs() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client().Do(req)
		if err != nil {
			silent++
			continue
		}
		res.Body.Close()
	}
	if silent != 1 {
		t.Errorf("%d of 4 hosts hang", silent)
	}
}

// BenchmarkOpen is what a benchmark pays before it begins: nothing of it is measured beside the reader.
func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		r, err := newsroom.Bench(b.Context(), newsroom.BenchOptions{Feeds: 1000, Items: 30, Hosts: 200})
		if err != nil {
			b.Fatal(err)
		}
		if err := r.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleBench() {
	room, err := newsroom.Bench(context.Background(), newsroom.BenchOptions{Feeds: 100, Items: 3, Hosts: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer room.Close()
	n, err := room.Tick(context.Background(), 0.1, 3)
	fmt.Println(len(room.URLs()), n, err)
	// Output: 100 10 <nil>
}
