package config_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rafid/cmd/internal/config"
)

// TestHostileFilesAreBounded reads files made to cost much: each is half of the largest that is read.
func TestHostileFilesAreBounded(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	numbered := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	tests := []struct{ name, text string }{
		{"quotes that are never closed", fill("a: \"x\n")},
		{"brackets that are never closed", fill("a: [x\n")},
		{"a list over many lines", "a: [\n" + fill("  b,\n")},
		{"unknown keys, each to be guessed at", numbered("k%d:\n")},
		{"unknown categories", "sources:\n" + numbered("  s%[1]d: {url: https://s%[1]d.example/, category: poltics}\n")},
		{"labels that are all the same", "categories:\n  x:\n    title: y\n    from:\n" + fill("      - سس\n")},
		{"indents of all kinds", fill("   a: b\n b: c\n")},
		{"aliases", "a: &a [1,2]\nb: [" + fill("*a,") + "]\n"},
		{"an expression of exploding size", "sources: {a: https://a.example/}\nrules:\n  - {tag: a, title: '" + fill("(a{1,1000}){1,1000}|") + "b'}\n"},
		{"one long line", "a: " + fill("x: ")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			c, problems := config.Parse("feeds.yaml", []byte(tt.text))
			// The slowest takes a third of a second alone on one core.
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			}
			if c != nil || len(problems) == 0 || len(problems) > 501 {
				t.Errorf("config %v, %d problems", c != nil, len(problems))
			}
		})
	}
}
