package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rafid/cmd/internal/config"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	look := func(name string) (string, bool) {
		v, ok := map[string]string{"USER_1": "reader", "KEY": "p$w{d}", "EMPTY": ""}[name]
		return v, ok
	}
	for _, tt := range []struct {
		name string
		in   config.Secret
		want string
	}{
		{"a variable", "${KEY}", "p$w{d}"},
		{"two in a text", "http://${USER_1}:${KEY}@proxy.example", "http://reader:p$w{d}@proxy.example"},
		{"no variable", "application/xml $KEY", "application/xml $KEY"},
		{"an empty one and one that is not there", "a${EMPTY}b${NONE}c", "abc"},
	} {
		if got := tt.in.Expand(look); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestMissingVariables(t *testing.T) {
	t.Parallel()
	c := parse(t, `sources:
  nahr:
    headers: {X-Key: "a ${SET} b ${UNSET}"}
    url: https://nahr.example/rss
    auth:
      token: ${EMPTY}
  wadi:
    url: https://wadi.example/rss
    auth: {token: "${NOT_ASKED_FOR}"}
    enabled: false
`)
	problems := c.Missing("feeds.yaml", func(name string) (string, bool) { return map[string]string{"SET": "x"}[name], name != "UNSET" })
	if diff := cmp.Diff([]string{"3:22 variable", "6:14 variable"}, places(problems)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if !problems.Errors() || !strings.Contains(problems.Error(), "the environment has no UNSET") {
		t.Errorf("problems:\n%v", problems)
	}
}

// TestSecretsAreNotShown plants one word wherever a secret may stand, in files with every kind of slip around
// it, and looks for it in all that is said about them.
func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	const word = "hunter22"
	for _, text := range []string{
		"    auth: hunter22", "    auth: [hunter22]", "    auth: token:hunter22", "    auth:\n      - hunter22",
		"    auth:\n      pasword: hunter22", "    auth: {pasword: hunter22}", "    auth:\n      password: hunter22",
		"    auth:\n      password: \"hunter22", "    auth:\n      password: 'hunter22", "    auth:\n      password: hunter22: x",
		"    auth:\n      password:hunter22", "    auth:\n      password hunter22", "    auth:\n      password: \"hun\\wter22 hunter22\"",
		"    auth:\n\tpassword: hunter22", "    auth:\n      password: hunter22\n      password: hunter22", "    auth:\n      password: *hunter22",
		"    auth:\n      password: !hunter22 x", "    auth:\n      password: >\n        hunter22\n      user: [a", "    auth:\n      password: ${hunter22",
		"    auth:\n      password: \u202ehunter22", "    auth:\n      password: hunter22\u200f", "    auth:\n      password: hunter22 #hunter22",
		"    headers: hunter22", "    headers:\n      X-Key: [hunter22]", "    headers:\n      X-Key hunter22", "    headers:\n      Cookie: hunter22",
		"    headers: {X-Key: {a: hunter22}}", "    headers:\n      Host: hunter22", "    headers:\n      X-Key: \"hunter22\\n\"",
		"    proxy: hunter22", "    proxy: http://me:hunter22@proxy.example", "    proxy: htp://me:hunter22@proxy.example", "    proxy: [hunter22]",
		"    proxy: http://me:hunter22@proxy.example/x", "    proxy: \"http://me:hunter22", "    auth:\n      token: @hunter22", "    auth:\n      token: %hunter22",
	} {
		text = "sources:\n  nahr:\n    url: https://nahr.example/rss\n" + text + "\n  wadi: https://wadi.example/\n"
		_, problems := config.Parse("feeds.yaml", []byte(text))
		if len(problems) == 0 {
			t.Errorf("nothing is said of\n%s", text)
		}
		if said := problems.Error(); strings.Contains(said, word) {
			t.Errorf("of\n%s\nis said\n%s", text, said)
		}
	}
}
