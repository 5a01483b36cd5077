package fetch

import (
	"cmp"
	"html"
	"strings"
	"time"
)

// Document is a feed document in neutral form: what `rafid parse` prints as JSON. Titles, summaries,
// contents, descriptions and rights are sanitised HTML; times are UTC, and zero, left out of the JSON,
// when unknown; addresses are absolute where the document or its URL tell how.
type Document struct {
	Format   string   `json:"format"`            // rss, atom, rdf or json
	Version  string   `json:"version,omitempty"` // as the document gives it: 2.0, 1.0 …
	Encoding string   `json:"encoding"`          // what the bytes were read as
	Repairs  []string `json:"repairs"`           // what had to be mended; empty when nothing had
	Feed     FeedHead `json:"feed"`
	Items    []Item   `json:"items"`
}

// FeedHead is what a document says about itself.
type FeedHead struct {
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description,omitempty"`
	Link        string     `json:"link,omitempty"`
	ID          string     `json:"id,omitempty"`
	Language    string     `json:"language,omitempty"`
	Rights      string     `json:"rights,omitempty"`
	Generator   string     `json:"generator,omitempty"`
	Published   time.Time  `json:"published,omitzero"`
	Updated     time.Time  `json:"updated,omitzero"`
	Authors     []Person   `json:"authors,omitempty"`
	Categories  []Category `json:"categories,omitempty"`
	Image       *Picture   `json:"image,omitempty"`
}

// Item is one item of a [Document].
type Item struct {
	Title      string      `json:"title,omitempty"`
	Link       string      `json:"link,omitempty"`
	ID         string      `json:"id,omitempty"`
	Summary    string      `json:"summary,omitempty"`
	Content    string      `json:"content,omitempty"`
	Published  time.Time   `json:"published,omitzero"`
	Updated    time.Time   `json:"updated,omitzero"`
	Authors    []Person    `json:"authors,omitempty"`
	Categories []Category  `json:"categories,omitempty"`
	Enclosures []Enclosure `json:"enclosures,omitempty"`
	Image      *Picture    `json:"image,omitempty"`
	Source     *Origin     `json:"source,omitempty"`
	Language   string      `json:"language,omitempty"`
	Base       string      `json:"base,omitempty"`
	Comments   string      `json:"comments,omitempty"`
}

// document makes a reading fit to be shown.
func (r *reading) document(o ParseOptions) *Document {
	address := cmp.Or(webAddress(o.URL, o.Header.Get("Content-Location")), o.URL)
	base := cmp.Or(against(address, r.base), address)
	r.language = cmp.Or(r.language, o.Header.Get("Content-Language"))
	dates := r.dater(dater{zone: o.Zone, now: o.Now})
	d := &Document{
		Format: r.format, Version: r.version, Encoding: r.encoding, Repairs: r.repairs,
		Feed: FeedHead{
			Title: r.title.safe(base), Description: r.description.safe(base), Rights: r.rights.safe(base),
			Link: link(base, r.link), ID: r.atomID(base, r.id), Language: tag(r.language), Generator: html.UnescapeString(r.generator),
			Published: dates.read(r.published), Updated: dates.read(r.updated),
			Authors: signed(base, r.authors), Categories: r.categories, Image: picture(base, r.image),
		},
		Items: make([]Item, 0, len(r.items)),
	}
	if d.Repairs == nil {
		d.Repairs = []string{}
	}
	for i := range r.items {
		it := r.items[i].document(address, dates)
		it.ID = r.atomID(base, it.ID)
		d.Items = append(d.Items, it)
	}
	return d
}

func (it *item) document(document string, dates dater) Item {
	base := cmp.Or(against(document, it.base), document)
	out := Item{
		Title: it.title.safe(base), Summary: it.summary.safe(base), Content: it.content.safe(base),
		Link: link(base, it.link), ID: it.id, Published: dates.read(it.published), Updated: dates.read(it.updated),
		Authors: signed(base, it.authors), Categories: it.categories, Image: picture(base, it.image), Source: it.source,
		Language: tag(it.language), Base: absoluteBase(document, cmp.Or(it.ground, it.base)), Comments: link(base, it.comments),
	}
	for _, e := range it.enclosures {
		e.URL = link(base, e.URL)
		out.Enclosures = append(out.Enclosures, e)
	}
	return out
}

// absoluteBase is a base as far as it can be resolved; empty where following it would run code.
func absoluteBase(document, base string) string {
	if base == "" {
		return ""
	}
	return link(document, base)
}

// signed gives the addresses of authors that may be followed, absolute.
func signed(base string, who []Person) []Person {
	for i := range who {
		who[i].URL = link(base, who[i].URL)
	}
	return who
}

// dater teaches d what the reading tells about its own dates.
func (r *reading) dater(d dater) dater {
	d.arab = strings.HasPrefix(strings.ToLower(r.language), "ar")
	var all []string
	for i := range r.items {
		if p := r.items[i].published; p != "" && p[0] < 'A' { // a weekday or a month would tell by itself
			all = append(all, p)
		}
	}
	return d.learn(all)
}

// atomID is the id of an Atom element, absolute: a relative one is unique only in its own document.
func (r *reading) atomID(base, id string) string {
	if r.format == "atom" && strings.HasPrefix(id, "/") {
		return against(base, id)
	}
	return id
}

// tag gives a language tag the hyphen of BCP 47.
func tag(lang string) string { return strings.ReplaceAll(strings.TrimSpace(lang), "_", "-") }

func picture(base string, p Picture) *Picture {
	if p.URL = link(base, p.URL); p.URL == "" {
		return nil
	}
	p.Link = link(base, p.Link)
	return &p
}
