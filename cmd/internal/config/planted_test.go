package config_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rafid/cmd/internal/config"
)

// slip is a mistake that can be planted into any source of a file: what it makes of the source's lines,
// which of them the report must point at (from the id's line), in which column, with which code.
type slip struct {
	code      string
	line, col int
	plant     func(lines []string) []string
}

// exchange replaces one line of a source.
func exchange(line int, with string) func([]string) []string {
	return func(lines []string) []string {
		lines[line] = with
		return lines
	}
}

// The lines of a planted source: 0 id, 1 url, 2 every, 3 category, 4 limit, 5 country, 6 name.
func slips() []slip {
	return []slip{
		{"url", 1, 10, exchange(1, "    url: wadi.example/rss")},
		{"url", 1, 10, exchange(1, "    url: ftp://wadi.example/rss")},
		{"url", 1, 10, exchange(1, "    url: “https://wadi.example/rss”")},
		{"hash", 1, 10, exchange(1, "    url: https://wadi.example/rss #all")},
		{"invisible", 1, 10, exchange(1, "    url: https://wadi.example/r\u200fss")},
		{"no-url", 0, 3, func(l []string) []string { return append(l[:1], l[2:]...) }},
		{"tab", 2, 1, exchange(2, "\tevery: 15m")},
		{"tab", 1, 5, exchange(1, "    \turl: https://tabbed.example/rss")},
		{"quote", 2, 12, exchange(2, "    every: */15 * * * *")},
		{"quote", 2, 12, exchange(2, "    every: @hourly")},
		{"range", 2, 12, exchange(2, "    every: 0m")},
		{"duration", 2, 12, exchange(2, "    every: 15")},
		{"digits", 2, 12, exchange(2, "    every: ١٥m")},
		{"never-fires", 2, 12, exchange(2, `    every: "0 0 31 4 *"`)},
		{"cron", 2, 12, exchange(2, "    every: TZ=Africa/Cairo")},
		{"unknown-key", 2, 5, exchange(2, "    evrey: 15m")},
		{"space", 2, 5, exchange(2, "    every:15m")},
		{"no-colon", 2, 5, exchange(2, "    every 15m")},
		{"indent", 2, 4, exchange(2, "   every: 15m")},
		{"indent", 2, 7, exchange(2, "      every: 15m")},
		{"category", 3, 15, exchange(3, "    category: سياسه")},
		{"category", 3, 15, exchange(3, "    category: poltics")},
		{"alias", 3, 15, exchange(3, "    category: *usual")},
		{"limit", 4, 12, exchange(4, "    limit: 200")},
		{"limit", 4, 12, exchange(4, "    limit: 200 per day")},
		{"duplicate-key", 4, 5, exchange(4, "    every: 20m")},
		{"country", 5, 14, exchange(5, "    country: eg")},
		{"type", 5, 14, exchange(5, "    country: [EG]")},
		{"no-value", 5, 13, exchange(5, "    country:")},
		{"unclosed", 6, 11, exchange(6, `    name: "صحيفة الوادي`)},
		{"unclosed", 6, 11, exchange(6, `    name: 'صحيفة الوادي`)},
		{"quote", 6, 11, exchange(6, `    name: "الوادي" اليوم`)},
		{"colon", 6, 11, exchange(6, "    name: الوادي: صحيفة")},
		{"escape", 6, 14, exchange(6, `    name: "ال\وادي"`)},
		{"control", 6, 13, exchange(6, "    name: ال\x01وادي")},
		{"encoding", 6, 12, exchange(6, "    name: ا\xffلوادي")},
		{"id", 0, 3, exchange(0, "  الوادي:")},
		{"id", 0, 3, exchange(0, "  Wadi.2:")},
		{"unclosed", 1, 10, exchange(1, "    url: [https://wadi.example/rss, https://wadi.example/b")},
		{"bool", 5, 14, exchange(5, "    enabled: نعم")},
		{"charset", 5, 14, exchange(5, "    charset: windows-1265")},
		{"tag", 5, 14, exchange(5, "    country: !!str EG")},
		{"merge", 5, 5, exchange(5, "    <<: {country: EG}")},
	}
}

// plantFile writes a file of 40 sources in which the given slips are made, each in another source, and
// says what must be reported.
func plantFile(chosen []slip, r *rand.Rand) (text string, want []string) {
	const sources = 40
	at := r.Perm(sources)[:len(chosen)]
	lines := []string{"categories:", "  politics: سياسة", "sources:"}
	for i := range sources {
		block := []string{
			fmt.Sprintf("  s%d:", i), fmt.Sprintf("    url: https://s%d.example/rss", i), "    every: 15m",
			"    category: politics", "    limit: 200/day", "    country: EG", fmt.Sprintf("    name: صحيفة %d", i),
		}
		for j, source := range at {
			if source != i {
				continue
			}
			block = chosen[j].plant(block)
			// Two slips with the same address must not make a third.
			for k := range block {
				block[k] = strings.ReplaceAll(block[k], "wadi.example", fmt.Sprintf("w%d.example", i))
			}
			want = append(want, fmt.Sprintf("%d:%d %s", len(lines)+1+chosen[j].line, chosen[j].col, chosen[j].code))
		}
		lines = append(lines, block...)
	}
	lines = append(lines, "rules:", `  - link: "*/sport/*"`, "    tag: sport", "")
	return strings.Join(lines, "\n"), want
}

// TestEachSlipAlone plants one slip a file.
func TestEachSlipAlone(t *testing.T) {
	t.Parallel()
	for i, s := range slips() {
		text, want := plantFile([]slip{s}, rand.New(rand.NewPCG(7, uint64(i))))
		_, problems := config.Parse("feeds.yaml", []byte(text))
		if diff := cmp.Diff(want, places(problems)); diff != "" {
			t.Errorf("slip %d (-want +got):\n%s\n%v", i, diff, problems)
		}
	}
}

// TestManySlipsTogether shows that mistakes neither hide nor breed one another: so many planted, so many
// reported, each in its place.
func TestManySlipsTogether(t *testing.T) {
	t.Parallel()
	all := slips()
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 11))
		var chosen []slip
		for _, i := range r.Perm(len(all))[:10] {
			chosen = append(chosen, all[i])
		}
		text, want := plantFile(chosen, r)
		_, problems := config.Parse("feeds.yaml", []byte(text))
		if diff := cmp.Diff(want, places(problems)); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s\n%v", seed, diff, problems)
		}
	}
}

// TestColumnsOfMovedLines shows that a line moved to make sense of it is still quoted in its own columns.
func TestColumnsOfMovedLines(t *testing.T) {
	t.Parallel()
	_, problems := config.Parse("feeds.yaml", []byte(`sources:
  nahr:
	url: nahr.example/rss
 categories:
   sport:
     titel: رياضة
rules:
  - title: صور
    tag: a
    - title: (صور
      tag: b
`))
	want := []string{"3:1 tab", "3:7 url", "4:2 indent", "6:6 unknown-key", "10:5 indent", "10:14 regexp"}
	if diff := cmp.Diff(want, places(problems)); diff != "" {
		t.Errorf("problems (-want +got):\n%s\n%v", diff, problems)
	}
}

// TestValuesOverSeveralLines shows that what is open on purpose is not taken for a slip when another
// mistake makes us look for slips.
func TestValuesOverSeveralLines(t *testing.T) {
	t.Parallel()
	_, problems := config.Parse("feeds.yaml", []byte(`site:
  title: "رافد
    الأخبار"   # two lines
categories:
  sport:
    title: رياضة
    from: [ملاعب,
      # the game
      "كرة القدم",
      تنس]
  culture: {title: ثقافة,
    from: [فن]}
sources:
  nahr:
    url: https://nahr.example/rss
    name:'نهر'
    every: */10 * * * *
`))
	if diff := cmp.Diff([]string{"16:5 space", "17:12 quote"}, places(problems)); diff != "" {
		t.Errorf("problems (-want +got):\n%s\n%v", diff, problems)
	}
}
