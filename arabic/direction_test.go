package arabic

import (
	"strings"
	"testing"
)

func TestFirstStrong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       Direction
		rtl        bool
		lead       string
	}{
		{"nothing", "", Neutral, false, ""},
		{"digits and marks", "10-15 %", Neutral, false, "10-15 %"},
		{"Arabic", "البحر هادئ", RightToLeft, true, "البحر هادئ"},
		{"digits first", "10 قوارب تعود", RightToLeft, true, "10 قوارب تعود"},
		{"a Latin name first", "STC توسع شبكتها", LeftToRight, true, "\u200FSTC توسع شبكتها"},
		{"quoted Latin first", "«Go» لغة برمجة", LeftToRight, true, "\u200F«Go» لغة برمجة"},
		{"marked already", "\u200FSTC توسع", RightToLeft, true, "\u200FSTC توسع"},
		{"Latin alone", "Rafid", LeftToRight, false, "Rafid"},
		{"Persian letter", "گزارش", RightToLeft, true, "گزارش"},
		{"Hebrew", "ב", RightToLeft, true, "ב"},
		{"accented Latin", "École بالعربية", LeftToRight, true, "\u200FÉcole بالعربية"},
		{"broken bytes", "\xff\xfe", Neutral, false, "\xff\xfe"},
	} {
		if got := FirstStrong(tt.text); got != tt.want {
			t.Errorf("%s: direction %d, want %d", tt.name, got, tt.want)
		}
		if got := HasRightToLeft(tt.text); got != tt.rtl {
			t.Errorf("%s: right to left %v, want %v", tt.name, got, tt.rtl)
		}
		if got := Lead(tt.text); got != tt.lead {
			t.Errorf("%s: lead %q, want %q", tt.name, got, tt.lead)
		}
	}
}

func FuzzLead(f *testing.F) {
	f.Add("STC توسع شبكتها")
	f.Add("\xff 12")
	f.Fuzz(func(t *testing.T, s string) {
		led := Lead(s)
		if strings.TrimPrefix(led, "\u200F") != strings.TrimPrefix(s, "\u200F") {
			t.Fatalf("text changed: %q", led)
		}
		if HasRightToLeft(s) && FirstStrong(led) != RightToLeft {
			t.Fatalf("%q does not lead right to left", led)
		}
		if Lead(led) != led {
			t.Fatalf("not idempotent: %q", led)
		}
	})
}
