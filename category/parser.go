package category

import (
	"errors"
	"fmt"
	"strings"
)

// maxDepth bounds nesting; operators nest two or three deep.
const maxDepth = 64

// parser reads an expression by recursive descent, one token ahead.
type parser struct {
	lexer lexer
	tok   token
	depth int
	refs  []Reference
}

func parse(text string) (node, []Reference, error) {
	p := &parser{lexer: lexer{rest: text}}
	p.advance()
	root, err := p.either()
	if err == nil && p.tok.kind != tokenEnd {
		err = p.unexpected("and, or, or the end")
	}
	return root, p.refs, err
}

func (p *parser) advance() { p.tok = p.lexer.next() }

// keyword says whether the token is this word, in any case.
func (p *parser) keyword(word string) bool {
	return p.tok.kind == tokenWord && strings.EqualFold(p.tok.text, word)
}

func (p *parser) mark(sign string) bool { return p.tok.kind == tokenMark && p.tok.text == sign }

// fail reports a mistake at an offset.
func fail(offset int, format string, args ...any) error {
	return &SyntaxError{Offset: offset, Err: fmt.Errorf(format, args...)}
}

// unexpected reports the token that stands where something else should.
func (p *parser) unexpected(want string) error {
	at := p.tok.offset
	switch p.tok.kind {
	case tokenEnd:
		return fail(at, "it ends where %s should follow", want)
	case tokenOpen:
		return fail(at, "no %s closes this", p.tok.text)
	case tokenPattern:
		return fail(at, "found /%s/ where %s should stand", p.tok.text, want)
	}
	return fail(at, "found %q where %s should stand", p.tok.text, want)
}

// either reads parts joined by "or".
func (p *parser) either() (node, error) {
	parts, err := p.joined("or", p.both)
	return oneOr(parts, func() node { return some(parts) }), err
}

// both reads parts joined by "and".
func (p *parser) both() (node, error) {
	parts, err := p.joined("and", p.single)
	return oneOr(parts, func() node { return every(parts) }), err
}

func (p *parser) joined(by string, part func() (node, error)) ([]node, error) {
	var parts []node
	for {
		n, err := part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
		if !p.keyword(by) {
			return parts, nil
		}
		p.advance()
	}
}

// oneOr gives a lone part as it is, and several joined.
func oneOr(parts []node, join func() node) node {
	if len(parts) == 1 {
		return parts[0]
	}
	return join()
}

// single reads a condition, a negated one, or an expression in parentheses.
func (p *parser) single() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, fail(p.tok.offset, "nested deeper than %d", maxDepth)
	}
	defer func() { p.depth-- }()
	switch {
	case p.keyword("not"):
		p.advance()
		n, err := p.single()
		return not{n}, err
	case p.mark("("):
		open := p.tok.offset
		p.advance()
		n, err := p.either()
		if err != nil {
			return nil, err
		}
		return n, p.close(open)
	case p.tok.kind == tokenWord && !p.keyword("and") && !p.keyword("or"):
		return p.condition()
	}
	return nil, p.unexpected("a condition such as words(…)")
}

// close reads the parenthesis that closes the one at an offset.
func (p *parser) close(open int) error {
	if p.tok.kind == tokenEnd {
		return fail(open, "no ) closes this")
	}
	if !p.mark(")") {
		return p.unexpected("and, or, or )")
	}
	p.advance()
	return nil
}

// condition reads a name and its arguments.
func (p *parser) condition() (node, error) {
	name := p.tok
	kind := conditionOf(strings.ToLower(name.text))
	if kind == nil {
		return nil, fail(name.offset, "there is no condition %q; %s", name.text, meantCondition(name.text))
	}
	p.advance()
	if !p.mark("(") {
		return nil, p.unexpected(fmt.Sprintf("%s's argument in parentheses", kind.name))
	}
	open := p.tok.offset
	p.advance()
	c := &condition{name: kind.name}
	for {
		if err := p.argument(c, kind); err != nil {
			return nil, err
		}
		if !p.mark(",") {
			break
		}
		p.advance()
	}
	if p.tok.kind == tokenEnd {
		return nil, fail(open, "no ) closes this")
	}
	if !p.mark(")") {
		return nil, p.unexpected("a comma or )")
	}
	p.advance()
	return c, nil
}

// argument reads one argument of a condition and makes its test.
func (p *parser) argument(c *condition, kind *conditionKind) error {
	a := argument{text: p.tok.text, pattern: p.tok.kind == tokenPattern, offset: p.tok.offset}
	switch p.tok.kind {
	case tokenWord, tokenText, tokenPattern:
	default:
		return p.unexpected(kind.wants)
	}
	test, err := kind.test(a)
	if err != nil {
		var deeper *SyntaxError
		if errors.As(err, &deeper) { // within the text: one rune further, past the quote or slash
			return fail(a.offset+1+deeper.Offset, "%s: %w", kind.name, deeper.Err)
		}
		return fail(a.offset, "%s: %w", kind.name, err)
	}
	if kind.names {
		p.refs = append(p.refs, Reference{Kind: kind.name, Name: a.text, Offset: a.offset})
	}
	c.args = append(c.args, a)
	c.tests = append(c.tests, test)
	p.advance()
	return nil
}
