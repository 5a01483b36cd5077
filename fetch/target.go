package fetch

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"rafid"
)

// Target is one source as it is to be fetched. What proves who asks (Headers, User, Password, Token) goes to
// the hosts of the target's own addresses only, never along with a redirect to another host or from https
// down to http, and into no error and no log.
type Target struct {
	Source       rafid.Source
	URLs         []string          // tried in order until one holds items; Source.URL when empty
	Timeout      time.Duration     // of a whole request, redirects and body included; 20 s when 0
	AllowPrivate bool              // admits loopback and intranet addresses
	Charset      string            // overrides what the document says
	FutureDates  string            // Clamp, Hold or Drop; Clamp when empty
	UserAgent    string            // instead of Options.UserAgent; empty for that
	Headers      map[string]string // in any case of letters; they overrule what the client sends itself
	User         string            // for HTTP basic authentication (RFC 7617); empty for none
	Password     string            // beside User
	Token        string            // for bearer authentication (RFC 6750); empty for none; User goes first
	Proxy        string            // http, https or socks5 address that all requests go through; empty for none
	Auto         bool              // the source's own rhythm is learnt: asked every 5 minutes to 4 hours
	Unpushed     bool              // the feed's hub is not asked to push
	FullText     bool              // the pages of new stories are asked for too; see Client.Page
}

// addresses are the places to ask, in order.
func (t Target) addresses() []string {
	if len(t.URLs) == 0 {
		return []string{t.Source.URL}
	}
	return t.URLs
}

// owns says that u is on a host of the target's own, and that nothing sent there is easier to overhear than
// on the way that the operator wrote down.
func (t Target) owns(u *url.URL) bool {
	for _, a := range t.addresses() {
		own, err := url.Parse(strings.TrimSpace(a))
		if err == nil && strings.EqualFold(own.Host, u.Host) && (own.Scheme == u.Scheme || u.Scheme == "https") {
			return true
		}
	}
	return false
}

// prove adds what proves who asks, if there is anything and the request goes where it belongs.
func (t Target) prove(req *http.Request) {
	if t.User == "" && t.Token == "" && len(t.Headers) == 0 || !t.owns(req.URL) {
		return
	}
	switch {
	case t.User != "":
		req.SetBasicAuth(t.User, t.Password)
	case t.Token != "":
		req.Header.Set("Authorization", "Bearer "+t.Token)
	}
	for k, v := range t.Headers {
		if http.CanonicalHeaderKey(k) == "Host" {
			req.Host = v
			continue
		}
		req.Header.Set(k, v)
	}
}
