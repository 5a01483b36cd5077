package arabic

import (
	"fmt"
	"testing"
	"time"
)

// The days are those that the Saudi and other Arab press printed side by side.
func TestFromHijri(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		year, month, day int
		want             string
	}{
		{"new year 1443", 1443, 1, 1, "2021-08-09"},
		{"first of Ramadan 1445", 1445, 9, 1, "2024-03-11"},
		{"feast of 1446", 1446, 10, 1, "2025-03-30"},
		{"Arafat 1446", 1446, 12, 9, "2025-06-05"},
		{"the first of the table", 1400, 1, 1, "1979-11-21"},
		{"the last of the table", 1500, 12, 30, "2077-11-16"},
		{"a 30th that the month lacks", 1443, 2, 30, ""},
		{"month 13", 1443, 13, 1, ""},
		{"before the table", 1399, 1, 1, ""},
		{"a Gregorian year", 2021, 1, 1, ""},
	} {
		got, ok := FromHijri(c.year, c.month, c.day)
		if ok != (c.want != "") || ok && got.Format(time.DateOnly) != c.want {
			t.Errorf("%s: %v %v, want %q", c.name, got, ok, c.want)
		}
	}
}

func TestHijriGoesRound(t *testing.T) {
	t.Parallel()
	end := time.Date(2077, 11, 17, 0, 0, 0, 0, time.UTC)
	for d := hijriEpoch(); d.Before(end); d = d.AddDate(0, 0, 1) {
		y, m, day, ok := ToHijri(d)
		if !ok {
			t.Fatalf("%v: not in the table", d)
		}
		if back, ok := FromHijri(y, m, day); !ok || !back.Equal(d) {
			t.Fatalf("%v: %d-%d-%d, back %v", d, y, m, day, back)
		}
	}
	if _, _, _, ok := ToHijri(end); ok {
		t.Error("a day past the table is answered")
	}
	if _, _, _, ok := ToHijri(time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)); ok {
		t.Error("a day before the table is answered")
	}
}

func ExampleFromHijri() {
	day, _ := FromHijri(1443, 4, 21)
	fmt.Println(day.Format(time.DateOnly))
	// Output: 2021-11-26
}
