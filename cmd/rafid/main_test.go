package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary stand in for the real program: started under the name rafid, it is main;
// under the name floor, what benchmarks hold it against.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rafid": main, "floor": floor, "press": pressProcess})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "RAFID_LISTEN=127.0.0.1:0", "RAFID_ADMIN=127.0.0.1:0", "SITE="+site)
			return nil
		},
		UpdateScripts: os.Getenv("RAFID_UPDATE") != "",
	})
}

// result is what one run of the program printed, and how it ended.
type result struct {
	stdout, stderr string
	code           int
}

// execute runs the program inside the test.
func execute(ctx context.Context, t *testing.T, args ...string) result {
	t.Helper()
	var out, err bytes.Buffer
	code := exitCode(run(ctx, args, strings.NewReader(""), &out, &err))
	return result{out.String(), err.String(), code}
}

// slow leaves a test out unless everything was asked for.
func slow(t *testing.T) {
	t.Helper()
	if os.Getenv("RAFID_ALL") == "" {
		t.Skip("slow: left out; `make test` or RAFID_ALL=1 runs it")
	}
}

// shared is the folder of real data, which is not part of the project.
func shared(t *testing.T, path string) string {
	t.Helper()
	root := os.Getenv("RAFID_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	full := filepath.Join(root, "data", path)
	if _, err := os.Stat(full); err != nil {
		t.Skipf("the real data is not here: %v", err)
	}
	return full
}

// lines reads JSON lines.
func lines[T any](t *testing.T, text string) []T {
	t.Helper()
	var all []T
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v in line %q", err, line)
		}
		all = append(all, v)
	}
	return all
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}
