package arabic

import (
	"fmt"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"only blanks", " \t\n\u00a0", ""},
		{"already clean", "وصل الوفد إلى العاصمة", "وصل الوفد إلى العاصمة"},
		{"marks of direction", "\u200fبيان\u202b جديد\u202c\u2069", "بيان جديد"},
		{"no-break and thin spaces", "بيان\u00a0\u2009جديد", "بيان جديد"},
		{"ends and runs of blanks", "  بيان \n\t جديد ", "بيان جديد"},
		{"byte order mark inside", "بيان\ufeff جديد", "بيان جديد"},
		{"ZWNJ between letters stays", "می\u200cشود", "می\u200cشود"},
		{"ZWNJ at an end goes", "بيان\u200c جديد\u200c", "بيان جديد"},
		{"ZWJ between emoji stays", "👨\u200d👩", "👨\u200d👩"},
		{"ZWJ in a word goes", "بي\u200dان", "بيان"},
		{"presentation forms", "\ufe91\ufef4\ufe8e\ufee5", "بيان"},
		{"word ligature stays", "محمد \ufdfa", "محمد \ufdfa"},
		{"tashkeel and tatweel stay", "بَيــان", "بَيــان"},
		{"bad bytes", "بيان\xff\xfe", "بيان"},
		{"control characters", "بي\x00ا\x1fن", "بيان"},
		{"soft hyphen", "in\u00adside", "inside"},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestTighten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"decoration", "بــيــان عاجـــل", "بيان عاجل"},
		{"the Hijri sign", "عام 1447هـ", "عام 1447هـ"},
		{"a prefix before quotes", `قال لـ"البلاد"`, `قال لـ"البلاد"`},
		{"a long one at the end", "بيانـــــ", "بيانـ"},
		{"a line of its own", "ــــــ", ""},
		{"none", "بيان", "بيان"},
	} {
		if got := Tighten(c.in); got != c.want {
			t.Errorf("%s: Tighten(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		share    float64
		letters  int
	}{
		{"Arabic", "بيان 12", 1, 4},
		{"half", "نص ab", 0.5, 4},
		{"no letter", "12 !", 0, 0},
	} {
		if share, letters := Share(c.in); share != c.share || letters != c.letters {
			t.Errorf("%s: Share(%q) = %v, %v", c.name, c.in, share, letters)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "بيان\u200f جديد", "\ufe91\ufef4", "می\u200cشود", "a\xffb \u00a0", "👨\u200d👩\ufe0f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Clean(s)
		if !utf8.ValidString(once) {
			t.Fatalf("not UTF-8: %q", once)
		}
		if twice := Clean(once); twice != once {
			t.Fatalf("%q, cleaned again %q", once, twice)
		}
		if tight := Tighten(once); Tighten(tight) != tight {
			t.Fatalf("tighten: %q, again %q", tight, Tighten(tight))
		}
	})
}

func ExampleClean() {
	fmt.Println(Clean("  \u200fبيان\u00a0عاجل "))
	// Output: بيان عاجل
}
