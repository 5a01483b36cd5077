// Package websub tells subscribers that a feed has changed, at once rather than when they next ask: WebSub, the
// W3C Recommendation of 23 January 2018, as a publisher.
//
// A [Hub] is a small hub for the feeds of one site. It takes subscriptions, asks each callback whether it meant
// them, and posts to it the whole feed, signed, whenever that has changed, until the lease is over. What fails
// is tried again, later each time; what changes meanwhile is sent once, as it then is. A [Pinger] tells
// somebody else's hub instead.
//
// # What it promises
//
// Subscriptions survive a restart. A callback on a loopback, private or otherwise special address is never
// asked, by whatever name or redirect. A subscriber that is slow or gone costs the others nothing, nobody is
// sent to more often than every ten seconds, and a hub whose queues are full says so.
//
// # What it will not do
//
// It is no hub for the feeds of others, and it renders nothing: it asks for the bytes of a feed when it sends
// them.
package websub

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"code.dny.dev/ssrf"
	"github.com/prometheus/client_golang/prometheus"
)

// Fetch gives a feed of this site by its address: its bytes and media type as they are served, or an error that
// is rafid.ErrNotFound for an address that is no feed of this site (any more). It is called by many at once.
type Fetch func(ctx context.Context, topic string) (body []byte, mime string, err error)

// Options is what a hub is made of. Fetch and Address are needed.
type Options struct {
	Fetch   Fetch
	Address func() string // the hub's own public address, named in what it sends

	File         string // where subscriptions are kept; in memory alone when empty
	AllowPrivate bool   // callbacks may be on loopback and intranet addresses

	UserAgent  string
	Transport  http.RoundTripper     // one that refuses special addresses when nil
	Logger     *slog.Logger          // nothing is logged when nil
	Registerer prometheus.Registerer // nothing is counted when nil
	Now        func() time.Time      // time.Now when nil
}

// Time limits of one request to a subscriber or hub, and of a connection to it.
const (
	patience     = 10 * time.Second
	dialPatience = 5 * time.Second
)

// newClient gives a client that follows no redirect: a subscriber must answer itself, and a redirect is how a
// public address leads to a private one.
func newClient(t http.RoundTripper, allowPrivate bool) *http.Client {
	if t == nil {
		dialer := &net.Dialer{Timeout: dialPatience}
		if !allowPrivate {
			dialer.Control = ssrf.New(ssrf.WithPorts(80, 443, 8080, 8443)).Safe
		}
		t = &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: dialPatience,
			ResponseHeaderTimeout: patience, MaxResponseHeaderBytes: 16 << 10, MaxIdleConns: atOnce,
			IdleConnTimeout: time.Minute, DisableCompression: true,
		}
	}
	return &http.Client{Transport: t, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// The times between attempts: one that fails in passing is made up for soon, one that is gone for a day costs
// six requests.
const (
	firstRetry = 30 * time.Second
	lastRetry  = 6 * time.Hour
)

// after gives how long to wait after so many failures in a row: each time four times as long.
func after(failures int) time.Duration {
	wait := firstRetry
	for range failures - 1 {
		if wait *= 4; wait >= lastRetry {
			return lastRetry
		}
	}
	return wait
}

// signal wakes whoever reads the channel, which has room for one.
func signal(wake chan struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}

// pause waits until something wakes it, the time has come, or ctx ends. The zero time never comes.
func pause(ctx context.Context, wake chan struct{}, until, now time.Time) {
	var alarm <-chan time.Time
	if !until.IsZero() {
		timer := time.NewTimer(max(0, until.Sub(now)))
		defer timer.Stop()
		alarm = timer.C
	}
	select {
	case <-ctx.Done():
	case <-wake:
	case <-alarm:
	}
}

// register registers the collectors, with nobody when r is nil.
func register(r prometheus.Registerer, cs ...prometheus.Collector) error {
	if r == nil {
		return nil
	}
	var errs []error
	for _, c := range cs {
		errs = append(errs, r.Register(c))
	}
	return errors.Join(errs...)
}
