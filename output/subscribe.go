package output

import (
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"rafid"
)

// subscribePage is the body of the page of all channels.
type subscribePage struct {
	Site, OPML, Refresh string
	Cards, Sources      []card
}

// card is a channel as one subscribes to it.
type card struct {
	Name, Title, About, Daily string
	URL                       string // to copy: absolute where the site has an address
	Readers                   []tap
	Formats                   []feedLink
}

// tap is a link that subscribes in a reader.
type tap struct {
	Title string
	Href  template.URL // made of our own address: its scheme may be feed:
}

// card makes the card of a channel.
func (ed *edition) card(m medium, ch rafid.Channel) card {
	at := feedPath(ch, ed.formats(ch)[0])
	c := card{Name: ch.Name, Title: ed.channelTitle(ch), URL: ed.url(at), Formats: ed.channelLinks(m, ch)}
	if ch.Digest != "" || ed.selection(ch.Query) != "" {
		c.About = ed.feedDescription(ch) + "."
	}
	if c.URL == "" {
		c.URL = m.href(at)
		return c
	}
	if ch.Query.Source == "" {
		c.Readers = taps(c.URL)
	}
	return c
}

// channelTitle is the channel's name as readers know it.
func (h *house) channelTitle(ch rafid.Channel) string {
	if t := untagged(ch.Title); t != "" {
		return t
	}
	return ch.Name
}

// taps gives the addresses at which readers take a subscription, as each documents them.
func taps(feed string) []tap {
	q := url.QueryEscape(feed)
	_, rest, _ := strings.Cut(feed, "://")
	var out []tap
	for _, t := range [...][2]string{
		{"افتح في قارئ الجهاز", "feed://" + rest},
		{"Feedly", "https://feedly.com/i/subscription/feed%2F" + q},
		{"Inoreader", "https://www.inoreader.com/?add_feed=" + q},
		{"NewsBlur", "https://www.newsblur.com/?url=" + q},
		{"Feedbin", "https://feedbin.com/?subscribe=" + q},
		{"The Old Reader", "https://theoldreader.com/feeds/subscribe?url=" + q},
	} {
		out = append(out, tap{t[0], template.URL(t[1])}) //nolint:gosec // our own address, escaped
	}
	return out
}

// subscribe renders the page of all channels.
func (ed *edition) subscribe(m medium) ([]byte, error) {
	body := &subscribePage{Site: line(ed.Site.Title), OPML: m.href("/opml.xml"), Refresh: ed.every()}
	for _, c := range ed.order {
		if c.Token != "" {
			continue
		}
		entry := ed.card(m, c.Channel)
		if c.Query.Source != "" {
			body.Sources = append(body.Sources, entry)
			continue
		}
		if is := c.issue.Load(); is != nil && is.daily > 0 {
			entry.Daily = "نحو " + ed.style.CountOf(is.daily, groupCount) + " في اليوم"
		}
		body.Cards = append(body.Cards, entry)
	}
	pg := ed.newPage(m, "/subscribe", "اشترك", body)
	if i := slices.IndexFunc(ed.order, func(c *channel) bool { return c.Token == "" }); i >= 0 {
		pg.Feeds = ed.channelLinks(m, ed.order[i].Channel)
	}
	return ed.execute("subscribe", pg)
}

// every says how often the channels may change.
func (h *house) every() string {
	if h.Refresh < 2*time.Minute {
		return "كل دقيقة إن كان جديد"
	}
	return "كل " + h.style.Duration(h.Refresh) + " إن كان جديد"
}

// feedPage is the body of the page that a browser gets at a feed's address.
type feedPage struct {
	Heading      string
	Card         card
	Raw, Sources string
	Heads        []storyLine
}

// about renders the page about a channel's feed for people who opened its address.
func (ed *edition) aboutFeed(m medium, c *channel, is *issue, format string) ([]byte, error) {
	at, raw := feedPath(c.Channel, format), "?raw"
	if c.Token != "" {
		raw = "&raw"
	}
	body := &feedPage{Heading: ed.feedTitle(c.Channel), Card: ed.card(m, c.Channel),
		Raw: m.href(at) + raw, Sources: m.href(feedPath(c.Channel, "opml"))}
	for _, it := range is.newest {
		body.Heads = append(body.Heads, storyLine{Title: it.title, Page: m.href(it.at), Outlet: it.outlet,
			When: m.when(it.published)})
	}
	pg := ed.newPage(m, "/feeds/"+c.Name, body.Heading, body)
	pg.Title, pg.Canonical = excerpt(body.Heading, maxTitle-1), ed.url(at)
	pg.Feeds = ed.channelLinks(m, c.Channel)
	return ed.execute("feed", pg)
}
