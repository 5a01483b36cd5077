package config

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// Severity is how bad a problem is.
type Severity string

// The severities. Only errors keep a file from being used.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning" // works, but hardly as meant
	SeverityLint    Severity = "lint"    // a matter of taste
)

// Problem is one thing that is wrong with a file.
type Problem struct {
	File     string   `json:"file"`
	Line     int      `json:"line"` // from 1; 0 when the problem is the file itself
	Col      int      `json:"col"`  // in runes, from 1: of the offending key or value
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`  // stays the same from release to release
	What     string   `json:"what"`  // one sentence
	Quote    string   `json:"quote"` // the line, invisible marks made visible
	Fix      string   `json:"fix"`   // what to do about it
}

// Problems is all that is wrong with a file, in order of position.
type Problems []Problem

// Errors says whether one of the problems keeps the file from being used.
func (p Problems) Errors() bool {
	return slices.ContainsFunc(p, func(one Problem) bool { return one.Severity == SeverityError })
}

// WriteText writes the problems for people, one after the other:
//
//	feeds.yaml:12:5: error: unknown key "evry" [unknown-key]
//	    evry: 5m
//	  = fix: did you mean "every"?
func (p Problems) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, one := range p {
		fmt.Fprintf(&b, "%s: %s: %s [%s]\n", one.position(), one.Severity, one.What, one.Code)
		if one.Quote != "" {
			fmt.Fprintf(&b, "    %s\n", one.Quote)
		}
		if one.Fix != "" {
			fmt.Fprintf(&b, "  = fix: %s\n", one.Fix)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Error is the text form, so that problems can travel as an error.
func (p Problems) Error() string {
	var b strings.Builder
	if err := p.WriteText(&b); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (p Problem) position() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.Severity.rank(), b.Severity.rank()))
	})
	return p
}

func (s Severity) rank() int {
	switch s {
	case SeverityError:
		return 0
	case SeverityWarning:
		return 1
	}
	return 2
}

// maxQuote is how much of a line a message shows, in runes: a terminal line or two.
const maxQuote = 160

// visible makes a line safe to print: marks that hide, reorder or control the terminal are written as
// <U+200F>, and what is too long is cut.
func visible(line string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.Trim(line, " ") {
		if n++; n > maxQuote {
			b.WriteString("…")
			break
		}
		switch {
		case r == '\t':
			b.WriteString("<tab>")
		case isInvisible(r), unicode.IsControl(r), r == unicode.ReplacementChar:
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isInvisible says that r shows nothing: direction marks, joiners, byte order marks, soft hyphens, the
// separators that are no line feed. They come along when text is copied from a page or a chat.
func isInvisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == '\u0085'
}

func withoutInvisible(s string) string {
	if !strings.ContainsFunc(s, isInvisible) {
		return s
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, s))
}
