package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"

	"rafid"
)

// A permanent redirect is noted with the time since when it leads to the same place; what the answer is
// otherwise does not matter, and a redirect for now is no move.
func TestMoves(t *testing.T) {
	t.Parallel()
	client, ck := newClient(t)
	code, to := http.StatusMovedPermanently, "/new"
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/feed":
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			fmt.Fprint(w, smallFeed)
		case code == http.StatusOK:
			fmt.Fprint(w, smallFeed)
		case code >= 400:
			w.WriteHeader(code)
		default:
			w.Header().Set("Location", to)
			w.WriteHeader(code)
		}
	})
	tg := target(srv)
	begun := ck.now()
	var st rafid.SourceState
	for i, step := range []struct {
		name      string
		code      int
		to        string
		want      string
		since     time.Duration // days after the beginning
		condition rafid.Condition
	}{
		{"moved", 301, "/new", "/new", 0, rafid.Moved},
		{"still there, by 304", 301, "/new", "/new", 0, rafid.Moved},
		{"by the other code", 308, "/new", "/new", 0, rafid.Moved},
		{"an error says nothing", 500, "", "/new", 0, rafid.Broken},
		{"elsewhere", 301, "/other", "/other", 4, rafid.Moved},
		{"for now", 302, "/other", "", 0, rafid.Works},
		{"moved anew", 301, "/other", "/other", 6, rafid.Moved},
		{"back, where nothing has come for a week", 200, "", "", 0, rafid.Quiet},
		{"from https no way to http, so here: to another scheme", 301, "/other", "/other", 8, rafid.Moved},
	} {
		code, to = step.code, step.to
		res, err := client.Fetch(t.Context(), tg, st)
		st = res.State
		want := rafid.Move{}
		if step.want != "" {
			want = rafid.Move{From: srv.URL + "/feed", To: srv.URL + step.want, Since: begun.Add(step.since * 24 * time.Hour)}
		}
		if st.Move != want || st.Condition != step.condition || (err != nil) != (step.code >= 400) {
			t.Errorf("%d, %s: %+v, want %+v; %s, %v", i, step.name, st.Move, want, st.Condition, err)
		}
		ck.forward(24 * time.Hour)
	}
}

func TestMayTake(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, to string
		want           bool
	}{
		{"another path", "https://a.example/1", "https://a.example/2", true},
		{"another host", "http://a.example/", "http://b.example/", true},
		{"up to https", "http://a.example/", "https://a.example/", true},
		{"down to http", "https://a.example/", "http://a.example/", false},
		{"with a password", "https://a.example/", "https://u:p@a.example/", false},
		{"to nonsense", "https://a.example/", "https://\x7f", false},
	} {
		if got := mayTake(c.from, c.to); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// A source with leave to have a private address is not led from a public one to a private one for good.
func TestInward(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, to string
		want           bool
	}{
		{"among public addresses", "https://1.1.1.1/", "https://93.184.215.14/", false},
		{"among private ones", "http://127.0.0.1:80/", "http://10.0.0.1/", false},
		{"out of a network", "http://127.0.0.1/", "https://1.1.1.1/", false},
		{"into a network", "https://1.1.1.1/", "http://192.168.0.1/", true},
		{"to the metadata of a cloud", "https://1.1.1.1/", "http://169.254.169.254/", true},
		{"to this machine by name", "https://1.1.1.1/", "http://localhost/", true},
		{"to a name that stands for nothing", "https://1.1.1.1/", "http://%00/", true},
		{"from nonsense to a private one", "http://\x7f/", "http://127.0.0.1/", true},
	} {
		if got := Inward(t.Context(), rafid.Move{From: c.from, To: c.to}); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Two 410 a day apart pause a source; nothing less does, and a look by the operator or another address ends it.
func TestGoneTwiceIsPaused(t *testing.T) {
	t.Parallel()
	client, ck := newClient(t)
	code, asked := 410, 0
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		if code == http.StatusOK {
			fmt.Fprint(w, smallFeed)
			return
		}
		w.WriteHeader(code)
	})
	tg := target(srv)
	var st rafid.SourceState
	step := func(name string, after time.Duration, answer int, want Outcome, paused bool) {
		t.Helper()
		ck.forward(after)
		code = answer
		res, _ := client.Fetch(t.Context(), tg, st)
		if res.Outcome != want || (res.State.Paused != "") != paused {
			t.Errorf("%s: %s, paused %q", name, res.Outcome, res.State.Paused)
		}
		st = res.State
	}
	step("the first", 0, 410, Failed, false)
	step("before the day is over", 12*time.Hour, 410, Waiting, false)
	step("a mistake that was mended", 12*time.Hour, 200, Read, false)
	step("the first again", time.Hour, 410, Failed, false)
	step("an error between", 24*time.Hour, 500, Failed, false)
	step("a day later", 24*time.Hour, 410, Failed, true)
	if st.Condition != rafid.Gone {
		t.Errorf("condition %s", st.Condition)
	}
	before := asked
	step("a month later", 30*24*time.Hour, 200, Waiting, true)
	if asked != before {
		t.Error("a paused source was asked")
	}
	other := tg
	other.Source.URL += "2"
	if res, err := client.Fetch(t.Context(), other, st); err != nil || res.State.Paused != "" || !res.State.GoneSince.IsZero() {
		t.Errorf("at another address: %v, %+v", err, res.State)
	}
	st = Confirmed(st)
	step("confirmed", 0, 200, Read, false)
}

// With several addresses all must be gone.
func TestGoneIsOfAllAddresses(t *testing.T) {
	t.Parallel()
	client, ck := newClient(t)
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(map[string]int{"/feed": 410, "/gone": 410, "/ill": 500}[r.URL.Path])
	})
	for second, want := range map[string]bool{"/gone": true, "/ill": false} {
		tg := target(srv)
		tg.URLs = []string{tg.Source.URL, srv.URL + second}
		var st rafid.SourceState
		for range 3 {
			res, _ := client.Fetch(t.Context(), tg, st)
			st = res.State
			ck.forward(24 * time.Hour)
		}
		if (st.Paused != "") != want {
			t.Errorf("beside %s: paused %q", second, st.Paused)
		}
	}
}

// A quarantine lasts until the operator has looked, and ends then.
func TestQuarantineIsConfirmed(t *testing.T) {
	t.Parallel()
	client, ck := newClient(t)
	const other = `<?xml version="1.0"?><rss version="2.0"><channel><title>Best Casino</title><link>https://casino.example/</link><language>en</language><item><title>Win big</title><guid>1</guid></item></channel></rss>`
	doc := smallFeed
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, doc) })
	var st rafid.SourceState
	for i, want := range []rafid.Condition{rafid.Works, rafid.Hijacked, rafid.Hijacked} {
		res, _ := client.Fetch(t.Context(), target(srv), st)
		if res.State.Condition != want || want == rafid.Hijacked && len(res.Stories) > 0 {
			t.Fatalf("fetch %d: %s with %d stories", i, res.State.Condition, len(res.Stories))
		}
		st, doc = res.State, other
		ck.forward(24 * time.Hour)
	}
	res, err := client.Fetch(t.Context(), target(srv), Confirmed(st))
	if err != nil || res.State.Condition != rafid.Works || res.State.Title != "Best Casino" || len(res.Stories) != 1 {
		t.Errorf("confirmed: %v, %+v", err, res.State)
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
		want bool
	}{
		{"no name server", &net.OpError{Err: &net.DNSError{Err: "server misbehaving", IsTemporary: true}}, true},
		{"a name server that is silent", fmt.Errorf("x: %w", &net.DNSError{Err: "i/o timeout", IsTimeout: true}), true},
		{"no way out", &net.OpError{Err: syscall.ENETUNREACH}, true},
		{"no such name", &net.DNSError{Err: "no such host", IsNotFound: true}, false},
		{"refused by the server", syscall.ECONNREFUSED, false},
		{"an answer", &StatusError{500}, false},
		{"none", nil, false},
	} {
		if got := Unreachable(c.err); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	st := rafid.SourceState{Source: "x", Failures: 20}
	now := time.Now()
	fail(&st, answer{}, errors.Join(errors.New("x"), &net.DNSError{IsTemporary: true}), now)
	if d := st.NotBefore.Sub(now); d != backoffFirst {
		t.Errorf("our own trouble keeps a source waiting for %v", d)
	}
}
