package fetch

import (
	"errors"
	"hash/fnv"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"rafid"
)

// The back-off after failures in a row: 2, 4, 8 … minutes up to 4 hours, so that a source is never given
// up; a server's own wish counts up to a day.
const (
	backoffFirst  = 2 * time.Minute
	backoffMost   = 4 * time.Hour
	maxRetryAfter = 24 * time.Hour
	jitterShare   = 5 // a fifth more or less
)

// backoff is how long to leave a source alone after so many failures in a row. The jitter comes from the
// source's id: the same on every machine, another for every source.
func backoff(source string, failures int, retryAfter time.Duration) time.Duration {
	d := backoffMost
	if n := failures - 1; n < 7 { // 2 min << 7 is above 4 h
		d = min(backoffMost, backoffFirst<<max(0, n))
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(source + strconv.Itoa(failures))) // never fails
	span := int64(d) / jitterShare
	d += time.Duration(int64(h.Sum32())%(2*span) - span)
	return max(min(d, backoffMost), min(retryAfter, maxRetryAfter))
}

// retryAfter reads a server's wish, in seconds or as a date (RFC 9110, section 10.2.3).
func retryAfter(s string, now time.Time) time.Duration {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return max(0, time.Duration(min(n, int64(maxRetryAfter/time.Second)))*time.Second)
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}

// Unreachable says that a fetch failed before any server was met: names are not resolved, or there is no way
// out. It is then very probably our own network that is ill, and with it every source.
func Unreachable(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && !dns.IsNotFound || errors.Is(err, syscall.ENETUNREACH)
}

// statusWall is what some walls for robots answer; no standard knows it.
const statusWall = 999

// condition names what a failure says about the source.
func condition(status int, err error) rafid.Condition {
	switch status {
	case http.StatusNotFound, http.StatusGone:
		return rafid.Gone
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotAcceptable, http.StatusProxyAuthRequired, http.StatusTooManyRequests, http.StatusUnavailableForLegalReasons, statusWall:
		return rafid.Blocked
	}
	switch {
	case errors.Is(err, ErrPage):
		return rafid.Blocked
	case errors.Is(err, ErrHijacked):
		return rafid.Hijacked
	}
	return rafid.Broken
}
