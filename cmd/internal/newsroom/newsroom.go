// Package newsroom is an invented press on loopback: outlets with feeds that a demo, a test or a benchmark
// can fetch without any network.
//
// There are three doors. [Open] serves a small world of named outlets that publish on a clock: wire
// stories, copies, rewrites, follow-ups and price series, in all the states of repair that Arabic feeds
// are found in. [Bench] serves many feeds of many items, prepared ahead so that serving costs little.
// [Evil] serves what a hostile or broken server serves, one behaviour a path.
//
// What an outlet serves is a pure function of the world (its Start and Speed) and of the time asked for:
// a newsroom opened again on the same Start shows the same items with the same guids. [Room.Truth] knows
// which items are the same news, so a test can count wrong and missing merges, losses and doubles.
//
// All outlets, persons, places and facts are invented, and every text was written for this program.
// Everything listens on 127.0.0.1 on ports of its own: nothing here reaches another machine. The package
// imports no stage of Rafid.
package newsroom

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"rafid/cmd/internal/newsroom/farm"
)

// Options say how a world begins. The zero Options start one now.
type Options struct {
	// Start is the epoch of the world: what came before it is the backlog that the feeds open with. Items
	// have other guids on another Start. Zero is the time of opening.
	Start time.Time
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Speed is seconds of the world in one second of the clock; 0 is 1, at which something is published
	// about every two seconds and grows to several outlets within thirty. Dates in feeds are those of the
	// clock at any speed, so they are never in a reader's future.
	Speed float64
	// Flash is the share of the agency's live stories, 0…1, that begin as one line under a headline with
	// «عاجل |», and are completed under the same guid some seconds later.
	Flash float64
	// Addr is the address to listen on, without a port; empty is 127.0.0.1.
	Addr string
	// Port is that of the first outlet, the others follow; 0 lets the system choose. Links carry it, so a
	// world that is to look the same after a restart names it.
	Port int
	// Logger gets a line a request at debug level; nil discards.
	Logger *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Start.IsZero() {
		o.Start = o.Now()
	}
	if o.Speed <= 0 {
		o.Speed = 1
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Outlet is one feed of the newsroom.
type Outlet struct {
	ID       string // Latin slug
	Name     string // as readers see it, Arabic
	URL      string // of the feed
	Home     string // of the site
	Category string // what all of its items belong to; empty: they carry labels or sections in their links
	Country  string // ISO 3166-1 alpha-2
	Kind     string // rss, atom, json or rdf
	Charset  string // of the bytes; empty is UTF-8
	Wart     string // what is wrong with the feed, in a word; empty when nothing is
}

// Counts are the requests that an outlet's feed has answered.
type Counts struct {
	Total       int   // requests for the feed
	Conditional int   // of them, with If-None-Match or If-Modified-Since
	NotModified int   // of them, answered by 304
	Bytes       int64 // of bodies, as sent
}

// Room is an open newsroom. Its methods may be called from several goroutines.
type Room struct {
	world   *world
	farm    *farm.Farm
	outlets []Outlet
	log     *slog.Logger

	mu     sync.Mutex
	counts map[string]Counts
	docs   map[string]*document // the last rendering of an outlet
}

// Open starts one listener an outlet. The room closes when ctx ends or [Room.Close] is called; Close
// must be called in either case.
func Open(ctx context.Context, o Options) (*Room, error) {
	o = o.withDefaults()
	w, err := newWorld(o)
	if err != nil {
		return nil, err
	}
	r := &Room{world: w, log: o.Logger, counts: map[string]Counts{}, docs: map[string]*document{}}
	handlers := make([]http.Handler, len(w.outlets))
	for i := range w.outlets {
		handlers[i] = r.handler(i)
	}
	r.farm, err = farm.New(ctx, o.Addr, o.Port, handlers)
	if err != nil {
		return nil, fmt.Errorf("newsroom: %w", err)
	}
	for i, p := range w.outlets {
		p.base = "http://" + r.farm.Addr(i)
		r.outlets = append(r.outlets, Outlet{
			ID: p.ID, Name: p.Name, URL: p.base + p.feedPath(), Home: p.base + "/", Category: p.Category,
			Country: p.Country, Kind: p.Kind, Charset: p.Charset, Wart: p.Wart,
		})
	}
	r.farm.Serve()
	return r, nil
}

// Outlets lists the outlets in a fixed order.
func (r *Room) Outlets() []Outlet { return slices.Clone(r.outlets) }

// Close stops serving and waits for every goroutine of the room.
func (r *Room) Close() error { return r.farm.Close() }

// Requests tells what each outlet's feed was asked, by the outlet's id.
func (r *Room) Requests() map[string]Counts {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make(map[string]Counts, len(r.counts))
	for id, c := range r.counts {
		all[id] = c
	}
	return all
}

// Truth lists all that has been published up to now, the backlog included, oldest first.
func (r *Room) Truth() []TruthItem { return r.world.truth(r.world.elapsed()) }

// FeedsYAML is a complete feeds.yaml for the outlets; site is the public address that it names,
// none when empty.
func (r *Room) FeedsYAML(site string) string {
	var b strings.Builder
	b.WriteString("site:\n")
	if site != "" {
		fmt.Fprintf(&b, "  url: %s\n", site)
	}
	b.WriteString("  title: رافد\n\ndefaults:\n  every: 2s\n  timeout: 10s\n  allow_private: true\n\n")
	b.WriteString("categories:\n")
	for _, c := range r.world.categories {
		fmt.Fprintf(&b, "  %s:\n    title: %s\n    from:\n", c.slug, c.title)
		for _, l := range r.world.labels(c.slug) {
			fmt.Fprintf(&b, "      - %s\n", l)
		}
	}
	b.WriteString("\nsources:\n")
	for _, o := range r.outlets {
		fmt.Fprintf(&b, "  %s:\n    url: %s\n    country: %s\n", o.ID, o.URL, o.Country)
		if o.Category != "" {
			fmt.Fprintf(&b, "    category: %s\n", o.Category)
		}
		fmt.Fprintf(&b, "    name: %s\n", o.Name)
	}
	b.WriteString("\nrules:\n")
	for _, c := range r.world.categories {
		fmt.Fprintf(&b, "  - link: \"*/%s/*\"\n    category: %s\n", c.slug, c.slug)
	}
	b.WriteString("\noutputs:\n  formats: [atom, rss, json]\n  keep: 24h\n  max: 300\n  content: summary\n  credit: suffix\n")
	b.WriteString("  feeds:\n    all: {}\n    top:\n      min_sources: 3\n      title: الأهم\n    each: [category, source]\n")
	return b.String()
}
