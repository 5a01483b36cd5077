package fetch

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func TestDates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ name, in, country, want string }{
		{"RFC 1123", "Mon, 23 Nov 2026 10:00:00 +0300", "", "2026-11-23T07:00:00Z"},
		{"RFC 3339", "2026-11-23T10:00:00+03:00", "", "2026-11-23T07:00:00Z"},
		{"fractions", "2026-11-23T10:00:00.123Z", "", "2026-11-23T10:00:00Z"},
		{"no seconds", "2026-11-23T10:00+03:00", "", "2026-11-23T07:00:00Z"},
		{"offset of hours only", "2026-11-23T10:00:00+03", "", "2026-11-23T07:00:00Z"},
		{"no zone: that of the country", "2026-11-23 10:00:00", "EG", "2026-11-23T08:00:00Z"},
		{"no zone, no country", "2026-11-23 10:00:00", "", "2026-11-23T10:00:00Z"},
		{"a day", "2026-11-23", "", "2026-11-23T00:00:00Z"},
		{"a month", "2026-11", "", "2026-11-01T00:00:00Z"},
		{"without marks", "20261123T100000Z", "", "2026-11-23T10:00:00Z"},
		{"one-digit day", "Mon, 2 Nov 2026 10:00:00 GMT", "", "2026-11-02T10:00:00Z"},
		{"two-digit year", "23 Nov 26 10:00 GMT", "", "2026-11-23T10:00:00Z"},
		{"last century", "Tue, 23 Nov 99 10:00:00 GMT", "", "1999-11-23T10:00:00Z"},
		{"RFC 850", "Monday, 23-Nov-26 10:00:00 GMT", "", "2026-11-23T10:00:00Z"},
		{"asctime", "Mon Nov 23 10:00:00 2026", "", "2026-11-23T10:00:00Z"},
		{"asctime with a zone", "Mon Nov 23 10:00:00 EST 2026", "", "2026-11-23T15:00:00Z"},
		{"JavaScript", "Mon Nov 23 2026 10:00:00 GMT+0300 (Arabian Standard Time)", "", "2026-11-23T07:00:00Z"},
		{"full names", "Monday, 23 November 2026 10:00:00 +0300", "", "2026-11-23T07:00:00Z"},
		{"American", "November 23, 2026 10:00 PM", "", "2026-11-23T22:00:00Z"},
		{"noon", "Nov 23, 2026 12:30 PM", "", "2026-11-23T12:30:00Z"},
		{"midnight", "Nov 23, 2026 12:30 am", "", "2026-11-23T00:30:00Z"},
		{"24:00", "Mon, 23 Nov 2026 24:00:00 GMT", "", "2026-11-24T00:00:00Z"},
		{"AST in Arabia", "Mon, 23 Nov 2026 10:00:00 AST", "SA", "2026-11-23T07:00:00Z"},
		{"AST at the Atlantic", "Mon, 23 Nov 2026 10:00:00 AST", "", "2026-11-23T14:00:00Z"},
		{"zone behind offset", "Mon, 23 Nov 2026 10:00:00 +0200 EET", "", "2026-11-23T08:00:00Z"},
		{"blanks", "  Mon,  23   Nov 2026\n10:00:00  GMT ", "", "2026-11-23T10:00:00Z"},
		{"offset that lost its sign", "Mon, 23 Nov 2026 10:00:00 0300", "", "2026-11-23T07:00:00Z"},
		{"French", "lundi 23 novembre 2026 10:00", "", "2026-11-23T10:00:00Z"},
		{"French, cut short", "mar., 1 déc. 2026 10:00:00 +0100", "", "2026-12-01T09:00:00Z"},
		{"French March, Tuesday", "mar. 3 mars 2026 10:00", "", "2026-03-03T10:00:00Z"},
		{"French August", "le 3 août 2026 à 10:00", "", "2026-08-03T10:00:00Z"},
		{"two months", "3 mars avril 2026 10:00", "", ""},
		{"numbers, day first", "04/11/2026 10:00", "", "2026-11-04T10:00:00Z"},
		{"Arabic", "الاثنين 23 نوفمبر 2026 - 10:00 ص", "SA", "2026-11-23T07:00:00Z"},
		{"Hijri year is none of ours", "1443-04-21", "", "2021-11-26T00:00:00Z"},
		{"ambiguous zone", "Mon, 23 Nov 2026 10:00:00 IST", "", ""},
		{"unknown zone", "Mon, 23 Nov 2026 10:00:00 XYZ", "", ""},
		{"30 February", "Mon, 30 Feb 2026 10:00:00 GMT", "", ""},
		{"30 February at midnight", "Mon, 30 Feb 2026 00:00:00 GMT", "", ""},
		{"31 November", "2026-11-31", "", ""},
		{"hour 25", "Mon, 23 Nov 2026 25:00:00 GMT", "", ""},
		{"no date", "yesterday afternoon", "", ""},
		{"a number", "1234567890", "", ""},
		{"nothing", "", "", ""},
	} {
		got := dater{country: c.country, now: now}.read(c.in)
		want := time.Time{}
		if c.want != "" {
			var err error
			if want, err = time.Parse(time.RFC3339, c.want); err != nil {
				t.Fatal(err)
			}
		}
		if !got.Equal(want) {
			t.Errorf("%s: %q is %v, want %v", c.name, c.in, got, want)
		}
	}
}

func TestOrderOfNumbersIsLearnt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		dates []string
		want  time.Month
	}{
		{"nothing tells", []string{"4/11/2026 1:00:00 PM"}, time.November},
		{"another date tells", []string{"4/11/2026 1:00:00 PM", "4/23/2026 2:00:00 PM"}, time.April},
		{"both orders stand side by side", []string{"4/11/2026", "4/23/2026", "23/4/2026"}, time.November},
	} {
		if got := (dater{}).learn(c.dates).read(c.dates[0]); got.Month() != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"Mon, 23 Nov 2026 10:00:00 +0300", "20261123T100000Z", "Mon Nov 23 10:00:00 EST 2026", "منذ ساعتين", "4/11/2026 1:00:00 PM"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		got := dater{country: "EG", now: now}.read(s)
		if !got.IsZero() && (got.Year() < 1600 || got.Year() > 2300) {
			t.Errorf("%q is %v", s, got)
		}
	})
}
