// Package output turns groups into what people subscribe to and read: RSS 2.0, Atom 1.0, JSON Feed 1.1 and
// OPML, and Arabic pages that need no script.
//
// A [Publisher] keeps a rendering of each channel as ready bytes, plain and compressed, and replaces it in
// one step when one of its groups has changed. [Publisher.Handler] serves them; [Publisher.WriteDir] writes
// the same addresses as files. A channel of a single source is rendered when it is asked for after a change;
// so are stories, older pages and searches, each kept while nothing is published.
//
// A channel is a query (filter.go), or a digest: one item each time that a cron line comes (digest.go). A private
// one is there for who brings its token (private.go). What the operator has hidden is taken out between the store
// and everything else (veil.go).
//
// # What it promises
//
// Renderings are a pure function of the store and the options, and for digests of how many of their times have
// come: the same groups give the same bytes and the same ETag on every machine and after every restart. Ids
// never depend on a title, a link or a time. What is rendered is well-formed whatever the texts contain, links
// only to http and https, and runs from right to left in readers that know no direction: language is "ar", the
// first strong character is Arabic, and the text carries dir.
//
// # What it will not do
//
// It fetches nothing, tells no hub ([Options] Changed says what there is to tell), decides nothing about grouping
// and keeps no state that is not in the store. Feeds never carry errors as items. It shows no pictures on the
// pages: a reader's visit is told to nobody. Without a [Searcher] it searches the newest groups only.
package output

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rafid"
	"rafid/arabic"
)

// Store is what publishing asks of a store. It must be safe for concurrent use.
type Store interface {
	// Entries gives the groups that q selects, newest first by Group.Published and then Group.ID, bounded
	// by q.Max. Query.Keep is the publisher's to apply.
	Entries(ctx context.Context, q rafid.Query) ([]rafid.Entry, error)
	// Entry gives one group, or an error that is rafid.ErrNotFound.
	Entry(ctx context.Context, group string) (rafid.Entry, error)
	// Stats counts what was published since a time.
	Stats(ctx context.Context, since time.Time) (rafid.Stats, error)
	// States gives what is remembered of every source.
	States(ctx context.Context) ([]rafid.SourceState, error)
}

// Site says who publishes, and in which style.
type Site struct {
	// URL is the public address, without a final slash, for links and, when its host is a DNS name, for the
	// ids of what is published (RFC 4151). An address that names nobody, as 127.0.0.1, gives ids under
	// rafid.invalid, so that they survive a change of port.
	URL         string
	Title       string // Arabic; "رافد" when empty
	Description string // one line; a plain one when empty
	Months      string // dual, egypt, levant, maghreb or morocco; dual when empty
	Numerals    string // latn or arab; latn when empty
	Zone        *time.Location
	Version     string
}

// The formats of a feed, as they end its address.
const (
	Atom = "atom"
	RSS  = "rss"
	JSON = "json"
)

// The amounts of text that an item carries.
const (
	ContentHeadline = "headline" // no text at all
	ContentSummary  = "summary"  // the beginning of the summary; the default
	ContentFull     = "full"     // everything the feed gave; for sources whose licence allows it
)

// amounts are the amounts of text, least first.
var amounts = [...]string{ContentHeadline, ContentSummary, ContentFull}

// The places of the outlet's name in titles of channels that carry several outlets.
const (
	CreditSuffix = "suffix" // the default
	CreditPrefix = "prefix"
	CreditNone   = "none"
)

// Options is what a publisher is told by the operator.
type Options struct {
	Site        Site
	Formats     []string      // in order of preference; all when empty
	Keep        time.Duration // what a channel's Query.Keep is when zero; 24 h when zero
	Max         int           // what a channel's Query.Max is when zero; 300 when zero
	Content     string        // headline, summary or full
	Credit      string        // suffix, prefix or none
	Channels    []rafid.Channel
	Categories  []rafid.Category
	Sources     []rafid.Source
	Hidden      []string      // ids of stories and groups that are shown nowhere
	Precompress bool          // static files have .gz and .br beside them, for servers that send these as they are
	Refresh     time.Duration // how often channels may change, told to readers; 10 minutes when zero

	// Hub is the address of the WebSub hub that the feeds of public channels name (W3C WebSub §4); none is
	// named when empty. Changed is told the addresses of the feeds that a Publish has changed, or may have
	// changed where they are rendered on demand; [Publisher.Topic] gives their bytes. It must return at once.
	Hub     string
	Changed func(feeds []string)

	Logger     *slog.Logger          // nothing is logged when nil
	Registerer prometheus.Registerer // nothing is counted when nil
	Now        func() time.Time      // the clock that relative times are told by; time.Now when nil
}

// defaultMax and defaultKeep: pollers that come once an hour must miss nothing, and 300 items of a summary
// each are about 600 kB of Atom, which every reader tried still takes.
const (
	defaultMax     = 300
	defaultKeep    = 24 * time.Hour
	defaultRefresh = 10 * time.Minute
)

// fewest is how many items a channel gives even when they are older than its Keep: a subscriber of a source
// that speaks once a week must not find an empty feed. Feeds of news outlets carry 30 in the median.
const fewest = 30

// withDefaults fills what the operator left open and refuses what cannot be.
func (o Options) withDefaults() (Options, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	orDefault(&o.Site.Title, "رافد")
	orDefault(&o.Site.Description, "أخبار عربية من مصادرها، بلا تكرار")
	orDefault(&o.Site.Months, string(arabic.DualMonths))
	orDefault(&o.Site.Numerals, string(arabic.LatinNumerals))
	orDefault(&o.Content, ContentSummary)
	orDefault(&o.Credit, CreditSuffix)
	orDefault(&o.Keep, defaultKeep)
	orDefault(&o.Max, defaultMax)
	orDefault(&o.Refresh, defaultRefresh)
	o.Site.URL = strings.TrimRight(o.Site.URL, "/")
	if len(o.Formats) == 0 {
		o.Formats = []string{Atom, RSS, JSON}
	}
	return o, o.check()
}

// orDefault gives *p the value when it is zero.
func orDefault[T comparable](p *T, value T) {
	var zero T
	if *p == zero {
		*p = value
	}
}

func (o Options) check() error {
	var errs []error
	for _, f := range o.Formats {
		errs = append(errs, oneOf("format", f, Atom, RSS, JSON))
	}
	errs = append(errs, oneOf("content", o.Content, amounts[:]...),
		oneOf("credit", o.Credit, CreditSuffix, CreditPrefix, CreditNone),
		oneOf("numerals", o.Site.Numerals, string(arabic.LatinNumerals), string(arabic.ArabicNumerals)),
		oneOf("months", o.Site.Months, string(arabic.DualMonths), string(arabic.EgyptMonths),
			string(arabic.LevantMonths), string(arabic.MaghrebMonths), string(arabic.MoroccoMonths)),
		checkAddress("site", o.Site.URL), checkAddress("hub", o.Hub), o.checkChannels())
	for _, src := range o.Sources {
		if src.Content != "" {
			errs = append(errs, oneOf("content of source "+src.ID, src.Content, amounts[:]...))
		}
	}
	return errors.Join(errs...)
}

// checkAddress refuses what is neither empty nor an address of the web.
func checkAddress(what, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("%s address: %w", what, err)
	}
	if address != "" && (u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("%s address %q: want http or https and a host", what, address)
	}
	return nil
}

// maxSlug bounds a name: it becomes a file name, and file systems take 255 bytes.
const maxSlug = 128

// isSlug says whether s may be part of an address and a file name. Upper case is allowed: the ids of
// groups may have it.
func isSlug(s string) bool {
	if s == "" || len(s) > maxSlug {
		return false
	}
	for _, r := range s {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_') {
			return false
		}
	}
	return true
}
