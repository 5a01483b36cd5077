package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"rafid"
)

const smallFeed = `<?xml version="1.0"?><rss version="2.0"><channel><title>صحيفة الواحة</title><link>https://waha.example/</link>
<item><title>افتتاح سوق جديد في وادي النخيل</title><link>https://waha.example/1</link><guid>1</guid><description>قالت البلدية إن السوق سيفتح أبوابه الأحد.</description><pubDate>Mon, 23 Nov 2026 10:00:00 +0300</pubDate></item>
<item><title>مطر غزير على الساحل</title><link>https://waha.example/2</link><guid>2</guid><pubDate>Mon, 23 Nov 2026 09:00:00 +0300</pubDate></item></channel></rss>`

// clock is a time that tests move.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(c.at.Load(), 0).UTC() }
func (c *clock) forward(d time.Duration) { c.at.Add(int64(d / time.Second)) }

func newClient(t *testing.T) (*Client, *clock) {
	t.Helper()
	ck := &clock{}
	ck.at.Store(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC).Unix())
	c := New(Options{UserAgent: "Rafid/test (+https://waha.example)", Now: ck.now, MaxBytes: 2 << 20})
	t.Cleanup(c.Close)
	return c, ck
}

func target(srv *httptest.Server) Target {
	return Target{Source: rafid.Source{ID: "waha", Outlet: "waha", URL: srv.URL + "/feed"}, AllowPrivate: true, Timeout: 3 * time.Second}
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv
}

func TestFetchReads(t *testing.T) {
	t.Parallel()
	c, ck := newClient(t)
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if ua := r.UserAgent(); ua != "Rafid/test (+https://waha.example)" {
			t.Errorf("User-Agent %q", ua)
		}
		w.Header().Set("ETag", `W/"a b"`)
		fmt.Fprint(w, smallFeed)
	})
	res, err := c.Fetch(t.Context(), target(srv), rafid.SourceState{})
	if err != nil {
		t.Fatal(err)
	}
	if res.Outcome != Read || len(res.Stories) != 2 {
		t.Fatalf("%s, %d stories", res.Outcome, len(res.Stories))
	}
	s := res.Stories[0]
	want := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	if !s.Published.Equal(want) || s.Outlet != "waha" || len(s.ID) != 26 || !s.FirstSeen.Equal(ck.now()) {
		t.Errorf("%+v", s)
	}
	st := res.State
	if st.Condition != rafid.Works || st.ETag != `W/"a b"` || st.Title != "صحيفة الواحة" || st.Home != "https://waha.example/" || st.Items != 2 || st.Status != 200 || st.Encoding != "utf-8" || st.Bytes != int64(len(smallFeed)) || !st.LastFull.Equal(ck.now()) {
		t.Errorf("%+v", st)
	}
}

func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	c, ck := newClient(t)
	var conditions []string
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		conditions = append(conditions, r.Header.Get("If-None-Match")+"|"+r.Header.Get("If-Modified-Since"))
		w.Header()["ETag"] = []string{`"x`} // as it is, with its fault
		w.Header().Set("Last-Modified", "Mon, 23 Nov 2026 9:00:00 GMT")
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, smallFeed)
	})
	tg := target(srv)
	var st rafid.SourceState
	for i, want := range []Outcome{Read, Unchanged, Unchanged, Same} {
		res, err := c.Fetch(t.Context(), tg, st)
		if err != nil || res.Outcome != want {
			t.Fatalf("fetch %d: %s, %v", i, res.Outcome, err)
		}
		if res.State.Items != 2 || res.State.Condition != rafid.Works {
			t.Errorf("fetch %d: %+v", i, res.State)
		}
		st = res.State
		ck.forward(time.Hour)
		if i == 2 {
			ck.forward(10 * time.Hour) // now the whole is asked for again
		}
	}
	both := `"x|Mon, 23 Nov 2026 9:00:00 GMT`
	if got := strings.Join(conditions, " "); got != "| "+both+" "+both+" |" {
		t.Errorf("conditions: %s", got)
	}
}

func TestValidatorsStayWithTheirAddress(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	seen := map[string]string{}
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen[r.URL.Path] = r.Header.Get("If-None-Match") + r.Header.Get("X-Key")
		if r.URL.Path == "/feed" {
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
			return
		}
		w.Header().Set("ETag", `"n"`)
		if r.Header.Get("If-None-Match") == `"n"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, smallFeed)
	})
	tg := target(srv)
	tg.Headers = map[string]string{"X-Key": "k"}
	res, err := c.Fetch(t.Context(), tg, rafid.SourceState{})
	if err != nil || res.State.URL != srv.URL+"/new" || res.State.Condition != rafid.Moved {
		t.Fatalf("%v %+v", err, res.State)
	}
	res, err = c.Fetch(t.Context(), tg, res.State)
	if err != nil || res.Outcome != Unchanged {
		t.Fatalf("%v %s", err, res.Outcome)
	}
	if seen["/feed"] != "k" || seen["/new"] != `"n"k` {
		t.Errorf("%v", seen)
	}
}

func TestHeadersStayWithTheirHost(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("another host was told the secret")
		}
		fmt.Fprint(w, smallFeed)
	})
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusFound)
	})
	tg := target(srv)
	tg.Headers = map[string]string{"Authorization": "Bearer s"}
	if res, err := c.Fetch(t.Context(), tg, rafid.SourceState{}); err != nil || res.State.Condition != rafid.Works {
		t.Errorf("%v %s", err, res.State.Condition)
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	gz := func(b []byte) []byte {
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		_, _ = z.Write(b)
		_ = z.Close()
		return out.Bytes()
	}
	feed := []byte(smallFeed)
	var br bytes.Buffer
	bw := brotli.NewWriter(&br)
	_, _ = bw.Write(feed)
	_ = bw.Close()
	ze, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	big := gz(gz(bytes.Repeat([]byte(" "), 40<<20)))
	for _, c := range []struct {
		name, encoding string
		body           []byte
		outcome        Outcome
	}{
		{"gzip", "gzip", gz(feed), Read},
		{"br", "br", br.Bytes(), Read},
		{"zstd", "zstd", ze.EncodeAll(feed, nil), Read},
		{"gzip twice", "gzip, gzip", gz(gz(feed)), Read},
		{"gzip that is none", "gzip", feed, Read},
		{"gzip twice, said once", "gzip", gz(gz(feed)), Read},
		{"gzip without a word", "", gz(feed), Read},
		{"gzip cut short", "gzip", gz(feed)[:len(gz(feed))-12], Read},
		{"three on top of each other", "gzip, gzip, gzip", gz(gz(gz(feed))), Failed},
		{"unknown", "lzma", feed, Failed},
		{"a bomb", "gzip", gz(bytes.Repeat([]byte(" "), 40<<20)), Failed},
		{"a bomb in a bomb", "gzip, gzip", big, Failed},
		{"too long", "", bytes.Repeat([]byte(" "), 3<<20), Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cl, _ := newClient(t)
			srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if c.encoding != "" {
					w.Header().Set("Content-Encoding", c.encoding)
				}
				_, _ = w.Write(c.body)
			})
			res, err := cl.Fetch(t.Context(), target(srv), rafid.SourceState{})
			if res.Outcome != c.outcome || (err != nil) != (c.outcome == Failed) {
				t.Errorf("%s, %v", res.Outcome, err)
			}
		})
	}
}

func TestFailuresAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		answer    http.HandlerFunc
		condition rafid.Condition
		status    int
		least     time.Duration // until the next request
	}{
		{"404", status(404), rafid.Gone, 404, time.Minute},
		{"410", status(410), rafid.Gone, 410, 24 * time.Hour},
		{"403", status(403), rafid.Blocked, 403, time.Minute},
		{"500", status(500), rafid.Broken, 500, time.Minute},
		{"204", status(204), rafid.Broken, 204, time.Minute},
		{"304 to no condition", status(304), rafid.Broken, 304, time.Minute},
		{"429 in seconds", retry(429, "7200"), rafid.Blocked, 429, 2 * time.Hour},
		{"503 with a date", retry(503, "Mon, 23 Nov 2026 15:00:00 GMT"), rafid.Broken, 503, 3 * time.Hour},
		{"429 for a century", retry(429, "3153600000"), rafid.Blocked, 429, 24 * time.Hour},
		{"999", status(999), rafid.Blocked, 999, time.Minute},
		{"cut before the first item", text200(head), rafid.Broken, 200, time.Minute},
		{"503 for a year", retry(503, "31536000"), rafid.Broken, 503, 24 * time.Hour},
		{"a web page", text200("<!DOCTYPE html><html><title>Just a moment…</title></html>"), rafid.Blocked, 200, time.Minute},
		{"nothing", text200(""), rafid.Broken, 200, time.Minute},
		{"a loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, rafid.Broken, 302, time.Minute},
		{"a redirect to a file", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(302)
		}, rafid.Broken, 302, time.Minute},
		{"a redirect to nowhere", status(302), rafid.Broken, 302, time.Minute},
		{"a reset", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, rafid.Broken, 0, time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cl, ck := newClient(t)
			srv := serve(t, c.answer)
			last := rafid.SourceState{ETag: `"e"`, URL: "https://elsewhere.example/", Items: 3}
			res, err := cl.Fetch(t.Context(), target(srv), last)
			st := res.State
			if err == nil || res.Outcome != Failed || st.Error == "" || st.Failures != 1 || st.ETag != `"e"` {
				t.Fatalf("%s, %v, %+v", res.Outcome, err, st)
			}
			if wait := st.NotBefore.Sub(ck.now()); st.Condition != c.condition || wait < c.least || wait > 24*time.Hour {
				t.Errorf("%s, again in %v: %v", st.Condition, wait, err)
			}
			if st.Status != c.status && c.name != "a redirect to a file" {
				t.Errorf("status %d", st.Status)
			}
			if again, err := cl.Fetch(t.Context(), target(srv), st); again.Outcome != Waiting || err != nil || again.State.Failures != 1 {
				t.Errorf("then %s, %v", again.Outcome, err)
			}
		})
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func retry(code int, after string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after)
		w.WriteHeader(code)
	}
}

func text200(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, smallFeed[:100])
		w.(http.Flusher).Flush()
		<-r.Context().Done() // the rest never comes
	})
	tg := target(srv)
	tg.Timeout = 50 * time.Millisecond
	res, err := c.Fetch(t.Context(), tg, rafid.SourceState{})
	if !errors.Is(err, context.DeadlineExceeded) || res.State.Condition != rafid.Broken {
		t.Errorf("%v %s", err, res.State.Condition)
	}
}

func TestGivingUpIsNoFailure(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	ctx, cancel := context.WithCancel(t.Context())
	srv := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	last := rafid.SourceState{Failures: 2, ETag: `"e"`}
	res, err := c.Fetch(ctx, target(srv), last)
	if !errors.Is(err, context.Canceled) || res.State.Failures != 2 || !res.State.LastFetch.IsZero() {
		t.Errorf("%v %+v", err, res.State)
	}
}

func TestFallbacks(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(404)
		case "/empty":
			fmt.Fprint(w, `<rss version="2.0"><channel><title>t</title></channel></rss>`)
		default:
			fmt.Fprint(w, smallFeed)
		}
	})
	for _, c2 := range []struct {
		name      string
		paths     []string
		outcome   Outcome
		condition rafid.Condition
		stories   int
	}{
		{"the second answers", []string{"/gone", "/ok"}, Read, rafid.Works, 2},
		{"an empty feed is passed over", []string{"/empty", "/ok"}, Read, rafid.Works, 2},
		{"empty is better than gone", []string{"/gone", "/empty"}, Read, rafid.Empty, 0},
		{"empty before gone", []string{"/empty", "/gone"}, Read, rafid.Empty, 0},
		{"all gone", []string{"/gone", "/gone"}, Failed, rafid.Gone, 0},
	} {
		t.Run(c2.name, func(t *testing.T) {
			tg := target(srv)
			for _, p := range c2.paths {
				tg.URLs = append(tg.URLs, srv.URL+p)
			}
			res, err := c.Fetch(t.Context(), tg, rafid.SourceState{})
			if res.Outcome != c2.outcome || res.State.Condition != c2.condition || len(res.Stories) != c2.stories || (err != nil) != (c2.outcome == Failed) {
				t.Errorf("%s %s %d %v", res.Outcome, res.State.Condition, len(res.Stories), err)
			}
		})
	}
}

func TestPrivateAddressesAreRefused(t *testing.T) {
	t.Parallel()
	var hits atomic.Int32
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { hits.Add(1); fmt.Fprint(w, smallFeed) })
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "[fe80::1]", "[fc00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001::1]", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			c, _ := newClient(t)
			for _, p := range []string{":" + port, "", ":443"} {
				res, err := c.Fetch(t.Context(), Target{Source: rafid.Source{ID: "x", URL: "http://" + host + p}, Timeout: time.Second}, rafid.SourceState{})
				if err == nil || res.State.Condition != rafid.Broken {
					t.Errorf("%s%s: %v", host, p, err)
				}
			}
		})
	}
	if hits.Load() > 0 {
		t.Errorf("%d requests arrived", hits.Load())
	}
}

func TestProxyOfTheEnvironmentIsIgnored(t *testing.T) {
	c, _ := newClient(t)
	proxy := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the proxy was asked") })
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("HTTPS_PROXY", proxy.URL)
	if _, err := c.Fetch(t.Context(), Target{Source: rafid.Source{ID: "x", URL: "http://10.1.2.3/feed"}, Timeout: time.Second}, rafid.SourceState{}); err == nil {
		t.Error("a private address was admitted")
	}
}

func TestOneRequestAHost(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	var now, most atomic.Int32
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		fmt.Fprint(w, smallFeed)
		now.Add(-1)
	})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			tg := target(srv)
			tg.Source.ID = fmt.Sprint("s", i)
			if _, err := c.Fetch(t.Context(), tg, rafid.SourceState{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most.Load() > 1 {
		t.Errorf("%d at once", most.Load())
	}
	if len(c.hosts.byName) > 0 {
		t.Errorf("%d hosts are kept", len(c.hosts.byName))
	}
}

func TestGapBetweenRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHosts(2, 3*time.Second)
		began := time.Now()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				done, err := h.turn(t.Context(), "a:443", false)
				if err != nil {
					t.Error(err)
					return
				}
				done()
			})
		}
		wg.Wait()
		if took := time.Since(began); took != 9*time.Second {
			t.Errorf("four turns took %v", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := h.turn(ctx, "a:443", false); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a turn that came too late: %v", err)
		}
	})
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	last := time.Duration(0)
	for n := 1; n < 40; n++ {
		d := backoff("waha", n, 0)
		if d < time.Minute || d > backoffMost || n < 6 && d <= last {
			t.Errorf("failure %d: %v after %v", n, d, last)
		}
		if d != backoff("waha", n, 0) {
			t.Error("not the same twice")
		}
		last = d
	}
	if backoff("a", 3, 0) == backoff("b", 3, 0) {
		t.Error("two sources come back together")
	}
}
