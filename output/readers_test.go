package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tool gives the path of a program, or skips the test.
func tool(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	t.Skipf("%s is not installed: nothing shown", strings.Join(names, " or "))
	return ""
}

// run gives what a program prints.
func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, stderr.Bytes(), out)
	}
	return out
}

// writtenWorld writes the world into a folder and gives its feeds.
func writtenWorld(t *testing.T, patterns ...string) []string {
	t.Helper()
	dir := t.TempDir()
	if _, err := publisher(t, worldOptions(), world()).WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(dir, p))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

func TestXmllintFindsOutputsWellFormed(t *testing.T) {
	t.Parallel()
	lint := tool(t, "xmllint")
	files := writtenWorld(t, "feeds/*.atom", "feeds/*.rss", "feeds/*.opml", "opml.xml", "s/*.atom")
	run(t, lint, append([]string{"--noout", "--nonet"}, files...)...)
}

// readItem is what a reader makes of an item.
type readItem struct{ ID, Title, Link, Published, Author string }

// wanted gives what readers should make of a channel.
func wanted(t *testing.T, p *Publisher, channel string) []readItem {
	t.Helper()
	ed := p.cur.Load()
	c := ed.channels[channel]
	entries, _, err := ed.entries(t.Context(), c.Channel)
	if err != nil {
		t.Fatal(err)
	}
	var out []readItem
	for _, it := range ed.document(c.Channel, entries).items {
		out = append(out, readItem{it.id, it.heading, it.link, rfc3339(it.published), it.outlet})
	}
	return out
}

const feedparserScript = `
import sys, json, time, feedparser
out = []
for name in sys.argv[1:]:
    f = feedparser.parse(open(name, 'rb').read())
    out.append({"bozo": bool(f.bozo), "why": str(f.get("bozo_exception", "")), "lang": f.feed.get("language", ""),
      "items": [{"ID": e.id, "Title": e.title, "Link": e.link, "Author": e.author,
        "Published": time.strftime("%Y-%m-%dT%H:%M:%SZ", e.published_parsed)} for e in f.entries]})
print(json.dumps(out))
`

func TestFeedparserReadsOutputs(t *testing.T) {
	t.Parallel()
	python := ""
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), name, "-c", "import feedparser").Run() == nil {
			python = name
		}
	}
	if python == "" {
		t.Skip("python3-feedparser is not installed: nothing shown")
	}
	p := publisher(t, worldOptions(), world())
	dir := t.TempDir()
	if _, err := p.WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	type reading struct {
		Bozo      bool
		Why, Lang string
		Items     []readItem
	}
	args := []string{"-c", feedparserScript}
	var names []string
	for _, c := range worldChannels() {
		for _, format := range []string{Atom, RSS} {
			names = append(names, c.Name+"."+format)
			args = append(args, filepath.Join(dir, "feeds", c.Name+"."+format))
		}
	}
	var readings []reading
	if err := json.Unmarshal(run(t, python, args...), &readings); err != nil {
		t.Fatal(err)
	}
	for i, r := range readings {
		if r.Bozo || r.Lang != "ar" {
			t.Errorf("%s: bozo %v %s, language %q", names[i], r.Bozo, r.Why, r.Lang)
		}
		channel, _, _ := strings.Cut(names[i], ".")
		if diff := cmp.Diff(len(wanted(t, p, channel)), len(r.Items)); diff != "" {
			t.Errorf("%s: %s", names[i], diff)
			continue
		}
		for j, want := range wanted(t, p, channel) {
			if diff := cmp.Diff(want, r.Items[j]); diff != "" {
				t.Errorf("%s item %d (-want +read):\n%s", names[i], j, diff)
			}
		}
	}
}

func TestNewsboatReadsOutputs(t *testing.T) {
	t.Parallel()
	newsboat, sqlite := tool(t, "newsboat"), tool(t, "sqlite3", "python3")
	p := publisher(t, worldOptions(), world())
	srv := httptest.NewServer(p.Handler())
	defer srv.Close()
	for _, format := range []string{Atom, RSS} {
		dir := t.TempDir()
		urls, cache := filepath.Join(dir, "urls"), filepath.Join(dir, "cache.db")
		if err := os.WriteFile(urls, fmt.Appendf(nil, "%s/feeds/all.%s\n", srv.URL, format), 0o600); err != nil {
			t.Fatal(err)
		}
		config := filepath.Join(dir, "config")
		if err := os.WriteFile(config, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		run(t, newsboat, "-u", urls, "-c", cache, "-C", config, "-x", "reload")
		var got []readItem
		if err := json.Unmarshal(newsboatItems(t, sqlite, cache), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wanted(t, p, "all"), got); diff != "" {
			t.Errorf("%s (-want +read):\n%s", format, diff)
		}
	}
}

// newsboatItems reads the items from newsboat's own store, newest first.
func newsboatItems(t *testing.T, sqlite, cache string) []byte {
	t.Helper()
	const query = `SELECT guid AS ID, title AS Title, url AS Link, strftime('%Y-%m-%dT%H:%M:%SZ', pubDate, 'unixepoch') AS Published,
		author AS Author FROM rss_item ORDER BY pubDate DESC, guid DESC`
	if strings.HasSuffix(sqlite, "sqlite3") {
		return run(t, sqlite, "-json", cache, query)
	}
	return run(t, sqlite, "-c", `import sqlite3, json, sys
db = sqlite3.connect(sys.argv[1]); db.row_factory = sqlite3.Row
print(json.dumps([dict(r) for r in db.execute(sys.argv[2])]))`, cache, query)
}

// npm gives the folder that holds node_modules with these packages, or skips the test. RAFID_NPM names it:
// npm install --prefix "$RAFID_NPM" rss-parser feedsmith
func npm(t *testing.T, packages ...string) (node, dir string) {
	t.Helper()
	dir = os.Getenv("RAFID_NPM")
	for _, p := range packages {
		if _, err := os.Stat(filepath.Join(dir, "node_modules", p)); dir == "" || err != nil {
			t.Skipf("RAFID_NPM=%q has no node_modules/%s: nothing shown", dir, p)
		}
	}
	return tool(t, "node"), dir
}

const nodeReadersScript = `
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';
const require = createRequire(process.argv[1] + '/node_modules/x.js');
const Parser = require('rss-parser');
const { parseFeed } = await import(pathToFileURL(require.resolve('feedsmith')).href);
const iso = t => new Date(t).toISOString().replace('.000Z', 'Z');
const link = e => (e.links.find(l => l.rel === 'alternate') || {}).href;
const out = {};
for (const name of process.argv.slice(2)) {
  const text = readFileSync(name, 'utf8');
  const { format, feed } = parseFeed(text);
  out[name] = { feedsmith: {
    rss: f => f.items.map(i => ({ ID: i.guid.value, Title: i.title, Link: i.link, Published: iso(i.pubDate), Author: i.dc.creators ? i.dc.creators[0] : i.dc.creator })),
    atom: f => f.entries.map(e => ({ ID: e.id, Title: e.title.value ?? e.title, Link: link(e), Published: iso(e.published), Author: e.authors[0].name })),
    json: f => f.items.map(i => ({ ID: i.id, Title: i.title, Link: i.url, Published: iso(i.date_published), Author: i.authors[0].name })),
  }[format](feed) };
  if (format === 'json') continue;
  const p = await new Parser({ customFields: { item: ['id'] } }).parseString(text);
  out[name].rssParser = p.items.map(i => ({ ID: i.guid || i.id, Title: i.title, Link: i.link, Published: iso(i.isoDate), Author: i.creator || i.author }));
}
console.log(JSON.stringify(out));
`

func TestNodeParsersReadOutputs(t *testing.T) {
	t.Parallel()
	node, packages := npm(t, "rss-parser", "feedsmith")
	p := publisher(t, worldOptions(), world())
	dir := t.TempDir()
	if _, err := p.WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	args := []string{"--input-type=module", "-e", nodeReadersScript, packages}
	channels := []string{"all", "economy", "source-sahel"}
	for _, c := range channels {
		for _, format := range []string{Atom, RSS, JSON} {
			args = append(args, filepath.Join(dir, "feeds", c+"."+format))
		}
	}
	var readings map[string]map[string][]readItem
	if err := json.Unmarshal(run(t, node, args...), &readings); err != nil {
		t.Fatal(err)
	}
	for file, byParser := range readings {
		channel, format, _ := strings.Cut(filepath.Base(file), ".")
		if format != JSON && len(byParser) != 2 {
			t.Errorf("%s.%s was read by %d parsers", channel, format, len(byParser))
		}
		for parser, got := range byParser {
			if diff := cmp.Diff(wanted(t, p, channel), got); diff != "" {
				t.Errorf("%s reads %s.%s (-want +read):\n%s", parser, channel, format, diff)
			}
		}
	}
}

func TestHTMLIsValid(t *testing.T) {
	t.Parallel()
	node, packages := npm(t, "html-validate")
	h := publisher(t, worldOptions(), world()).Handler()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(".htmlvalidate.json", `{"root": true, "extends": ["html-validate:recommended"]}`)
	for name, path := range browsed {
		write(name+".html", body(t, get(t, h, "GET", path)))
	}
	write("feed.html", body(t, get(t, h, "GET", "/feeds/all.atom", "Sec-Fetch-Dest: document")))
	bin := filepath.Join(packages, "node_modules", "html-validate", "bin", "html-validate.mjs")
	run(t, node, bin, "--formatter=text", "--config", filepath.Join(dir, ".htmlvalidate.json"), filepath.Join(dir, "*.html"))
}
