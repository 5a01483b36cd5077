package arabic

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestFold(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"plain words stay", "وصل القطار", "وصل القطار"},
		{"tashkeel and tatweel go", "مُـحَمَّـد", "محمد"},
		{"alef variants", "أحمد إلى آخر ٱلنهار", "احمد الي اخر النهار"},
		{"alef maqsura and teh marbuta", "مستشفى مدينة", "مستشفي مدينه"},
		{"hamza carriers stay", "مسؤول هيئة شيء", "مسؤول هيئه شيء"},
		{"decomposed hamza composes", "مسو\u0654ول", "مسؤول"},
		{"Persian letters", "کیف گ پاريس", "كيف ك باريس"},
		{"Maghrebi letters", "ڨفصة ڭ ڢاس", "قفصه ك فاس"},
		{"Arabic digits", "٢٠٢٦ و ۱۴۰۵", "2026 و 1405"},
		{"thousands in every style", "44,800 ٤٤٬٨٠٠ 1,234,567", "44800 44800 1234567"},
		{"a list of numbers is no thousand", "1,22 10,5 2010,200", "1,22 10,5 2010,200"},
		{"decimal point", "٣٫٥", "3.5"},
		{"direction and zero-width marks go", "\u200fخبر\u200c\u202bعاجل\ufeff", "خبرعاجل"},
		{"presentation forms", "ﻻ ﷲ", "لا الله"},
		{"Latin loses case and accents", "Café ÉTÉ", "cafe ete"},
		{"bad bytes vanish", "خب\xffر", "خبر"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Fold(tt.in)
			if got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
			if again := Fold(got); again != got {
				t.Errorf("Fold(%q) = %q: not idempotent", got, again)
			}
		})
	}
}

func TestFoldKey(t *testing.T) {
	t.Parallel()
	same := [][2]string{
		{"سياسة عربية", "  سياسه  عربيّة "},
		{"شؤون دولية", "شوون_دولية"},
		{"رياضة | كرة", "رياضة كرة"},
		{"أنباء", "انبا"},
	}
	for _, p := range same {
		if a, b := FoldKey(p[0]), FoldKey(p[1]); a != b {
			t.Errorf("FoldKey(%q) = %q, FoldKey(%q) = %q: want equal", p[0], a, p[1], b)
		}
	}
	if got := FoldKey(" … "); got != "" {
		t.Errorf("FoldKey of punctuation = %q, want nothing", got)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []string
	}{
		{"nothing", " ", []string{}},
		{"punctuation parts", "قال: «وصلنا»، ثم صمت.", []string{"قال", "وصلنا", "ثم", "صمت"}},
		{"hashtags are phrases", "#سوق_العمل اليوم", []string{"سوق", "العمل", "اليوم"}},
		{"numbers keep their separators", "بلغ 1,250.75 ثم 3.", []string{"بلغ", "1,250.75", "ثم", "3"}},
		{"marks stay inside", "مُدُن", []string{"مُدُن"}},
		{"scripts mix", "شركة ABC-12", []string{"شركة", "ABC", "12"}},
		{"bad bytes part", "أ\xffب", []string{"أ", "ب"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, Words(tt.in)); diff != "" {
				t.Errorf("Words(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"أُسْرة ٤٤٬٨٠٠", "e\u0640\u0301", "ᄀ\u0640ᅡ", "1,12,345", "İ\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := Fold(s)
		if !utf8.ValidString(folded) {
			t.Fatalf("Fold(%q) = %q: not UTF-8", s, folded)
		}
		if again := Fold(folded); again != folded {
			t.Fatalf("Fold(%q) = %q, again %q", s, folded, again)
		}
		key := FoldKey(s)
		if again := FoldKey(key); again != key {
			t.Fatalf("FoldKey(%q) = %q, again %q", s, key, again)
		}
		for _, w := range Words(s) {
			if w == "" {
				t.Fatalf("Words(%q) has an empty word", s)
			}
		}
	})
}
