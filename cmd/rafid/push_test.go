package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rafid"
	"rafid/cmd/internal/newsroom"
	"rafid/fetch"
)

// hubbed serves a feed that names a hub.
func hubbed(t *testing.T, hub *newsroom.Hub, doc func() []byte) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", fmt.Sprintf(`<%s>; rel="hub", <http://%s%s>; rel="self"`, hub.URL(), r.Host, r.URL.Path))
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = w.Write(doc())
	}))
	t.Cleanup(srv.Close)
	return srv
}

func openHub(t *testing.T, o newsroom.HubOptions) *newsroom.Hub {
	t.Helper()
	hub, err := newsroom.OpenHub(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := hub.Close(); err != nil {
			t.Error(err)
		}
	})
	return hub
}

// A hub that a feed names is asked to push; what it pushes is published although polling would not have
// brought it; a source that is taken out of the list ends its subscription. What is forged changes nothing.
func TestHubsPush(t *testing.T) {
	t.Parallel()
	first, second := "افتتاح مكتبة عامة في حي النخيل", "سفينة أبحاث ترسو في ميناء الشراع"
	for _, c := range []struct {
		name   string
		opts   newsroom.HubOptions
		pushed bool
	}{
		{"sha256", newsroom.HubOptions{}, true},
		{"sha1", newsroom.HubOptions{Sign: "sha1"}, true},
		{"sha512, a lease of a minute", newsroom.HubOptions{Sign: "sha512", Lease: time.Minute}, true},
		{"forged", newsroom.HubOptions{Forge: true}, false},
		{"not signed", newsroom.HubOptions{Sign: "none"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			hub := openHub(t, c.opts)
			srv := hubbed(t, hub, func() []byte { return feed("الواحة", first) })
			dir := t.TempDir()
			list := func(site, sources string) string {
				return site + "defaults: {allow_private: true, every: 1s}\nsources:\n" + sources
			}
			one := "  one: " + srv.URL + "/one\n"
			cfg := write(t, filepath.Join(dir, "feeds.yaml"), list("", one))
			data := filepath.Join(dir, "data")
			s := serve(t, "--config", cfg, "--data", data)
			write(t, cfg, list("site: {url: "+s.base+"}\n", one))
			eventually(t, "the hub has a subscriber", func() bool { return hub.Subscribers(srv.URL+"/one") == 1 })
			statuses, err := hub.Publish(t.Context(), srv.URL+"/one", "application/rss+xml", feed("الواحة", first, second))
			if err != nil || len(statuses) != 1 || statuses[0] != http.StatusAccepted {
				t.Fatalf("%v, %v", statuses, err)
			}
			has := func() bool { _, body := get(t, s.base+"/feeds/all.json"); return strings.Contains(body, second) }
			if c.pushed {
				eventually(t, "what was pushed is published", has)
			} else {
				eventually(t, "the forgery is told", func() bool { _, ok := s.log.find("a push without a right signature"); return ok })
				if has() {
					t.Error("what was forged is published")
				}
			}
			write(t, cfg, list("site: {url: "+s.base+"}\n", "  two: "+srv.URL+"/two\n"))
			eventually(t, "one subscription has ended and another begun", func() bool {
				return hub.Subscribers(srv.URL+"/one") == 0 && hub.Subscribers(srv.URL+"/two") == 1
			})
			if r := s.stop(); r.code != 0 {
				t.Error(r)
			}
			st := remembered(t, data, "two", nil)
			if st.Push.Token == "" || strings.Contains(s.log.String(), st.Push.Secret) || strings.Contains(s.log.String(), st.Push.Token) {
				t.Errorf("the subscription of the other source is %+v", st.Push)
			}
		})
	}
}

// A subscription outlives a restart: the hub is not asked again, and its deliveries find their source.
func TestSubscriptionsOutliveARestart(t *testing.T) {
	t.Parallel()
	hub := openHub(t, newsroom.HubOptions{})
	srv := hubbed(t, hub, func() []byte { return feed("الواحة", "افتتاح مكتبة عامة في حي النخيل") })
	dir := t.TempDir()
	cfg, data := filepath.Join(dir, "feeds.yaml"), filepath.Join(dir, "data")
	list := "defaults: {allow_private: true, every: 1s}\nsources:\n  one: " + srv.URL + "/one\n"
	write(t, cfg, list)
	s := serve(t, "--config", cfg, "--data", data, "--log-level", "debug")
	write(t, cfg, "site: {url: "+s.base+"}\n"+list)
	eventually(t, "the hub has a subscriber", func() bool { _, ok := s.log.find("the hub was asked to push"); return ok })
	listen := strings.TrimPrefix(s.base, "http://")
	s.stop()
	again := serve(t, "--config", cfg, "--data", data, "--listen", listen)
	const late = "سوق أسبوعية للكتب المستعملة"
	if statuses, err := hub.Publish(t.Context(), srv.URL+"/one", "application/rss+xml", feed("الواحة", "افتتاح مكتبة عامة في حي النخيل", late)); err != nil || len(statuses) != 1 || statuses[0] != http.StatusAccepted {
		t.Fatalf("%v, %v", statuses, err)
	}
	eventually(t, "what was pushed is published", func() bool { _, body := get(t, again.base+"/feeds/all.json"); return strings.Contains(body, late) })
	if n := len(hub.Asks()); n != 1 {
		t.Errorf("the hub was asked %d times", n)
	}
}

// Hubs that deny or refuse leave the source to polling, and are not pestered.
func TestHubsThatDoNotPush(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]newsroom.HubOptions{"denies": {Deny: true}, "refuses": {Refuse: http.StatusForbidden}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hub := openHub(t, o)
			titles := []string{"افتتاح مكتبة عامة في حي النخيل"}
			srv := hubbed(t, hub, func() []byte { return feed("الواحة", titles...) })
			dir := t.TempDir()
			cfg := write(t, filepath.Join(dir, "feeds.yaml"), "site: {url: http://127.0.0.1:9}\ndefaults: {allow_private: true, every: 1s}\nsources:\n  one: "+srv.URL+"/one\n")
			data := filepath.Join(dir, "data")
			s := serve(t, "--config", cfg, "--data", data)
			eventually(t, "the hub is asked", func() bool { return len(hub.Asks()) > 0 })
			eventually(t, "the source is polled on", func() bool {
				_, m := get(t, s.admin+"/metrics")
				return strings.Contains(m, `rafid_passes_total{outcome="same",source="one"} 3`)
			})
			s.stop()
			if n := len(hub.Asks()); n != 1 {
				t.Errorf("asked %d times", n)
			}
			if st := remembered(t, data, "one", nil); st.Push.Asked.IsZero() || !st.Push.Until.IsZero() {
				t.Errorf("%+v", st.Push)
			}
		})
	}
}

// The desk keeps to what is in force.
func TestPushes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	d := newPushes(func() time.Time { return now }, []rafid.SourceState{{Source: "a", Push: rafid.Push{Token: "ta", Until: now.Add(time.Hour)}}, {Source: "b"}})
	if p, wanted, ok := d.Subscription("ta"); !ok || !wanted || p.Token != "ta" {
		t.Errorf("%+v %v %v", p, wanted, ok)
	}
	for range 2 {
		d.polled("a", 1)
	}
	d.polled("a", 0)
	d.polled("b", 5)
	if p := d.save("a"); p.Missed != 2 || d.isUnsaved("a") {
		t.Errorf("%+v", p)
	}
	d.delivered("a")
	if d.get("a").Missed != 0 || !d.isUnsaved("a") || d.isUnsaved("b") {
		t.Error("a delivery does not count")
	}
	for i := range pushedRoom + 1 {
		if got := d.Pushed("ta", fetch.Delivery{}); got != (i < pushedRoom) {
			t.Errorf("delivery %d is taken: %v", i, got)
		}
	}
	d.set("a", rafid.Push{Token: "tb"})
	if _, _, ok := d.Subscription("ta"); ok {
		t.Error("an exchanged subscription is known still")
	}
	d.drop("a")
	if _, wanted, ok := d.Subscription("tb"); !ok || wanted || !d.Pushed("tb", fetch.Delivery{}) {
		t.Error("one that is being ended is not known to its hub")
	}
	d.Agreed("tb", 0)
	if _, _, ok := d.Subscription("tb"); ok || d.get("a") != (rafid.Push{}) {
		t.Error("one that has ended is known still")
	}
}
