package config

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// KeepApart adds a pair of ids that never share a group, and takes the same pair out of keep_together: the
// later decision counts. Where other pairs of keep_together still unite the two, the edit is refused.
func KeepApart(a, b string) Edit {
	return decide(a, b, "keep_apart", "keep_together")
}

// KeepTogether adds a pair of ids of stories that share a group, and takes the same pair out of keep_apart.
// Where this would unite another pair that is kept apart, the edit is refused.
func KeepTogether(a, b string) Edit {
	return decide(a, b, "keep_together", "keep_apart")
}

// decide adds a pair to one list and takes it from the other.
func decide(a, b, into, outOf string) Edit {
	a, b = strings.ToValidUTF8(a, "\ufffd"), strings.ToValidUTF8(b, "\ufffd")
	is := func(n *yaml.Node) bool { return isPair(n, a, b) }
	return func(data []byte) ([]byte, error) {
		if a == b {
			return nil, fmt.Errorf("%s needs two ids, not %s twice", into, a)
		}
		data, err := removeFrom("dedupe", outOf, is)(data)
		if err != nil {
			return nil, err
		}
		return appendTo("dedupe", into, "["+flowScalar(a)+", "+flowScalar(b)+"]", is)(data)
	}
}

func isPair(n *yaml.Node, a, b string) bool {
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		return false
	}
	x, y := n.Content[0].Value, n.Content[1].Value
	return (x == a && y == b) || (x == b && y == a)
}

// appendTo adds an element, as it is written between brackets, to a list of a section, unless one of its
// elements is that already. A section or a list that is not there is opened.
func appendTo(section, name, element string, is func(*yaml.Node) bool) Edit {
	return checked(func(t *sheet) error {
		_, list := t.child(t.section(section), name)
		switch {
		case list == nil || isNull(list):
			return t.openList(section, name, element)
		case list.Kind != yaml.SequenceNode:
			return fmt.Errorf("%s %w", name, ErrShape)
		case slices.ContainsFunc(list.Content, is):
			return nil
		case list.Style&yaml.FlowStyle != 0:
			return t.appendFlow(list, element)
		}
		last := list.Content[len(list.Content)-1]
		t.insertLines(endLine(last)+1, t.dash(last)+"- "+element)
		return nil
	})
}

// openList writes the first element of a list that is not there, or has no value.
func (t *sheet) openList(section, name, element string) error {
	if k, _ := t.child(t.section(section), name); k != nil {
		t.insertLines(k.Line+1, strings.Repeat(" ", k.Column-1)+"  - "+element)
		return nil
	}
	at, indent, err := t.endOf(section)
	if err != nil {
		return err
	}
	pad := strings.Repeat(" ", indent)
	t.insertLines(at, pad+name+":", pad+"  - "+element)
	return nil
}

// removeFrom takes every element of that kind out of a list of a section; most often there is none.
func removeFrom(section, name string, is func(*yaml.Node) bool) Edit {
	one := checked(func(t *sheet) error {
		_, list := t.child(t.section(section), name)
		if list == nil || list.Kind != yaml.SequenceNode {
			return nil
		}
		i := slices.IndexFunc(list.Content, is)
		switch {
		case i < 0:
			return nil
		case list.Style&yaml.FlowStyle != 0:
			return t.removeFlow(list, i)
		}
		return t.removeLines(list, i)
	})
	return func(data []byte) ([]byte, error) {
		for {
			out, err := one(data)
			if err != nil || len(out) == len(data) {
				return out, err
			}
			data = out
		}
	}
}

// dash is the indentation of the dash before an element of a list.
func (t *sheet) dash(n *yaml.Node) string {
	line := t.lines[n.Line-1]
	return line[:len(line)-len(strings.TrimLeft(line, " "))]
}

// removeLines takes the i-th element of a list with dashes out, with what stands on its lines. Without any
// element the key stays, and has no value.
func (t *sheet) removeLines(list *yaml.Node, i int) error {
	n := list.Content[i]
	first, last := n.Line, endLine(n)
	alone := strings.HasPrefix(strings.TrimLeft(t.lines[first-1], " "), "- ")
	if !alone || n.Kind == yaml.AliasNode || n.Anchor != "" {
		return fmt.Errorf("the list at line %d %w", list.Line, ErrShape)
	}
	end := len(t.text)
	if last < len(t.lines) {
		end = t.starts[last]
	}
	t.splice(t.starts[first-1], end-t.starts[first-1], "")
	return nil
}

// removeFlow takes the i-th element out of a list in brackets, with one of the commas beside it.
func (t *sheet) removeFlow(list *yaml.Node, i int) error {
	start := t.offset(list.Line, list.Column)
	end := closingBracket(t.text[start:])
	if end < 0 || strings.Contains(t.text[start:start+end], "#") {
		return fmt.Errorf("the list at line %d %w", list.Line, ErrShape)
	}
	from, to := t.offset(list.Content[i].Line, list.Content[i].Column), start+end
	switch {
	case i+1 < len(list.Content):
		to = t.offset(list.Content[i+1].Line, list.Content[i+1].Column)
	case i > 0:
		from = start + 1 + len(strings.TrimRight(t.text[start+1:from], " \t\r\n"))
		from = strings.LastIndexByte(t.text[:from], ',')
	}
	t.splice(from, to-from, "")
	return nil
}

// Hide adds the id of a story or group that is shown nowhere.
func Hide(id string) Edit {
	id = strings.ToValidUTF8(id, "\ufffd")
	return appendTo("dedupe", "hide", flowScalar(id), func(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Value == id })
}
