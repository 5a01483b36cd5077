package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rafid/cmd/internal/config"
)

const exported = `<?xml version="1.0" encoding="UTF-8"?><opml version="1.0"><head><title>x</title></head><body>
<outline text="الرياضه"><outline text="نهر الرياضة" xmlUrl="https://www.nahr.example/sport/rss"/></outline>
<outline text="Misc"><outline text="وادي" type="rss" xmlUrl="http://WADI.example/feed/"/>
<outline text="ساحل" xmlUrl="feed://sahil.example/rss"/></outline>
<outline text="bad" xmlUrl="javascript:alert(1)"/><outline text="bad" xmlUrl="https:///x"/><outline text="here" xmlUrl="http://127.0.0.1/rss"/>
</body></opml>`

func TestOPML(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	before := "# ours\nsources:\n  wadi: https://wadi.example/feed   # kept\n  nahr: https://nahr.example/rss\n  off: {url: https://off.example/rss, enabled: false}\n  key: {url: 'https://key.example/rss', category: sport, name: مفتاح}\ncategories:\n  sport: الرياضة\n"
	d := &desk{T: t, cfg: write(t, filepath.Join(dir, "feeds.yaml"), before), data: filepath.Join(dir, "data")}
	file := write(t, filepath.Join(dir, "in.opml"), exported)

	var plan []incoming
	if err := json.Unmarshal([]byte(d.run("opml", "in", file, "--json")), &plan); err != nil {
		t.Fatal(err)
	}
	want := []incoming{
		{Action: "add", ID: "nahr-sport", URL: "https://www.nahr.example/sport/rss", Name: "نهر الرياضة", Category: "sport"},
		{Action: "there", ID: "wadi", URL: "http://WADI.example/feed/"},
		{Action: "add", ID: "sahil", URL: "http://sahil.example/rss", Name: "ساحل"},
		{Action: "skip", URL: "javascript:alert(1)", Why: "neither http nor https"},
		{Action: "skip", URL: "https:///x", Why: "no host"},
		{Action: "skip", URL: "http://127.0.0.1/rss", Why: `is on this machine or an intranet, and will be refused`},
	}
	if diff := cmp.Diff(want, plan); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if b, err := os.ReadFile(d.cfg); err != nil || string(b) != before {
		t.Errorf("the plan alone changed the file: %v\n%s", err, b)
	}
	if said := d.run("opml", "in", file); !strings.Contains(said, "2 to add, 1 there already, 3 left out; nothing is written without --yes") {
		t.Errorf("said %q", said)
	}
	d.run("opml", "in", "--yes", file)
	after, err := os.ReadFile(d.cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, kept := range strings.Split(strings.TrimSpace(before), "\n") {
		if !strings.Contains(string(after), kept+"\n") {
			t.Errorf("the line %q is lost in\n%s", kept, after)
		}
	}
	if said := d.run("opml", "in", "--yes", file); !strings.Contains(said, "0 to add, 3 there already, 3 left out") {
		t.Errorf("the second time: %q", said)
	}
	if again, err := os.ReadFile(d.cfg); err != nil || string(again) != string(after) {
		t.Errorf("the second time changed the file: %v", err)
	}
}

func TestOPMLGoesRound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := &desk{T: t, cfg: write(t, filepath.Join(dir, "feeds.yaml"), "sources:\n  a: {url: 'https://a.example/rss?x=1&y=2', headers: {X-Key: secret}, category: sport, name: ألف}\n  b: https://b.example/rss\n  c: {url: https://c.example/rss, enabled: false}\ncategories:\n  sport: رياضة\n"), data: filepath.Join(dir, "data")}
	out := d.run("opml", "out")
	if strings.Contains(out, "secret") || strings.Contains(out, "c.example") {
		t.Errorf("what is secret, or off, goes out:\n%s", out)
	}
	file := write(t, filepath.Join(dir, "out.opml"), out)
	fresh := write(t, filepath.Join(dir, "fresh.yaml"), "sources:\n  z: https://z.example/rss\ncategories:\n  sport: رياضة\n")
	d.cfg = fresh
	d.run("opml", "in", "--yes", file)
	cfg, problems := config.Load(fresh)
	if problems.Errors() {
		t.Fatal(problems)
	}
	var got []string
	for _, s := range cfg.Sources {
		got = append(got, fmt.Sprint(s.ID, " ", s.URL, " ", s.Category))
	}
	want := []string{"z https://z.example/rss ", "a https://a.example/rss?x=1&y=2 sport", "b https://b.example/rss "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
}

func TestOPMLRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := &desk{T: t, cfg: write(t, filepath.Join(dir, "feeds.yaml"), "sources:\n  a: https://a.example/rss\n"), data: filepath.Join(dir, "data")}
	d.refuses("a file that is not there", []string{"opml", "in", filepath.Join(dir, "none")}, exitFailed, "no such file")
	d.refuses("no OPML", []string{"opml", "in", write(t, filepath.Join(dir, "x"), "hello")}, exitFailed, "want an OPML file")
	var many strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&many, `<outline xmlUrl="https://h%d.example/rss"/>`, i)
	}
	big := write(t, filepath.Join(dir, "big"), "<opml><body>"+many.String()+"</body></opml>")
	r := execute(t.Context(), t, "opml", "in", big, "--config", d.cfg)
	if r.code != 0 || !strings.Contains(r.stderr, "more than 10000 feeds") || !strings.Contains(r.stdout, "10000 to add") {
		t.Errorf("100,000 outlines: exit %d, %q", r.code, r.stderr)
	}
}
