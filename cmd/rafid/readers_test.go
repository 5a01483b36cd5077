package main

import (
	"database/sql"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
)

// read is an entry as a feed reader has it.
type read struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Link      string `json:"link"`
	Author    string `json:"author"`
	Published int64  `json:"published"`
}

// feedparser reads feeds with Debian's python3-feedparser and fails on any it complains of.
func feedparser(t *testing.T, paths []string) map[string][]read {
	t.Helper()
	if err := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", "import feedparser").Run(); err != nil {
		t.Skip("python3-feedparser is not here: `make test` installs it")
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", append([]string{"testdata/readers.py"}, paths...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string][]read)
	for _, f := range lines[struct {
		Path, Bozo, Language string
		Entries              []read
	}](t, string(out)) {
		if f.Bozo != "" {
			t.Errorf("%s: feedparser: %s", f.Path, f.Bozo)
		}
		if f.Language != "ar" {
			t.Errorf("%s: feedparser reads language %q, want ar", f.Path, f.Language)
		}
		got[f.Path] = f.Entries
	}
	return got
}

// newsboat reads the feeds of a folder, served on loopback, with Debian's newsboat; each by itself, because
// newsboat shows an id once, whichever feed it came by.
func newsboat(t *testing.T, dir string, paths []string) map[string][]read {
	t.Helper()
	if _, err := exec.LookPath("newsboat"); err != nil {
		t.Skip("newsboat is not here: `make test` installs it")
	}
	srv := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer srv.Close()
	got := make(map[string][]read)
	for _, p := range paths {
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			t.Fatal(err)
		}
		home := t.TempDir()
		write(t, filepath.Join(home, "urls"), srv.URL+"/"+filepath.ToSlash(rel)+"\n")
		write(t, filepath.Join(home, "config"), "reload-threads 1\n")
		cmd := exec.CommandContext(t.Context(), "newsboat", "-u", filepath.Join(home, "urls"), "-c",
			filepath.Join(home, "cache.db"), "-C", filepath.Join(home, "config"), "-x", "reload")
		cmd.Env = append(os.Environ(), "HOME="+home, "LANG=C.UTF-8")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("newsboat: %v\n%s", err, out)
		}
		got[p] = newsboatCache(t, filepath.Join(home, "cache.db"))
	}
	return got
}

func newsboatCache(t *testing.T, cache string) []read {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+cache)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT guid, title, url, author, pubDate FROM rss_item WHERE deleted = 0 ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []read
	for rows.Next() {
		var r read
		if err := rows.Scan(&r.ID, &r.Title, &r.Link, &r.Author, &r.Published); err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return got
}

// gofeedReads reads a feed in any of the three formats with the library.
func gofeedReads(t *testing.T, path string) []read {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	feed, err := gofeed.NewParser().Parse(f)
	if err != nil {
		t.Fatalf("%s: gofeed: %v", path, err)
	}
	if feed.Language != "ar" {
		t.Errorf("%s: gofeed reads language %q, want ar", path, feed.Language)
	}
	var all []read
	for _, it := range feed.Items {
		r := read{ID: it.GUID, Title: it.Title, Link: it.Link}
		if it.PublishedParsed != nil {
			r.Published = it.PublishedParsed.Unix()
		}
		if len(it.Authors) > 0 {
			r.Author = it.Authors[0].Name
		}
		all = append(all, r)
	}
	return all
}

// checkReaders holds what three readers make of the published feeds against each other: the same entries,
// by id, each with an Arabic title, a link, an author and a date that is not in the future.
func checkReaders(t *testing.T, dir string) {
	t.Helper()
	xml := append(glob(t, dir, "feeds/*.atom"), glob(t, dir, "feeds/*.rss")...)
	if len(xml) == 0 {
		t.Fatalf("%s holds no feeds", dir)
	}
	python, boat := feedparser(t, xml), newsboat(t, dir, xml)
	for _, path := range append(xml, glob(t, dir, "feeds/*.json")...) {
		want := index(t, path, gofeedReads(t, path))
		for id, r := range want {
			if r.Published <= 0 || r.Published > time.Now().Unix() {
				t.Errorf("%s: %s was published at %d", path, id, r.Published)
			}
			if !strings.ContainsFunc(r.Title, isArabic) || r.Link == "" || r.Author == "" {
				t.Errorf("%s: %s lacks an Arabic title, a link or an author: %+v", path, id, r)
			}
		}
		if strings.HasSuffix(path, ".json") {
			continue
		}
		for name, got := range map[string][]read{"feedparser": python[path], "newsboat": boat[path]} {
			if d := cmp.Diff(want, index(t, path, got)); d != "" {
				t.Errorf("%s: gofeed and %s differ:\n%s", path, name, d)
			}
		}
	}
}

func isArabic(r rune) bool { return r >= 0x621 && r <= 0x64a }

func glob(t *testing.T, dir, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// index is the entries by id. Readers show marks of direction or leave them out: they do not count.
func index(t *testing.T, path string, entries []read) map[string]read {
	t.Helper()
	byID := make(map[string]read, len(entries))
	for _, r := range entries {
		r.Title = strings.Trim(r.Title, "\u200f ")
		if _, twice := byID[r.ID]; twice {
			t.Errorf("%s: id %s stands there twice", path, r.ID)
		}
		byID[r.ID] = r
	}
	return byID
}
