package fetch

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"rafid/arabic"
)

// dater reads the dates of one feed.
type dater struct {
	zone       *time.Location // of dates that name none; nil: that of the country
	country    string         // ISO code; UTC when it tells no zone
	now        time.Time      // zero: relative dates are unknown
	arab       bool           // the feed is Arabic: AST is the time of Arabia
	monthFirst bool           // numbers are written month first
}

// maxDate is more than any date takes.
const maxDate = 160

// read gives the time that s tells, in UTC; the zero time when it tells none. What no rule reads for
// certain is unknown.
func (d dater) read(s string) time.Time {
	s = strings.TrimSpace(s)
	if len(s) < 4 || len(s) > maxDate {
		return time.Time{}
	}
	for _, layout := range [...]string{time.RFC1123Z, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Truncate(time.Second)
		}
	}
	if d.zone == nil {
		d.zone = zoneOf(d.country)
	}
	if t, ok := d.iso(s); ok {
		return t.UTC().Truncate(time.Second)
	}
	if t, ok := d.mail(s); ok {
		return t.UTC().Truncate(time.Second)
	}
	if t, ok := arabic.ParseDate(s, arabic.DateOptions{Now: d.now, Zone: d.zone, MonthFirst: d.monthFirst}); ok {
		return t.UTC().Truncate(time.Second)
	}
	return time.Time{}
}

// slashed finds dates in numbers.
var slashed = regexp.MustCompile(`^\D{0,12}?(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}\b`)

// learn looks at all dates of a feed to tell in which order it writes numbers: one day above 12 tells.
func (d dater) learn(dates []string) dater {
	monthFirst, dayFirst := false, false
	for _, s := range dates {
		m := slashed.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		a, b := number(m[1]), number(m[2])
		monthFirst = monthFirst || a <= 12 && b > 12
		dayFirst = dayFirst || a > 12
	}
	d.monthFirst = monthFirst && !dayFirst
	return d
}

// w3c is ISO 8601 as feeds have it (W3C-DTF, and the forms without marks).
var w3c = regexp.MustCompile(`^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:[Tt ,]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?\s*([Zz]|[+-]\d{1,2}:?\d{2}|[+-]\d{2}|[A-Za-z]{2,5})?$`)

// iso reads dates that begin with the year.
func (d dater) iso(s string) (time.Time, bool) {
	m := w3c.FindStringSubmatch(s)
	if m == nil || m[4] == "" && m[7] != "" && m[3] == "" {
		return time.Time{}, false
	}
	year, month, day := number(m[1]), 1, 1
	if year < 1900 || year > 2200 {
		return time.Time{}, false // years of the Hijri calendar, and numbers of other things
	}
	if m[2] != "" {
		month = number(m[2])
	}
	if m[3] != "" {
		day = number(m[3])
	}
	loc, ok := d.location(m[7])
	if !ok {
		return time.Time{}, false
	}
	return moment(year, month, day, [3]int{number(m[4]), number(m[5]), number(m[6])}, loc)
}

// timeOfDay finds the time in a date of mail or of a C library.
var timeOfDay = regexp.MustCompile(`\b(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?(?:\s*([AaPp])\.?[Mm]\b\.?)?`)

// mail reads the dates of RFC 822 and its descendants, of asctime, of RFC 850, and their confusions: a
// month by its English name, a day and a year around it, a time, a zone.
func (d dater) mail(s string) (time.Time, bool) {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) >= 0 {
		s = accents.Replace(s)
	}
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) >= 0 {
		return time.Time{}, false
	}
	var clock [3]int
	zone := ""
	if at := timeOfDay.FindStringSubmatchIndex(s); at != nil {
		m := timeOfDay.FindStringSubmatch(s)
		clock = [3]int{number(m[1]), number(m[2]), number(m[3])}
		if m[4] != "" && clock[0] <= 12 {
			clock[0] = clock[0]%12 + 12*strings.Count(strings.ToLower(m[4]), "p")
		}
		s, zone = s[:at[0]], s[at[1]:]
		if y := trailingYear.FindString(zone); y != "" { // Sun Jan  4 16:29:06 PST 2004
			s, zone = s+" "+y, zone[:len(zone)-len(y)]
		}
	}
	year, month, day, ok := civil(s)
	if !ok {
		return time.Time{}, false
	}
	loc, ok := d.location(zone)
	if !ok {
		return time.Time{}, false
	}
	return moment(year, month, day, clock, loc)
}

var trailingYear = regexp.MustCompile(`\b(19|20)\d\d\s*$`)

// accents are those of the French words in dates, as outlets of the Maghreb have them.
var accents = strings.NewReplacer("é", "e", "É", "E", "û", "u", "Û", "U", "à", "a")

// frenchMonths are the months whose French names begin otherwise than the English ones.
var frenchMonths = map[string]int{"fevr": 2, "fevrier": 2, "fev": 2, "mars": 3, "avr": 4, "avril": 4, "mai": 5, "juin": 6, "juil": 7, "juillet": 7, "aout": 8, "janv": 1, "janvier": 1}

var months = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// civilDay is a day as it is being read; a zero is not known yet.
type civilDay struct {
	year, month, day int
	mar              bool // month is read of «mar», which is Tuesday where another month follows
}

// civil reads the day: words and numbers in any order, the month a word.
func civil(s string) (year, month, day int, ok bool) {
	d := civilDay{}
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(" ,-/.\t\n", r) }) {
		if n := number(w); n >= 0 {
			ok = d.number(n, len(w))
		} else {
			ok = d.word(strings.ToLower(w))
		}
		if !ok {
			return 0, 0, 0, false
		}
	}
	return d.year, d.month, d.day, d.year >= 1900 && d.year <= 2200 && d.month > 0 && d.day > 0
}

// number takes a number for the year or the day by its digits and by what is known.
func (d *civilDay) number(n, digits int) bool {
	switch {
	case digits == 4 && d.year == 0:
		d.year = n
	case digits <= 2 && n >= 1 && n <= 31 && d.day == 0:
		d.day = n
	case digits == 2 && d.year == 0 && d.day > 0: // RFC 2822, section 4.3
		if d.year = 2000 + n; n >= 50 {
			d.year = 1900 + n
		}
	default:
		return false
	}
	return true
}

// word takes a word for the month, or for one that says nothing more: a weekday, the end of "23rd".
func (d *civilDay) word(low string) bool {
	if m := frenchMonths[low]; m > 0 && (d.month == 0 || d.mar) {
		d.month, d.mar = m, false
		return true
	}
	if len(low) >= 3 && (d.month == 0 || d.mar) {
		if m := months[low[:3]]; m > 0 && strings.HasPrefix(fullMonth(m), low[:min(len(low), 4)]) {
			d.month, d.mar = m, low == "mar"
			return true
		}
	}
	switch low {
	case "at", "on", "t", "th", "st", "nd", "rd", "le", "a", "lun", "lundi", "mardi", "mer", "mercredi", "jeu", "jeudi", "ven", "vendredi", "sam", "samedi", "dim", "dimanche":
		return true
	}
	return isWeekday(low)
}

func fullMonth(m int) string { return strings.ToLower(time.Month(m).String()) }

func isWeekday(low string) bool {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if name := strings.ToLower(d.String()); len(low) >= 3 && (strings.HasPrefix(name, low) || name[:3] == low[:3] && len(low) <= 4) {
			return true
		}
	}
	return false
}

// zones are the abbreviations that mean one zone in feeds, in minutes from UTC. IST is not among them:
// it is India's, Ireland's and Israel's.
var zones = map[string]int{
	"ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120, "met": 60, "eet": 120, "eest": 180, "msk": 180, "cat": 120, "eat": 180, "trt": 180,
	"gst": 240, "pkt": 300, "irst": 210, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "adt": -180, "hst": -600, "akst": -540, "akdt": -480,
	"et": -300, "ct": -360, "mt": -420, "pt": -480,
}

// shift is an offset in numbers, behind a name that says no more than it: GMT+0300, -07:00 (PDT).
var shift = regexp.MustCompile(`^(?:(?:GMT|UTC|UT)\s*)?([+-]{1,2})\s*(\d{1,2}):?(\d{2})?(?::\d{2})?\s*(?:\(?[A-Za-z ]*\)?|[A-Z]{1,5})$`)

// location reads a zone; that of the feed when s is empty.
func (d dater) location(s string) (*time.Location, bool) {
	s = strings.Trim(s, " \t\r\n,.;")
	if s == "" {
		if d.zone == nil {
			return time.UTC, true
		}
		return d.zone, true
	}
	if len(s) == 4 && number(s) >= 0 && number(s) <= 1400 {
		s = "+" + s // a sign that was taken for a blank on the way
	}
	if m := shift.FindStringSubmatch(s); m != nil {
		minutes := 60*number(m[2]) + max(0, number(m[3]))
		if minutes > 14*60 {
			return nil, false
		}
		if strings.HasPrefix(m[1], "-") {
			minutes = -minutes
		}
		return time.FixedZone("", 60*minutes), true
	}
	low := strings.ToLower(strings.Trim(s, "()"))
	if low == "ast" {
		if d.arab || arabCountry(d.country) {
			return time.FixedZone("AST", 3*3600), true
		}
		return time.FixedZone("AST", -4*3600), true
	}
	minutes, ok := zones[low]
	return time.FixedZone(low, 60*minutes), ok
}

// moment makes a time of what was read, if there is such a time.
func moment(year, month, day int, clock [3]int, loc *time.Location) (time.Time, bool) {
	for i := range clock {
		clock[i] = max(0, clock[i])
	}
	if month < 1 || month > 12 || day < 1 || day > time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day() {
		return time.Time{}, false
	}
	if clock == [3]int{24, 0, 0} {
		clock[0], day = 0, day+1
	}
	if clock[0] > 23 || clock[1] > 59 || clock[2] > 60 {
		return time.Time{}, false
	}
	return time.Date(year, time.Month(month), day, clock[0], clock[1], clock[2], 0, loc), true
}

// number reads a number of digits only; -1 for anything else.
func number(s string) int {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return -1
	}
	return int(n)
}
