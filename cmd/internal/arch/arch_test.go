package arch_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"rafid/cmd/internal/arch"
)

type pkg struct {
	ImportPath, Doc string
	Imports         []string
	GoFiles         []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Doc,Imports,GoFiles", "rafid/...")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func std(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return first != "rafid" && !strings.Contains(first, ".")
}

func TestWhoImportsWhom(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, p := range packages(t) {
		seen++
		for _, why := range arch.Forbidden(p.ImportPath, p.Imports, std) {
			t.Error(why)
		}
	}
	if seen < 8 {
		t.Errorf("looked at %d packages: the list is not whole", seen)
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

func TestForbidden(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, path, imp string
		forbidden       bool
	}{
		{"a stage and the words", "rafid/fetch", "rafid", false},
		{"a stage and a library", "rafid/fetch", "github.com/mmcdole/gofeed", false},
		{"a stage and the standard library", "rafid/fetch", "net/http", false},
		{"a stage and another stage", "rafid/output", "rafid/dedupe", true},
		{"a stage and a package of its own below it", "rafid/output", "rafid/output/feeds", false},
		{"a stage and a database", "rafid/dedupe", "rafid/cmd/internal/sqlite", true},
		{"the words and a library", "rafid", "github.com/google/uuid", true},
		{"the words and a stage", "rafid", "rafid/arabic", true},
		{"arabic and Unicode", "rafid/arabic", "golang.org/x/text/unicode/norm", false},
		{"arabic and another library", "rafid/arabic", "golang.org/x/net/html", true},
		{"the plug may all", "rafid/cmd/rafid", "rafid/fetch", false},
	} {
		if got := arch.Forbidden(row.path, []string{row.imp}, std); (len(got) > 0) != row.forbidden {
			t.Errorf("%s: %q", row.name, got)
		}
	}
}
