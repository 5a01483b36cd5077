package config

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// sheet is the text of a file beside its nodes. Positions in it are those of the text as it was opened;
// one sheet takes one splice.
type sheet struct {
	mark   []byte // byte order mark, or nothing
	text   string
	lines  []string // without line ends
	starts []int    // byte offset of each line
	eol    string   // what ends a line
	root   *yaml.Node

	at, cut int    // the splice: so many bytes at this offset…
	paste   string // …become this
}

func openSheet(data []byte) (*sheet, error) {
	t := &sheet{eol: "\n"}
	if rest, ok := bytes.CutPrefix(data, []byte("\ufeff")); ok {
		t.mark, data = []byte("\ufeff"), rest
	}
	t.text = string(data)
	if strings.Contains(t.text, "\r\n") {
		t.eol = "\r\n"
	}
	at := 0
	for line := range strings.Lines(t.text) {
		t.starts = append(t.starts, at)
		t.lines = append(t.lines, strings.TrimRight(line, "\r\n"))
		at += len(line)
	}
	if strings.Contains(strings.ReplaceAll(t.text, "\r\n", ""), "\r") {
		return nil, fmt.Errorf("a file with lone carriage returns %w", ErrShape)
	}
	var err error
	t.root, err = parseTree(t.text)
	return t, err
}

func (t *sheet) bytes() []byte {
	out := append([]byte(nil), t.mark...)
	out = append(out, t.text[:t.at]...)
	out = append(out, t.paste...)
	return append(out, t.text[t.at+t.cut:]...)
}

func (t *sheet) splice(at, cut int, paste string) { t.at, t.cut, t.paste = at, cut, paste }

// insertLines puts lines before the line of that number (from 1), or at the end.
func (t *sheet) insertLines(before int, lines ...string) {
	paste := strings.Join(lines, t.eol) + t.eol
	if before <= len(t.lines) {
		t.splice(t.starts[before-1], 0, paste)
		return
	}
	if t.text != "" && !strings.HasSuffix(t.text, "\n") {
		paste = t.eol + strings.TrimSuffix(paste, t.eol)
	}
	t.splice(len(t.text), 0, paste)
}

// offset is the byte at a node's position.
func (t *sheet) offset(line, col int) int {
	at := t.starts[line-1]
	for i := range t.lines[line-1] {
		if col--; col == 0 {
			return at + i
		}
	}
	return at + len(t.lines[line-1])
}

// section is the value of a top-level key; nil when it is not there or empty.
func (t *sheet) section(name string) *yaml.Node {
	_, value := t.child(t.root, name)
	if value == nil || isNull(value) {
		return nil
	}
	return value
}

// child finds a key of a mapping and its value.
func (t *sheet) child(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// endOf says before which line a new entry of a section goes, and how deep. A section that is not there
// is opened: then the entry goes to the end of the file, with the section's key before it.
func (t *sheet) endOf(name string) (line, indent int, err error) {
	key, value := t.child(t.root, name)
	switch {
	case key == nil:
		return t.openSection(name), 2, nil
	case isNull(value):
		return key.Line + 1, key.Column + 1, nil
	case value.Kind != yaml.MappingNode || value.Style&yaml.FlowStyle != 0 || len(value.Content) == 0:
		return 0, 0, fmt.Errorf("%s %w: write it in lines, one entry below the other", name, ErrShape)
	}
	indent = value.Content[0].Column - 1
	return t.lastLine(value, key, t.root) + 1, indent, nil
}

// openSection adds the key to the text itself, so that the entry that is inserted next follows it.
func (t *sheet) openSection(name string) int {
	if t.text != "" && !strings.HasSuffix(t.text, "\n") {
		t.text += t.eol
	}
	t.text += t.eol + name + ":" + t.eol
	return len(t.lines) + 1 + 2
}

// lastLine is the last line that belongs to the value n of a mapping: the one before the next key, blank
// lines and comments that stand further out left to what follows them. key and within give the entry
// that encloses n and the mapping that holds the entry.
func (t *sheet) lastLine(n, key, within *yaml.Node) int {
	next := len(t.lines) + 1
	for _, other := range t.following(n, key, within) {
		if other.Line > key.Line && other.Line > n.Line && other.Line < next {
			next = other.Line
		}
	}
	least := n.Column - 1
	for line := next - 1; line > n.Line; line-- {
		text := t.lines[line-1]
		trimmed := strings.TrimLeft(text, " \t")
		outer := strings.HasPrefix(trimmed, "#") && len(text)-len(trimmed) < least
		if trimmed != "" && !outer && !strings.HasPrefix(text, "---") && !strings.HasPrefix(text, "...") {
			return max(line, endLine(n))
		}
	}
	return endLine(n)
}

// following are the keys that can end n: those of the whole tree that stand no deeper than n's own key.
func (t *sheet) following(n, key, within *yaml.Node) []*yaml.Node {
	var keys []*yaml.Node
	collect := func(m *yaml.Node) {
		if m == nil || m.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(m.Content); i += 2 {
			if m.Content[i] != key && m.Content[i+1] != n {
				keys = append(keys, m.Content[i])
			}
		}
	}
	collect(within)
	collect(t.root)
	if sources := t.section("sources"); sources != n {
		collect(sources)
	}
	return keys
}

// endLine is the last line on which a node has something.
func endLine(n *yaml.Node) int {
	last := n.Line
	for _, child := range n.Content {
		last = max(last, endLine(child))
	}
	return last
}

// span is the raw text of a scalar that stands on one line.
func (t *sheet) span(n *yaml.Node) (at, length int, err error) {
	if n.Kind != yaml.ScalarNode || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		return 0, 0, fmt.Errorf("the value at line %d %w", n.Line, ErrShape)
	}
	at = t.offset(n.Line, n.Column)
	rest := t.lines[n.Line-1][at-t.starts[n.Line-1]:]
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		if end := closingQuote(rest); end > 0 {
			return at, end + 1, nil
		}
	} else if strings.HasPrefix(rest, n.Value) {
		return at, len(n.Value), nil
	}
	return 0, 0, fmt.Errorf("the value at line %d %w", n.Line, ErrShape)
}

// replaceScalar writes another value in the place of n, in n's own quotes where it has some.
func (t *sheet) replaceScalar(n *yaml.Node, value string) error {
	value = strings.ToValidUTF8(value, "\ufffd")
	if n.Value == value {
		return nil
	}
	at, length, err := t.span(n)
	if err != nil {
		return err
	}
	text := flowScalar(value)
	switch {
	case n.Style&yaml.SingleQuotedStyle != 0:
		text = quoted(value)
	case n.Style&yaml.DoubleQuotedStyle != 0:
		text = strconv.Quote(value)
	case !t.inFlow(n):
		text = scalar(value)
	}
	t.splice(at, length, text)
	return nil
}

// inFlow says that n stands between brackets on its line.
func (t *sheet) inFlow(n *yaml.Node) bool {
	before := t.lines[n.Line-1][:t.offset(n.Line, n.Column)-t.starts[n.Line-1]]
	return strings.ContainsAny(before, "[{")
}

// lengthen turns "id: address" into the long form with one more line. What followed the address on its
// line, a comment, stays with it.
func (t *sheet) lengthen(k, v *yaml.Node, line string) error {
	at, _, err := t.span(v)
	if err != nil {
		return err
	}
	if v.Line != k.Line || t.inFlow(k) {
		return fmt.Errorf("source %s %w", k.Value, ErrShape)
	}
	lineStart, full := t.starts[k.Line-1], t.lines[k.Line-1]
	head := strings.TrimRight(full[:at-lineStart], " ")
	pad := strings.Repeat(" ", k.Column-1+2)
	text := head + t.eol + pad + "url: " + full[at-lineStart:] + t.eol + pad + line
	t.splice(lineStart, len(full), text)
	return nil
}

// appendFlow adds an element before the bracket that closes a list.
func (t *sheet) appendFlow(list *yaml.Node, element string) error {
	start := t.offset(list.Line, list.Column)
	end := closingBracket(t.text[start:])
	if end < 0 {
		return fmt.Errorf("the list at line %d %w", list.Line, ErrShape)
	}
	inner := strings.TrimRight(t.text[start+1:start+end], " \t\r\n")
	switch {
	case strings.Contains(inner, "#"):
		return fmt.Errorf("the list at line %d, with comments in it, %w", list.Line, ErrShape)
	case strings.TrimSpace(inner) != "" && !strings.HasSuffix(inner, ","):
		element = ", " + element
	}
	t.splice(start+1+len(inner), 0, element)
	return nil
}

// closingBracket finds the bracket that closes the one that s begins with.
func closingBracket(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return i
			}
		case '"', '\'':
			end := closingQuote(s[i:])
			if end < 0 {
				return -1
			}
			i += end
		}
	}
	return -1
}

var reFlow = regexp.MustCompile(`[,\[\]{}]`)

// scalar writes a value as plainly as YAML reads it back. Bytes that are no UTF-8, which a file cannot hold, are
// written as U+FFFD.
func scalar(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	n, err := parseTree("k: " + s + "\n")
	if err == nil && n.Kind == yaml.MappingNode && len(n.Content) == 2 && !strings.ContainsAny(s, "\n\r") {
		v := n.Content[1]
		if v.Kind == yaml.ScalarNode && v.Value == s && v.Style == 0 && v.Tag != "!!null" && v.Anchor == "" {
			return s
		}
	}
	if strings.ContainsAny(s, "\n\r\t") {
		return strconv.Quote(s)
	}
	return quoted(s)
}

// flowScalar is scalar inside brackets, where more has to be quoted.
func flowScalar(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if reFlow.MatchString(s) {
		return quoted(s)
	}
	return scalar(s)
}
