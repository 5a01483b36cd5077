package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// outletOf serves a feed whose headlines may be added to.
func outletOf(t *testing.T, first string) (address string, add func(title string)) {
	t.Helper()
	var doc atomic.Pointer[[]byte]
	titles := []string{}
	add = func(title string) {
		titles = append(titles, title)
		b := feed("الواحة", titles...)
		doc.Store(&b)
	}
	add(first)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = w.Write(*doc.Load())
	}))
	t.Cleanup(srv.Close)
	return srv.URL, add
}

// freeAddress gives an address that nobody listens at now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// One Rafid reads another: it finds the other's hub in its feed, subscribes, and has what is new there long
// before it would have asked again.
func TestOurHubPushesToOurReader(t *testing.T) {
	t.Parallel()
	source, add := outletOf(t, "افتتاح مكتبة عامة في حي النخيل")
	dir := t.TempDir()
	upper := write(t, filepath.Join(dir, "upper.yaml"), "defaults: {allow_private: true, every: 1s}\nsources:\n  one: "+source+"\noutputs: {hub: self}\n")
	up := serve(t, "--config", upper, "--data", filepath.Join(dir, "upper"))
	eventually(t, "the first has a story", func() bool { _, body := get(t, up.base+"/feeds/all.atom"); return strings.Contains(body, "مكتبة") })

	at := freeAddress(t)
	lower := write(t, filepath.Join(dir, "lower.yaml"), "site: {url: http://"+at+"}\ndefaults: {allow_private: true, every: 1h}\nsources:\n  upper: "+up.base+"/feeds/all.atom\n")
	down := serve(t, "--config", lower, "--data", filepath.Join(dir, "lower"), "--listen", at)
	subscribed := func() bool {
		b, err := os.ReadFile(filepath.Join(dir, "upper", "websub.json"))
		return err == nil && strings.Contains(string(b), down.base+"/websub/")
	}
	eventually(t, "the second subscribes", subscribed)
	add("سفينة أبحاث ترسو في ميناء الشراع")
	eventually(t, "what is new at the first is at the second", func() bool {
		_, body := get(t, down.base+"/feeds/all.json")
		return strings.Contains(body, "سفينة أبحاث")
	})
}

// The hub is there while the file asks for it, and takes nothing but subscriptions to public feeds.
func TestHubFollowsTheFile(t *testing.T) {
	t.Parallel()
	source, _ := outletOf(t, "افتتاح مكتبة عامة في حي النخيل")
	dir := t.TempDir()
	list := "defaults: {allow_private: true, every: 1h}\nsources:\n  one: " + source + "\n"
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), list)
	s := serve(t, "--config", cfg, "--data", filepath.Join(dir, "data"))
	ask := func(topic string) int {
		res, err := http.PostForm(s.base+"/hub", url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {"http://127.0.0.1:9/"}})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return res.StatusCode
	}
	if status := ask(s.base + "/feeds/all.atom"); status != http.StatusMethodNotAllowed {
		t.Errorf("no hub was asked for: %d", status)
	}
	write(t, cfg, list+"outputs: {hub: self}\n")
	eventually(t, "the hub takes subscriptions", func() bool { return ask(s.base+"/feeds/all.atom") == http.StatusAccepted })
	if status := ask("https://elsewhere.example/feed"); status != http.StatusNotFound {
		t.Errorf("somebody else's feed: %d", status)
	}
	write(t, cfg, list)
	eventually(t, "the hub is gone", func() bool { return ask(s.base+"/feeds/all.atom") == http.StatusMethodNotAllowed })
}

// A hub of others is told, and named in the feeds.
func TestForeignHubIsTold(t *testing.T) {
	t.Parallel()
	told := make(chan url.Values, 100)
	hub := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		told <- r.PostForm
	}))
	t.Cleanup(hub.Close)
	source, add := outletOf(t, "افتتاح مكتبة عامة في حي النخيل")
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), "defaults: {allow_private: true, every: 1s}\nsources:\n  one: "+source+"\noutputs: {hub: "+hub.URL+"}\n")
	s := serve(t, "--config", cfg, "--data", filepath.Join(dir, "data"))
	eventually(t, "there is a story", func() bool { _, body := get(t, s.base+"/feeds/all.rss"); return strings.Contains(body, "مكتبة") })
	if _, body := get(t, s.base+"/feeds/all.rss"); !strings.Contains(body, `rel="hub" href="`+hub.URL) {
		t.Error("the feed does not name the hub")
	}
	add("سفينة أبحاث ترسو في ميناء الشراع")
	eventually(t, "the hub is told of the feed", func() bool {
		select {
		case v := <-told:
			return v.Get("hub.mode") == "publish" && strings.Contains(strings.Join(v["hub.url"], " "), s.base+"/feeds/all.atom")
		default:
			return false
		}
	})
}

// A running server keeps the folder that the file names; one that cannot be written is told and tried again.
func TestStaticFilesOfARunningServer(t *testing.T) {
	t.Parallel()
	source, add := outletOf(t, "افتتاح مكتبة عامة في حي النخيل")
	dir := t.TempDir()
	public := filepath.Join(dir, "public")
	write(t, public, "a file where the folder should be")
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), "defaults: {allow_private: true, every: 1s}\nsources:\n  one: "+source+"\noutputs: {dir: "+public+"}\n")
	s := serve(t, "--config", cfg, "--data", filepath.Join(dir, "data"))
	eventually(t, "the trouble is told", func() bool { _, ok := s.log.find("static files not written"); return ok })
	if err := os.Remove(public); err != nil {
		t.Fatal(err)
	}
	has := func(text string) func() bool {
		return func() bool {
			b, err := os.ReadFile(filepath.Join(public, "feeds", "all.atom"))
			return err == nil && strings.Contains(string(b), text)
		}
	}
	eventually(t, "the folder has the feeds", has("مكتبة"))
	add("سفينة أبحاث ترسو في ميناء الشراع")
	eventually(t, "the folder follows", has("سفينة أبحاث"))
	_, served := get(t, s.base+"/feeds/all.atom")
	if b, err := os.ReadFile(filepath.Join(public, "feeds", "all.atom")); err != nil || string(b) != served {
		t.Errorf("the file is not what is served: %v", err)
	}
	if _, err := os.Stat(filepath.Join(public, "feeds", "all.atom.gz")); err != nil {
		t.Error(err)
	}
}
