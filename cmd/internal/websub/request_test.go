package websub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	h := newHub(t, options(newSite(), &web{}))
	for _, tt := range []struct {
		name   string
		pairs  []string
		status int
	}{
		{"nothing", nil, 400},
		{"no mode", []string{"hub.topic", topic, "hub.callback", callback}, 400},
		{"a mode of publishers", []string{"hub.mode", "publish", "hub.url", topic}, 400},
		{"no callback", []string{"hub.mode", "subscribe", "hub.topic", topic}, 400},
		{"a callback of a file", []string{"hub.mode", "subscribe", "hub.topic", topic, "hub.callback", "file:///etc/passwd"}, 400},
		{"a callback with a password", []string{"hub.mode", "subscribe", "hub.topic", topic, "hub.callback", "https://a:b@reader.example/"}, 400},
		{"a callback with a line break", []string{"hub.mode", "subscribe", "hub.topic", topic, "hub.callback", "https://reader.example/\r\nX: y"}, 400},
		{"a callback without end", []string{"hub.mode", "subscribe", "hub.topic", topic, "hub.callback", "https://reader.example/" + strings.Repeat("a", 2048)}, 400},
		{"a secret too long", []string{"hub.mode", "subscribe", "hub.topic", topic, "hub.callback", callback, "hub.secret", strings.Repeat("s", 200)}, 400},
		{"a lease in words", []string{"hub.mode", "subscribe", "hub.topic", topic, "hub.callback", callback, "hub.lease_seconds", "a week"}, 400},
		{"a lease of nothing", []string{"hub.mode", "subscribe", "hub.topic", topic, "hub.callback", callback, "hub.lease_seconds", "0"}, 400},
		{"somebody else's feed", []string{"hub.mode", "subscribe", "hub.topic", "https://other.example/feed", "hub.callback", callback}, 404},
		{"a body too long", []string{"hub.mode", strings.Repeat("x", maxForm)}, 400},
		{"all that is needed", []string{"hub.mode", "subscribe", "hub.topic", topic, "hub.callback", callback}, 202},
	} {
		if status, text := ask(h, tt.pairs...); status != tt.status {
			t.Errorf("%s: %d %q, want %d", tt.name, status, text, tt.status)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/hub", nil))
	if w.Code != 405 || w.Header().Get("Allow") != "POST" {
		t.Errorf("GET: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
	o := options(newSite(), nil)
	o.Fetch = func(context.Context, string) ([]byte, string, error) { return nil, "", errors.New("the disk is gone") }
	if status, _ := ask(newHub(t, o), "hub.mode", "subscribe", "hub.topic", topic, "hub.callback", callback); status != 500 {
		t.Errorf("a store that fails: %d", status)
	}
}

func TestLeases(t *testing.T) {
	t.Parallel()
	for asked, want := range map[string]time.Duration{"": defaultLease, "1": leastLease, "7200": 2 * time.Hour, "2000000000": mostLease} {
		in, err := readIntent(url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {callback}, "hub.lease_seconds": {asked}})
		if err != nil || in.lease != want {
			t.Errorf("asked for %q: %s %v, want %s", asked, in.lease, err, want)
		}
	}
}

func TestFullQueuesSayso(t *testing.T) {
	t.Parallel()
	h := newHub(t, options(newSite(), &web{})) // not running: nothing is verified
	fill := func(i, j int) int {
		status, _ := ask(h, "hub.mode", "subscribe", "hub.topic", topic, "hub.callback", fmt.Sprintf("https://host%d.example/%d", i, j))
		return status
	}
	for j := range hostQueue {
		if status := fill(0, j); status != 202 {
			t.Fatalf("request %d: %d", j, status)
		}
	}
	if status := fill(0, hostQueue); status != 429 {
		t.Errorf("one too many for a host: %d", status)
	}
	if status := fill(0, 3); status != 202 {
		t.Errorf("the same request again: %d", status)
	}
	for i := 1; i <= maxIntents-hostQueue; i++ {
		fill(i, 0)
	}
	if status := fill(5000, 0); status != 503 {
		t.Errorf("one too many: %d", status)
	}
}

// TestSpecialAddressesAreNotAsked is with the transport that is used when none is given.
func TestSpecialAddressesAreNotAsked(t *testing.T) {
	t.Parallel()
	hits := make(chan string, 10)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits <- r.URL.Path
		fmt.Fprint(w, r.URL.Query().Get("hub.challenge"))
	}))
	defer srv.Close()
	port := srv.URL[strings.LastIndexByte(srv.URL, ':'):]
	o := options(newSite(), nil)
	o.Registerer = nil
	h := newHub(t, o)
	for _, at := range []string{srv.URL, "http://localhost" + port, "http://[::1]" + port, "http://[::ffff:127.0.0.1]" + port, "http://2130706433" + port,
		"http://127.1" + port, "http://0.0.0.0" + port, "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[fd00::1]/"} {
		if err := h.ask(t.Context(), intent{mode: "subscribe", sub: subscription{Topic: topic, Callback: at}}); err == nil {
			t.Errorf("%s was asked", at)
		}
	}
	if len(hits) != 0 {
		t.Errorf("reached: %s", <-hits)
	}
	o.AllowPrivate = true
	if err := newHub(t, o).ask(t.Context(), intent{mode: "subscribe", sub: subscription{Topic: topic, Callback: srv.URL}}); err != nil {
		t.Errorf("a private address where they are allowed: %v", err)
	}
}

func TestFileOfSubscriptions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.json")
	if err := os.WriteFile(bad, []byte("[{"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := options(newSite(), nil)
	o.File = bad
	if _, err := New(o); err == nil || !strings.Contains(err.Error(), bad) {
		t.Errorf("a damaged file: %v", err)
	}
	o.Registerer, o.File = nil, filepath.Join(dir, "subscriptions.json")
	h := newHub(t, o)
	h.subs[key{topic, callback}] = &subscription{Topic: topic, Callback: callback, Secret: "s", Expires: time.Now().Add(time.Hour)}
	if err := h.save(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(o.File)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file holds secrets and has mode %v, %v", info.Mode(), err)
	}
	if again := newHub(t, o); again.size() != 1 || again.subs[key{topic, callback}].Secret != "s" {
		t.Error("what was written is not read")
	}
	o.File = filepath.Join(dir, "none", "subscriptions.json")
	if err := newHub(t, o).save(); err == nil {
		t.Error("a folder that is not there can be written to")
	}
	left, _ := filepath.Glob(filepath.Join(dir, "*.json.*"))
	if len(left) > 0 {
		t.Errorf("temporary files stay: %v", left)
	}
}

func FuzzRequest(f *testing.F) {
	f.Add("hub.mode=subscribe&hub.topic=" + url.QueryEscape(topic) + "&hub.callback=" + url.QueryEscape(callback))
	f.Add("hub.mode=unsubscribe&hub.callback=http://[::1]:80/&hub.lease_seconds=-1")
	f.Add("hub.callback=//x&hub.mode=subscribe;%zz")
	f.Fuzz(func(t *testing.T, form string) {
		v, err := url.ParseQuery(form)
		if err != nil {
			return
		}
		in, err := readIntent(v)
		if err != nil {
			var refused *statusError
			if !errors.As(err, &refused) || refused.status != 400 || refused.why == "" {
				t.Errorf("%v is no refusal", err)
			}
			return
		}
		u, err := url.Parse(in.sub.Callback)
		if err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) || hostOf(in.sub.Callback) == "" || strings.ContainsAny(in.sub.Callback, "\r\n ") {
			t.Errorf("callback %q", in.sub.Callback)
		}
		if in.lease < leastLease || in.lease > mostLease {
			t.Errorf("lease %s", in.lease)
		}
	})
}
