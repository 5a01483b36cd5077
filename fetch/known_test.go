package fetch

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"rafid"
)

func TestKnownItemsAreNotReadAgain(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	var doc atomic.Value
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, doc.Load()) })
	items := func(titles ...string) string {
		var b strings.Builder
		for i, title := range titles {
			fmt.Fprintf(&b, "<item><title>%s</title><guid isPermaLink=\"false\">%d</guid><link>https://waha.example/%d</link></item>", title, i, i)
		}
		return head + b.String() + foot
	}
	var st rafid.SourceState
	lost := rafid.SourceState{}
	for _, step := range []struct {
		name, doc string
		forget    bool // the last pass was not saved
		want      []string
		items     int
	}{
		{"all are new", items("a", "b", "c"), false, []string{"a", "b", "c"}, 3},
		{"one is new, one changed", items("a", "B", "c", "d"), false, []string{"B", "d"}, 4},
		{"one is gone", items("a", "B", "c"), false, nil, 3},
		{"one is back", items("a", "B", "c", "d"), false, []string{"d"}, 4},
		{"the last pass was lost", items("a", "B", "c", "d", "e"), true, []string{"a", "B", "c", "d", "e"}, 5},
	} {
		doc.Store(step.doc)
		last := st
		if step.forget {
			last = lost
		}
		res, err := c.Fetch(t.Context(), target(srv), last)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range res.Stories {
			got = append(got, s.Title)
		}
		if strings.Join(got, " ") != strings.Join(step.want, " ") || res.State.Items != step.items {
			t.Errorf("%s: %q of %d items", step.name, got, res.State.Items)
		}
		lost, st = st, res.State
	}
}

func TestKnownGUIDOfAnotherArticle(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	item := func(n int) string {
		return fmt.Sprintf("<item><title>%d</title><guid isPermaLink=\"false\">g</guid><link>https://waha.example/%d</link></item>", n, n)
	}
	var doc atomic.Value
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, doc.Load()) })
	doc.Store(head + item(1) + foot)
	first, err := c.Fetch(t.Context(), target(srv), rafid.SourceState{})
	if err != nil {
		t.Fatal(err)
	}
	doc.Store(head + item(2) + item(1) + foot)
	second, err := c.Fetch(t.Context(), target(srv), first.State)
	if err != nil || len(second.Stories) != 1 || second.Stories[0].ID == first.Stories[0].ID {
		t.Errorf("%v %+v", err, second.Stories)
	}
}

func TestCutDocumentsAreAskedForAgain(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	var n atomic.Int32
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"e"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
		} else if n.Add(1) == 1 {
			fmt.Fprint(w, head+one+two[:40])
		} else {
			fmt.Fprint(w, head+one+two+foot)
		}
	})
	first, err := c.Fetch(t.Context(), target(srv), rafid.SourceState{})
	if err != nil || len(first.Stories) != 1 || first.State.ETag != "" {
		t.Fatalf("%v %+v", err, first)
	}
	second, err := c.Fetch(t.Context(), target(srv), first.State)
	if err != nil || second.Outcome != Read || len(second.Stories) != 2 {
		t.Errorf("%v %s, %d stories", err, second.Outcome, len(second.Stories))
	}
}

func TestNewNamesForOldItems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, first, then string
		same              bool
	}{
		{"all guids change", `<title>مطر</title><guid isPermaLink="false">1</guid><link>https://waha.example/1</link>`, `<title>مطر</title><guid isPermaLink="false">x1</guid><link>https://waha.example/1</link>`, true},
		{"all addresses change, there are no guids", `<title>مطر</title><link>https://waha.example/1</link><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate>`, `<title>مطر</title><link>https://waha.example/rain</link><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate>`, true},
		{"another headline at the same address", `<title>مطر</title><guid isPermaLink="false">1</guid><link>https://waha.example/live</link>`, `<title>ريح</title><guid isPermaLink="false">2</guid><link>https://waha.example/live</link>`, false},
		{"the same headline, another day, no guid", `<title>مطر</title><link>https://waha.example/1</link><pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate>`, `<title>مطر</title><link>https://waha.example/2</link><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate>`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cl, _ := newClient(t)
			var doc atomic.Value
			doc.Store(c.first)
			srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprintf(w, "%s<item>%s</item>%s", head, doc.Load(), foot)
			})
			a, err := cl.Fetch(t.Context(), target(srv), rafid.SourceState{})
			if err != nil {
				t.Fatal(err)
			}
			doc.Store(c.then)
			b, err := cl.Fetch(t.Context(), target(srv), a.State)
			if err != nil || len(b.Stories) != 1 || (a.Stories[0].ID == b.Stories[0].ID) != c.same {
				t.Errorf("%v: %s, then %+v", err, a.Stories[0].ID, b.Stories)
			}
		})
	}
}
