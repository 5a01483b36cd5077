package config

import (
	"strings"
	"testing"
)

func TestHubAndFolder(t *testing.T) {
	t.Parallel()
	const sources = "sources: {nahr: https://nahr.example/rss}\n"
	for _, tt := range []struct {
		name, text, hub, dir, warns string
	}{
		{"none", "", "", "", ""},
		{"our own hub", "site: {url: https://news.example}\noutputs: {hub: self}\n", "self", "", ""},
		{"our own hub that nobody finds", "outputs: {hub: self}\n", "self", "", "hub-site"},
		{"a hub of others", "outputs: {hub: \"https://hub.example/\"}\n", "https://hub.example/", "", ""},
		{"a folder", "outputs: {dir: public/news}\n", "", "public/news", ""},
	} {
		c, problems := Parse("feeds.yaml", []byte(tt.text+sources))
		if c == nil || c.Outputs.Hub != tt.hub || c.Outputs.Dir != tt.dir {
			t.Errorf("%s: %+v, %v", tt.name, c, problems)
			continue
		}
		codes := ""
		for _, p := range problems {
			codes += p.Code
		}
		if codes != tt.warns {
			t.Errorf("%s: told %s, want %q", tt.name, codes, tt.warns)
		}
	}
	old, _ := Parse("feeds.yaml", []byte(sources))
	now, _ := Parse("feeds.yaml", []byte("outputs: {hub: self, dir: public}\n"+sources))
	if diff := strings.Join(now.Diff(old), "\n"); diff != "~ outputs: hub (none) → self\n~ outputs: dir (none) → public" {
		t.Errorf("difference:\n%s", diff)
	}
}
