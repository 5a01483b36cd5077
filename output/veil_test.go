package output

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rafid"
)

// everywhere gives, by address, all that is published of the world.
func everywhere(t *testing.T, p *Publisher) map[string]string {
	t.Helper()
	pages := make(map[string]string)
	h := p.Handler()
	at := []string{"/", "/c/economy", "/search?q=الميناء", "/feeds/search.atom?q=" + escapeQuery("الميناء"), "/sitemap.xml", "/s/g2crane", "/s/g2crane.atom"}
	for _, c := range p.cur.Load().order {
		for _, f := range []string{Atom, RSS, JSON} {
			at = append(at, "/feeds/"+c.Name+"."+f)
		}
	}
	for _, a := range at {
		if r := get(t, h, "GET", escapeQuery(a)); r.StatusCode == 200 {
			pages[a] = body(t, r)
		}
	}
	dir := t.TempDir()
	if _, err := p.WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	for name, text := range tree(t, dir) {
		pages["file "+name] = text
	}
	return pages
}

func TestHiddenIsShownNowhere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, hide string
		gone       []string // texts that must be nowhere
		stays      string   // a text of the same story that stays in all.atom; empty: none
	}{
		{"a group", "g1port", []string{"افتتاح الميناء الجديد", "الميناء الجديد يستقبل", "/s/g1port.", "ميناء خليج الزيتون يدخل الخدمة"}, ""},
		{"a story that leads", "g1port0", []string{"افتتاح الميناء الجديد", "news/g1port0"}, "الميناء الجديد يستقبل أولى سفنه"},
		{"a story that does not lead", "g1port3", []string{"ميناء خليج الزيتون يدخل الخدمة", "news/g1port3"}, "افتتاح الميناء الجديد"},
	} {
		p := publisher(t, worldOptions(), world())
		o := worldOptions()
		o.Hidden = []string{tt.hide}
		if err := p.Reload(o); err != nil {
			t.Fatal(err)
		}
		if err := p.Publish(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		pages := everywhere(t, p)
		if len(pages) < 50 {
			t.Fatalf("%s: %d documents looked at", tt.name, len(pages))
		}
		for at, text := range pages {
			for _, gone := range tt.gone {
				if strings.Contains(text, gone) {
					t.Errorf("%s: %s still says %q", tt.name, at, gone)
				}
			}
		}
		if !strings.Contains(pages["/feeds/all.atom"], tt.stays) {
			t.Errorf("%s: %q has gone too", tt.name, tt.stays)
		}
	}
}

func TestHiddenStoryAnswersGone(t *testing.T) {
	t.Parallel()
	o := worldOptions()
	o.Hidden = []string{"g1port", "g2crane0"}
	h := publisher(t, o, world()).Handler()
	for _, at := range []string{"/s/g1port", "/s/g1port.atom", "/s/g2crane", "/s/g2crane.json"} {
		r := get(t, h, "GET", at)
		if text := body(t, r); r.StatusCode != 410 || !strings.Contains(text, "سُحب") || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %q", at, r.StatusCode, r.Header)
		}
	}
}

// TestHidingKeepsFeedsFull shows that what is hidden is made up for by older stories, and that the outlets
// left are counted.
func TestHidingKeepsFeedsFull(t *testing.T) {
	t.Parallel()
	s := &memory{}
	o := worldOptions()
	for i := range 90 {
		id := fmt.Sprintf("n%02d", i)
		s.set(group(id, "economy", told{"sahel", time.Duration(i) * time.Minute, "خبر رقم " + id, ""}))
		if i%2 == 0 {
			o.Hidden = append(o.Hidden, id)
		}
	}
	wide := group("wide", "sport", told{"sahel", 2 * time.Hour, "خبر ينشره ثلاثة", ""}, told{"ntv", time.Hour, "وهذا ثانيهم", ""}, told{"wadi", time.Hour, "وهذا ثالثهم", ""})
	s.set(wide)
	o.Hidden = append(o.Hidden, "wide1")
	o.Max = 40
	p := publisher(t, o, s)
	if n := len(p.cur.Load().channels["all"].issue.Load().groups); n != 40 {
		t.Errorf("%d items with half of the newest hidden, want 40", n)
	}
	if n := len(p.cur.Load().channels["top"].issue.Load().groups); n != 0 {
		t.Errorf("a story of two outlets left is still among those of three")
	}
}

func TestMovedStoryLeadsToItsNewPlace(t *testing.T) {
	t.Parallel()
	s := world()
	p := publisher(t, worldOptions(), s)
	dir := t.TempDir()
	if _, err := p.WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	moved := rafid.Entry{Group: rafid.Group{ID: "g3match", Into: "g1port", Published: noon.Add(-3 * time.Hour)}}
	s.set(moved)
	if err := p.Publish(t.Context(), []rafid.Entry{moved}); err != nil {
		t.Fatal(err)
	}
	h := p.Handler()
	for at, to := range map[string]string{"/s/g3match": "/s/g1port", "/s/g3match.atom": "/s/g1port.atom", "/s/g3match.json": "/s/g1port.json"} {
		if r := get(t, h, "GET", at); r.StatusCode != 301 || r.Header.Get("Location") != to {
			t.Errorf("%s: %d to %q, want 301 to %s", at, r.StatusCode, r.Header.Get("Location"), to)
		}
	}
	for _, at := range []string{"/feeds/all.atom", "/feeds/sport.rss", "/", "/sitemap.xml"} {
		if strings.Contains(body(t, get(t, h, "GET", at)), "g3match") {
			t.Errorf("%s still carries what went into another story", at)
		}
	}
	if _, err := p.WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "s", "g3match", "index.html"))
	if err != nil || !strings.Contains(string(page), `url=../../s/g1port/index.html`) {
		t.Errorf("the file of the moved story leads nowhere: %.300s %v", page, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "s", "g3match.atom")); err == nil {
		t.Error("the moved story's feed is still there")
	}
}
