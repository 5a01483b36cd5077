package output

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/zeebo/xxh3"

	"rafid"
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
		if r.Header.Get("X-Content-Type-Options") != "nosniff" {
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
		{"curl", "/feeds/top.atom", []string{"User-Agent: curl/8.14.1", "Accept: */*"}, false},
		{"nobody", "/feeds/top.atom", nil, false},
	} {
		r := get(t, h, "GET", tt.target, tt.headers...)
		text := body(t, r)
		if page := strings.HasPrefix(text, "<!DOCTYPE html>"); page != tt.page {
			t.Errorf("%s: got a page: %v", tt.name, page)
		}
		if !strings.Contains(r.Header.Get("Vary"), "Sec-Fetch-Dest") {
			t.Errorf("%s: Vary %q", tt.name, r.Header.Get("Vary"))
		}
		if tt.page && (r.Header.Get("Cache-Control") != "no-store" || !strings.Contains(text, "https://news.example.org/feeds/top.atom")) {
			t.Errorf("%s: Cache-Control %q", tt.name, r.Header.Get("Cache-Control"))
		}
	}
}

func TestServingPages(t *testing.T) {
	t.Parallel()
	s := world()
	for i := range 100 {
		id := "more" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		s.set(group(id, "sport", told{"wadi", 30*time.Hour + time.Duration(i/3)*time.Minute, "مباراة ودية " + id, ""}))
	}
	h := publisher(t, worldOptions(), s).Handler()
	for _, tt := range []struct {
		target string
		status int
		has    []string
	}{
		{"/", 200, []string{"آخر الأخبار", "قبل 5 دقائق", "4 مصادر", "NTV عربي", "الأوسع تغطية", "/feeds/all.atom", "أخبار أقدم", "7 أخبار من 6 مصادر"}},
		{"/c/sport", 200, []string{"رياضة", `aria-current="page"`, "/feeds/sport.atom"}},
		{"/c/other", 200, []string{"متفرقات", "لا أخبار هنا بعد"}},
		{"/c/nothing", 404, []string{"لا قسم بهذا العنوان"}},
		{"/s/g1port", 200, []string{"بعد 15 دقيقة", "خلال ساعة واحدة و23 دقيقة", "أول من نشر", "لماذا جُمعت", "0.87", "0.80", "الميناء", "/s/g1port.atom", "og:title", "ثم تطوّرت", "/s/g2crane"}},
		{"/s/g2crane", 200, []string{"تطوّرٌ لخبر سابق", "/s/g1port"}},
		{"/s/g5english", 200, []string{`dir="ltr">Harbour opens in Olive Bay`}},
		{"/s/none", 404, []string{"لا قصة بهذا العنوان"}},
		{"/s/%00", 404, nil},
		{"/subscribe", 200, []string{"feed://news.example.org/feeds/all.atom", "feedly.com", "inoreader.com", "نحو 3 قصص في اليوم", "source-ntv.rss"}},
		{"/status", 200, []string{"معطّل", "connection refused", "تكرر 7 مرات", "sahel.example/rss.xml", "بطيء", "bare &amp;"}},
		{"/about", 200, []string{"كيف يعمل"}},
		{"/policy", 200, []string{"للناشرين", "لا النص الكامل"}},
		{"/?before=2026-11-19T06:00:00Z", 200, []string{"ما نُشر قبل"}},
		{"/?before=yesterday", 404, nil},
		{"/style.css", 200, []string{"--acc"}},
		{"/robots.txt", 200, []string{"User-agent", "Sitemap: https://news.example.org/sitemap.xml"}},
		{"/sitemap.xml", 200, []string{"https://news.example.org/s/g1port", "<lastmod>2026-11-20T11:00:00Z"}},
		{"/status.json", 200, []string{`"condition":"broken"`, `"failures":7`, `"last_ok":"2026-11-20T11:57:00Z"`, `"feed":"sahel.example/rss.xml"`}},
		{"/site.webmanifest", 200, []string{`"dir":"rtl"`}},
		{"/nothing", 404, []string{"لا صفحة بهذا العنوان"}},
	} {
		r := get(t, h, "GET", tt.target)
		text := body(t, r)
		if r.StatusCode != tt.status {
			t.Errorf("%s: %d, want %d", tt.target, r.StatusCode, tt.status)
		}
		for _, want := range tt.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q", tt.target, want)
			}
		}
		if strings.Contains(text, "<script") || strings.Contains(text, "javascript:") || strings.Contains(text, "ZgotmplZ") {
			t.Errorf("%s: script, or a link that the templates refused", tt.target)
		}
		if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", tt.target, csp)
		}
	}
}

// Following "older" from page to page meets every story once.
func TestPagingMissesNothing(t *testing.T) {
	t.Parallel()
	s := &memory{}
	for i := range 130 {
		id := "p" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		s.set(group(id, "sport", told{"wadi", time.Duration(i/7) * time.Minute, "خبر " + id, ""}))
	}
	h := publisher(t, worldOptions(), s).Handler()
	seen := map[string]int{}
	for target, pages := "/", 0; target != ""; pages++ {
		if pages > 10 {
			t.Fatal("paging does not end")
		}
		text := body(t, get(t, h, "GET", target))
		for _, part := range strings.Split(text, `<h2><a href="/s/`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			seen[id]++
		}
		_, rest, found := strings.Cut(text, `<a class="btn" href="`)
		target = ""
		if found {
			target, _, _ = strings.Cut(rest, `"`)
		}
	}
	if len(seen) != 130 {
		t.Errorf("met %d stories of 130", len(seen))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was met %d times", id, n)
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

func TestHomeIsSmall(t *testing.T) {
	t.Parallel()
	s := &memory{}
	for i := range 60 {
		id := "home" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		ago := time.Duration(i) * 11 * time.Minute
		s.set(group(id, "politics", told{"wadi", ago, "عنوان متوسط الطول لخبر رقم " + id + " في يوم هادئ", ""},
			told{"ntv", ago - time.Minute, "عنوان آخر " + id, ""}, told{"bahr", ago - 2*time.Minute, "عنوان ثالث " + id, ""}))
	}
	h := publisher(t, worldOptions(), s).Handler()
	// site.md: at most 10 kB compressed for 40 stories.
	if n := len(body(t, get(t, h, "GET", "/", "Accept-Encoding: gzip"))); n > 10_000 {
		t.Errorf("the front page is %d bytes", n)
	}
}

func TestPagesAreKeptForAMinute(t *testing.T) {
	t.Parallel()
	s := world()
	now := noon
	o := worldOptions()
	o.Now = func() time.Time { return now }
	p := publisher(t, o, s)
	h := p.Handler()
	first := body(t, get(t, h, "GET", "/"))
	reads := s.reads
	if again := body(t, get(t, h, "GET", "/")); again != first || s.reads != reads {
		t.Error("the same minute reads the store again")
	}
	now = now.Add(time.Minute)
	if text := body(t, get(t, h, "GET", "/")); !strings.Contains(text, "قبل 6 دقائق") {
		t.Error("a minute later tells the old time")
	}
	s.remove("g2crane")
	if err := p.Publish(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if text := body(t, get(t, h, "GET", "/")); strings.Contains(text, "أول رافعة") {
		t.Error("a withdrawn story is still on the page")
	}
}

func TestPublishRendersWhatIsTouched(t *testing.T) {
	t.Parallel()
	s, registry := world(), prometheus.NewRegistry()
	o := worldOptions()
	o.Registerer = registry
	p := publisher(t, o, s)
	h := p.Handler()
	tag := func(channel string) string {
		return get(t, h, "GET", "/feeds/"+channel+".atom").Header.Get("Etag")
	}
	before := map[string]string{}
	for _, c := range o.Channels {
		before[c.Name] = tag(c.Name)
	}
	renders := func(c string) float64 { return counted(t, p.metrics.renders.WithLabelValues(c)) }
	sport, all := renders("sport"), renders("all")

	news := group("g7new", "economy", told{"wadi", time.Minute, "سعر الزيت ينخفض في سوق الوادي", "انخفض السعر."})
	s.set(news)
	if err := p.Publish(t.Context(), []rafid.Entry{news}); err != nil {
		t.Fatal(err)
	}
	changed := map[string]bool{"all": true, "economy": true, "source-wadi": true}
	for _, c := range o.Channels {
		if got := tag(c.Name) != before[c.Name]; got != changed[c.Name] {
			t.Errorf("%s: changed %v, want %v", c.Name, got, changed[c.Name])
		}
	}
	if renders("sport") != sport || renders("all") != all+1 {
		t.Errorf("sport was rendered %v times, all %v times", renders("sport")-sport, renders("all")-all)
	}
	if n := counted(t, p.metrics.requests.WithLabelValues("all", "200")); n != 2 {
		t.Errorf("counted %v requests", n)
	}
	old := p.cur.Load().channels["top"].issue.Load().formats[Atom]
	if err := p.Publish(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if p.cur.Load().channels["top"].issue.Load().formats[Atom] != old {
		t.Error("the same bytes took the place of themselves")
	}
}

func TestWithdrawalLeavesEveryFeed(t *testing.T) {
	t.Parallel()
	s := world()
	now := noon.Add(time.Hour)
	o := worldOptions()
	o.Now = func() time.Time { return now }
	p := publisher(t, o, s)
	h := p.Handler()
	modified := get(t, h, "GET", "/feeds/all.rss").Header.Get("Last-Modified")
	gone := s.entries[3]
	s.remove(gone.Group.ID)
	if err := p.Publish(t.Context(), []rafid.Entry{gone}); err != nil {
		t.Fatal(err)
	}
	for _, c := range o.Channels {
		if text := body(t, get(t, h, "GET", "/feeds/"+c.Name+".rss")); strings.Contains(text, gone.Group.ID) {
			t.Errorf("%s still has it", c.Name)
		}
	}
	// A client that goes by the time alone must notice, although no item is newer than before.
	if r := get(t, h, "GET", "/feeds/all.rss", "If-Modified-Since: "+modified); r.StatusCode != 200 {
		t.Errorf("a client with the old time gets %d", r.StatusCode)
	}
}

func TestStoreFailureKeepsTheLastGood(t *testing.T) {
	t.Parallel()
	s := world()
	p := publisher(t, worldOptions(), s)
	h := p.Handler()
	good := body(t, get(t, h, "GET", "/feeds/all.atom"))
	s.fail(errStore)
	if err := p.Publish(t.Context(), nil); err == nil {
		t.Error("publishing says nothing of the failure")
	}
	if text := body(t, get(t, h, "GET", "/feeds/all.atom")); text != good {
		t.Error("the last good feed is not served")
	}
	for _, target := range []string{"/feeds/source-ntv.atom", "/", "/s/g1port", "/status", "/s/g1port.atom"} {
		r := get(t, h, "GET", target)
		if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || strings.Contains(body(t, r), "disk") {
			t.Errorf("%s: %d", target, r.StatusCode)
		}
	}
	s.fail(nil)
	if r := get(t, h, "GET", "/feeds/source-ntv.atom"); r.StatusCode != 200 {
		t.Errorf("after the failure: %d", r.StatusCode)
	}
}

func TestReload(t *testing.T) {
	t.Parallel()
	s, registry := world(), prometheus.NewRegistry()
	o := worldOptions()
	o.Registerer = registry
	p := publisher(t, o, s)
	h := p.Handler()
	bad := o
	bad.Credit = "nowhere"
	if err := p.Reload(bad); err == nil {
		t.Error("took bad options")
	}
	o.Site.Title = "نهر"
	o.Channels = o.Channels[:3]
	if err := p.Reload(o); err != nil {
		t.Fatal(err)
	}
	if r := get(t, h, "GET", "/feeds/all.atom"); r.StatusCode != 200 {
		t.Errorf("between reload and publish: %d", r.StatusCode)
	}
	if err := p.Publish(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if text := body(t, get(t, h, "GET", "/feeds/all.atom")); !strings.Contains(text, "<title>نهر — كل الأخبار") {
		t.Error("the feed has its old title")
	}
	if r := get(t, h, "GET", "/feeds/sport.atom"); r.StatusCode != 404 {
		t.Errorf("a channel that is no more: %d", r.StatusCode)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetValue() == "sport" {
					t.Errorf("%s still counts a channel that is no more", f.GetName())
				}
			}
		}
	}
	if _, err := New(o, s); err == nil {
		t.Error("two publishers count under one name")
	}
}

func TestSiteWithoutAddress(t *testing.T) {
	t.Parallel()
	o := worldOptions()
	o.Site.URL = ""
	p := publisher(t, o, world())
	text := string(rendered(t, p, "all", Atom))
	if !strings.Contains(text, "tag:rafid.invalid,2026:s/g1port") || strings.Contains(text, `href="/s/`) {
		t.Error("ids or links are not as they should be without an address")
	}
	if text := body(t, get(t, p.Handler(), "GET", "/subscribe")); !strings.Contains(text, `value="/feeds/all.atom"`) {
		t.Error("the page of channels has no address to copy")
	}
}

func TestSiteInASubfolder(t *testing.T) {
	t.Parallel()
	o := worldOptions()
	o.Site.URL = "https://example.org/news/"
	p := publisher(t, o, world())
	text := body(t, get(t, p.Handler(), "GET", "/"))
	for _, want := range []string{`href="/news/s/g1port"`, `href="/news/style.css?v=`, `href="/news/feeds/all.atom"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if feed := string(rendered(t, p, "all", Atom)); !strings.Contains(feed, `href="/news/feed.css"`) ||
		!strings.Contains(feed, `href="https://example.org/news/s/g1port"`) {
		t.Error("the feed leads elsewhere")
	}
}

func TestArabicNumerals(t *testing.T) {
	t.Parallel()
	o := worldOptions()
	o.Site.Numerals, o.Site.Months = "arab", "egypt"
	h := publisher(t, o, world()).Handler()
	if text := body(t, get(t, h, "GET", "/s/g1port")); !strings.Contains(text, "٤ مصادر") || !strings.Contains(text, "٢٠ نوفمبر ٢٠٢٦") {
		t.Error("digits or months are not the ones asked for")
	}
}

// Whoever reads while others publish gets one generation whole: bytes that their own ETag is the hash of.
func TestServingWhilePublishing(t *testing.T) {
	t.Parallel()
	s := world()
	p := publisher(t, worldOptions(), s)
	h := p.Handler()
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				target := [...]string{"/feeds/all.atom", "/feeds/source-wadi.rss", "/", "/s/g2crane"}[n%4]
				r := get(t, h, "GET", target)
				text := body(t, r)
				if sum := xxh3.HashString128(text).Bytes(); r.Header.Get("Etag") != fmt.Sprintf(`"%x"`, sum[:]) {
					t.Errorf("%s: bytes of one generation under the ETag of another", target)
				}
			}
		})
	}
	for i := range 100 {
		e := group("g2crane", "economy", told{"wadi", 5 * time.Minute, fmt.Sprintf("أول رافعة تتوقف للمرة %d", i), ""})
		s.set(e)
		if err := p.Publish(t.Context(), []rafid.Entry{e}); err != nil {
			t.Error(err)
		}
		if i%20 == 7 {
			if err := p.Reload(worldOptions()); err != nil {
				t.Error(err)
			}
		}
	}
	close(stop)
	readers.Wait()
	for _, target := range []string{"/feeds/all.atom", "/feeds/source-wadi.rss", "/", "/s/g2crane"} {
		if text := body(t, get(t, h, "GET", target)); !strings.Contains(text, "للمرة 99") {
			t.Errorf("%s: not the last generation", target)
		}
	}
}

func TestStatusTellsEveryCondition(t *testing.T) {
	t.Parallel()
	s := world()
	s.states = nil
	conditions := []rafid.Condition{rafid.Works, rafid.Slow, rafid.Empty, rafid.Blocked, rafid.Moved, rafid.Gone}
	for i, c := range conditions {
		s.states = append(s.states, rafid.SourceState{Source: worldSources[i].ID, Condition: c, LastFetch: noon})
	}
	text := body(t, get(t, publisher(t, worldOptions(), s).Handler(), "GET", "/status"))
	last := 0
	for _, want := range []string{"زال", "محجوب", "فارغ", "انتقل", "بطيء", "لم يُجلب بعد", ">يعمل"} { // worst first
		at := strings.Index(text, want)
		if at < last {
			t.Errorf("%s stands at %d, after %d", want, at, last)
		}
		last = at
	}
	for _, want := range []string{"مصدر واحد يعمل", "4 مصادر تحتاج نظرًا", "مصدران معطّلان"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestPagesOfOtherOptions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		content string
		refresh time.Duration
		path    string
		want    string
	}{
		{ContentHeadline, 0, "/policy", "العنوان وحده"},
		{ContentFull, 0, "/policy", "نشره كاملًا"},
		{ContentSummary, time.Minute, "/subscribe", "كل دقيقة إن كان جديد"},
		{ContentSummary, 15 * time.Minute, "/subscribe", "كل 15 دقيقة إن كان جديد"},
	} {
		o := worldOptions()
		o.Content, o.Refresh = tt.content, tt.refresh
		if text := body(t, get(t, publisher(t, o, world()).Handler(), "GET", tt.path)); !strings.Contains(text, tt.want) {
			t.Errorf("%s %v: no %q on %s", tt.content, tt.refresh, tt.want, tt.path)
		}
	}
}
