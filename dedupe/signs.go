package dedupe

import (
	"strconv"
	"strings"

	"rafid/arabic"
)

// signs are what a headline says about how its news stands: denied or not, up or down, planned or done.
type signs uint16

const (
	denied   signs = 1 << iota // ينفي, لم, لن …
	rises                      // ارتفاع, صعود …
	falls                      // انخفاض, تراجع …
	planned                    // يعتزم, تستعد, قد …
	happened                   // verbs in the past that end something: فاز, قتل …
	accepts                    // يوافق, يقبل …
	refuses                    // يرفض …
	opens                      // افتتاح, بدء, استئناف …
	ends                       // إغلاق, انتهاء, تعليق …
	alive                      // إفراج, نجاة …
	dead                       // وفاة, اعتقال …
)

// signWords lists word keys by what they signal. They are kept short on purpose: each is a word whose
// presence in one headline and absence or opposite in the other makes the news another.
var signWords = buildSigns(map[signs]string{
	denied:  "ينفي تنفي نفي نفى نفت لم لن لا ليس ليست يكذب تكذب تكذيب مزاعم شائعة شائعات إشاعة غير بدون عدم يستبعد تستبعد",
	rises:   "ارتفاع يرتفع ترتفع ارتفع ارتفعت صعود يصعد تصعد صعد زيادة يزيد تزيد يقفز تقفز قفزة مكاسب ينتعش تحسن نمو تصاعد أعلى يرفع ترفع رفع",
	falls:   "انخفاض ينخفض تنخفض انخفض انخفضت هبوط يهبط تهبط هبط تراجع يتراجع تتراجع خسائر انكماش تدهور أدنى يخفض تخفض خفض انهيار يهوي تهوي",
	planned: "يعتزم تعتزم سوف يستعد تستعد يخطط تخطط يدرس تدرس ينوي تنوي يتوقع تتوقع توقعات متوقع مرتقب مرتقبة قبيل ترقب يترقب تترقب",
	accepts: "يوافق توافق وافق موافقة يقبل تقبل قبول يؤيد تؤيد تأييد يرحب ترحب",
	refuses: "يرفض ترفض رفض رفضت يعارض تعارض معارضة يندد تندد",
	opens:   "افتتاح يفتتح تفتتح فتح يفتح تفتح بدء يبدأ تبدأ استئناف يستأنف تستأنف إطلاق يعود تعود عودة انضمام",
	ends:    "إغلاق يغلق تغلق إقفال انتهاء ينتهي تنتهي تعليق يعلق تعلق إلغاء يلغي تلغي وقف يوقف توقف انسحاب",
	alive:   "إفراج الإفراج يفرج نجاة ينجو تبرئة براءة",
	dead:    "اعتقال يعتقل سجن إدانة يدين وفاة مصرع",
})

func buildSigns(lists map[signs]string) map[string]signs {
	m := make(map[string]signs)
	for s, list := range lists {
		for w := range strings.FieldsSeq(list) {
			m[arabic.Fold(w)] |= s
		}
	}
	return m
}

// signsOf reads the signs of a headline's folded words.
func signsOf(words []string) signs {
	var s signs
	for _, w := range words {
		s |= signOf(w)
		if strings.HasPrefix(w, "س") && len(w) >= 10 && strings.ContainsAny(w[2:4], "يتن") {
			s |= planned // the future's prefix: سيعلن
		}
	}
	return s
}

func signOf(w string) signs {
	if s, ok := signWords[w]; ok {
		return s
	}
	for _, p := range [...]string{"وال", "بال", "ال", "و", "ب", "ل"} {
		if rest, ok := strings.CutPrefix(w, p); ok && len(rest) >= 6 {
			if s, ok := signWords[rest]; ok {
				return s
			}
		}
	}
	return 0
}

// opposites are the pairs of signs that contradict each other.
var opposites = [...][2]signs{{rises, falls}, {accepts, refuses}, {opens, ends}, {alive, dead}}

// opposed says that one headline denies what the other says or turns it round.
func (s signs) opposed(o signs) bool {
	if (s^o)&denied != 0 {
		return true
	}
	for _, p := range opposites {
		if s&p[0] != 0 && s&p[1] == 0 && o&p[1] != 0 && o&p[0] == 0 || s&p[1] != 0 && s&p[0] == 0 && o&p[0] != 0 && o&p[1] == 0 {
			return true
		}
	}
	return false
}

// stageApart says that one headline looks ahead and the other does not.
func (s signs) stageApart(o signs) bool { return (s^o)&planned != 0 }

func parseFigure(s string) float32 {
	v, err := strconv.ParseFloat(s, 32)
	if err != nil {
		return 0 // keys of numbers are figures that arabic printed; anything else counts as none
	}
	return float32(v)
}
