package main

import (
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// origin serves documents with validators, as a well-kept server does, and counts what it answers.
type origin struct {
	*httptest.Server
	docs       map[string][]byte // by path
	full, same atomic.Int64      // 200s and 304s
}

func newOrigin(t *testing.T, docs map[string][]byte) *origin {
	t.Helper()
	o := &origin{docs: docs}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		doc, ok := o.docs[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		etag := fmt.Sprintf(`"%x"`, sha256.Sum256(doc))
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			o.same.Add(1)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		o.full.Add(1)
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = w.Write(doc)
	}))
	t.Cleanup(o.Close)
	return o
}

// feeds writes a source list over the origin's documents, in the order of their ids.
func (o *origin) feeds(t *testing.T, dir string, extra string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("defaults: {allow_private: true}\nsources:\n")
	for _, path := range keys(o.docs) {
		fmt.Fprintf(&b, "  %s: %s%s\n", strings.Trim(path, "/"), o.URL, path)
	}
	return write(t, filepath.Join(dir, "feeds.yaml"), b.String()+extra)
}

func keys(docs map[string][]byte) []string {
	var all []string
	for k := range docs {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// tree is every file of a folder, by its path, with a hash of its bytes.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, dir)] = fmt.Sprintf("%x", sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// realDocuments are the saved feeds of real outlets, by a source id made of their names.
func realDocuments(t *testing.T) map[string][]byte {
	t.Helper()
	docs := make(map[string][]byte)
	for _, path := range glob(t, shared(t, "feeds"), "*.xml.gz") {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(path), ".xml.gz"), ".", "-")
		docs["/"+name] = doc
	}
	return docs
}

// Fifteen real documents (one of them in windows-1256, one pair two minutes apart) go from loopback to
// readers: every source is read, and three readers agree on every feed that comes out.
func TestRealDocumentsReachReaders(t *testing.T) {
	t.Parallel()
	o := newOrigin(t, realDocuments(t))
	dir := t.TempDir()
	cfg, out, data := o.feeds(t, dir, ""), filepath.Join(dir, "public"), filepath.Join(dir, "data")
	first := execute(t.Context(), t, "once", "--config", cfg, "--data", data, "--out", out, "--json")
	if first.code != 0 {
		t.Fatalf("exit %d\n%s%s", first.code, first.stdout, first.stderr)
	}
	total := last(lines[onceTotal](t, first.stdout))
	if total.Failed != 0 || total.Sources != len(o.docs) {
		t.Errorf("%d of %d sources failed\n%s", total.Failed, total.Sources, first.stdout)
	}
	checkReaders(t, out)
	for _, path := range glob(t, out, "feeds/*.rss") {
		checkClean(t, path)
	}
	checkTwin(t, out)

	// Nothing has changed: a second run gets 304s only, from feeds that do not ask to be left alone, stores
	// nothing, and leaves every file as it is.
	before, o304 := tree(t, out), o.same.Load()
	second := execute(t.Context(), t, "once", "--config", cfg, "--data", data, "--out", out, "--json")
	again := last(lines[onceTotal](t, second.stdout))
	asked := len(o.docs) - strings.Count(second.stdout, `"outcome":"waiting"`)
	if again.New != 0 || again.Unchanged != len(o.docs) || asked == 0 || o.same.Load()-o304 != int64(asked) {
		t.Errorf("second run: %d new, %d unchanged, %d answered 304; want 0, %d, %d", again.New,
			again.Unchanged, o.same.Load()-o304, len(o.docs), asked)
	}
	if again.Written != 0 {
		t.Errorf("second run wrote %d files", again.Written)
	}
	if d := cmp.Diff(before, tree(t, out)); d != "" {
		t.Errorf("second run changed files:\n%s", d)
	}
	whole := filepath.Join(dir, "whole")
	if r := execute(t.Context(), t, "once", "--config", cfg, "--data", data, "--out", whole); r.code != 0 {
		t.Fatal(r.stderr)
	}
	if d := cmp.Diff(before, tree(t, whole)); d != "" {
		t.Errorf("written anew, the files differ:\n%s", d)
	}
}

// checkClean looks for escapes and tags that a reader would see as text.
func checkClean(t *testing.T, path string) {
	t.Helper()
	for _, r := range gofeedReads(t, path) {
		for _, bad := range []string{"&lt;", "&amp;", "&quot;", "<", "&nbsp;", "&#"} {
			if strings.Contains(r.Title, bad) {
				t.Errorf("%s: title %q shows %s", path, r.Title, bad)
			}
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, twice := range []string{"&amp;lt;", "&amp;quot;", "&amp;amp;lt;"} {
		if strings.Contains(string(b), twice) {
			t.Errorf("%s holds %s: escaped once too often", path, twice)
		}
	}
}

// checkTwin: the same section saved two minutes apart adds no item to what is merged.
func checkTwin(t *testing.T, out string) {
	t.Helper()
	titles := make(map[string]string)
	for _, r := range gofeedReads(t, filepath.Join(out, "feeds", "all.atom")) {
		if other, twice := titles[r.Link]; twice {
			t.Errorf("%s stands in the merged feed twice: %s and %s", r.Link, other, r.ID)
		}
		titles[r.Link] = r.ID
	}
}

// The article that the project began with, as a feed item with everything that was scraped along with it.
func TestSeedArticle(t *testing.T) {
	t.Parallel()
	seed, err := os.ReadFile(firstOf(t, glob(t, shared(t, "seed"), "*.txt")))
	if err != nil {
		t.Fatal(err)
	}
	section, rest, _ := strings.Cut(string(seed), "\n")
	headline, body, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	doc := `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>عربي21</title><link>https://arabi21.example/</link>` +
		`<item><title>` + esc(headline) + `</title><link>https://arabi21.example/story/1</link><category>` + esc(section) +
		`</category><pubDate>Fri, 26 Nov 2021 10:00:00 GMT</pubDate><description>` + esc(body) + `</description></item></channel></rss>`
	o := newOrigin(t, map[string][]byte{"/arabi21": []byte(doc)})
	dir := t.TempDir()
	cfg := o.feeds(t, dir, "categories:\n  politics:\n    title: سياسة\n    from: [سياسة عربية]\noutputs:\n  content: full\n  feeds:\n    all: {}\n    each: [category, source]\n")
	out := filepath.Join(dir, "public")
	if r := execute(t.Context(), t, "once", "--config", cfg, "--data", filepath.Join(dir, "data"), "--out", out); r.code != 0 {
		t.Fatalf("exit %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	item := firstOf(t, gofeedReads(t, filepath.Join(out, "feeds", "politics.atom")))
	if !strings.HasPrefix(item.Title, strings.TrimSpace(headline)) {
		t.Errorf("title %q, want %q", item.Title, headline)
	}
	if at := time.Unix(item.Published, 0).UTC().Format(time.RFC3339); at != "2021-11-26T10:00:00Z" {
		t.Errorf("published %s: the date of a comment was taken for the article's", at)
	}
	b, err := os.ReadFile(filepath.Join(out, "feeds", "politics.json"))
	if err != nil {
		t.Fatal(err)
	}
	caption, _, _ := strings.Cut(strings.TrimSpace(body), "\n")
	for text, want := range map[string]int{"اقرأ أيضا": 0, "التعليقات": 0, "إلى الساحل": 0, strings.TrimSpace(caption): 1} {
		if n := strings.Count(string(b), text); n > want {
			t.Errorf("%q stands there %d times, want at most %d", text, n, want)
		}
	}
	for _, para := range []string{"كشف مصدر إسرائيلي", "وأعلن الاحتلال الإسرائيلي"} {
		if !strings.Contains(string(b), para) {
			t.Errorf("the paragraph %q is lost", para)
		}
	}
}

func esc(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func firstOf[T any](t *testing.T, all []T) T {
	t.Helper()
	if len(all) == 0 {
		t.Fatal("nothing there")
	}
	return all[0]
}

func last[T any](all []T) T { return all[len(all)-1] }
