package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// published is the items of a channel as JSON Feed tells them.
func published(t *testing.T, base, channel string) (items []struct{ ID, Title, URL string }) {
	t.Helper()
	_, text := get(t, base+"/feeds/"+channel+".json")
	var f struct {
		Items []struct{ ID, Title, URL string }
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatalf("%v: %.200s", err, text)
	}
	return f.Items
}

// An outlet that gives its item another headline changes no reader's list: the item keeps its id and the headline
// under which it was published. What happens next is an item of its own.
func TestARetitleIsNoNewItem(t *testing.T) {
	t.Parallel()
	var doc atomic.Pointer[[]byte]
	set := func(titles ...string) { b := feed("الواحة", titles...); doc.Store(&b) }
	set("افتتاح مكتبة عامة في حي النخيل")
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(*doc.Load()) }))
	t.Cleanup(srv.Close)
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), "defaults: {allow_private: true, every: 1s}\nsources:\n  one: "+srv.URL+"\n")
	s := serve(t, "--config", cfg, "--data", filepath.Join(dir, "data"))
	eventually(t, "the story is published", func() bool { return len(published(t, s.base, "all")) == 1 })
	first := published(t, s.base, "all")[0]

	set("الوالي يفتتح مكتبة النخيل بحضور كتّاب ورسامين")
	eventually(t, "the edit is taken", func() bool {
		_, body := get(t, s.base+"/feeds/all.json")
		return strings.Contains(body, "كتّاب ورسامين")
	})
	if now := published(t, s.base, "all"); len(now) != 1 || now[0] != first {
		t.Errorf("after a retitle: %+v, before %+v", now, first)
	}
	set("الوالي يفتتح مكتبة النخيل بحضور كتّاب ورسامين", "سفينة أبحاث ترسو في ميناء الشراع", "إغلاق مكتبة النخيل شهرًا بسبب تسرب مياه")
	eventually(t, "what happened next is published", func() bool { return len(published(t, s.base, "all")) == 3 })
	for _, it := range published(t, s.base, "all") {
		if (it.ID == first.ID) != (it.URL == first.URL) || it.ID == first.ID && it.Title != first.Title {
			t.Errorf("%+v took the place of %+v", it, first)
		}
	}
}

// Two processes on the same store serve the same bytes under the same validators, whatever each has been through.
func TestTwoProcessesServeTheSameBytes(t *testing.T) {
	t.Parallel()
	o := newOrigin(t, map[string][]byte{
		"/one": feed("الواحة", "افتتاح مكتبة عامة في حي النخيل", "سوق أسبوعية للكتب المستعملة"),
		"/two": feed("المرسى", "افتتاح مكتبة عامة في حي النخيل", "سفينة أبحاث ترسو في ميناء الشراع")})
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), `
site: {url: https://news.example.org}
defaults: {allow_private: true}
sources:
  one: `+o.URL+`/one
  two: `+o.URL+`/two
outputs:
  hub: self
  feeds:
    all: {}
    books: {words: [مكتبة, كتب]}
    reports: {scope: source, words: [مكتبة, سفينة]}
    days: {digest: "0 7 * * *"}
    each: [category, source]
`)
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	if r := execute(t.Context(), t, "once", "--config", cfg, "--data", one); r.code != 0 {
		t.Fatalf("exit %d\n%s", r.code, r.stderr)
	}
	if err := os.CopyFS(two, os.DirFS(one)); err != nil {
		t.Fatal(err)
	}
	if r := execute(t.Context(), t, "replay", "--since", "1h", "--near", "0.5", "--config", cfg, "--data", two); r.code != 0 {
		t.Fatalf("exit %d\n%s", r.code, r.stderr)
	}
	o.Close()
	a, b := serve(t, "--config", cfg, "--data", one), serve(t, "--config", cfg, "--data", two)
	for _, channel := range []string{"all", "books", "reports", "days", "other", "source-one", "source-two"} {
		for _, ext := range []string{"atom", "rss", "json", "opml"} {
			path := "/feeds/" + channel + "." + ext
			etag, body := validated(t, a.base+path, "")
			etag2, body2 := validated(t, b.base+path, "")
			if etag != etag2 || body != body2 || !strings.HasPrefix(etag, `"`) {
				t.Errorf("%s: %s and %s, the same bytes: %v", path, etag, etag2, body == body2)
			}
		}
	}
	if n := len(published(t, a.base, "books")); n == 0 {
		t.Error("nothing was compared")
	}
	if n, m := len(published(t, a.base, "reports")), len(published(t, a.base, "all")); n < 3 || n < m {
		t.Errorf("%d reports told apart, %d stories", n, m)
	}
}
