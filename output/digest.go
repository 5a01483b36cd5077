package output

import (
	"cmp"
	"context"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rafid"
	"rafid/arabic"
)

// A digest channel carries instead of stories one item for each time that its cron line came: the widest
// stories that were met since the time before. What an item tells is as it was at its time, so that it never
// changes after: members that joined later do not count. It is a function of the store, the options and how
// many of its times have come.

const (
	digestsKept   = 7  // items: a week of a daily digest
	digestStories = 10 // what fits on two screens of a phone

	digestsBack = 10 * 366 * 24 * time.Hour // how far back a digest's times are looked for
)

// due says when a digest channel has a new item next; the zero time for other channels.
func (c *channel) due() time.Time {
	if is := c.issue.Load(); is != nil {
		return is.until
	}
	return time.Time{}
}

// Due gives the time when the next digest comes, and the zero time when there is none: a [Publisher.Publish]
// after it publishes the digest. Who asks for the feed gets it in any case.
func (p *Publisher) Due() time.Time {
	var next time.Time
	for _, c := range p.cur.Load().order {
		if due := c.due(); !due.IsZero() && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	return next
}

// digestTimes gives the times of the last digests in the site's zone, oldest first, and before them the time
// that the first begins after; next is the time that is still to come.
func (ed *edition) digestTimes(c *channel, now time.Time) (times []time.Time, next time.Time) {
	zone := ed.Site.Zone
	if zone == nil {
		zone = time.UTC
	}
	now = now.In(zone)
	for back := time.Hour; ; back *= 4 {
		times = times[:0]
		t := c.digest.Next(now.Add(-back))
		for ; !t.IsZero() && !t.After(now); t = c.digest.Next(t) {
			if times = append(times, t); len(times) > digestsKept+1 {
				times = times[1:]
			}
		}
		if len(times) > digestsKept || back > digestsBack {
			return times, t
		}
	}
}

// composeDigest makes the document of a digest channel.
func (ed *edition) composeDigest(ctx context.Context, c *channel) (document, []rafid.Entry, *issue, error) {
	times, next := ed.digestTimes(c, ed.Now())
	d := ed.document(c.Channel, nil)
	is := &issue{until: next}
	if len(times) < 2 {
		return d, nil, is, nil
	}
	entries, err := ed.metSince(ctx, c, times[0])
	if err != nil {
		return d, nil, nil, err
	}
	var carried []rafid.Entry
	for i := len(times) - 1; i > 0; i-- {
		widest := ed.widest(c, entries, times[i-1], times[i])
		if len(widest) == 0 {
			continue
		}
		carried = append(carried, widest...)
		d.items = append(d.items, ed.digestItem(c.Channel, widest, times[i-1], times[i]))
	}
	if len(d.items) > 0 {
		d.updated = d.items[0].updated
	}
	return d, carried, is, nil
}

// metSince reads the groups of the channel that were published since a time, and so all that opened since.
func (ed *edition) metSince(ctx context.Context, c *channel, since time.Time) ([]rafid.Entry, error) {
	ask := c.filter.pushed()
	ask.MinSources = 0 // as of a digest's time, not as of now
	for ask.Max = mostScanned / 10; ; ask.Max = mostScanned {
		entries, err := ed.store.Entries(ctx, ask)
		if err != nil {
			return nil, err
		}
		n := len(entries)
		if n < ask.Max || ask.Max == mostScanned || entries[n-1].Group.Published.Before(since) {
			return entries, nil
		}
	}
}

// widest gives, as they were at a time, the groups that had opened since the one before it, those of most
// outlets first.
func (ed *edition) widest(c *channel, entries []rafid.Entry, after, until time.Time) []rafid.Entry {
	var out []rafid.Entry
	for _, e := range entries {
		if len(e.Group.Members) == 0 || !e.Group.Members[0].Joined.After(after) || e.Group.Members[0].Joined.After(until) {
			continue
		}
		if e = asOf(e, until); ed.passes(&c.filter, e) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b rafid.Entry) int {
		return cmp.Or(cmp.Compare(len(ed.firstReports(b)), len(ed.firstReports(a))),
			b.Group.Published.Compare(a.Group.Published), cmp.Compare(b.Group.ID, a.Group.ID))
	})
	out = fairShare(out, c.MaxPerSource)
	return out[:min(len(out), digestStories)]
}

// asOf gives the entry with the members that had joined at a time. The first always has.
func asOf(e rafid.Entry, t time.Time) rafid.Entry {
	out := rafid.Entry{Group: e.Group}
	out.Group.Members = nil
	for i, m := range e.Group.Members[:min(len(e.Group.Members), len(e.Stories))] {
		if i == 0 || !m.Joined.After(t) {
			out.Group.Members = append(out.Group.Members, m)
			out.Stories = append(out.Stories, e.Stories[i])
		}
	}
	return out
}

// digestItem tells of the stories. Its id is of the channel and the time, and never comes again.
func (ed *edition) digestItem(ch rafid.Channel, widest []rafid.Entry, after, at time.Time) item {
	day := ed.style.Date(at)
	if ed.style.SameDay(after, at) {
		day = ed.style.DateTime(at)
	}
	at = at.UTC()
	about := arabic.Lead("أوسع ما نُشر منذ " + ed.style.DateTime(after))
	it := item{
		id:    ed.feedID("d/" + ch.Name + "/" + at.Format("20060102T150405Z")),
		title: arabic.Lead(ed.channelTitle(ch) + " — " + day), outlet: line(ed.Site.Title), home: ed.url("/"),
		link: ed.front(ch) + "?before=" + url.QueryEscape(rfc3339(at)), at: ed.frontPath(ch) + "?before=" + url.QueryEscape(rfc3339(at)),
		published: at, updated: at, lang: "ar", dir: "rtl", text: []string{about + ": " + ed.style.Count(len(widest), groupCount) + "."},
	}
	var b strings.Builder
	b.WriteString(`<div dir="rtl" lang="ar">`)
	writeElement(&b, "p", it.text[0])
	b.WriteString("<ol>")
	for _, e := range widest {
		ed.writeDigestLine(&b, e)
	}
	b.WriteString("</ol></div>")
	it.heading, it.html = it.title, b.String()
	return it
}

// writeDigestLine writes a story of a digest: its headline, who has it, and where to see all that do.
func (ed *edition) writeDigestLine(b *strings.Builder, e rafid.Entry) {
	lead := e.Lead()
	b.WriteString("<li>" + anchor(webLink(lead.Link), cmp.Or(arabic.Lead(untagged(e.Group.Title)), ed.outlet(lead))) +
		" — " + isolate(ed.outlet(lead)))
	if n := len(ed.firstReports(e)); n > 1 {
		many := ed.style.Count(n, sourceCount)
		if page := ed.url("/s/" + e.Group.ID); page != "" {
			b.WriteString(" (" + anchor(page, many) + ")")
		} else {
			b.WriteString(" (" + html.EscapeString(many) + ")")
		}
	}
	b.WriteString("</li>")
}

// digestAbout says what a digest channel carries.
func (h *house) digestAbout() string {
	return arabic.Lead("أوسع القصص تغطيةً في كل موعد، حتى " + h.style.Digits(strconv.Itoa(digestStories)) + " منها")
}
