package arabic

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
)

// Direction is the way a line of text runs.
type Direction int8

// The directions. A text without any letter is neutral and runs the way its surroundings do.
const (
	Neutral Direction = iota
	RightToLeft
	LeftToRight
)

// RightToLeftMark is invisible and strongly right to left: put before a headline that starts with a Latin
// name, it keeps a reader that looks at the first strong character from turning the line round.
const RightToLeftMark = '\u200F'

// FirstStrong gives the direction of the first strong character of s, which is how UAX #9 (rule P2) and most
// feed readers find a line's direction. Text inside isolates counts too: headlines have none.
func FirstStrong(s string) Direction {
	for _, r := range s {
		if d := strong(r); d != Neutral {
			return d
		}
	}
	return Neutral
}

// HasRightToLeft says whether any letter of s runs right to left.
func HasRightToLeft(s string) bool {
	for _, r := range s {
		if r >= utf8.RuneSelf && strong(r) == RightToLeft {
			return true
		}
	}
	return false
}

// Lead gives s such that its first strong character runs right to left, when s has a letter that does:
// a mark is put before it where needed. A text in Latin letters alone is left as it is.
func Lead(s string) string {
	if FirstStrong(s) == LeftToRight && HasRightToLeft(s) {
		return string(RightToLeftMark) + s
	}
	return s
}

// strong gives the direction of a single character. ASCII and the Arabic letters, which are nearly all there
// is, do not need the tables.
func strong(r rune) Direction {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
		return LeftToRight
	case r < utf8.RuneSelf:
		return Neutral
	case 0x0620 <= r && r <= 0x064A:
		return RightToLeft
	}
	p, _ := bidi.LookupRune(r)
	switch p.Class() {
	case bidi.L:
		return LeftToRight
	case bidi.R, bidi.AL:
		return RightToLeft
	}
	return Neutral
}
