package arabic

import (
	"testing"
	"time"
)

func TestMonth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, word string
		want       time.Month
	}{
		{"Egypt", "أغسطس", time.August},
		{"Egypt, the other yeh", "يونيه", time.June},
		{"Egypt, teh marbuta for heh", "يولية", time.July},
		{"Egypt, hamza below", "إبريل", time.April},
		{"Levant, one letter", "آب", time.August},
		{"Levant, two words", "تشرين الثاني", time.November},
		{"Levant, two words without article", "كانون أول", time.December},
		{"Levant with vowel signs", "كانُونُ الثّاني", time.January},
		{"Iraq", "مايس", time.May},
		{"Algeria", "جويلية", time.July},
		{"Tunisia", "أوت", time.August},
		{"Tunisia, February", "فيفري", time.February},
		{"Morocco", "يوليوز", time.July},
		{"Morocco, November", "نونبر", time.November},
		{"Mauritania", "دجمبر", time.December},
		{"with tatweel", "ديسمــبر", time.December},
		{"a word that is no month", "الشهر", 0},
		{"a Hijri month", "رمضان", 0},
		{"half a name", "تشرين", 0},
		{"nothing", "", 0},
	} {
		if got, ok := Month(c.word); got != c.want || ok != (c.want != 0) {
			t.Errorf("%s: Month(%q) = %v, %v; want %v", c.name, c.word, got, ok, c.want)
		}
	}
}

func TestHijriMonth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, word string
		want       int
	}{
		{"the first", "محرّم", 1},
		{"with hamza", "ربيع الآخر", 4},
		{"the same month otherwise", "ربيع الثاني", 4},
		{"feminine", "جمادى الآخرة", 6},
		{"short form", "جماد أول", 5},
		{"with a title", "رمضان المبارك", 9},
		{"nominative", "ذو القعدة", 11},
		{"genitive, joined", "ذي الحجة", 12},
		{"a Gregorian month", "مايو", 0},
	} {
		if got, ok := HijriMonth(c.word); got != c.want || ok != (c.want != 0) {
			t.Errorf("%s: HijriMonth(%q) = %v, %v; want %v", c.name, c.word, got, ok, c.want)
		}
	}
}
