package fetch

import (
	"cmp"
	"encoding/base64"
	"html"
	"strings"
	"unicode/utf8"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
)

// fromAtom translates what gofeed read of an Atom document of either version. What a text is, HTML or
// plain, stands in its type, which gofeed uses and drops: the survey kept it.
func fromAtom(f *atom.Feed, s survey) *reading {
	r := &reading{
		format: "atom", version: f.Version, id: f.ID, base: s.feed.base,
		title:       s.feed.atom("title", f.Title),
		description: s.feed.atom(s.feed.alias("subtitle", "tagline"), f.Subtitle),
		rights:      s.feed.atom(s.feed.alias("rights", "copyright"), f.Rights),
		language:    cmp.Or(s.feed.lang, f.Language),
		updated:     f.Updated,
		link:        atomLink(f.Links, "alternate"),
		authors:     fromAtomPeople(f.Authors),
		categories:  fromAtomCategories(f.Categories),
		image:       Picture{URL: cmp.Or(f.Logo, f.Icon)},
	}
	if f.Generator != nil {
		r.generator = f.Generator.Value
	}
	r.description.or(html.UnescapeString(s.raw(s.feed.of("info"))))
	r.modules(f.Extensions)
	r.id = s.exact(s.feed, r.id)
	for i, e := range f.Entries {
		at := s.item(i, len(f.Entries))
		it := fromEntry(e, at)
		it.id = s.exact(at, it.id)
		it.published = cmp.Or(it.published, s.raw(at.of("created"))) // of Atom 0.3
		it.link = cmp.Or(it.link, s.linkText(at))
		r.items = append(r.items, it)
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
		language:   f.speech("content", "summary", "title"), base: f.base, ground: f.ground("title", "summary", "content"),
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
	it.modules(e.Extensions)
	it.permalink = strings.HasPrefix(it.id, "http://") || strings.HasPrefix(it.id, "https://")
	it.picture(e.Extensions, nil)
	it.media(e.Extensions)
	return it
}

// modules fills what an Atom feed leaves empty from Dublin Core and the podcast module.
func (r *reading) modules(e ext.Extensions) {
	dc, podcast := e["dc"], e["itunes"]
	r.title.or(text1(dc, "title"))
	r.description.or(text1(dc, "description"), text1(podcast, "summary"), text1(podcast, "subtitle"))
	r.rights.or(text1(dc, "rights"))
	r.language = cmp.Or(r.language, text1(dc, "language"))
	r.updated = cmp.Or(r.updated, text1(dc, "date"))
	if len(r.authors) == 0 {
		r.authors = people(text1(dc, "creator"), text1(podcast, "author"))
	}
	r.categories = append(r.categories, subjects(dc)...)
	for _, i := range podcast["image"] {
		r.image.URL = cmp.Or(r.image.URL, i.Attrs["href"], i.Attrs["url"])
	}
}

// modules fills what an entry leaves empty from Dublin Core, content:encoded and the podcast module.
func (it *item) modules(e ext.Extensions) {
	dc, terms, podcast := e["dc"], e["dcterms"], e["itunes"]
	it.title.or(text1(dc, "title"), text1(e["media"], "title"))
	it.summary.or(text1(dc, "description"), text1(podcast, "summary"), text1(podcast, "subtitle"))
	if it.content.value == "" {
		it.content = text{value: text1(e["content"], "encoded")}
	}
	it.id = cmp.Or(it.id, text1(dc, "identifier"))
	it.language = cmp.Or(it.language, text1(dc, "language"))
	it.published = cmp.Or(it.published, text1(dc, "date"), text1(terms, "issued"), text1(terms, "created"))
	it.updated = cmp.Or(it.updated, text1(terms, "modified"))
	if len(it.authors) == 0 {
		it.authors = people(text1(dc, "creator"), text1(podcast, "author"))
	}
	it.categories = append(it.categories, subjects(dc)...)
}

func subjects(dc map[string][]ext.Extension) []Category {
	var out []Category
	for _, c := range dc["subject"] {
		out = append(out, Category{Term: c.Value})
	}
	return out
}

// alias gives the name of the two under which the element has a child.
func (f facts) alias(names ...string) string {
	for _, n := range names {
		if c := f.of(n); c.name != "" {
			return n
		}
	}
	return names[0]
}

// exact is an id as it is written: gofeed gives addresses another form, but ids are compared letter by
// letter (RFC 4287, section 4.2.6).
func (s survey) exact(f facts, id string) string {
	raw := s.raw(f.of("id"))
	if raw == "" || strings.Contains(raw, "<") {
		return id
	}
	return html.UnescapeString(raw)
}

// linkText is an address written as the content of a link instead of in its href.
func (s survey) linkText(f facts) string {
	for _, c := range f.constructs {
		if c.name != "link" || c.rel != "" && c.rel != "alternate" {
			continue
		}
		if raw := html.UnescapeString(s.raw(c)); absolute(raw) && !strings.ContainsAny(raw, " <") {
			return raw
		}
	}
	return ""
}

// atom is a text construct: HTML by its type, by the mode of Atom 0.3, or because it holds elements;
// plain otherwise.
func (f facts) atom(name, value string) text {
	c := f.of(name)
	t := text{value: value, base: c.base, lang: c.lang, plain: true}
	binary := c.typ != "" && c.typ != "text" && !strings.HasPrefix(c.typ, "text/") && !strings.Contains(c.typ, "xml") && c.typ != "html"
	switch {
	case c.mode == "base64", binary:
		if raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value), "")); err == nil && utf8.Valid(raw) {
			t.value = string(raw)
		}
		t.plain = c.typ == "text/plain"
	case strings.Contains(c.typ, "html"), strings.HasSuffix(c.typ, "xml"), c.markup:
		t.plain = false
	case c.mode == "escaped":
		t.plain = c.typ == "text/plain" || c.typ == "text"
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
