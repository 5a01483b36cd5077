package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Format gives the file in its usual spacing: two spaces a level, dashes below their key and indented, one
// space behind a colon and a dash, no spaces at the end of a line, one blank line between sections and never
// two. Words, order, quotes and comments stay; a comment behind a value keeps its column unless the value needs
// the room. Formatting twice changes nothing more. Only the YAML must be sound, not what it says.
func Format(data []byte) ([]byte, error) {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(bytes.TrimPrefix(data, []byte("\ufeff"))))
	if len(data) > maxBytes {
		return nil, fmt.Errorf("a file of more than %d MB %w", maxBytes>>20, ErrShape)
	}
	root, err := parseTree(text)
	if err != nil {
		_, problems := Parse("feeds.yaml", data)
		return nil, fmt.Errorf("%w: %w", ErrInvalidFile, errors.Join(err, problems))
	}
	l := newLayout(text)
	if err := l.walk(root, 0); err != nil {
		return nil, err
	}
	out := l.print()
	again, err := parseTree(out)
	if err != nil || !sameTree(root, again) || spaceless(out) != spaceless(text) {
		return nil, fmt.Errorf("the file %w", ErrShape)
	}
	return []byte(out), nil
}

// layout knows of each line of a text how deep it belongs.
type layout struct {
	lines []string
	old   []int        // indentation now
	depth []int        // of the entry that begins on the line; -1 where none does
	keys  []*yaml.Node // the first key on the line
	raw   []bool       // inside a text of several lines: nothing but its indentation may change
}

func newLayout(text string) *layout {
	l := &layout{lines: strings.Split(text, "\n")}
	l.old, l.depth = make([]int, len(l.lines)), make([]int, len(l.lines))
	l.keys, l.raw = make([]*yaml.Node, len(l.lines)), make([]bool, len(l.lines))
	for i, line := range l.lines {
		l.old[i], l.depth[i] = indentOf(line), -1
	}
	return l
}

// walk notes where the entries of n begin, which stands at the given depth, and which lines are raw.
func (l *layout) walk(n *yaml.Node, depth int) error {
	if n.Style&yaml.FlowStyle != 0 || n.Kind == yaml.AliasNode {
		l.markTexts(n)
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			k, v := n.Content[i], n.Content[i+1]
			l.begin(k.Line, depth)
			if l.keys[k.Line-1] == nil {
				l.keys[k.Line-1] = k
			}
			if err := errors.Join(l.walk(k, depth+1), l.walk(v, depth+1)); err != nil {
				return err
			}
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			if !strings.HasPrefix(strings.TrimLeft(l.lines[item.Line-1], " "), "-") && l.depth[item.Line-1] < 0 {
				return fmt.Errorf("the list at line %d %w", n.Line, ErrShape) // the dash stands on a line of its own
			}
			l.begin(item.Line, depth)
			if err := l.walk(item, depth+1); err != nil {
				return err
			}
		}
	default:
		l.markTexts(n)
	}
	return nil
}

func (l *layout) begin(line, depth int) {
	if l.depth[line-1] < 0 {
		l.depth[line-1] = depth
	}
}

// markTexts marks the lines that a text goes on over, below the one on which it begins.
func (l *layout) markTexts(n *yaml.Node) {
	for _, child := range n.Content {
		l.markTexts(child)
	}
	end := n.Line
	switch {
	case n.Kind != yaml.ScalarNode:
		return
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		end = l.blockEnd(n)
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		end = l.quoteEnd(n)
	}
	for i := n.Line; i < end && i < len(l.lines); i++ {
		l.raw[i] = true
	}
}

// blockEnd is the last line of a text that | or > opens: the one before a line that stands further out.
func (l *layout) blockEnd(n *yaml.Node) int {
	end, inner := n.Line, -1
	for i := n.Line; i < len(l.lines); i++ {
		if strings.Trim(l.lines[i], " \t") == "" {
			continue
		}
		if inner < 0 {
			inner = l.old[i]
		}
		if l.old[i] < inner || inner == 0 {
			return end
		}
		end = i + 1
	}
	return end
}

// quoteEnd is the line on which a quoted text is closed.
func (l *layout) quoteEnd(n *yaml.Node) int {
	first := []rune(l.lines[n.Line-1])
	text := string(first[min(n.Column-1, len(first)):])
	for i := n.Line; i < len(l.lines); i++ {
		if at := strings.IndexAny(text, `"'`); at >= 0 && closingQuote(text[at:]) > 0 {
			return i
		}
		text += "\n" + l.lines[i]
	}
	return len(l.lines)
}

// print writes the lines anew.
func (l *layout) print() string {
	var out []string
	shift := 0 // of the entry that goes on
	for i, line := range l.lines {
		trimmed := strings.TrimRight(line, " \t")
		switch {
		case l.raw[i]:
			out = append(out, shifted(line, shift))
		case trimmed == "":
			if len(out) > 0 && out[len(out)-1] != "" {
				out = append(out, "")
			}
		case l.depth[i] >= 0:
			indent := 2 * l.depth[i]
			shift = indent - l.old[i]
			if indent == 0 {
				out = apart(out)
			}
			out = append(out, strings.Repeat(" ", indent)+l.entry(i, indent))
		case strings.HasPrefix(trimmed[l.old[i]:], "#"):
			out = append(out, strings.Repeat(" ", l.commentIndent(i))+trimmed[l.old[i]:])
		default:
			out = append(out, shifted(trimmed, shift))
		}
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return strings.Join(out, "\n") + "\n"
}

// apart puts a blank line before a section, and before the comment that stands right above it.
func apart(out []string) []string {
	at := len(out)
	for at > 0 && strings.HasPrefix(out[at-1], "#") {
		at--
	}
	if at == 0 || out[at-1] == "" || strings.HasPrefix(out[at-1], "---") || strings.HasPrefix(out[at-1], "%") {
		return out
	}
	return append(out[:at], append([]string{""}, out[at:]...)...)
}

func shifted(line string, by int) string {
	if strings.Trim(line, " \t") == "" {
		return line
	}
	if by >= 0 {
		return strings.Repeat(" ", by) + line
	}
	return line[min(-by, indentOf(line)):]
}

// entry is the text of a line that begins an entry, behind its indentation.
func (l *layout) entry(i, indent int) string {
	line := l.lines[i]
	rest, dashes := line[l.old[i]:], ""
	for strings.HasPrefix(rest, "- ") {
		dashes, rest = dashes+"- ", strings.TrimLeft(rest[2:], " ")
	}
	content, comment := splitComment(rest)
	if k := l.keys[i]; k != nil {
		content = spaced(content, k)
	}
	content = strings.TrimRight(dashes+content, " \t")
	if comment == "" {
		return content
	}
	was := utf8.RuneCountInString(line[:len(line)-len(rest)]) + utf8.RuneCountInString(rest[:len(rest)-len(comment)])
	gap := was - indent - utf8.RuneCountInString(content)
	return content + strings.Repeat(" ", max(2, gap)) + strings.TrimRight(comment, " \t")
}

// spaced writes one space behind the colon of a key.
func spaced(content string, k *yaml.Node) string {
	end := len(k.Value)
	switch {
	case k.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		end = closingQuote(content) + 1
	case !strings.HasPrefix(content, k.Value):
		return content
	}
	value, ok := strings.CutPrefix(strings.TrimLeft(content[end:], " "), ":")
	if !ok {
		return content
	}
	return strings.TrimRight(content[:end]+": "+strings.TrimLeft(value, " \t"), " \t")
}

// splitComment cuts a line before the comment that ends it, outside of quotes that open at the start of a value.
func splitComment(s string) (content, comment string) {
	for i := 0; i < len(s); i++ {
		switch opens := i == 0 || strings.IndexByte(" [{,", s[i-1]) >= 0; {
		case s[i] == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t'):
			return s[:i], s[i:]
		case opens && (s[i] == '"' || s[i] == '\''):
			end := closingQuote(s[i:])
			if end < 0 {
				return s, ""
			}
			i += end
		}
	}
	return s, ""
}

// commentIndent is how deep a comment on a line of its own stands: as the entry below it or the nearest above
// it that stood just as deep, else as the deepest above that stood further out.
func (l *layout) commentIndent(i int) int {
	for j := i + 1; j < len(l.lines); j++ {
		if l.depth[j] >= 0 {
			if l.old[j] == l.old[i] {
				return 2 * l.depth[j]
			}
			break
		}
	}
	outer := -1
	for j := i - 1; j >= 0; j-- {
		switch {
		case l.depth[j] < 0:
		case l.old[j] == l.old[i]:
			return 2 * l.depth[j]
		case l.old[j] < l.old[i] && (outer < 0 || l.old[j] > l.old[outer]):
			outer = j
		}
	}
	if outer < 0 {
		return 0
	}
	return 2 * l.depth[outer]
}

// sameTree says that two texts say the same.
func sameTree(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || a.Anchor != b.Anchor || a.Style != b.Style || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !sameTree(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

// spaceless is all of a text that formatting leaves.
func spaceless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
