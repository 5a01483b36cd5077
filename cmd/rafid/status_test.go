package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rafid"
)

func TestStatus(t *testing.T) {
	t.Parallel()
	o := newOrigin(t, map[string][]byte{"/alif": feed("ألف", "خبر أول من المدينة", "خبر ثان من الميناء")})
	dir := t.TempDir()
	cfg := o.feeds(t, dir, "  broken: {url: "+o.URL+"/none, name: باء, allow_private: true}\n  off: {url: "+o.URL+"/off, name: جيم, enabled: false}\n")
	d := &desk{T: t, cfg: cfg, data: dir + "/data", out: dir + "/public"}
	d.refuses("before the first run", []string{"status"}, exitFailed, "rafid run or rafid once makes one")
	d.once()

	table := d.run("status")
	want := []string{"gone ", "works ", "off "}
	for _, line := range strings.Split(table, "\n") {
		if strings.Contains(line, "\x1b") {
			t.Errorf("piped output is coloured: %q", line)
		}
		if at := strings.IndexFunc(line, func(r rune) bool { return r >= 0x600 }); at > 80 {
			t.Errorf("the name begins at column %d: %q", at, line)
		}
		if len(want) > 0 && strings.HasPrefix(line, want[0]) {
			want = want[1:]
		}
	}
	if len(want) > 0 || !strings.Contains(table, "3 sources: 1 gone 1 works 1 off") {
		t.Errorf("missing %v, in this order, in\n%s", want, table)
	}
	if top := d.run("top"); !strings.Contains(top, "3 sources:") || strings.Contains(top, "\x1b") {
		t.Errorf("top in a pipe is not what status prints:\n%q", top)
	}
	for _, w := range []string{"state      gone", "http       404", "error "} {
		if one := d.run("status", "broken"); !strings.Contains(one, w) {
			t.Errorf("%q is missing in\n%s", w, one)
		}
	}
	var all []sourceStatus
	if err := json.Unmarshal([]byte(d.run("status", "--json")), &all); err != nil || len(all) != 3 {
		t.Fatalf("%v, %v: want three sources", all, err)
	}
	if s := all[1]; s.ID != "alif" || s.State != "works" || s.Items != 2 || s.Today != 2 || s.Name != "ألف" {
		t.Errorf("source as JSON: %+v", s)
	}
	var one sourceStatus
	if err := json.Unmarshal([]byte(d.run("status", "alif", "--json")), &one); err != nil || one.ID != "alif" {
		t.Errorf("one source as JSON: %+v, %v", one, err)
	}
	d.refuses("a source that is not in the file", []string{"status", "nix"}, exitUsage, "no source")
	d.refuses("too often", []string{"top", "--every", "1ms"}, exitUsage, "100ms or more")
}

func TestEveryStateHasItsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []rafid.Condition{
		rafid.Works, rafid.Slow, rafid.Quiet, rafid.Empty, rafid.Blocked, rafid.Moved, rafid.Gone, rafid.Hijacked, rafid.Broken,
	} {
		if urgency(string(c)) < 0 {
			t.Errorf("state %s is not in the order", c)
		}
		if p := paint(string(c), "x"); utf8.RuneCountInString(p) < 5 {
			t.Errorf("state %s has no colour", c)
		}
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for want, at := range map[string]time.Time{
		"-": {}, "5s": now.Add(-5 * time.Second), "59m": now.Add(-time.Hour + time.Second), "47h": now.Add(-47 * time.Hour),
		"9d": now.Add(-9 * 24 * time.Hour), "+10m": now.Add(10 * time.Minute),
	} {
		if got := ago(now, at); got != want {
			t.Errorf("%v: %s, want %s", at, got, want)
		}
	}
}
