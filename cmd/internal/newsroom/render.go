package newsroom

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// escape makes text safe inside XML and HTML, without the numeric references that EscapeText writes for
// quotes and that no newsroom would.
func escape(s string) string { return escaper.Replace(s) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// render writes the outlet's feed as UTF-8, before it is re-encoded or broken.
func (o *outlet) render(items []piece, d *desk) (string, error) {
	switch o.Kind {
	case "atom":
		return o.atom(items), nil
	case "json":
		return o.json(items)
	case "rdf":
		return o.rdf(items), nil
	}
	return o.rss(items, d), nil
}

const rssOpen = `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"` +
	` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">`

func (o *outlet) rss(items []piece, d *desk) string {
	var b strings.Builder
	b.WriteString(o.declaration() + rssOpen + "\n<channel>\n")
	fmt.Fprintf(&b, "<title>%s</title>\n<link>%s/</link>\n<description>%s</description>\n<language>ar</language>\n",
		escape(o.Name), o.base, escape("آخر أخبار "+o.Name))
	for i, p := range items {
		var before string
		if i+1 < len(items) {
			before = items[i+1].title
		}
		o.rssItem(&b, p, before, d)
	}
	b.WriteString("</channel>\n</rss>\n")
	return b.String()
}

func (o *outlet) rssItem(b *strings.Builder, p piece, before string, d *desk) {
	fmt.Fprintf(b, "<item>\n<title>%s</title>\n<link>%s</link>\n", o.rssTitle(p.title), escape(p.link))
	fmt.Fprintf(b, "<guid isPermaLink=\"false\">%s</guid>\n", p.guid)
	if date := o.rssDate(p.at); date != "" {
		fmt.Fprintf(b, "<pubDate>%s</pubDate>\n", date)
	}
	if p.label != "" {
		fmt.Fprintf(b, "<category>%s</category>\n", escape(p.label))
	}
	if p.byline != "" {
		fmt.Fprintf(b, "<dc:creator>%s</dc:creator>\n", escape(p.byline))
	}
	fmt.Fprintf(b, "<description>%s</description>\n", o.rssDescription(p, before, d))
	if o.Body == "both" {
		fmt.Fprintf(b, "<content:encoded><![CDATA[%s]]></content:encoded>\n", paragraphs(p.lines))
	}
	if p.image != "" {
		fmt.Fprintf(b, "<media:content url=\"%s\" medium=\"image\" type=\"image/png\"/>\n", escape(p.image))
	}
	b.WriteString("</item>\n")
}

func (o *outlet) rssTitle(title string) string {
	if o.Wart == wartTwice {
		return escape(escape(title))
	}
	return escape(title)
}

func (o *outlet) rssDate(t time.Time) string {
	local := t.In(time.FixedZone("", 60*o.Zone))
	switch o.Wart {
	case wartNoDates:
		return ""
	case wartArabicDates:
		return arabicDate(local)
	}
	return local.Format(time.RFC1123Z)
}

func (o *outlet) rssDescription(p piece, before string, d *desk) string {
	switch o.Wart {
	case wartTwice:
		return "<![CDATA[" + escape(paragraphs(o.lead(p))) + "]]>"
	case wartSeed:
		return "<![CDATA[" + seedPage(p, before, d, o) + "]]>"
	}
	return escape(strings.Join(o.lead(p), " "))
}

func (o *outlet) declaration() string {
	if o.Charset != "" && o.Wart != wartMislabelled {
		return `<?xml version="1.0" encoding="` + o.Charset + `"?>` + "\n"
	}
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
}

// rdf writes RSS 1.0: the items stand beside the channel, and their dates are Dublin Core's.
func (o *outlet) rdf(items []piece) string {
	var b strings.Builder
	b.WriteString(o.declaration() + `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"` +
		` xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">` + "\n")
	fmt.Fprintf(&b, "<channel rdf:about=\"%s/\">\n<title>%s</title>\n<link>%s/</link>\n<description>%s</description>\n<dc:language>ar</dc:language>\n<items><rdf:Seq>",
		o.base, escape(o.Name), o.base, escape("أخبار المال والأسواق"))
	for _, p := range items {
		fmt.Fprintf(&b, "<rdf:li rdf:resource=\"%s\"/>", escape(p.link))
	}
	b.WriteString("</rdf:Seq></items>\n</channel>\n")
	for _, p := range items {
		fmt.Fprintf(&b, "<item rdf:about=\"%s\">\n<title>%s</title>\n<link>%s</link>\n<dc:identifier>%s</dc:identifier>\n<dc:date>%s</dc:date>\n<description>%s</description>\n</item>\n",
			escape(p.link), escape(p.title), escape(p.link), p.guid, p.at.Format(time.RFC3339), escape(strings.Join(o.lead(p), " ")))
	}
	b.WriteString("</rdf:RDF>\n")
	return b.String()
}

func (o *outlet) atom(items []piece) string {
	var b strings.Builder
	b.WriteString(o.declaration() + `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar">` + "\n")
	var updated time.Time
	if len(items) > 0 {
		updated = items[0].at
	}
	fmt.Fprintf(&b, "<id>%s/</id>\n<title>%s</title>\n<link href=\"%s/\"/>\n<link rel=\"self\" href=\"%s%s\"/>\n<updated>%s</updated>\n<author><name>%s</name></author>\n",
		o.base, escape(o.Name), o.base, o.base, o.feedPath(), updated.Format(time.RFC3339), escape(o.Name))
	for _, p := range items {
		fmt.Fprintf(&b, "<entry>\n<id>%s</id>\n<title>%s</title>\n<link href=\"%s\"/>\n", p.guid, escape(p.title), escape(p.link))
		fmt.Fprintf(&b, "<published>%[1]s</published>\n<updated>%[1]s</updated>\n", p.at.Format(time.RFC3339))
		if p.label != "" {
			fmt.Fprintf(&b, "<category term=\"%s\"/>\n", escape(p.label))
		}
		fmt.Fprintf(&b, "<summary>%s</summary>\n", escape(strings.Join(o.lead(p), " ")))
		if o.Body == "both" {
			fmt.Fprintf(&b, "<content type=\"html\">%s</content>\n", escape(paragraphs(p.lines)))
		}
		b.WriteString("</entry>\n")
	}
	b.WriteString("</feed>\n")
	return b.String()
}

// The members of a JSON Feed 1.1 that we write.
type (
	jsonFeed struct {
		Version     string     `json:"version"`
		Title       string     `json:"title"`
		HomePageURL string     `json:"home_page_url"`
		FeedURL     string     `json:"feed_url"`
		Language    string     `json:"language"`
		Items       []jsonItem `json:"items"`
	}
	jsonItem struct {
		ID            string   `json:"id"`
		URL           string   `json:"url"`
		Title         string   `json:"title"`
		Summary       string   `json:"summary"`
		ContentHTML   string   `json:"content_html"`
		Image         string   `json:"image,omitempty"`
		DatePublished string   `json:"date_published"`
		Tags          []string `json:"tags,omitempty"`
	}
)

func (o *outlet) json(items []piece) (string, error) {
	f := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: o.Name, HomePageURL: o.base + "/",
		FeedURL: o.base + o.feedPath(), Language: "ar", Items: []jsonItem{},
	}
	for _, p := range items {
		i := jsonItem{
			ID: p.guid, URL: p.link, Title: p.title, Summary: strings.Join(o.lead(p), " "),
			ContentHTML: paragraphs(p.lines), Image: p.image, DatePublished: p.at.Format(time.RFC3339),
		}
		if p.label != "" {
			i.Tags = []string{p.label}
		}
		f.Items = append(f.Items, i)
	}
	data, err := json.Marshal(f)
	return string(data), err
}
