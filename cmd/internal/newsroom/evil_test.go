package newsroom_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"rafid/cmd/internal/newsroom"
)

func evil(t testing.TB) *newsroom.EvilRoom {
	t.Helper()
	e, err := newsroom.Evil(t.Context(), newsroom.EvilOptions{Pace: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// meet asks once, without following redirects, and reads at most limit bytes within the time.
func meet(ctx context.Context, t *testing.T, url string, limit int64, within time.Duration) (status int, header http.Header, data []byte, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := c.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close()
	data, err = io.ReadAll(io.LimitReader(res.Body, limit))
	return res.StatusCode, res.Header, data, err
}

// What a plain client meets at each behaviour that is not a document with status 200.
func TestEvilAnswers(t *testing.T) {
	t.Parallel()
	e := evil(t)
	const slow, broken = -1, -2 // never ends within the time; ends with an error
	want := map[newsroom.Behaviour]int{
		newsroom.Unauthorized: 401, newsroom.Forbidden: 403, newsroom.NotFound: 404, newsroom.Gone: 410,
		newsroom.TooMany: 429, newsroom.TooManyUntil: 429, newsroom.TooManyForever: 429, newsroom.ServerError: 500,
		newsroom.BadGateway: 502, newsroom.Unavailable: 503, newsroom.NoContent: 204, newsroom.OddStatus: 999,
		newsroom.AlwaysNotModified: 304, newsroom.MovedForGood: 301, newsroom.MovedForGood308: 308, newsroom.MovedForNow: 302,
		newsroom.RedirectLoop: 302, newsroom.RedirectChain: 302, newsroom.RedirectNowhere: 302, newsroom.RedirectToPrivate: 302,
		newsroom.RedirectToLink: 302, newsroom.RedirectToReserved: 302, newsroom.RedirectToFile: 302, newsroom.CaptchaWall: 403,
		newsroom.Timeout: slow, newsroom.SlowHeader: slow, newsroom.Drip: slow, newsroom.Stall: slow,
		newsroom.LengthTooLong: broken, newsroom.Reset: broken, newsroom.ResetAtOnce: broken, newsroom.Hangup: broken,
		newsroom.BadChunk: broken, newsroom.NotHTTP: broken, newsroom.HeaderFlood: broken, newsroom.StatusOnly: broken,
		newsroom.TwoLengths: broken,
	}
	if n := len(e.Behaviours()); n < 80 {
		t.Errorf("%d behaviours", n)
	}
	for _, b := range e.Behaviours() {
		t.Run(string(b), func(t *testing.T) {
			within, expected := time.Minute, want[b]
			if expected == slow {
				within = 30 * time.Millisecond
			}
			status, header, data, err := meet(t.Context(), t, e.URL(b), 1<<20, within)
			switch expected {
			case slow:
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("status %d, %d bytes, %v", status, len(data), err)
				}
			case broken:
				if err == nil {
					t.Errorf("status %d, %d bytes", status, len(data))
				}
			case 0:
				if status != 200 || err != nil {
					t.Errorf("status %d, %v", status, err)
				}
			default:
				if status != expected || err != nil {
					t.Errorf("status %d, want %d, %v", status, expected, err)
				}
			}
			if status == 429 || status == 503 {
				if header.Get("Retry-After") == "" {
					t.Error("no Retry-After")
				}
			}
		})
	}
	for b, n := range e.Requests() {
		if n != 1 {
			t.Errorf("%s counts %d requests", b, n)
		}
	}
}

// Behaviours that change with the request are told apart by their running number.
func TestEvilChangesItsMind(t *testing.T) {
	t.Parallel()
	e := evil(t)
	for _, tt := range []struct {
		name string
		at   newsroom.Behaviour
		same bool // the second body is the first one
	}{
		{"a good feed stays as it is", newsroom.Good, true},
		{"new guids at each request", newsroom.NewGUIDs, false},
		{"the same bytes under another tag", newsroom.NewTag, true},
		{"another item under the same tag", newsroom.StaleTag, false},
		{"another order", newsroom.Shuffled, false},
		{"taken over after the first request", newsroom.Takeover, false},
		{"every second request fails", newsroom.Flapping, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			first, a := get(t, e.URL(tt.at))
			second, b := get(t, e.URL(tt.at))
			if bytes.Equal(a, b) != tt.same {
				t.Errorf("same is %t", !tt.same)
			}
			tags := first.Header.Get("Etag") == second.Header.Get("Etag")
			if tags == (tt.at == newsroom.NewTag) {
				t.Errorf("tags %q and %q", first.Header.Get("Etag"), second.Header.Get("Etag"))
			}
		})
	}
	if res, _ := get(t, e.URL(newsroom.StaleTag), "If-None-Match", `"always"`); res.StatusCode != 304 {
		t.Errorf("stale tag: status %d", res.StatusCode)
	}
}

func TestEvilRedirectChainEnds(t *testing.T) {
	t.Parallel()
	e := evil(t)
	url, hops := e.URL(newsroom.RedirectChain), 0
	for {
		status, header, data, err := meet(t.Context(), t, url, 1<<20, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if status == 200 {
			if !strings.Contains(string(data), "evil-0") {
				t.Error("the chain does not end at the good feed")
			}
			break
		}
		hops++
		url = e.URL(newsroom.Behaviour(header.Get("Location")))
	}
	if hops != 21 {
		t.Errorf("%d hops", hops)
	}
}

// The attacks have the size that they are named for.
func TestEvilIsAsLargeAsItSays(t *testing.T) {
	t.Parallel()
	e := evil(t)
	for _, tt := range []struct {
		at       newsroom.Behaviour
		min, max int64 // bytes as sent
	}{
		{newsroom.GzipBomb, 1 << 20, 4 << 20},
		{newsroom.DeepNesting, 0, 1 << 20},
		{newsroom.ManyAttributes, 1 << 20, 4 << 20},
		{newsroom.LongAttribute, 20 << 20, 21 << 20},
		{newsroom.Huge, 100 << 20, 105 << 20},
		{newsroom.Flood, 3 << 20, 6 << 20},
		{newsroom.LongTitle, 1 << 20, 2 << 20},
		{newsroom.DeepJSON, 1_000_000, 1_100_000},
	} {
		t.Run(string(tt.at), func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.URL(tt.at), nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if n, err := io.Copy(io.Discard, res.Body); err != nil || n < tt.min || n > tt.max {
				t.Errorf("%d bytes, %v", n, err)
			}
		})
	}
	_, data := get(t, e.URL(newsroom.DeepNesting))
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if n := bytes.Count(plain, []byte("<x:a>")); err != nil || n != 1_000_000 {
		t.Errorf("depth %d, %v", n, err)
	}
}

// What is said to be readable is read by gofeed; what is said to be wounded is not, or loses something.
func TestEvilContents(t *testing.T) {
	t.Parallel()
	e := evil(t)
	for _, tt := range []struct {
		at    newsroom.Behaviour
		items int // -1: gofeed does not read it
	}{
		{newsroom.Good, 3}, {newsroom.SameGUIDs, 3}, {newsroom.NoGUIDs, 2}, {newsroom.FutureDates, 2}, {newsroom.Epoch, 2},
		{newsroom.NonsenseDates, 2}, {newsroom.NoItems, 0}, {newsroom.Scripts, 1}, {newsroom.BadLinks, 13}, {newsroom.ManyCookies, 3},
		{newsroom.LineBreaks, 1}, {newsroom.HTMLPage, -1}, {newsroom.Captcha, -1}, {newsroom.Empty, -1}, {newsroom.PlainError, -1},
		{newsroom.Picture, -1}, {newsroom.OtherXML, -1}, {newsroom.Windows1256, -1}, {newsroom.UTF16, -1}, {newsroom.UnsaidGzip, -1},
	} {
		t.Run(string(tt.at), func(t *testing.T) {
			_, data := get(t, e.URL(tt.at))
			f, err := gofeed.NewParser().Parse(bytes.NewReader(data))
			if tt.items < 0 {
				if err == nil {
					t.Errorf("read: %d items", len(f.Items))
				}
				return
			}
			if err != nil || len(f.Items) != tt.items {
				t.Errorf("%v, %v", f, err)
			}
		})
	}
}

// Close ends what would never end by itself.
func TestEvilCloseEndsEverything(t *testing.T) {
	t.Parallel()
	e, err := newsroom.Evil(t.Context(), newsroom.EvilOptions{Pace: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	endless := []newsroom.Behaviour{newsroom.Timeout, newsroom.Drip, newsroom.Stall, newsroom.SlowHeader, newsroom.Endless}
	for _, b := range endless {
		go func() {
			_, _, _, err := meet(t.Context(), t, e.URL(b), 1<<50, time.Minute)
			ended <- err
		}()
	}
	for len(e.Requests()) < len(endless) {
		runtime.Gosched() // until all are being served
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	for range endless {
		if err := <-ended; err == nil || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended with %v", err)
		}
	}
}

func ExampleEvil() {
	e, err := newsroom.Evil(context.Background(), newsroom.EvilOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Close()
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := c.Get(e.URL(newsroom.Gone))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	fmt.Println(res.Status)
	// Output: 410 Gone
}
