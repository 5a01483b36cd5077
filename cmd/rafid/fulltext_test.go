package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rafid/cmd/internal/sqlite"
)

// outlet serves a feed of short items and the pages behind them.
type outlet struct {
	*httptest.Server
	mu     sync.Mutex
	titles []string
	asked  []string // pages
}

func newOutlet(t *testing.T, titles ...string) *outlet {
	t.Helper()
	o := &outlet{titles: titles}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		switch {
		case r.URL.Path == "/robots.txt":
			fmt.Fprint(w, "User-agent: Rafid\nDisallow: /news/1\n")
		case r.URL.Path == "/feed":
			var b strings.Builder
			b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>الواحة</title><link>https://waha.example/</link>`)
			for i, title := range o.titles {
				fmt.Fprintf(&b, `<item><title>%s</title><link>http://%s/news/%d</link><guid isPermaLink="false">g%[3]d</guid><pubDate>%[4]s</pubDate><description>سطر واحد.</description></item>`, title, r.Host, i, time.Now().Add(-time.Hour).Format(time.RFC1123Z))
			}
			fmt.Fprint(w, b.String()+"</channel></rss>")
		default:
			o.asked = append(o.asked, r.URL.Path)
			fmt.Fprintf(w, `<html lang="ar"><head><title>خبر</title></head><body><article><h1>خبر</h1>%s</article></body></html>`,
				strings.Repeat("<p>قالت البلدية إن السوق سيفتح أبوابه أمام المزارعين في وادي النخيل صباح الأحد، وإن العمل فيه يستمر أسبوعا كاملا.</p>", 4))
		}
	}))
	t.Cleanup(o.Close)
	return o
}

// pages gives what was asked for since the last time.
func (o *outlet) pages() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := strings.Join(o.asked, " ")
	o.asked = nil
	return all
}

// With fulltext the pages of new and edited stories are read, those only, and only where robots.txt lets us; what
// is read is kept when the story comes again without it.
func TestFullText(t *testing.T) {
	t.Parallel()
	o := newOutlet(t, "افتتاح سوق في وادي النخيل", "مطر غزير على الساحل", "ورشة لصناعة القوارب القديمة")
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), "defaults: {allow_private: true, fulltext: true}\nsources:\n  waha: "+o.URL+"/feed\n")
	data := filepath.Join(dir, "data")
	once := func() {
		t.Helper()
		if r := execute(t.Context(), t, "once", "--config", cfg, "--data", data); r.code != 0 {
			t.Fatal(r)
		}
	}
	contents := func() (all []bool) {
		t.Helper()
		db, err := sqlite.View(t.Context(), filepath.Join(data, "rafid.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		stories, err := db.Known(t.Context(), "waha", 9)
		if err != nil {
			t.Fatal(err)
		}
		has := make(map[string]bool)
		for _, s := range stories {
			full, _, err := db.Story(t.Context(), s.ID)
			if err != nil {
				t.Fatal(err)
			}
			has[full.GUID] = strings.Contains(full.Content, "وادي النخيل صباح الأحد")
		}
		return []bool{has["g0"], has["g1"], has["g2"]}
	}
	once()
	if got := fmt.Sprint(contents()); got != "[true false true]" || o.pages() != "/news/0 /news/2" {
		t.Errorf("texts of pages: %s", got)
	}
	o.titles[2] += " اليوم" // the outlet edits one, and the program has been started anew
	once()
	if asked := o.pages(); asked != "/news/2" {
		t.Errorf("then asked for %q", asked)
	}
	if got := fmt.Sprint(contents()); got != "[true false true]" {
		t.Errorf("then texts of pages: %s", got)
	}
}
