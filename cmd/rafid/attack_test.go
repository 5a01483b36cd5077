package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What one attack may cost the whole program: see docs/fetching.md for what was measured.
const (
	attackCPU    = 5 * time.Second
	attackMemory = 256 << 20
)

// attack writes a document that is built to exhaust a reader, in pieces: the test stays small.
type attack struct {
	name  string
	write func(w io.Writer)
	items bool // it holds items that can be had
	size  string

	packed bool // it is served in gzip: what repeats itself so is refused before it is read
}

const (
	attackHead = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>الواحة</title><link>https://waha.example/</link>`
	attackFoot = `</channel></rss>`
	attackItem = `<item><title>البلدية تفتتح السوق المغطى</title><link>https://waha.example/1</link></item>`
)

func times(w io.Writer, s string, n int) {
	piece := strings.Repeat(s, 1000)
	for ; n >= 1000; n -= 1000 {
		_, _ = io.WriteString(w, piece) // a reader that hangs up is content
	}
	_, _ = io.WriteString(w, strings.Repeat(s, n))
}

func attacks() []attack {
	around := func(before, s string, n int, after string) func(io.Writer) {
		return func(w io.Writer) {
			_, _ = io.WriteString(w, attackHead+before)
			times(w, s, n)
			_, _ = io.WriteString(w, after+attackFoot)
		}
	}
	bomb := `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "لا">`
	for i := range 30 {
		bomb += fmt.Sprintf(`<!ENTITY a%d "&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;">`, i+1, i, i, i, i, i, i, i, i, i, i)
	}
	bomb += "]><rss><channel><title>&a30;</title><item><title>مطر &a30;</title></item></channel></rss>"
	outside := `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/p.dtd">%p;]><rss xmlns:xi="http://www.w3.org/2001/XInclude"><channel><item><title>مطر &x;</title><description><xi:include href="file:///etc/passwd" parse="text"/></description></item></channel></rss>`
	fixed := func(s string) func(io.Writer) { return func(w io.Writer) { _, _ = io.WriteString(w, s) } }
	return []attack{
		{"nesting of 10 million", around("<item>", "<a>", 10_000_000, ""), false, "30 MB", false},
		{"nesting of 10 million, closed", func(w io.Writer) {
			_, _ = io.WriteString(w, attackHead+attackItem+"<item>")
			times(w, "<a>", 2_000_000)
			times(w, "</a>", 2_000_000)
			_, _ = io.WriteString(w, "</item>"+attackFoot)
		}, false, "14 MB", false},
		{"nesting in CDATA", around(attackItem+"<item><title>مطر</title><description><![CDATA[", "<div>", 2_900_000, "]]></description></item>"), true, "14 MB", false},
		{"nesting, escaped", around(attackItem+"<item><title>مطر</title><description>", "&lt;div&gt;", 1_000_000, "</description></item>"), true, "11 MB", false},
		{"200,000 attributes", around("<item ", `a="1" `, 200_000, "/>"), false, "1 MB", false},
		{"200,000 attributes inside HTML", around(attackItem+"<item><title>مطر</title><description><![CDATA[<p ", `a="1" `, 200_000, ">نص</p>]]></description></item>"), true, "1 MB", false},
		{"an attribute of 20 MB", around(`<item a="`, "x", 20_000_000, `"/>`), false, "20 MB", false},
		{"a feed of 100 MB", around("", attackItem, 800_000, ""), false, "100 MB", false},
		{"a feed of 14 MB", around("", attackItem, 110_000, ""), true, "14 MB", false},
		{"one text of 14 MB", around("<item><title>مطر</title><description>", "نص ", 2_800_000, "</description></item>"), true, "14 MB", false},
		{"one title of 14 MB", around("<item><title>", "مطر ", 2_000_000, "</title></item>"), true, "14 MB", false},
		{"stray brackets", around(attackItem, "<", 14_000_000, ""), false, "14 MB", false},
		{"ampersands", around("<item><title>مطر ", "&", 14_000_000, "</title></item>"), false, "14 MB", false},
		{"2 million ampersands", around("<item><title>مطر ", "&", 2_000_000, "</title></item>"), true, "2 MB", false},
		{"quotes that do not end", around(attackItem, `<a b="`, 2_300_000, ""), false, "14 MB", false},
		{"comments that do not end", around(attackItem, "<!--", 3_500_000, ""), true, "14 MB", false},
		{"empty items", around("", "<item/>", 2_000_000, ""), true, "14 MB", false},
		{"categories", around("<item><title>مطر</title>", "<category>x</category>", 520_000, "</item>"), true, "12 MB", false},
		{"tables in HTML", around("<item><title>مطر</title><description><![CDATA[", "<table><tr><td>", 900_000, "]]></description></item>"), true, "14 MB", false},
		{"entities in entities", fixed(bomb), true, "2 kB", false},
		{"entities and inclusions from outside", fixed(outside), true, "1 kB", false},
		{"NUL", func(w io.Writer) { times(w, "\x00", 14_000_000) }, false, "14 MB", false},
		{"JSON arrays", func(w io.Writer) { times(w, `{"items":[`, 1_400_000) }, false, "14 MB", false},
		{"JSON items", func(w io.Writer) {
			_, _ = io.WriteString(w, `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"مطر"}`)
			times(w, `,{}`, 4_600_000)
			_, _ = io.WriteString(w, `]}`)
		}, false, "14 MB", false},
		{"JSON items with authors", func(w io.Writer) {
			_, _ = io.WriteString(w, `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"مطر"}`)
			times(w, `,{"authors":[{},{},{},{},{},{},{},{},{}]}`, 180_000)
			_, _ = io.WriteString(w, `]}`)
		}, true, "7 MB", false},
		{"Latin letters as UTF-16", func(w io.Writer) {
			_, _ = w.Write([]byte{0xFF, 0xFE, '<', 0, 'r', 0, 's', 0, 's', 0, '>', 0})
			times(w, "\xff\xd8", 7_000_000)
		}, false, "14 MB", false},
	}
}

// toll is what a process took.
type toll struct {
	cpu    time.Duration
	memory int64
	code   int
}

// glance keeps the front of what is written. The account that Linux gives of a child's memory begins with
// that of the process it was forked from: the test must not grow either.
type glance struct {
	front bytes.Buffer
	last  byte
}

func (g *glance) Write(p []byte) (int, error) {
	if room := 2000 - g.front.Len(); room > 0 {
		g.front.Write(p[:min(room, len(p))])
	}
	if line := bytes.TrimSpace(p); len(line) > 0 {
		g.last = line[len(line)-1]
	}
	return len(p), nil
}

func costOf(t *testing.T, cmd *exec.Cmd) (out glance, c toll) {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	err := cmd.Run()
	use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Skip("no account of resources here")
	}
	c = toll{cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), use.Maxrss << 10, cmd.ProcessState.ExitCode()}
	if c.code != 0 && c.code != 1 {
		t.Errorf("%v: %.500s", err, stderr.String())
	}
	if c.cpu > attackCPU || c.memory > attackMemory {
		t.Errorf("took %v and %d MB", c.cpu, c.memory>>20)
	}
	t.Logf("%v CPU, %d MB, exit %d: %.80s", c.cpu.Round(10*time.Millisecond), c.memory>>20, c.code, stderr.String())
	return out, c
}

// TestAttacksOnParse hands each document to the program as a file: it answers one JSON object, soon and in
// little memory. The documents are those of TestAttacksOnFetch.
func TestAttacksOnParse(t *testing.T) {
	slow(t)
	exe := program(t, "rafid")
	for _, a := range attacks() {
		t.Run(a.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "feed.xml")
			f, err := os.Create(file)
			if err != nil {
				t.Fatal(err)
			}
			w := bufio.NewWriter(f)
			a.write(w)
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			out, c := costOf(t, exec.CommandContext(t.Context(), exe, "parse", file))
			said := out.front.String()
			if !strings.HasPrefix(said, "{") || out.last != '}' {
				t.Fatalf("no JSON: %.100s", said)
			}
			if a.items != strings.Contains(said, `"items":[{`) || strings.HasPrefix(said, `{"error":`) != (c.code == 1) {
				t.Errorf("exit %d: %.300s", c.code, said)
			}
			if strings.Contains(said, "root:") {
				t.Error("a file of this machine was read")
			}
		})
	}
}

// TestAttacksOnFetch serves each document beside a good feed: the good one's story is published.
func TestAttacksOnFetch(t *testing.T) {
	slow(t)
	exe := program(t, "rafid")
	all := append(attacks(), attack{"a gzip bomb of 10 GB", func(w io.Writer) {
		_, _ = io.WriteString(w, attackHead+attackItem)
		times(w, strings.Repeat(" ", 10_000), 1_000_000)
	}, false, "10 GB", true})
	for _, a := range all {
		t.Run(a.name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/good" {
					_, _ = io.WriteString(w, attackHead+`<item><title>المدارس تغلق أبوابها بسبب المطر</title><link>https://good.example/1</link></item>`+attackFoot)
					return
				}
				if !a.packed {
					a.write(&hangup{w: w, r: r})
					return
				}
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				a.write(&hangup{w: z, r: r})
				_ = z.Close()
			}))
			defer srv.Close()
			dir := t.TempDir()
			cfg := write(t, filepath.Join(dir, "feeds.yaml"), "defaults: {allow_private: true}\nsources:\n  evil: "+srv.URL+"/evil\n  good: "+srv.URL+"/good\n")
			out := filepath.Join(dir, "public")
			costOf(t, exec.CommandContext(t.Context(), exe, "once", "--config", cfg, "--data", filepath.Join(dir, "data"), "--out", out))
			feed, err := os.ReadFile(filepath.Join(out, "feeds", "all.rss"))
			if err != nil || !strings.Contains(string(feed), "المدارس تغلق أبوابها") {
				t.Errorf("the good feed's story is not published: %v", err)
			}
		})
	}
}

// hangup stops writing once the other side has gone.
type hangup struct {
	w io.Writer
	r *http.Request
}

func (h *hangup) Write(p []byte) (int, error) {
	if h.r.Context().Err() != nil {
		return len(p), nil
	}
	return h.w.Write(p)
}
