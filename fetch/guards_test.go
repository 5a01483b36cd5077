package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"rafid"
)

func TestHijackedSource(t *testing.T) {
	t.Parallel()
	feed := func(title, home, item string) string {
		return `<rss version="2.0"><channel><title>` + title + `</title><link>` + home + `</link><item><title>` + item + `</title></item></channel></rss>`
	}
	for _, c := range []struct {
		name, then string
		hijacked   bool
	}{
		{"title, site and language change", feed("Best Casino", "https://casino.example/", "Win big tonight"), true},
		{"Arabic titles are left behind, the label tells", strings.Replace(feed("Best Casino", "https://casino.example/", "مطر"), "<link>", "<language>en</language><link>", 1), true},
		{"the outlet takes a new name", feed("جريدة الواحة", "https://waha.example/", "مطر"), false},
		{"the outlet moves", feed("الواحة", "https://waha.news.example/", "مطر"), false},
		{"name and site change, the language stays", feed("الساحل", "https://sahel.test/", "مطر"), false},
		{"an English item", feed("الواحة", "https://waha.example/", "Rain"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cl, _ := newClient(t)
			var doc atomic.Value
			doc.Store(feed("الواحة", "https://waha.example/", "ريح"))
			srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, doc.Load()) })
			first, err := cl.Fetch(t.Context(), target(srv), rafid.SourceState{})
			if err != nil {
				t.Fatal(err)
			}
			doc.Store(c.then)
			res, err := cl.Fetch(t.Context(), target(srv), first.State)
			if errors.Is(err, ErrHijacked) != c.hijacked || (res.State.Condition == rafid.Hijacked) != c.hijacked {
				t.Fatalf("%v, %s", err, res.State.Condition)
			}
			if c.hijacked && (len(res.Stories) > 0 || res.State.Title != "الواحة" || res.State.BodyHash != first.State.BodyHash) {
				t.Errorf("something of it was taken: %+v", res)
			}
		})
	}
}

func ExampleClient_Fetch() {
	c := New(Options{UserAgent: "Rafid/1.0 (+https://news.example.org)"})
	defer c.Close()
	var last rafid.SourceState // from the store; zero at first
	t := Target{Source: rafid.Source{ID: "intranet", URL: "http://192.168.0.1/feed"}}
	res, err := c.Fetch(context.Background(), t, last)
	fmt.Println(res.Outcome, res.State.Condition, err != nil)
	// Output: failed broken true
}
