package fetch

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rafid"
)

// What proves who asks is sent where it belongs, and the last writer of a header is the operator.
func TestProofOfWhoAsks(t *testing.T) {
	t.Parallel()
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("قارئ:s3cret"))
	for _, c := range []struct {
		name   string
		change func(*Target)
		want   string // Authorization | User-Agent | X-Key
	}{
		{"nothing asked for", func(*Target) {}, "|Rafid/test (+https://waha.example)|"},
		{"basic", func(t *Target) { t.User, t.Password = "قارئ", "s3cret" }, basic + "|Rafid/test (+https://waha.example)|"},
		{"bearer", func(t *Target) { t.Token = "tok" }, "Bearer tok|Rafid/test (+https://waha.example)|"},
		{"a name of its own", func(t *Target) { t.UserAgent = "Other/1" }, "|Other/1|"},
		{"headers overrule all", func(t *Target) {
			t.UserAgent, t.Token = "Other/1", "tok"
			t.Headers = map[string]string{"user-agent": "Third/2", "authorization": "Key k", "x-key": "v"}
		}, "Key k|Third/2|v"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				got = r.Header.Get("Authorization") + "|" + r.UserAgent() + "|" + r.Header.Get("X-Key")
				fmt.Fprint(w, smallFeed)
			})
			client, _ := newClient(t)
			tg := target(srv)
			c.change(&tg)
			if _, err := client.Fetch(t.Context(), tg, rafid.SourceState{}); err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("sent %q, want %q", got, c.want)
			}
		})
	}
}

// A page that a feed links to on another host is not told the secret of the feed's host.
func TestPagesOfOthersAreToldNoSecret(t *testing.T) {
	t.Parallel()
	var told []string
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			told = append(told, r.Header.Get("Authorization"))
		}
		http.NotFound(w, r)
	})
	client, _ := newClient(t)
	tg := Target{Source: rafid.Source{ID: "x", URL: "https://waha.example/feed"}, AllowPrivate: true, Token: "tok"}
	if _, err := client.Page(t.Context(), tg, other.URL+"/1"); err == nil {
		t.Error("a page that is not there was read")
	}
	if len(told) != 1 || told[0] != "" {
		t.Errorf("told %q", told)
	}
}

func TestOwnHosts(t *testing.T) {
	t.Parallel()
	tg := Target{URLs: []string{"https://waha.example/feed", "http://alt.example:8080/feed"}}
	for address, want := range map[string]bool{
		"https://waha.example/other": true, "https://WAHA.example/": true,
		"http://waha.example/feed": false, // easier to overhear
		"https://www.waha.example": false, "https://waha.example:8443/": false, "https://waha.example.evil.example/": false,
		"http://alt.example:8080/": true, "https://alt.example:8080/": true, "http://alt.example/": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := tg.owns(u); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// Neither errors nor states tell a secret.
func TestSecretsAreInNoError(t *testing.T) {
	t.Parallel()
	client, _ := newClient(t)
	for _, tg := range []Target{
		{Source: rafid.Source{URL: "http://user:hidden@10.0.0.1/feed"}},
		{Source: rafid.Source{URL: "http://10.0.0.2/feed"}, Token: "hidden", Password: "hidden", User: "u"},
		{Source: rafid.Source{URL: "http://10.0.0.3/feed"}, Proxy: "gopher://u:hidden@proxy.example"},
		{Source: rafid.Source{URL: "http://10.0.0.4/feed"}, Proxy: "http://u:hidden@127.0.0.1:1", AllowPrivate: true},
		{Source: rafid.Source{URL: "http://10.0.0.1/feed"}, Proxy: "http://u:hidden@\x7f"},
		{Source: rafid.Source{URL: "http://u:hidden@ /"}},
	} {
		tg.Source.ID = "x"
		res, err := client.Fetch(t.Context(), tg, rafid.SourceState{})
		if err == nil || strings.Contains(err.Error()+res.State.Error+res.State.URL, "hidden") {
			t.Errorf("%+v: %v", tg.Source.URL, err)
		}
	}
}
