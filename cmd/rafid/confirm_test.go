package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"rafid"
)

const casino = `<?xml version="1.0"?><rss version="2.0"><channel><title>Best Casino</title><link>https://casino.example/</link><language>en</language><item><title>Win big today</title><guid>1</guid></item></channel></rss>`

// A hijacked source is quarantined until the operator confirms it: with the program at rest, and with a server
// running, which then takes it at its next turn.
func TestConfirm(t *testing.T) {
	t.Parallel()
	o := newOrigin(t, map[string][]byte{"/one": feed("الواحة", "افتتاح مكتبة عامة في حي النخيل")})
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), "defaults: {allow_private: true, every: 1s}\nsources:\n  one: "+o.URL+"/one\n")
	data := filepath.Join(dir, "data")
	args := []string{"--config", cfg, "--data", data}
	if r := execute(t.Context(), t, append(args, "once")...); r.code != 0 {
		t.Fatal(r)
	}
	o.docs["/one"] = []byte(casino)
	if r := execute(t.Context(), t, append(args, "once")...); r.code == 0 || !strings.Contains(r.stdout, "changed all at once") {
		t.Fatal(r)
	}
	if st := remembered(t, data, "one", nil); st.Condition != rafid.Hijacked {
		t.Fatal(st.Condition)
	}
	if r := execute(t.Context(), t, append(args, "confirm", "two")...); r.code != exitFailed || !strings.Contains(r.stderr, `no source "two"`) {
		t.Error(r)
	}
	s := serve(t, args...)
	admin := strings.TrimPrefix(s.admin, "http://")
	if r := execute(t.Context(), t, append(args, "confirm", "one", "--admin", admin)...); r.code != 0 {
		t.Fatal(r)
	}
	eventually(t, "the confirmed source is taken", func() bool {
		_, body := get(t, s.base+"/feeds/all.json")
		return strings.Contains(body, "Win big today")
	})
	if r := execute(t.Context(), t, append(args, "confirm", "one", "--admin", "127.0.0.1:1")...); r.code != exitFailed || !strings.Contains(r.stderr, "--admin 127.0.0.1:1") {
		t.Error(r)
	}
	s.stop()
	remembered(t, data, "one", func(st *rafid.SourceState) { st.Paused = o.URL + "/one" })
	if r := execute(t.Context(), t, append(args, "confirm", "one")...); r.code != 0 {
		t.Error(r)
	}
	if st := remembered(t, data, "one", nil); st.Paused != "" || st.Title != "" {
		t.Errorf("%+v", st)
	}
}

// A page in the operator's browser cannot confirm for them.
func TestConfirmIsNotForOtherSites(t *testing.T) {
	t.Parallel()
	o := newOrigin(t, map[string][]byte{"/one": feed("الواحة", "افتتاح مكتبة عامة في حي النخيل")})
	dir := t.TempDir()
	cfg := o.feeds(t, dir, "")
	s := serve(t, "--config", cfg, "--data", filepath.Join(dir, "data"))
	for site, want := range map[string]int{"cross-site": 403, "same-origin": 204, "": 204} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.admin+"/sources/one/confirm", nil)
		if err != nil {
			t.Fatal(err)
		}
		if site != "" {
			req.Header.Set("Sec-Fetch-Site", site)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%q: %s", site, res.Status)
		}
	}
}
