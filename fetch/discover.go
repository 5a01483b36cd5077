package fetch

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"rafid"
)

// Found is a feed that a site offers.
type Found struct {
	URL       string   // to subscribe to
	Title     string   // the feed's own, plain text
	Language  string   // as the feed names it
	Items     int      // in the document
	Headlines []string // of the first three items, plain text
}

// shownHeadlines is how many headlines of a feed are shown to choose by.
const shownHeadlines = 3

// maxCandidates bounds how many addresses of a site are asked for its feeds.
const maxCandidates = 12

// commonPaths are where sites keep a feed that they do not announce; the first ones are WordPress's and
// Drupal's.
var commonPaths = []string{"/feed", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/ar/rss", "/rss/all", "/index.xml"}

// Discover finds the feeds of a site: address itself when it is one, else those that the page announces,
// else those at the common paths. The error is ErrNoFeed, wrapped, when there is none.
func (c *Client) Discover(ctx context.Context, t Target, address string) ([]Found, error) {
	t.Timeout = cmp.Or(t.Timeout, defaultTimeout)
	t.Source.URL = cmp.Or(t.Source.URL, address)
	a, err := c.get(ctx, t, address, rafid.SourceState{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	if f, err := found(a); err == nil {
		return []Found{f}, nil
	}
	feeds, err := c.try(ctx, t, announced(a))
	if err == nil && len(feeds) == 0 {
		feeds, err = c.try(ctx, t, guesses(a.url))
	}
	if err != nil {
		return nil, err
	}
	if len(feeds) == 0 {
		return nil, fmt.Errorf("%s: no feed is announced, none at the usual paths: %w", address, ErrNoFeed)
	}
	return feeds, nil
}

// try asks addresses in order and keeps those that are feeds, each once.
func (c *Client) try(ctx context.Context, t Target, addresses []string) ([]Found, error) {
	var feeds []Found
	for _, u := range addresses[:min(len(addresses), maxCandidates)] {
		a, err := c.get(ctx, t, u, rafid.SourceState{})
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			continue
		}
		f, err := found(a)
		if err != nil || slices.ContainsFunc(feeds, func(o Found) bool { return canonical(o.URL) == canonical(f.URL) }) {
			continue
		}
		feeds = append(feeds, f)
	}
	return feeds, nil
}

// found reads an answer as a feed.
func found(a answer) (Found, error) {
	r, err := read(a.body, ParseOptions{ContentType: a.contentType, URL: a.url})
	if err != nil {
		return Found{}, err
	}
	f := Found{URL: a.url, Title: line(r.title), Language: r.language, Items: len(r.items)}
	for i := range r.items[:min(len(r.items), shownHeadlines)] {
		f.Headlines = append(f.Headlines, line(r.items[i].title))
	}
	return f, nil
}

// announced gives the feeds that a page links to: <link rel=alternate> of a feed's type first, then links
// in the text whose address looks like a feed's. Comment feeds are left out.
func announced(a answer) []string {
	d, err := decode(a.body, cmp.Or(a.contentType, metaCharset(a.body)), "")
	if err != nil {
		return nil
	}
	tree, err := html.Parse(bytes.NewReader(d.doc))
	if err != nil {
		return nil
	}
	var links, anchors []string
	for n := range tree.Descendants() {
		href := webAddress(a.url, attr(n, "href"))
		if len(links)+len(anchors) > 4*maxCandidates {
			break
		}
		if href == "" || strings.Contains(href, "comment") || slices.Contains(links, href) || slices.Contains(anchors, href) {
			continue
		}
		switch {
		case n.Data == "link" && strings.Contains(strings.ToLower(attr(n, "rel")), "alternate") && feedType(attr(n, "type")):
			links = append(links, href)
		case n.Data == "a" && feedAddress(href):
			anchors = append(anchors, href)
		}
	}
	return append(links, anchors...)
}

func feedType(t string) bool {
	t, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(t)), ";")
	switch t {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/xml", "text/xml":
		return true
	}
	return false
}

// feedAddress says that an address names itself a feed.
func feedAddress(href string) bool {
	u, err := url.Parse(href)
	if err != nil {
		return false
	}
	for part := range strings.FieldsFuncSeq(strings.ToLower(u.Path), func(r rune) bool { return r == '/' || r == '.' || r == '-' || r == '_' }) {
		switch part {
		case "rss", "feed", "feeds", "atom", "rssfeed", "rssfeeds", "rdf":
			return true
		}
	}
	return false
}

// guesses are the common paths of a site.
func guesses(address string) []string {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	var out []string
	if p := strings.TrimRight(u.Path, "/"); p != "" {
		out = append(out, u.Scheme+"://"+u.Host+p+"/feed")
	}
	for _, p := range commonPaths {
		out = append(out, u.Scheme+"://"+u.Host+p)
	}
	return out
}
