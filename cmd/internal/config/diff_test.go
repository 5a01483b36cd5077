package config_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rafid/cmd/internal/config"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile("testdata/whole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		old, new string // one exchange in the whole file; empty: none
		want     []string
	}{
		{"nothing changed", "", "", nil},
		{"a comment moved every line", "# Everything", "# One\n# Everything", nil},
		{"a source comes", "sources:\n", "sources:\n  furat: https://furat.example/rss\n", []string{"+ source furat"}},
		{"a source goes", "  nahr: https://nahr.example/rss\n", "", []string{"- source nahr", "~ dedupe: lead dilta nahr → dilta", "~ channel floods: sources nahr, dilta → dilta"}},
		{"an interval", "every: 2s", "every: 5s", []string{"~ source lab: every 2s → 5s"}},
		{"a default reaches who has nothing else", "limit: 500/day", "limit: 7/30m", []string{
			"~ source nahr: limit 500/day → 7/30m", "~ source wadi: limit 500/day → 7/30m",
			"~ source dilta-sport: limit 500/day → 7/30m", "~ source lab: limit 500/day → 7/30m",
		}},
		{"an address and a switch", "    enabled: false\n", "    allow_private: true\n", []string{
			"~ source dilta-sport: enabled false → true", "~ source dilta-sport: allow_private false → true",
		}},
		{"a country goes", "    country: EG\n", "", []string{"~ source dilta: country EG → (none)"}},
		{"a category comes", "  sport: رياضة\n", "  sport: رياضة\n  health: صحة\n", []string{"+ category health"}},
		{"a category goes", "  culture:\n    title: ثقافة\n    from: أدب وفن\n", "", []string{"- category culture", "~ channel morning: categories politics, culture → politics"}},
		{"a title and labels", "    title: ثقافة\n    from: أدب وفن\n", "    title: الثقافة والفن\n", []string{
			"~ category culture: title ثقافة → الثقافة والفن", "~ category culture: 1 labels → 0",
		}},
		{"rules", "  - drop: true\n    title: حظك اليوم\n", "", []string{"~ rules: 3 → 2"}},
		{"channels", "each: [category, source]", "each: [category]", []string{
			"~ outputs: feeds all, top, floods, morning, each category, each source → all, top, floods, morning, each category, source-dilta",
		}},
		{"what a channel selects", "[سيول, سد الوادي]", "[سيول]", []string{"~ channel floods: words سيول, سد الوادي → سيول"}},
		{"how it looks", "scope: source\n      token: ${FLOODS_TOKEN}", "scope: all", []string{"~ channel floods: scope source → all", "~ channel floods: token changed"}},
		{"a digest", "0 7 * * *", "0 8 * * *", []string{"~ channel morning: digest 0 7 * * * → 0 8 * * *"}},
		{"a channel of its own keep stays", "keep: يوم ونصف", "keep: 2d", []string{"~ outputs: keep 36h → 48h"}},
		{"its own max goes", "{max: 20}", "{content: full}", []string{"~ channel source-dilta: max 20 → 100", "~ channel source-dilta: content (none) → full"}},
		{"the title and the span of top", "      title: الأهم الآن\n      within: 6h", "      title: الأهم", []string{"~ channel top: title الأهم الآن → الأهم", "~ channel top: within 6h → (none)"}},
		{"a week is a limit too", "limit: 40/hour", "limit: 40/week", []string{"~ source dilta: limit 40/hour → 40/week"}},
		{"a profile", "profile: strict", "profile: broad", []string{"~ dedupe: profile strict → broad"}},
		{"a decision", "[[s1, s4]]", "[[s1, s4], [s5, s6]]", []string{"~ dedupe: keep_together [[s1 s4]] → [[s1 s4] [s5 s6]]"}},
		{"what is hidden", "  hide: [s9]\n", "", []string{"~ dedupe: hide [s9] → []"}},
		{"an alias", "[داعش, تنظيم الدولة]", "[داعش, التنظيم]", []string{"~ dedupe: aliases [[داعش تنظيم الدولة]] → [[داعش التنظيم]]"}},
		{"a secret changes, and is not told", "${DILTA_KEY}", "${DILTA_KEY_2}", []string{"~ source dilta: auth changed"}},
		{"a header and a proxy", "      accept-language: ar\n", "      accept: text/xml\n", []string{"~ source dilta: headers changed"}},
		{"a proxy for all", "proxy: http://proxy.example:3128", "proxy: http://other.example:3128", []string{
			"~ source nahr: proxy changed", "~ source wadi: proxy changed", "~ source dilta-sport: proxy changed",
		}},
		{"a rhythm of its own", "every: 2s", "every: auto", []string{"~ source lab: every 2s → auto"}},
		{"pages too", "    fulltext: true\n", "", []string{"~ source dilta: fulltext true → false"}},
		{"polled only", "    fulltext: true\n", "    fulltext: true\n    websub: false\n", []string{"~ source dilta: websub true → false"}},
		{"the site", "months: levant", "months: egypt", []string{"~ site: months levant → egypt"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := string(whole)
			if tt.old != "" && strings.Count(text, tt.old) != 1 {
				t.Fatalf("%q is there %d times", tt.old, strings.Count(text, tt.old))
			}
			before, after := text, strings.Replace(text, tt.old, tt.new, 1)
			if tt.name == "a source goes" {
				after = strings.NewReplacer("lead: [dilta, nahr]", "lead: [dilta]", "sources: [nahr, dilta]", "sources: dilta").Replace(after)
			}
			if tt.name == "a category goes" {
				after = strings.Replace(after, "[politics, culture]", "politics", 1)
			}
			got := parse(t, after).Diff(parse(t, before))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("difference (-want +got):\n%s", diff)
			}
		})
	}
}

// manySources is a file of n sources in the long form.
func manySources(n int) []byte {
	var b strings.Builder
	b.WriteString("categories:\n  politics: سياسة\nsources:\n")
	for i := range n {
		fmt.Fprintf(&b, "  s%d:\n    url: https://s%d.example/rss?section=%d\n    every: 15m\n    category: politics\n    country: EG\n    limit: 200/day\n    name: صحيفة رقم %d\n", i, i, i, i)
	}
	return []byte(b.String())
}

func TestFiveHundredSourcesAreQuick(t *testing.T) {
	t.Parallel()
	start := time.Now()
	parse(t, string(manySources(500)))
	// The aim is 100 ms; ten times that tells a slow machine from a slow algorithm.
	if took := time.Since(start); took > time.Second {
		t.Errorf("500 sources took %v", took)
	}
}

func BenchmarkParse500(b *testing.B) {
	data := manySources(500)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if c, problems := config.Parse("feeds.yaml", data); c == nil {
			b.Fatal(problems)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, path := range []string{"testdata/whole.yaml", "testdata/ten.yaml", "testdata/alias-bomb.bad.yaml", "testdata/unclosed-quote.bad.yaml"} {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("rules:\n- title: \"\\xZZ\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		c, problems := config.Parse("feeds.yaml", data)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%d bytes took %v", len(data), took)
		}
		if (c == nil) != problems.Errors() {
			t.Errorf("config %v beside errors %v", c != nil, problems.Errors())
		}
		lines := strings.Count(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data)), "\n") + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines || p.Col < 1 || p.What == "" || p.Fix == "" {
				t.Errorf("misplaced: %+v", p)
			}
		}
	})
}
