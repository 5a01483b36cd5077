package fetch

import (
	"bytes"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// arabicShare is how often each Arabic letter stands among the letters of news text, in thousandths.
// Counted over 43.6 million letters in 31,525 news items of five outlets (ANT corpus 2.1, 2018).
var arabicShare = map[rune]float64{
	'ا': 148, 'ل': 112.7, 'ي': 82.2, 'م': 61.6, 'و': 53.2, 'ن': 51.9, 'ر': 50.8, 'ت': 47.4, 'ب': 36.1,
	'ع': 31.5, 'د': 31.5, 'ة': 31.4, 'س': 26.5, 'ف': 26.2, 'ق': 22.7, 'أ': 21.1, 'ه': 21, 'ك': 18.6,
	'ح': 17.3, 'ج': 13.4, 'إ': 9.9, 'ش': 9.7, 'ط': 9.1, 'ص': 9, 'ى': 8.3, 'خ': 8.2, 'ض': 6.6,
	'ز': 6.5, 'ث': 5.6, 'ذ': 5.3, 'ئ': 4.7, 'غ': 4.5, 'ء': 3.4, 'ظ': 2.1, 'ؤ': 1.1, 'آ': 1,
}

// rare is the share given to a high byte that is no letter, punctuation or digit of the script.
const rare = 0.15

// histogram counts the bytes above ASCII, and how many of them stand beside another one: nine in ten in
// Arabic, where whole words are high bytes, one in ten in French, where they are accents.
type histogram struct {
	bytes        [256]int
	high, beside int
	inWord       int // beside an ASCII letter
}

func histogramOf(doc []byte) histogram {
	var h histogram
	last := false
	for i, c := range doc {
		if c < utf8.RuneSelf {
			last = false
			continue
		}
		h.bytes[c]++
		h.high++
		if last || i+1 < len(doc) && doc[i+1] >= utf8.RuneSelf {
			h.beside++
		} else if i > 0 && latinLetter(doc[i-1]) || i+1 < len(doc) && latinLetter(doc[i+1]) {
			h.inWord++
		}
		last = true
	}
	return h
}

func latinLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// western says that the high bytes stand alone in words of ASCII letters: accents.
func (h *histogram) western() bool {
	return h.high > 0 && float64(h.beside) < 0.3*float64(h.high) && float64(h.inWord) >= 0.5*float64(h.high)
}

// fits scores how well the high bytes read as Arabic in a charset: the mean log share of a letter.
func (h *histogram) fits(cm *charmap.Charmap) float64 {
	if h.high == 0 {
		return math.Inf(-1)
	}
	sum := 0.0
	for c := utf8.RuneSelf; c < 256; c++ {
		if h.bytes[c] == 0 {
			continue
		}
		share := rare
		r := cm.DecodeByte(byte(c))
		if s, ok := arabicShare[r]; ok {
			share = s
		} else if besideLetters(r) {
			share = 2
		}
		sum += float64(h.bytes[c]) * math.Log(share/1000)
	}
	return sum / float64(h.high)
}

// besideLetters says that Arabic text has a character beside its letters: punctuation, tashkeel, tatweel.
func besideLetters(r rune) bool {
	return strings.ContainsRune("،؛؟«»\u00a0\u0640", r) || r >= 0x2010 && r <= 0x2026 || r >= 0x064B && r <= 0x0652
}

// arabicFit is the least score of a text that is Arabic. Texts of the corpus score −3.2 in their own
// charset, −5.5 or less in the other one, and French, Greek and Russian below −5 in either.
const arabicFit = -4.2

// wordy is the least part of high bytes that stand beside another one in a text that is not Western.
const wordy = 0.6

// arabicCharset tells which Arabic charset the bytes are in by their letters; "" for neither.
func arabicCharset(doc []byte) string {
	h := histogramOf(doc)
	if h.high == 0 || float64(h.beside) < wordy*float64(h.high) {
		return ""
	}
	win, iso := h.fits(charmap.Windows1256), h.fits(charmap.ISO8859_6)
	switch {
	case max(win, iso) < arabicFit:
		return ""
	case iso > win:
		return "iso-8859-6"
	}
	return "windows-1256"
}

// contradicts says that the letters refute the label, which names a charset of single bytes, and gives
// the charset they tell.
func contradicts(doc []byte, label string) (string, bool) {
	best := arabicCharset(doc)
	if h := histogramOf(doc); label == "iso-8859-6" && h.western() {
		return "windows-1252", true // 8859-6 has nothing that could stand so
	}
	if best == "" || best == label {
		return "", false
	}
	switch label {
	case "windows-1256", "iso-8859-6", "windows-1252", "iso-8859-15", "windows-1250", "iso-8859-2", "windows-1254", "iso-8859-9", "macintosh":
		return best, true
	}
	// A label of another script is believed unless its letters make no words of it.
	return best, eastAsian(label)
}

// likely gives the charset of bytes without a usable label.
func likely(doc []byte) string {
	if best := arabicCharset(doc); best != "" {
		return best
	}
	if other := foreign(doc); other != "" {
		return other
	}
	return "windows-1252"
}

// undouble undoes UTF-8 that was taken for a charset of single bytes and encoded once more: Arabic then
// shows as runs of Ø and Ù, or of ط and ظ.
func undouble(doc []byte) (out []byte, from string, ok bool) {
	switch {
	case bytes.Contains(doc, []byte("Ø")) || bytes.Contains(doc, []byte("Ù")) || bytes.Contains(doc, []byte("â€")) || bytes.Contains(doc, []byte("â\u0080")):
		out, ok = redouble(doc, charmap.Windows1252)
		return out, "windows-1252", ok
	case bytes.Contains(doc, []byte("ط§")) || bytes.Contains(doc, []byte("ظ„")):
		out, ok = redouble(doc, charmap.Windows1256)
		return out, "windows-1256", ok
	}
	return nil, "", false
}

// uncontrol gives C1 control characters the meaning that windows-1252 gives their bytes: no text holds
// such characters, and HTML reads references to them in the same way.
func uncontrol(doc []byte) ([]byte, bool) {
	found := false
	for i := 0; i+1 < len(doc) && !found; i++ {
		n := bytes.IndexByte(doc[i:], 0xC2)
		if n < 0 {
			return doc, false
		}
		i += n
		found = i+1 < len(doc) && doc[i+1] >= 0x80 && doc[i+1] <= 0x9F && doc[i+1] != 0x85
	}
	if !found {
		return doc, false
	}
	out := make([]byte, 0, len(doc)+64)
	for _, r := range string(doc) {
		if r >= 0x80 && r <= 0x9F && r != 0x85 {
			r = charmap.Windows1252.DecodeByte(byte(r))
		}
		out = utf8.AppendRune(out, r)
	}
	return out, true
}

// remade undoes double encoding inside one text: it can hide in references (&#216;&#167;), where the
// document shows nothing of it.
func remade(s string) string {
	if !strings.Contains(s, "â€") && !strings.Contains(s, "Ø§") && !strings.Contains(s, "Ù„") {
		return s
	}
	if out, _, ok := undouble([]byte(s)); ok {
		return string(out)
	}
	return s
}

// mixedWords reads a document that is UTF-8 in places and an Arabic charset of single bytes in others,
// as sites have it whose pages are older than their system: each word by itself. It answers false unless
// a good part is Arabic in UTF-8.
func mixedWords(doc []byte) (decoded, bool) {
	var other []byte
	good := 0
	words(doc, func(at, end int) {
		w := doc[at:end]
		if !utf8.Valid(w) {
			other = append(append(other, w...), ' ')
			return
		}
		if r, _ := utf8.DecodeRune(w); unicode.Is(unicode.Arabic, r) {
			good += len(w)
		}
	})
	label := arabicCharset(other)
	if label == "" || good < 20 || 20*good < len(other) {
		return decoded{}, false
	}
	out := make([]byte, 0, len(doc)+len(doc)/4)
	from := 0
	words(doc, func(at, end int) {
		if utf8.Valid(doc[at:end]) {
			return
		}
		out = append(out, doc[from:at]...)
		if d, err := as(doc[at:end], label); err == nil {
			out = append(out, d.doc...)
		}
		from = end
	})
	out = append(out, doc[from:]...)
	return decoded{doc: out, encoding: "utf-8", repairs: []string{"charset: utf-8 mixed with " + label}}, true
}

// words calls do with the place of each run of bytes above ASCII.
func words(doc []byte, do func(at, end int)) {
	for i := 0; i < len(doc); {
		if doc[i] < utf8.RuneSelf {
			i++
			continue
		}
		from := i
		for i < len(doc) && doc[i] >= utf8.RuneSelf {
			i++
		}
		do(from, i)
	}
}

// redouble maps the runes of doc back to bytes where these make UTF-8, and says whether that gave a text
// whose letters are Arabic, with hardly anything left over.
func redouble(doc []byte, cm *charmap.Charmap) ([]byte, bool) {
	out := make([]byte, 0, len(doc))
	arab, quotes, left := 0, 0, 0
	for i := 0; i < len(doc); {
		if doc[i] < utf8.RuneSelf {
			out = append(out, doc[i])
			i++
			continue
		}
		r, n := doubled(doc[i:], cm)
		if n == 0 {
			r, n = utf8.DecodeRune(doc[i:])
			if unicode.IsLetter(r) {
				left++
			}
		} else if unicode.Is(unicode.Arabic, r) {
			arab++
		} else if r >= 0x2010 && r <= 0x2026 {
			quotes++
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out, arab+quotes > 0 && 10*left <= arab+quotes
}

// doubled reads one rune that was encoded twice and says how many bytes of doc it takes; 0 when there is
// none.
func doubled(doc []byte, cm *charmap.Charmap) (rune, int) {
	var raw [utf8.UTFMax]byte
	used, n := 0, 0
	for n < len(raw) && used < len(doc) {
		r, size := utf8.DecodeRune(doc[used:])
		b, ok := cm.EncodeRune(r)
		if !ok && r >= 0x80 && r <= 0x9F { // bytes that windows-1252 leaves undefined
			b, ok = byte(r), true
		}
		if !ok || r < utf8.RuneSelf {
			break
		}
		raw[n] = b
		n++
		used += size
		if utf8.FullRune(raw[:n]) {
			if r, size := utf8.DecodeRune(raw[:n]); r != utf8.RuneError && size == n {
				return r, used
			}
			break
		}
	}
	return 0, 0
}
