package config

import (
	"slices"
	"time"

	"go.yaml.in/yaml/v4"
)

func formatNames() []string  { return []string{"atom", "rss", "json"} }
func contentNames() []string { return []string{"headline", "summary", "full"} }
func creditNames() []string  { return []string{"suffix", "prefix", "none"} }

func (r *reader) outputKeys(c *Config) []key {
	o := &c.Outputs
	return []key{
		{"formats", "Which feeds are written.", oneOrList(choiceForm(formatNames())), func(n *yaml.Node) { r.formats(n, &o.Formats) }, false},
		{"keep", "An item stays at least this long…", durationForm(), func(n *yaml.Node) { r.span(n, "keep", &o.Keep) }, false},
		{"max", "…or until so many newer ones have come.", numberForm(1), func(n *yaml.Node) { r.count(n, "max", &o.Max) }, false},
		{"content", "How much text an item carries.", choiceForm(contentNames()),
			func(n *yaml.Node) { r.word(n, "content", contentNames(), &o.Content) }, false},
		{"credit", "Where a title names its outlet.", choiceForm(creditNames()),
			func(n *yaml.Node) { r.word(n, "credit", creditNames(), &o.Credit) }, false},
		{"feeds", "The channels: all, top, one for each category and source, and any by a name of your own.", orNothing(r.feedsForm()),
			func(n *yaml.Node) { r.feeds(n, c) }, true},
	}
}

// formats reads names of formats, each once, into v.
func (r *reader) formats(n *yaml.Node, v *[]string) {
	var formats []string
	items := r.items(n, "formats")
	for _, item := range items {
		f, ok := r.choice(item, "a format", formatNames())
		if ok && slices.Contains(formats, f) {
			r.report(item, "duplicate", "delete one of the two", "the format %s is there twice", f)
		} else if ok {
			formats = append(formats, f)
		}
	}
	if len(items) == 0 && target(n).Kind == yaml.SequenceNode {
		r.report(n, "no-value", "write [atom, rss, json], or delete the line", "the list of formats is empty")
	}
	if len(formats) > 0 {
		*v = formats
	}
}

// word reads one word of a fixed list into v.
func (r *reader) word(n *yaml.Node, what string, words []string, v *string) {
	if w, ok := r.choice(n, what, words); ok {
		*v = w
	}
}

// count reads a whole number of at least 1 into v.
func (r *reader) count(n *yaml.Node, what string, v *int) {
	if i, ok := r.number(n, what, 1); ok {
		*v = i
	}
}

// span reads a duration above zero into v.
func (r *reader) span(n *yaml.Node, what string, v *time.Duration) {
	if d, ok := r.duration(n, what); ok {
		*v = d
	}
}

// named reads text for readers into v.
func (r *reader) named(n *yaml.Node, what string, v *string) {
	if s, ok := r.label(n, what); ok {
		*v = s
	}
}
