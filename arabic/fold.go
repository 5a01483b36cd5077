package arabic

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The marks that folding removes or looks at.
const (
	drop      = -1       // in letters: the rune vanishes
	comma     = '\u060C' // ، also seen between thousands
	thousands = '\u066C' // ٬
	point     = '\u066B' // ٫ the decimal point
	waw       = 'و'
	yeh       = 'ي'
	alef      = 'ا'
	hamza     = 'ء'
	beyond    = 0x0600 // first code point of the Arabic block
)

// letters says what each code point U+0600–U+06FF folds to; 0 keeps it, drop removes it. Tashkeel,
// tatweel and Quranic signs vanish; alef and yeh variants, teh marbuta and the letters that Persian,
// Urdu, Kurdish and Maghrebi keyboards give become the plain Arabic ones; digits become ASCII. The
// carriers ؤ and ئ and the lone hamza stay: [FoldKey] and [Key] fold them.
var letters = [256]rune{
	0x00: drop, 0x01: drop, 0x02: drop, 0x03: drop, 0x04: drop, 0x05: drop, 0x1C: drop,
	0x10: drop, 0x11: drop, 0x12: drop, 0x13: drop, 0x14: drop, 0x15: drop, 0x16: drop, 0x17: drop, 0x18: drop, 0x19: drop, 0x1A: drop,
	0x22: alef, 0x23: alef, 0x25: alef, 0x29: 'ه', 0x3B: 'ك', 0x3C: 'ك', 0x3D: yeh, 0x3E: yeh, 0x3F: yeh, 0x40: drop, 0x49: yeh,
	0x4B: drop, 0x4C: drop, 0x4D: drop, 0x4E: drop, 0x4F: drop, 0x50: drop, 0x51: drop, 0x52: drop, 0x53: drop, 0x54: drop, 0x55: drop,
	0x56: drop, 0x57: drop, 0x58: drop, 0x59: drop, 0x5A: drop, 0x5B: drop, 0x5C: drop, 0x5D: drop, 0x5E: drop, 0x5F: drop,
	0x60: '0', 0x61: '1', 0x62: '2', 0x63: '3', 0x64: '4', 0x65: '5', 0x66: '6', 0x67: '7', 0x68: '8', 0x69: '9', 0x6B: '.',
	0x6E: 'ب', 0x6F: 'ق', 0x70: drop, 0x71: alef, 0x72: alef, 0x73: alef,
	0x7E: 'ب', 0x7B: 'ب', 0x86: 'ج', 0x84: 'ج', 0x98: 'ز', 0xA4: 'ف', 0xA2: 'ف', 0xA5: 'ف', 0xA7: 'ق', 0xA8: 'ق',
	0xA9: 'ك', 0xAA: 'ك', 0xAB: 'ك', 0xAC: 'ك', 0xAD: 'ك', 0xAF: 'ك', 0xB5: 'ل', 0xBA: 'ن', 0xBE: 'ه',
	0xC0: 'ه', 0xC1: 'ه', 0xC2: 'ه', 0xC3: 'ه', 0xC4: waw, 0xC6: waw, 0xC7: waw, 0xC8: waw, 0xCA: waw, 0xCB: waw,
	0xCC: yeh, 0xCD: yeh, 0xCE: yeh, 0xD0: yeh, 0xD1: yeh, 0xD2: yeh, 0xD5: 'ه',
	0xD6: drop, 0xD7: drop, 0xD8: drop, 0xD9: drop, 0xDA: drop, 0xDB: drop, 0xDC: drop, 0xDD: drop, 0xDE: drop, 0xDF: drop,
	0xE0: drop, 0xE1: drop, 0xE2: drop, 0xE3: drop, 0xE4: drop, 0xE5: drop, 0xE6: drop, 0xE7: drop, 0xE8: drop, 0xE9: drop,
	0xEA: drop, 0xEB: drop, 0xEC: drop, 0xED: drop,
	0xF0: '0', 0xF1: '1', 0xF2: '2', 0xF3: '3', 0xF4: '4', 0xF5: '5', 0xF6: '6', 0xF7: '7', 0xF8: '8', 0xF9: '9',
}

// Fold makes spellings of the same word equal: compatibility forms composed, tashkeel, tatweel,
// direction and zero-width marks removed, alef, yeh, teh marbuta and foreign letters to their base,
// digits to ASCII without thousands separators, Latin in lower case without accents. Hamza carriers
// stay. Punctuation and spaces stay where they are.
//
// Fold(Fold(s)) == Fold(s), and the result is valid UTF-8 even when s is not.
func Fold(s string) string {
	// Removing a mark can bring two runes together that compose. Twice has been enough for every
	// string the fuzzer found; the bound only guards against the ones it did not.
	for range 4 {
		t, settled := foldOnce(s)
		if settled || t == s {
			return t
		}
		s = t
	}
	return s
}

// foldOnce folds s and says whether folding the result again could change it.
func foldOnce(s string) (folded string, settled bool) {
	settled = plain(s)
	if !settled {
		s = norm.NFKC.String(strings.ToValidUTF8(s, ""))
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == ',' || r == comma || r == thousands {
			if separates(s, i, n) {
				settled = false
				i += n
				continue
			}
		}
		i += n
		writeFolded(&b, r)
	}
	return b.String(), settled
}

// plain says that s holds only ASCII, ordinary Arabic letters and general punctuation, which need no
// normalisation before folding and none after.
func plain(s string) bool {
	for _, r := range s {
		switch {
		case r < 0x80, r == 0xAB, r == 0xBB:
		case r >= 0x0600 && r < 0x0653, r > 0x0655 && r <= 0x06FF:
			if r >= 0x0675 && r <= 0x0678 { // high hamza: has a compatibility form
				return false
			}
		case r >= 0x2013 && r <= 0x2014, r >= 0x2018 && r <= 0x201F:
		default:
			return false
		}
	}
	return true
}

func writeFolded(b *strings.Builder, r rune) {
	switch {
	case r < 0x80:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		b.WriteByte(byte(r))
	case r >= beyond && r <= 0x06FF:
		switch f := letters[r-beyond]; f {
		case 0:
			b.WriteRune(r)
		case drop:
		default:
			b.WriteRune(f)
		}
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
	case unicode.IsLetter(r):
		for _, d := range norm.NFD.String(string(unicode.ToLower(r))) {
			if !unicode.Is(unicode.Mn, d) {
				b.WriteRune(unicode.ToLower(d))
			}
		}
	default:
		b.WriteRune(r)
	}
}

// separates says whether the separator of n bytes at s[i] stands between thousands: one to three digits
// before the first one, exactly three after each.
func separates(s string, i, n int) bool {
	before := 0
	for j := i; j > 0; before++ {
		r, m := utf8.DecodeLastRuneInString(s[:j])
		if !isDigit(r) {
			break
		}
		j -= m
	}
	after := 0
	for j := i + n; j < len(s); after++ {
		r, m := utf8.DecodeRuneInString(s[j:])
		if !isDigit(r) {
			break
		}
		j += m
	}
	return before >= 1 && before <= 3 && after == 3
}

func isDigit(r rune) bool {
	return '0' <= r && r <= '9' || r >= 0x0660 && r <= 0x0669 || r >= 0x06F0 && r <= 0x06F9
}

// FoldKey is Fold for comparing labels and titles loosely: hamza is folded too (ؤ→و, ئ→ي, ء out),
// everything that is neither letter nor digit becomes one space, and the ends are trimmed. Two section
// names with the same FoldKey are the same section.
func FoldKey(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range Fold(s) {
		r = foldHamza(r)
		switch {
		case r == drop:
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

// foldHamza gives the letter that a hamza carrier is compared as; drop for the lone hamza.
func foldHamza(r rune) rune {
	switch r {
	case 'ؤ':
		return waw
	case 'ئ':
		return yeh
	case hamza:
		return drop
	}
	return r
}

// Words cuts s into its words as they are written, in order. A word is a run of letters, digits and the
// marks that belong to them; _ and # separate, as hashtags are phrases; a separator between two digits
// stays inside the number.
func Words(s string) []string {
	words := make([]string, 0, len(s)/9+1) // an Arabic news word takes 9–11 bytes with its space
	start, prev := -1, rune(0)
	for i, r := range s {
		switch {
		case inWord(r):
			if start < 0 && !joins(r) {
				start = i
			}
		case start >= 0 && isDigit(prev) && numberMark(r) && digitAt(s, i+utf8.RuneLen(r)):
		case start >= 0:
			words = append(words, s[start:i])
			start = -1
		}
		prev = r
	}
	if start >= 0 {
		words = append(words, s[start:])
	}
	return words
}

// inWord says that r continues a word.
func inWord(r rune) bool {
	if r >= 0x0621 && r <= 0x0669 || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
		return true
	}
	if r < 0x80 || r == utf8.RuneError {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || joins(r)
}

// joins says that r is a mark that stands inside words but opens none.
func joins(r rune) bool {
	return r == 0x0640 || r >= 0x064B && r <= 0x065F || r == 0x0670 || r >= 0x80 && unicode.In(r, unicode.Mn, unicode.Cf)
}

func numberMark(r rune) bool {
	return r == '.' || r == ',' || r == comma || r == thousands || r == point
}

func digitAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return isDigit(r)
}
