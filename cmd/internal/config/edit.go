package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// What the editing functions refuse.
var (
	ErrNoSource    = errors.New("no such source")
	ErrExists      = errors.New("is there already")
	ErrShape       = errors.New("is written in a form that only a person should change")
	ErrInvalidFile = errors.New("the file has mistakes of its own; see rafid check")
)

// Edit is a change to the text of a feeds.yaml. It gives back the whole text, different only where the
// change needs it: comments, order, blank lines, quotes and line ends stay byte for byte. A change that
// is there already gives back the text as it is. The given bytes are not modified.
type Edit func(data []byte) ([]byte, error)

// NewSource is what [AddSource] writes.
type NewSource struct {
	ID, URL                 string
	Name, Category, Country string // empty: the line is left out; all empty: the short form
}

// AddSource appends a source to the end of the section of sources.
func AddSource(s NewSource) Edit { return AddSources(s) }

// AddSources appends sources to the end of the section of sources, in their order. None is added when the id of
// one is taken.
func AddSources(all ...NewSource) Edit {
	return checked(func(t *sheet) error {
		for i, s := range all {
			_, value := t.child(t.section("sources"), s.ID)
			if value != nil || slices.ContainsFunc(all[:i], func(o NewSource) bool { return o.ID == s.ID }) {
				return fmt.Errorf("source %s %w", s.ID, ErrExists)
			}
		}
		at, indent, err := t.endOf("sources")
		if err != nil {
			return err
		}
		var lines []string
		for _, s := range all {
			lines = append(lines, s.lines(strings.Repeat(" ", indent))...)
		}
		t.insertLines(at, lines...)
		return nil
	})
}

// lines is the source as it is written, in the short form where that says all.
func (s NewSource) lines(pad string) []string {
	if s.Name+s.Category+s.Country == "" {
		return []string{pad + s.ID + ": " + scalar(s.URL)}
	}
	lines := []string{pad + s.ID + ":", pad + "  url: " + scalar(s.URL)}
	for _, kv := range [][2]string{{"category", s.Category}, {"country", s.Country}, {"name", s.Name}} {
		if kv[1] != "" {
			lines = append(lines, pad+"  "+kv[0]+": "+scalar(kv[1]))
		}
	}
	return lines
}

// SetCategory files everything of a source under a category.
func SetCategory(id, slug string) Edit { return setKey(id, "category", slug) }

// SetEnabled says whether a source is fetched.
func SetEnabled(id string, enabled bool) Edit { return setKey(id, "enabled", fmt.Sprint(enabled)) }

// SetName gives a source's outlet its name for readers.
func SetName(id, name string) Edit { return setKey(id, "name", name) }

// SetURL exchanges one of a source's addresses for another.
func SetURL(id, from, to string) Edit {
	return checked(func(t *sheet) error {
		_, value := t.child(t.section("sources"), id)
		if value == nil {
			return fmt.Errorf("source %s: %w", id, ErrNoSource)
		}
		if value.Kind == yaml.MappingNode {
			_, value = t.child(value, "url")
		}
		candidates := []*yaml.Node{value}
		if value != nil && value.Kind == yaml.SequenceNode {
			candidates = value.Content
		}
		for _, n := range candidates {
			if n != nil && n.Kind == yaml.ScalarNode && n.Value == from {
				return t.replaceScalar(n, to)
			}
		}
		return fmt.Errorf("source %s: address %s: %w", id, from, ErrNoSource)
	})
}

// setKey sets one key of a source, which becomes long if it was short.
func setKey(id, name, value string) Edit {
	return checked(func(t *sheet) error {
		k, v := t.child(t.section("sources"), id)
		switch {
		case v == nil:
			return fmt.Errorf("source %s: %w", id, ErrNoSource)
		case v.Kind == yaml.ScalarNode:
			return t.lengthen(k, v, name+": "+scalar(value))
		case v.Kind != yaml.MappingNode:
			return fmt.Errorf("source %s %w", id, ErrShape)
		}
		if _, old := t.child(v, name); old != nil {
			return t.replaceScalar(old, value)
		}
		if v.Style&yaml.FlowStyle != 0 {
			t.splice(t.offset(v.Line, v.Column)+1, 0, name+": "+flowScalar(value)+", ")
			return nil
		}
		// Behind the address, which is there, or the file would not have been valid.
		at, url := t.child(v, "url")
		if url == nil || at == nil {
			return fmt.Errorf("source %s %w", id, ErrShape)
		}
		t.insertLines(t.lastLine(url, k, v)+1, strings.Repeat(" ", at.Column-1)+name+": "+scalar(value))
		return nil
	})
}

// checked wraps a change: the file must be valid before, must be valid after, and is opened and closed
// with the line ends and the byte order mark that it had.
func checked(change func(*sheet) error) Edit {
	return func(data []byte) ([]byte, error) {
		if _, problems := Parse("feeds.yaml", data); problems.Errors() {
			return nil, fmt.Errorf("%w:\n%w", ErrInvalidFile, problems)
		}
		t, err := openSheet(data)
		if err != nil {
			return nil, err
		}
		if err := change(t); err != nil {
			return nil, err
		}
		out := t.bytes()
		if bytes.Equal(out, data) {
			return data, nil
		}
		if _, problems := Parse("feeds.yaml", out); problems.Errors() {
			return nil, fmt.Errorf("the change would make a mistake:\n%w", problems)
		}
		return out, nil
	}
}
