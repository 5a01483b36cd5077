package output

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"strings"

	"rafid"
)

// Topic is a feed that one may subscribe to at a hub, as it is served now.
type Topic struct {
	Body []byte
	Type string // media type, with its charset
}

// Topic gives the feed of a public channel by its address, or rafid.ErrNotFound when it is none of ours: it
// must be the address that the feed gives as its own, to the letter.
func (p *Publisher) Topic(ctx context.Context, address string) (Topic, error) {
	ed := p.cur.Load()
	u, err := url.Parse(address)
	if err != nil {
		return Topic{}, fmt.Errorf("topic %q: %w", address, rafid.ErrNotFound)
	}
	name, format, _ := cutLast(path.Base(u.Path), '.')
	c := ed.channels[name]
	if c == nil || c.Token != "" || format == "opml" || !c.offers(format) || ed.url(feedPath(c.Channel, format)) != address {
		return Topic{}, fmt.Errorf("topic %q: %w", address, rafid.ErrNotFound)
	}
	is, err := ed.current(ctx, c)
	if err != nil {
		return Topic{}, err
	}
	r := is.formats[format]
	body, err := r.bytes()
	return Topic{Body: body, Type: r.mime[0]}, err
}

// topics gives the addresses of a channel's feeds, none of a private one.
func (ed *edition) topics(c *channel) []string {
	if ed.Site.URL == "" || c.Token != "" {
		return nil
	}
	var out []string
	for _, format := range c.Formats {
		out = append(out, ed.url(feedPath(c.Channel, format)))
	}
	return out
}

// changedTopics gives the addresses of the channel's feeds that are other than in the issue before. With no
// issue before, nothing is known to have changed.
func (ed *edition) changedTopics(c *channel, before *issue) []string {
	now := c.issue.Load()
	if before == nil || now == nil {
		return nil
	}
	var out []string
	for i, address := range ed.topics(c) {
		if format := c.Formats[i]; now.formats[format] != before.formats[format] {
			out = append(out, address)
		}
	}
	return out
}

// linkHeaders gives the Link header of each of a channel's feeds (W3C WebSub §4, RFC 8288), none without a hub.
func (ed *edition) linkHeaders(c *channel) map[string][]string {
	if !ed.namesHub(document{topic: true, channel: c.Channel}) {
		return nil
	}
	links := make(map[string][]string, len(c.Formats))
	for _, format := range c.Formats {
		self := ed.url(feedPath(c.Channel, format))
		links[format] = []string{fmt.Sprintf("<%s>; rel=\"hub\", <%s>; rel=\"self\"", headerURL(ed.Hub), headerURL(self))}
	}
	return links
}

// headerURL writes an address so that it stays between the brackets of a Link header.
func headerURL(address string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", "\r", "", "\n", "").Replace(address)
}
