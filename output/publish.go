package output

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"rafid"
)

// Publisher keeps the channels' renderings up to date and serves them. Its methods may be called at once.
type Publisher struct {
	store   Store
	metrics *metrics
	packer  *compressor

	mu  sync.Mutex // one Publish or Reload at a time
	cur atomic.Pointer[edition]
}

// edition is what is published under one set of options.
type edition struct {
	*house
	*compressor
	store    *veil
	metrics  *metrics
	channels map[string]*channel
	order    []*channel
	feeds    map[string]channelFeed // by path
	pages    pageCache
	words    wordIndex

	templates    *template.Template
	assets       map[string]*rendering // by path
	list         *rendering            // OPML of all channels
	version      string                // of the style sheet
	feedCache    []string              // Cache-Control of feeds
	privateCache []string              // …of private ones
}

// New makes a publisher. It reads nothing from the store: channels are rendered by the first
// [Publisher.Publish], or when they are first asked for.
func New(o Options, s Store) (*Publisher, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	m, err := newMetrics(o.Registerer)
	if err != nil {
		return nil, err
	}
	packer, err := newCompressor()
	if err != nil {
		return nil, err
	}
	p := &Publisher{store: s, metrics: m, packer: packer}
	ed, err := p.newEdition(o)
	if err != nil {
		return nil, err
	}
	p.cur.Store(ed)
	return p, nil
}

func (p *Publisher) newEdition(o Options) (*edition, error) {
	ed := &edition{house: newHouse(o), compressor: p.packer, store: newVeil(p.store, o.Hidden), metrics: p.metrics,
		channels: make(map[string]*channel, len(o.Channels)), feeds: make(map[string]channelFeed)}
	for _, ch := range o.Channels {
		c := newChannel(ch, o)
		c.links, c.requests = ed.linkHeaders(c), p.metrics.requestsFor(c.Name)
		ed.channels[c.Name] = c
		ed.order = append(ed.order, c)
		for _, format := range append(slices.Clone(c.Formats), "opml") {
			ed.feeds["/feeds/"+c.Name+"."+format] = channelFeed{c, format}
		}
	}
	var err error
	if ed.templates, err = parseTemplates(); err != nil {
		return nil, err
	}
	if ed.assets, err = ed.newAssets(); err != nil {
		return nil, err
	}
	ed.version = strings.Trim(ed.assets["/style.css"].plain.etag[0], `"`)[:8]
	maxAge := fmt.Sprintf("max-age=%d", max(1, int(ed.Refresh.Seconds())))
	ed.feedCache, ed.privateCache = []string{"public, " + maxAge}, []string{"private, " + maxAge}
	list, err := ed.channelsOPML()
	if err != nil {
		return nil, err
	}
	ed.list = ed.pack(list, mediaType("opml")+"; charset=utf-8", assetTime)
	return ed, nil
}

// Publish brings the channels up to date that these groups touch; nil stands for all, and an empty list for
// none but those whose time has come. It returns when they are served. What cannot be rendered stays as it was,
// and the error says why; the next call tries again.
//
// Channels of single sources are only marked: they are rendered when they are next asked for. Digests whose
// time has come are published whatever has changed.
func (p *Publisher) Publish(ctx context.Context, changed []rafid.Entry) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	ed := p.cur.Load()
	touched := ed.mark(changed)
	var errs []error
	var news []string
	for _, c := range ed.order {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		before := c.issue.Load()
		switch {
		case c.lazy && touched[c]:
			news = append(news, ed.topics(c)...)
		case !c.lazy && c.stale.Load():
			errs = append(errs, ed.refresh(ctx, c))
			news = append(news, ed.changedTopics(c, before)...)
		}
	}
	ed.pages.expire()
	if len(news) > 0 && ed.Changed != nil {
		ed.Changed(news)
	}
	return errors.Join(errs...)
}

// mark marks, and gives, the channels that these groups touch and those whose time has come.
func (ed *edition) mark(changed []rafid.Entry) map[*channel]bool {
	now, touched := ed.Now(), make(map[*channel]bool)
	for _, c := range ed.order {
		due := c.due()
		if changed == nil || !due.IsZero() && !now.Before(due) ||
			slices.ContainsFunc(changed, func(e rafid.Entry) bool { return ed.touches(c, e) }) {
			c.stale.Store(true)
			c.unfiled.Store(true)
			touched[c] = true
		}
	}
	return touched
}

// Reload takes new options, or none of them when they cannot be. Channels that stay are served as they were
// until the next Publish; new ones are rendered when they are first asked for. The Registerer of
// [New] stays.
func (p *Publisher) Reload(o Options) error {
	o, err := o.withDefaults()
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	ed, err := p.newEdition(o)
	if err != nil {
		return err
	}
	for name, old := range p.cur.Load().channels {
		if c := ed.channels[name]; c != nil && sameFormats(old.issue.Load(), c.Formats) {
			c.issue.Store(old.issue.Load())
		}
	}
	p.metrics.forget(p.cur.Load().order, ed.channels)
	p.cur.Store(ed)
	return nil
}

// sameFormats says whether an issue has been rendered in all of the formats.
func sameFormats(is *issue, formats []string) bool {
	if is == nil {
		return false
	}
	for _, f := range formats {
		if is.formats[f] == nil {
			return false
		}
	}
	return true
}
