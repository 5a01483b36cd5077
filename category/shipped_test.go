package category

import (
	"compress/gzip"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rafid"
	"rafid/arabic"
)

// everything is a taxonomy with a category for each class.
func everything() []rafid.Category {
	var out []rafid.Category
	for _, slug := range []string{"politics", "world", "economy", "sport", "tech", "culture", "health", "society", "religion", "local", "other"} {
		out = append(out, rafid.Category{Slug: slug, Title: "قسم " + slug})
	}
	return out
}

func TestShippedTableIsSound(t *testing.T) {
	t.Parallel()
	known := classes()
	seen := map[string]string{}
	arabicLabels := 0
	for line := range strings.Lines(labelsText) {
		meaning, labels, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		meaning = strings.TrimPrefix(meaning, "word ")
		if _, ok := known[meaning]; !ok && (len(meaning) != 2 || meaning != strings.ToUpper(meaning)) {
			t.Errorf("%q is neither a class nor a country", meaning)
		}
		for label := range strings.SplitSeq(labels, ",") {
			key := arabic.FoldKey(label)
			if key == "" {
				t.Errorf("an empty label under %s", meaning)
			}
			if before := seen[key]; before != "" && before != meaning {
				t.Errorf("%q means both %s and %s", label, before, meaning)
			}
			if seen[key] == "" && strings.ContainsAny(key, "ابتثجحخدذرزسشصضطظعغفقكلمنهوي") {
				arabicLabels++
			}
			seen[key] = meaning
		}
	}
	if arabicLabels < 400 {
		t.Errorf("%d Arabic labels", arabicLabels)
	}
}

func TestShippedTablePlaces(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, country, label, want string
	}{
		{"plain", "", "اقتصاد", "economy"},
		{"with article and tatweel", "", "الريـاضـة", "sport"},
		{"news of", "", "أخبار الصحة", "health"},
		{"English, any case", "", "Technology", "tech"},
		{"the seed's label", "", "سياسة عربية", "politics"},
		{"a country's own news", "DZ", "أخبار الجزائر", "local"},
		{"another country's news", "SA", "أخبار الجزائر", "politics"},
		{"the special part of a path of labels", "", "الرئيسية / منوعات / علوم", "tech"},
		{"a telling word beside another", "", "الاقتصاد المصري", "economy"},
		{"a telling word behind another", "", "صفحة الشؤون الثقافية", "culture"},
		{"two telling words that disagree", "", "الفن والرياضة معا", "other"},
		{"a telling word in a headline", "", "وزير يبحث خطة الصحة مع نظيره", "other"},
		{"sundry", "", "منوعات", "other"},
		{"what could be anything", "", "ملفات خاصة", "other"},
	}
	c, err := New(Options{Categories: everything()})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := c.Classify(rafid.Source{Country: tt.country}, rafid.Story{Labels: []string{tt.label}})
			if v.Categories[0] != tt.want {
				t.Errorf("%q: %v, %s", tt.label, v.Categories, v.Why)
			}
		})
	}
}

func TestSlugsOfOtherTaxonomies(t *testing.T) {
	t.Parallel()
	c, err := New(Options{Categories: []rafid.Category{
		{Slug: "science", Title: "علوم"}, {Slug: "sports", Title: "رياضة"}, {Slug: "money", Title: "مال وأعمال"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	got := c.Classify(rafid.Source{}, rafid.Story{Labels: []string{"تكنولوجيا", "كرة القدم", "بورصة", "مسرح"}})
	want := Verdict{Categories: []string{"science", "sports", "money"}, Unmapped: []string{"مسرح"}, Why: `label "تكنولوجيا" is known → science`, Confidence: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verdict (-want +got):\n%s", diff)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	c, err := New(Options{Categories: append(everything(), rafid.Category{Slug: "cars", Title: "سيارات", From: []string{"عالم السيارات"}})})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, label, known, slug string }{
		{"a letter missing", "اقتصد", "اقتصاد", "economy"},
		{"a letter too many in the operator's own", "عالم السييارات", "عالم السيارات", "cars"},
		{"two letters of a short word", "طقسس", "", ""},
		{"another word", "استطلاع القراء", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if known, slug := c.Nearest(tt.label, ""); known != tt.known || slug != tt.slug {
				t.Errorf("%q, %q; want %q, %q", known, slug, tt.known, tt.slug)
			}
		})
	}
}

func TestOperatorsWordsOutrankTheTable(t *testing.T) {
	t.Parallel()
	c, err := New(Options{
		Categories: append(everything(), rafid.Category{Slug: "cars", Title: "سيارات"}),
		Rules:      []Rule{{Title: "مباراة", Category: "sport"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		s    rafid.Story
		want []string
	}{
		{"a category's title is a label although the table says economy", rafid.Story{Labels: []string{"سيارات"}}, []string{"cars"}},
		{"a rule before a known label, which is added", rafid.Story{Labels: []string{"ثقافة"}, Title: "مباراة شطرنج"}, []string{"sport", "culture"}},
		{"a label before the path", rafid.Story{Labels: []string{"صحة"}, Link: "https://a.example/sport/1"}, []string{"health"}},
		{"the path where there is no label", rafid.Story{Link: "https://a.example/ar/الاقتصاد/2026/1"}, []string{"economy"}},
		{"the path, escaped, with dashes", rafid.Story{Link: "https://a.example/%D8%B4%D8%B1%D9%82-%D8%A3%D9%88%D8%B3%D8%B7/1"}, []string{"politics"}},
		{"the article's own segment is no section", rafid.Story{Link: "https://a.example/news/sport"}, []string{"other"}},
		{"a path of sundries says nothing", rafid.Story{Link: "https://a.example/misc/1"}, []string{"other"}},
		{"no link at all", rafid.Story{Link: "://"}, []string{"other"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, c.Classify(rafid.Source{}, tt.s).Categories); diff != "" {
				t.Errorf("categories (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRealLabels asks that no section named by the saved documents is unknown.
func TestRealLabels(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("RAFID_SHARED")
	if dir == "" {
		dir = "../../shared"
	}
	files, err := filepath.Glob(filepath.Join(dir, "data", "feeds", "*.xml.gz"))
	if err != nil || len(files) == 0 {
		t.Skipf("no saved documents in %s", dir)
	}
	c, err := New(Options{Categories: everything()})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		v := c.Classify(rafid.Source{Country: "DZ"}, rafid.Story{Labels: labelsOf(t, file)})
		if len(v.Unmapped) > 0 {
			t.Errorf("%s: %q", filepath.Base(file), v.Unmapped)
		}
	}
}

// TestSeedArticle places the article that the project began with by the section that its page names.
func TestSeedArticle(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("RAFID_SHARED")
	if dir == "" {
		dir = "../../shared"
	}
	files, err := filepath.Glob(filepath.Join(dir, "data", "seed", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Skipf("no seed in %s", dir)
	}
	page, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	section, rest, _ := strings.Cut(strings.TrimSpace(string(page)), "\n")
	title, text, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	model, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Options{Categories: everything(), Model: model})
	if err != nil {
		t.Fatal(err)
	}
	v := c.Classify(rafid.Source{}, rafid.Story{Title: title, Summary: text, Labels: []string{section}})
	if v.Categories[0] != "politics" {
		t.Errorf("by its label: %+v", v)
	}
	if v := c.Classify(rafid.Source{}, rafid.Story{Title: title, Summary: text}); v.Categories[0] != "politics" && v.Categories[0] != "world" {
		t.Errorf("by its words: %+v", v)
	}
}

// labelsOf reads the distinct categories of a document.
func labelsOf(t *testing.T, file string) (labels []string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	dec := xml.NewDecoder(zip)
	dec.Strict = false
	dec.CharsetReader = func(name string, r io.Reader) (io.Reader, error) {
		if !strings.EqualFold(name, "utf-8") {
			return nil, errors.New("another encoding: its twin in UTF-8 is read too")
		}
		return r, nil
	}
	for {
		token, err := dec.Token()
		if err != nil {
			return labels
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "category" {
			continue
		}
		var label string
		if err := dec.DecodeElement(&label, &start); err == nil && strings.TrimSpace(label) != "" && !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
}
