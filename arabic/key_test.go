package arabic

import (
	"fmt"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestKeyUnites(t *testing.T) {
	t.Parallel()
	groups := []struct {
		name  string
		words []string
	}{
		{"article, preposition and conjunction", []string{"مدينة", "المدينة", "والمدينة", "بالمدينة", "للمدينة"}},
		{"house spelling of a country", []string{"أمريكا", "أميركا", "امريكا"}},
		{"house spelling of a name", []string{"نتنياهو", "نتانياهو"}},
		{"country and its adjective", []string{"روسيا", "روسي", "الروسية"}},
		{"an article inside the name", []string{"ألمانيا", "الألمانية", "ألماني"}},
		{"carriers of hamza", []string{"مسؤول", "مسئول"}},
		{"consonants by the alias table", []string{"الإنجليزي", "الإنكليزي"}},
		{"number word and digits", []string{"خمسة", "5", "٥"}},
		{"months of three systems", []string{"ديسمبر", "دجنبر"}},
		{"plural of the feminine", []string{"طائرة", "طائرات"}},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			want := Key(g.words[0])
			if want == "" {
				t.Fatalf("Key(%q) is empty", g.words[0])
			}
			for _, w := range g.words[1:] {
				if got := Key(w); got != want {
					t.Errorf("Key(%q) = %q, Key(%q) = %q: want equal", w, got, g.words[0], want)
				}
			}
		})
	}
}

func TestKeyParts(t *testing.T) {
	t.Parallel()
	for _, p := range [][2]string{{"مصر", "قطر"}, {"ارتفاع", "انخفاض"}, {"قتل", "قبل"}, {"5", "15"}} {
		if Key(p[0]) == Key(p[1]) {
			t.Errorf("Key(%q) = Key(%q) = %q: want them apart", p[0], p[1], Key(p[0]))
		}
	}
}

func TestStopWords(t *testing.T) {
	t.Parallel()
	for _, w := range []string{"", "في", "وقال", "أعلنت", "الثلاثاء", "،", "و", "عاجل"} {
		if k := Key(w); k != "" {
			t.Errorf("Key(%q) = %q, want none: it tells nothing", w, k)
		}
	}
	for _, w := range []string{"لن", "ليس", "زلزال"} {
		if Key(w) == "" {
			t.Errorf("Key(%q) is empty: it decides what happened", w)
		}
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []string // surface=key
	}{
		{"stop words out, surface kept", "وصل المسافرون إلى المطار", []string{"وصل=وصل", "المسافرون=مسفر", "المطار=مطر"}},
		{"a number of several words", "ثلاثة وعشرين مسافرا", []string{"ثلاثة وعشرين=23", "مسافرا=مسفر"}},
		{"half a name takes the other half", "عبد الرحمن", []string{"عبد الرحمن=عبدرحمن"}},
		{"a month of two words", "كانون الأول", []string{"كانون الأول=" + Key("ديسمبر")}},
		{"a name of two words", "الولايات المتحدة", []string{"الولايات المتحدة=امرك"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, term := range Terms(tt.in) {
				got = append(got, term.Surface+"="+term.Key)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Terms(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestLexiconAdditions(t *testing.T) {
	t.Parallel()
	l := NewLexicon([]string{"الرافد", "رافدكم", "نهر الرافد"}, nil, []string{"في", "من"}, []string{"قمر", "ثلاث كلمات هنا"})
	want := l.Key("الرافد")
	if got := l.Key("رافدكم"); got != want {
		t.Errorf("an added name has key %q, want %q", got, want)
	}
	if got := l.Terms("نهر الرافد"); len(got) != 1 || got[0].Key != want {
		t.Errorf("an added name of two words gives %v, want one term with key %q", got, want)
	}
	if Key("رافدكم") == want {
		t.Error("the shipped lexicon learned an addition")
	}
}

func TestStem(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"other scripts stay", "reuters", "reuters"},
		{"short words keep their first letter", "بيت", "بيت"},
		{"a long word loses a preposition", "بمستشفي", "مستشف"},
		{"no prefix of verbs is cut", "يونس", "يونس"},
		{"two letters remain", "ها", "ها"},
	}
	for _, tt := range tests {
		if got := Stem(tt.in); got != tt.want {
			t.Errorf("%s: Stem(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func FuzzTerms(f *testing.F) {
	for _, s := range []string{"قتل ثلاثة وعشرين في 12,5", "عبد", "عبد \xff", "و ال ب", "#وسم_طويل"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		words, terms := NewLexicon().Read(s)
		if len(terms) > len(words) {
			t.Fatalf("%d terms of %d words", len(terms), len(words))
		}
		for _, term := range terms {
			if term.Key == "" || !utf8.ValidString(term.Key) {
				t.Fatalf("Terms(%q): key %q of %q", s, term.Key, term.Surface)
			}
		}
		if k := Key(s); Fold(k) != k {
			t.Fatalf("Key(%q) = %q is not folded", s, k)
		}
	})
}

func ExampleFold() {
	fmt.Println(Fold("الأُسْـرة في ٢٠٢٦"))
	// Output: الاسره في 2026
}

func ExampleKey() {
	fmt.Println(Key("أمريكا") == Key("الأميركية"), Key("في") == "")
	// Output: true true
}

func ExampleTerms() {
	for _, t := range Terms("إنقاذ خمسة وعشرين بحارا") {
		fmt.Println(t.Surface, t.Number)
	}
	// Output:
	// إنقاذ false
	// خمسة وعشرين true
	// بحارا false
}

func ExampleNumber() {
	v, n := Number(Words("مئتي ألف نازح"))
	fmt.Println(v, n)
	// Output: 200000 2
}

func ExampleNewLexicon() {
	l := NewLexicon([]string{"الجزيرة الكبرى", "ج.ك"}, []string{"النيل", "نهرنا"})
	fmt.Println(l.Key("نهرنا") == l.Key("النيل"))
	// Output: true
}

// A letter at the front is cut off only where a word remains that news is written with, and never where the
// word takes an article with it.
func TestKeyKeepsRadicals(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, one, other string }{
		{"an adjective with its article", "بريطاني", "البريطانية"},
		{"a people with and without", "فلسطيني", "الفلسطينيين"},
		{"an office", "وزير", "الوزير"},
		{"a town behind a preposition", "بدمشق", "دمشق"},
		{"a name behind a preposition", "لترمب", "ترامب"},
		{"two letters before a town", "وببرشلونة", "برشلونة"},
		{"the future", "سيجتمع", "يجتمع"},
	}
	for _, tt := range tests {
		if a, b := Key(tt.one), Key(tt.other); a != b || a == "" {
			t.Errorf("%s: %s is %q and %s is %q, want one key", tt.name, tt.one, a, tt.other, b)
		}
	}
}

// What is packed is found again; words that cutting never asks for are not telling.
func TestTelling(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, word string
		want       bool
	}{
		{"a plain word", "مدينة", true},
		{"behind an article, with a letter that could be a preposition", "البرلمان", true},
		{"behind an article, with another", "المدينة", false},
		{"an article alone", "ال", false},
		{"another script", "London", false},
		{"nothing", "", false},
	}
	for _, tt := range tests {
		if got := Telling(tt.word); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if a, b := PackWords([]string{"ب", "ا", "ب"}), PackWords([]string{"ا", "ب"}); len(a) != 8 || string(a) != string(b) {
		t.Errorf("packed %d and %d bytes, want each word once and in one order", len(a), len(b))
	}
}
