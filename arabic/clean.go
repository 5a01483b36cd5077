package arabic

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	tatweel = '\u0640'
	zwnj    = '\u200C' // Persian and Kurdish words need it
	zwj     = '\u200D' // joins emoji; between Arabic letters it only hides
)

// Clean makes text fit to be shown: direction and zero-width marks, control characters and bytes that
// are no UTF-8 are taken out, letters in presentation forms become ordinary letters, and every run of
// white space, no-break spaces included, becomes one space, none at the ends. ZWNJ stays where it
// stands between letters. Spelling, tashkeel and tatweel stay: Clean is for readers, [Fold] for
// comparing.
//
// Clean(Clean(s)) == Clean(s).
func Clean(s string) string {
	if tidy(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	gap, join, last := false, false, rune(0)
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			continue
		case blank(r):
			gap, join = true, false
			continue
		case r == zwnj:
			join = unicode.IsLetter(last) && !gap
			continue
		case hidden(r, last):
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		} else if join && unicode.IsLetter(r) {
			b.WriteRune(zwnj)
		}
		gap, join = false, false
		if presented(r) {
			r = writeBase(&b, r)
		} else {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// blank are the characters that show as nothing but space, the empty Braille cell and the Hangul filler
// among them.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\u2800' || r == '\u3164' }

// tidy says that Clean has nothing to do: the common case, decided without an allocation.
func tidy(s string) bool {
	space := true // a space at the front is untidy
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == 0x7F || c == ' ' && space {
				return false
			}
			space = c == ' '
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || r < 0x00A1 || r == 0x00AD || r == 0x061C || r == 0x115F || r >= 0x1680 && !plainHigh(r) {
			return false
		}
		space = false
		i += n
	}
	return !space || s == ""
}

// plainHigh names the blocks above U+1680 that need no look: dashes and quotes, and the CJK scripts.
func plainHigh(r rune) bool {
	return r >= 0x2010 && r <= 0x2027 || r >= 0x2030 && r <= 0x205E || r >= 0x20A0 && r < 0x2800 || r >= 0x3041 && r <= 0x3163 || r >= 0x3400 && r < 0xD800
}

// hidden says that r shows nothing and may go.
func hidden(r, last rune) bool {
	switch {
	case r >= ' ' && r < 0x7F, r >= 0x0620 && r < 0x06DD:
		return false
	case r == zwj:
		return last < 0x2190
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0020 && r <= 0xE007F: // emoji style and flags
		return last < 0x2000 && last > '9'
	case r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5, r == 0xFFFC:
		return true
	case r >= 0x0600 && r <= 0x0605, r == 0x06DD: // number signs are printed
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) || r >= 0xFDD0 && r <= 0xFDEF || r&0xFFFE == 0xFFFE
}

// presented says that r is the shape of a letter rather than the letter. Ligatures of whole words (ﷺ)
// are none: they are written on purpose.
func presented(r rune) bool {
	return r >= 0xFB50 && r <= 0xFBFF || r >= 0xFE70 && r <= 0xFEFC
}

// writeBase writes the letters of a presentation form and gives the last of them.
func writeBase(b *strings.Builder, r rune) rune {
	base := norm.NFKC.String(string(r))
	last := r
	for _, l := range base {
		if unicode.IsSpace(l) { // a vowel sign shown alone has a space to stand on
			continue
		}
		b.WriteRune(l)
		last = l
	}
	return last
}

// Tighten takes decorative tatweel out (بــيــان → بيان). It stays where it means something: after a
// heh that ends a word (1447هـ) and before the suffix of an abbreviation or a name in quotes (لـ"واللا").
func Tighten(s string) string {
	if !strings.ContainsRune(s, tatweel) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	last := rune(0)
	for i, r := range s {
		if r != tatweel {
			b.WriteRune(r)
			last = r
			continue
		}
		rest := strings.TrimLeft(s[i:], string(tatweel))
		next, _ := utf8.DecodeRuneInString(rest)
		if last != tatweel && unicode.IsLetter(last) && (rest == "" || !unicode.In(next, unicode.Letter, unicode.Mn)) {
			b.WriteRune(tatweel)
		}
		last = tatweel
	}
	return b.String()
}

// Share says which part of the letters of s is Arabic, 0 to 1, and how many letters there are.
func Share(s string) (share float64, letters int) {
	arab := 0
	for _, r := range s {
		if r >= 0x0620 && r <= 0x06FF || unicode.IsLetter(r) {
			letters++
			if unicode.Is(unicode.Arabic, r) {
				arab++
			}
		}
	}
	if letters == 0 {
		return 0, 0
	}
	return float64(arab) / float64(letters), letters
}
