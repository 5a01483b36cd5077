package fetch

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rafid"
)

// take reads the document of an answer, unless it is the one read last, into stories and state.
func (c *Client) take(ctx context.Context, t Target, a answer, state *rafid.SourceState, last rafid.SourceState, now time.Time) (Result, error) {
	state.Bytes = int64(len(a.body))
	hash := bodyHash(a.body)
	unread := hash == last.BodyHash && a.url == last.URL
	if unread {
		thrive(state, a, t, now)
		remember(state, a, hash, now)
		return Result{Outcome: Same}, nil
	}
	seen, ledger := c.memory.recall(t.Source.ID, last.BodyHash)
	r, err := readBut(a.body, ParseOptions{ContentType: a.contentType, URL: a.url, Charset: t.Charset}, seen)
	if err != nil {
		return Result{Outcome: Failed}, unmasked(err, a.body)
	}
	tell := c.teller(t, r, a.url, now)
	if r.partial && len(r.items) == 0 {
		return Result{Outcome: Failed}, fmt.Errorf("%w: it ends before its first item", ErrNoFeed)
	}
	home := webAddress(a.url, r.link)
	if taken(last, tell.title, home, r) {
		return Result{Outcome: Failed}, ErrHijacked
	}
	if tell.ledger, err = c.ledger(ctx, t.Source.ID, ledger); err != nil {
		return Result{Outcome: Failed}, err
	}
	res := Result{Outcome: Read, Stories: tell.stories(r), Known: len(r.known), Repairs: r.repairs}
	state.Title, state.Home = tell.title, home
	state.Encoding, state.Repairs, state.Items = r.encoding, r.repairs, len(r.items)+len(r.known)
	state.Every, state.SkipHours, state.SkipDays = r.wishes.every, r.wishes.hours, r.wishes.days
	state.Hub, state.Topic = hubOf(a.links, a.body, a.url)
	listen(state, res.Stories, state.Items, now)
	thrive(state, a, t, now)
	remember(state, a, hash, now)
	if tell.held > 0 || r.partial { // what waits for its time, or was cut off, must be met again
		state.BodyHash, state.ETag, state.LastModified = "", "", ""
	}
	c.memory.keep(t.Source.ID, state.BodyHash, r.knownItems(), tell.ledger)
	return res, nil
}

// teller makes stories of a reading of the target.
func (c *Client) teller(t Target, r *reading, base string, now time.Time) teller {
	return teller{
		source: t.Source, future: t.FutureDates, now: now, base: base,
		dates: r.dater(dater{country: t.Source.Country, now: now}), lang: r.language, title: line(r.title),
	}
}

// ledger is the remembered one, or, when nothing is remembered, what the store knows of the source.
func (c *Client) ledger(ctx context.Context, source string, remembered ledger) (ledger, error) {
	if remembered != nil || c.opts.Known == nil {
		if remembered == nil {
			remembered = make(ledger)
		}
		return remembered, nil
	}
	stories, err := c.opts.Known(ctx, source)
	if err != nil {
		return nil, fmt.Errorf("stories known of it: %w", err)
	}
	return ledgerOf(stories), nil
}

// remember keeps what makes the next request conditional. The validators belong to the address that
// answered in the end, and go to no other.
func remember(state *rafid.SourceState, a answer, hash string, now time.Time) {
	state.URL, state.ETag, state.LastModified, state.BodyHash = a.url, a.etag, a.lastModified, hash
	state.LastFull = now
}

// thrive notes a success, and how long the source is left alone after it.
func thrive(state *rafid.SourceState, a answer, t Target, now time.Time) {
	state.Error, state.Failures, state.LastOK, state.NotBefore = "", 0, now, time.Time{}
	state.GoneSince, state.Paused = time.Time{}, ""
	if d := rest(state, t, a, now); d > slack {
		state.NotBefore = now.Add(d - slack)
	}
	switch {
	case state.Items == 0:
		state.Condition = rafid.Empty
	case a.moved:
		state.Condition = rafid.Moved
	case state.Took > t.Timeout/2:
		state.Condition = rafid.Slow
	case quiet(state, now):
		state.Condition = rafid.Quiet
	default:
		state.Condition = rafid.Works
	}
}

// fail notes a failure: what it was, and when to ask again.
func fail(state *rafid.SourceState, a answer, err error, now time.Time) {
	state.Failures++
	state.Error = strings.ToValidUTF8(err.Error(), "")
	state.Condition = condition(a.status, err)
	state.NotBefore = now.Add(backoff(state.Source, state.Failures, a.wait()))
	if Unreachable(err) { // our own trouble: whoever is to blame, it is not the source's server
		state.NotBefore = now.Add(backoffFirst)
	}
}
