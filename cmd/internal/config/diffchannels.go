package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rafid"
)

// channels tells of what the sections above have not told: channels of sources and categories come and go
// with them.
func (d *diff) channels(old, now Outputs) {
	d.field("outputs: feeds", strings.Join(kinds(old), ", "), strings.Join(kinds(now), ", "))
	was := make(map[string]rafid.Channel, len(old.Channels))
	for _, ch := range old.Channels {
		was[ch.Name] = ch
	}
	for _, ch := range now.Channels {
		if before, known := was[ch.Name]; known {
			d.channel(before, ch, old, now)
		}
	}
}

// kinds names the channels, those of all categories or sources together.
func kinds(o Outputs) []string {
	var out []string
	for _, ch := range o.Channels {
		kind := ch.Name
		switch {
		case ch.Query.Source != "" && slices.Contains(o.Each, "source"):
			kind = "each source"
		case ch.Query.Category != "" && slices.Contains(o.Each, "category"):
			kind = "each category"
		}
		if !slices.Contains(out, kind) {
			out = append(out, kind)
		}
	}
	return out
}

// channel compares two channels of one name. What they have from their outputs is not told again.
func (d *diff) channel(old, now rafid.Channel, before, after Outputs) {
	what := "channel " + now.Name + ":"
	if now.Query.Category+now.Query.Source == "" {
		d.field(what+" title", old.Title, now.Title)
	}
	list := func(key string, old, now []string) {
		d.field(what+" "+key, strings.Join(old, ", "), strings.Join(now, ", "))
	}
	number := func(key string, old, now int) { d.fieldIf(old != now, what+" "+key, fmt.Sprint(old), fmt.Sprint(now)) }
	span := func(key string, old, now time.Duration) {
		d.field(what+" "+key, spanText(old), spanText(now))
	}
	p, q := old.Query, now.Query
	list("words", p.Words, q.Words)
	list("exclude", p.Exclude, q.Exclude)
	d.field(what+" when", p.When, q.When)
	list("sources", p.Sources, q.Sources)
	list("categories", p.Categories, q.Categories)
	list("countries", p.Countries, q.Countries)
	number("min_sources", p.MinSources, q.MinSources)
	span("within", p.Within, q.Within)
	span("max_age", p.Age, q.Age)
	if p.Keep != before.Keep || q.Keep != after.Keep {
		span("keep", p.Keep, q.Keep)
	}
	if p.Max != before.Max || q.Max != after.Max {
		number("max", p.Max, q.Max)
	}
	list("formats", old.Formats, now.Formats)
	d.field(what+" content", old.Content, now.Content)
	d.field(what+" credit", old.Credit, now.Credit)
	number("max_per_source", old.MaxPerSource, now.MaxPerSource)
	d.fieldIf(old.Apart != now.Apart, what+" scope", scopeOf(old), scopeOf(now))
	d.field(what+" digest", old.Digest, now.Digest)
	d.unsaid(what+" token", old.Token != now.Token)
}

// spanText is a duration as a file gives it; empty for none.
func spanText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return formatDuration(d)
}

func scopeOf(ch rafid.Channel) string {
	if ch.Apart {
		return "source"
	}
	return "all"
}
