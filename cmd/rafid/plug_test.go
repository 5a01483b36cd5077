package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rafid"
	"rafid/cmd/internal/config"
	"rafid/fetch"
)

// What a source says of itself reaches the fetcher, its secrets from the environment. It sets variables, so
// it does not run beside others.
func TestTarget(t *testing.T) {
	t.Setenv("NAHR_KEY", "p$w")
	t.Setenv("PROXY_KEY", "q")
	cfg, problems := config.Parse("feeds.yaml", []byte(`defaults:
  every: auto
  fulltext: true
  user_agent: Nahr/1
  proxy: socks5://me:${PROXY_KEY}@proxy.example:1080
sources:
  nahr:
    url: [https://nahr.example/rss, https://nahr.example/atom]
    headers: {x-key: "k ${NAHR_KEY}"}
    auth: {user: reader, password: "${NAHR_KEY}"}
  wadi:
    url: https://wadi.example/rss
    proxy: none
    fulltext: false
    every: 10m
    websub: false
    auth: {token: "${NAHR_KEY}"}
`))
	if cfg == nil {
		t.Fatal(problems)
	}
	p, err := newPlan(cfg)
	if err != nil {
		t.Fatal(err)
	}
	want := []fetch.Target{
		{
			Source:  rafid.Source{ID: "nahr", URL: "https://nahr.example/rss", Name: "nahr", Outlet: "nahr"},
			URLs:    []string{"https://nahr.example/rss", "https://nahr.example/atom"},
			Timeout: 20 * time.Second, FutureDates: "clamp", Auto: true, FullText: true, UserAgent: "Nahr/1",
			Headers: map[string]string{"X-Key": "k p$w"}, User: "reader", Password: "p$w", Proxy: "socks5://me:q@proxy.example:1080",
		},
		{
			Source: rafid.Source{ID: "wadi", URL: "https://wadi.example/rss", Name: "wadi", Outlet: "wadi"},
			URLs:   []string{"https://wadi.example/rss"}, Timeout: 20 * time.Second, FutureDates: "clamp", UserAgent: "Nahr/1", Unpushed: true,
			Token: "p$w",
		},
	}
	for i, s := range p.sources() {
		if diff := cmp.Diff(want[i], p.target(s)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.ID, diff)
		}
	}
}

// A private channel gets its token from the environment, and the list of sources keeps the reference.
func TestChannels(t *testing.T) {
	t.Setenv("FLOODS_TOKEN", "0123456789abcdef")
	cfg, problems := config.Parse("feeds.yaml", []byte(`sources:
  nahr: {url: https://nahr.example/rss, content: headline}
outputs:
  feeds:
    floods:
      token: ${FLOODS_TOKEN}
      words: سيول
`))
	if cfg == nil {
		t.Fatal(problems)
	}
	p, err := newPlan(cfg)
	if err != nil {
		t.Fatal(err)
	}
	o := p.output("http://127.0.0.1:8080", nil)
	if len(o.Channels) != 1 || o.Channels[0].Token != "0123456789abcdef" || cfg.Outputs.Channels[0].Token != "${FLOODS_TOKEN}" {
		t.Errorf("channels %+v of %+v", o.Channels, cfg.Outputs.Channels)
	}
	if got := o.Sources[0].Content; got != "headline" {
		t.Errorf("content of the source %q", got)
	}
}
