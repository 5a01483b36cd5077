package fetch

import (
	"cmp"
	"encoding/base64"
	"strings"

	"github.com/mmcdole/gofeed/atom"
)

// fromAtom translates what gofeed read of an Atom document of either version. What a text is, HTML or
// plain, stands in its type, which gofeed uses and drops: the survey kept it.
func fromAtom(f *atom.Feed, s survey) *reading {
	r := &reading{
		format: "atom", version: f.Version, id: f.ID, base: s.feed.base,
		title:       s.feed.atom("title", f.Title),
		description: s.feed.atom("subtitle", f.Subtitle),
		rights:      s.feed.atom("rights", f.Rights),
		language:    cmp.Or(s.feed.lang, f.Language),
		updated:     f.Updated,
		link:        atomLink(f.Links, "alternate"),
		hub:         atomLink(f.Links, "hub"), self: atomLink(f.Links, "self"),
		authors:    fromAtomPeople(f.Authors),
		categories: fromAtomCategories(f.Categories),
		image:      Picture{URL: cmp.Or(f.Logo, f.Icon)},
	}
	if f.Generator != nil {
		r.generator = f.Generator.Value
	}
	for _, old := range []string{"tagline", "info"} {
		if c := s.feed.of(old); c.hasTyp && r.description.value != "" {
			r.description = s.feed.atom(old, f.Subtitle)
		}
	}
	for i, e := range f.Entries {
		r.items = append(r.items, fromEntry(e, s.item(i, len(f.Entries))))
	}
	return r
}

func fromEntry(e *atom.Entry, f facts) item {
	it := item{
		title: f.atom("title", e.Title), summary: f.atom("summary", e.Summary),
		id: e.ID, link: atomLink(e.Links, "alternate"),
		published: e.Published, updated: e.Updated,
		authors:    fromAtomPeople(e.Authors),
		categories: fromAtomCategories(e.Categories),
		language:   f.lang, base: f.base,
		comments: atomLink(e.Links, "replies"),
	}
	if c := e.Content; c != nil {
		it.content = f.atom("content", c.Value)
		if c.Src != "" && it.link == "" {
			it.link = c.Src
		}
	}
	for _, l := range e.Links {
		if l.Rel == "enclosure" {
			it.enclosures = append(it.enclosures, Enclosure{URL: l.Href, Type: l.Type, Length: l.Length})
		}
	}
	if e.Source != nil {
		it.source = &Origin{Title: e.Source.Title, ID: e.Source.ID, Link: atomLink(e.Source.Links, "alternate")}
		if len(it.authors) == 0 {
			it.authors = fromAtomPeople(e.Source.Authors)
		}
	}
	if dc := e.Extensions["dc"]; len(it.authors) == 0 && dc != nil {
		it.authors = people(text1(dc, "creator"))
	}
	it.published = cmp.Or(it.published, text1(e.Extensions["dc"], "date"))
	it.picture(e.Extensions, nil)
	return it
}

// atom is a text construct: HTML by its type, or by the mode of Atom 0.3, plain otherwise.
func (f facts) atom(name, value string) text {
	c := f.of(name)
	t := text{value: value, base: c.base, lang: c.lang, plain: true}
	switch {
	case c.mode == "base64":
		t.plain = !strings.Contains(c.typ, "html")
	case strings.Contains(c.typ, "html"), c.mode == "escaped" && c.typ != "text/plain" && c.typ != "text":
		t.plain = false
	case strings.HasSuffix(c.typ, "xml"), strings.HasPrefix(c.typ, "image/svg"):
		t.plain = false
	case name == "content" && c.typ != "" && c.typ != "text" && !strings.HasPrefix(c.typ, "text/"):
		if raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value), "")); err == nil {
			t.value = string(raw)
		}
	}
	return t
}

func atomLink(links []*atom.Link, rel string) string {
	for _, l := range links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

func fromAtomPeople(in []*atom.Person) []Person {
	var out []Person
	for _, p := range in {
		who := Person{Name: p.Name, Email: p.Email, URL: p.URI}
		if who != (Person{}) {
			out = append(out, who)
		}
	}
	return out
}

func fromAtomCategories(in []*atom.Category) []Category {
	var out []Category
	for _, c := range in {
		out = append(out, Category{Term: c.Term, Scheme: c.Scheme, Label: c.Label})
	}
	return out
}
