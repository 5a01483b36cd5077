package output

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"

	"rafid"
)

// channel is a rafid.Channel with its current renderings.
type channel struct {
	rafid.Channel
	filter   filter
	requests requests
	digest   cron.Schedule       // nil when it carries stories
	links    map[string][]string // the Link header by format, where the feeds name a hub
	lazy     bool                // rendered when asked for, not when published
	stale    atomic.Bool         // a group that touches it has changed since it was rendered
	unfiled  atomic.Bool         // the same, since it was last written as a file
	issue    atomic.Pointer[issue]
	mu       sync.Mutex // one rendering at a time
}

// issue is one generation of a channel, all formats of it from the same entries.
type issue struct {
	formats map[string]*rendering // by format, "opml" included
	groups  map[string]bool       // ids of what it carries
	newest  []head                // for the page about the feed
	updated time.Time
	follows map[string][]string // ids of what it carries, newest first, by the id of the story that each follows
	daily   int                 // stories in the 24 hours before the newest
	until   time.Time           // when a digest has more to tell; zero for ever
}

// head is an item as the page about a feed names it.
type head struct {
	title, at, outlet string
	published         time.Time
}

// headsOf gives the first of the items.
func headsOf(items []item) []head {
	var heads []head
	for _, it := range items[:min(len(items), 10)] {
		heads = append(heads, head{it.title, it.at, it.outlet, it.published})
	}
	return heads
}

// newChannel makes a channel that is still to be rendered. Channels of single sources are lazy: with a
// thousand sources most are asked for by nobody, and rendering 30 items takes less than a request is worth.
func newChannel(ch rafid.Channel, o Options) *channel {
	if ch.Query.Keep == 0 {
		ch.Query.Keep = o.Keep
	}
	if ch.Query.Max == 0 {
		ch.Query.Max = o.Max
	}
	if len(ch.Formats) == 0 {
		ch.Formats = o.Formats
	}
	c := &channel{Channel: ch, filter: newFilter(ch.Query), lazy: ch.Query.Source != ""}
	if ch.Digest != "" {
		c.digest, _ = parseDigest(ch.Digest) // checked with the options
		c.lazy = false
	}
	c.stale.Store(true)
	c.unfiled.Store(true)
	return c
}

// offers says whether the channel is given in this format.
func (c *channel) offers(format string) bool {
	return format == "opml" || slices.Contains(c.Formats, format)
}

// touches says whether the channel carries the entry, has carried it, or is to carry it now. A digest that was
// published changes only by what is withdrawn from it.
func (ed *edition) touches(c *channel, e rafid.Entry) bool {
	shown, ok := ed.store.show(e)
	if is := c.issue.Load(); is != nil && is.groups[e.Group.ID] && (c.digest == nil || !ok) {
		return true
	}
	return ok && c.digest == nil && ed.passes(&c.filter, shown)
}

// selects says whether a query selects the entry, as a store would.
func selects(q rafid.Query, e rafid.Entry) bool {
	if len(e.Stories) == 0 {
		return false
	}
	if q.Category != "" && e.Category() != q.Category {
		return false
	}
	if q.Source != "" && !slices.ContainsFunc(e.Stories, func(s rafid.Story) bool { return s.Source == q.Source }) {
		return false
	}
	if !q.Before.IsZero() && !e.Group.Published.Before(q.Before) {
		return false
	}
	return q.MinSources <= 1 || len(e.Outlets()) >= q.MinSources
}

// trim applies what a query says of age and number. Age counts from the newest entry and not from now: what
// is published must not depend on when it was rendered.
func trim(entries []rafid.Entry, q rafid.Query) []rafid.Entry {
	if q.Max > 0 && len(entries) > q.Max {
		entries = entries[:q.Max]
	}
	if len(entries) == 0 {
		return entries
	}
	newest := entries[0].Group.Published
	for i, e := range entries {
		age := newest.Sub(e.Group.Published)
		if q.Age > 0 && age > q.Age || q.Keep > 0 && i >= fewest && age > q.Keep {
			return entries[:i]
		}
	}
	return entries
}

// current gives the channel's issue for a reader, rendering it first where it must be: when there is none
// yet, or when it is rendered on demand and has grown stale. When that fails, the last good one is served.
func (ed *edition) current(ctx context.Context, c *channel) (*issue, error) {
	is := c.issue.Load()
	if is != nil && !is.until.IsZero() && !ed.Now().Before(is.until) {
		c.stale.Store(true)
	} else if is != nil && !(c.lazy && c.stale.Load()) {
		return is, nil
	}
	err := ed.refresh(ctx, c)
	if is = c.issue.Load(); is != nil {
		if err != nil {
			ed.Logger.WarnContext(ctx, "channel is served as it was", "channel", c.Name, "err", err)
		}
		return is, nil
	}
	return nil, err
}

// refresh renders a stale channel. What changes meanwhile leaves it stale again.
func (ed *edition) refresh(ctx context.Context, c *channel) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stale.Swap(false) {
		return nil
	}
	is, err := ed.render(ctx, c)
	if err != nil {
		c.stale.Store(true)
		return fmt.Errorf("channel %s: %w", c.Name, err)
	}
	c.issue.Store(is)
	return nil
}

// render writes the channel in every format. A format whose bytes are as before keeps its rendering.
func (ed *edition) render(ctx context.Context, c *channel) (*issue, error) {
	compose := ed.compose
	if c.digest != nil {
		compose = ed.composeDigest
	}
	doc, entries, is, err := compose(ctx, c)
	if err != nil {
		return nil, err
	}
	doc.topic = true
	is.updated, is.newest = doc.updated, headsOf(doc.items)
	is.groups = make(map[string]bool, len(entries))
	for _, e := range entries {
		is.groups[e.Group.ID] = true
	}
	is.formats = make(map[string]*rendering, len(c.Formats)+1)
	for _, format := range c.Formats {
		body, err := ed.encode(doc, format)
		if err != nil {
			return nil, err
		}
		is.formats[format] = ed.press(c, format, body, doc.updated)
	}
	list, err := ed.sourcesOPML(c.Channel, entries)
	if err != nil {
		return nil, err
	}
	is.formats["opml"] = ed.press(c, "opml", list, doc.updated)
	ed.metrics.rendered(c.Name, is)
	return is, nil
}

// compose makes the document of a channel of stories.
func (ed *edition) compose(ctx context.Context, c *channel) (document, []rafid.Entry, *issue, error) {
	entries, more, err := ed.entries(ctx, c.Channel)
	if err != nil {
		return document{}, nil, nil, err
	}
	doc := ed.document(c.Channel, entries)
	doc.page(entries, more)
	is := &issue{follows: make(map[string][]string)}
	for _, e := range entries {
		if thread := e.Group.Thread; thread != "" {
			is.follows[thread] = append(is.follows[thread], e.Group.ID)
		}
		if entries[0].Group.Published.Sub(e.Group.Published) < 24*time.Hour {
			is.daily++
		}
	}
	return doc, entries, is, nil
}

// entries reads what a channel gives, and says whether there is more behind it. Stories of one instant are not
// torn apart, for the next page begins before an instant. Behind a bound of age there is nothing; nor is there
// behind reports told apart, which are ordered by times that pages of groups cannot begin at.
func (ed *edition) entries(ctx context.Context, ch rafid.Channel) (entries []rafid.Entry, more bool, err error) {
	q := ch.Query
	all, err := ed.gather(ctx, ch, q.Max+1)
	if err != nil {
		return nil, false, err
	}
	n := len(trim(all, q))
	if n == len(all) || q.Age > 0 || ch.Apart {
		return all[:n], false, nil
	}
	for i := n; i > 0; i-- {
		if !all[i-1].Group.Published.Equal(all[i].Group.Published) {
			n = i
			break
		}
	}
	return all[:n], true, nil
}

// press packs the bytes, or gives the former rendering when it has the same. New bytes never carry a time
// that a client already holds others under: a withdrawal moves nothing else.
func (ed *edition) press(c *channel, format string, body []byte, modified time.Time) *rendering {
	var last *rendering
	if is := c.issue.Load(); is != nil {
		last = is.formats[format]
	}
	mime := mediaType(format) + "; charset=utf-8"
	r := ed.pack(body, mime, modified)
	if last != nil && last.plain.etag[0] == r.plain.etag[0] {
		return last
	}
	if last != nil && !modified.After(last.modified) {
		r.changedAt(ed.Now())
	}
	if c.lazy {
		return r.slim()
	}
	return r
}
