package arabic

import (
	"strings"
	"testing"
	"time"
	"unicode"
)

func TestStyleWritesNumbers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		n           int
		latn, arabs string
	}{
		{"zero", 0, "0", "٠"},
		{"no group", 999, "999", "٩٩٩"},
		{"one group", 1172, "1,172", "١٬١٧٢"},
		{"even groups", 123456, "123,456", "١٢٣٬٤٥٦"},
		{"millions", 7654321, "7,654,321", "٧٬٦٥٤٬٣٢١"},
		{"negative", -1000, "-1,000", "-١٬٠٠٠"},
	} {
		if got := (Style{}).Number(tt.n); got != tt.latn {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.latn)
		}
		if got := (Style{Numerals: ArabicNumerals}).Number(tt.n); got != tt.arabs {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.arabs)
		}
	}
}

// The expected names are those of CLDR's ca-gregorian tables.
func TestMonthNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		months Months
		want   string
	}{
		{EgyptMonths, "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"},
		{LevantMonths, "كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول"},
		{MaghrebMonths, "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر"},
		{MoroccoMonths, "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر"},
	} {
		sep := " "
		if strings.Contains(tt.want, "|") {
			sep = "|"
		}
		for i, want := range strings.Split(tt.want, sep) {
			if got := tt.months.MonthName(time.Month(i + 1)); got != want {
				t.Errorf("%s month %d: got %q, want %q", tt.months, i+1, got, want)
			}
		}
	}
	if got := Months("").MonthName(time.November); got != "تشرين الثاني/نوفمبر" {
		t.Errorf("dual by default: got %q", got)
	}
	if got := DualMonths.MonthName(13) + Weekday(9); got != "" {
		t.Errorf("no such month or day: got %q", got)
	}
}

func TestStyleWritesDates(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.November, 23, 22, 5, 0, 0, time.UTC)
	riyadh := time.FixedZone("+03", 3*60*60)
	for _, tt := range []struct {
		name  string
		style Style
		want  string
	}{
		{"default", Style{}, "الاثنين 23 تشرين الثاني/نوفمبر 2026، 22:05"},
		{"a zone moves the day", Style{Months: EgyptMonths, Zone: riyadh}, "الثلاثاء 24 نوفمبر 2026، 01:05"},
		{"Arabic-Indic digits", Style{Months: MoroccoMonths, Numerals: ArabicNumerals}, "الاثنين ٢٣ نونبر ٢٠٢٦، ٢٢:٠٥"},
	} {
		if got := tt.style.DateTime(at); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	if (Style{Zone: riyadh}).SameDay(at, at.Add(-2*time.Hour)) || !(Style{}).SameDay(at, at.Add(-2*time.Hour)) {
		t.Error("SameDay does not look at the reader's zone")
	}
}

func TestRelativeTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		ago  time.Duration
		want string
	}{
		{"this minute", 59 * time.Second, "الآن"},
		{"one minute", time.Minute, "قبل دقيقة واحدة"},
		{"two minutes, genitive", 2*time.Minute + 59*time.Second, "قبل دقيقتين"},
		{"few minutes", 10 * time.Minute, "قبل 10 دقائق"},
		{"many minutes", 11 * time.Minute, "قبل 11 دقيقة"},
		{"one hour", time.Hour, "قبل ساعة واحدة"},
		{"two hours", 2*time.Hour + 50*time.Minute, "قبل ساعتين"},
		{"few hours", 3 * time.Hour, "قبل 3 ساعات"},
		{"just under a day", 24*time.Hour - time.Second, "قبل 23 ساعة"},
		{"a day is a date", 24 * time.Hour, "الأحد 22 تشرين الثاني/نوفمبر 2026"},
		{"to come", -6 * time.Minute, "بعد 6 دقائق"},
	} {
		if got := RelativeTime(now.Add(-tt.ago), now); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		d    time.Duration
		want string
	}{
		{"nothing", 0, "أقل من دقيقة"},
		{"clocks may run back", -time.Hour, "أقل من دقيقة"},
		{"minutes", 29 * time.Minute, "29 دقيقة"},
		{"an hour and some", 83 * time.Minute, "ساعة واحدة و23 دقيقة"},
		{"two and two", 122 * time.Minute, "ساعتين ودقيقتين"},
		{"whole hours", 5 * time.Hour, "5 ساعات"},
		{"days", 26 * time.Hour, "يوم واحد وساعتين"},
		{"many days", 12*24*time.Hour + time.Minute, "12 يومًا"},
	} {
		if got := (Style{}).Duration(tt.d); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The month tables that are written and the one that is read must agree.
func TestMonthsReadWhatIsWritten(t *testing.T) {
	t.Parallel()
	for _, ms := range []Months{EgyptMonths, MaghrebMonths, MoroccoMonths} {
		for m := time.January; m <= time.December; m++ {
			name := ms.MonthName(m)
			if strings.IndexFunc(name, unicode.IsSpace) >= 0 {
				continue
			}
			if got, ok := Month(name); !ok || got != m {
				t.Errorf("%s: %q is written for %v and read as %v, %v", ms, name, m, got, ok)
			}
		}
	}
}
