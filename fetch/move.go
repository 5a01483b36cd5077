package fetch

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"rafid"
)

// moving keeps account of a permanent redirect of an address: where it leads, and since when. What leads
// elsewhere begins anew; what leads nowhere any more is forgotten.
func moving(st *rafid.SourceState, configured string, a answer, now time.Time) {
	switch {
	case !a.moved || !mayTake(configured, a):
		st.Move = rafid.Move{}
	case st.Move.From != configured || st.Move.To != a.url:
		st.Move = rafid.Move{From: configured, To: a.url, Since: now}
	}
}

// mayTake says whether an address may ever take another's place in a list of sources: not one inside a
// network for one outside, not http for https, and none with a password.
func mayTake(configured string, a answer) bool {
	from, err := url.Parse(configured)
	to, bad := url.Parse(a.url)
	if err != nil || bad != nil || a.inward || to.User != nil {
		return false
	}
	return to.Scheme == "https" || from.Scheme == to.Scheme
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
