package category_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rafid"
	"rafid/category"
)

// noon is when the stories of these tests are looked at.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestExprMatches(t *testing.T) {
	t.Parallel()
	s := rafid.Story{
		Source: "nahr-sport", Outlet: "nahr", Link: "https://nahr.example/ar/%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9/2026/7",
		Title: "صور: افتتاح جسر السدرة وسط احتفالٍ بالقدس", Summary: "قال الوزير إن وقف إطلاق النار سيبدأ غداً، وللرئيس كلمة في ماء النهر.",
		Labels: []string{"أخبار > شؤون عربية"}, Lang: "ar-EG", Published: noon.Add(-3 * time.Hour),
		Categories: []string{"politics", "world"}, Tags: []string{"media"},
	}
	tests := []struct {
		name, expr string
		want       bool
	}{
		{"a word of the title", `words(جسر)`, true},
		{"a word of the summary, with tanween in the text", `words("غدا")`, true},
		{"folded both ways", `words("إفتتاح")`, true},
		{"a particle written onto the word", `words("القدس")`, true},
		{"the article swallowed by its particle", `words("الرئيس")`, true},
		{"the bare word behind an article", `words(رئيس)`, true},
		{"part of a word is no word", `words(احتف)`, false},
		{"a short word stands alone", `words(ما)`, true},
		{"no particle before a short word", `words(ون)`, false},
		{"a phrase", `words("وقف إطلاق النار")`, true},
		{"the words of a phrase apart", `words("وقف النار")`, false},
		{"one of several", `words(غائب, جسر)`, true},
		{"several with an Arabic comma", `words(غائب، جسر)`, true},
		{"Arabic quotation marks", `words(«جسر السدرة»)`, true},
		{"the title alone", `title(وقف)`, false},
		{"the summary alone", `summary(وقف)`, true},
		{"a regular expression in the title", `title(/^(صور|فيديو)[.:]/)`, true},
		{"a regular expression meets another spelling", `title(/إحتفال/)`, true},
		{"a regular expression in both", `words(/ا?لوزير/)`, true},
		{"a slash within a regular expression", `link(/ar\/.*\/2026/)`, true},
		{"a glob over the readable link", `link("*/رياضة/*")`, true},
		{"a glob over the whole link", `link("رياضة")`, false},
		{"a label in its parts", `label("الشؤون العربية")`, true},
		{"a label by expression", `label(/عربي/)`, true},
		{"another label", `label(رياضة)`, false},
		{"its source", `source(nahr-sport)`, true},
		{"the outlet of its source", `source(bbc, nahr)`, true},
		{"another source", `source(sport)`, false},
		{"a language with its country", `lang(ar)`, true},
		{"another language", `lang(en)`, false},
		{"older than two hours", `older(2h)`, true},
		{"not older than a week", `older(1w)`, false},
		{"newer than a day", `newer(1d)`, true},
		{"not newer than 90 minutes", `newer(90m)`, false},
		{"a category that is not the first", `category(world)`, true},
		{"a tag", `tag(media)`, true},
		{"and", `words(جسر) and source(bbc)`, false},
		{"or", `words(جسر) or source(bbc)`, true},
		{"not binds closest", `not words(غائب) and words(جسر)`, true},
		{"and binds closer than or", `words(جسر) or words(جسر) and source(bbc)`, true},
		{"parentheses", `(words(جسر) or words(جسر)) and source(bbc)`, false},
		{"not twice", `not not words(جسر)`, true},
		{"keywords in any case", `NOT source(bbc) And words(جسر)`, true},
		{"marks of direction do not matter", "\u200fwords(جسر)\u200f", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, err := category.Compile(tt.expr)
			if err != nil {
				t.Fatal(err)
			}
			if got := e.Match(&s, noon); got != tt.want {
				t.Errorf("%s: %v, want %v", tt.expr, got, tt.want)
			}
			again, err := category.Compile(e.String())
			if err != nil {
				t.Fatalf("%s printed as %s: %v", tt.expr, e, err)
			}
			if again.Match(&s, noon) != tt.want || again.String() != e.String() {
				t.Errorf("%s printed as %s, then as %s", tt.expr, e, again)
			}
		})
	}
}

func TestExprAtNoTime(t *testing.T) {
	t.Parallel()
	e, err := category.Compile("newer(1m) and not older(1m)")
	if err != nil {
		t.Fatal(err)
	}
	if !e.Match(&rafid.Story{Published: noon}, time.Time{}) || !e.Match(&rafid.Story{}, noon) {
		t.Error("a story of unknown age is not new")
	}
}

func TestExprErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, expr, want string }{
		{"nothing", "  ", "column 3: it ends where a condition such as words(…) should follow"},
		{"a misspelt name", "titel(جسر)", `column 1: there is no condition "titel"; did you mean title(…)?`},
		{"a strange name", "lang(ar) or colour(red)", `column 13: there is no condition "colour"; there are words, title, summary, link, label, source, lang, older, newer, category, tag`},
		{"no argument", "words", "column 6: it ends where words's argument in parentheses should follow"},
		{"empty parentheses", "words()", `column 7: found ")" where words in quotes or a /regular expression/ should stand`},
		{"no parenthesis", "words جسر", `column 7: found "جسر" where words's argument in parentheses should stand`},
		{"an open parenthesis", "(words(جسر) or lang(ar)", "column 1: no ) closes this"},
		{"an open list", "words(جسر", "column 6: no ) closes this"},
		{"a parenthesis too many", "lang(ar))", `column 9: found ")" where and, or, or the end should stand`},
		{"an open quote", `words("جسر)`, `column 7: no " closes this`},
		{"an open expression", `title(/جسر)`, `column 7: no / closes this`},
		{"two conditions with nothing between", "lang(ar) words(جسر)", `column 10: found "words" where and, or, or the end should stand`},
		{"an operator that is none", "lang(ar) && words(جسر)", `column 10: found "&" where and, or, or the end should stand`},
		{"a comma that leads nowhere", "words(جسر,)", `column 11: found ")" where words in quotes or a /regular expression/ should stand`},
		{"two words without quotes", "words(وقف إطلاق)", `column 11: found "إطلاق" where a comma or ) should stand`},
		{"no letters", `words("!؟")`, "column 7: words: has no letters"},
		{"a label without letters", `label("-")`, "column 7: label: has no letters"},
		{"an empty id", `source("")`, "column 8: source: is empty"},
		{"an expression for an id", `source(/bbc/)`, "column 8: source: takes no regular expression"},
		{"a glob of everything", `link("**")`, "column 6: link: matches every story"},
		{"an expression of everything", `title(/.*/)`, "column 7: title: matches every story"},
		{"a broken expression of a link", `link(/a|(b/)`, "column 9: link: error parsing regexp: missing closing ): `a|(b`"},
		{"a broken expression of a label", `label(/[/)`, "column 8: label: error parsing regexp: missing closing ]: `[`"},
		{"a duration without unit", "older(48)", `column 7: older: "48" is not a duration such as 30m, 48h, 7d or 2w`},
		{"a duration of nothing", "older(0h)", `column 7: older: "0h" is not a duration such as 30m, 48h, 7d or 2w`},
		{"a duration beyond memory", "newer(9999999w)", `column 7: newer: "9999999w" is not a duration such as 30m, 48h, 7d or 2w`},
		{"a keyword where a condition should be", "lang(ar) and or lang(en)", `column 14: found "or" where a condition such as words(…) should stand`},
		{"an expression where a condition should be", "/جسر/", `column 1: found /جسر/ where a condition such as words(…) should stand`},
		{"nested too deep", strings.Repeat("(", 100), "column 65: nested deeper than 64"},
		{"too long", strings.Repeat("x", 9000), "column 1: longer than 8192 bytes"},
		{"no UTF-8", "words(\xff)", "column 1: not valid UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := category.Compile(tt.expr)
			var bad *category.SyntaxError
			if !errors.As(err, &bad) || err.Error() != tt.want {
				t.Fatalf("got %v, want %s", err, tt.want)
			}
			if errors.Unwrap(bad) == nil {
				t.Error("the cause is lost")
			}
		})
	}
}

func TestExprReferences(t *testing.T) {
	t.Parallel()
	e, err := category.Compile(`source(bbc, "dw") and not (category(sport) or tag(media)) and lang(ar)`)
	if err != nil {
		t.Fatal(err)
	}
	want := []category.Reference{{Kind: "source", Name: "bbc", Offset: 7}, {Kind: "source", Name: "dw", Offset: 12},
		{Kind: "category", Name: "sport", Offset: 36}, {Kind: "tag", Name: "media", Offset: 50}}
	if diff := cmp.Diff(want, e.References()); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
}

func FuzzExpr(f *testing.F) {
	f.Add(`words("غزة", 'وقف \' النار') and not source(bbc)`, "غزة", "https://a.example/")
	f.Add(`link("*/x/*") or title(/^(a|b)[.:]\//) and (newer(2d) or older(1w))`, "a.", "%zz")
	f.Add("((", "", "")
	f.Add("label(«أ\\») , tag(x)", "", "")
	f.Fuzz(func(t *testing.T, expr, title, link string) {
		e, err := category.Compile(expr)
		if err != nil {
			var bad *category.SyntaxError
			if !errors.As(err, &bad) || bad.Offset < 0 || bad.Offset > len([]rune(expr))+1 {
				t.Fatalf("%q: %v has no place in it", expr, err)
			}
			return
		}
		s := rafid.Story{Title: title, Summary: link, Link: link, Labels: []string{title}, Published: noon.Add(-time.Hour)}
		again, err := category.Compile(e.String())
		if len(e.String()) > 8<<10 {
			return
		}
		if err != nil || again.String() != e.String() || again.Match(&s, noon) != e.Match(&s, noon) {
			t.Fatalf("%q is printed as %q, then as %v, %v", expr, e, again, err)
		}
	})
}

func BenchmarkExpr(b *testing.B) {
	e, err := category.Compile(`words("الطاقة الشمسية", "وقف إطلاق النار") and not source(bbc) or title(/^(صور|فيديو)[.:]/)`)
	if err != nil {
		b.Fatal(err)
	}
	s := rafid.Story{Source: "a", Title: benchTitle, Summary: benchSummary}
	b.ReportAllocs()
	for b.Loop() {
		e.Match(&s, noon)
	}
}

func ExampleCompile() {
	e, err := category.Compile(`words("غزة") and not source(bbc)`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range []rafid.Story{
		{Source: "nahr", Title: "قافلة مساعدات تصل إلى غزّة"},
		{Source: "nahr", Title: "مهرجان في غزالة"},
		{Source: "bbc", Title: "وغزة تستقبل القافلة"},
	} {
		fmt.Println(s.Source, e.Match(&s, time.Time{}))
	}
	_, err = category.Compile(`words("غزة") und source(bbc)`)
	fmt.Println(err)
	// Output:
	// nahr true
	// nahr false
	// bbc false
	// column 14: found "und" where and, or, or the end should stand
}
