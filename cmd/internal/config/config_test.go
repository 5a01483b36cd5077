package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rafid"
	"rafid/category"
	"rafid/cmd/internal/config"
)

func load(t *testing.T, path string) *config.Config {
	t.Helper()
	c, problems := config.Load(path)
	if len(problems) > 0 {
		t.Fatalf("problems:\n%v", problems)
	}
	return c
}

func parse(t *testing.T, text string) *config.Config {
	t.Helper()
	c, problems := config.Parse("feeds.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatalf("problems:\n%v", problems)
	}
	return c
}

func TestWholeFile(t *testing.T) {
	t.Parallel()
	c := load(t, "testdata/whole.yaml")
	beirut, err := time.LoadLocation("Asia/Beirut")
	if err != nil {
		t.Fatal(err)
	}
	schedule := func(s string) config.Schedule {
		parsed, err := config.ParseSchedule(s)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	usual := config.Source{Enabled: true, Fetching: config.Fetching{Every: schedule("15 دقيقة"), Timeout: 30 * time.Second,
		Limit: config.Limit{N: 500, Per: 24 * time.Hour}, FutureDates: "hold", UserAgent: "نهر/1", Proxy: "http://proxy.example:3128"}}
	source := func(line int, s rafid.Source, change func(*config.Source)) config.Source {
		out := usual
		out.Source, out.Line, out.URLs = s, line, []string{s.URL}
		change(&out)
		return out
	}
	want := &config.Config{
		Site:     config.Site{URL: "https://river.example/news", Title: "نهر الأخبار", Months: "levant", Numerals: "arab", Timezone: beirut},
		Defaults: usual.Fetching,
		Categories: []rafid.Category{
			{Slug: "politics", Title: "سياسة", From: []string{"شؤون عربية", "شؤون دولية"}},
			{Slug: "sport", Title: "رياضة"},
			{Slug: "other", Title: "متفرقات"},
			{Slug: "culture", Title: "ثقافة", From: []string{"أدب وفن"}},
		},
		Sources: []config.Source{
			source(32, rafid.Source{ID: "nahr", URL: "https://nahr.example/rss", Name: "nahr", Outlet: "nahr"}, func(*config.Source) {}),
			source(33, rafid.Source{ID: "wadi", URL: "https://wadi.example/feed", Name: "wadi", Outlet: "wadi"}, func(s *config.Source) {
				s.URLs = append(s.URLs, "https://wadi.example/atom.xml")
			}),
			source(37, rafid.Source{ID: "dilta", URL: "https://dilta.example/rss?section=65", Name: "دلتا الأخبار", Outlet: "dilta", Category: "politics", Country: "EG", Content: "headline"}, func(s *config.Source) {
				s.Named, s.Every, s.Timeout, s.Limit = true, schedule("5 */2 * * *"), 5*time.Second, config.Limit{N: 40, Per: time.Hour}
				s.Charset, s.FutureDates = "windows-1256", "drop"
				s.FullText, s.UserAgent, s.Proxy = true, "Dilta reader", "socks5://${PROXY_USER}:${PROXY_KEY}@proxy.example:1080"
				s.Headers = map[string]config.Secret{"X-Client": "rafid ${CLIENT}", "Accept-Language": "ar"}
				s.Auth = config.Auth{User: "reader", Password: "${DILTA_KEY}"}
			}),
			source(55, rafid.Source{ID: "dilta-sport", URL: "https://dilta.example/rss?section=7", Name: "دلتا  الأخبار", Outlet: "dilta", Category: "sport"}, func(s *config.Source) {
				s.Named, s.Enabled, s.URLs = true, false, append(s.URLs, "https://dilta.example/sport")
			}),
			source(60, rafid.Source{ID: "lab", URL: "http://127.0.0.1:8099/rss", Name: "lab", Outlet: "lab"}, func(s *config.Source) {
				s.AllowPrivate, s.Every, s.Proxy = true, schedule("2s"), ""
				s.Auth = config.Auth{Token: "${LAB_TOKEN}"}
			}),
		},
		Rules: []category.Rule{
			{Link: "*/sport/*", Category: "sport", Line: 69},
			{Title: "^(صور|فيديو)[.:]", Tag: "media", Line: 71},
			{Title: "حظك اليوم", Drop: true, Line: 73},
		},
		Dedupe: config.Dedupe{Profile: "strict", Window: 48 * time.Hour, Near: 0.75, Lead: "order", LeadOrder: []string{"dilta", "nahr"},
			KeepApart:    [][2]string{{"s1", "s2"}, {"s3", "g1"}},
			KeepTogether: [][2]string{{"s1", "s4"}}, Hide: []string{"s9"}, Categories: []config.CategoryRule{{Slug: "sport", Profile: "broad", Near: 0.9, Window: 24 * time.Hour}}, Aliases: [][]string{{"داعش", "تنظيم الدولة"}}},
		Outputs: config.Outputs{Formats: []string{"json", "atom"}, Keep: 36 * time.Hour, Max: 100, Content: "headline", Credit: "prefix", Each: []string{"category", "source"}},
		Variables: []config.Variable{
			{Name: "PROXY_USER", Line: 49, Col: 12}, {Name: "PROXY_KEY", Line: 49, Col: 12}, {Name: "CLIENT", Line: 51, Col: 17},
			{Name: "DILTA_KEY", Line: 53, Col: 36}, {Name: "LAB_TOKEN", Line: 66, Col: 14}, {Name: "FLOODS_TOKEN", Line: 120, Col: 14},
		},
	}
	query := rafid.Query{Keep: 36 * time.Hour, Max: 100}
	add := func(name, title string, credited bool, change func(*rafid.Query)) {
		q := query
		change(&q)
		want.Outputs.Channels = append(want.Outputs.Channels, rafid.Channel{Name: name, Title: title, Query: q, Credited: credited})
	}
	add("all", "كل الأخبار", false, func(*rafid.Query) {})
	add("top", "الأهم الآن", false, func(q *rafid.Query) { q.MinSources, q.Within = 2, 6*time.Hour })
	want.Outputs.Channels = append(want.Outputs.Channels,
		rafid.Channel{Name: "floods", Title: "السيول", Formats: []string{"atom"}, Content: "summary", Credit: "none", MaxPerSource: 5, Apart: true, Token: "${FLOODS_TOKEN}",
			Query: rafid.Query{Words: []string{"سيول", "سد الوادي"}, Exclude: []string{"برشلونة"}, Sources: []string{"nahr", "dilta"},
				Categories: []string{"politics"}, Countries: []string{"EG", "SD"}, MinSources: 2, Within: 2 * time.Hour, Age: 48 * time.Hour, Keep: 12 * time.Hour, Max: 50}},
		rafid.Channel{Name: "morning", Title: "morning", Digest: "0 7 * * *", Query: rafid.Query{Categories: []string{"politics", "culture"}, Keep: 36 * time.Hour, Max: 100}},
		rafid.Channel{Name: "sport", Title: "الرياضة كلها", Apart: true, Query: rafid.Query{Category: "sport", Keep: 36 * time.Hour, Max: 100}},
		rafid.Channel{Name: "source-dilta", Title: "دلتا الأخبار", Credited: true, Query: rafid.Query{Source: "dilta", Keep: 36 * time.Hour, Max: 20}})
	for _, cat := range want.Categories {
		if cat.Slug == "sport" {
			continue
		}
		add(cat.Slug, cat.Title, false, func(q *rafid.Query) { q.Category = cat.Slug })
	}
	for _, s := range want.Sources {
		if s.ID == "dilta" {
			continue
		}
		add("source-"+s.ID, s.Name, true, func(q *rafid.Query) { q.Source = s.ID })
	}
	if diff := cmp.Diff(want, c, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
}

func TestTwoLines(t *testing.T) {
	t.Parallel()
	c := parse(t, "sources:\n  nahr: https://nahr.example/rss\n")
	if got := c.Sources[0].Every.String(); got != "10m" {
		t.Errorf("every %s", got)
	}
	var names []string
	for _, ch := range c.Outputs.Channels {
		names = append(names, ch.Name)
	}
	if diff := cmp.Diff([]string{"all", "top", "politics", "world", "economy", "sport", "tech", "culture", "health",
		"society", "religion", "local", "other", "source-nahr"}, names); diff != "" {
		t.Errorf("channels (-want +got):\n%s", diff)
	}
	if _, ok := c.Source("dilta"); ok {
		t.Error("found a source that is not there")
	}
}

func TestNoTaxonomy(t *testing.T) {
	t.Parallel()
	c := parse(t, "categories: {}\nsources:\n  nahr: https://nahr.example/rss\n")
	if len(c.Categories) != 1 || c.Categories[0].Slug != rafid.Other {
		t.Errorf("categories %v, want other alone", c.Categories)
	}
}

func TestTenPlantedMistakes(t *testing.T) {
	t.Parallel()
	c, problems := config.Load("testdata/ten.yaml")
	if c != nil {
		t.Error("a config despite mistakes")
	}
	if diff := cmp.Diff(wanted(t, "testdata/ten.yaml"), places(problems)); diff != "" {
		t.Errorf("problems (-want +got):\n%s\n%v", diff, problems)
	}
}

// TestShippedFile holds the file that everybody starts from to its own rules, and to its size.
func TestShippedFile(t *testing.T) {
	t.Parallel()
	c := load(t, "../../../feeds.yaml")
	countries, enabled := map[string]bool{}, 0
	for _, s := range c.Sources {
		countries[s.Country] = true
		if s.Enabled {
			enabled++
		}
		if !s.Named {
			t.Errorf("source %s has no name for readers", s.ID)
		}
	}
	if enabled < 60 || len(countries) < 15 {
		t.Errorf("%d sources of %d countries", enabled, len(countries))
	}
	rules := category.Options{Categories: c.Categories, Rules: c.Rules}
	if _, err := category.New(rules); err != nil {
		t.Error(err)
	}
}

func TestDocumentedExample(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("RAFID_SHARED")
	if dir == "" {
		dir = "../../../../shared"
	}
	path := filepath.Join(dir, "design", "feeds.example.yaml")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no documented example beside the repository: %v", err)
	}
	load(t, path)
}

// TestBytesThatAreNoFile covers what cannot stand in a file with a comment in it.
func TestBytesThatAreNoFile(t *testing.T) {
	t.Parallel()
	good := "sources:\n  nahr: https://nahr.example/rss\n"
	tests := []struct {
		name, data, want string
	}{
		{"nothing at all", "", "1:1 empty"},
		{"white space", " \n\t\n", "1:1 empty"},
		{"UTF-16, little end first", "\xff\xfes\x00o\x00", "1:1 encoding"},
		{"UTF-16, big end first", "\xfe\xff\x00s\x00o", "1:1 encoding"},
		{"UTF-16 without a mark", "s\x00o\x00u\x00r\x00", "1:1 encoding"},
		{"windows-1256 text", good + "site:\n  title: \xd1\xc7\xdd\xcf\n", "4:10 encoding"},
		{"one NUL", good + "site:\n  title: a\x00b\n", "4:11 control"},
		{"too large", good + strings.Repeat("# comment\n", 250_000), "1:1 size"},
		{"brackets without end", strings.Repeat("[", 1_000_000), "1:33 depth"},
		{"nested lists", strings.Repeat("- ", 500_000), "1:65 depth"},
		{"nested maps", strings.Repeat("{a: ", 300_000), "1:129 depth"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, problems := config.Parse("feeds.yaml", []byte(tt.data))
			if c != nil || len(problems) != 1 || places(problems)[0] != tt.want {
				t.Errorf("got %v, want %s", places(problems), tt.want)
			}
		})
	}
	t.Run("a byte order mark and CR LF do no harm", func(t *testing.T) {
		t.Parallel()
		parse(t, "\ufeff"+strings.ReplaceAll(good, "\n", "\r\n"))
	})
}

func TestLoadWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"testdata/absent.yaml", "testdata"} {
		c, problems := config.Load(path)
		if c != nil || len(problems) != 1 || problems[0].Code != "read" || problems[0].Line != 0 {
			t.Errorf("%s: %v", path, problems)
		}
	}
}

func TestAliasesAreFollowed(t *testing.T) {
	t.Parallel()
	c := parse(t, `
sources:
  nahr: {url: https://nahr.example/rss, every: &often 5m}
  dilta: {url: https://dilta.example/rss, every: *often}
`)
	if got := c.Sources[1].Every.String(); got != "5m" {
		t.Errorf("every %s", got)
	}
}

func TestPrivateSourcesMayBeQuick(t *testing.T) {
	t.Parallel()
	parse(t, "defaults: {every: 2s, allow_private: true}\nsources:\n  lab: http://127.0.0.1:1/rss\n")
}

// TestManyMistakes shows that the report stays readable.
func TestManyMistakes(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("sources:\n")
	for i := range 2000 {
		fmt.Fprintf(&b, "  s%d: nowhere\n", i)
	}
	_, problems := config.Parse("feeds.yaml", []byte(b.String()))
	if len(problems) != 501 || problems[500].What != "and 1500 more problems" {
		t.Errorf("%d problems, the last: %v", len(problems), problems[len(problems)-1])
	}
}

func TestProblemsAsText(t *testing.T) {
	t.Parallel()
	_, problems := config.Parse("feeds.yaml", []byte("sources:\n  nahr: https://nahr.example/rss\nsite:\n  titel: \"\u202eرافد\x1b[31m\u200f\"\n"))
	want := `feeds.yaml:4:3: error: unknown key "titel" in site [unknown-key]
    titel: "<U+202E>رافد<U+001B>[31m<U+200F>"
  = fix: did you mean "title"?
feeds.yaml:4:16: error: control character U+001B [control]
    titel: "<U+202E>رافد<U+001B>[31m<U+200F>"
  = fix: delete it`
	if diff := cmp.Diff(want, problems.Error()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(problems[:1]); err != nil {
		t.Fatal(err)
	}
	const wantJSON = `[{"file":"feeds.yaml","line":4,"col":3,"severity":"error","code":"unknown-key","what":"unknown key \"titel\" in site","quote":`
	if !strings.HasPrefix(out.String(), wantJSON) {
		t.Errorf("JSON %s", out.String())
	}
}

func ExampleParse() {
	_, problems := config.Parse("feeds.yaml", []byte("sources:\n  nahr:\n    url: https://nahr.example/rss\n    evry: 5m\n"))
	fmt.Println(problems)
	// Output:
	// feeds.yaml:4:5: error: unknown key "evry" in source nahr [unknown-key]
	//     evry: 5m
	//   = fix: did you mean "every"?
}
