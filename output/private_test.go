package output

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rafid"
)

const key = "k3y-of_the-newsroom-2026"

func privateOptions() Options {
	o := worldOptions()
	o.Hub = "https://hub.example/"
	o.Channels = append(o.Channels, rafid.Channel{Name: "desk", Title: "مكتب التحرير", Token: key, Query: rafid.Query{Max: 2}})
	return o
}

func TestPrivateChannelIsKnownByItsToken(t *testing.T) {
	t.Parallel()
	h := publisher(t, privateOptions(), world()).Handler()
	unknown := get(t, h, "GET", "/feeds/nothing.atom")
	unknownBody := body(t, unknown)
	for name, at := range map[string]string{
		"no token": "/feeds/desk.atom", "an empty token": "/feeds/desk.atom?token=", "another token": "/feeds/desk.atom?token=0123456789abcdef",
		"the beginning of it": "/feeds/desk.atom?token=" + key[:20], "more than it": "/feeds/desk.atom?token=" + key + "x",
		"its sources": "/feeds/desk.opml", "an older page": "/feeds/desk.before-1795000000000000.atom",
	} {
		r := get(t, h, "GET", at)
		if text := body(t, r); r.StatusCode != 404 || strings.ReplaceAll(text, "desk", "nothing") != unknownBody && at == "/feeds/desk.atom" ||
			strings.Contains(text, "مكتب") || r.Header.Get("Cache-Control") != unknown.Header.Get("Cache-Control") {
			t.Errorf("%s: %d, other than for what is not there", name, r.StatusCode)
		}
	}
	for _, ext := range []string{"atom", "rss", "json", "opml"} {
		r := get(t, h, "GET", "/feeds/desk."+ext+"?token="+key)
		text := body(t, r)
		if cc := r.Header.Get("Cache-Control"); r.StatusCode != 200 || !strings.HasPrefix(cc, "private") || r.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %d %q", ext, r.StatusCode, r.Header)
		}
		if strings.Contains(text, "hub.example") || r.Header.Get("Link") != "" {
			t.Errorf("%s of a private channel names the hub", ext)
		}
		if ext != "opml" && !strings.Contains(text, "/feeds/desk."+ext+"?token="+key) {
			t.Errorf("%s does not give its own address", ext)
		}
	}
}

func TestPrivateChannelHasOlderPages(t *testing.T) {
	t.Parallel()
	h := publisher(t, privateOptions(), world()).Handler()
	seen := map[string]bool{}
	at := "/feeds/desk.atom?token=" + key
	for pages := 0; at != "" && pages < 10; pages++ {
		r := get(t, h, "GET", at)
		text := body(t, r)
		if r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Cache-Control"), "private") {
			t.Fatalf("%s: %d %s", at, r.StatusCode, r.Header.Get("Cache-Control"))
		}
		for _, it := range parsed(t, text).Items {
			seen[it.GUID] = true
		}
		_, rest, _ := strings.Cut(text, `rel="next" type="application/atom+xml" href="https://news.example.org`)
		at, _, _ = strings.Cut(rest, `"`)
	}
	if len(seen) != 6 {
		t.Errorf("%d stories on all pages, want 6", len(seen))
	}
}

// TestPrivateChannelIsNamedNowhere shows that no page, list or file tells of it, and that a browser that has
// the token gets links that have it too.
func TestPrivateChannelIsNamedNowhere(t *testing.T) {
	t.Parallel()
	p := publisher(t, privateOptions(), world())
	h := p.Handler()
	for _, at := range []string{"/", "/subscribe", "/opml.xml", "/sitemap.xml", "/robots.txt", "/status", "/status.json", "/none", "/search"} {
		if text := body(t, get(t, h, "GET", at)); strings.Contains(text, "desk") || strings.Contains(text, "مكتب") || strings.Contains(text, key) {
			t.Errorf("%s names the private channel", at)
		}
	}
	dir := t.TempDir()
	if _, err := p.WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "feeds", "desk*")); len(found) > 0 {
		t.Errorf("written as files: %v", found)
	}
	for name, text := range tree(t, dir) {
		if strings.Contains(text, key) {
			t.Errorf("%s tells the token", name)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "feeds", "all.atom")); err != nil {
		t.Error(err)
	}
	r := get(t, h, "GET", "/feeds/desk.atom?token="+key, "Sec-Fetch-Dest: document")
	if text := body(t, r); r.Header.Get("Cache-Control") != "no-store" || !strings.Contains(text, "/feeds/desk.rss?token="+key) ||
		!strings.Contains(text, "token="+key+"&amp;raw") {
		t.Errorf("the page for a browser: %q", r.Header)
	}
}

func TestHubIsNamed(t *testing.T) {
	t.Parallel()
	o := privateOptions()
	h := publisher(t, o, world()).Handler()
	for ext, want := range map[string]string{
		"atom": `<link rel="hub" href="https://hub.example/"`,
		"rss":  `<atom:link rel="hub" href="https://hub.example/"`,
		"json": `"hubs":[{"type":"WebSub","url":"https://hub.example/"}]`,
	} {
		r := get(t, h, "GET", "/feeds/all."+ext)
		if text := body(t, r); !strings.Contains(text, want) {
			t.Errorf("%s names no hub", ext)
		}
		if want := `<https://hub.example/>; rel="hub", <https://news.example.org/feeds/all.` + ext + `>; rel="self"`; r.Header.Get("Link") != want {
			t.Errorf("%s: Link %q, want %q", ext, r.Header.Get("Link"), want)
		}
	}
	for _, at := range []string{"/s/g1port.atom", "/feeds/all.before-1795000000000000.atom", "/feeds/search.atom?q=x", "/feeds/all.opml"} {
		if r := get(t, h, "GET", at); r.StatusCode != 200 || strings.Contains(body(t, r), "hub.example") || r.Header.Get("Link") != "" {
			t.Errorf("%s (%d) names the hub, and is no topic", at, r.StatusCode)
		}
	}
}

func TestChangedTopicsAreTold(t *testing.T) {
	t.Parallel()
	s := world()
	o := privateOptions()
	o.Formats = []string{Atom}
	var heard []string
	o.Changed = func(feeds []string) { heard = append(heard, feeds...) }
	p := publisher(t, o, s)
	news := group("g8new", "sport", told{"bahr", time.Minute, "سباق الزوارق ينطلق غدًا", ""})
	for _, tt := range []struct {
		name    string
		changed []rafid.Entry
		store   bool
		want    []string
	}{
		{"nothing new", []rafid.Entry{s.entries[0]}, false, []string{"source-sahel", "source-ntv", "source-wadi", "source-bahr"}},
		{"a new story", []rafid.Entry{news}, true, []string{"all", "sport", "source-bahr"}},
	} {
		heard = nil
		if tt.store {
			s.set(news)
		}
		if err := p.Publish(t.Context(), tt.changed); err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{}
		for _, name := range tt.want {
			want["https://news.example.org/feeds/"+name+".atom"] = true
		}
		if len(heard) != len(want) {
			t.Errorf("%s: told of %v", tt.name, heard)
		}
		for _, at := range heard {
			if !want[at] {
				t.Errorf("%s: told of %s", tt.name, at)
			}
			topic, err := p.Topic(t.Context(), at)
			if err != nil || topic.Type != "application/atom+xml; charset=utf-8" ||
				string(topic.Body) != body(t, get(t, p.Handler(), "GET", strings.TrimPrefix(at, "https://news.example.org"))) {
				t.Errorf("%s: %v", at, err)
			}
		}
	}
	for _, at := range []string{"", "::", "https://news.example.org/feeds/all.rss", "https://news.example.org/feeds/all.atom?x", "https://other.example/feeds/all.atom",
		"https://news.example.org/feeds/desk.atom?token=" + key, "https://news.example.org/feeds/all.opml", "https://news.example.org/s/g1port.atom"} {
		if _, err := p.Topic(t.Context(), at); err == nil {
			t.Errorf("%q is a topic", at)
		}
	}
}
