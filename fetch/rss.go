package fetch

import (
	"bytes"
	"cmp"
	"html"
	"slices"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// fromRSS translates what gofeed read of an RSS or RDF document. Every text of RSS may hold HTML.
func fromRSS(f *rss.Feed, s survey) *reading {
	r := &reading{
		format: "rss", version: f.Version, base: s.feed.base,
		title:       s.feed.html("title", f.Title),
		description: s.feed.html("description", f.Description),
		rights:      s.feed.html("copyright", f.Copyright),
		link:        f.Link, language: f.Language, generator: f.Generator,
		published: f.PubDate, updated: f.LastBuildDate,
		wishes: wishesOf(f.TTL, f.SkipHours, f.SkipDays, f.Extensions),
	}
	if s.root == "rdf" {
		r.format = "rdf"
	}
	r.channel(f)
	r.channelPeople(f, s)
	r.categories = rssCategories(f.Categories, f.DublinCoreExt, f.Extensions)
	atom := atomIn(f.Extensions)
	r.language = cmp.Or(r.language, s.feed.lang)
	r.image = channelImage(f)
	r.image.URL = cmp.Or(r.image.URL, text1(atom, "logo"), text1(atom, "icon"))
	for i, in := range f.Items {
		at := s.item(i, len(f.Items))
		it := fromRSSItem(in, at)
		it.surveyed(s, at)
		if it.link == "" && len(s.items) == len(f.Items) {
			it.link = strayLink(s.doc[s.items[i].start:s.items[i].end])
		}
		r.items = append(r.items, it)
	}
	return r
}

// surveyed fills what the survey saw of an item and gofeed drops or changes.
func (it *item) surveyed(s survey, at facts) {
	it.id = cmp.Or(it.id, at.about)
	if c := at.of("body"); c.name != "" {
		if raw := s.raw(c); it.content.value == "" || strings.Contains(raw, "<") && !strings.Contains(raw, "<![CDATA[") {
			it.content = text{value: raw, base: c.base, lang: c.lang}
		}
	}
	if c := at.of("image"); c.name != "" {
		it.image.URL = cmp.Or(it.image.URL, elementAddress(s.raw(c)))
	}
}

// maxCategories is the most categories that are read of one item; outlets give a dozen at most.
const maxCategories = 200

// rssCategories reads the categories of a channel or an item under every name that they have.
func rssCategories(own []*rss.Category, dc *ext.DublinCoreExtension, e ext.Extensions) []Category {
	out := podcastCategories(e["itunes"])
	for _, c := range own[:min(len(own), maxCategories)] {
		out = append(out, Category{Term: c.Value, Scheme: c.Domain})
	}
	for _, c := range dublin(dc).Subject {
		out = append(out, Category{Term: c})
	}
	return append(out, atomCategories(atomIn(e)["category"])...)
}

// rssFiles reads the files that belong to an item, and says which feed it was taken from.
func (it *item) rssFiles(in *rss.Item, atom map[string][]ext.Extension) {
	for _, l := range atom["link"] {
		if l.Attrs["rel"] == "enclosure" {
			it.enclosures = append(it.enclosures, Enclosure{URL: l.Attrs["href"], Type: l.Attrs["type"], Length: l.Attrs["length"]})
		}
	}
	for _, e := range in.Enclosures {
		it.enclosures = append(it.enclosures, Enclosure{URL: e.URL, Type: e.Type, Length: e.Length})
	}
	if in.Source != nil {
		it.source = &Origin{Title: in.Source.Title, Link: in.Source.URL}
	} else if src := atom["source"]; len(src) > 0 {
		c := src[0].Children
		it.source = &Origin{Title: text1(c, "title"), ID: text1(c, "id"), Link: linkOf(ext.Extensions{"atom": c}, "alternate")}
	}
}

// strayLink finds the address that stands behind a link element instead of in it: <link/>https://… is what
// programs write that take RSS for HTML, where link has no content.
func strayLink(item []byte) string {
	for i := 0; ; {
		m, ok := next(item, i)
		if !ok {
			return ""
		}
		if i = m.end; m.kind != open || !m.empty || !equal(m.name, "link") {
			continue
		}
		after, _, _ := bytes.Cut(item[i:], []byte("<"))
		if ref := string(bytes.TrimSpace(after)); strings.HasPrefix(ref, "http") && !strings.ContainsAny(ref, " \n") {
			return html.UnescapeString(ref)
		}
	}
}

// channel fills what the channel leaves empty from Dublin Core, Atom and the other modules in use.
func (r *reading) channel(f *rss.Feed) {
	dc, atom := dublin(f.DublinCoreExt), atomIn(f.Extensions)
	r.title.or(first(dc.Title), text1(atom, "title"))
	r.description.or(first(dc.Description), text1(atom, "subtitle"), text1(f.Extensions["itunes"], "summary"), text1(f.Extensions["itunes"], "subtitle"))
	r.rights.or(first(dc.Rights), text1(atom, "rights"))
	r.language = cmp.Or(r.language, first(dc.Language))
	r.updated = cmp.Or(r.updated, first(dc.Date), text1(f.Extensions["dcterms"], "modified"), text1(atom, "updated"))
	r.published = cmp.Or(r.published, text1(f.Extensions["dcterms"], "issued"), text1(f.Extensions["dcterms"], "created"))
	r.link = cmp.Or(r.link, linkOf(f.Extensions, "alternate"))
	r.id = text1(atom, "id")
	r.generator = cmp.Or(r.generator, text1(atom, "generator"))
}

// channelPeople finds the authors of a channel in every element that names one.
func (r *reading) channelPeople(f *rss.Feed, s survey) {
	dc := dublin(f.DublinCoreExt)
	own := s.raw(s.feed.of("author")) // not of RSS, but in use
	if strings.Contains(own, "<") {
		own = ""
	}
	r.authors = people(f.ManagingEditor, html.UnescapeString(own), dc.Author, dc.Creator, f.WebMaster)
	if len(r.authors) == 0 {
		r.authors = atomPeople(atomIn(f.Extensions)["author"])
	}
	if it := f.ITunesExt; it != nil {
		r.authors = slices.Concat(r.authors, people(it.Author))
		if it.Owner != nil && len(r.authors) == 0 {
			r.authors = []Person{{Name: it.Owner.Name, Email: it.Owner.Email}}
		}
	}
}

func channelImage(f *rss.Feed) Picture {
	switch {
	case f.Image != nil:
		return Picture{URL: f.Image.URL, Title: f.Image.Title, Link: f.Image.Link}
	case f.ITunesExt != nil && f.ITunesExt.Image != "":
		return Picture{URL: f.ITunesExt.Image}
	}
	for _, e := range append(f.Extensions["itunes"]["image"], f.Extensions["itunes"]["link"]...) {
		if e.Name == "image" || e.Attrs["rel"] == "image" {
			return Picture{URL: cmp.Or(e.Attrs["href"], e.Attrs["url"], e.Value)}
		}
	}
	return Picture{}
}

func fromRSSItem(in *rss.Item, f facts) item {
	atom, dc, terms := atomIn(in.Extensions), dublin(in.DublinCoreExt), in.Extensions["dcterms"]
	it := item{
		title:   f.html("title", in.Title),
		summary: f.html("description", in.Description),
		content: f.html("encoded", cmp.Or(in.Content, in.Custom["encoded"])),
		link:    cmp.Or(text1(in.Extensions["feedburner"], "origLink"), in.Link), comments: in.Comments, base: f.base, ground: f.ground("title", "description", "encoded"),
		published: cmp.Or(in.PubDate, first(dc.Date), text1(terms, "issued"), text1(terms, "created"), text1(atom, "published"), in.Custom["published"], in.Custom["date"], in.Custom["publishDate"]),
		updated:   cmp.Or(text1(terms, "modified"), text1(atom, "updated"), first(dc.Date), in.Custom["updated"]),
		authors:   people(in.Author, dc.Author, dc.Creator, dc.Contributor),
	}
	it.title.or(first(dc.Title), text1(atom, "title"), text1(in.Extensions["media"], "title"))
	it.summary.or(first(dc.Description), text1(in.Extensions["itunes"], "summary"), text1(atom, "summary"), text1(in.Extensions["itunes"], "subtitle"))
	it.content.or(text1(in.Extensions["xhtml"], "body"), text1(atom, "content"), in.Custom["body"], in.Custom["fullitem"])
	if in.GUID != nil {
		it.id, it.permalink = in.GUID.Value, !strings.EqualFold(in.GUID.IsPermalink, "false")
	}
	it.id = cmp.Or(it.id, text1(atom, "id"), first(dc.Identifier))
	it.link = cmp.Or(it.link, linkOf(in.Extensions, "alternate"))
	if it.link == "" && it.permalink && strings.Contains(it.id, "://") {
		it.link = it.id
	}
	if len(it.authors) == 0 && in.ITunesExt != nil {
		it.authors = people(in.ITunesExt.Author)
	}
	if len(it.authors) == 0 {
		it.authors = atomPeople(atom["author"])
	}
	it.language = cmp.Or(first(dc.Language), in.Custom["language"], f.speech("encoded", "body", "fullitem", "description", "title"))
	it.categories = rssCategories(in.Categories, in.DublinCoreExt, in.Extensions)
	it.rssFiles(in, atom)
	it.picture(in.Extensions, in.ITunesExt)
	it.media(in.Extensions)
	return it
}

// html is a text of that element that may hold markup.
func (f facts) html(name, value string) text {
	c := f.of(name)
	return text{value: value, base: c.base, lang: c.lang}
}

// item gives the facts of item i where the survey and the parser agree on how many there are.
func (s survey) item(i, of int) facts {
	if of != len(s.facts) {
		return facts{base: s.feed.base, lang: s.feed.lang}
	}
	return s.facts[i]
}

// or fills an empty text with the first of the values that is not.
func (t *text) or(values ...string) {
	if t.value == "" {
		t.value = cmp.Or(values...)
	}
}

func dublin(dc *ext.DublinCoreExtension) *ext.DublinCoreExtension {
	if dc == nil {
		return &ext.DublinCoreExtension{}
	}
	return dc
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

// text1 is the text of the first extension element of that name.
func text1(m map[string][]ext.Extension, name string) string {
	if es := m[name]; len(es) > 0 {
		return es[0].Value
	}
	return ""
}

// linkOf gives the first atom:link of a relation.
func linkOf(e ext.Extensions, rel string) string {
	for _, prefix := range []string{"atom", "atom03"} {
		for _, l := range e[prefix]["link"] {
			if r := l.Attrs["rel"]; r == rel || r == "" && rel == "alternate" {
				return l.Attrs["href"]
			}
		}
	}
	return ""
}

// maxPeople is the most authors that are read of one item.
const maxPeople = 100

// people reads the authors of an item: each argument is a name, an address or both, or a list of such.
func people(who ...any) []Person {
	var out []Person
	add := func(s string) {
		if p := person(s); p != (Person{}) && len(out) < maxPeople && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	for _, w := range who {
		switch w := w.(type) {
		case string:
			add(w)
		case []string:
			for _, s := range w {
				add(s)
			}
		}
	}
	return out
}

// person takes a byline apart: "a@b.c (Name)", "Name (a@b.c)", "Name <a@b.c>", either alone.
func person(s string) Person {
	s = strings.TrimSpace(s)
	at := strings.IndexByte(s, '@')
	if at < 0 || strings.HasPrefix(s, "http") {
		return Person{Name: s}
	}
	from := strings.LastIndexAny(s[:at], " \t\n<(:,") + 1
	to := len(s)
	if n := strings.IndexAny(s[at:], " \t\n>),?"); n >= 0 {
		to = at + n
	}
	p := Person{Email: s[from:to]}
	if strings.HasSuffix(s[:from], "mailto:") {
		s = s[:from-len("mailto:")] + s[from:]
		from -= len("mailto:")
		to -= len("mailto:")
	}
	p.Name = strings.Join(strings.Fields(strings.Trim(strings.TrimSpace(s[:from]), "(<:,")+" "+strings.Trim(strings.TrimSpace(s[to:]), ")>,")), " ")
	p.Name = strings.Trim(p.Name, "()<>\" ")
	return p
}

func atomPeople(es []ext.Extension) []Person {
	var out []Person
	for _, e := range es {
		p := Person{Name: text1(e.Children, "name"), Email: text1(e.Children, "email"), URL: cmp.Or(text1(e.Children, "uri"), text1(e.Children, "url"))}
		if p == (Person{}) {
			p = person(e.Value)
		}
		if p != (Person{}) {
			out = append(out, p)
		}
	}
	return out
}
