package arabic

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokKind uint8

const (
	digitsTok tokKind = iota
	wordTok
	markTok
)

// dateTok is a number, a word or a mark of a date, folded.
type dateTok struct {
	kind  tokKind
	text  string
	used  bool
	glued bool // no space before it
}

// dateTokens cuts a date up. Spaces are left out: they say nothing.
func dateTokens(s string) []dateTok {
	s = Fold(strings.ReplaceAll(s, "،", " ، ")) // a comma between numbers separates no thousands here
	toks := make([]dateTok, 0, 16)
	glued := false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		end := i + n
		switch {
		case unicode.IsSpace(r):
			i, glued = end, false
			continue
		case isDigit(r):
			end = i + len(s[i:]) - len(strings.TrimLeftFunc(s[i:], isDigit))
			if year, hour := s[i:min(i+4, end)], end-2; end-i == 6 && strings.HasPrefix(s[end:], ":") && (year[:2] == "19" || year[:2] == "20") {
				toks = append(toks, dateTok{kind: digitsTok, text: year, glued: glued}) // 26/11/202119:10
				i, glued = hour, false
			}
			toks = append(toks, dateTok{kind: digitsTok, text: s[i:end], glued: glued})
		case inWord(r):
			end = i + len(s[i:]) - len(strings.TrimLeftFunc(s[i:], inName))
			toks = append(toks, dateTok{kind: wordTok, text: s[i:end], glued: glued})
		default:
			mark := s[i:end]
			if strings.ContainsRune("–—−‑", r) {
				mark = "-"
			}
			toks = append(toks, dateTok{kind: markTok, text: mark, glued: glued})
		}
		i, glued = end, true
	}
	return toks
}

func inName(r rune) bool { return inWord(r) && !isDigit(r) }

// use marks n tokens from i on as used.
func (p *dateParser) use(i, n int) {
	for k := i; k < i+n; k++ {
		p.toks[k].used = true
	}
}

func (p *dateParser) unused(i int) bool { return i >= 0 && i < len(p.toks) && !p.toks[i].used }

func (p *dateParser) isWord(i int, words ...string) bool {
	return p.unused(i) && p.toks[i].kind == wordTok && slices.Contains(words, p.toks[i].text)
}

func (p *dateParser) isMark(i int, m string) bool {
	return p.unused(i) && p.toks[i].kind == markTok && p.toks[i].text == m
}

func (p *dateParser) isNum(i int) bool { return p.unused(i) && p.toks[i].kind == digitsTok }

func (p *dateParser) isDay(i int) bool {
	return p.isNum(i) && len(p.toks[i].text) <= 2 && p.toks[i].value() >= 1 && p.toks[i].value() <= 31
}

func (p *dateParser) isYear(i int) bool { return p.isNum(i) && len(p.toks[i].text) == 4 }

func (p *dateParser) takeNum(i int) int {
	p.toks[i].used = true
	return p.toks[i].value()
}

// skipMarks gives the first token from i on that is none of the marks.
func (p *dateParser) skipMarks(i int, marks string) int {
	for i < len(p.toks) && p.toks[i].kind == markTok && strings.Contains(marks, p.toks[i].text) {
		i++
	}
	return i
}

// skipBack gives the last token up to i that is neither a mark nor "من" nor "شهر".
func (p *dateParser) skipBack(i int) int {
	for i >= 0 && (p.toks[i].kind == markTok && strings.Contains("/-،,.", p.toks[i].text) || p.isWord(i, "من", "شهر")) {
		p.toks[i].used = true
		i--
	}
	return i
}

// monthAt reads a month of one word or two at i and says how many tokens it takes.
func (p *dateParser) monthAt(i int, month func(string) (int, bool)) (m, n int) {
	if !p.unused(i) || p.toks[i].kind != wordTok {
		return 0, 0
	}
	if p.unused(i+1) && p.toks[i+1].kind == wordTok {
		if m, ok := month(p.toks[i].text + " " + p.toks[i+1].text); ok {
			return m, 2
		}
	}
	if m, ok := month(p.toks[i].text); ok {
		return m, 1
	}
	return 0, 0
}

// gregorianMonth reads the name of a month in Arabic, or in English or French as outlets mix them in.
func gregorianMonth(w string) (int, bool) {
	if m, ok := Month(w); ok {
		return int(m), true
	}
	m, ok := latinMonths[w]
	return m, ok
}

// rest says that what no step used is furniture: marks, and words that introduce a date.
func (p *dateParser) rest() bool {
	for _, t := range p.toks {
		if t.used || t.kind == markTok && utf8.RuneCountInString(t.text) == 1 && !strings.Contains("+%$", t.text) {
			continue
		}
		if t.kind != wordTok || !furniture[t.text] {
			return false
		}
	}
	return true
}

// takeEra uses up the signs of an era behind a year: 2021م, 1443هـ.
func (p *dateParser) takeEra() {
	for i := range p.toks {
		if i > 0 && p.toks[i-1].used && len(p.toks[i-1].text) == 4 && p.toks[i-1].kind == digitsTok && p.unused(i) && eras[p.toks[i].text] {
			p.toks[i].used = true
		}
	}
}
