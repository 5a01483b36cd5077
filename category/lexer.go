package category

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

// The kinds of tokens of an expression.
const (
	tokenEnd     tokenKind = iota
	tokenWord              // a bare word, among them and, or, not
	tokenText              // in quotes
	tokenPattern           // between slashes
	tokenMark              // a parenthesis or a comma
	tokenBad               // a sign that no token begins with
	tokenOpen              // a quote or slash that nothing closes
)

type token struct {
	kind   tokenKind
	text   string // without quotes and their escapes; an Arabic comma is a comma
	offset int    // runes into the expression
}

// lexer cuts an expression into tokens.
type lexer struct {
	rest  string // not yet read
	runes int    // read already
}

func (l *lexer) next() token {
	for l.rest != "" {
		r, size := utf8.DecodeRuneInString(l.rest)
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) { // marks of direction come along with pasted text
			break
		}
		l.take(size)
	}
	t := token{offset: l.runes}
	r, size := utf8.DecodeRuneInString(l.rest)
	switch {
	case l.rest == "":
	case r == '(' || r == ')' || r == ',':
		t.kind, t.text = tokenMark, l.take(size)
	case r == '،':
		t.kind, t.text = tokenMark, ","
		l.take(size)
	case closingOf(r) != 0:
		l.take(size)
		t.kind, t.text = l.quoted(closingOf(r))
	case inBareWord(r):
		end := strings.IndexFunc(l.rest, func(r rune) bool { return !inBareWord(r) })
		if end < 0 {
			end = len(l.rest)
		}
		t.kind, t.text = tokenWord, l.take(end)
	default:
		t.kind, t.text = tokenBad, l.take(size)
	}
	return t
}

// take reads so many bytes.
func (l *lexer) take(bytes int) string {
	read := l.rest[:bytes]
	l.rest = l.rest[bytes:]
	l.runes += utf8.RuneCountInString(read)
	return read
}

// quoted reads up to the closing sign. A backslash before it, and in texts before another backslash, makes
// the sign part of what is quoted; the other escapes are the regular expression's own.
func (l *lexer) quoted(closing rune) (tokenKind, string) {
	kind := tokenText
	if closing == '/' {
		kind = tokenPattern
	}
	var b strings.Builder
	escaped := false
	for i, r := range l.rest {
		switch {
		case escaped:
			if r != closing && (r != '\\' || kind == tokenPattern) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == closing:
			l.take(i + utf8.RuneLen(r))
			return kind, b.String()
		default:
			b.WriteRune(r)
		}
	}
	l.take(len(l.rest))
	return tokenOpen, string(closing)
}

// closingOf gives the sign that ends what r opens, 0 when r opens nothing.
func closingOf(r rune) rune {
	switch r {
	case '"', '\'', '/':
		return r
	case '«':
		return '»'
	case '“':
		return '”'
	}
	return 0
}

// inBareWord says that r needs no quotes: ids, languages, durations, single words.
func inBareWord(r rune) bool {
	return r == '_' || r == '-' || r == '.' || unicode.In(r, unicode.L, unicode.M, unicode.N)
}
