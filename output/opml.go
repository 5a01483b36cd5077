package output

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"

	"rafid"
)

// OPML 2.0, a list of subscriptions. It tells no dates: the same channels are the same bytes.
type (
	opml struct {
		XMLName  xml.Name      `xml:"opml"`
		Version  string        `xml:"version,attr"`
		Title    string        `xml:"head>title"`
		Outlines []opmlOutline `xml:"body>outline"`
	}
	opmlOutline struct {
		Text        string        `xml:"text,attr"`
		Title       string        `xml:"title,attr,omitempty"`
		Type        string        `xml:"type,attr,omitempty"`
		XMLURL      string        `xml:"xmlUrl,attr,omitempty"`
		HTMLURL     string        `xml:"htmlUrl,attr,omitempty"`
		Language    string        `xml:"language,attr,omitempty"`
		Description string        `xml:"description,attr,omitempty"`
		Outlines    []opmlOutline `xml:"outline"`
	}
)

// encodeOPML writes a list of subscriptions.
func encodeOPML(title string, outlines []opmlOutline) ([]byte, error) {
	if len(outlines) == 0 { // OPML wants at least one
		outlines = []opmlOutline{{Text: title}}
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", " ")
	if err := e.Encode(opml{Version: "2.0", Title: title, Outlines: outlines}); err != nil {
		return nil, fmt.Errorf("render OPML: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// channelsOPML lists everything one can subscribe to here: the mixed channels, then the categories, then the
// sources.
func (h *house) channelsOPML() ([]byte, error) {
	var mixed []opmlOutline
	sections := opmlOutline{Text: "الأقسام"}
	sources := opmlOutline{Text: "المصادر"}
	for _, ch := range h.Channels {
		if ch.Token != "" {
			continue
		}
		o := opmlOutline{Text: h.feedTitle(ch), Title: h.feedTitle(ch), Type: "rss", Language: "ar",
			XMLURL: h.url(feedPath(ch, h.formats(ch)[0])), HTMLURL: h.front(ch)}
		switch {
		case ch.Query.Source != "":
			sources.Outlines = append(sources.Outlines, o)
		case h.isCategory(ch):
			sections.Outlines = append(sections.Outlines, o)
		default:
			mixed = append(mixed, o)
		}
	}
	for _, group := range []opmlOutline{sections, sources} {
		if len(group.Outlines) > 0 {
			mixed = append(mixed, group)
		}
	}
	return encodeOPML(line(h.Site.Title), mixed)
}

// sourcesOPML lists the outlets' own feeds behind a channel: those that were given to it, and those that
// have a story in it now.
func (h *house) sourcesOPML(ch rafid.Channel, entries []rafid.Entry) ([]byte, error) {
	carries := make(map[string]bool)
	for _, e := range entries {
		for _, s := range e.Stories {
			carries[s.Source] = true
		}
	}
	var outlines []opmlOutline
	for _, s := range h.Sources {
		feed, named := webLink(s.URL), ch.Query.Source != "" || len(ch.Query.Sources) > 0
		if feed != "" && (isGiven(ch.Query, s) || carries[s.ID] && !named) {
			outlines = append(outlines, opmlOutline{Text: untagged(s.Name), Title: untagged(s.Name), Type: "rss",
				XMLURL: feed, HTMLURL: webLink(s.Home), Language: "ar"})
		}
	}
	return encodeOPML(h.feedTitle(ch), outlines)
}

// isGiven says whether all of a source may come into what a query selects.
func isGiven(q rafid.Query, s rafid.Source) bool {
	one := func(allowed []string, v string) bool { return len(allowed) == 0 || slices.Contains(allowed, v) }
	return (q.Source == "" || q.Source == s.ID) && (q.Category == "" || q.Category == s.Category) &&
		one(q.Sources, s.ID) && one(q.Categories, s.Category) && one(q.Countries, s.Country)
}
