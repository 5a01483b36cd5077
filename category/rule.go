package category

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"

	"rafid"
	"rafid/arabic"
)

// Rule is one of the operator's: when Link, Title and When match (an empty one matches everything, but one
// of them must be given), the story gets Category and Tag, or is dropped.
type Rule struct {
	Link     string // glob over the whole link: * is any run of characters, ? is one; case does not count
	Title    string // RE2 expression, searched in the title as shown and, folded, in the folded title
	When     string // a condition in the language of [Expr], without category(…) and tag(…)
	Category string // slug; "" leaves the category alone
	Tag      string // "" adds none
	Drop     bool   // leave the story out
	Line     int    // where the operator wrote it, for messages; 0 when unknown
}

// RuleError says what is wrong with a rule, and where in it.
type RuleError struct {
	Line   int    // Rule.Line
	Field  string // "link", "title", "when", "category" or "" for the rule as a whole
	Offset int    // runes into the field's text where the mistake begins
	Err    error  // what is wrong
}

// Error names the line, when it is known, the field, and of a condition the column.
func (e *RuleError) Error() string {
	where := "rule"
	if e.Line > 0 {
		where = fmt.Sprintf("rule at line %d", e.Line)
	}
	if e.Field != "" {
		where += ", " + e.Field
	}
	if e.Field == "when" {
		where += fmt.Sprintf(", column %d", e.Offset+1)
	}
	return where + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *RuleError) Unwrap() error { return e.Err }

// What [Rule.Check] refuses, beside a pattern that does not compile and a condition that cannot be read.
var (
	ErrNoCondition = errors.New("needs a link, a title or a condition (when) to match")
	ErrNoAction    = errors.New("needs a category, a tag or drop")
	ErrMatchesAll  = errors.New("matches every story")
	ErrTooEarly    = errors.New("is not known yet when rules are tried")
)

// Check says whether the rule can work; the error is a [*RuleError].
func (r Rule) Check() error {
	_, err := r.compile()
	return err
}

// References gives the ids and ages that When names, in order; none when When cannot be read.
func (r Rule) References() []Reference {
	e, err := Compile(r.When)
	if err != nil {
		return nil
	}
	return e.References()
}

// compiled is a rule ready to match: all parts have to.
type compiled struct {
	Rule
	parts []func(*subject) bool
}

func (c *compiled) matches(s *subject) bool {
	for _, part := range c.parts {
		if !part(s) {
			return false
		}
	}
	return true
}

func (r Rule) compile() (compiled, error) {
	c := compiled{Rule: r}
	if r.Link == "" && r.Title == "" && r.When == "" {
		return c, &RuleError{Line: r.Line, Err: ErrNoCondition}
	}
	if r.Category == "" && r.Tag == "" && !r.Drop {
		return c, &RuleError{Line: r.Line, Err: ErrNoAction}
	}
	for _, part := range []struct {
		field, text string
		compile     func(Rule) (func(*subject) bool, error)
	}{{"link", r.Link, Rule.linkPart}, {"title", r.Title, Rule.titlePart}, {"when", r.When, Rule.whenPart}} {
		if part.text == "" {
			continue
		}
		matches, err := part.compile(r)
		if err != nil {
			bad := &RuleError{Line: r.Line, Field: part.field, Err: err}
			var placed *SyntaxError
			if errors.As(err, &placed) {
				bad.Offset, bad.Err = placed.Offset, placed.Err
			}
			return c, bad
		}
		c.parts = append(c.parts, matches)
	}
	return c, nil
}

func (r Rule) linkPart() (func(*subject) bool, error) {
	if r.Title+r.When == "" {
		return linkTest(argument{text: r.Link})
	}
	re := glob(r.Link)
	return func(s *subject) bool { return re.MatchString(s.story.Link) || re.MatchString(s.readable()) }, nil
}

func (r Rule) titlePart() (func(*subject) bool, error) {
	p, err := compilePattern(r.Title)
	if errors.Is(err, ErrMatchesAll) && r.Link+r.When != "" {
		return func(*subject) bool { return true }, nil
	}
	if err != nil {
		return nil, err
	}
	return func(s *subject) bool { return p.in(s.inTitle()) }, nil
}

func (r Rule) whenPart() (func(*subject) bool, error) {
	e, err := Compile(r.When)
	if err != nil {
		return nil, err
	}
	for _, ref := range e.refs {
		if ref.Kind == "category" || ref.Kind == "tag" {
			return nil, fail(ref.Offset, "%s(…) %w", ref.Kind, ErrTooEarly)
		}
	}
	return e.root.match, nil
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

// Condition says in words what the rule matches, such as `link like "*/sport/*"`.
func (r Rule) Condition() string {
	var parts []string
	if r.Link != "" {
		parts = append(parts, fmt.Sprintf("link like %q", r.Link))
	}
	if r.Title != "" {
		parts = append(parts, fmt.Sprintf("title like %q", r.Title))
	}
	if r.When != "" {
		parts = append(parts, r.When)
	}
	return strings.Join(parts, " and ")
}

// Action says in words what the rule does, such as "category sport, tag media".
func (r Rule) Action() string {
	var parts []string
	if r.Category != "" {
		parts = append(parts, "category "+r.Category)
	}
	if r.Tag != "" {
		parts = append(parts, "tag "+r.Tag)
	}
	if r.Drop {
		parts = append(parts, "drop")
	}
	return strings.Join(parts, ", ")
}

// name is how a verdict speaks of the rule.
func (c *compiled) name() string {
	where := "rule"
	if c.Line > 0 {
		where = fmt.Sprintf("rule at line %d", c.Line)
	}
	return where + ": " + c.Condition()
}

// subjectOf is a story as rules see it: its age is what it was when we first met it, so that the same
// story gets the same verdict tomorrow.
func subjectOf(s *rafid.Story) *subject {
	return &subject{story: s, now: s.FirstSeen}
}
