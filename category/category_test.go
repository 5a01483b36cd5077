package category_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rafid"
	"rafid/category"
)

func sections() []rafid.Category {
	return []rafid.Category{
		{Slug: "politics", Title: "سياسة", From: []string{"سياسة عربية", "شرق أوسط", "العالم العربي"}},
		{Slug: "economy", Title: "اقتصاد", From: []string{"مال وأعمال", "أخبار الركن"}},
		{Slug: "sport", Title: "رياضة", From: []string{"كرة القدم", "أنباء الركن"}},
		{Slug: "other", Title: "منوعات", From: []string{"طقس"}},
	}
}

func classifier(t *testing.T, rules ...category.Rule) *category.Classifier {
	t.Helper()
	c, err := category.New(category.Options{Categories: sections(), Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestClassify(t *testing.T) {
	t.Parallel()
	rules := []category.Rule{
		{Link: "*/sport/*", Category: "sport", Line: 1},
		{Title: "بورصة|أسهم", Category: "economy", Line: 2},
		{Title: "^(صور|فيديو)[.:]", Tag: "media", Line: 3},
		{Title: "حظك اليوم", Drop: true, Line: 4},
		{Link: "*/sport/*", Title: "سوق", Category: "economy", Tag: "market", Line: 5},
	}
	tests := []struct {
		name string
		src  rafid.Source
		s    rafid.Story
		want category.Verdict
	}{
		{
			name: "the source's own category decides, a label adds another",
			src:  rafid.Source{ID: "arena", Category: "sport"},
			s:    rafid.Story{Labels: []string{"مال وأعمال"}},
			want: category.Verdict{Categories: []string{"sport", "economy"}, Why: "source arena → sport", Confidence: 1},
		},
		{
			name: "a label of the outlet",
			s:    rafid.Story{Labels: []string{"سياسة عربية"}},
			want: category.Verdict{Categories: []string{"politics"}, Why: `label "سياسة عربية" → politics`, Confidence: 1},
		},
		{
			name: "a label in another spelling: hamza, teh marbuta, tashkeel, tatweel, colon",
			s:    rafid.Story{Labels: []string{"شــرق اوسط", "إقتصاد:", "رِياضه"}},
			want: category.Verdict{Categories: []string{"politics", "economy", "sport"}, Why: `label "شــرق اوسط" → politics`, Confidence: 1},
		},
		{
			name: "a label with articles and a word for news",
			s:    rafid.Story{Labels: []string{"أخبار الرياضة", "المال والأعمال"}},
			want: category.Verdict{Categories: []string{"sport", "economy"}, Why: `label "أخبار الرياضة" → sport`, Confidence: 1},
		},
		{
			name: "a label that loosely means two categories means none",
			s:    rafid.Story{Labels: []string{"الركن"}},
			want: category.Verdict{Categories: []string{"other"}, Unmapped: []string{"الركن"}, Why: "nothing places it → other"},
		},
		{
			name: "a slug is a label of itself, whatever its case",
			s:    rafid.Story{Labels: []string{"Sport"}},
			want: category.Verdict{Categories: []string{"sport"}, Why: `label "Sport" → sport`, Confidence: 1},
		},
		{
			name: "the most special part of a path of labels",
			s:    rafid.Story{Labels: []string{"أخبار > سياسة > كرة القدم"}},
			want: category.Verdict{Categories: []string{"sport"}, Why: `label "كرة القدم" → sport`, Confidence: 1},
		},
		{
			name: "unknown labels are listed, a rule places the story by its link",
			s:    rafid.Story{Labels: []string{"ملفات", "بيان"}, Link: "https://a.example/sport/1"},
			want: category.Verdict{Categories: []string{"sport"}, Unmapped: []string{"ملفات", "بيان"}, Why: `rule at line 1: link like "*/sport/*" → sport`, Confidence: 1, Rule: 1},
		},
		{
			name: "the first matching rule wins the category, a later one still tags",
			s:    rafid.Story{Link: "https://a.example/sport/2", Title: "سوق الانتقالات يشتعل"},
			want: category.Verdict{Categories: []string{"sport"}, Tags: []string{"market"}, Why: `rule at line 1: link like "*/sport/*" → sport`, Confidence: 1, Rule: 1},
		},
		{
			name: "a pattern meets a title in another spelling",
			s:    rafid.Story{Title: "البُورصه تغلق مرتفعة"},
			want: category.Verdict{Categories: []string{"economy"}, Why: `rule at line 2: title like "بورصة|أسهم" → economy`, Confidence: 1, Rule: 2},
		},
		{
			name: "a tag although the category is settled",
			s:    rafid.Story{Labels: []string{"رياضة"}, Title: "صُوَر: لحظات التتويج"},
			want: category.Verdict{Categories: []string{"sport"}, Tags: []string{"media"}, Why: `label "رياضة" → sport`, Confidence: 1},
		},
		{
			name: "a drop although the category is settled",
			s:    rafid.Story{Labels: []string{"رياضة"}, Title: "حظّك اليوم وتوقعات الأبراج"},
			want: category.Verdict{Categories: []string{"sport"}, Drop: true, Why: `rule at line 4: title like "حظك اليوم" → drop`, Confidence: 1},
		},
		{
			name: "a rule before the source's own category, which then says nothing",
			src:  rafid.Source{ID: "capital", Category: "politics"},
			s:    rafid.Story{Link: "https://a.example/sport/4", Labels: []string{"اقتصاد"}},
			want: category.Verdict{Categories: []string{"sport", "economy"}, Why: `rule at line 1: link like "*/sport/*" → sport`, Confidence: 1, Rule: 1},
		},
		{
			name: "an outlet's sundries are no category, another label is",
			s:    rafid.Story{Labels: []string{"منوعات", "رياضة"}},
			want: category.Verdict{Categories: []string{"sport"}, Why: `label "رياضة" → sport`, Confidence: 1},
		},
		{
			name: "what the operator calls other is other, unless a label says better",
			s:    rafid.Story{Labels: []string{"طقس"}, Link: "https://a.example/economy/5"},
			want: category.Verdict{Categories: []string{"other"}, Why: `label "طقس" → other`, Confidence: 1},
		},
		{
			name: "nothing places it",
			s:    rafid.Story{Title: "خبر بلا قسم", Link: "https://a.example/n/3"},
			want: category.Verdict{Categories: []string{"other"}, Why: "nothing places it → other"},
		},
	}
	c := classifier(t, rules...)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, c.Classify(tt.src, tt.s)); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGlobs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, glob, link string
		want             bool
	}{
		{"anywhere below a folder", "*/sport/*", "https://a.example/ar/sport/x/1", true},
		{"case does not count", "*/Sport/*", "https://a.example/SPORT/1", true},
		{"the whole link is meant", "/sport/", "https://a.example/sport/", false},
		{"one letter", "*/n?", "https://a.example/n7", true},
		{"a dot is a dot", "*a.example*", "https://axexample/", false},
		{"Arabic glob, escaped link", "*/رياضة/*", "https://a.example/%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9/1", true},
		{"a broken escape is read as it stands", "*%zz*", "https://a.example/%zz/1", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := classifier(t, category.Rule{Link: tt.glob, Category: "sport"})
			got := c.Classify(rafid.Source{}, rafid.Story{Link: tt.link}).Categories[0] == "sport"
			if got != tt.want {
				t.Errorf("%q on %q: got %v, want %v", tt.glob, tt.link, got, tt.want)
			}
		})
	}
}

func TestRuleErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		rule category.Rule
		want string
		at   int
	}{
		{"no condition", category.Rule{Tag: "x"}, "rule: needs a link, a title or a condition (when) to match", 0},
		{"no action", category.Rule{Link: "*/a/*", Line: 7}, "rule at line 7: needs a category, a tag or drop", 0},
		{"every link", category.Rule{Link: "**", Drop: true}, "rule, link: matches every story", 0},
		{"every title", category.Rule{Title: ".*", Drop: true}, "rule, title: matches every story", 0},
		{"open bracket after Arabic", category.Rule{Title: "صور|(فيديو", Tag: "x"}, "rule, title: error parsing regexp: missing closing ): `صور|(فيديو`", 4},
		{"nothing to repeat", category.Rule{Title: "صور|*", Tag: "x"}, "rule, title: error parsing regexp: missing argument to repetition operator: `*`", 4},
		{"a condition that ends too soon", category.Rule{When: "title(غزة) and", Tag: "x", Line: 3}, "rule at line 3, when, column 15: it ends where a condition such as words(…) should follow", 14},
		{"a condition on what is not known yet", category.Rule{When: "not category(sport)", Tag: "x"}, "rule, when, column 14: category(…) is not known yet when rules are tried", 13},
		{"an open bracket within a condition", category.Rule{When: `lang(ar) and title(/صور|(فيديو/)`, Tag: "x"}, "rule, when, column 25: title: error parsing regexp: missing closing ): `صور|(فيديو`", 24},
		{"unknown category", category.Rule{Link: "*/a/*", Category: "spurt"}, `rule, category: no category "spurt"`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := category.New(category.Options{Categories: sections(), Rules: []category.Rule{tt.rule}})
			var bad *category.RuleError
			if !errors.As(err, &bad) {
				t.Fatalf("got %v, want a RuleError", err)
			}
			if bad.Error() != tt.want || bad.Offset != tt.at {
				t.Errorf("got %q at %d, want %q at %d", bad, bad.Offset, tt.want, tt.at)
			}
			if errors.Unwrap(bad) == nil {
				t.Error("the cause is lost")
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		categories []rafid.Category
		want       string
	}{
		{"no slug", []rafid.Category{{Title: "سياسة"}}, `category "سياسة" has no slug`},
		{"one slug twice", []rafid.Category{{Slug: "a"}, {Slug: "a"}}, "category a is there twice"},
		{
			"one label twice, in two spellings",
			[]rafid.Category{{Slug: "a", From: []string{"أسواق"}}, {Slug: "b", From: []string{"اسواق"}}},
			`label "اسواق" belongs to both a and b`,
		},
		{
			"two categories that swap names",
			[]rafid.Category{{Slug: "a", Title: "سياسة", From: []string{"عالم"}}, {Slug: "b", Title: "عالم", From: []string{"a"}}},
			"categories a, b claim each other's names in a circle",
		},
		{
			"three categories in a circle",
			[]rafid.Category{{Slug: "a", From: []string{"b"}}, {Slug: "b", From: []string{"c"}}, {Slug: "c", From: []string{"a"}}},
			"categories a, c, b claim each other's names in a circle",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := category.New(category.Options{Categories: tt.categories})
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestEmptyTaxonomy(t *testing.T) {
	t.Parallel()
	c, err := category.New(category.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v := c.Classify(rafid.Source{ID: "a"}, rafid.Story{Title: "خبر", Labels: []string{"سياسة"}, Link: "https://a.example/sport/1"})
	want := category.Verdict{Categories: []string{rafid.Other}, Why: "nothing places it → other", Unmapped: []string{"سياسة"}}
	if diff := cmp.Diff(want, v); diff != "" {
		t.Errorf("verdict (-want +got):\n%s", diff)
	}
}

func TestMatchingTellsAllRules(t *testing.T) {
	t.Parallel()
	c := classifier(t, category.Rule{Link: "*/sport/*", Category: "sport"}, category.Rule{Title: "سوق", Category: "economy"}, category.Rule{When: "words(كأس) or source(arena)", Tag: "cup"})
	s := rafid.Story{Source: "arena", Title: "سوق الانتقالات", Link: "https://a.example/sport/1"}
	if diff := cmp.Diff([]int{0, 1, 2}, c.Matching(s)); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	if v := c.Classify(rafid.Source{}, s); v.Rule != 1 {
		t.Errorf("rule %d won, want 1: %s", v.Rule, v.Why)
	}
}

func FuzzClassify(f *testing.F) {
	f.Add("صور|فيديو", "*/sport/*", "فيديو: هدف", "https://a.example/sport/1", "سياسة > عرب")
	f.Add("[", "?*", "\xff", "%zz", "،")
	f.Fuzz(func(t *testing.T, title, link, shown, address, label string) {
		rule := category.Rule{Title: title, Link: link, Tag: "x", Drop: true, Category: "sport"}
		c, err := category.New(category.Options{Categories: sections(), Rules: []category.Rule{rule}})
		if err != nil {
			var bad *category.RuleError
			if !errors.As(err, &bad) || bad.Offset < 0 || bad.Offset > len(title) {
				t.Fatalf("%v: no place for the mistake", err)
			}
			return
		}
		v := c.Classify(rafid.Source{}, rafid.Story{Title: shown, Link: address, Labels: []string{label}})
		if len(v.Categories) == 0 || v.Why == "" {
			t.Fatalf("no category or no reason: %+v", v)
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	c, err := category.New(category.Options{Categories: sections(), Rules: []category.Rule{
		{Link: "*/sport/*", Category: "sport"},
		{Title: "^(صور|بالصور|فيديو|بالفيديو)[.:]", Tag: "media"},
		{Title: "برجك اليوم|الأبراج", Drop: true},
	}})
	if err != nil {
		b.Fatal(err)
	}
	s := rafid.Story{Title: "اجتماع وزاري يبحث خطة الطاقة للعام المقبل", Link: "https://a.example/news/2026/11/23/1", Labels: []string{"أخبار", "شرق أوسط"}}
	b.ReportAllocs()
	for b.Loop() {
		c.Classify(rafid.Source{ID: "a"}, s)
	}
}

func ExampleClassifier_Classify() {
	c, err := category.New(category.Options{
		Categories: []rafid.Category{{Slug: "politics", Title: "سياسة", From: []string{"سياسة عربية"}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	v := c.Classify(rafid.Source{ID: "a"}, rafid.Story{Labels: []string{"سياسه عربيه", "ملفات"}})
	fmt.Println(v.Categories, v.Unmapped)
	fmt.Println(v.Why)
	// Output:
	// [politics] [ملفات]
	// label "سياسه عربيه" → politics
}
