package output

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"

	"github.com/gorilla/feeds"

	"rafid"
)

// document is one feed before it is written in a format.
type document struct {
	channel rafid.Channel
	id      string // tag URI of the feed
	title   string
	about   string // one line
	path    string // address without its extension, "/feeds/all"
	front   string // address of the page with the same stories
	query   string // what follows the extension in its address, with its "?"
	first   string // path of the newest page without its extension; empty on it
	next    string // path of the next older page without its extension; empty on the last
	topic   bool   // one may subscribe to it at a hub
	updated time.Time
	items   []item
}

// mediaType gives the exact type that each format is served and linked as.
func mediaType(format string) string {
	switch format {
	case Atom:
		return "application/atom+xml"
	case RSS:
		return "application/rss+xml"
	case JSON:
		return "application/feed+json"
	}
	return "text/x-opml+xml"
}

// epoch stands for the time of a feed that has no item yet: a feed must tell one, and the clock is none of
// the store's state.
var epoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// document gathers what the channel's feed says of these entries, newest first.
func (h *house) document(ch rafid.Channel, entries []rafid.Entry) document {
	d := document{
		channel: ch, query: opened(ch), id: h.feedID(ch.Name), title: h.feedTitle(ch), about: h.feedDescription(ch),
		path: "/feeds/" + ch.Name, front: h.front(ch), updated: epoch,
		items: make([]item, 0, len(entries)),
	}
	h = h.as(ch)
	for i, e := range entries {
		it := h.item(e)
		if ch.Apart {
			it.id = h.reportID(e.Group.Lead)
		}
		if i == 0 || it.updated.After(d.updated) {
			d.updated = it.updated
		}
		d.add(h, it)
	}
	return d
}

// add puts an item into the document. What it says in this channel is the same in every format.
func (d *document) add(h *house, it item) {
	it.heading, it.html = h.credited(it, d.channel), h.body(it, d.channel)
	d.items = append(d.items, it)
}

// page names the next older page, which begins before the last of these entries (RFC 5005 §3). Its path is a
// file name, so that among static files it is missing rather than the first page again.
func (d *document) page(entries []rafid.Entry, more bool) {
	if more && len(entries) > 0 {
		last := entries[len(entries)-1].Group.Published
		d.next = fmt.Sprintf("/feeds/%s.%s%d", d.channel.Name, beforeMark, last.UnixMicro())
	}
}

// beforeMark stands before the time, in microseconds since 1970, that an older page of a feed begins before.
const beforeMark = "before-"

// perItem is about what an item with its text and three outlets takes, in bytes, in the longest format.
const perItem = 3072

// encode writes the document in a format.
func (h *house) encode(d document, format string) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(2048 + len(d.items)*perItem)
	var err error
	switch format {
	case Atom:
		err = feeds.WriteXML(&atomDocument{h.atomFeed(d), h.path + "/feed.css"}, &b)
	case RSS:
		err = feeds.WriteXML(&rssDocument{h.rssFeed(d), h.path + "/feed.css"}, &b)
	case JSON:
		err = writeJSON(&b, h.jsonFeed(d))
	default:
		return nil, fmt.Errorf("format %q is not known", format)
	}
	if err != nil {
		return nil, fmt.Errorf("render %s.%s: %w", d.path, format, err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// styled puts the stylesheet instruction before the element: a browser that is given the feed over plain
// http, where it names no destination, shows it readable. The sheet is ours; a source's is never copied.
func styled(e *xml.Encoder, sheet string, v any) error {
	inst := xml.ProcInst{Target: "xml-stylesheet", Inst: []byte(`type="text/css" href="` + sheet + `"`)}
	if err := e.EncodeToken(inst); err != nil {
		return err
	}
	return e.Encode(v)
}

// rfc3339 writes a time as Atom wants it: UTC, to the second.
func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// rfc822 writes a time as RSS wants it, with the one zone name that every parser knows.
func rfc822(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }
