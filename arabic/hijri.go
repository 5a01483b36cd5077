package arabic

import "time"

// The Umm al-Qura calendar of Saudi Arabia, 1400–1500 AH: bit m-1 of a year's entry says that month m
// has 30 days, else it has 29. The figures are those of CLDR's islamic-umalqura (ICU 78), which agree
// with java.time.chrono.HijrahDate for every one of these years.
var ummAlQura = [...]uint16{
	0xAA5, 0xA4B, 0x497, 0x937, 0x2B6, 0x975, 0xD69, 0xD52, 0xC95, 0x92B, 0x25B, 0x4DB,
	0x9D5, 0x5D2, 0xDA5, 0xD4A, 0xA95, 0x54D, 0xAAD, 0x3AA, 0xBD2, 0xBC4, 0xB89, 0xA95,
	0x52D, 0x5AD, 0xB6A, 0x6D4, 0xDC9, 0xD92, 0xAA6, 0x956, 0x2AE, 0x56D, 0x36A, 0xB55,
	0xAAA, 0x94D, 0x49D, 0x95D, 0x2BA, 0x5B5, 0x5AA, 0xD55, 0xA9A, 0x92E, 0x26E, 0x55D,
	0xADA, 0x6D4, 0x6A5, 0xB27, 0xA4D, 0x4AD, 0x56D, 0xB5A, 0x754, 0xF49, 0xE92, 0xD26,
	0xA56, 0x356, 0x6B5, 0xBAA, 0xB92, 0xB25, 0x68B, 0xA9B, 0x55A, 0xADA, 0x5B4, 0xDA9,
	0xB52, 0xA9A, 0x536, 0x276, 0x575, 0xAF2, 0x6D4, 0x6A9, 0x555, 0x2AD, 0x4BD, 0x9BA,
	0x574, 0xB69, 0xB52, 0xA95, 0x52D, 0xA5D, 0x4DA, 0xAD9, 0x6B2, 0xE95, 0xE2A, 0xC96,
	0x92E, 0xAAD, 0x56A, 0xD65, 0xD4A,
}

const (
	hijriFirst   = 1400
	hijriLast    = hijriFirst + len(ummAlQura) - 1
	shortMonth   = 29
	monthsInYear = 12
)

// hijriEpoch is the first day of the year 1400 AH.
func hijriEpoch() time.Time { return time.Date(1979, time.November, 21, 0, 0, 0, 0, time.UTC) }

// FromHijri gives the Gregorian day, at midnight UTC, of a day in the Umm al-Qura calendar. It answers
// false for a day that the calendar does not have and for years outside 1400–1500 AH (1979–2077).
func FromHijri(year, month, day int) (time.Time, bool) {
	if year < hijriFirst || year > hijriLast || month < 1 || month > monthsInYear {
		return time.Time{}, false
	}
	if day < 1 || day > hijriMonthDays(year, month) {
		return time.Time{}, false
	}
	days := day - 1
	for y := hijriFirst; y < year; y++ {
		for m := 1; m <= monthsInYear; m++ {
			days += hijriMonthDays(y, m)
		}
	}
	for m := 1; m < month; m++ {
		days += hijriMonthDays(year, m)
	}
	return hijriEpoch().AddDate(0, 0, days), true
}

// ToHijri gives the day of the Umm al-Qura calendar that t falls on in its own zone, counted from
// midnight as newspapers do. It answers false outside 1400–1500 AH.
func ToHijri(t time.Time) (year, month, day int, ok bool) {
	y, m, d := t.Date()
	left := int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(hijriEpoch()) / (24 * time.Hour))
	if left < 0 {
		return 0, 0, 0, false
	}
	for year = hijriFirst; year <= hijriLast; year++ {
		for month = 1; month <= monthsInYear; month++ {
			n := hijriMonthDays(year, month)
			if left < n {
				return year, month, left + 1, true
			}
			left -= n
		}
	}
	return 0, 0, 0, false
}

func hijriMonthDays(year, month int) int {
	return shortMonth + int(ummAlQura[year-hijriFirst]>>(month-1)&1)
}
