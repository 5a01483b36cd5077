package output

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// get asks the handler. Headers are "Name: value".
func get(t testing.TB, h http.Handler, method, target string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://news.example.org"+target, nil)
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// counted gives the value of a counter.
func counted(t testing.TB, c prometheus.Counter) float64 {
	t.Helper()
	var m dto.Metric
	if err := c.Write(&m); err != nil {
		t.Fatal(err)
	}
	return m.GetCounter().GetValue()
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestServingFeeds(t *testing.T) {
	t.Parallel()
	p := publisher(t, worldOptions(), world())
	h := p.Handler()
	first := get(t, h, "GET", "/feeds/all.atom")
	etag, modified := first.Header.Get("Etag"), first.Header.Get("Last-Modified")
	zipped := get(t, h, "GET", "/feeds/all.atom", "Accept-Encoding: gzip").Header.Get("Etag")
	if etag == zipped || !strings.HasPrefix(etag, `"`) {
		t.Fatalf("ETags %s and %s: want strong and different", etag, zipped)
	}
	for _, tt := range []struct {
		name, method, target string
		headers              []string
		status               int
		encoding             string
	}{
		{"plain", "GET", "/feeds/all.atom", nil, 200, ""},
		{"gzip", "GET", "/feeds/all.atom", []string{"Accept-Encoding: gzip, deflate"}, 200, "gzip"},
		{"a browser", "GET", "/feeds/all.atom", []string{"Accept-Encoding: gzip, deflate, br, zstd"}, 200, "br"},
		{"zstd first", "GET", "/feeds/all.atom", []string{"Accept-Encoding: zstd, br;q=0.9, gzip;q=0.5"}, 200, "zstd"},
		{"brotli refused", "GET", "/feeds/all.atom", []string{"Accept-Encoding: *, BR;q=0"}, 200, "zstd"},
		{"in two lines", "GET", "/feeds/all.atom", []string{"Accept-Encoding: deflate", "Accept-Encoding: X-GZIP"}, 200, "gzip"},
		{"plain rather", "GET", "/feeds/all.atom", []string{"Accept-Encoding: identity, gzip;q=0.5"}, 200, ""},
		{"what nobody has", "GET", "/feeds/all.atom", []string{"Accept-Encoding: dcb, deflate;q=1.0,;q=,,"}, 200, ""},
		{"anything", "GET", "/feeds/all.atom", []string{"Accept-Encoding: *"}, 200, "br"},
		{"gzip refused", "GET", "/feeds/all.atom", []string{"Accept-Encoding: gzip;q=0"}, 200, ""},
		{"gzip refused, the rest allowed", "GET", "/feeds/all.atom", []string{"Accept-Encoding: gzip;q=0.000, *"}, 200, "br"},
		{"everything refused", "GET", "/feeds/all.atom", []string{"Accept-Encoding: identity, *;q=0"}, 200, ""},
		{"same", "GET", "/feeds/all.atom", []string{"If-None-Match: " + etag}, 304, ""},
		{"same, compressed", "GET", "/feeds/all.atom", []string{"Accept-Encoding: gzip", "If-None-Match: " + zipped}, 304, ""},
		{"one of a list", "GET", "/feeds/all.atom", []string{`If-None-Match: "x", W/"y", ` + etag}, 304, ""},
		{"weak compare", "GET", "/feeds/all.atom", []string{"If-None-Match: W/" + etag}, 304, ""},
		{"star", "GET", "/feeds/all.atom", []string{"If-None-Match: *"}, 304, ""},
		{"another", "GET", "/feeds/all.atom", []string{`If-None-Match: "another"`}, 200, ""},
		{"not modified since", "GET", "/feeds/all.atom", []string{"If-Modified-Since: " + modified}, 304, ""},
		{"modified since", "GET", "/feeds/all.atom", []string{"If-Modified-Since: Mon, 02 Jan 2006 15:04:05 GMT"}, 200, ""},
		{"the ETag decides", "GET", "/feeds/all.atom", []string{`If-None-Match: "another"`, "If-Modified-Since: " + modified}, 200, ""},
		{"HEAD", "HEAD", "/feeds/all.atom", nil, 200, ""},
		{"HEAD of the same", "HEAD", "/feeds/all.atom", []string{"If-None-Match: " + etag}, 304, ""},
		{"range", "GET", "/feeds/all.atom", []string{"Range: bytes=0-9", "Accept-Encoding: gzip"}, 206, ""},
		{"range beyond", "GET", "/feeds/all.atom", []string{"Range: bytes=99999999-"}, 416, ""},
		{"POST", "POST", "/feeds/all.atom", nil, 405, ""},
		{"DELETE of a page", "DELETE", "/", nil, 405, ""},
		{"unknown channel", "GET", "/feeds/nothing.atom", nil, 404, ""},
		{"unknown format", "GET", "/feeds/all.xml", nil, 404, ""},
		{"no format", "GET", "/feeds/all", nil, 404, ""},
		{"traversal", "GET", "/feeds/..%2f..%2fetc%2fpasswd", nil, 404, ""},
		{"of a lazy channel", "GET", "/feeds/source-ntv.json", nil, 200, ""},
		{"list of sources", "GET", "/feeds/economy.opml", nil, 200, ""},
		{"list of channels", "GET", "/opml.xml", nil, 200, ""},
		{"feed of a story", "GET", "/s/g1port.rss", nil, 200, ""},
		{"search in another order", "GET", "/feeds/search.atom?q=a&c=sport", nil, 301, ""},
		{"browser at a story's feed", "GET", "/s/g1port.rss", []string{"Sec-Fetch-Dest: document"}, 302, ""},
		{"browser at a search's feed", "GET", "/feeds/search.rss?q=a", []string{"Sec-Fetch-Dest: document"}, 302, ""},
		{"browser at the bytes of a story's feed", "GET", "/s/g1port.rss?raw", []string{"Sec-Fetch-Dest: document"}, 200, ""},
		{"feed of no story", "GET", "/s/none.rss", nil, 404, ""},
		{"list of a story", "GET", "/s/g1port.opml", nil, 404, ""},
	} {
		r := get(t, h, tt.method, tt.target, tt.headers...)
		text := body(t, r)
		if r.StatusCode != tt.status || r.Header.Get("Content-Encoding") != tt.encoding {
			t.Errorf("%s: %d %q, want %d %q", tt.name, r.StatusCode, r.Header.Get("Content-Encoding"), tt.status, tt.encoding)
		}
		if r.Header.Get("X-Content-Type-Options") != "nosniff" && r.StatusCode != 304 {
			t.Errorf("%s: may be sniffed", tt.name)
		}
		if (tt.method == "HEAD" || tt.status == 304) && text != "" {
			t.Errorf("%s: has a body", tt.name)
		}
		if tt.status == 405 && r.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: Allow %q", tt.name, r.Header.Get("Allow"))
		}
		if tt.status == 404 && (!strings.Contains(text, "كل الخلاصات") || !strings.Contains(text, "/feeds/top.atom")) {
			t.Errorf("%s: does not say what exists", tt.name)
		}
	}
}

func TestFeedHeaders(t *testing.T) {
	t.Parallel()
	h := publisher(t, worldOptions(), world()).Handler()
	for target, mime := range map[string]string{
		"/feeds/all.atom": "application/atom+xml; charset=utf-8",
		"/feeds/all.rss":  "application/rss+xml; charset=utf-8",
		"/feeds/all.json": "application/feed+json; charset=utf-8",
		"/feeds/all.opml": "text/x-opml+xml; charset=utf-8",
		"/opml.xml":       "text/x-opml+xml; charset=utf-8",
		"/s/g1port.atom":  "application/atom+xml; charset=utf-8",
	} {
		head := get(t, h, "GET", target).Header
		for name, want := range map[string]string{
			"Content-Type": mime, "Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=600",
		} {
			if got := head.Get(name); got != want {
				t.Errorf("%s: %s %q, want %q", target, name, got, want)
			}
		}
		if !strings.Contains(head.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s: Vary %q", target, head.Get("Vary"))
		}
	}
}

// The agents are those of readers as they call themselves.
func TestBrowsersGetAPageAndReadersTheFeed(t *testing.T) {
	t.Parallel()
	h := publisher(t, worldOptions(), world()).Handler()
	const browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	for _, tt := range []struct {
		name    string
		target  string
		headers []string
		page    bool
	}{
		{"browser", "/feeds/top.atom", []string{browser, "Sec-Fetch-Dest: document", "Accept: text/html,*/*"}, true},
		{"browser asks for the bytes", "/feeds/top.atom?raw", []string{browser, "Sec-Fetch-Dest: document"}, false},
		{"browser over plain http", "/feeds/top.atom", []string{browser, "Accept: text/html"}, false},
		{"a page's script", "/feeds/top.atom", []string{browser, "Sec-Fetch-Dest: empty"}, false},
		{"Feedly", "/feeds/top.atom", []string{"User-Agent: Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers; )"}, false},
		{"Inoreader", "/feeds/top.atom", []string{"User-Agent: Mozilla/5.0 (compatible; inoreader.com; 4 subscribers)"}, false},
		{"Feedbin", "/feeds/top.atom", []string{"User-Agent: Feedbin feed-id:1 - 3 subscribers"}, false},
		{"NetNewsWire", "/feeds/top.atom", []string{"User-Agent: NetNewsWire (RSS Reader; https://netnewswire.com/)"}, false},
		{"Miniflux", "/feeds/top.atom", []string{"User-Agent: Mozilla/5.0 (compatible; Miniflux/2.2.0; +https://miniflux.app)", "Accept: application/xml, text/html"}, false},
		{"FreshRSS", "/feeds/top.atom", []string{"User-Agent: FreshRSS/1.27.0 (Linux; https://freshrss.org)"}, false},
		{"tt-rss", "/feeds/top.atom", []string{"User-Agent: Tiny Tiny RSS/25 (https://tt-rss.org/)"}, false},
		{"newsboat", "/feeds/top.atom", []string{"User-Agent: newsboat/2.38 (Linux x86_64)"}, false},
		{"Thunderbird", "/feeds/top.atom", []string{"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0", "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, false},
		{"NewsBlur", "/feeds/top.atom", []string{"User-Agent: NewsBlur Feed Fetcher - 2 subscribers - https://www.newsblur.com/site/1/x"}, false},
		{"curl", "/feeds/top.atom", []string{"User-Agent: curl/8.14.1", "Accept: */*"}, false},
		{"nobody", "/feeds/top.atom", nil, false},
	} {
		r := get(t, h, "GET", tt.target, tt.headers...)
		text := body(t, r)
		if page := strings.HasPrefix(text, "<!DOCTYPE html>"); page != tt.page {
			t.Errorf("%s: got a page: %v", tt.name, page)
		}
		if want := map[bool]string{true: policy, false: feedPolicy}[tt.page]; r.Header.Get("Content-Security-Policy") != want {
			t.Errorf("%s: policy %q", tt.name, r.Header.Get("Content-Security-Policy"))
		}
		if !strings.Contains(r.Header.Get("Vary"), "Sec-Fetch-Dest") {
			t.Errorf("%s: Vary %q", tt.name, r.Header.Get("Vary"))
		}
		if tt.page && (r.Header.Get("Cache-Control") != "no-store" || !strings.Contains(text, "https://news.example.org/feeds/top.atom")) {
			t.Errorf("%s: Cache-Control %q", tt.name, r.Header.Get("Cache-Control"))
		}
	}
}

// Following "next" from document to document meets every story once, in every format.
func TestFeedPagingMissesNothing(t *testing.T) {
	t.Parallel()
	s := &memory{}
	for i := range 330 {
		id := fmt.Sprintf("p%03d", i)
		s.set(group(id, "sport", told{"wadi", time.Duration(i/7) * time.Hour, "خبر " + id, ""}))
	}
	o := worldOptions()
	o.Max = 40
	p := publisher(t, o, s)
	h := p.Handler()
	next := map[string]*regexp.Regexp{
		Atom: regexp.MustCompile(`rel="next" type="[^"]*" href="https://news.example.org([^"]*)"`),
		RSS:  regexp.MustCompile(`rel="next" type="[^"]*" href="https://news.example.org([^"]*)"`),
		JSON: regexp.MustCompile(`"next_url":"https://news.example.org([^"]*)"`),
	}
	for format, link := range next {
		seen := map[string]int{}
		pages := 0
		for target := "/feeds/all." + format; target != ""; pages++ {
			r := get(t, h, "GET", target)
			text := body(t, r)
			if r.StatusCode != 200 || pages > 20 {
				t.Fatalf("%s: %d on page %d", target, r.StatusCode, pages)
			}
			feed, err := gofeed.NewParser().ParseString(text)
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range feed.Items {
				seen[it.GUID]++
			}
			target = ""
			if m := link.FindStringSubmatch(text); m != nil {
				target = m[1]
			}
		}
		if len(seen) != 330 || pages < 4 {
			t.Errorf("%s: met %d stories of 330 on %d pages", format, len(seen), pages)
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s: %s was met %d times", format, id, n)
			}
		}
	}
	for _, target := range []string{"/feeds/none.before-1.atom", "/feeds/all.before-x.atom", "/feeds/all.before-1.opml"} {
		if r := get(t, h, "GET", target); r.StatusCode != 404 {
			t.Errorf("%s: %d", target, r.StatusCode)
		}
	}
}

// TestAttacksInAddresses asks for what nobody who means well asks for. Nothing is found, nothing of it comes back
// as markup or as a header, and no answer leads off the site.
func TestAttacksInAddresses(t *testing.T) {
	t.Parallel()
	h := publisher(t, worldOptions(), world()).Handler()
	const evil = "<script>alert(1)</script>"
	for _, at := range []string{
		"/feeds/../../etc/passwd", "/feeds/..%2f..%2fetc%2fpasswd", "/feeds/..%5c..%5cwin.ini.atom", "/feeds/all.atom%00", "/feeds/all%00.atom",
		"/feeds/all%0d%0aX-Evil:%201.atom", "/feeds/ALL.atom", "/feeds/all..atom", "/feeds/all.atom.", "/feeds/.atom", "/feeds/.", "/feeds/all.ATOM",
		"/feeds/" + strings.Repeat("a", 20_000) + ".atom", "/feeds/all.before-.atom", "/feeds/all.before-1e9.atom", "/feeds/all.before-99999999999999999999.atom",
		"/feeds/%E2%80%AEmota.lla", "/feeds/" + url.PathEscape(evil) + ".atom", "/feeds/search.xml?q=" + url.QueryEscape(evil),
		"/s/..%2fg1port", "/s/g1port%00", "/s/g1port%20OR%201=1", "/s/" + url.PathEscape(evil), "/s/g1port.atom.rss", "/s/" + strings.Repeat("9", 300),
		"/c/" + url.PathEscape(evil), "/c/..%2f..", "/c/economy%0d%0aSet-Cookie:%20a=b", "/?before=" + url.QueryEscape(evil), "/?before=0000-00-00",
		"/search?q=" + url.QueryEscape(evil) + "&c=" + url.QueryEscape(evil) + "&s=..%2f", "//evil.example/", "/%2f%2fevil.example/..", "/\\evil.example",
		"/feeds//evil.example/%2f..", "/.git/config", "/.rafid-files", "/style.css/../../x", "/robots.txt%00.html",
	} {
		w := askRaw(t, h, at)
		text, to := w.Body.String(), w.Header().Get("Location")
		if w.Code == 200 && !strings.HasPrefix(at, "/search?") || w.Code >= 500 {
			t.Errorf("%.80s: %d", at, w.Code)
		}
		if strings.Contains(text, evil) || strings.ContainsAny(to, "\r\n<") {
			t.Errorf("%.80s comes back: %d %q", at, w.Code, to)
		}
		if u, err := url.Parse(to); err != nil || u.Host != "" || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\") {
			t.Errorf("%.80s leads to %q", at, to)
		}
		for name, values := range w.Header() {
			if name == "X-Evil" || name == "Set-Cookie" || strings.ContainsAny(strings.Join(values, ""), "\r\n") {
				t.Errorf("%.80s sets %s", at, name)
			}
		}
	}
}

// askRaw asks with the address as it stands, which a client would have put right.
func askRaw(t *testing.T, h http.Handler, at string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", "http://news.example.org/", nil)
	path, query, _ := strings.Cut(at, "?")
	r.URL.Path, r.URL.RawPath, r.URL.RawQuery = must(url.PathUnescape(path)), path, query
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
