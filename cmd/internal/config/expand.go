package config

import (
	"fmt"
	"slices"
	"strings"

	"rafid"
)

// channels expands the file's wishes, once the categories are known.
func (r *reader) channels(c *Config) []rafid.Channel {
	out := []rafid.Channel{}
	have := func(name string) bool {
		return slices.ContainsFunc(out, func(ch rafid.Channel) bool { return ch.Name == name })
	}
	for _, w := range r.asked.named {
		if r.completed(w, c) {
			out = append(out, w.Channel)
		}
	}
	for _, each := range r.asked.each {
		switch each {
		case "category":
			for _, cat := range c.Categories {
				if !have(cat.Slug) {
					out = append(out, categoryChannel(cat))
				}
			}
		case "source":
			for _, s := range c.Sources {
				if !have("source-" + s.ID) {
					out = append(out, sourceChannel(s))
				}
			}
		}
	}
	for i := range out {
		q := &out[i].Query
		if q.Keep == 0 {
			q.Keep = c.Outputs.Keep
		}
		if q.Max == 0 {
			q.Max = c.Outputs.Max
		}
	}
	return out
}

func categoryChannel(cat rafid.Category) rafid.Channel {
	return rafid.Channel{Name: cat.Slug, Title: cat.Title, Query: rafid.Query{Category: cat.Slug}}
}

func sourceChannel(s Source) rafid.Channel {
	return rafid.Channel{Name: "source-" + s.ID, Title: s.Name, Query: rafid.Query{Source: s.ID}, Credited: true}
}

// completed gives a wish what its name means: the name of a category or a source makes it that channel with
// other looks. A channel of another name must say what it selects.
func (r *reader) completed(w *wish, c *Config) bool {
	selects := slices.ContainsFunc(selecting(), func(k string) bool { return w.at[k] != nil })
	base, known := standing(w.Name, c)
	switch {
	case w.Name == "all" || w.Name == "top":
		r.reachable(w, c)
		return true
	case known && selects:
		r.report(w.key, "reserved", "give it another name, or delete what selects its stories", "%q is the channel of a category or a source", w.Name)
		return false
	case known:
		w.Query.Category, w.Query.Source, w.Credited = base.Query.Category, base.Query.Source, base.Credited
		if w.Title == "" {
			w.Title = base.Title
		}
		return true
	case strings.HasPrefix(w.Name, "source-"):
		r.later = append(r.later, func() {
			at := *w.key
			r.knownSource(&at, strings.TrimPrefix(w.Name, "source-"), c)
		})
		return true
	case !selects && !w.spoilt && !r.damaged:
		r.report(w.key, "no-query", "say what it carries: words, sources, categories …; or "+didYouMean(w.Name, []string{"all", "top", "each"}),
			"channel %q does not say which stories it has", w.Name)
		return false
	}
	if w.Title == "" {
		w.Title = w.Name
	}
	r.reachable(w, c)
	return true
}

// standing finds the channel that a category or a source has of itself.
func standing(name string, c *Config) (rafid.Channel, bool) {
	if cat, ok := c.Category(name); ok {
		return categoryChannel(cat), true
	}
	id, ok := strings.CutPrefix(name, "source-")
	if !ok {
		return rafid.Channel{}, false
	}
	s, ok := c.Source(id)
	return sourceChannel(s), ok
}

// reachable warns when no story can have as many outlets as a channel asks for.
func (r *reader) reachable(w *wish, c *Config) {
	at := w.at["min_sources"]
	outlets := map[string]bool{}
	for _, s := range c.Sources {
		if s.Enabled {
			outlets[s.Outlet] = true
		}
	}
	if at != nil && len(outlets) > 0 && w.Query.MinSources > len(outlets) && !r.problems.Errors() {
		r.warn(at, "min-sources", fmt.Sprintf("write at most %d", len(outlets)),
			"%s asks for %d outlets, and there are %d", w.Name, w.Query.MinSources, len(outlets))
	}
}
