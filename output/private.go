package output

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"

	"rafid"
)

// tokenName is the parameter of an address that opens a private channel. Feed readers keep an address as it
// is, and most can send nothing else.
const tokenName = "token"

// leastToken is how long a token must be: 16 letters of base64 are 96 bits, which nobody guesses over HTTP.
const leastToken = 16

// admits says whether a request may know of the channel. The time that it takes tells nothing of the token,
// not even its length.
func admits(ch rafid.Channel, r *http.Request) bool {
	if ch.Token == "" {
		return true
	}
	want, got := sha256.Sum256([]byte(ch.Token)), sha256.Sum256([]byte(r.URL.Query().Get(tokenName)))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// opened is what a private channel's addresses end in; nothing for a public one.
func opened(ch rafid.Channel) string {
	if ch.Token == "" {
		return ""
	}
	return "?" + tokenName + "=" + ch.Token
}

// feedPath is the path of a channel's feed, token and all.
func feedPath(ch rafid.Channel, format string) string {
	return "/feeds/" + ch.Name + "." + format + opened(ch)
}

// keepPrivate tells caches that others share, and sites that a page leads to, nothing of a private channel.
func (ed *edition) keepPrivate(h http.Header) {
	h["Cache-Control"] = ed.privateCache
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
}
