package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rafid/cmd/internal/config"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"nothing to do", "sources:\n  nahr: https://nahr.example/rss # ours\n", "sources:\n  nahr: https://nahr.example/rss  # ours\n"},
		{
			"four spaces a level, and a list without indentation",
			"sources:\n    nahr:\n        url:\n        - https://nahr.example/a\n        -   https://nahr.example/b\n        name:   نهر\n",
			"sources:\n  nahr:\n    url:\n      - https://nahr.example/a\n      - https://nahr.example/b\n    name: نهر\n",
		},
		{
			"blank lines, and spaces at the end of lines",
			"\n\nsite:  \n\n\n  title: نهر\t\nsources:\n  nahr: https://nahr.example/rss\n\n\n",
			"site:\n\n  title: نهر\n\nsources:\n  nahr: https://nahr.example/rss\n",
		},
		{
			"line ends of Windows and a byte order mark",
			"\ufeffsources:\r\n   nahr: https://nahr.example/rss\r\n", "sources:\n  nahr: https://nahr.example/rss\n",
		},
		{
			"comments go with what they stand above, and stay in their columns",
			"sources:\n    # the first\n    nahr:    https://nahr.example/rss      # ours\n    # the last of ours\n# Now the rules.\nrules: []\n",
			"sources:\n  # the first\n  nahr: https://nahr.example/rss           # ours\n  # the last of ours\n\n# Now the rules.\nrules: []\n",
		},
		{
			"rules: dashes before keys", "sources: {nahr: https://nahr.example/rss}\nrules:\n-   title: 'a # b'   # c\n    tag : x\n-   {link: \"*\", drop: true}\n",
			"sources: {nahr: https://nahr.example/rss}\n\nrules:\n  - title: 'a # b'   # c\n    tag: x\n  - {link: \"*\", drop: true}\n",
		},
		{
			"values over several lines move as one",
			"sources:\n    nahr:\n        url: [https://nahr.example/a,\n              https://nahr.example/b]\n        name: >\n            نهر\n\n              الأخبار\n        country: EG\n",
			"sources:\n  nahr:\n    url: [https://nahr.example/a,\n          https://nahr.example/b]\n    name: >\n        نهر\n\n          الأخبار\n    country: EG\n",
		},
		{
			"a quoted value over several lines keeps its blank line",
			"sources:\n   nahr:\n      name: \"نهر\n\n\n        # الأخبار\"\n      url: https://nahr.example/rss\n",
			"sources:\n  nahr:\n    name: \"نهر\n\n\n      # الأخبار\"\n    url: https://nahr.example/rss\n",
		},
		{
			"pairs in lines", "dedupe:\n keep_apart:\n -  - a\n    - b\n - [c, d]\nsources:\n nahr: https://nahr.example/rss\n",
			"dedupe:\n  keep_apart:\n    - - a\n      - b\n    - [c, d]\n\nsources:\n  nahr: https://nahr.example/rss\n",
		},
		{"a file that says nothing sensible", "a:   1\nb:\n      c: 2", "a: 1\n\nb:\n  c: 2\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Format([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			if again, err := config.Format(got); err != nil || string(again) != string(got) {
				t.Errorf("the second time: %v\n%s", err, again)
			}
		})
	}
}

// TestFormatLeavesOurFiles: what we ship is written the way we write.
func TestFormatLeavesOurFiles(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"../../../feeds.yaml", "../../rafid/starter.yaml"} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := config.Format(data)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if diff := cmp.Diff(string(data), string(got)); diff != "" {
			t.Errorf("%s (-shipped +formatted):\n%s", path, diff)
		}
	}
}

func TestFormatRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     error
	}{
		{"YAML that is broken", "sources:\n\tnahr: x\n", config.ErrInvalidFile},
		{"a dash on a line of its own", "rules:\n  -\n    tag: x\n", config.ErrShape},
		{"nothing but comments", "# one\n", config.ErrInvalidFile},
		{"two documents", "a: 1\n---\nb: 2\n", config.ErrInvalidFile},
	} {
		if out, err := config.Format([]byte(tt.in)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v\n%s", tt.name, err, tt.want, out)
		}
	}
}

// FuzzFormat: what is formatted says the same in the same words, and is formatted.
func FuzzFormat(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("a:\n  - |\n     x\n    # y\n  - 'a\n\n b' # c\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := config.Format(data)
		if err != nil {
			return
		}
		again, err := config.Format(out)
		if err != nil || string(again) != string(out) {
			t.Errorf("%q became %q and then %q, %v", data, out, again, err)
		}
		before, _ := config.Parse("feeds.yaml", data)
		after, problems := config.Parse("feeds.yaml", out)
		if before != nil && (after == nil || len(after.Diff(before)) > 0) {
			t.Errorf("%q became %q, which says otherwise: %v", data, out, problems)
		}
	})
}
