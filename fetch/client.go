package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"rafid"
)

// Defaults of [Options] and [Target].
const (
	defaultMaxBytes = 15 << 20
	defaultTimeout  = 20 * time.Second
	defaultGap      = time.Second
	defaultAgent    = "Rafid"
)

// fullEvery is how often a document is asked for without conditions: some servers answer 304 for ever.
const fullEvery = 12 * time.Hour

// Options configure a [Client]. The zero value is usable.
type Options struct {
	UserAgent string           // sent with every request; "Rafid" when empty
	MaxBytes  int64            // most bytes of a document after decompression; 15 MiB when 0
	PerHost   int              // most requests at once to one host and port; 1 when 0
	Gap       time.Duration    // least time between two requests to a host; 1 s when 0, none when negative
	Logger    *slog.Logger     // discarded when nil
	Now       func() time.Time // time.Now when nil

	// Known gives the stories that are stored of a source, the oldest first: the 200 newest are
	// enough. Only their ID, GUID, URL, Title, Published and Inferred are looked at. It is asked when a
	// document holds something new and the client does not remember the source, as after a restart: a feed
	// that gives its items new guids or addresses meanwhile has nothing new to tell. When it is nil, such
	// items are known again only while the client lives.
	Known func(ctx context.Context, source string) ([]rafid.Story, error)
}

// Client asks servers for feeds. It is safe for use by many goroutines at once.
type Client struct {
	opts   Options
	roads  roads
	hosts  *hosts
	memory memory
	robots robots
}

// Outcome says in one word how a fetch went.
type Outcome string

// The outcomes of a fetch.
const (
	Read      Outcome = "new"       // a document was read
	Unchanged Outcome = "unchanged" // the server says that nothing changed
	Same      Outcome = "same"      // the document is byte for byte the one read last
	Waiting   Outcome = "waiting"   // no request was made: NotBefore is not reached, the feed asks for rest, or it is paused
	Pushed    Outcome = "pushed"    // a hub brought it, unasked
	Failed    Outcome = "failed"
)

// Result is what a fetch brought.
type Result struct {
	State   rafid.SourceState // what to remember of the source, also after a failure
	Outcome Outcome
	Stories []rafid.Story // of a document that was read, in its order; items known by their bytes are left out
	Repairs []string      // what had to be mended in it
	Known   int           // items of it that were left out, being known by their bytes
}

// New makes a client. Close it when it is no longer used.
func New(o Options) *Client {
	o.UserAgent = cmp.Or(o.UserAgent, defaultAgent)
	o.MaxBytes = cmp.Or(o.MaxBytes, defaultMaxBytes)
	o.PerHost = max(1, o.PerHost)
	o.Gap = cmp.Or(o.Gap, defaultGap)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{opts: o, hosts: newHosts(o.PerHost, max(0, o.Gap))}
}

// Close lets go of idle connections. Fetches under way are not disturbed.
func (c *Client) Close() {
	c.roads.close()
}

// Fetch asks for the source's document unless it is too early, and reads it unless it is known. Too early is
// before what back-off, Retry-After, Cache-Control, <ttl>, skipHours and skipDays allow, for a day at most; a
// source that is gone for good is paused until its address changes or [Confirmed] lifts it. last is
// what was remembered of the source; the zero state when nothing is. The result's State is to be
// remembered whatever the error; the error is nil unless the outcome is [Failed].
func (c *Client) Fetch(ctx context.Context, t Target, last rafid.SourceState) (Result, error) {
	now := c.opts.Now().UTC()
	urls := t.addresses()
	if last.NotBefore.After(now) || last.Paused == urls[0] || unwelcome(last, now) {
		return Result{State: last, Outcome: Waiting}, nil
	}
	t.Timeout = cmp.Or(t.Timeout, defaultTimeout)
	var (
		errs     []error
		res, one Result
	)
	for i, u := range urls {
		var err error
		if one, err = c.attempt(ctx, t, u, last); err == nil && one.State.Condition != rafid.Empty {
			return c.settled(one, i, u, last), nil
		}
		if ctx.Err() != nil { // the caller gave up, not the source
			return Result{State: last, Outcome: Failed}, fmt.Errorf("fetching %s: %w", t.Source.ID, context.Cause(ctx))
		}
		if err != nil {
			errs = append(errs, err)
		}
		if i == 0 || res.Outcome == Failed && err == nil {
			res = one // an empty feed is worth more than none; of failures the first address's counts
		}
	}
	if res.Outcome != Failed {
		return res, nil
	}
	err := errors.Join(errs...)
	res.State.Error = err.Error()
	gone(&res.State, urls[0], errs, now)
	c.opts.Logger.DebugContext(ctx, "fetch failed", "source", t.Source.ID, "url", urls[0], "status", res.State.Status, "err", err)
	return res, fmt.Errorf("fetching %s: %w", t.Source.ID, err)
}

// settled notes that another address than the first one answered.
func (c *Client) settled(r Result, i int, url string, last rafid.SourceState) Result {
	if i > 0 && last.URL != r.State.URL {
		c.opts.Logger.Debug("another address answers", "source", r.State.Source, "url", url)
	}
	return r
}

// attempt asks one address.
func (c *Client) attempt(ctx context.Context, t Target, url string, last rafid.SourceState) (Result, error) {
	began := c.opts.Now().UTC()
	state := last
	state.Source, state.LastFetch = t.Source.ID, began
	a, err := c.get(ctx, t, url, last)
	state.Status, state.Took = a.status, c.opts.Now().Sub(began)
	res := Result{Outcome: Failed}
	switch {
	case err != nil:
	case a.status == http.StatusNotModified:
		res.Outcome = Unchanged
		moving(&state, url, a, began)
		thrive(&state, a, t, began)
	default:
		moving(&state, url, a, began)
		res, err = c.take(ctx, t, a, &state, last, began)
	}
	if err != nil {
		fail(&state, a, err, began)
	}
	res.State = state
	return res, err
}
