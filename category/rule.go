package category

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"

	"rafid/arabic"
)

// Rule is one of the operator's: when Link and Title match (an empty one matches everything, but one of
// them must be given), the story gets Category and Tag, or is dropped.
type Rule struct {
	Link     string // glob over the whole link: * is any run of characters, ? is one; case does not count
	Title    string // RE2 expression, searched in the title as shown and, folded, in the folded title
	Category string // slug; "" leaves the category alone
	Tag      string // "" adds none
	Drop     bool   // leave the story out
	Line     int    // where the operator wrote it, for messages; 0 when unknown
}

// RuleError says what is wrong with a rule, and where in it.
type RuleError struct {
	Line   int    // Rule.Line
	Field  string // "link", "title", "category" or "" for the rule as a whole
	Offset int    // runes into the field's text where the mistake begins
	Err    error  // what is wrong
}

// Error names the line, when it is known, and the field.
func (e *RuleError) Error() string {
	where := "rule"
	if e.Line > 0 {
		where = fmt.Sprintf("rule at line %d", e.Line)
	}
	if e.Field != "" {
		where += ", " + e.Field
	}
	return where + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *RuleError) Unwrap() error { return e.Err }

// What [Rule.Check] refuses, beside a pattern that does not compile.
var (
	ErrNoCondition = errors.New("needs a link or a title to match")
	ErrNoAction    = errors.New("needs a category, a tag or drop")
	ErrMatchesAll  = errors.New("matches every story")
)

// Check says whether the rule can work; the error is a [*RuleError].
func (r Rule) Check() error {
	_, err := r.compile()
	return err
}

// compiled is a rule ready to match.
type compiled struct {
	Rule
	link   *regexp.Regexp // nil: every link
	shown  *regexp.Regexp // nil: every title
	folded *regexp.Regexp // nil: the shown pattern is tried on the folded title
}

func (r Rule) compile() (compiled, error) {
	c := compiled{Rule: r}
	if r.Link == "" && r.Title == "" {
		return c, &RuleError{Line: r.Line, Err: ErrNoCondition}
	}
	if r.Category == "" && r.Tag == "" && !r.Drop {
		return c, &RuleError{Line: r.Line, Err: ErrNoAction}
	}
	if r.Link != "" {
		if r.Title == "" && strings.Trim(r.Link, "*") == "" {
			return c, &RuleError{Line: r.Line, Field: "link", Err: ErrMatchesAll}
		}
		c.link = glob(r.Link)
	}
	if r.Title == "" {
		return c, nil
	}
	var err error
	if c.shown, err = regexp.Compile(r.Title); err != nil {
		return c, &RuleError{Line: r.Line, Field: "title", Offset: offset(r.Title, err), Err: err}
	}
	if r.Link == "" && c.shown.MatchString("") {
		return c, &RuleError{Line: r.Line, Field: "title", Err: ErrMatchesAll}
	}
	// Folding a valid pattern can break it only in odd places (a range whose ends fold out of order);
	// then the pattern as written has to do.
	if c.folded, err = regexp.Compile("(?i)" + foldPattern(r.Title)); err != nil {
		c.folded = nil
	}
	return c, nil
}

// offset finds where in the pattern the compiler's complaint lies, in runes.
func offset(pattern string, err error) int {
	var bad *syntax.Error
	if !errors.As(err, &bad) {
		return 0
	}
	i := strings.LastIndex(pattern, bad.Expr)
	if bad.Code == syntax.ErrMissingParen {
		i = openParen(pattern)
	}
	if i < 0 {
		return 0
	}
	return utf8.RuneCountInString(pattern[:i])
}

// openParen is the index of the last parenthesis that nothing closes, which the compiler does not tell.
func openParen(pattern string) int {
	var open []int
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '(':
			open = append(open, i)
		case ')':
			open = open[:max(0, len(open)-1)]
		}
	}
	if len(open) == 0 {
		return 0
	}
	return open[len(open)-1]
}

// glob turns a link pattern into an anchored expression. Path separators are nothing special: "*/sport/*"
// means anywhere below sport, as operators expect.
func glob(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?is)\A`)
	for _, r := range pattern {
		switch r {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String()) // every piece is quoted: it always compiles
}

// foldPattern folds the Arabic letters of an expression and leaves its syntax alone. It is Fold, not
// FoldKey: patterns speak of punctuation («صور:»), which the key would have turned into spaces.
func foldPattern(pattern string) string {
	var b strings.Builder
	for _, r := range pattern {
		if !unicode.In(r, unicode.Arabic, unicode.Mn) || unicode.IsPunct(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(arabic.Fold(string(r)))
	}
	return b.String()
}

// subject is the story as rules see it; what is costly is made when first asked for.
type subject struct {
	link, title     string
	decoded, folded string
}

func (r *compiled) matches(s *subject) bool {
	if r.link != nil && !r.link.MatchString(s.link) && !r.link.MatchString(s.readable()) {
		return false
	}
	if r.shown == nil || r.shown.MatchString(s.title) {
		return true
	}
	if s.folded == "" {
		s.folded = arabic.Fold(s.title)
	}
	if r.folded != nil {
		return r.folded.MatchString(s.folded)
	}
	return r.shown.MatchString(s.folded)
}

// readable is the link with its percent-escapes read, so that a glob may be written in Arabic.
func (s *subject) readable() string {
	if s.decoded == "" {
		s.decoded = s.link
		if plain, err := url.PathUnescape(s.link); err == nil {
			s.decoded = plain
		}
	}
	return s.decoded
}

// name is how a verdict speaks of the rule.
func (r *compiled) name() string {
	where := "rule"
	if r.Line > 0 {
		where = fmt.Sprintf("rule at line %d", r.Line)
	}
	switch {
	case r.Rule.Title == "":
		return fmt.Sprintf("%s: link like %q", where, r.Rule.Link)
	case r.Rule.Link == "":
		return fmt.Sprintf("%s: title like %q", where, r.Rule.Title)
	}
	return fmt.Sprintf("%s: link like %q and title like %q", where, r.Rule.Link, r.Rule.Title)
}
