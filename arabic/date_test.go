package arabic

import (
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	cairo, err := time.LoadLocation("Africa/Cairo")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, in string
		zone     *time.Location
		want     string
	}{
		{"comment of the seed", "الجمعة، 26-11-2021 07:10 م", nil, "2021-11-26T19:10:00Z"},
		{"Levant month", "05 تشرين الثاني 2021", nil, "2021-11-05T00:00:00Z"},
		{"both months", "26 تشرين الثاني/ نوفمبر 2021", nil, "2021-11-26T00:00:00Z"},
		{"Maghreb", "الخميس 8 جويلية 2021 - 14:05", nil, "2021-07-08T14:05:00Z"},
		{"Arabic digits", "٢٦ نوفمبر ٢٠٢١، ٠٧:١٠ مساءً", nil, "2021-11-26T19:10:00Z"},
		{"Greenwich", "26 نوفمبر 2021 10:30 بتوقيت غرينتش", cairo, "2021-11-26T10:30:00Z"},
		{"Mecca", "26/11/2021 10:30 ص بتوقيت مكة المكرمة", nil, "2021-11-26T07:30:00Z"},
		{"zone of the source", "26/11/2021 10:30", cairo, "2021-11-26T08:30:00Z"},
		{"ago, dual", "منذ ساعتين", nil, "2026-11-23T10:00:00Z"},
		{"ago, digits", "قبل 3 أيام", nil, "2026-11-20T12:00:00Z"},
		{"ago, words", "منذ خمس دقائق", nil, "2026-11-23T11:55:00Z"},
		{"ago, two units", "منذ 3 ساعات و20 دقيقة", nil, "2026-11-23T08:40:00Z"},
		{"ago, and a half", "منذ ساعة ونصف", nil, "2026-11-23T10:30:00Z"},
		{"yesterday", "أمس 10:15 م", nil, "2026-11-22T22:15:00Z"},
		{"Hijri alone", "21 ربيع الآخر 1443هـ", nil, "2021-11-26T00:00:00Z"},
		{"Hijri with its Christian day", "الجمعة 21 ربيع الآخر 1443هـ الموافق 26 نوفمبر 2021م", nil, "2021-11-26T00:00:00Z"},
		{"Hijri in numbers", "1443/04/21", nil, "2021-11-26T00:00:00Z"},
		{"Hijri in numbers with the Christian day", "21/04/1443هـ - 26/11/2021م", nil, "2021-11-26T00:00:00Z"},
		{"month first, proven", "11/26/2021", nil, "2021-11-26T00:00:00Z"},
		{"month first, proven by the day", "الخميس 11/4/2021", nil, "2021-11-04T00:00:00Z"},
		{"month name first", "نوفمبر 26, 2021", nil, "2021-11-26T00:00:00Z"},
		{"no year", "الاثنين 16 نوفمبر 09:30", nil, "2026-11-16T09:30:00Z"},
		{"era is no afternoon", "26 نوفمبر 2021م 10:30", nil, "2021-11-26T10:30:00Z"},
		{"at seven in the evening", "الجمعة 26 نوفمبر 2021 الساعة 7 مساء", nil, "2021-11-26T19:00:00Z"},
		{"midnight and ten", "26-11-2021 12:10 ص", nil, "2021-11-26T00:10:00Z"},
		{"half of the day first", "26-11-2021، م 07:10", nil, "2021-11-26T19:10:00Z"},
		{"era or afternoon", "26-11-2021 م 07:10", nil, ""},
		{"with words around", "تاريخ النشر: 26.11.2021 | 10:30 GMT", nil, "2021-11-26T10:30:00Z"},
		{"ISO with Arabic digits", "٢٠٢١-١١-٢٦T١٠:٣٠:٠٠+03:00", nil, "2021-11-26T07:30:00Z"},
		{"two digits and a weekday", "الجمعة 26/11/21", nil, "2021-11-26T00:00:00Z"},
		{"two digits alone", "26/11/21", nil, ""},
		{"month 13", "26/13/2021", nil, ""},
		{"a sentence", "قال الوزير في 26 نوفمبر 2021 إن", nil, ""},
		{"a year", "2021", nil, ""},
		{"two dates", "26 نوفمبر 2021 - 27 نوفمبر 2021", nil, ""},
		{"a moment ago", "قبل قليل", nil, ""},
		{"unknown place", "26/11/2021 10:30 بتوقيت المريخ", nil, ""},
		{"hour 25", "26/11/2021 25:30", nil, ""},
		{"30 February", "30 فبراير 2021", nil, ""},
		{"no month", "26 شيء 2021", nil, ""},
		{"nothing", "", nil, ""},
	} {
		got, ok := ParseDate(c.in, DateOptions{Now: now, Zone: c.zone})
		switch {
		case !ok && c.want != "":
			t.Errorf("%s: %q is unknown, want %s", c.name, c.in, c.want)
		case ok && got.Format(time.RFC3339) != c.want:
			t.Errorf("%s: %q is %s, want %q", c.name, c.in, got.Format(time.RFC3339), c.want)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"الجمعة، 26-11-2021 07:10 م", "منذ 3 ساعات و20 دقيقة", "1443/04/21", "26 تشرين الثاني/ نوفمبر 2021", "11:00 +", "ت.غ"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := ParseDate(s, DateOptions{Now: now})
		if ok && (got.Year() < 1500 || got.Year() > 2300 || got.Location() != time.UTC) {
			t.Errorf("%q is %v", s, got)
		}
	})
}

// TestDateForms goes through the forms of testdata/dates.tsv.
func TestDateForms(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/dates.tsv")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	read, unknown := 0, 0
	for line := range strings.Lines(string(raw)) {
		row := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(row) != 4 {
			if !strings.HasPrefix(line, "#") {
				t.Fatalf("row %q", line)
			}
			continue
		}
		o := DateOptions{Now: now}
		if row[2] != "" {
			if o.Zone, err = time.LoadLocation(row[2]); err != nil {
				t.Fatal(err)
			}
		}
		got, ok := ParseDate(row[1], o)
		is := "-"
		if ok {
			is = strings.TrimSuffix(got.Format("2006-01-02T15:04:05"), ":00")
		}
		if is != row[3] {
			t.Errorf("%s: %q is %s, want %s", row[0], row[1], is, row[3])
		}
		if row[3] == "-" {
			unknown++
		} else {
			read++
		}
	}
	t.Logf("%d forms read, %d left unknown", read, unknown)
}
