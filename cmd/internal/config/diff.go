package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rafid"
)

// Diff says in words what c has that old had not, one line a change, sources first:
//
//   - source nahr
//   - source dilta
//     ~ source wadi: every 10m → 5m
//
// An empty result means that both behave alike.
func (c *Config) Diff(old *Config) []string {
	var d diff
	d.sources(old.Sources, c.Sources)
	d.categories(old.Categories, c.Categories)
	d.field("site: url", old.Site.URL, c.Site.URL)
	d.field("site: title", old.Site.Title, c.Site.Title)
	d.field("site: months", old.Site.Months, c.Site.Months)
	d.field("site: numerals", old.Site.Numerals, c.Site.Numerals)
	d.field("site: timezone", old.Site.Timezone.String(), c.Site.Timezone.String())
	if !slices.Equal(ruleTexts(old), ruleTexts(c)) {
		d.changed("rules", fmt.Sprintf("%d → %d", len(old.Rules), len(c.Rules)))
	}
	d.field("dedupe: profile", old.Dedupe.Profile, c.Dedupe.Profile)
	d.field("dedupe: window", formatDuration(old.Dedupe.Window), formatDuration(c.Dedupe.Window))
	d.field("dedupe: near", fmt.Sprint(old.Dedupe.Near), fmt.Sprint(c.Dedupe.Near))
	d.field("dedupe: lead", leadText(old), leadText(c))
	d.field("dedupe: keep_apart", fmt.Sprint(old.Dedupe.KeepApart), fmt.Sprint(c.Dedupe.KeepApart))
	d.field("dedupe: keep_together", fmt.Sprint(old.Dedupe.KeepTogether), fmt.Sprint(c.Dedupe.KeepTogether))
	d.field("dedupe: categories", ruleTextsOf(old), ruleTextsOf(c))
	d.field("dedupe: hide", fmt.Sprint(old.Dedupe.Hide), fmt.Sprint(c.Dedupe.Hide))
	d.field("dedupe: aliases", fmt.Sprint(old.Dedupe.Aliases), fmt.Sprint(c.Dedupe.Aliases))
	d.field("outputs: hub", old.Outputs.Hub, c.Outputs.Hub)
	d.field("outputs: dir", old.Outputs.Dir, c.Outputs.Dir)
	d.field("outputs: formats", strings.Join(old.Outputs.Formats, " "), strings.Join(c.Outputs.Formats, " "))
	d.field("outputs: keep", formatDuration(old.Outputs.Keep), formatDuration(c.Outputs.Keep))
	d.field("outputs: max", fmt.Sprint(old.Outputs.Max), fmt.Sprint(c.Outputs.Max))
	d.field("outputs: content", old.Outputs.Content, c.Outputs.Content)
	d.field("outputs: credit", old.Outputs.Credit, c.Outputs.Credit)
	d.channels(old.Outputs, c.Outputs)
	return d
}

// diff collects lines.
type diff []string

func (d *diff) added(what string)             { *d = append(*d, "+ "+what) }
func (d *diff) removed(what string)           { *d = append(*d, "- "+what) }
func (d *diff) changed(what, from string)     { *d = append(*d, "~ "+what+": "+from) }
func (d *diff) field(what, from, into string) { d.fieldIf(from != into, what, from, into) }

func (d *diff) fieldIf(differs bool, what, from, into string) {
	if differs {
		*d = append(*d, fmt.Sprintf("~ %s %s → %s", what, orNone(from), orNone(into)))
	}
}

// unsaid tells of a change in what is not to be shown.
func (d *diff) unsaid(what string, differs bool) {
	if differs {
		*d = append(*d, "~ "+what+" changed")
	}
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

func (d *diff) sources(old, now []Source) {
	was := make(map[string]Source, len(old))
	for _, s := range old {
		was[s.ID] = s
	}
	for _, s := range now {
		before, known := was[s.ID]
		delete(was, s.ID)
		if !known {
			d.added("source " + s.ID)
			continue
		}
		d.source(before, s)
	}
	for _, s := range old {
		if _, gone := was[s.ID]; gone {
			d.removed("source " + s.ID)
		}
	}
}

func (d *diff) source(old, now Source) {
	what := "source " + now.ID + ":"
	d.field(what+" url", strings.Join(old.URLs, " "), strings.Join(now.URLs, " "))
	d.field(what+" name", old.Name, now.Name)
	d.field(what+" category", old.Category, now.Category)
	d.field(what+" content", old.Content, now.Content)
	d.field(what+" country", old.Country, now.Country)
	d.field(what+" every", old.Every.String(), now.Every.String())
	d.field(what+" timeout", formatDuration(old.Timeout), formatDuration(now.Timeout))
	d.field(what+" limit", old.Limit.String(), now.Limit.String())
	d.field(what+" enabled", fmt.Sprint(old.Enabled), fmt.Sprint(now.Enabled))
	d.field(what+" allow_private", fmt.Sprint(old.AllowPrivate), fmt.Sprint(now.AllowPrivate))
	d.field(what+" charset", old.Charset, now.Charset)
	d.field(what+" future_dates", old.FutureDates, now.FutureDates)
	d.field(what+" fulltext", fmt.Sprint(old.FullText), fmt.Sprint(now.FullText))
	d.field(what+" websub", fmt.Sprint(!old.Unpushed), fmt.Sprint(!now.Unpushed))
	d.field(what+" user_agent", old.UserAgent, now.UserAgent)
	d.unsaid(what+" proxy", old.Proxy != now.Proxy)
	d.unsaid(what+" headers", !maps.Equal(old.Headers, now.Headers))
	d.unsaid(what+" auth", old.Auth != now.Auth)
}

// String is the limit as a file gives it; empty for none.
func (l Limit) String() string {
	switch {
	case l.N == 0:
		return ""
	case l.Per == time.Hour:
		return fmt.Sprintf("%d/hour", l.N)
	case l.Per == 24*time.Hour:
		return fmt.Sprintf("%d/day", l.N)
	case l.Per == 7*24*time.Hour:
		return fmt.Sprintf("%d/week", l.N)
	}
	return fmt.Sprintf("%d/%s", l.N, formatDuration(l.Per))
}

func (d *diff) categories(old, now []rafid.Category) {
	for _, c := range now {
		i := slices.IndexFunc(old, func(o rafid.Category) bool { return o.Slug == c.Slug })
		if i < 0 {
			d.added("category " + c.Slug)
			continue
		}
		d.field("category "+c.Slug+": title", old[i].Title, c.Title)
		if !slices.Equal(old[i].From, c.From) {
			d.changed("category "+c.Slug, fmt.Sprintf("%d labels → %d", len(old[i].From), len(c.From)))
		}
	}
	for _, c := range old {
		if !slices.ContainsFunc(now, func(n rafid.Category) bool { return n.Slug == c.Slug }) {
			d.removed("category " + c.Slug)
		}
	}
}

func ruleTexts(c *Config) []string {
	out := make([]string, len(c.Rules))
	for i, rule := range c.Rules {
		rule.Line = 0 // a rule that only moved down is the same rule
		out[i] = fmt.Sprintf("%+v", rule)
	}
	return out
}

func leadText(c *Config) string {
	if c.Dedupe.Lead == "order" {
		return strings.Join(c.Dedupe.LeadOrder, " ")
	}
	return c.Dedupe.Lead
}

// ruleTextsOf tells what single categories have of their own in dedupe.
func ruleTextsOf(c *Config) string {
	var all []string
	for _, r := range c.Dedupe.Categories {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s near %v window %v %s", r.Slug, r.Near, formatDuration(r.Window), r.Profile)))
	}
	return strings.Join(all, ", ")
}
