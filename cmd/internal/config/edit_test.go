package config_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rafid/cmd/internal/config"
)

// editCase is a change and the texts around it.
type editCase struct {
	name          string
	edit          config.Edit
	before, after string
}

func checkEdits(t *testing.T, tests []editCase) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.edit([]byte(tt.before))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.after, string(got)); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAddSource(t *testing.T) {
	t.Parallel()
	add := config.AddSource(config.NewSource{ID: "furat", URL: "https://furat.example/rss"})
	checkEdits(t, []editCase{
		{
			"a source in the short form", add,
			"sources:\n  nahr: https://nahr.example/rss   # first\n",
			"sources:\n  nahr: https://nahr.example/rss   # first\n  furat: https://furat.example/rss\n",
		},
		{
			"no line end at the end of the file", add,
			"sources:\n  nahr: https://nahr.example/rss",
			"sources:\n  nahr: https://nahr.example/rss\n  furat: https://furat.example/rss",
		},
		{
			"blank lines and a comment before the next section stay there", add,
			"sources:\n    nahr: https://nahr.example/rss\n    # the last of ours\n\n# Now the rules.\nrules: []\n",
			"sources:\n    nahr: https://nahr.example/rss\n    # the last of ours\n    furat: https://furat.example/rss\n\n# Now the rules.\nrules: []\n",
		},
		{
			"a long source before the next section", add,
			"sources:\n  nahr:\n    url:\n      - https://nahr.example/rss\n      - https://nahr.example/atom\nsite:\n  title: نهر\n",
			"sources:\n  nahr:\n    url:\n      - https://nahr.example/rss\n      - https://nahr.example/atom\n  furat: https://furat.example/rss\nsite:\n  title: نهر\n",
		},
		{
			"line ends of Windows and a byte order mark", add,
			"\ufeffsources:\r\n  nahr: https://nahr.example/rss\r\n",
			"\ufeffsources:\r\n  nahr: https://nahr.example/rss\r\n  furat: https://furat.example/rss\r\n",
		},
		{
			"all that is known of a source, odd values quoted",
			config.AddSource(config.NewSource{ID: "furat", URL: "https://furat.example/rss?a=1#b", Name: "الفرات: نشرة", Category: "other", Country: "IQ"}),
			"sources:\n  nahr: https://nahr.example/rss\n",
			"sources:\n  nahr: https://nahr.example/rss\n  furat:\n    url: https://furat.example/rss?a=1#b\n    category: other\n    country: IQ\n    name: 'الفرات: نشرة'\n",
		},
	})
}

func TestSetKeys(t *testing.T) {
	t.Parallel()
	checkEdits(t, []editCase{
		{
			"a category on a short source: the comment stays with the address", config.SetCategory("nahr", "other"),
			"sources:\n  nahr:    https://nahr.example/rss   # first\n  dilta: https://dilta.example/rss\n",
			"sources:\n  nahr:\n    url: https://nahr.example/rss   # first\n    category: other\n  dilta: https://dilta.example/rss\n",
		},
		{
			"a category on a long source goes behind its addresses", config.SetCategory("nahr", "other"),
			"sources:\n  nahr:\n      # two of them\n      url: [https://nahr.example/rss,\n            https://nahr.example/atom]  # by age\n\n      name: نهر\n",
			"sources:\n  nahr:\n      # two of them\n      url: [https://nahr.example/rss,\n            https://nahr.example/atom]  # by age\n      category: other\n\n      name: نهر\n",
		},
		{
			"the address is the last line of the file", config.SetCategory("nahr", "other"),
			"sources:\n  nahr:\n    name: نهر\n    url: https://nahr.example/rss\n\n# end\n",
			"sources:\n  nahr:\n    name: نهر\n    url: https://nahr.example/rss\n    category: other\n\n# end\n",
		},
		{
			"another category in the place of the first", config.SetCategory("nahr", "other"),
			"categories: {sport: رياضة}\nsources:\n  nahr:\n    category: 'sport'   # why\n    url: https://nahr.example/rss\n",
			"categories: {sport: رياضة}\nsources:\n  nahr:\n    category: 'other'   # why\n    url: https://nahr.example/rss\n",
		},
		{
			"a source in braces", config.SetCategory("nahr", "other"),
			"sources:\n  nahr: {url: https://nahr.example/rss, name: نهر}\n",
			"sources:\n  nahr: {category: other, url: https://nahr.example/rss, name: نهر}\n",
		},
		{
			"a switch", config.SetEnabled("nahr", false),
			"sources:\n  nahr: {url: https://nahr.example/rss, enabled: true}\n",
			"sources:\n  nahr: {url: https://nahr.example/rss, enabled: false}\n",
		},
		{
			"a name in double quotes", config.SetName("nahr", "«نهر» اليوم"),
			"sources:\n  nahr:\n    name: \"نهر\" # name\n    url: https://nahr.example/rss\n",
			"sources:\n  nahr:\n    name: \"«نهر» اليوم\" # name\n    url: https://nahr.example/rss\n",
		},
		{
			"what is so already", config.SetName("nahr", "نهر"),
			"sources:\n  nahr:\n    name: \"نهر\" # name\n    url: https://nahr.example/rss\n",
			"sources:\n  nahr:\n    name: \"نهر\" # name\n    url: https://nahr.example/rss\n",
		},
	})
}

func TestSetURL(t *testing.T) {
	t.Parallel()
	checkEdits(t, []editCase{
		{
			"an address in the short form", config.SetURL("nahr", "https://nahr.example/rss", "https://nahr.example/feed"),
			"sources:\n  nahr:   https://nahr.example/rss   # first\n",
			"sources:\n  nahr:   https://nahr.example/feed   # first\n",
		},
		{
			"the second of two addresses", config.SetURL("nahr", "https://nahr.example/b", "https://nahr.example/c?x=1,2"),
			"sources:\n  nahr:\n    url: [https://nahr.example/a, https://nahr.example/b]\n",
			"sources:\n  nahr:\n    url: [https://nahr.example/a, 'https://nahr.example/c?x=1,2']\n",
		},
	})
}

func TestKeepApart(t *testing.T) {
	t.Parallel()
	checkEdits(t, []editCase{
		{
			"the first pair where there is no section", config.KeepApart("s1", "s2"),
			"sources:\n  nahr: https://nahr.example/rss\n",
			"sources:\n  nahr: https://nahr.example/rss\n\ndedupe:\n  keep_apart:\n    - [s1, s2]\n",
		},
		{
			"the first pair where the section has other keys", config.KeepApart("s1", "s2"),
			"dedupe:\n  near: 0.8 # mild\n\nsources:\n  nahr: https://nahr.example/rss\n",
			"dedupe:\n  near: 0.8 # mild\n  keep_apart:\n    - [s1, s2]\n\nsources:\n  nahr: https://nahr.example/rss\n",
		},
		{
			"the first pair in an empty list", config.KeepApart("s1", "s2"),
			"dedupe:\n  keep_apart: []      # by hand\nsources:\n  nahr: https://nahr.example/rss\n",
			"dedupe:\n  keep_apart: [[s1, s2]]      # by hand\nsources:\n  nahr: https://nahr.example/rss\n",
		},
		{
			"the first pair after a key without a value", config.KeepApart("s1", "s2"),
			"dedupe:\n  keep_apart:\n  near: 0.8\nsources:\n  nahr: https://nahr.example/rss\n",
			"dedupe:\n  keep_apart:\n    - [s1, s2]\n  near: 0.8\nsources:\n  nahr: https://nahr.example/rss\n",
		},
		{
			"one more pair in brackets", config.KeepApart("s1", "s2"),
			"dedupe: {keep_apart: [[a, b], ['c]', d]]}\nsources:\n  nahr: https://nahr.example/rss\n",
			"dedupe: {keep_apart: [[a, b], ['c]', d], [s1, s2]]}\nsources:\n  nahr: https://nahr.example/rss\n",
		},
		{
			"one more pair in lines", config.KeepApart("s1", "s2"),
			"dedupe:\n  keep_apart:\n  - [a, b]   # said so\n\n  near: 0.8\nsources:\n  nahr: https://nahr.example/rss\n",
			"dedupe:\n  keep_apart:\n  - [a, b]   # said so\n  - [s1, s2]\n\n  near: 0.8\nsources:\n  nahr: https://nahr.example/rss\n",
		},
		{
			"a pair that is there the other way round", config.KeepApart("s1", "s2"),
			"dedupe:\n  keep_apart: [[s2, s1]]\nsources:\n  nahr: https://nahr.example/rss\n",
			"dedupe:\n  keep_apart: [[s2, s1]]\nsources:\n  nahr: https://nahr.example/rss\n",
		},
		{
			"ids that look like numbers are quoted", config.KeepApart("12e3", "0x1f"),
			"dedupe:\n  keep_apart: []\nsources:\n  nahr: https://nahr.example/rss\n",
			"dedupe:\n  keep_apart: [[12e3, 0x1f]]\nsources:\n  nahr: https://nahr.example/rss\n",
		},
	})
}

func TestKeepTogether(t *testing.T) {
	t.Parallel()
	head := "sources:\n  nahr: https://nahr.example/rss\n"
	checkEdits(t, []editCase{
		{
			"the first pair", config.KeepTogether("s1", "s2"),
			head,
			head + "\ndedupe:\n  keep_together:\n    - [s1, s2]\n",
		},
		{
			"a pair that was kept apart, in lines", config.KeepTogether("s1", "s2"),
			head + "dedupe:\n  keep_apart:\n    - [a, b]\n    - [s2, s1]   # a mistake\n    - [c, d]\n  near: 0.8\n",
			head + "dedupe:\n  keep_apart:\n    - [a, b]\n    - [c, d]\n  near: 0.8\n  keep_together:\n    - [s1, s2]\n",
		},
		{
			"the only pair that was kept apart, over several lines", config.KeepTogether("s1", "s2"),
			head + "dedupe:\n  keep_apart:\n    - - s1\n      - s2\n",
			head + "dedupe:\n  keep_apart:\n  keep_together:\n    - [s1, s2]\n",
		},
		{
			"the first of two in brackets", config.KeepTogether("s1", "s2"),
			head + "dedupe: {keep_apart: [[s1, s2],  [a, b]], near: 0.8, keep_together: []}\n",
			head + "dedupe: {keep_apart: [[a, b]], near: 0.8, keep_together: [[s1, s2]]}\n",
		},
		{
			"the last of two in brackets, with a comma behind it", config.KeepTogether("s1", "s2"),
			head + "dedupe: {keep_apart: [[a, b] , [s1, s2],], near: 0.8, keep_together: []}\n",
			head + "dedupe: {keep_apart: [[a, b] ], near: 0.8, keep_together: [[s1, s2]]}\n",
		},
		{
			"written twice, and both go", config.KeepTogether("s1", "s2"),
			head + "dedupe:\n  keep_together: []\n  keep_apart: [[s2, s1], [s1, s2]]\n",
			head + "dedupe:\n  keep_together: [[s1, s2]]\n  keep_apart: []\n",
		},
		{
			"and apart again", config.KeepApart("s2", "s1"),
			head + "dedupe:\n  keep_together: [[s1, s2]]\n  keep_apart: []\n",
			head + "dedupe:\n  keep_together: []\n  keep_apart: [[s2, s1]]\n",
		},
	})
}

func TestHide(t *testing.T) {
	t.Parallel()
	head := "sources:\n  nahr: https://nahr.example/rss\n"
	checkEdits(t, []editCase{
		{"the first", config.Hide("s1"), head, head + "\ndedupe:\n  hide:\n    - s1\n"},
		{
			"one more, with comments beside the others", config.Hide("s2"),
			head + "dedupe:\n  hide:\n  - s1 # asked for by the outlet\n  # until spring:\n  - s0\n  near: 0.8\n",
			head + "dedupe:\n  hide:\n  - s1 # asked for by the outlet\n  # until spring:\n  - s0\n  - s2\n  near: 0.8\n",
		},
		{"one that is hidden", config.Hide("s1"), head + "dedupe: {hide: [s1]}\n", head + "dedupe: {hide: [s1]}\n"},
		{"an id that YAML would take for nothing", config.Hide("null"), head + "dedupe: {hide: []}\n", head + "dedupe: {hide: ['null']}\n"},
	})
}

func TestDecisionsThatContradictOthers(t *testing.T) {
	t.Parallel()
	text := "sources:\n  nahr: https://nahr.example/rss\ndedupe:\n  keep_together: [[a, b], [b, c]]\n  keep_apart: [[c, d]]\n"
	for name, edit := range map[string]config.Edit{
		"apart, and united by way of a third":       config.KeepApart("a", "c"),
		"together, which unites what is kept apart": config.KeepTogether("d", "a"),
	} {
		out, err := edit([]byte(text))
		if err == nil || !strings.Contains(err.Error(), "[contradiction]") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

func TestEditsRefuse(t *testing.T) {
	t.Parallel()
	good := "sources:\n  nahr: https://nahr.example/rss\n"
	tests := []struct {
		name   string
		edit   config.Edit
		before string
		want   error
	}{
		{"a source that is there", config.AddSource(config.NewSource{ID: "nahr", URL: "https://x.example/"}), good, config.ErrExists},
		{"a source that is not there", config.SetCategory("dilta", "other"), good, config.ErrNoSource},
		{"the address of none", config.SetURL("dilta", "a", "b"), good, config.ErrNoSource},
		{"another address than it has", config.SetURL("nahr", "https://x.example/", "b"), good, config.ErrNoSource},
		{"a file with mistakes", config.SetCategory("nahr", "other"), good + "site: x\n", config.ErrInvalidFile},
		{"sources in braces", config.AddSource(config.NewSource{ID: "b", URL: "https://b.example/"}), "sources: {a: https://a.example/}\n", config.ErrShape},
		{"a value from an anchor", config.SetName("b", "دلتا"),
			"sources:\n  a: {url: https://a.example/, name: &n نهر}\n  b: {url: https://b.example/, name: *n}\n", config.ErrShape},
		{"a list with comments in it", config.KeepApart("a", "b"), good + "dedupe:\n  keep_apart: [ # none\n  ]\n", config.ErrShape},
		{"a pair to remove from a list with comments in it", config.KeepTogether("a", "b"), good + "dedupe:\n  keep_apart: [ # none\n    [a, b]]\n", config.ErrShape},
		{"a short source that is a list", config.SetCategory("a", "other"), "sources:\n  a: [https://a.example/]\n", config.ErrShape},
		{"lone carriage returns", config.SetCategory("nahr", "other"), strings.ReplaceAll(good, "\n", "\r"), config.ErrShape},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if out, err := tt.edit([]byte(tt.before)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v; text:\n%s", err, tt.want, out)
			}
		})
	}
	for name, edit := range map[string]config.Edit{
		"a category that is none": config.SetCategory("nahr", "spurt"),
		"an address that is none": config.SetURL("nahr", "https://nahr.example/rss", "nowhere"),
		"an id that is none":      config.AddSource(config.NewSource{ID: "نهر", URL: "https://x.example/"}),
		"a pair of one":           config.KeepApart("a", "a"),
		"one with itself":         config.KeepTogether("a", "a"),
	} {
		if _, err := edit([]byte(good)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestEditsOfTheShippedFile makes each kind of change to sources all over a long file full of comments,
// and shows that nothing but the change is different.
func TestEditsOfTheShippedFile(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../../feeds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c := parse(t, string(data))
	for i, s := range c.Sources {
		if i%20 != 0 && i != len(c.Sources)-1 { // each form of a source, not each source: every edit parses the file twice
			continue
		}
		edits := map[string]config.Edit{
			"category": config.SetCategory(s.ID, "health"),
			"enabled":  config.SetEnabled(s.ID, false),
			"url":      config.SetURL(s.ID, s.URL, "https://moved.example/"+s.ID),
		}
		for what, edit := range edits {
			out, err := edit(data)
			if err != nil {
				t.Fatalf("%s of %s: %v", what, s.ID, err)
			}
			changed := parse(t, string(out)).Diff(c)
			if s.Category == "health" && what == "category" {
				changed = append(changed, "")
			}
			if removed, added := changedLines(string(data), string(out)); len(changed) != 1 || removed > 1 || added > 1 {
				t.Errorf("%s of %s: %v; %d lines became %d", what, s.ID, changed, removed, added)
			}
		}
	}
	grown := data
	for i := range 5 {
		for _, edit := range []config.Edit{
			config.AddSource(config.NewSource{ID: fmt.Sprintf("new%d", i), URL: fmt.Sprintf("https://new%d.example/", i), Name: "جديد"}),
			config.KeepApart(fmt.Sprintf("s%d", i), "t"),
		} {
			if grown, err = edit(grown); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := []string{"+ source new0", "+ source new1", "+ source new2", "+ source new3", "+ source new4",
		"~ dedupe: keep_apart [] → [[s0 t] [s1 t] [s2 t] [s3 t] [s4 t]]"}
	if diff := cmp.Diff(want, parse(t, string(grown)).Diff(c)); diff != "" {
		t.Errorf("difference (-want +got):\n%s", diff)
	}
}

// changedLines counts the lines between what both texts begin and end with.
func changedLines(a, b string) (removed, added int) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return len(x), len(y)
}

func FuzzEdit(f *testing.F) {
	f.Add("sources:\n  a: https://a.example/ # c\n", "b", "https://b.example/", "اسم: # x")
	f.Add("sources:\n  a: {url: https://a.example/}\r\ndedupe: {keep_apart: []}\n", "a", "https://b.example/", "[x]")
	f.Fuzz(func(t *testing.T, text, id, url, name string) {
		for _, edit := range []config.Edit{
			config.AddSource(config.NewSource{ID: id, URL: url, Name: name}), config.SetName(id, name),
			config.SetName("a", name), config.KeepApart(id, name), config.KeepTogether(name, id), config.Hide(name), config.SetCategory("a", "other"),
		} {
			out, err := edit([]byte(text))
			if err != nil {
				continue
			}
			if c, problems := config.Parse("feeds.yaml", out); c == nil {
				t.Fatalf("%q became %q: %v", text, out, problems)
			}
			again, err := edit(out)
			if err != nil && !errors.Is(err, config.ErrExists) {
				t.Fatalf("%q: a second time: %v", out, err)
			}
			if err == nil && string(again) != string(out) {
				t.Fatalf("%q became %q the second time", out, again)
			}
		}
	})
}

func ExampleAddSource() {
	before := "sources:\n  nahr: https://nahr.example/rss   # ours\n\n# The rest is default.\n"
	after, err := config.AddSource(config.NewSource{ID: "furat", URL: "https://furat.example/rss"})([]byte(before))
	fmt.Print(string(after), err)
	// Output:
	// sources:
	//   nahr: https://nahr.example/rss   # ours
	//   furat: https://furat.example/rss
	//
	// # The rest is default.
	// <nil>
}
