package arabic

import (
	"strings"
	"time"
)

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
