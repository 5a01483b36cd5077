package output

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rafid"
)

// many gives n stories with a summary of the usual length, each by three outlets.
func many(n int) *memory {
	s := &memory{}
	text := strings.Repeat("قالت الهيئة في بيان لها إن العمل في المشروع الجديد يسير كما خُطط له. ", 6)
	for i := range n {
		id := fmt.Sprintf("m%05d", n-i)
		ago := time.Duration(i) * 4 * time.Minute
		s.entries = append(s.entries, group(id, worldCategories[i%4].Slug,
			told{"wadi", ago, "عنوان متوسط الطول لخبر يحمل الرقم " + id, text},
			told{"ntv", ago - time.Minute, "صياغة أخرى للعنوان نفسه " + id, text},
			told{"bahr", ago - 2*time.Minute, "صياغة ثالثة للعنوان نفسه " + id, text}))
	}
	return s
}

// BenchmarkRender is a channel in all three formats and its list of sources, compressed, as Publish does it.
func BenchmarkRender(b *testing.B) {
	for _, n := range []int{30, 100, 300} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := many(n)
			p := publisher(b, worldOptions(), s)
			ed := p.cur.Load()
			c := newChannel(rafid.Channel{Name: "all", Title: "كل الأخبار", Query: rafid.Query{Keep: 1000 * time.Hour}}, ed.Options)
			b.ReportAllocs()
			for b.Loop() {
				c.issue.Store(nil)
				is, err := ed.render(b.Context(), c)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(is.formats[Atom].plain.body)))
			}
		})
	}
}

// discard is a client that takes everything.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

// BenchmarkServe is the handler alone, without a connection.
func BenchmarkServe(b *testing.B) {
	h := publisher(b, worldOptions(), many(100)).Handler()
	etag := get(b, h, "GET", "/feeds/all.atom", "Accept-Encoding: gzip").Header.Get("Etag")
	least := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // what any server has to do
		w.Header().Set("Etag", etag)
		w.Header().Set("Content-Type", "application/atom+xml")
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
		}
	})
	for _, tt := range []struct {
		name, target string
		headers      []string
	}{
		{"304 of the least server", "/least", []string{"If-None-Match", etag}},
		{"gzip", "/feeds/all.atom", nil},
		{"304", "/feeds/all.atom", []string{"If-None-Match", etag}},
		{"home", "/", nil},
		{"story", "/s/m00050", nil},
	} {
		b.Run(tt.name, func(b *testing.B) {
			r, err := http.NewRequestWithContext(b.Context(), "GET", tt.target, nil)
			if err != nil {
				b.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", "gzip")
			if tt.headers != nil {
				r.Header.Set(tt.headers[0], tt.headers[1])
			}
			h := h
			if tt.target == "/least" {
				h = least
			}
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(discard{http.Header{}}, r)
			}
		})
	}
}

// BenchmarkHomePage is the front page of 40 stories rendered anew.
func BenchmarkHomePage(b *testing.B) {
	ed := publisher(b, worldOptions(), many(300)).cur.Load()
	for b.Loop() {
		if _, err := ed.home(b.Context(), ed.at("/", noon), "", time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
}
