package output

import (
	"encoding/xml"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"rafid/arabic"
)

// The elements that RSS 2.0 with its usual modules has and feeds.RssFeed lacks.
type (
	rssRoot struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Atom    string   `xml:"xmlns:atom,attr"`
		DC      string   `xml:"xmlns:dc,attr"`
		Content string   `xml:"xmlns:content,attr"`
		Media   string   `xml:"xmlns:media,attr"`
		Sy      string   `xml:"xmlns:sy,attr"`
		Channel *rssChannel
	}
	rssChannel struct {
		XMLName xml.Name `xml:"channel"`
		feeds.RssFeed
		Links     []rssLink  `xml:"atom:link"`
		Period    string     `xml:"sy:updatePeriod"`
		Frequency int        `xml:"sy:updateFrequency"`
		Items     []*rssItem `xml:"item"`
	}
	rssLink struct {
		Rel   string `xml:"rel,attr"`
		Type  string `xml:"type,attr,omitempty"`
		Title string `xml:"title,attr,omitempty"`
		Href  string `xml:"href,attr"`
	}
	rssItem struct {
		XMLName xml.Name `xml:"item"`
		feeds.RssItem
		Creator     string        `xml:"dc:creator"`
		Contributor string        `xml:"dc:contributor,omitempty"`
		Language    string        `xml:"dc:language,omitempty"`
		Categories  []rssCategory `xml:"category"`
		Source      *rssSource    `xml:"source"`
		Related     []rssLink     `xml:"atom:link"`
		Updated     string        `xml:"atom:updated,omitempty"`
		Media       *mediaContent
		Thumbnail   *mediaThumbnail
	}
	rssCategory struct {
		Domain string `xml:"domain,attr,omitempty"`
		Name   string `xml:",chardata"`
	}
	rssSource struct {
		URL  string `xml:"url,attr"`
		Name string `xml:",chardata"`
	}
)

// rssDocument is what feeds.WriteXML writes.
type rssDocument struct {
	channel *rssChannel
	sheet   string
}

// FeedXml gives the document itself, which marshals its channel behind the stylesheet instruction.
func (d *rssDocument) FeedXml() any { return d }

// MarshalXML implements xml.Marshaler.
func (d *rssDocument) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	return styled(e, d.sheet, &rssRoot{
		Version: "2.0", Channel: d.channel,
		Atom:    "http://www.w3.org/2005/Atom",
		DC:      "http://purl.org/dc/elements/1.1/",
		Content: "http://purl.org/rss/1.0/modules/content/",
		Media:   "http://search.yahoo.com/mrss/",
		Sy:      "http://purl.org/rss/1.0/modules/syndication/",
	})
}

// logoSize is the width of logo.png: the most that RSS 2.0 allows a channel's image.
const logoSize = 144

func (h *house) rssFeed(d document) *rssChannel {
	minutes := max(1, int(h.Refresh/time.Minute))
	c := &rssChannel{
		RssFeed: feeds.RssFeed{
			Title: d.title, Link: d.front, Description: d.about, Language: "ar",
			LastBuildDate: rfc822(d.updated), Ttl: minutes, Generator: strings.TrimSpace("Rafid " + h.Site.Version),
		},
		Period: "hourly", Frequency: max(1, 60/minutes),
	}
	if logo := h.url("/logo.png"); logo != "" {
		c.Image = &feeds.RssImage{Url: logo, Title: d.title, Link: d.front, Width: logoSize, Height: logoSize}
	}
	for _, l := range h.feedLinks(d, RSS) {
		c.Links = append(c.Links, rssLink{Rel: l.rel, Type: l.mime, Href: l.href})
	}
	for _, it := range d.items {
		c.Items = append(c.Items, h.rssItem(d, it))
	}
	return c
}

func (h *house) rssItem(d document, it item) *rssItem {
	i := &rssItem{
		RssItem: feeds.RssItem{
			Title: it.heading, Link: it.link, PubDate: rfc822(it.published),
			Guid:        &feeds.RssGuid{Id: it.id, IsPermaLink: "false"},
			Description: arabic.Lead(strings.Join(it.text, " ")),
			Content:     &feeds.RssContent{Content: it.html},
		},
		Creator: it.outlet,
	}
	if it.updated.After(it.published) {
		i.Updated = rfc3339(it.updated)
	}
	if it.lang != "ar" {
		i.Language = it.lang
	}
	if it.byline != it.outlet {
		i.Contributor = it.byline
	}
	for _, c := range it.categories {
		i.Categories = append(i.Categories, rssCategory{Domain: h.url("/c/"), Name: c.name})
	}
	for _, tag := range it.tags {
		i.Categories = append(i.Categories, rssCategory{Name: tag})
	}
	if feed := webLink(it.source.URL); feed != "" {
		i.Source = &rssSource{URL: feed, Name: untagged(it.source.Name)}
	}
	if it.page != "" && it.page != it.link {
		i.Related = append(i.Related, rssLink{Rel: "related", Type: "text/html", Href: it.page})
	}
	if it.former != "" {
		i.Related = append(i.Related, rssLink{Rel: "related", Type: "text/html", Title: "ما سبق", Href: it.former})
	}
	if it.image != "" {
		// The length is not known without fetching the picture; 0 is what the RSS board recommends then.
		i.Enclosure = &feeds.RssEnclosure{Url: it.image, Length: "0", Type: it.imageType}
		i.Media = &mediaContent{URL: it.image, Type: it.imageType, Medium: "image", Description: it.caption}
		i.Thumbnail = &mediaThumbnail{URL: it.image}
	}
	return i
}
