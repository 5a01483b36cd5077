package arabic

import "strings"

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
