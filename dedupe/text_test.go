package dedupe

import (
	"testing"

	"rafid"
	"rafid/arabic"

	"github.com/google/go-cmp/cmp"
)

func TestTextOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                string
		in                  rafid.Story
		title, lead, bodied string
	}{
		{"plain", rafid.Story{Title: "وصول القافلة", Summary: "وصلت القافلة إلى الواحة."}, "وصول القافلة", "وصلت القافلة إلى الواحة.", ""},
		{"decorations before a separator", rafid.Story{Title: "عاجل | بالصور.. وصول القافلة"}, "وصول القافلة", "", ""},
		{"the same words without one belong to it", rafid.Story{Title: "شاهد عيان يروي"}, "شاهد عيان يروي", "", ""},
		{"nothing but decoration stays", rafid.Story{Title: "عاجل:"}, "عاجل:", "", ""},
		{"the outlet behind a bar, a note in brackets", rafid.Story{Title: "وصول القافلة إلى الواحة (فيديو) | صحيفة النهر"}, "وصول القافلة إلى الواحة", "", ""},
		{"dateline with an agency", rafid.Story{Title: "خ", Summary: "المرجان (وكالة النهر) - وصلت القافلة إلى الواحة."}, "خ", "وصلت القافلة إلى الواحة.", ""},
		{"dateline of a place", rafid.Story{Title: "خ", Summary: "المرجان – وصلت القافلة إلى الواحة."}, "خ", "وصلت القافلة إلى الواحة.", ""},
		{"a dash in a sentence is no dateline", rafid.Story{Title: "خ", Summary: "قالت البلدية إن القافلة - وهي الأولى هذا العام - وصلت."}, "خ", "قالت البلدية إن القافلة - وهي الأولى هذا العام - وصلت.", ""},
		{"pointers and lines printed twice", rafid.Story{Title: "خ", Summary: "القافلة عند الواحة\nالقافلة عند الواحة\nاقرأ أيضا: خبر آخر\nوصلت ليلا."}, "خ", "القافلة عند الواحة\nوصلت ليلا.\n", ""},
		{"a pointer alone is no text", rafid.Story{Title: "خ", Summary: "اقرأ أيضًا: خبر آخر"}, "خ", "", ""},
		{"tags out, comparisons kept", rafid.Story{Title: "خ", Summary: "<p>الحرارة < 40 &amp; الريح</p><br/>هادئة <b"}, "خ", "الحرارة < 40 & الريح\nهادئة\n", ""},
		{"content where the summary is missing", rafid.Story{Title: "خ", Content: "<p>وصلت القافلة.</p>"}, "خ", "وصلت القافلة.", ""},
		{"content behind the summary", rafid.Story{Title: "خ", Summary: "وصلت القافلة.", Content: "<p>وفيها مئة جمل.</p>"}, "خ", "وصلت القافلة.", "\nوفيها مئة جمل."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := (&reader{}).text(tt.in, false)
			if diff := cmp.Diff([]string{tt.title, tt.lead, tt.bodied}, []string{got.title, got.lead, trimGap(got.body)}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// trimGap drops a body of nothing but the line that parts it from the lead.
func trimGap(s string) string {
	if s == "\n" {
		return ""
	}
	return s
}

func TestHoursApart(t *testing.T) {
	t.Parallel()
	for hours, want := range map[float64]string{0.2: "أقل من ساعة", 1.4: "نحو ساعة", 2: "نحو ساعتين", 3: "نحو 3 ساعات", 10: "نحو 10 ساعات", 11: "نحو 11 ساعة", 26: "نحو 26 ساعة"} {
		if got, _ := hoursApart(hours); got != want {
			t.Errorf("%v hours: %q, want %q", hours, got, want)
		}
	}
}

func TestSigns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, a, b     string
		opposed, stage bool
	}{
		{"up and down", "ارتفاع أسعار القمح", "انخفاض أسعار القمح", true, false},
		{"agrees and refuses", "البلدية توافق على السوق", "البلدية ترفض السوق", true, false},
		{"a negation", "الوزير يزور الواحة", "الوزير لن يزور الواحة", true, false},
		{"planned and done", "البلدية تعتزم بيع السوق", "البلدية باعت السوق", false, true},
		{"the future's prefix", "سيعلن الفائز غدا", "إعلان الفائز", false, true},
		{"alike", "ارتفاع أسعار القمح", "صعود أسعار القمح", false, false},
	}
	r := reader{lexicon: arabic.NewLexicon()}
	for _, tt := range tests {
		a, b := r.read(rafid.Story{Title: tt.a}, false).signs, r.read(rafid.Story{Title: tt.b}, false).signs
		if a.opposed(b) != tt.opposed || b.opposed(a) != tt.opposed || a.stageApart(b) != tt.stage {
			t.Errorf("%s: opposed %v, stage apart %v", tt.name, a.opposed(b), a.stageApart(b))
		}
	}
}
