package newsroom_test

import (
	"context"
	"image/png"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"rafid/cmd/internal/newsroom"
)

func TestLinksLeadToArticles(t *testing.T) {
	t.Parallel()
	c := newClock()
	r := open(t, c, newsroom.Options{})
	c.add(time.Minute)
	for _, item := range r.Truth()[:20] {
		res, data := get(t, item.Link)
		if res.StatusCode != 200 || !strings.Contains(string(data), `dir="rtl"`) {
			t.Errorf("%s: status %d", item.Link, res.StatusCode)
		}
	}
	home := r.Outlets()[0].Home
	for _, tt := range []struct {
		name, path string
		want       int
	}{
		{"the front page", "", 200},
		{"an item of the future", "politics/999999", 404},
		{"an item of another section", "nothing/4000", 404},
		{"no such page", "a/b/c", 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if res, _ := get(t, home+tt.path); res.StatusCode != tt.want {
				t.Errorf("status %d, want %d", res.StatusCode, tt.want)
			}
		})
	}
}

func TestPicturesArePictures(t *testing.T) {
	t.Parallel()
	r := open(t, newClock(), newsroom.Options{})
	res, data := get(t, r.Outlets()[1].Home+"img/12.png")
	img, err := png.Decode(strings.NewReader(string(data)))
	if err != nil || res.Header.Get("Content-Type") != "image/png" {
		t.Fatalf("%s: %v", res.Header.Get("Content-Type"), err)
	}
	if b := img.Bounds(); b.Dx() != 160 || b.Dy() != 90 {
		t.Errorf("%v", b)
	}
}

// At ten times the speed the same is published in a tenth of the time, and nothing is of the future.
func TestSpeed(t *testing.T) {
	t.Parallel()
	slow, fast := newClock(), newClock()
	a := open(t, slow, newsroom.Options{})
	b := open(t, fast, newsroom.Options{Speed: 10})
	slow.add(10 * time.Minute)
	fast.add(time.Minute)
	want, got := a.Truth(), b.Truth()
	if len(want) != len(got) {
		t.Fatalf("%d items, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i].GUID != want[i].GUID || got[i].Event != want[i].Event {
			t.Errorf("item %d is %s, want %s", i, got[i].GUID, want[i].GUID)
		}
		if got[i].At.After(fast.now()) {
			t.Errorf("%s is of the future", got[i].GUID)
		}
	}
}

// A flash is completed under its own guid, and both validators of the feed change with it.
func TestFlashIsCompleted(t *testing.T) {
	t.Parallel()
	c := newClock()
	r := open(t, c, newsroom.Options{Flash: 1})
	agency := r.Outlets()[0]
	find := func() newsroom.TruthItem {
		for _, item := range r.Truth() {
			if !item.Complete.IsZero() {
				return item
			}
		}
		t.Fatal("no flash")
		return newsroom.TruthItem{}
	}
	c.add(2 * time.Second)
	flash := find()
	before, data := get(t, agency.URL)
	if !strings.HasPrefix(flash.Title, "عاجل | ") || !strings.Contains(string(data), flash.Title) {
		t.Errorf("the flash %q is not in the feed", flash.Title)
	}
	c.add(flash.Complete.Sub(c.now()) + time.Second)
	whole := find()
	after, data := get(t, agency.URL, "If-None-Match", before.Header.Get("Etag"))
	if whole.GUID != flash.GUID || "عاجل | "+whole.Title != flash.Title {
		t.Errorf("%+v became %+v", flash, whole)
	}
	if after.StatusCode != 200 || strings.Contains(string(data), flash.Title) || !strings.Contains(string(data), whole.Title) {
		t.Errorf("the feed still has the flash: status %d", after.StatusCode)
	}
	if before.Header.Get("Last-Modified") == after.Header.Get("Last-Modified") {
		t.Error("the date did not change")
	}
	for _, item := range r.Truth() {
		if item.Event == whole.Event && item.Relation == newsroom.Copy && item.At.Before(whole.Complete) {
			t.Errorf("%s copied it before it was there", item.Outlet)
		}
	}
}

func TestPort(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := newsroom.Open(t.Context(), newsroom.Options{Port: n}); err == nil {
		t.Errorf("a port that is taken is taken again")
		_ = r.Close()
	}
	if r, err := newsroom.Open(t.Context(), newsroom.Options{Port: n - 1}); err == nil { // the second outlet's
		t.Errorf("a port that is taken is taken again")
		_ = r.Close()
	}
}

func TestContextEndsTheRoom(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := newsroom.Open(ctx, newsroom.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := r.Close(); err != nil { // waits until it has
		t.Error(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.Outlets()[0].URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := client().Do(req); err == nil {
		t.Errorf("still serving: %s", res.Status)
		res.Body.Close()
	}
	if err := r.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}
