package websub

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func newPinger(t *testing.T, w http.RoundTripper) *Pinger {
	t.Helper()
	p, err := NewPinger("", w, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { p.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return p
}

func TestPingTellsWhatChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &web{}
		p := newPinger(t, w)
		begun := time.Now()
		p.Changed("https://hub.example/", []string{"https://news.example/b", "https://news.example/a"})
		p.Changed("https://other.example/", []string{"https://news.example/a"})
		synctest.Wait()
		p.Changed("https://hub.example/", []string{"https://news.example/a"}) // within ten seconds: later
		time.Sleep(time.Minute)
		synctest.Wait()
		got := map[string][]string{}
		for _, r := range w.asked {
			got[r.url] = append(got[r.url], fmt.Sprintf("%s %s after %s", r.header.Get("User-Agent"), r.body, r.at.Sub(begun)))
		}
		a, b := url.QueryEscape("https://news.example/a"), url.QueryEscape("https://news.example/b")
		want := map[string][]string{
			"https://hub.example/": {"Rafid hub.mode=publish&hub.url=" + a + "&hub.url=" + b + " after 0s",
				"Rafid hub.mode=publish&hub.url=" + a + " after 10s"},
			"https://other.example/": {"Rafid hub.mode=publish&hub.url=" + a + " after 0s"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestPingIsRepeatedUntilItIsHeard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		w := &web{}
		w.answers(func(*http.Request, string) (int, string) {
			tries++
			return []int{0, 500, 204}[tries-1], ""
		})
		p := newPinger(t, w)
		p.Changed("https://hub.example/", []string{"https://news.example/a"})
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if tries != 3 || w.asked[2].body != w.asked[0].body || w.asked[2].at.Sub(w.asked[0].at) != 150*time.Second {
			t.Errorf("%d tries", tries)
		}
	})
}

func TestLongListsArePinged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &web{}
		p := newPinger(t, w)
		var topics []string
		for i := range 250 {
			topics = append(topics, fmt.Sprintf("https://news.example/%03d", i))
		}
		p.Changed("https://hub.example/", topics)
		synctest.Wait()
		told := map[string]bool{}
		for _, r := range w.asked {
			for _, u := range must(url.ParseQuery(r.body))["hub.url"] {
				told[u] = true
			}
		}
		if len(w.asked) != 3 || len(told) != 250 {
			t.Errorf("%d requests told of %d feeds", len(w.asked), len(told))
		}
	})
}

// ExampleHub is a reader that subscribes and is told.
func ExampleHub() {
	const feed = "https://news.example/feeds/all.atom"
	site := func(_ context.Context, topic string) ([]byte, string, error) {
		return []byte("<feed/>"), "application/atom+xml", nil
	}
	news := make(chan string)
	reader := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if challenge := r.FormValue("hub.challenge"); challenge != "" {
			fmt.Fprint(w, challenge) // yes, it was me
			return
		}
		news <- r.Header.Get("Content-Type")
	}))
	defer reader.Close()

	hub, err := New(Options{Fetch: site, Address: func() string { return "https://news.example/hub" }, AllowPrivate: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { hub.Run(ctx); close(done) }()
	status, _ := ask(hub, "hub.mode", "subscribe", "hub.topic", feed, "hub.callback", reader.URL)
	for hub.size() == 0 {
		runtime.Gosched()
	}
	hub.Changed([]string{feed})
	fmt.Println(status, <-news)
	stop()
	<-done
	// Output: 202 application/atom+xml
}
