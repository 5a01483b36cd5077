package output

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// legal gives s without what XML 1.0 cannot carry, however escaped (§2.2): control characters, surrogates,
// U+FFFE and U+FFFF, and bytes that are not UTF-8. CDATA is written raw, so nothing else would catch them.
func legal(s string) string {
	if isLegal(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !legalRune(r) {
			return -1
		}
		return r
	}, s)
}

func isLegal(s string) bool {
	for i, r := range s {
		if !legalRune(r) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return false
		}
	}
	return true
}

func legalRune(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return true
	case r < 0x20, 0x7F <= r && r <= 0x9F, r > unicode.MaxRune:
		return false
	case 0xD800 <= r && r <= 0xDFFF, 0xFDD0 <= r && r <= 0xFDEF, r&0xFFFE == 0xFFFE:
		return false
	}
	return true
}

// line gives s as one line: legal, with single spaces, and without the marks that turn the text around them
// (embeddings, overrides, isolates). Joiners stay: Persian spelling needs them.
func line(s string) string {
	if isLine(s) {
		return s
	}
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case 0x202A <= r && r <= 0x202E, 0x2066 <= r && r <= 0x2069, r == 0xFEFF:
			return -1
		case r == 0x2028, r == 0x2029:
			return ' '
		}
		return r
	}, legal(s))), " ")
}

// untagged gives s as one line in which nothing can be taken for markup. Half of the readers take a title of
// RSS for HTML, and no escaping tells both halves the same: angle brackets that would open a tag become the
// single quotes that look like them.
func untagged(s string) string {
	s = line(s)
	for i := 0; i+1 < len(s); i++ {
		if c := s[i+1]; s[i] == '<' && (c == '/' || c == '!' || c == '?' || 'a' <= c|0x20 && c|0x20 <= 'z') {
			return strings.NewReplacer("<", "‹", ">", "›").Replace(s)
		}
	}
	return s
}

// isLine says whether line would give s back, as it does for nearly every text that fetch has cleaned.
func isLine(s string) bool {
	last := ' '
	for i, r := range s {
		switch {
		case r == ' ':
			if last == ' ' {
				return false
			}
		case r <= 0x20, 0x7F <= r && r <= 0xA0, r == 0x1680, 0x2000 <= r && r <= 0x200A, 0x2028 <= r && r <= 0x202F,
			r == 0x205F, 0x2066 <= r && r <= 0x2069, r == 0x3000, r >= 0xFD00 && !legalRune(r), r == 0xFEFF:
			return false
		case r == utf8.RuneError:
			if !strings.HasPrefix(s[i:], "\uFFFD") {
				return false
			}
		}
		last = r
	}
	return s == "" || last != ' '
}

// paragraphs splits a plain text where its lines break, each cleaned to one line; empty ones are left out.
func paragraphs(s string) []string {
	var ps []string
	for p := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' || r == 0x2029 }) {
		if p = line(p); p != "" {
			ps = append(ps, p)
		}
	}
	return ps
}

// bareURL matches an address that stands in a text as itself. Two of them are enough to turn the direction
// of a short item in Feedbin, which counts letters.
var bareURL = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"'«»،؛)\]]+`)

// withoutURLs removes addresses from a text, and the brackets that held only an address.
func withoutURLs(s string) string {
	if !strings.Contains(s, "://") && !strings.ContainsAny(s, "wW") {
		return s
	}
	s = bareURL.ReplaceAllString(s, "")
	return strings.NewReplacer("()", "", "[]", "", "«»", "", "( )", "").Replace(s)
}

// excerpt cuts a text to at most max characters: after the last sentence that leaves at least half of them,
// else between words and with an ellipsis.
func excerpt(s string, max int) string {
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	end, sentence, word, n := len(s), 0, 0, 0
	for i, r := range s {
		if n++; n > max {
			end = i
			break
		}
		switch {
		case unicode.IsSpace(r):
			word = i
		case n > max/2 && (r == '.' || r == '؟' || r == '!' || r == '۔') && endsSentence(s[i+utf8.RuneLen(r):]):
			sentence = i + utf8.RuneLen(r)
		}
	}
	switch {
	case sentence > 0:
		return s[:sentence]
	case word > 0:
		end = word
	}
	return strings.TrimRight(s[:end], " \t\r\n،؛:.-–—") + "…"
}

// endsSentence says whether a full stop before rest ends a sentence rather than stands in a number or name.
func endsSentence(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || unicode.IsSpace(r)
}
