package arabic

import (
	"strconv"
	"strings"
	"time"
)

// Months names a system of month names.
type Months string

// The systems in use (CLDR, calendar ca-gregorian: ar-SY for the Levant, ar, ar-DZ and ar-MA). Outlets that
// address all Arabs write both the Levantine and the Egyptian name.
const (
	DualMonths    Months = "dual"    // تشرين الثاني/نوفمبر
	EgyptMonths   Months = "egypt"   // نوفمبر; also the Gulf, Libya, Sudan, Yemen
	LevantMonths  Months = "levant"  // تشرين الثاني
	MaghrebMonths Months = "maghreb" // جويلية; Algeria, Tunisia
	MoroccoMonths Months = "morocco" // يوليوز
)

// Numerals names a set of digits.
type Numerals string

// The sets, by their CLDR names.
const (
	LatinNumerals  Numerals = "latn" // 123
	ArabicNumerals Numerals = "arab" // ١٢٣
)

// Style is how dates and numbers are written for readers. The zero Style writes dual months, Latin digits
// and UTC.
type Style struct {
	Months   Months
	Numerals Numerals
	Zone     *time.Location
}

// MonthName gives the name of m in the system; one that is not known is the dual.
func (ms Months) MonthName(m time.Month) string {
	if m < time.January || m > time.December {
		return ""
	}
	i := m - 1
	switch ms {
	case EgyptMonths:
		return egyptMonths[i]
	case LevantMonths:
		return levantMonths[i]
	case MaghrebMonths:
		return maghrebMonths[i]
	case MoroccoMonths:
		return moroccoMonths[i]
	}
	return levantMonths[i] + "/" + egyptMonths[i]
}

var (
	egyptMonths = [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
		"يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"}
	levantMonths = [12]string{"كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
		"تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"}
	maghrebMonths = [12]string{"جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان",
		"جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"}
	moroccoMonths = [12]string{"يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو",
		"يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"}
	weekdays = [7]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"}
)

// Weekday gives the name of a day of the week.
func Weekday(d time.Weekday) string {
	if d < time.Sunday || d > time.Saturday {
		return ""
	}
	return weekdays[d]
}

// Digits rewrites the ASCII digits of s in the style's numerals, and leaves the rest.
func (s Style) Digits(text string) string {
	if s.Numerals != ArabicNumerals {
		return text
	}
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return '٠' + r - '0'
		}
		return r
	}, text)
}

// Number writes n with its thousands set apart: "1,172", "١٬١٧٢".
func (s Style) Number(n int) string {
	text := strconv.Itoa(n)
	sign := ""
	if text[0] == '-' {
		sign, text = "-", text[1:]
	}
	mark := ","
	if s.Numerals == ArabicNumerals {
		mark = "٬"
	}
	head := len(text) % 3
	parts := make([]string, 0, len(text)/3+1)
	if head > 0 {
		parts = append(parts, text[:head])
	}
	for i := head; i < len(text); i += 3 {
		parts = append(parts, text[i:i+3])
	}
	return sign + s.Digits(strings.Join(parts, mark))
}

// Date writes the day, as "الخميس 31 أيار/مايو 2018".
func (s Style) Date(t time.Time) string {
	t = s.in(t)
	return Weekday(t.Weekday()) + " " + s.Digits(strconv.Itoa(t.Day())) + " " +
		s.Months.MonthName(t.Month()) + " " + s.Digits(strconv.Itoa(t.Year()))
}

// Clock writes the time of day, as "09:05".
func (s Style) Clock(t time.Time) string { return s.Digits(s.in(t).Format("15:04")) }

// DateTime writes both, as "الخميس 31 أيار/مايو 2018، 09:05".
func (s Style) DateTime(t time.Time) string { return s.Date(t) + "، " + s.Clock(t) }

// SameDay says whether both times fall on one day for the reader.
func (s Style) SameDay(a, b time.Time) bool {
	ya, ma, da := s.in(a).Date()
	yb, mb, db := s.in(b).Date()
	return ya == yb && ma == mb && da == db
}

func (s Style) in(t time.Time) time.Time {
	if s.Zone == nil {
		return t.UTC()
	}
	return t.In(s.Zone)
}

var (
	minutes = Noun{Zero: "أقل من دقيقة", One: "دقيقة واحدة", Two: "دقيقتان", Dual: "دقيقتين",
		Few: "دقائق", Many: "دقيقة", Other: "دقيقة"}
	hours = Noun{Zero: "أقل من ساعة", One: "ساعة واحدة", Two: "ساعتان", Dual: "ساعتين",
		Few: "ساعات", Many: "ساعة", Other: "ساعة"}
	days = Noun{Zero: "أقل من يوم", One: "يوم واحد", Two: "يومان", Dual: "يومين",
		Few: "أيام", Many: "يومًا", Other: "يوم"}
)

// relativeFor is how long a time is told as so many hours ago; after that the date says more.
const relativeFor = 24 * time.Hour

// RelativeTime writes when t was, seen from now, in the zero [Style].
func RelativeTime(t, now time.Time) string { return Style{}.RelativeTime(t, now) }

// RelativeTime writes when t was or will be, seen from now: "الآن", "قبل 4 دقائق", "بعد ساعتين". A day or
// more away it writes the date.
func (s Style) RelativeTime(t, now time.Time) string {
	d, word := now.Sub(t), "قبل "
	if d < 0 {
		d, word = -d, "بعد "
	}
	switch {
	case d < time.Minute:
		return "الآن"
	case d < time.Hour:
		return word + s.CountOf(int(d/time.Minute), minutes)
	case d < relativeFor:
		return word + s.CountOf(int(d/time.Hour), hours)
	}
	return s.Date(t)
}

// Duration writes a span as it stands after a preposition, to the minute below a day and to the hour above:
// "ساعة واحدة و23 دقيقة", "3 أيام وساعتين". Less than a minute is "أقل من دقيقة".
func (s Style) Duration(d time.Duration) string {
	d = max(d, 0)
	if d < time.Hour {
		return s.CountOf(int(d/time.Minute), minutes)
	}
	if d < relativeFor {
		return s.both(int(d/time.Hour), hours, int(d%time.Hour/time.Minute), minutes)
	}
	return s.both(int(d/relativeFor), days, int(d%relativeFor/time.Hour), hours)
}

func (s Style) both(n int, big Noun, m int, small Noun) string {
	text := s.CountOf(n, big)
	if m > 0 {
		text += " و" + s.CountOf(m, small)
	}
	return text
}
