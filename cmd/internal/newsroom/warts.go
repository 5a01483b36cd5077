package newsroom

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// What is wrong with a feed, as world/outlets.json names it.
const (
	wartMislabelled = "mislabelled" // says UTF-8 and is not
	wartBroken      = "broken"      // junk before the declaration, bare &, control characters, no end
	wartArabicDates = "arabicdates" // «الجمعة، 26-11-2021 07:10 م», in the outlet's own zone
	wartTwice       = "twice"       // titles and HTML escaped once more than they should be
	wartSeed        = "seed"        // the whole page in the description: section, caption twice, links, comments
	wartNoDates     = "nodates"     // no date at all
)

// encode gives the bytes of a document in the outlet's charset, with its damage done.
func (o *outlet) encode(doc string) ([]byte, error) {
	if o.Wart == wartBroken {
		doc = smash(doc)
	}
	if o.Charset != "windows-1256" {
		return []byte(doc), nil
	}
	data, err := encoding.HTMLEscapeUnsupported(charmap.Windows1256.NewEncoder()).Bytes([]byte(doc))
	if err != nil {
		return nil, fmt.Errorf("%s: windows-1256: %w", o.ID, err)
	}
	return data, nil
}

// smash damages a well-formed document as careless servers do, without losing an item: a warning of the
// server's before the declaration, links with a bare &, a control character after each opening mark, and
// an end that was cut off in the middle of one item more.
func smash(doc string) string {
	doc = strings.ReplaceAll(doc, "</link>\n<guid", "?utm_source=rss&ref=feed&id=7</link>\n<guid")
	doc = strings.ReplaceAll(doc, "(سنونو) -", "(سنونو)\x0b - أخبار & تقارير:")
	doc, _, _ = strings.Cut(doc, "</channel>")
	return "\r\n<br />\n<b>Notice</b>: cache miss\n" + doc + "<item>\n<title>اشترك في نشرتنا البر"
}

// arabicDate writes a date as the pages of many Arabic outlets do, in the twelve-hour clock.
func arabicDate(t time.Time) string {
	half := "ص"
	if t.Hour() >= 12 {
		half = "م"
	}
	return fmt.Sprintf("%s، %s %s", weekday(t), t.Format("02-01-2006 03:04"), half)
}

// seedPage is a description that holds the whole page: section, headline, the caption printed twice, the
// body with a related link in the middle, and a reader's comment with a date of its own.
func seedPage(p piece, before string, d *desk, o *outlet) string {
	var b strings.Builder
	caption := d.captions[p.number%len(d.captions)]
	fmt.Fprintf(&b, "<div>%s</div>\n<h1>%s</h1>\n<p>%s<br/>%s</p>\n", escape(p.label), escape(p.title), caption, caption)
	for i, l := range p.lines {
		fmt.Fprintf(&b, "<p>%s</p>\n", escape(l))
		if i == 0 && before != "" {
			fmt.Fprintf(&b, "<p>اقرأ أيضا: <a href=\"%s/\">%s</a></p>\n", o.base, escape(before))
		}
	}
	if p.number%2 == 0 {
		at := p.at.In(time.FixedZone("", 60*o.Zone)).Add(9 * time.Minute)
		fmt.Fprintf(&b, "<div>التعليقات (1)</div>\n<div>%s</div>\n<div>%s</div>\n<div>%s</div>\n",
			d.names[p.number/2%len(d.names)], arabicDate(at), d.comments[p.number/2%len(d.comments)])
	}
	return b.String()
}
