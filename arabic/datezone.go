package arabic

import "time"

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
