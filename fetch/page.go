package fetch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"

	"rafid"
	"rafid/arabic"
)

// ErrNoArticle is what a page is refused with in which no article is found.
var ErrNoArticle = errors.New("no article in the page")

// Article is what an outlet's page tells about one story.
type Article struct {
	URL       string // the canonical address that the page names; its own when it names none
	Title     string // plain text
	Summary   string // plain text, one paragraph a line, without boilerplate
	Content   string // sanitised HTML of the same paragraphs
	Author    string
	Label     string // the section
	Image     rafid.Image
	Lang      string    // as the page names it; may be empty
	Published time.Time // UTC; zero when the page's head does not tell: dates in its text are not believed
}

// thinArticle is the least number of letters of an article: shorter ones are walls and error pages.
const thinArticle = 80

// ReadPage finds the article in a web page: the text by readability, then without what [Parse] leaves
// out of items as well: the headline and section repeated, captions printed twice, pointers to other
// articles, and the comments of readers with their dates.
func ReadPage(doc []byte, o ParseOptions) (a *Article, err error) {
	defer func() {
		if p := recover(); p != nil {
			a, err = nil, fmt.Errorf("%w: the parser gave up: %v", ErrNoArticle, p)
		}
	}()
	d, err := decode(doc, cmp.Or(o.ContentType, o.Header.Get("Content-Type"), metaCharset(doc)), o.Charset)
	if err != nil {
		return nil, err
	}
	tree, err := html.Parse(bytes.NewReader(d.doc))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoArticle, err)
	}
	h := headOf(tree)
	dropAsides(tree)
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, fmt.Errorf("page address: %w", err)
	}
	p := readability.NewParser()
	p.MaxElemsToParse = maxElements
	p.CharThresholds = thinArticle
	found, err := p.ParseAndMutate(tree, u)
	if err != nil || found.Node == nil {
		return nil, errors.Join(ErrNoArticle, err)
	}
	var markup strings.Builder
	if err := found.RenderHTML(&markup); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoArticle, err)
	}
	a = h.article(text{value: markup.String()}, cmp.Or(h.title, found.Title()), o)
	if by := arabic.Clean(found.Byline()); !strings.Contains(by, "://") {
		a.Author = cmp.Or(a.Author, by)
	}
	if len(a.Summary) < thinArticle {
		return nil, ErrNoArticle
	}
	return a, nil
}

// maxElements bounds the work on one page; real ones have a few thousand.
const maxElements = 50_000

// article puts together what the head and the text of a page tell.
func (h pageHead) article(t text, title string, o ParseOptions) *Article {
	dates := dater{zone: o.Zone, now: o.Now}
	a := &Article{
		URL: cmp.Or(webAddress(o.URL, h.canonical), o.URL), Author: arabic.Clean(h.author), Lang: h.lang,
		Label: arabic.Clean(h.section), Published: dates.read(foldDigits(h.published)),
		Image: rafid.Image{URL: webAddress(o.URL, h.image), Caption: arabic.Clean(h.imageAlt)},
	}
	a.Title, _ = headline(line(text{value: title, plain: true}), h.site)
	blocks, pictures := blocksOf(t)
	b := strip(blocks, pictures, a.Title, []string{a.Label})
	a.Summary, a.Content = b.text(), shown(t, b, o.URL)
	a.Label = cmp.Or(a.Label, b.label)
	if len(pictures) > 0 {
		a.Image.URL = cmp.Or(a.Image.URL, webAddress(o.URL, pictures[0].url))
	}
	a.Image.Caption = cmp.Or(b.caption, a.Image.Caption)
	if a.Image.Caption == a.Title {
		a.Image.Caption = ""
	}
	return a
}

// foldDigits writes the digits of a date in ASCII; its letters stay.
func foldDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0x0660 && r <= 0x0669:
			return '0' + r - 0x0660
		case r >= 0x06F0 && r <= 0x06F9:
			return '0' + r - 0x06F0
		}
		return r
	}, s)
}

// Page asks for the page of one of the source's stories and finds the article in it. It obeys the host's
// robots.txt, takes the host's turn like any request, and keeps to the host's budget of pages.
func (c *Client) Page(ctx context.Context, t Target, address string) (*Article, error) {
	t.Timeout = cmp.Or(t.Timeout, defaultTimeout)
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("page address: %w", err)
	}
	if err := c.robots.admit(ctx, c, t, u); err != nil {
		return nil, fmt.Errorf("page %s: %w", u.Redacted(), err)
	}
	a, err := c.get(ctx, t, address, rafid.SourceState{})
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", u.Redacted(), err)
	}
	art, err := ReadPage(a.body, ParseOptions{ContentType: a.contentType, URL: a.url, Zone: zoneOf(t.Source.Country), Now: c.opts.Now()})
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", u.Redacted(), err)
	}
	return art, nil
}

// Fill puts what its page tells into a story: the text in full, and author, section and picture where
// the feed gave none. The story keeps its id, its title and its date, and its Hash, which is of what the
// feed told: met in the feed again, without its page, it is the same.
func (a *Article) Fill(s *rafid.Story) {
	if len(a.Summary) > len(s.Summary) {
		s.Content = a.Content
		if s.Summary == "" {
			s.Summary = opening(a.Summary)
		}
	}
	s.Author = cmp.Or(s.Author, a.Author)
	s.Image.URL = cmp.Or(s.Image.URL, a.Image.URL)
	s.Image.Caption = cmp.Or(s.Image.Caption, a.Image.Caption)
	if len(s.Labels) == 0 && a.Label != "" {
		s.Labels = []string{a.Label}
	}
}
