package arabic

import (
	"strconv"
	"time"
)

// DateOptions say what a date is read against. The zero value reads dates as UTC and knows no now.
type DateOptions struct {
	Now  time.Time      // what "two hours ago" and a day without its year count from; zero: unknown
	Zone *time.Location // of dates that name no zone; nil is UTC

	// MonthFirst reads numbers as month, day, year where both orders make a day and no weekday decides:
	// for feeds whose other dates show that they are written so.
	MonthFirst bool
}

// ParseDate reads a date as Arabic outlets print it: months of every system, digits of every script, ص
// and م, days of the week, the Hijri calendar, zones by name («بتوقيت غرينتش», «بتوقيت مكة المكرمة») and
// times told from now («منذ ساعتين»). Numbers are day first, unless only month first makes a day or the
// named weekday says so. A Hijri date counts when it is the only one; a year 1400–1500 is a Hijri year.
//
// What it cannot read for certain it does not read: a word that it does not know, two dates, a year of
// two digits without a weekday to prove it.
func ParseDate(s string, o DateOptions) (time.Time, bool) {
	if len(s) > maxDate {
		return time.Time{}, false
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	p := dateParser{toks: dateTokens(s), DateOptions: o}
	if t, ok, isRelative := p.relative(); isRelative {
		return t, ok
	}
	return p.absolute()
}

// maxDate is more bytes than any date takes, with weekday, both calendars and a zone in words.
const maxDate = 240

// dateParser takes a date apart. Each step uses tokens up; one that nothing used makes the date unknown.
type dateParser struct {
	DateOptions
	toks []dateTok

	hour, minute, second, nano int
	timed                      bool
	zone                       *time.Location
	weekday                    time.Weekday
	dayNamed                   bool
}

// day is a calendar day as written.
type day struct{ year, month, day int }

func (p *dateParser) absolute() (time.Time, bool) {
	p.zone = p.Zone
	if !p.dropSecondClock() || !p.takeZone() || !p.takeTime() {
		return time.Time{}, false
	}
	p.takeWeekday()
	hijri := p.takeNamed(HijriMonth)
	named := p.takeNamed(gregorianMonth)
	if len(named) > 1 || len(hijri) > 1 {
		return time.Time{}, false
	}
	numeric, more := p.takeNumeric()
	if !p.rest() || more {
		return time.Time{}, false
	}
	for _, d := range append(named, numeric...) {
		if t, ok := p.gregorian(d); ok {
			return t, len(named) == 0 || len(numeric) == 0 || numericHijri(numeric) || named[0] == numeric[0]
		}
	}
	if len(named) > 0 {
		return time.Time{}, false
	}
	return p.hijri(append(hijri, numeric...))
}

// hijri gives the time of the first day of the Umm al-Qura calendar among them.
func (p *dateParser) hijri(days []day) (time.Time, bool) {
	for _, d := range days {
		if t, ok := FromHijri(d.year, d.month, d.day); ok {
			return p.at(t.Year(), t.Month(), t.Day()), true
		}
	}
	return time.Time{}, false
}

func numericHijri(ds []day) bool {
	for _, d := range ds {
		if d.year > hijriLast {
			return false
		}
	}
	return true
}

// gregorian gives the time of a day of the common calendar; a year 0 is the last such day before now.
func (p *dateParser) gregorian(d day) (time.Time, bool) {
	if d.year == 0 {
		return p.latest(d)
	}
	if d.year < 1900 || d.year > 2200 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > daysIn(d.year, d.month) {
		return time.Time{}, false
	}
	return p.at(d.year, time.Month(d.month), d.day), true
}

// latest completes a day without its year: the last one that is past, if it is within half a year.
// Further back it might as well announce something.
func (p *dateParser) latest(d day) (time.Time, bool) {
	if p.Now.IsZero() {
		return time.Time{}, false
	}
	now := p.Now.In(p.zone)
	for year := now.Year(); year >= now.Year()-1; year-- {
		d.year = year
		t, ok := p.gregorian(d)
		if !ok || t.After(now.Add(24*time.Hour)) {
			continue
		}
		return t, now.Sub(t) < 183*24*time.Hour && (!p.dayNamed || t.Weekday() == p.weekday)
	}
	return time.Time{}, false
}

func (p *dateParser) at(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, p.hour, p.minute, p.second, p.nano, p.zone).UTC()
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// takeNamed finds dates whose month is a word: «26 نوفمبر 2021», «نوفمبر 26, 2021», «26 تشرين الثاني /
// نوفمبر 2021». The same month told in two systems side by side is one.
func (p *dateParser) takeNamed(month func(string) (int, bool)) []day {
	var out []day
	for i := 0; i < len(p.toks); i++ {
		m, n := p.monthAt(i, month)
		if n == 0 {
			continue
		}
		from, to := i, i+n
		p.use(i, n)
		for {
			j := p.skipMarks(to, "/-()،,|")
			again, n := p.monthAt(j, month)
			if n == 0 || again != m {
				break
			}
			p.use(j, n)
			to = j + n
		}
		d := day{month: m}
		if !p.dayAndYear(&d, from, to) {
			return []day{{}, {}}
		}
		out = append(out, d)
		i = to - 1
	}
	return out
}

// dayAndYear finds the numbers around a month that stands from…to.
func (p *dateParser) dayAndYear(d *day, from, to int) bool {
	before := p.skipBack(from - 1)
	after := p.skipMarks(to, "/-()،,.|")
	for p.isWord(after, "من", "لعام", "عام", "سنه") {
		p.use(after, 1)
		after = p.skipMarks(after+1, "")
	}
	switch {
	case p.isDay(before) && p.isYear(after): // 26 نوفمبر 2021
		d.day, d.year = p.takeNum(before), p.takeNum(after)
	case p.isYear(before) && p.isDay(after): // 2021 نوفمبر 26
		d.year, d.day = p.takeNum(before), p.takeNum(after)
	case p.isDay(after): // نوفمبر 26, 2021
		d.day = p.takeNum(after)
		if y := p.skipMarks(after+1, "/-،,."); p.isYear(y) {
			d.year = p.takeNum(y)
		}
	case p.isDay(before): // 26 نوفمبر
		d.day, d.year = p.takeNum(before), p.loneYear()
	default:
		return false
	}
	p.takeEra()
	return true
}

// loneYear takes the year that stands apart from its day and month, if it is the only number left; 0 when
// there is none.
func (p *dateParser) loneYear() int {
	if p.numbersBehind(0) != 1 {
		return 0
	}
	for i := range p.toks {
		if p.isYear(i) {
			return p.takeNum(i)
		}
	}
	return 0
}

// takeNumeric finds a date in numbers with one mark between them, and gives its readings, best first.
func (p *dateParser) takeNumeric() (readings []day, more bool) {
	for i := range p.toks {
		if p.toks[i].used || p.toks[i].kind != digitsTok {
			continue
		}
		a, b, c, mark, ok := p.triple(i)
		if !ok {
			continue
		}
		if readings != nil && mark != 0 {
			rs := p.readings(a, b, c)
			if len(rs) > 0 && rs[0] == readings[0] { // the same day told twice
				continue
			}
			if len(rs) == 0 || (rs[0].year > hijriLast) == (readings[0].year > hijriLast) {
				return readings, true
			}
			readings = append(readings, rs...)
			p.takeEra()
			continue
		}
		readings = p.readings(a, b, c)
		p.takeEra()
	}
	return readings, false
}

// triple takes three numbers at i with the same mark between them.
func (p *dateParser) triple(i int) (a, b, c dateTok, mark byte, ok bool) {
	at := [3]int{i}
	for n := 1; n < 3; n++ {
		j := at[n-1] + 1
		if j >= len(p.toks) || p.toks[j].kind != markTok || len(p.toks[j].text) != 1 {
			return a, b, c, 0, false
		}
		m := p.toks[j].text[0]
		if m != '/' && m != '-' && m != '.' && m != '\\' || mark != 0 && m != mark {
			return a, b, c, 0, false
		}
		mark = m
		if j++; j >= len(p.toks) || p.toks[j].kind != digitsTok || p.toks[j].used {
			return a, b, c, 0, false
		}
		at[n] = j
	}
	for _, j := range at {
		p.toks[j].used = true
	}
	if last := at[2] + 1; len(p.toks[at[0]].text) == 4 && p.unused(last) && eras[p.toks[last].text] {
		p.use(last, 1) // 1443/04/21 هـ
	}
	return p.toks[at[0]], p.toks[at[1]], p.toks[at[2]], mark, true
}

// readings gives what three numbers may mean.
func (p *dateParser) readings(a, b, c dateTok) []day {
	x, y, z := a.value(), b.value(), c.value()
	switch {
	case len(a.text) == 4 && x <= hijriLast:
		return []day{{x, y, z}}
	case len(a.text) == 4:
		return p.proven([]day{{x, y, z}, {x, z, y}}, y <= 12)
	case len(c.text) == 4 && p.MonthFirst && x <= 12:
		return p.proven([]day{{z, x, y}, {z, y, x}}, true)
	case len(c.text) == 4:
		return p.proven([]day{{z, y, x}, {z, x, y}}, y <= 12)
	case len(c.text) == 2 && p.dayNamed && len(a.text) <= 2: // two digits of a year: the weekday must agree
		for _, d := range []day{{2000 + z, y, x}, {2000 + z, x, y}} {
			if t, ok := p.gregorian(d); ok && t.In(p.zone).Weekday() == p.weekday {
				return []day{d}
			}
		}
	}
	return []day{{}}
}

// proven puts the reading first that the weekday proves, when the first one is a day at all; where the
// first one is none, the other counts.
func (p *dateParser) proven(rs []day, firstIsDay bool) []day {
	if !p.dayNamed || !firstIsDay {
		return rs
	}
	for _, d := range rs {
		if t, ok := p.gregorian(d); ok && t.In(p.zone).Weekday() == p.weekday {
			return []day{d}
		}
	}
	return rs[:1]
}

func (t dateTok) value() int {
	v, err := strconv.Atoi(t.text)
	if err != nil {
		return -1
	}
	return v
}
