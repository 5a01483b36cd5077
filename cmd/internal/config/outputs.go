package config

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"

	"rafid"
)

func formatNames() []string  { return []string{"atom", "rss", "json"} }
func contentNames() []string { return []string{"headline", "summary", "full"} }
func creditNames() []string  { return []string{"suffix", "prefix", "none"} }

func (r *reader) outputKeys(c *Config) []key {
	o := &c.Outputs
	return []key{
		{"formats", "Which feeds are written.", oneOrList(choiceForm(formatNames())), func(n *yaml.Node) { r.formats(n, o) }, false},
		{"keep", "An item stays at least this long…", durationForm(), func(n *yaml.Node) {
			if v, ok := r.duration(n, "keep"); ok {
				o.Keep = v
			}
		}, false},
		{"max", "…or until so many newer ones have come.", numberForm(1), func(n *yaml.Node) {
			if v, ok := r.number(n, "max", 1); ok {
				o.Max = v
			}
		}, false},
		{"content", "How much text an item carries.", choiceForm(contentNames()), func(n *yaml.Node) {
			if v, ok := r.choice(n, "content", contentNames()); ok {
				o.Content = v
			}
		}, false},
		{"credit", "Where a title names its outlet.", choiceForm(creditNames()), func(n *yaml.Node) {
			if v, ok := r.choice(n, "credit", creditNames()); ok {
				o.Credit = v
			}
		}, false},
		{"feeds", "The channels: all, top, and one for each category and source.", orNothing(objectForm(r.feedKeys(c, &feeds{}))),
			func(n *yaml.Node) { r.feeds(n, c) }, true},
	}
}

func (r *reader) formats(n *yaml.Node, o *Outputs) {
	var formats []string
	seen := map[string]bool{}
	items := r.items(n, "formats")
	for _, item := range items {
		v, ok := r.choice(item, "a format", formatNames())
		if ok && seen[v] {
			r.report(item, "duplicate", "delete one of the two", "the format %s is there twice", v)
		} else if ok {
			formats, seen[v] = append(formats, v), true
		}
	}
	if len(items) == 0 && target(n).Kind == yaml.SequenceNode {
		r.report(n, "no-value", "write [atom, rss, json], or delete the line", "the list of formats is empty")
	}
	if len(formats) > 0 {
		o.Formats = formats
	}
}

// feeds is what outputs.feeds asks for.
type feeds struct {
	all, top     bool
	allTitle     string
	topTitle     string
	minSources   int
	each         []string
	minSourcesAt *yaml.Node
}

func (r *reader) feeds(n *yaml.Node, c *Config) {
	f := &feeds{allTitle: allTitle, topTitle: topTitle, minSources: defaultTop}
	for _, p := range r.pairs(n, "outputs.feeds", "duplicate-key") {
		keys := r.feedKeys(c, f)
		k := find(keys, p.name)
		switch {
		case k == nil:
			r.unknownKey(p, "outputs.feeds", []string{"all", "top", "each"})
		case isNull(p.value) && !k.blank:
			r.report(p.value, "no-value", "give it one, or delete the line", "%s has no value", p.name)
		default:
			k.read(p.value)
		}
	}
	r.asked = f
}

func (r *reader) feedKeys(c *Config, f *feeds) []key {
	return []key{
		{"all", "Everything, newest first.", orNothing(objectForm(r.channelKeys(&f.allTitle, nil, nil))), func(n *yaml.Node) {
			f.all = true
			if !isNull(n) {
				r.mapping(n, "all", r.channelKeys(&f.allTitle, nil, nil))
			}
		}, true},
		{"top", "What several independent outlets report.", orNothing(objectForm(r.channelKeys(&f.topTitle, &f.minSources, &f.minSourcesAt))), func(n *yaml.Node) {
			f.top = true
			if !isNull(n) {
				r.mapping(n, "top", r.channelKeys(&f.topTitle, &f.minSources, &f.minSourcesAt))
			}
			r.later = append(r.later, func() { r.reachable(c, f) })
		}, true},
		{"each", "One channel for each category, for each source.", oneOrList(choiceForm([]string{"category", "source"})), func(n *yaml.Node) {
			for _, item := range r.items(n, "each") {
				if v, ok := r.choice(item, "each", []string{"category", "source"}); ok && !slices.Contains(f.each, v) {
					f.each = append(f.each, v)
				}
			}
		}, true},
	}
}

func (r *reader) channelKeys(title *string, least *int, at **yaml.Node) []key {
	keys := []key{{"title", "The channel's name as readers see it.", textForm(), func(n *yaml.Node) {
		if v, ok := r.label(n, "title"); ok {
			*title = v
		}
	}, false}}
	if least == nil {
		return keys
	}
	return append(keys, key{"min_sources", "So many independent outlets make a story important.", numberForm(1), func(n *yaml.Node) {
		if v, ok := r.number(n, "min_sources", 1); ok {
			*least, *at = v, n
		}
	}, false})
}

// reachable warns when no story can have as many outlets as top asks for.
func (r *reader) reachable(c *Config, f *feeds) {
	outlets := map[string]bool{}
	for _, s := range c.Sources {
		if s.Enabled {
			outlets[s.Outlet] = true
		}
	}
	if f.minSourcesAt != nil && len(outlets) > 0 && f.minSources > len(outlets) && !r.problems.Errors() {
		r.warn(f.minSourcesAt, "min-sources", fmt.Sprintf("write at most %d", len(outlets)),
			"top asks for %d outlets, and there are %d", f.minSources, len(outlets))
	}
}

// channels expands the file's wishes.
func (f *feeds) channels(c *Config) []rafid.Channel {
	out := []rafid.Channel{}
	if f.all {
		out = append(out, channel("all", f.allTitle, rafid.Query{}, c))
	}
	if f.top {
		out = append(out, channel("top", f.topTitle, rafid.Query{MinSources: f.minSources}, c))
	}
	for _, each := range f.each {
		switch each {
		case "category":
			for _, cat := range c.Categories {
				out = append(out, channel(cat.Slug, cat.Title, rafid.Query{Category: cat.Slug}, c))
			}
		case "source":
			for _, s := range c.Sources {
				ch := channel("source-"+s.ID, s.Name, rafid.Query{Source: s.ID}, c)
				ch.Credited = true
				out = append(out, ch)
			}
		}
	}
	return out
}

func channel(name, title string, q rafid.Query, c *Config) rafid.Channel {
	q.Keep, q.Max = c.Outputs.Keep, c.Outputs.Max
	return rafid.Channel{Name: name, Title: title, Query: q}
}
