package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rafid/cmd/internal/config"
)

// TestBadFiles reads files with one mistake each. The first line says what must come out:
//
//	# want: LINE:COL code
func TestBadFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.bad.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".bad.yaml"), func(t *testing.T) {
			t.Parallel()
			want := wanted(t, file)
			c, problems := config.Load(file)
			if diff := cmp.Diff(want, places(problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s\n%v", diff, problems)
			}
			if (c == nil) != problems.Errors() {
				t.Errorf("config %v beside errors %v", c != nil, problems.Errors())
			}
			for _, p := range problems {
				if p.Fix == "" || p.What == "" || p.File != file || (p.Quote == "" && p.Code != "no-value") {
					t.Errorf("incomplete: %+v", p)
				}
			}
		})
	}
}

// wanted reads the places from the comments of a file, in order.
func wanted(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(data)) {
		if place, ok := strings.CutPrefix(line, "# want: "); ok {
			want = append(want, strings.TrimSpace(place))
		}
	}
	return want
}

func places(problems config.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprintf("%d:%d %s", p.Line, p.Col, p.Code))
	}
	return out
}
