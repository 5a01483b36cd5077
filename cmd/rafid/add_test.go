package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rafid/fetch"
)

// newSite is an outlet's web site for scripts: a home page that announces a feed of all and one of sport, a page
// without either, and a feed that is ill.
func newSite(t *testing.T) string {
	t.Helper()
	docs := map[string]string{
		"/": `<!doctype html><html lang="ar"><head><title>الواحة</title>
<link rel="alternate" type="application/rss+xml" title="الكل" href="/all/rss"><link rel="alternate" type="application/rss+xml" href="/sport/rss"></head><body><h1>الواحة</h1></body></html>`,
		"/all/rss":   string(feed("صحيفة الواحة - آخر الأخبار", "افتتاح مكتبة عامة في حي النخيل", "سفينة أبحاث ترسو في ميناء الشراع", "ورشة لصناعة القوارب القديمة")),
		"/sport/rss": sportFeed(),
		"/ill":       `<html><title>لحظة</title><body>wall</body></html>`,
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		doc, ok := docs[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if strings.HasPrefix(doc, "<?xml") {
			w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		}
		fmt.Fprint(w, doc)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func sportFeed() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>صحيفة الواحة | رياضة</title><link>https://waha.example/</link>`)
	for i := range 6 {
		fmt.Fprintf(&b, `<item><title>فوز فريق الواحة في المباراة رقم %d من البطولة</title><category>رياضة</category><link>https://waha.example/sport/%[1]d</link><guid>s%[1]d</guid></item>`, i)
	}
	return b.String() + `</channel></rss>`
}

func TestGuessID(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address, taken, want string
	}{
		{"https://www.aljazeera.net/rss", "", "aljazeera"},
		{"https://arabic.cnn.com/api/v1/rss/rss.xml", "", "cnn"},
		{"https://feeds.bbci.co.uk/arabic/rss.xml", "", "bbci"},
		{"https://feeds.bbci.co.uk/arabic/rss.xml", "bbci", "bbci-arabic"},
		{"https://waha.example/feed", "waha", "waha-2"},
		{"https://waha.example/feed", "waha waha-2", "waha-3"},
		{"https://24.ae/rss", "", "source-24"},
		{"https://موقع.example/rss", "", "source"},
		{"http://127.0.0.1:99/x/rss", "", "source"},
		{"http://[::1]/sport/feed", "source", "source-sport"},
		{"http://localhost/feed", "", "localhost"},
		{"\x7f", "", "source"},
	} {
		got := guessID(c.address, func(id string) bool { return strings.Contains(" "+c.taken+" ", " "+id+" ") })
		if got != c.want {
			t.Errorf("%s beside %q: %q, want %q", c.address, c.taken, got, c.want)
		}
	}
}

func TestGuessName(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"صحيفة الواحة":               "صحيفة الواحة",
		"صحيفة الواحة - آخر الأخبار": "صحيفة الواحة",
		"صحيفة الواحة | رياضة":       "صحيفة الواحة",
		"Waha News – صحيفة الواحة":   "صحيفة الواحة",
		"RSS - صحيفة الواحة":         "صحيفة الواحة",
		"Waha: World":                "Waha",
		"":                           "",
		" | ":                        "",
		"وكالة الأنباء - الرئيسية - محليات": "وكالة الأنباء",
	} {
		if got := guessName(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	found := []fetch.Found{{URL: "https://a.example/1"}, {URL: "https://a.example/2"}}
	for _, c := range []struct {
		answer, want string
		bad          bool
	}{
		{"2\n", "https://a.example/2", false}, {" 1 ", "https://a.example/1", false}, {"\n", "", false}, {"", "", false},
		{"3\n", "", true}, {"0\n", "", true}, {"نعم\n", "", true},
	} {
		var out strings.Builder
		a := &app{stdin: strings.NewReader(c.answer), stdout: &out}
		got, err := a.choose(found, adding{})
		if (err != nil) != c.bad || c.bad && exitCode(err) != exitUsage || (got == nil) != (c.want == "") || got != nil && got.URL != c.want {
			t.Errorf("%q: %v, %v", c.answer, got, err)
		}
		if !strings.Contains(out.String(), "without a title") {
			t.Error(out.String())
		}
	}
}
