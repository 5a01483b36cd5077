package arabic

import (
	"strings"
	"time"
)

// takeTime finds the time of day: 07:10 م, 19:10:05, الساعة 7 مساء, 14h30.
func (p *dateParser) takeTime() bool {
	for i := range p.toks {
		if p.isHour(i) && (p.isMark(i+1, ":") || p.isWord(i+1, "h", "س")) && p.isNum(i+2) {
			return p.takeClock(i)
		}
	}
	for i := range p.toks {
		if p.isWord(i, "الساعه", "ساعه") && p.isHour(i+1) {
			return p.takeHour(i + 1)
		}
		if p.isHour(i) && p.unused(i+1) && strings.HasSuffix(p.toks[i+1].text, "ا") && halves[p.toks[i+1].text] != 0 {
			return p.takeHour(i) // 7 صباحا
		}
	}
	return true
}

func (p *dateParser) isHour(i int) bool { return p.isNum(i) && len(p.toks[i].text) <= 2 }

// takeClock reads hours, minutes and seconds at i.
func (p *dateParser) takeClock(i int) bool {
	p.timed = true
	p.hour, p.minute = p.takeNum(i), p.takeNum(i+2)
	p.use(i+1, 1)
	end := i + 3
	if p.isMark(end, ":") && p.isNum(end+1) {
		p.use(end, 1)
		p.second = p.takeNum(end + 1)
		end += 2
		if p.isMark(end, ".") && p.isNum(end+1) { // fractions
			p.use(end, 2)
			end += 2
		}
	}
	if p.isWord(i-1, "t") { // 2021-11-26T19:10
		p.use(i-1, 1)
	}
	return p.offset(end) && p.applyHalf(i, end)
}

// takeHour reads a whole hour at i, with minutes behind a dot: الساعة 7.30.
func (p *dateParser) takeHour(i int) bool {
	p.timed = true
	p.hour = p.takeNum(i)
	end := i + 1
	if p.isMark(end, ".") && p.isNum(end+1) && len(p.toks[end+1].text) == 2 {
		p.use(end, 1)
		p.minute = p.takeNum(end + 1)
		end += 2
	}
	return p.applyHalf(i, end)
}

// applyHalf finds the half of the day behind the time, or before it as right-to-left editors leave it.
func (p *dateParser) applyHalf(from, end int) bool {
	h, ok := p.takeHalf(from, end)
	if !ok || p.hour > 23 || p.minute > 59 || p.second > 60 || p.hour < 0 {
		return false
	}
	switch {
	case p.hour > 12 || h == 0:
	case h == night && p.hour >= 6 && p.hour < 12, h == afternoon && p.hour < 12:
		p.hour += 12
	case h != afternoon && p.hour == 12:
		p.hour = 0
	}
	return true
}

// takeHalf finds the word for the half of the day; 0 when there is none, false when there is one that
// cannot be told from something else.
func (p *dateParser) takeHalf(from, end int) (h half, ok bool) {
	if p.isWord(end, "بعد", "قبل") {
		if !p.isWord(end+1, "الظهر") {
			return 0, false
		}
		if h = morning; p.toks[end].text == "بعد" {
			h = afternoon
		}
		p.use(end, 2)
		return h, true
	}
	if at := p.skipMarks(end, ".()-"); p.unused(at) && halves[p.toks[at].text] != 0 {
		p.use(at, 1)
		return halves[p.toks[at].text], true
	}
	before := from - 1
	if !p.unused(before) || halves[p.toks[before].text] == 0 || p.toks[before].glued {
		return 0, true
	}
	if p.isWord(before, "م") && p.isYear(before-1) && p.hour <= 12 {
		return 0, false // 2021 م 07:10: the sign of the era or of the afternoon, nothing tells
	}
	p.use(before, 1)
	return halves[p.toks[before].text], true
}

// offset reads a numeric zone right behind a time: +03:00, +0300, Z.
func (p *dateParser) offset(i int) bool {
	if p.isWord(i, "z") {
		p.use(i, 1)
		p.zone = time.UTC
		return true
	}
	sign := 0
	switch {
	case p.isMark(i, "+"):
		sign = 1
	case p.isMark(i, "-") && p.isNum(i+1) && (len(p.toks[i+1].text) == 4 && p.numbersBehind(i+2) == 0 || len(p.toks[i+1].text) == 2 && p.isMark(i+2, ":")):
		sign = -1
	default:
		return true
	}
	p.use(i, 1)
	return p.takeOffset(i+1, sign)
}

// numbersBehind counts the numbers from i on: a date may follow a time and a dash.
func (p *dateParser) numbersBehind(i int) int {
	n := 0
	for ; i < len(p.toks); i++ {
		if p.isNum(i) {
			n++
		}
	}
	return n
}

// takeOffset reads hours or hours and minutes at i.
func (p *dateParser) takeOffset(i, sign int) bool {
	if !p.isNum(i) {
		return false
	}
	v, width := p.toks[i].value(), len(p.toks[i].text)
	p.use(i, 1)
	minutes := 60 * v
	switch {
	case width == 4:
		minutes = 60*(v/100) + v%100
	case width > 2:
		return false
	case p.isMark(i+1, ":") && p.isNum(i+2):
		minutes += p.takeNum(i + 2)
		p.use(i+1, 1)
	}
	if minutes > 14*60 {
		return false
	}
	p.zone = time.FixedZone("", sign*minutes*60)
	return true
}

// zoned says that a zone's abbreviation and a time stand at i: GMT 16:10. It gives the minutes of the day
// in Greenwich.
func (p *dateParser) zoned(i int) (minutes int, ok bool) {
	if !p.unused(i) || p.toks[i].kind != wordTok || !p.isHour(i+1) || !p.isMark(i+2, ":") || !p.isHour(i+3) {
		return 0, false
	}
	offset, ok := abbreviations[p.toks[i].text]
	return (60*(p.toks[i+1].value()-offset+24) + p.toks[i+3].value()) % (24 * 60), ok
}

// dropSecondClock leaves out the second of two times that say the same in two zones («KSA 19:10 - GMT
// 16:10»): the day beside them is that of the first. It is false when they disagree.
func (p *dateParser) dropSecondClock() bool {
	first, found := 0, false
	for i := range p.toks {
		minutes, ok := p.zoned(i)
		switch {
		case !ok:
		case !found:
			first, found = minutes, true
		case minutes != first:
			return false
		default:
			p.use(i, 4)
		}
	}
	return true
}

// takeZone finds a zone in words: «بتوقيت غرينتش», «بالتوقيت المحلي», ت.غ, GMT, UTC+3.
func (p *dateParser) takeZone() bool {
	for i := range p.toks {
		switch {
		case p.isWord(i, "ت") && p.isMark(i+1, ".") && p.isWord(i+2, "غ"):
			p.use(i, 3)
			p.zone = time.UTC
		case p.isWord(i, "ت") && p.isWord(i+1, "غ"):
			p.use(i, 2)
			p.zone = time.UTC
		case p.isWord(i, "تغ", "gmt", "utc"), p.toks[i].kind == wordTok && places[p.toks[i].text] == "UTC" && !p.toks[i].used:
			p.use(i, 1)
			p.zone = time.UTC
			if !p.behindGMT(i + 1) {
				return false
			}
		case p.isWord(i, "ksa", "gst"):
			p.use(i, 1)
			p.zone = time.FixedZone("", 3600*abbreviations[p.toks[i].text])
		case p.isMark(i, "(") && p.unused(i+1) && places[p.toks[i+1].text] != "" && !p.isWord(i+1, "ابو", "رام"):
			if !p.takePlace(i) {
				return false
			}
		case p.isWord(i, "بتوقيت", "توقيت", "بالتوقيت", "التوقيت", "حسب"):
			if !p.takePlace(i) {
				return false
			}
		}
	}
	return true
}

// behindGMT reads the offset of GMT+3 and غرينتش +03:00.
func (p *dateParser) behindGMT(i int) bool {
	switch {
	case p.isMark(i, "+") && p.isNum(i+1):
		p.use(i, 1)
		return p.takeOffset(i+1, 1)
	case p.isMark(i, "-") && p.isNum(i+1) && p.numbersBehind(i+2) < 2:
		p.use(i, 1)
		return p.takeOffset(i+1, -1)
	}
	return true
}

// takePlace reads the place whose time it is.
func (p *dateParser) takePlace(i int) bool {
	p.use(i, 1)
	for i++; p.isWord(i, "بتوقيت", "توقيت", "التوقيت", "مدينه", "الصيفي"); i++ {
		p.use(i, 1)
	}
	if p.isWord(i, "المحلي", "محلي") {
		p.use(i, 1)
		return true
	}
	if !p.unused(i) || p.toks[i].kind != wordTok {
		return false
	}
	name := places[p.toks[i].text]
	if name == "UTC" || p.isWord(i, "gmt", "utc") {
		return true // takeZone comes to it next, with what follows
	}
	loc, err := time.LoadLocation(name)
	if name == "" || err != nil {
		return false
	}
	p.use(i, 1)
	if p.unused(i+1) && placeTails[p.toks[i+1].text] {
		p.use(i+1, 1)
	}
	p.zone = loc
	return true
}

// takeWeekday uses the first name of a day.
func (p *dateParser) takeWeekday() {
	for i, t := range p.toks {
		if d, ok := dayNames[t.text]; ok && !t.used {
			p.use(i, 1)
			p.weekday, p.dayNamed = d, true
			return
		}
	}
}

// relative reads times told from now: منذ ساعتين, قبل 3 أيام, أمس 10:15 م, الآن.
func (p *dateParser) relative() (t time.Time, ok, isRelative bool) {
	i := 0
	for p.unused(i) && (p.toks[i].kind == markTok || p.isWord(i, "نشر", "نشرت", "اخر", "تحديث")) {
		i++
	}
	switch {
	case p.isWord(i, "منذ", "قبل"):
		t, ok = p.ago(i + 1)
	case p.isWord(i, "الان"):
		t, ok = p.Now.UTC(), i == len(p.toks)-1
	case p.isWord(i, "اليوم") && len(p.toks) > i+3 && p.namesDay(i+1):
		p.use(i, 1) // اليوم الجمعة 26 نوفمبر 2021
		return t, false, false
	case p.isWord(i, "اليوم", "امس", "البارحه", "اول"):
		t, ok = p.someDay(i, p.toks[i].text)
	default:
		return t, false, false
	}
	return t, ok && !p.Now.IsZero(), true
}

func (p *dateParser) namesDay(i int) bool {
	_, ok := dayNames[p.toks[i].text]
	return ok
}

// ago reads amounts joined by و from i on and counts them back from now.
func (p *dateParser) ago(i int) (time.Time, bool) {
	t, last := p.Now, span{}
	for found := false; i < len(p.toks); found = true {
		word := p.toks[i].text
		if found && p.toks[i].kind == wordTok {
			if word = strings.TrimPrefix(word, "و"); word == "" {
				i++
				continue
			}
		}
		if word == "نصف" && last.d == time.Hour {
			t = t.Add(-30 * time.Minute)
			i++
			continue
		}
		n, u, next := p.amount(i, word)
		if next == i {
			return t, false
		}
		t = t.Add(-time.Duration(n)*u.d).AddDate(0, -n*u.months, -n*u.days)
		if last, i = u, next; n == 1 && p.isWord(i, "واحده", "واحد") {
			i++
		}
	}
	return t.UTC(), last != (span{})
}

// maxAmount keeps numbers out that no outlet counts back.
const maxAmount = 5000

// amount reads a number and its unit at i, whose word is given without its و, and says where it ends; i
// when there is none.
func (p *dateParser) amount(i int, word string) (n int, u span, next int) {
	at, unit := i, word
	if p.toks[i].kind == digitsTok {
		n, at = p.toks[i].value(), i+1
	} else if known, ok := unitsOfTime[word]; ok && known.n > 0 {
		n = known.n
	} else if v, k := Number(p.wordsFrom(i, word)); k > 0 {
		n, at = int(v), i+k
	}
	if n <= 0 || n > maxAmount || at >= len(p.toks) {
		return 0, u, i
	}
	if at > i {
		unit = p.toks[at].text
	}
	u, ok := unitsOfTime[unit]
	if !ok {
		return 0, u, i
	}
	return n, u, at + 1
}

// wordsFrom gives the words from i on, the first in the given form.
func (p *dateParser) wordsFrom(i int, first string) []string {
	words := []string{first}
	for i++; i < len(p.toks) && p.toks[i].kind == wordTok && len(words) < 4; i++ {
		words = append(words, p.toks[i].text)
	}
	return words
}

// someDay reads today, yesterday and the day before with a time of day; without one the day is too long
// to be a time.
func (p *dateParser) someDay(i int, w string) (time.Time, bool) {
	back := 0
	switch {
	case w == "امس", w == "البارحه":
		back = 1
	case w == "اول" && (p.isWord(i+1, "امس") || p.isWord(i+1, "من") && p.isWord(i+2, "امس")):
		back = 2
	case w == "اول":
		return time.Time{}, false
	}
	p.zone = p.Zone
	p.use(i, 1)
	for j := i + 1; p.isWord(j, "امس", "من"); j++ {
		p.use(j, 1)
	}
	if !p.takeZone() || !p.takeTime() {
		return time.Time{}, false
	}
	p.takeWeekday()
	if !p.timed || !p.rest() {
		return time.Time{}, false
	}
	y, m, d := p.Now.In(p.zone).AddDate(0, 0, -back).Date()
	return p.at(y, m, d), true
}
