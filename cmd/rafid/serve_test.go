package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rafid/cmd/internal/newsroom"
)

// logbook keeps what a running program logs, and can be read meanwhile.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// find gives the first logged line with the message, as its keys and values.
func (l *logbook) find(msg string) (map[string]any, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range strings.Split(l.buf.String(), "\n") {
		var m map[string]any
		if json.Unmarshal([]byte(line), &m) == nil && strings.HasPrefix(fmt.Sprint(m["msg"]), msg) {
			return m, true
		}
	}
	return nil, false
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// server is the program at work inside a test.
type server struct {
	base, admin string
	log         *logbook
	stop        func() result
}

// serve starts `rafid run` and waits until it serves.
func serve(t *testing.T, args ...string) *server {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &server{log: &logbook{}}
	var out bytes.Buffer
	done := make(chan result, 1)
	args = append([]string{"run", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--log-format", "json"}, args...)
	go func() {
		code := exitCode(run(ctx, args, strings.NewReader(""), &out, s.log))
		done <- result{out.String(), s.log.String(), code}
	}()
	s.stop = sync.OnceValue(func() result { cancel(); return <-done })
	t.Cleanup(func() { s.stop() })
	eventually(t, "the program serves", func() bool {
		m, ok := s.log.find("serving")
		if ok {
			s.base, s.admin = fmt.Sprint(m["url"]), fmt.Sprint(m["admin"])
		}
		return ok
	})
	return s
}

// eventually waits for what another goroutine or process is about to do.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("in 30 s it did not happen that %s", what)
		}
	}
}

// get gives the status and the body of an address.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func room(t *testing.T, speed float64) *newsroom.Room {
	t.Helper()
	r, err := newsroom.Open(t.Context(), newsroom.Options{Start: time.Now(), Speed: speed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// The program over a newsroom: stories arrive and merge, health and metrics answer, it stops in good order.
func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), room(t, 3).FeedsYAML(""))
	data := filepath.Join(dir, "data")
	s := serve(t, "--config", cfg, "--data", data)
	eventually(t, "stories of several outlets merge", func() bool {
		_, m := get(t, s.admin+"/metrics")
		return strings.Contains(m, `rafid_grouped_total{relation="copy"}`) && strings.Contains(m, `rafid_grouped_total{relation="same"}`)
	})
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/debug/pprof/": "goroutine"} {
		if code, body := get(t, s.admin+path); code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d %q", path, code, body)
		}
	}
	if code, _ := get(t, s.base+"/metrics"); code != http.StatusNotFound {
		t.Errorf("metrics on the public address: %d", code)
	}
	for _, path := range []string{"/", "/feeds/all.atom", "/feeds/all.rss", "/feeds/all.json", "/opml.xml", "/status"} {
		if code, body := get(t, s.base+path); code != http.StatusOK || !strings.ContainsFunc(body, isArabic) {
			t.Errorf("%s: %d with %d bytes, and nothing Arabic in them", path, code, len(body))
		}
	}
	r := s.stop()
	if r.code != 0 || strings.Contains(r.stderr, `"level":"ERROR"`) {
		t.Errorf("exit %d\n%s", r.code, r.stderr)
	}
}

// Started again on the same store, with its sources gone, the program serves the same bytes under the same
// validators, and a reader that has them gets 304.
func TestRestartServesTheSameBytes(t *testing.T) {
	t.Parallel()
	o := newOrigin(t, map[string][]byte{"/one": feed("الواحة", "افتتاح مكتبة عامة في حي النخيل", "سوق أسبوعية للكتب المستعملة")})
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), "site: {url: https://news.example.org}\ndefaults: {allow_private: true}\nsources:\n  one: "+o.URL+"/one\n")
	data := filepath.Join(dir, "data")
	first := serve(t, "--config", cfg, "--data", data)
	eventually(t, "the source is published", func() bool {
		_, body := get(t, first.base+"/feeds/all.json")
		return strings.Contains(body, "مكتبة عامة") && strings.Contains(body, "سوق أسبوعية")
	})
	before := make(map[string][2]string)
	for _, path := range []string{"/feeds/all.atom", "/feeds/all.rss", "/feeds/all.json", "/feeds/source-one.atom", "/opml.xml"} {
		etag, body := validated(t, first.base+path, "")
		before[path] = [2]string{etag, body}
	}
	if r := first.stop(); r.code != 0 {
		t.Fatalf("exit %d\n%s", r.code, r.stderr)
	}
	o.Close()
	second := serve(t, "--config", cfg, "--data", data)
	for path, want := range before {
		etag, body := validated(t, second.base+path, "")
		if etag != want[0] || body != want[1] || !strings.HasPrefix(etag, `"`) {
			t.Errorf("%s: after a restart ETag %s, before %s; bytes the same: %v", path, etag, want[0], body == want[1])
		}
		if _, body := validated(t, second.base+path, want[0]); body != "304" {
			t.Errorf("%s: a reader that has it got it again", path)
		}
	}
}

// validated gives the ETag and the body of an address, "304" for one that is not modified.
func validated(t *testing.T, url, etag string) (string, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNotModified {
		return etag, "304"
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.Header.Get("ETag"), string(b)
}

// A changed source list is taken over while running; one with mistakes is not, and is told with its fix.
func TestReload(t *testing.T) {
	t.Parallel()
	o := newOrigin(t, map[string][]byte{"/one": feed("الواحة", "افتتاح مكتبة عامة في حي النخيل"), "/two": feed("المنارة", "سفينة أبحاث ترسو في ميناء الشراع")})
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), "defaults: {allow_private: true}\nsources:\n  one: "+o.URL+"/one\n")
	s := serve(t, "--config", cfg, "--data", filepath.Join(dir, "data"))
	has := func(text string) func() bool {
		return func() bool { _, body := get(t, s.base+"/feeds/all.json"); return strings.Contains(body, text) }
	}
	gauge := func(v string) func() bool {
		return func() bool {
			_, m := get(t, s.admin+"/metrics")
			return strings.Contains(m, "rafid_config_last_reload_successful "+v)
		}
	}
	eventually(t, "the first source is published", has("مكتبة عامة"))
	write(t, cfg, "defaults: {allow_private: true}\nsources:\n  one: "+o.URL+"/one\n  two:\n    ulr: "+o.URL+"/two\n")
	eventually(t, "the mistake is seen", gauge("0"))
	if text := s.log.String(); !strings.Contains(text, "feeds.yaml:5:5") || !strings.Contains(text, "did you mean") {
		t.Errorf("the log does not say where and what to do:\n%s", text)
	}
	if !has("مكتبة عامة")() {
		t.Error("the last good list is not in force any more")
	}
	write(t, cfg+".new", "defaults: {allow_private: true}\nsources:\n  one: "+o.URL+"/one\n  two: "+o.URL+"/two\n")
	rename(t, cfg+".new", cfg) // as editors save
	eventually(t, "the second source is published", has("سفينة أبحاث"))
	eventually(t, "the list is in force", gauge("1"))
	if _, ok := s.log.find("source list: + source two"); !ok {
		t.Errorf("the difference is not logged:\n%s", s.log.String())
	}
}

// feed is a document of one outlet with these headlines.
func feed(outlet string, titles ...string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>%s</title><link>https://%x.example/</link>`, outlet, outlet)
	for i, title := range titles {
		fmt.Fprintf(&b, `<item><title>%s</title><link>https://%x.example/%d</link><guid>%d</guid><pubDate>Sun, 22 Nov 2026 0%d:00:00 GMT</pubDate><description>%s، بحسب ما أعلنه مصدر في المدينة.</description></item>`,
			title, outlet, i, i, i%10, title)
	}
	return []byte(b.String() + `</channel></rss>`)
}

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), "sources:\n  one: https://one.example/rss\n")
	s := serve(t, "--config", write(t, filepath.Join(dir, "none.yaml"), "defaults: {allow_private: true}\nsources:\n  one: http://127.0.0.1:9/\n"), "--data", filepath.Join(dir, "data"))
	busy := strings.TrimPrefix(s.base, "http://")
	r := execute(t.Context(), t, "run", "--config", cfg, "--data", filepath.Join(dir, "other"), "--listen", busy)
	if r.code != 1 || !strings.Contains(r.stderr, "another --listen makes room") {
		t.Errorf("exit %d, %q: want a hint", r.code, r.stderr)
	}
	r = execute(t.Context(), t, "run", "--config", cfg, "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0")
	if r.code != 1 || !strings.Contains(r.stderr, "in use by another rafid") {
		t.Errorf("exit %d, %q: want the second refused", r.code, r.stderr)
	}
}
