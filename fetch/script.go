package fetch

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// foreign tells the charset of unlabelled bytes in a script that is neither Latin nor Arabic; "" when
// none shows. It decides by what can be a letter at all, so it wants words of such bytes.
func foreign(doc []byte) string {
	h := histogramOf(doc)
	if h.high < 8 || float64(h.beside) < wordy*float64(h.high) {
		return ""
	}
	if label := twoByte(doc); label != "" {
		return label
	}
	share := func(from, to int) float64 {
		n := 0
		for c := from; c <= to; c++ {
			n += h.words[c]
		}
		return float64(n) / float64(h.high-h.inWord)
	}
	switch {
	case share(0xE0, 0xFA) >= 0.95 && share(0xFB, 0xFF) < 0.01:
		return "windows-1255" // Hebrew has no capitals and ends at tav
	case share(0xC0, 0xFF) >= 0.9 && share(0xC0, 0xDF) > share(0xE0, 0xFF):
		return "koi8-r" // small letters outnumber capitals: here they come first,
	case share(0xC0, 0xFF) >= 0.9 && share(0xE0, 0xFF) > 0.6:
		return "windows-1251" // here last
	case share(0xA1, 0xFB) >= 0.9 && share(0xA1, 0xCF) >= 0.5:
		return "windows-874"
	}
	return ""
}

// twoByte tells the charsets of China, Japan and Korea apart by what each reads without error.
func twoByte(doc []byte) string {
	for _, c := range []struct {
		label string
		table []*unicode.RangeTable
		least float64
	}{
		{"shift_jis", []*unicode.RangeTable{unicode.Hiragana}, 0.1},
		{"euc-jp", []*unicode.RangeTable{unicode.Hiragana}, 0.1},
		{"euc-kr", []*unicode.RangeTable{unicode.Hangul}, 0.9},
		{"gbk", []*unicode.RangeTable{unicode.Han}, 0.7},
		{"big5", []*unicode.RangeTable{unicode.Han}, 0.7},
	} {
		d, err := as(doc, c.label)
		if err != nil || bytes.Count(d.doc, []byte(string(utf8.RuneError)))*50 > count(doc) {
			continue
		}
		if c.label == "gbk" && !pairsOf(doc).gb2312() || c.label == "big5" && !pairsOf(doc).big5() {
			continue
		}
		if scriptShare(d.doc, c.table) >= c.least {
			return c.label
		}
	}
	return ""
}

// pairs says how a text of two bytes a letter is laid out.
type pairs struct {
	n   int
	gb  int // begin in the rows of GB 2312's common characters or punctuation
	big int // begin in the rows of Big5's
	low int // end in ASCII
}

func pairsOf(doc []byte) pairs {
	p := pairs{}
	for i := 0; i+1 < len(doc); i++ {
		c := doc[i]
		if c < utf8.RuneSelf {
			continue
		}
		p.n++
		if c >= 0xB0 && c <= 0xD7 || c >= 0xA1 && c <= 0xA3 {
			p.gb++
		}
		if c >= 0xA1 && c <= 0xC6 {
			p.big++
		}
		if doc[i+1] < utf8.RuneSelf {
			p.low++
		}
		i++
	}
	return p
}

// gb2312 says that nine pairs in ten are common characters and hardly any ends in ASCII.
func (p pairs) gb2312() bool { return 10*p.gb >= 9*p.n && 10*p.low <= p.n }

// big5 says that most pairs are common characters and many end in ASCII.
func (p pairs) big5() bool { return 10*p.big >= 8*p.n && 10*p.low >= p.n }

// scriptShare is the part of the runes above ASCII that belong to a script.
func scriptShare(doc []byte, tables []*unicode.RangeTable) float64 {
	in, all := 0, 0
	for _, r := range string(doc) {
		if r < utf8.RuneSelf {
			continue
		}
		all++
		if unicode.IsOneOf(tables, r) {
			in++
		}
	}
	if all == 0 {
		return 0
	}
	return float64(in) / float64(all)
}
