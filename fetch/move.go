package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"rafid"
)

// moving keeps account of a permanent redirect of an address: where it leads, and since when. What leads
// elsewhere begins anew; what leads nowhere any more is forgotten.
func moving(st *rafid.SourceState, configured string, a answer, now time.Time) {
	switch {
	case !a.moved || !mayTake(configured, a.url):
		st.Move = rafid.Move{}
	case st.Move.From != configured || st.Move.To != a.url:
		st.Move = rafid.Move{From: configured, To: a.url, Since: now}
	}
}

// mayTake says whether an address may ever take another's place in a list of sources: not http that of https,
// and none with a password. Whether it is inside a network is for [Inward] to say, which asks for names.
func mayTake(configured, found string) bool {
	from, err := url.Parse(configured)
	to, bad := url.Parse(found)
	if err != nil || bad != nil || to.User != nil {
		return false
	}
	return to.Scheme == "https" || from.Scheme == to.Scheme
}

// Inward says that a move leads inside a network, or may lead there, from an address that is not inside one
// itself. Sources that may not have private addresses need not be asked about: the guard has seen to them.
func Inward(ctx context.Context, m rafid.Move) bool {
	public, known := reach(ctx, m.To)
	if public {
		return false
	}
	outside, sure := reach(ctx, m.From)
	return !known || outside || !sure
}

// reach says whether all addresses of a server are public, by what its name stands for now; known is false when
// it stands for nothing.
func reach(ctx context.Context, address string) (public, known bool) {
	u, err := url.Parse(address)
	if err != nil {
		return false, false
	}
	var own net.Resolver
	ips, err := own.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return false, false
	}
	for _, ip := range ips {
		if !isPublic(ip) {
			return false, true
		}
	}
	return true, true
}

// goneFor is how far apart two 410 answers must be for a source to be paused: a deployment that went wrong is
// mended within a day. The slack is that of the schedule.
const goneFor = maxRest - slack

// gone keeps account of 410 answers of all addresses of a source, and pauses one that gave two a day apart.
// Failures of another kind between them say nothing.
func gone(st *rafid.SourceState, address string, errs []error, now time.Time) {
	for _, err := range errs {
		var s *StatusError
		if !errors.As(err, &s) || s.Code != http.StatusGone {
			return
		}
	}
	switch {
	case st.GoneSince.IsZero():
		st.GoneSince = now
	case now.Sub(st.GoneSince) >= goneFor:
		st.Paused = address
	}
}

// Confirmed is a state whose source the operator has looked at: it is asked again at once, and taken for what
// it then is. That ends a quarantine, a pause and a back-off.
func Confirmed(st rafid.SourceState) rafid.SourceState {
	st.Title, st.Home, st.BodyHash = "", "", ""
	st.Newest, st.Rate, st.Usual = time.Time{}, 0, 0
	st.Paused, st.GoneSince, st.NotBefore, st.Failures = "", time.Time{}, time.Time{}, 0
	return st
}
