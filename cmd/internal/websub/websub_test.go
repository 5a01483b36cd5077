package websub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"rafid"
)

const (
	topic    = "https://news.example/feeds/all.atom"
	callback = "https://reader.example/push?id=7"
)

// web is the subscribers' side: what they were asked, and how they answer. It is a http.RoundTripper.
type web struct {
	mu     sync.Mutex
	asked  []request
	answer func(r *http.Request, body string) (status int, text string)
}

type request struct {
	method, url, body string
	header            http.Header
	at                time.Time
}

func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = string(b)
	}
	w.mu.Lock()
	w.asked = append(w.asked, request{r.Method, r.URL.String(), body, r.Header.Clone(), time.Now()})
	answer := w.answer
	w.mu.Unlock()
	status, text := 200, r.URL.Query().Get("hub.challenge")
	if answer != nil {
		status, text = answer(r, body)
	}
	if status == 0 {
		return nil, errors.New("connection refused")
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

// posts gives the bodies that were posted, and when, after the start.
func (w *web) posts(start time.Time) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []string{}
	for _, r := range w.asked {
		if r.method == http.MethodPost {
			out = append(out, fmt.Sprintf("%s after %s", r.body, r.at.Sub(start)))
		}
	}
	return out
}

func (w *web) answers(f func(r *http.Request, body string) (int, string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = f
}

// site is the publisher's side.
type site struct {
	mu   sync.Mutex
	body map[string]string
}

func (s *site) set(topic, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.body[topic] = body
}

func (s *site) fetch(_ context.Context, topic string) ([]byte, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, ok := s.body[topic]
	if !ok {
		return nil, "", fmt.Errorf("topic: %w", rafid.ErrNotFound)
	}
	return []byte(body), "application/atom+xml; charset=utf-8", nil
}

func newSite() *site { return &site{body: map[string]string{topic: "<feed>أول</feed>"}} }

func options(s *site, w http.RoundTripper) Options {
	return Options{Fetch: s.fetch, Address: func() string { return "https://news.example/hub" }, Transport: w, UserAgent: "Rafid/test",
		Registerer: prometheus.NewRegistry()}
}

func newHub(t *testing.T, o Options) *Hub {
	t.Helper()
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// start runs the hub until the test or bubble is over.
func start(t *testing.T, h *Hub) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { h.Run(ctx); close(done) }()
	return func() { cancel(); <-done }
}

// ask posts a form of names and values to the hub.
func ask(h *Hub, pairs ...string) (int, string) {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, "/hub", strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func subscribe(t *testing.T, h *Hub, more ...string) {
	t.Helper()
	pairs := append([]string{"hub.mode", "subscribe", "hub.topic", topic, "hub.callback", callback}, more...)
	if status, text := ask(h, pairs...); status != 202 {
		t.Fatalf("%d %s", status, text)
	}
}

func TestSubscribingAndBeingSent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w, s := &web{}, newSite()
		o := options(s, w)
		o.File = filepath.Join(dir, "subscriptions.json")
		h := newHub(t, o)
		stop := start(t, h)
		subscribe(t, h, "hub.secret", "سرّ القارئ", "hub.lease_seconds", "7200")
		synctest.Wait()
		asked := must(url.Parse(w.asked[0].url)).Query()
		if len(w.asked) != 1 || asked.Get("id") != "7" || asked.Get("hub.mode") != "subscribe" || asked.Get("hub.topic") != topic ||
			asked.Get("hub.lease_seconds") != "7200" || len(asked.Get("hub.challenge")) < 20 {
			t.Fatalf("verified by %v", w.asked)
		}
		stop()

		// Another process goes on where this one stopped.
		o.Registerer = nil
		h = newHub(t, o)
		defer start(t, h)()
		s.set(topic, "<feed>ثانٍ</feed>")
		h.Changed([]string{"https://news.example/feeds/other.atom", topic})
		synctest.Wait()
		got := w.asked[1]
		want := request{method: "POST", url: callback, body: "<feed>ثانٍ</feed>", at: got.at, header: http.Header{
			"Content-Type": {"application/atom+xml; charset=utf-8"}, "User-Agent": {"Rafid/test"},
			"Link":            {`<https://news.example/hub>; rel="hub", <` + topic + `>; rel="self"`},
			"X-Hub-Signature": {"sha256=" + signature("سرّ القارئ", []byte("<feed>ثانٍ</feed>"))},
		}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(request{})); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
		time.Sleep(3 * time.Hour)
		h.Changed([]string{topic})
		synctest.Wait()
		if n := len(w.asked); n != 2 || h.size() != 0 {
			t.Errorf("%d requests, %v subscriptions after the lease", n, h.size())
		}
	})
}

// TestSignature is the example of RFC 4231, test case 2, so that subscribers' libraries agree.
func TestSignature(t *testing.T) {
	t.Parallel()
	if got := signature("Jefe", []byte("what do ya want for nothing?")); got != "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" {
		t.Errorf("got %s", got)
	}
}

// TestUnconfirmedIsNoSubscription shows that nobody can subscribe somebody else.
func TestUnconfirmedIsNoSubscription(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(*http.Request, string) (int, string){
		"not found":    func(*http.Request, string) (int, string) { return 404, "" },
		"another text": func(*http.Request, string) (int, string) { return 200, "welcome" },
		"nothing":      func(*http.Request, string) (int, string) { return 200, "" },
		"the challenge twice": func(r *http.Request, _ string) (int, string) {
			return 200, strings.Repeat(r.URL.Query().Get("hub.challenge"), 2)
		},
		"a redirect": func(r *http.Request, _ string) (int, string) { return 302, r.URL.Query().Get("hub.challenge") },
		"no answer":  func(*http.Request, string) (int, string) { return 0, "" },
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &web{answer: answer}
			h := newHub(t, options(newSite(), w))
			defer start(t, h)()
			subscribe(t, h)
			synctest.Wait()
			if h.size() != 0 || len(w.asked) != 1 {
				t.Errorf("%s: %v subscriptions after %d requests", name, h.size(), len(w.asked))
			}
		})
	}
}

func TestRetriesWithBackOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, s := &web{}, newSite()
		h := newHub(t, options(s, w))
		defer start(t, h)()
		subscribe(t, h)
		synctest.Wait()
		begun := time.Now()
		w.answers(func(*http.Request, string) (int, string) {
			if time.Since(begun) < 10*time.Minute {
				return 503, ""
			}
			return 204, ""
		})
		h.Changed([]string{topic})
		time.Sleep(time.Minute)
		s.set(topic, "جديد") // what changes meanwhile is sent once
		h.Changed([]string{topic})
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		want := []string{"<feed>أول</feed> after 0s", "<feed>أول</feed> after 30s", "جديد after 2m30s", "جديد after 10m30s"}
		if diff := cmp.Diff(want, w.posts(begun)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	if got := after(20); got != lastRetry {
		t.Errorf("after twenty failures: %s", got)
	}
}

func TestNobodyIsSentToTooOften(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, s := &web{}, newSite()
		h := newHub(t, options(s, w))
		defer start(t, h)()
		subscribe(t, h)
		synctest.Wait()
		begun := time.Now()
		for i := range 40 {
			s.set(topic, fmt.Sprint(i))
			h.Changed([]string{topic})
			time.Sleep(700 * time.Millisecond)
		}
		time.Sleep(time.Minute)
		if diff := cmp.Diff([]string{"0 after 0s", "14 after 10s", "28 after 20s", "39 after 30s"}, w.posts(begun)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestSubscriptionsEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		end  func(h *Hub, s *site, w *web)
		last string // request that the subscriber is asked at the end
	}{
		{"by the subscriber's wish", func(h *Hub, _ *site, _ *web) {
			ask(h, "hub.mode", "unsubscribe", "hub.topic", topic, "hub.callback", callback)
		}, "hub.mode=unsubscribe"},
		{"by 410", func(h *Hub, _ *site, w *web) {
			w.answers(func(*http.Request, string) (int, string) { return 410, "" })
			h.Changed([]string{topic})
		}, callback},
		{"with the feed", func(h *Hub, s *site, _ *web) {
			s.mu.Lock()
			delete(s.body, topic)
			s.mu.Unlock()
			h.Changed([]string{topic})
		}, "hub.mode=denied"},
	} {
		synctest.Test(t, func(t *testing.T) {
			w, s := &web{}, newSite()
			h := newHub(t, options(s, w))
			defer start(t, h)()
			subscribe(t, h)
			synctest.Wait()
			if h.size() != 1 {
				t.Fatalf("%s: %v subscriptions", tt.name, h.size())
			}
			tt.end(h, s, w)
			synctest.Wait()
			if last := w.asked[len(w.asked)-1].url; h.size() != 0 || !strings.Contains(last, tt.last) {
				t.Errorf("%s: %v left, last asked %s", tt.name, h.size(), last)
			}
		})
	}
}

// TestUnsubscribingIsConfirmed shows that nobody can end somebody else's subscription.
func TestUnsubscribingIsConfirmed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &web{}
		h := newHub(t, options(newSite(), w))
		defer start(t, h)()
		subscribe(t, h)
		synctest.Wait()
		w.answers(func(*http.Request, string) (int, string) { return 404, "" })
		ask(h, "hub.mode", "unsubscribe", "hub.topic", topic, "hub.callback", callback)
		synctest.Wait()
		if h.size() != 1 {
			t.Error("ended without the subscriber")
		}
	})
}

// TestSlowSubscriberCostsOthersNothing has one host hang while another is sent everything.
func TestSlowSubscriberCostsOthersNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, s := &web{}, newSite()
		h := newHub(t, options(s, w))
		defer start(t, h)()
		for i := range 5 {
			ask(h, "hub.mode", "subscribe", "hub.topic", topic, "hub.callback", fmt.Sprintf("https://slow.example/%d", i))
		}
		subscribe(t, h)
		synctest.Wait()
		var mu sync.Mutex
		hanging, most := 0, 0
		w.answers(func(r *http.Request, _ string) (int, string) {
			if r.URL.Host != "slow.example" {
				return 200, ""
			}
			mu.Lock()
			hanging++
			most = max(most, hanging)
			mu.Unlock()
			time.Sleep(9 * time.Second)
			mu.Lock()
			hanging--
			mu.Unlock()
			return 200, ""
		})
		begun := time.Now()
		h.Changed([]string{topic})
		time.Sleep(time.Second)
		sent := w.posts(begun)
		if len(sent) != 3 || most != perHost {
			t.Errorf("%d requests after a second, %d at once to the slow host", len(sent), most)
		}
		time.Sleep(time.Minute)
		if n := len(w.posts(begun)); n != 6 {
			t.Errorf("%d requests in all, want 6", n)
		}
	})
}

func TestRenewingKeepsWhatIsDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, s := &web{}, newSite()
		h := newHub(t, options(s, w))
		defer start(t, h)()
		subscribe(t, h)
		synctest.Wait()
		w.answers(func(r *http.Request, _ string) (int, string) { // confirms, and takes nothing yet
			if r.Method == http.MethodGet {
				return 200, r.URL.Query().Get("hub.challenge")
			}
			return 500, ""
		})
		h.Changed([]string{topic})
		synctest.Wait()
		subscribe(t, h, "hub.secret", "another")
		synctest.Wait()
		w.answers(nil)
		time.Sleep(time.Hour)
		last := w.asked[len(w.asked)-1]
		if h.size() != 1 || last.method != "POST" || last.header.Get("X-Hub-Signature") == "" {
			t.Errorf("%v subscriptions; last asked %+v", h.size(), last)
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
