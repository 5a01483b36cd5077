package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// An outage is told once; a source alone is told as a source, as soon as another one is reached.
func TestOutage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		sources int
		steps   string // a letter is a source that fails, + one that is reached
		want    string
	}{
		{"none", 9, "+++", ""},
		{"one source alone", 9, "a+", "a"},
		{"one source, again and again", 9, "aaaa+", "aaaa"},
		{"two sources", 9, "ab+", "ab"},
		{"three sources are the network", 9, "abc", "!"},
		{"many more are no more lines", 9, "abcdefgabcdefg", "!"},
		{"it ends, and comes again", 9, "abcd+abc+", "!(4)!(3)"},
		{"a source between outages", 9, "abc+d+", "!(3)d"},
		{"the only source", 1, "aa+", "!(1)"},
		{"two of two", 2, "ab+", "!(2)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var o outage
			var got strings.Builder
			now := time.Now()
			for _, s := range c.steps {
				now = now.Add(time.Second)
				if s == '+' {
					if n, since, over := o.reached(); over {
						fmt.Fprintf(&got, "(%d)", n)
						if !since.Before(now) {
							t.Error("it began after its end")
						}
					}
					continue
				}
				if o.fails(string(s), c.sources, now, func() { got.WriteRune(s) }) {
					got.WriteByte('!')
				}
			}
			if got.String() != c.want {
				t.Errorf("told %q, want %q", got.String(), c.want)
			}
		})
	}
}

// Without any network, the log has one alert for all sources, and what was published stays byte for byte.
func TestWithoutNetwork(t *testing.T) {
	slow(t)
	if err := exec.CommandContext(t.Context(), "unshare", "-rn", "true").Run(); err != nil {
		t.Skipf("no network of its own can be had here: %v", err)
	}
	dir := t.TempDir()
	o := newOrigin(t, map[string][]byte{"/one": feed("الواحة", "افتتاح مكتبة عامة في حي النخيل")})
	cfg := o.feeds(t, dir, "")
	data, out := filepath.Join(dir, "data"), filepath.Join(dir, "out")
	if r := execute(t.Context(), t, "once", "--config", cfg, "--data", data, "--out", out); r.code != 0 {
		t.Fatal(r)
	}
	before := tree(t, filepath.Join(out, "feeds"))
	var list strings.Builder
	list.WriteString("defaults: {every: 1m}\nsources:\n")
	for i := range 20 {
		fmt.Fprintf(&list, "  s%d: https://feed%d.example.org/rss\n", i, i)
	}
	offline := write(t, filepath.Join(dir, "offline.yaml"), list.String())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "unshare", "-rn", program(t, "rafid"), "run", "--config", offline, "--data", filepath.Join(dir, "other"), "--listen", "[::]:0", "--admin", "", "--log-format", "json")
	var log bytes.Buffer
	cmd.Stderr = &log
	_ = cmd.Run() // killed when its time is over
	if n := strings.Count(log.String(), `"level":"ERROR"`) + strings.Count(log.String(), `"level":"WARN"`); n != 1 || !strings.Contains(log.String(), "the network cannot be reached") {
		t.Errorf("%d alerts:\n%s", n, log.String())
	}
	once := exec.CommandContext(t.Context(), "unshare", "-rn", program(t, "rafid"), "once", "--config", cfg, "--data", data, "--out", out)
	_ = once.Run() // fails: no source can be read
	if d := cmp.Diff(before, tree(t, filepath.Join(out, "feeds"))); d != "" {
		t.Error(d)
	}
}
