package output

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// serveFeed answers for /feeds/CHANNEL.FORMAT: its bytes, or a page about it when a browser navigates there.
func (ed *edition) serveFeed(w http.ResponseWriter, r *http.Request) {
	name, format, _ := cutLast(r.PathValue("file"), '.')
	if at, before, ok := cutLast(name, '.'); ok && strings.HasPrefix(before, beforeMark) {
		ed.serveOlder(w, r, at, strings.TrimPrefix(before, beforeMark), format)
		return
	}
	c := ed.admitted(name, r)
	if c == nil && name == wishName && format != "opml" && ed.offers(format) {
		ed.serveWish(w, r, format)
		return
	}
	if c == nil || !c.offers(format) {
		ed.notFound(w, r, "لا خلاصة بهذا العنوان")
		return
	}
	ed.serveChannel(w, r, c, format)
}

// channelFeed is a channel in one of its formats.
type channelFeed struct {
	*channel
	format string
}

// serveChannel answers for a channel that the request may know of, in a format that it has.
func (ed *edition) serveChannel(w http.ResponseWriter, r *http.Request, c *channel, format string) {
	is, err := ed.current(r.Context(), c)
	if err != nil {
		ed.failed(w, r, err)
		return
	}
	ed.setFeedHeaders(w.Header())
	if c.Token != "" {
		ed.keepPrivate(w.Header())
	}
	if format != "opml" && navigates(r) {
		ed.serveAboutFeed(w, r, c, is, format)
		return
	}
	if links := c.links[format]; links != nil {
		w.Header()["Link"] = links
	}
	c.requests.count(is.formats[format].serve(w, r))
}

// admitted gives the channel of a name, if there is one and the request may know of it.
func (ed *edition) admitted(name string, r *http.Request) *channel {
	c := ed.channels[name]
	if c == nil || !admits(c.Channel, r) {
		return nil
	}
	return c
}

// olderItems is how many items an older page of a feed has: about 200 kB.
const olderItems = 100

// serveOlder answers for an older page of a feed, /feeds/CHANNEL.before-TIME.FORMAT.
func (ed *edition) serveOlder(w http.ResponseWriter, r *http.Request, name, before, format string) {
	c := ed.admitted(name, r)
	micros, err := strconv.ParseInt(before, 10, 64)
	if c == nil || err != nil || format == "opml" || !c.offers(format) || c.digest != nil {
		ed.notFound(w, r, "لا خلاصة بهذا العنوان")
		return
	}
	ch := c.Channel
	ch.Query.Keep, ch.Query.Max, ch.Query.Before = 0, olderItems, time.UnixMicro(micros)
	ed.serveDocument(w, r, format, func(ctx context.Context) (document, error) {
		entries, more, err := ed.entries(ctx, ch)
		if err != nil {
			return document{}, err
		}
		d := ed.document(c.Channel, entries)
		d.page(entries, more)
		d.first, d.path = d.path, "/feeds/"+name+"."+beforeMark+before
		return d, nil
	})
}

// serveDocument answers with a feed that is not kept ready, from memory while nothing has been published since.
func (ed *edition) serveDocument(w http.ResponseWriter, r *http.Request, format string, make func(context.Context) (document, error)) {
	now, key := ed.Now(), r.URL.RequestURI()
	feed, generation := ed.pages.get(key, now)
	if feed == nil {
		d, err := make(r.Context())
		var body []byte
		if err == nil {
			body, err = ed.encode(d, format)
		}
		if err != nil {
			ed.failed(w, r, err)
			return
		}
		feed = ed.pack(body, mediaType(format)+"; charset=utf-8", d.updated)
		ed.pages.put(key, feed, generation, now)
	}
	ed.setFeedHeaders(w.Header())
	if r.URL.Query().Has(tokenName) {
		ed.keepPrivate(w.Header())
	}
	feed.serve(w, r)
}

// offers says whether channels are given in this format.
func (ed *edition) offers(format string) bool {
	for _, f := range ed.Formats {
		if f == format {
			return true
		}
	}
	return format == "opml"
}

// setFeedHeaders lets everyone read a feed, and keep it until it may have changed.
func (ed *edition) setFeedHeaders(h http.Header) {
	h["Access-Control-Allow-Origin"] = everyone
	h["Vary"] = varyFeed
	h["Cache-Control"] = ed.feedCache
	h["Content-Security-Policy"] = xmlPolicy
}

// navigates says whether a browser goes to the address itself. Accept is not asked: readers send anything.
func navigates(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Dest") == "document" && !r.URL.Query().Has("raw")
}

// turnsToPage sends a browser that navigates to a feed to the page that shows the same.
func (ed *edition) turnsToPage(w http.ResponseWriter, r *http.Request, page string) bool {
	if !navigates(r) {
		return false
	}
	w.Header()["Vary"] = varyFeed
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, ed.path+page, http.StatusFound)
	return true
}

func (ed *edition) serveAboutFeed(w http.ResponseWriter, r *http.Request, c *channel, is *issue, format string) {
	body, err := ed.aboutFeed(ed.at("/feeds/"+c.Name+"."+format, ed.Now()), c, is, format)
	if err != nil {
		ed.failed(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header()["Content-Security-Policy"] = pagePolicy
	ed.pack(body, "text/html; charset=utf-8", is.updated).serve(w, r)
}

func (ed *edition) serveChannels(w http.ResponseWriter, r *http.Request) {
	ed.setFeedHeaders(w.Header())
	w.Header()["Vary"] = varyPage
	ed.list.serve(w, r)
}
