package fetch

import (
	"encoding/json"
	"strings"
	"testing"
)

// shell is a document of one format with a place for elements of the feed and of its one item.
type shell struct{ name, open, item, end, close string }

func shells() []shell {
	const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="`
	return []shell{
		{"RSS 2.0", `<rss version="2.0" NS><channel>`, "<item>", "</item>", "</channel></rss>"},
		{"RSS 0.92", `<rss version="0.92" NS><channel>`, "<item>", "</item>", "</channel></rss>"},
		{"RSS 1.0", rdf + `http://purl.org/rss/1.0/" NS><channel>`, "</channel><item>", "</item>", "</rdf:RDF>"},
		{"RSS 0.90", rdf + `http://my.netscape.com/rdf/simple/0.9/" NS><channel>`, "</channel><item>", "</item>", "</rdf:RDF>"},
		{"Atom 1.0", `<feed xmlns="http://www.w3.org/2005/Atom" NS>`, "<entry>", "</entry>", "</feed>"},
		{"Atom 0.3", `<feed version="0.3" xmlns="http://purl.org/atom/ns#" NS>`, "<entry>", "</entry>", "</feed>"},
	}
}

// The prefixes are not those that the vocabularies are known by: a prefix is anyone's choice.
const strangePrefixes = `xmlns:a="http://www.w3.org/2005/Atom" xmlns:b="http://purl.org/atom/ns#" xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:e="https://purl.org/dc/elements/1.0" xmlns:c='http://purl.org/rss/1.0/modules/content' xmlns:m="http://search.yahoo.com/MRSS" xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:t="http://purl.org/dc/terms"`

// TestModules puts each element of a module alone into the item, and into the feed, of every format that may
// hold it: what it says is read, whatever its prefix.
func TestModules(t *testing.T) {
	t.Parallel()
	const day, iso = "Sun, 22 Nov 2026 10:00:00 GMT", "2026-11-22T10:00:00Z"
	const site, sound = "http://e.example/", `{"url":"http://e.example/a.mp3","type":"audio/mpeg","length":"5"}`
	const salma, nakheel, picture = `[{"name":"سلمى"}]`, `{"title":"النخيل","link":"http://e.example/"}`, `{"url":"http://e.example/a.jpg"}`
	for _, c := range []struct{ in, field, element, want string }{ // in: R only RSS 2.0 and 0.92, X all but Atom, A all
		{"X", "title", "<a:title>مطر</a:title>", "مطر"}, {"X", "title", "<b:title>مطر</b:title>", "مطر"}, {"A", "title", "<d:title>مطر</d:title>", "مطر"}, {"A", "title", "<e:title>مطر</e:title>", "مطر"}, {"A", "title", "<m:title>مطر</m:title>", "مطر"},
		{"X", "link", `<a:link href="` + site + `"/>`, site}, {"X", "link", `<b:link rel="alternate" href="` + site + `"/>`, site}, {"R", "link", "<guid>" + site + "</guid>", site},
		{"X", "summary", "<a:summary>مطر</a:summary>", "مطر"}, {"X", "summary", "<b:summary>مطر</b:summary>", "مطر"}, {"A", "summary", "<d:description>مطر</d:description>", "مطر"}, {"A", "summary", "<e:description>مطر</e:description>", "مطر"}, {"A", "summary", "<i:summary>مطر</i:summary>", "مطر"}, {"A", "summary", "<i:subtitle>مطر</i:subtitle>", "مطر"}, {"A", "summary", "<m:description>مطر</m:description>", "مطر"},
		{"A", "content", "<c:encoded>مطر</c:encoded>", "مطر"}, {"X", "content", "<a:content>مطر</a:content>", "مطر"}, {"X", "content", "<b:content>مطر</b:content>", "مطر"},
		{"R", "published", "<pubDate>" + day + "</pubDate>", iso}, {"X", "published", "<a:published>" + iso + "</a:published>", iso}, {"X", "published", "<b:issued>" + iso + "</b:issued>", iso}, {"X", "published", "<b:created>" + iso + "</b:created>", iso}, {"A", "published", "<d:date>" + iso + "</d:date>", iso}, {"A", "published", "<e:date>" + iso + "</e:date>", iso}, {"A", "published", "<t:issued>" + iso + "</t:issued>", iso}, {"A", "published", "<t:created>" + iso + "</t:created>", iso},
		{"X", "updated", "<a:updated>" + iso + "</a:updated>", iso}, {"X", "updated", "<b:modified>" + iso + "</b:modified>", iso}, {"A", "updated", "<t:modified>" + iso + "</t:modified>", iso},
		{"X", "authors", "<a:author><a:name>سلمى</a:name></a:author>", salma}, {"X", "authors", "<b:author><b:name>سلمى</b:name><b:url>" + site + "</b:url></b:author>", `[{"name":"سلمى","url":"http://e.example/"}]`}, {"A", "authors", "<d:creator>سلمى</d:creator>", salma}, {"A", "authors", "<e:creator>سلمى</e:creator>", salma}, {"A", "authors", "<i:author>سلمى</i:author>", salma},
		{"R", "categories", `<category domain="s">محليات</category>`, `[{"term":"محليات","scheme":"s"}]`}, {"X", "categories", `<a:category term="x" scheme="s" label="محليات"/>`, `[{"term":"x","scheme":"s","label":"محليات"}]`}, {"A", "categories", "<d:subject>محليات</d:subject>", `[{"term":"محليات"}]`}, {"A", "categories", "<e:subject>محليات</e:subject>", `[{"term":"محليات"}]`},
		{"R", "id", `<guid isPermaLink="false">7</guid>`, "7"}, {"X", "id", "<a:id>7</a:id>", "7"}, {"X", "id", "<b:id>7</b:id>", "7"}, {"A", "id", "<d:identifier>7</d:identifier>", "7"}, {"A", "id", "<e:identifier>7</e:identifier>", "7"},
		{"X", "enclosures", `<a:link rel="enclosure" href="http://e.example/a.mp3" type="audio/mpeg" length="5"/>`, "[" + sound + "]"}, {"A", "enclosures", `<m:content url="http://e.example/a.mp3" type="audio/mpeg" fileSize="5"/>`, "[" + sound + "]"},
		{"A", "image", `<m:thumbnail url="http://e.example/a.jpg"/>`, picture}, {"A", "image", `<m:content medium="image" url="http://e.example/a.jpg"/>`, picture}, {"A", "image", `<i:image href="http://e.example/a.jpg"/>`, picture},
		{"R", "source", `<source url="` + site + `">النخيل</source>`, nakheel}, {"X", "source", `<a:source><a:title>النخيل</a:title><a:link href="` + site + `"/></a:source>`, nakheel},
		{"A", "language", "<d:language>ar</d:language>", "ar"}, {"A", "language", "<e:language>ar</e:language>", "ar"}, {"R", "language", "<language>ar</language>", "ar"},
		// of the feed
		{"Xf", "title", "<a:title>مطر</a:title>", "مطر"}, {"Xf", "title", "<b:title>مطر</b:title>", "مطر"}, {"Af", "title", "<d:title>مطر</d:title>", "مطر"}, {"Af", "title", "<e:title>مطر</e:title>", "مطر"},
		{"Xf", "link", `<a:link href="` + site + `"/>`, site}, {"Xf", "link", `<b:link rel="alternate" href="` + site + `"/>`, site},
		{"Xf", "description", "<a:subtitle>مطر</a:subtitle>", "مطر"}, {"Xf", "description", "<b:tagline>مطر</b:tagline>", "مطر"}, {"Af", "description", "<d:description>مطر</d:description>", "مطر"}, {"Af", "description", "<i:summary>مطر</i:summary>", "مطر"},
		{"Xf", "rights", "<a:rights>مطر</a:rights>", "مطر"}, {"Xf", "rights", "<b:copyright>مطر</b:copyright>", "مطر"}, {"Af", "rights", "<d:rights>مطر</d:rights>", "مطر"},
		{"Af", "language", "<d:language>ar</d:language>", "ar"}, {"Af", "language", "<e:language>ar</e:language>", "ar"},
		{"Xf", "authors", "<a:author><a:name>سلمى</a:name></a:author>", salma}, {"Xf", "authors", "<b:author><b:name>سلمى</b:name></b:author>", salma}, {"Af", "authors", "<d:creator>سلمى</d:creator>", salma}, {"Af", "authors", "<i:author>سلمى</i:author>", salma},
		{"Xf", "categories", `<a:category term="محليات"/>`, `[{"term":"محليات"}]`}, {"Af", "categories", "<d:subject>محليات</d:subject>", `[{"term":"محليات"}]`},
		{"Xf", "image", "<a:logo>http://e.example/a.jpg</a:logo>", picture}, {"Xf", "image", "<a:icon>http://e.example/a.jpg</a:icon>", picture}, {"Af", "image", `<i:image href="http://e.example/a.jpg"/>`, picture},
		{"Xf", "updated", "<a:updated>" + iso + "</a:updated>", iso}, {"Xf", "updated", "<b:modified>" + iso + "</b:modified>", iso}, {"Af", "updated", "<d:date>" + iso + "</d:date>", iso},
		{"Xf", "id", "<a:id>7</a:id>", "7"}, {"Xf", "generator", "<a:generator>x</a:generator>", "x"},
	} {
		for _, s := range shells() {
			atom, old := strings.HasPrefix(s.name, "Atom"), !strings.HasPrefix(s.name, "RSS 2") && s.name != "RSS 0.92"
			if c.in[0] == 'X' && atom || c.in[0] == 'R' && old {
				continue
			}
			head, item := "<title>الواحة</title>", c.element
			if strings.HasSuffix(c.in, "f") {
				head, item = c.element, "<title>خبر</title>"
			}
			doc := strings.Replace(s.open, "NS", strangePrefixes, 1) + head + s.item + item + s.end + s.close
			if got := fieldOf(t, doc, c.field, strings.HasSuffix(c.in, "f")); got != c.want {
				t.Errorf("%s, %s: %s is %q, want %q", s.name, c.element, c.field, got, c.want)
			}
		}
	}
}

// fieldOf is one field of a document's first item, or of the feed, as JSON has it; strings without quotes.
func fieldOf(t *testing.T, doc, field string, ofFeed bool) string {
	t.Helper()
	d, err := Parse([]byte(doc), ParseOptions{})
	if err != nil {
		t.Errorf("%v: %s", err, doc)
		return ""
	}
	var of any = d.Feed
	if !ofFeed {
		if len(d.Items) != 1 {
			t.Errorf("%d items: %s", len(d.Items), doc)
			return ""
		}
		of = d.Items[0]
	}
	raw, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	var s string
	if json.Unmarshal(fields[field], &s) == nil {
		return s
	}
	return string(fields[field])
}
