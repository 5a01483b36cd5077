package arabic

import (
	"strings"
	"time"
)

// takeTime finds the time of day: 07:10 م, 19:10:05, الساعة 7 مساء, 14h30.
func (p *dateParser) takeTime() bool {
	for i := range p.toks {
		if p.isNum(i) && (p.isMark(i+1, ":") || p.isWord(i+1, "h") || p.isWord(i+1, "س")) && p.isNum(i+2) {
			return p.takeClock(i)
		}
	}
	for i := range p.toks {
		if (p.isWord(i, "الساعه") || p.isWord(i, "ساعه")) && p.isNum(i+1) && len(p.toks[i+1].text) <= 2 {
			return p.takeHour(i + 1)
		}
		if p.isNum(i) && len(p.toks[i].text) <= 2 && p.unused(i+1) && strings.HasSuffix(p.toks[i+1].text, "ا") && halves[p.toks[i+1].text] != 0 {
			return p.takeHour(i) // 7 صباحا
		}
	}
	return true
}

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
	h := half(0)
	at := end
	if p.isWord(at, "بعد") || p.isWord(at, "قبل") {
		h = map[string]half{"بعد": afternoon, "قبل": morning}[p.toks[at].text]
		if !p.isWord(at+1, "الظهر") {
			return false
		}
		p.use(at, 2)
	} else if at = p.skipMarks(at, ".()-"); p.unused(at) && halves[p.toks[at].text] != 0 {
		h = halves[p.toks[at].text]
		p.use(at, 1)
	} else if before := from - 1; p.unused(before) && halves[p.toks[before].text] != 0 && !p.toks[before].glued {
		if p.isWord(before, "م") && p.isYear(before-1) && p.hour <= 12 {
			return false // 2021 م 07:10: the sign of the era or of the afternoon, nothing tells
		}
		h = halves[p.toks[before].text]
		p.use(before, 1)
	}
	if p.hour > 23 || p.minute > 59 || p.second > 60 || p.hour < 0 {
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
		case p.isWord(i, "تغ"), p.isWord(i, "gmt"), p.isWord(i, "utc"), p.toks[i].kind == wordTok && places[p.toks[i].text] == "UTC" && !p.toks[i].used:
			p.use(i, 1)
			p.zone = time.UTC
			if !p.behindGMT(i + 1) {
				return false
			}
		case p.isWord(i, "بتوقيت"), p.isWord(i, "توقيت"), p.isWord(i, "بالتوقيت"), p.isWord(i, "التوقيت"), p.isWord(i, "حسب"):
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
	for i++; p.isWord(i, "بتوقيت") || p.isWord(i, "توقيت") || p.isWord(i, "التوقيت") || p.isWord(i, "مدينه") || p.isWord(i, "الصيفي"); i++ {
		p.use(i, 1)
	}
	if p.isWord(i, "المحلي") || p.isWord(i, "محلي") {
		p.use(i, 1)
		return true
	}
	if p.isWord(i, "gmt") || p.isWord(i, "utc") {
		return true
	}
	if !p.unused(i) || p.toks[i].kind != wordTok {
		return false
	}
	name := places[p.toks[i].text]
	if name == "" {
		return false
	}
	if name == "UTC" {
		return true // takeZone comes to it next, with what follows
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
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
	for p.unused(i) && (p.toks[i].kind == markTok || p.isWord(i, "نشر") || p.isWord(i, "نشرت") || p.isWord(i, "اخر") || p.isWord(i, "تحديث")) {
		i++
	}
	if !p.unused(i) || p.toks[i].kind != wordTok {
		return time.Time{}, false, false
	}
	switch w := p.toks[i].text; w {
	case "منذ", "قبل":
		t, ok = p.ago(i + 1)
		return t, ok && !p.Now.IsZero(), true
	case "الان":
		return p.Now.UTC(), !p.Now.IsZero() && i == len(p.toks)-1, true
	case "اليوم", "امس", "البارحه", "اول":
		if w == "اليوم" && p.unused(i+1) && dayNames[p.toks[i+1].text] != 0 && len(p.toks) > i+3 {
			p.use(i, 1) // اليوم الجمعة 26 نوفمبر 2021
			return time.Time{}, false, false
		}
		t, ok = p.someDay(i, w)
		return t, ok && !p.Now.IsZero(), true
	}
	return time.Time{}, false, false
}

// ago reads amounts joined by و from i on and counts them back from now.
func (p *dateParser) ago(i int) (time.Time, bool) {
	t, found := p.Now, false
	var last span
	for i < len(p.toks) {
		w := p.toks[i]
		bare := w.text
		if found && w.kind == wordTok {
			bare = strings.TrimPrefix(bare, "و")
			if bare == "" {
				i++
				continue
			}
		}
		if bare == "نصف" && found && last.d == time.Hour {
			t = t.Add(-30 * time.Minute)
			i++
			continue
		}
		n := 0
		if w.kind == digitsTok {
			n = w.value()
			i++
		} else if u, ok := unitsOfTime[bare]; ok && u.n > 0 {
			n = u.n
		} else if v, k := Number(p.wordsFrom(i, bare)); k > 0 {
			n = int(v)
			i += k
		}
		if n <= 0 || n > 5000 || i >= len(p.toks) {
			return t, false
		}
		text := p.toks[i].text
		if w.kind == wordTok && text == w.text {
			text = bare
		}
		u, ok := unitsOfTime[text]
		if !ok {
			return t, false
		}
		t = t.Add(-time.Duration(n)*u.d).AddDate(0, -n*u.months, -n*u.days)
		last, found = u, true
		i++
		if n == 1 && (p.isWord(i, "واحده") || p.isWord(i, "واحد")) {
			i++
		}
	}
	return t.UTC(), found
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
	for j := i + 1; p.isWord(j, "امس") || p.isWord(j, "من"); j++ {
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
