package output

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/gorilla/feeds"

	"rafid/arabic"
)

// What JSON Feed 1.1 has and feeds.JSONFeed lacks, and our own extension, under the underscore that the
// specification keeps for such.
type (
	jsonFeed struct {
		*feeds.JSONFeed
		Items []*jsonItem `json:"items"` // must be there even when empty
	}
	jsonItem struct {
		*feeds.JSONItem
		Language string     `json:"language"`
		Rafid    *jsonRafid `json:"_rafid"`
	}
	jsonRafid struct {
		About   string       `json:"about,omitempty"`
		Story   string       `json:"story,omitempty"`   // page of the whole coverage
		Follows string       `json:"follows,omitempty"` // page of the story that this one develops
		Byline  string       `json:"byline,omitempty"`
		Source  jsonSource   `json:"source"`
		Also    []jsonReport `json:"also,omitempty"`
	}
	jsonSource struct {
		Title   string `json:"title"`
		FeedURL string `json:"feed_url,omitempty"`
		HomeURL string `json:"home_page_url,omitempty"`
	}
	jsonReport struct {
		Outlet string `json:"outlet"`
		Title  string `json:"title"`
		URL    string `json:"url,omitempty"`
	}
)

// writeJSON writes the feed. Characters that mean something in HTML are escaped, so that it may be put into a
// page.
func writeJSON(w io.Writer, f *jsonFeed) error {
	return json.NewEncoder(w).Encode(f)
}

func (h *house) jsonFeed(d document) *jsonFeed {
	f := &jsonFeed{
		JSONFeed: &feeds.JSONFeed{
			Version: "https://jsonfeed.org/version/1.1", Title: d.title, Description: d.about, Language: "ar",
			HomePageUrl: d.front, FeedUrl: h.url(d.path + "." + JSON + d.query),
			Icon: h.url("/icon-192.png"), Favicon: h.url("/icon-192.png"),
		},
		Items: make([]*jsonItem, 0, len(d.items)),
	}
	if d.next != "" && f.FeedUrl != "" {
		f.NextUrl = h.url(d.next + "." + JSON + d.query)
	}
	if h.namesHub(d) {
		f.Hubs = []*feeds.JSONHub{{Type: "WebSub", Url: h.Hub}}
	}
	for _, it := range d.items {
		f.Items = append(f.Items, h.jsonItem(d, it))
	}
	return f
}

func (h *house) jsonItem(d document, it item) *jsonItem {
	i := &jsonItem{
		JSONItem: &feeds.JSONItem{
			Id: it.id, Url: it.link, Title: it.heading,
			ContentHTML: it.html, Summary: arabic.Lead(strings.Join(it.text, " ")),
			Image: it.image, PublishedDate: &it.published, ModifiedDate: &it.updated,
			Authors: []*feeds.JSONAuthor{{Name: it.outlet, Url: it.home}},
		},
		Language: it.lang,
		Rafid: &jsonRafid{
			About: h.url("/about"), Story: it.page, Follows: it.former, Byline: it.byline,
			Source: jsonSource{Title: untagged(it.source.Name), FeedURL: webLink(it.source.URL), HomeURL: it.home},
		},
	}
	for _, c := range it.categories {
		i.Tags = append(i.Tags, c.name)
	}
	i.Tags = append(i.Tags, it.tags...)
	for _, r := range it.others {
		i.Rafid.Also = append(i.Rafid.Also, jsonReport{r.outlet, r.title, r.link})
	}
	if it.image != "" {
		i.Attachments = []feeds.JSONAttachment{{Url: it.image, MIMEType: it.imageType, Title: it.caption}}
	}
	return i
}
