package category

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rafid"
)

// Expr is a condition on stories, as operators write it in rules and channels:
//
//	words("غزة", "وقف إطلاق النار") and not source(bbc)
//	link("*/sport/*") or title(/^(صور|فيديو)[.:]/) and newer(2d)
//
// The grammar, with "not" binding closest and "or" least, keywords in any case:
//
//	expression = and { "or" and }
//	and        = not { "and" not }
//	not        = "not" not | "(" expression ")" | condition
//	condition  = name "(" argument { "," argument } ")"
//	argument   = bare word | "text" | 'text' | «text» | /regular expression/
//
// A condition holds when one of its arguments does:
//
//	words     the text stands in title or summary, as whole words, folded; particles written onto
//	          a word (وغزة, بالقدس) do not count; /…/ is searched in both
//	title     the same in the title alone
//	summary   the same in the summary alone
//	link      a glob over the whole link (* any run, ? one character); /…/ is searched in it
//	label     one of the outlet's own section names, folded; /…/ is searched in each
//	source    an id of a source, or of the outlet that the source belongs to
//	lang      a language: ar is also ar-EG
//	older     published longer ago than a duration: 30m, 48h, 7d, 2w
//	newer     published less long ago
//	category  one of the story's categories, once it has them
//	tag       one of the story's tags, once it has them
//
// An Expr is immutable: any number of goroutines may use it.
type Expr struct {
	root node
	refs []Reference
}

// Reference is an argument of an [Expr] that means something outside of the story: an id that somebody else has
// to know, or an age, which only a clock tells.
type Reference struct {
	Kind   string // the condition: source, category, tag, older or newer
	Name   string // the argument as written
	Offset int    // runes into the expression
}

// SyntaxError says what is wrong with an expression, and where.
type SyntaxError struct {
	Offset int   // runes into the expression where the mistake begins
	Err    error // what is wrong, and where it can be told, what was meant
}

// Error gives the column, counted in characters from 1, and the mistake.
func (e *SyntaxError) Error() string { return fmt.Sprintf("column %d: %v", e.Offset+1, e.Err) }

// Unwrap gives the mistake.
func (e *SyntaxError) Unwrap() error { return e.Err }

// maxExpr bounds an expression, in bytes: ten times the longest that anybody would read.
const maxExpr = 8 << 10

// Compile reads an expression. The error is a [*SyntaxError].
func Compile(text string) (*Expr, error) {
	if len(text) > maxExpr {
		return nil, &SyntaxError{Err: fmt.Errorf("longer than %d bytes", maxExpr)}
	}
	if !utf8.ValidString(text) {
		return nil, &SyntaxError{Err: errors.New("not valid UTF-8")}
	}
	root, refs, err := parse(text)
	if err != nil {
		return nil, err
	}
	return &Expr{root: root, refs: refs}, nil
}

// Match says whether the condition holds of a story at a time, which only older and newer ask for; at the
// zero time every story is new.
func (e *Expr) Match(s *rafid.Story, now time.Time) bool {
	return e.root.match(&subject{story: s, now: now})
}

// String gives the expression in one plain spelling, which compiles to the same condition.
func (e *Expr) String() string {
	var b strings.Builder
	e.root.write(&b)
	return b.String()
}

// References gives the ids and ages that the expression names, in order.
func (e *Expr) References() []Reference { return slices.Clone(e.refs) }

// node is a part of an expression.
type node interface {
	match(s *subject) bool
	write(b *strings.Builder)
}

// every holds when all of its parts do, some when one does.
type (
	every []node
	some  []node
	not   struct{ of node }
)

func (n every) match(s *subject) bool {
	for _, part := range n {
		if !part.match(s) {
			return false
		}
	}
	return true
}

func (n some) match(s *subject) bool {
	return slices.ContainsFunc(n, func(part node) bool { return part.match(s) })
}

func (n not) match(s *subject) bool { return !n.of.match(s) }

func (n every) write(b *strings.Builder) { writeJoined(b, n, " and ") }
func (n some) write(b *strings.Builder)  { writeJoined(b, n, " or ") }

func (n not) write(b *strings.Builder) {
	b.WriteString("not ")
	n.of.write(b)
}

func writeJoined(b *strings.Builder, parts []node, between string) {
	b.WriteByte('(')
	for i, part := range parts {
		if i > 0 {
			b.WriteString(between)
		}
		part.write(b)
	}
	b.WriteByte(')')
}

// condition is one name with its arguments; it holds when one of the tests does.
type condition struct {
	name  string
	args  []argument
	tests []func(*subject) bool
}

func (n *condition) match(s *subject) bool {
	return slices.ContainsFunc(n.tests, func(test func(*subject) bool) bool { return test(s) })
}

func (n *condition) write(b *strings.Builder) {
	b.WriteString(n.name)
	b.WriteByte('(')
	for i, a := range n.args {
		if i > 0 {
			b.WriteString(", ")
		}
		a.write(b)
	}
	b.WriteByte(')')
}

// argument is a text or a regular expression, and where it stands.
type argument struct {
	text    string
	pattern bool
	offset  int
}

func (a argument) write(b *strings.Builder) {
	quote, escaped := `"`, `\"`
	if a.pattern {
		quote, escaped = "/", `\/`
	}
	text := a.text
	if !a.pattern {
		text = strings.ReplaceAll(text, `\`, `\\`)
	}
	b.WriteString(quote + strings.ReplaceAll(text, quote, escaped) + quote)
}
