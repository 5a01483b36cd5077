package output

import (
	"encoding/xml"
	"time"

	"github.com/gorilla/feeds"
	"github.com/zeebo/xxh3"
)

// The elements that Atom (RFC 4287) has and feeds.AtomFeed lacks. Fields of the same name take the place of
// the embedded one's.
type (
	atomFeed struct {
		XMLName xml.Name `xml:"feed"`
		Media   string   `xml:"xmlns:media,attr"`
		Lang    string   `xml:"xml:lang,attr"`
		feeds.AtomFeed
		Links     []atomLink    `xml:"link"`
		Generator atomGenerator `xml:"generator"`
		Entries   []*atomEntry  `xml:"entry"`
	}
	atomGenerator struct {
		URI     string `xml:"uri,attr,omitempty"`
		Version string `xml:"version,attr,omitempty"`
		Name    string `xml:",chardata"`
	}
	atomLink struct {
		Rel      string `xml:"rel,attr"`
		Type     string `xml:"type,attr,omitempty"`
		HrefLang string `xml:"hreflang,attr,omitempty"`
		Title    string `xml:"title,attr,omitempty"`
		Href     string `xml:"href,attr"`
	}
	atomEntry struct {
		XMLName xml.Name `xml:"entry"`
		Lang    string   `xml:"xml:lang,attr,omitempty"`
		feeds.AtomEntry
		Links      []atomLink     `xml:"link"`
		Categories []atomCategory `xml:"category"`
		Source     *atomSource    `xml:"source"`
		Media      *mediaContent
		Thumbnail  *mediaThumbnail
	}
	atomCategory struct {
		Term   string `xml:"term,attr"`
		Scheme string `xml:"scheme,attr,omitempty"`
		Label  string `xml:"label,attr"`
	}
	atomSource struct {
		ID      string     `xml:"id"`
		Title   string     `xml:"title"`
		Updated string     `xml:"updated"`
		Links   []atomLink `xml:"link"`
	}
	mediaContent struct {
		XMLName     xml.Name `xml:"media:content"`
		URL         string   `xml:"url,attr"`
		Type        string   `xml:"type,attr"`
		Medium      string   `xml:"medium,attr"`
		Description string   `xml:"media:description,omitempty"`
	}
	mediaThumbnail struct {
		XMLName xml.Name `xml:"media:thumbnail"`
		URL     string   `xml:"url,attr"`
	}
)

// atomDocument is what feeds.WriteXML writes.
type atomDocument struct {
	feed  *atomFeed
	sheet string
}

// FeedXml gives the document itself, which marshals its feed behind the stylesheet instruction.
func (d *atomDocument) FeedXml() any { return d }

// MarshalXML implements xml.Marshaler.
func (d *atomDocument) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	return styled(e, d.sheet, d.feed)
}

func (h *house) atomFeed(d document) *atomFeed {
	f := &atomFeed{
		Media: "http://search.yahoo.com/mrss/",
		Lang:  "ar",
		AtomFeed: feeds.AtomFeed{
			Xmlns: "http://www.w3.org/2005/Atom", Title: d.title, Id: d.id, Subtitle: d.about,
			Updated: rfc3339(d.updated), Icon: h.url("/icon-192.png"), Logo: h.url("/logo.png"),
		},
		Generator: atomGenerator{URI: h.url("/about"), Version: h.Site.Version, Name: "Rafid"},
	}
	f.Links = append(f.Links, atomLink{Rel: "alternate", Type: "text/html", HrefLang: "ar", Href: d.front})
	for _, l := range h.feedLinks(d, Atom) {
		f.Links = append(f.Links, atomLink{Rel: l.rel, Type: l.mime, Href: l.href})
	}
	for _, it := range d.items {
		f.Entries = append(f.Entries, h.atomEntry(d, it))
	}
	return f
}

// relation is a link of the feed itself, in every XML format an atom:link.
type relation struct{ rel, mime, href string }

// feedLinks gives where this document is, and where the older items are (RFC 5005).
func (h *house) feedLinks(d document, format string) []relation {
	if h.Site.URL == "" {
		return nil
	}
	links := []relation{{"self", mediaType(format), h.url(d.path + "." + format + d.query)}}
	if d.first != "" {
		links = append(links, relation{"first", mediaType(format), h.url(d.first + "." + format + d.query)})
	}
	if d.next != "" {
		links = append(links, relation{"next", mediaType(format), h.url(d.next + "." + format + d.query)})
	}
	if h.namesHub(d) {
		links = append(links, relation{"hub", "", h.Hub})
	}
	return links
}

// namesHub says whether a document names the hub: it must be a topic, which the newest page of a public
// channel is.
func (h *house) namesHub(d document) bool {
	return h.Hub != "" && h.Site.URL != "" && d.topic && d.channel.Token == ""
}

func (h *house) atomEntry(d document, it item) *atomEntry {
	e := &atomEntry{
		AtomEntry: feeds.AtomEntry{
			Title: it.heading, Id: it.id,
			Published: rfc3339(it.published), Updated: distinct(it.updated, it.id),
			Author:  &feeds.AtomAuthor{AtomPerson: feeds.AtomPerson{Name: it.outlet, Uri: it.home}},
			Content: &feeds.AtomContent{Type: "html", Content: it.html},
		},
		Links: []atomLink{{Rel: "alternate", Type: "text/html", HrefLang: it.lang, Href: it.link}},
	}
	if it.lang != "ar" {
		e.Lang = it.lang
	}
	if it.byline != "" && it.byline != it.outlet {
		e.Contributor = &feeds.AtomContributor{AtomPerson: feeds.AtomPerson{Name: it.byline}}
	}
	if it.page != "" && it.page != it.link {
		e.Links = append(e.Links, related(it.page, "كل التغطية في "+line(h.Site.Title)))
	}
	if it.former != "" {
		e.Links = append(e.Links, related(it.former, "ما سبق"))
	}
	if it.image != "" {
		e.Links = append(e.Links, atomLink{Rel: "enclosure", Type: it.imageType, Href: it.image})
		e.Media = &mediaContent{URL: it.image, Type: it.imageType, Medium: "image", Description: it.caption}
		e.Thumbnail = &mediaThumbnail{URL: it.image}
	}
	for _, c := range it.categories {
		e.Categories = append(e.Categories, atomCategory{Term: c.term, Scheme: h.url("/c/"), Label: c.name})
	}
	for _, tag := range it.tags {
		e.Categories = append(e.Categories, atomCategory{Term: tag, Label: tag})
	}
	if feed := webLink(it.source.URL); feed != "" {
		e.Source = &atomSource{ID: feed, Title: untagged(it.source.Name), Updated: rfc3339(it.sourced),
			Links: []atomLink{{Rel: "self", Href: feed}}}
	}
	return e
}

// distinct writes a time with a fraction of a second of the item's own. Outlets tell minutes, and what came in
// one pass came at one time; the W3C validator warns of two entries with one atom:updated, for readers that
// order by it show them in any order.
func distinct(t time.Time, id string) string {
	return t.UTC().Add(time.Duration(xxh3.HashString(id)%1e6) * time.Microsecond).Format("2006-01-02T15:04:05.000000Z07:00")
}

func related(page, title string) atomLink {
	return atomLink{Rel: "related", Type: "text/html", HrefLang: "ar", Title: title, Href: page}
}
