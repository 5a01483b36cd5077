package main

import (
	"slices"
	"testing"
	"time"

	"rafid"
	"rafid/cmd/internal/newsroom"
	"rafid/fetch"
)

// met is what is to be made of a behaviour at the first meeting.
type met struct {
	state   rafid.Condition
	stories int
	wait    time.Duration // until the next request may be made; a failure's first back-off when 0
}

// evilTable names the right answer to every behaviour of the evil origin.
func evilTable() map[newsroom.Behaviour]met {
	const day = 24 * time.Hour
	t := map[newsroom.Behaviour]met{
		newsroom.Gone: {rafid.Gone, 0, day}, newsroom.NotFound: {rafid.Gone, 0, 0},
		newsroom.TooMany: {rafid.Blocked, 0, 2 * time.Minute}, newsroom.TooManyUntil: {rafid.Blocked, 0, time.Hour},
		newsroom.TooManyForever: {rafid.Blocked, 0, day}, newsroom.Unavailable: {rafid.Broken, 0, time.Hour},
		newsroom.MovedForGood: {rafid.Moved, 3, 0}, newsroom.MovedForGood308: {rafid.Moved, 3, 0}, newsroom.NoItems: {rafid.Empty, 0, 0},
		newsroom.SameGUIDs: {rafid.Works, 3, 0}, newsroom.NoGUIDs: {rafid.Works, 2, 0}, newsroom.StaleTag: {rafid.Works, 4, 0},
		newsroom.FutureDates: {rafid.Works, 2, 0}, newsroom.Epoch: {rafid.Works, 2, 0}, newsroom.NonsenseDates: {rafid.Works, 2, 0},
		newsroom.Truncated: {rafid.Works, 2, 0}, newsroom.OpenCDATA: {rafid.Works, 2, 0}, newsroom.LengthShort: {rafid.Works, 1, 0},
		newsroom.EntityBomb: {rafid.Works, 1, 0}, newsroom.ExternalEntity: {rafid.Works, 1, 0}, newsroom.LongTitle: {rafid.Works, 1, 0},
		newsroom.Scripts: {rafid.Works, 1, 0}, newsroom.LineBreaks: {rafid.Works, 1, 0}, newsroom.BadLinks: {rafid.Works, 13, 0},
		newsroom.Flood: {rafid.Works, 5000, 0},
	}
	fill := func(m met, all ...newsroom.Behaviour) {
		for _, b := range all {
			t[b] = m
		}
	}
	fill(met{state: rafid.Works, stories: 3}, newsroom.Good, newsroom.MovedForNow, newsroom.LengthTooLong, newsroom.ManyCookies,
		newsroom.LengthAndMore, newsroom.LyingGzip, newsroom.TwiceGzip, newsroom.UnsaidGzip, newsroom.NotUTF8, newsroom.Nul,
		newsroom.JunkBefore, newsroom.BareAmpersand, newsroom.UnknownEntity, newsroom.BOMTwice, newsroom.UTF16, newsroom.Windows1256,
		newsroom.NewGUIDs, newsroom.NewTag, newsroom.Shuffled, newsroom.Takeover, newsroom.Flapping)
	fill(met{state: rafid.Blocked}, newsroom.Unauthorized, newsroom.Forbidden, newsroom.OddStatus, newsroom.HTMLPage,
		newsroom.Captcha, newsroom.CaptchaWall, newsroom.Login, newsroom.Parked)
	fill(met{state: rafid.Broken}, newsroom.ServerError, newsroom.BadGateway, newsroom.NoContent, newsroom.AlwaysNotModified,
		newsroom.RedirectLoop, newsroom.RedirectChain, newsroom.RedirectNowhere, newsroom.RedirectToFile, newsroom.Timeout,
		newsroom.SlowHeader, newsroom.Drip, newsroom.Stall, newsroom.Endless, newsroom.Reset, newsroom.ResetAtOnce, newsroom.Hangup,
		newsroom.BadChunk, newsroom.NotHTTP, newsroom.HeaderFlood, newsroom.StatusOnly, newsroom.TwoLengths, newsroom.Empty,
		newsroom.Blank, newsroom.PlainError, newsroom.OtherXML, newsroom.OtherJSON, newsroom.Picture, newsroom.UnknownCode,
		newsroom.CutGzip, newsroom.GzipBomb, newsroom.DeepNesting, newsroom.ManyAttributes, newsroom.LongAttribute, newsroom.Huge,
		newsroom.DeepJSON)
	return t
}

// elsewhere are behaviours that lead out of loopback: fetch's own tests show that the guard stops them.
var elsewhere = []newsroom.Behaviour{newsroom.RedirectToPrivate, newsroom.RedirectToLink, newsroom.RedirectToReserved}

// Every behaviour gets its state and its next time, at the first meeting, and makes nothing new of what is
// known at the second.
func TestEvilIsNamed(t *testing.T) {
	t.Parallel()
	e, err := newsroom.Evil(t.Context(), newsroom.EvilOptions{Pace: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	c := fetch.New(fetch.Options{UserAgent: "Rafid/test", PerHost: 16})
	t.Cleanup(c.Close)
	table := evilTable()
	if len(table) < 40 {
		t.Errorf("%d behaviours", len(table))
	}
	for _, b := range e.Behaviours() {
		if slices.Contains(elsewhere, b) {
			continue
		}
		want, ok := table[b]
		if !ok {
			t.Errorf("%s has no right answer", b)
			continue
		}
		t.Run(string(b), func(t *testing.T) {
			t.Parallel()
			tg := fetch.Target{Source: rafid.Source{ID: "evil", URL: e.URL(b), Outlet: "evil"}, AllowPrivate: true, Timeout: 2 * time.Second}
			if b == newsroom.Huge || b == newsroom.Endless || b == newsroom.LongAttribute || b == newsroom.Flood {
				tg.Timeout = 20 * time.Second // it is their size that is to be met, not the end of the time
			}
			res, err := c.Fetch(t.Context(), tg, rafid.SourceState{})
			st := res.State
			failed := want.state != rafid.Works && want.state != rafid.Moved && want.state != rafid.Empty
			if st.Condition != want.state || len(res.Stories) != want.stories || (err != nil) != failed || failed != (st.Error != "") {
				t.Errorf("%s with %d stories, want %s with %d; %v", st.Condition, len(res.Stories), want.state, want.stories, err)
			}
			least, most := want.wait, want.wait
			if failed && want.wait == 0 {
				least, most = 96*time.Second, 144*time.Second // 2 minutes and a fifth
			}
			if wait := st.NotBefore.Sub(st.LastFetch); failed && (wait < least-2*time.Second || wait > max(most, 144*time.Second)) || !failed && !st.NotBefore.IsZero() {
				t.Errorf("the next time is in %v", wait)
			}
			evilAgain(t, c, tg, res, b)
		})
	}
}

// evilAgain meets a behaviour a second time.
func evilAgain(t *testing.T, c *fetch.Client, tg fetch.Target, first fetch.Result, b newsroom.Behaviour) {
	t.Helper()
	st := first.State
	if !st.NotBefore.IsZero() {
		if res, err := c.Fetch(t.Context(), tg, st); res.Outcome != fetch.Waiting || err != nil {
			t.Errorf("asked before its time: %s, %v", res.Outcome, err)
		}
		return
	}
	res, err := c.Fetch(t.Context(), tg, st)
	want := map[newsroom.Behaviour]rafid.Condition{newsroom.Takeover: rafid.Hijacked, newsroom.Flapping: rafid.Broken}[b]
	if want != "" {
		if res.State.Condition != want || err == nil || res.State.Items != st.Items {
			t.Errorf("then %s, %v", res.State.Condition, err)
		}
		return
	}
	if res.State.Condition != st.Condition || err != nil {
		t.Errorf("then %s, %v", res.State.Condition, err)
	}
	for _, s := range res.Stories {
		if !slices.ContainsFunc(first.Stories, func(f rafid.Story) bool { return f.ID == s.ID }) {
			t.Errorf("then %q is new", s.Title)
		}
	}
}
