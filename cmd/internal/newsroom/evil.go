package newsroom

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"rafid/cmd/internal/newsroom/farm"
)

// Behaviour is one way in which a server wrongs its readers; its value is the path that shows it.
type Behaviour string

// Answers that say no, or elsewhere.
const (
	Good               Behaviour = "/good"                // a feed of three items with validators, to compare with
	Unauthorized       Behaviour = "/401"                 // 401 with a challenge
	Forbidden          Behaviour = "/403"                 // 403
	NotFound           Behaviour = "/404"                 // 404
	Gone               Behaviour = "/410"                 // 410
	TooMany            Behaviour = "/429"                 // 429, Retry-After in seconds: 120
	TooManyUntil       Behaviour = "/429-date"            // 429, Retry-After as a date an hour ahead
	TooManyForever     Behaviour = "/429-century"         // 429, Retry-After of a hundred years
	ServerError        Behaviour = "/500"                 // 500
	BadGateway         Behaviour = "/502"                 // 502 with a page
	Unavailable        Behaviour = "/503"                 // 503, Retry-After in seconds: 3600
	NoContent          Behaviour = "/204"                 // 204
	OddStatus          Behaviour = "/999"                 // 999, as some walls answer
	AlwaysNotModified  Behaviour = "/304"                 // 304 to a request without conditions
	MovedForGood       Behaviour = "/301"                 // 301 to Good
	MovedForGood308    Behaviour = "/308"                 // 308 to Good
	MovedForNow        Behaviour = "/302"                 // 302 to Good
	RedirectLoop       Behaviour = "/302-loop"            // 302 to itself
	RedirectChain      Behaviour = "/302-chain"           // twenty different hops before Good
	RedirectNowhere    Behaviour = "/302-nowhere"         // 302 without Location
	RedirectToPrivate  Behaviour = "/redirect-to-private" // 302 to a unique local address, fd00::1 (RFC 4193)
	RedirectToLink     Behaviour = "/redirect-to-link"    // 302 to a link-local address, 169.254.0.1 (RFC 3927)
	RedirectToReserved Behaviour = "/redirect-to-test"    // 302 to an address for documentation, 192.0.2.1 (RFC 5737)
	RedirectToFile     Behaviour = "/redirect-to-file"    // 302 to file:///etc/passwd
)

// Answers that take their time, or break off.
const (
	Timeout       Behaviour = "/timeout"        // no answer at all
	SlowHeader    Behaviour = "/slow-header"    // a byte of the header a pace, without end
	Drip          Behaviour = "/drip"           // a byte of the body a pace, without end
	Stall         Behaviour = "/stall"          // half of the body, then nothing
	Endless       Behaviour = "/endless"        // items without end, as fast as they are taken
	LengthTooLong Behaviour = "/wrong-length"   // Content-Length says more than comes
	LengthShort   Behaviour = "/short-length"   // Content-Length says less than comes
	Reset         Behaviour = "/reset"          // the connection is reset in the middle of the body
	ResetAtOnce   Behaviour = "/reset-at-once"  // the connection is reset before any answer
	Hangup        Behaviour = "/hangup"         // the connection is closed before any answer
	BadChunk      Behaviour = "/bad-chunk"      // chunked, with a chunk size that is no number
	NotHTTP       Behaviour = "/not-http"       // an answer of another protocol
	HeaderFlood   Behaviour = "/header-flood"   // twelve megabytes of header fields
	ManyCookies   Behaviour = "/cookies"        // a good feed with a hundred cookies
	StatusOnly    Behaviour = "/status-only"    // a status line, then the end
	TwoLengths    Behaviour = "/two-lengths"    // two Content-Length fields that differ
	LengthAndMore Behaviour = "/length-chunked" // Content-Length and chunked at once
)

// Bodies that are no feed.
const (
	HTMLPage    Behaviour = "/html"         // a web page with status 200, called RSS
	Captcha     Behaviour = "/captcha"      // a wall for robots with status 200
	CaptchaWall Behaviour = "/captcha-403"  // the same with 403 and a field that names the guard
	Login       Behaviour = "/login"        // a login form with status 200
	Parked      Behaviour = "/parked"       // the page of a domain for sale
	Empty       Behaviour = "/empty"        // 200 and no byte
	Blank       Behaviour = "/blank"        // 200 and white space
	NoItems     Behaviour = "/no-items"     // a well-formed feed without items
	PlainError  Behaviour = "/plain-error"  // 200 and a line of a database error
	OtherXML    Behaviour = "/other-xml"    // well-formed XML that is no feed
	OtherJSON   Behaviour = "/other-json"   // JSON that is no feed
	Picture     Behaviour = "/picture"      // an image, called RSS
	UnknownCode Behaviour = "/unknown-code" // Content-Encoding of a name that does not exist
	LyingGzip   Behaviour = "/lying-gzip"   // says gzip, is plain
	CutGzip     Behaviour = "/cut-gzip"     // gzip that ends in the middle
	TwiceGzip   Behaviour = "/twice-gzip"   // gzip in gzip, said once
	UnsaidGzip  Behaviour = "/unsaid-gzip"  // gzip, not said
)

// Bodies that are meant to hurt.
const (
	GzipBomb       Behaviour = "/gzip-bomb"       // 2 GiB of blanks in 2 MB
	DeepNesting    Behaviour = "/deep-nesting"    // a million open elements, in gzip
	ManyAttributes Behaviour = "/attrs-200k"      // an element with 200,000 attributes
	LongAttribute  Behaviour = "/attr-20MB"       // an attribute of 20 MB
	Huge           Behaviour = "/huge-100MB"      // a well-formed feed of 100 MB
	EntityBomb     Behaviour = "/entity-bomb"     // nested entities of 10⁹ expansions
	ExternalEntity Behaviour = "/external-entity" // an entity that is a file of the reader's
	Flood          Behaviour = "/flood"           // 50,000 small items
	DeepJSON       Behaviour = "/deep-json"       // a million open brackets
	LongTitle      Behaviour = "/long-title"      // a headline of 1 MB
	Scripts        Behaviour = "/scripts"         // script in every place that a reader may render
	BadLinks       Behaviour = "/bad-links"       // javascript:, data:, private and relative links
	LineBreaks     Behaviour = "/line-breaks"     // CR, LF and TAB in titles, links and guids
)

// Bodies that can be mended, wholly or in part.
const (
	Truncated     Behaviour = "/truncated"      // ends in the middle of the third item
	NotUTF8       Behaviour = "/notutf8"        // bytes that are no UTF-8 in the second item
	Nul           Behaviour = "/nul"            // NUL and control characters
	JunkBefore    Behaviour = "/junk-before"    // a warning before the declaration
	BareAmpersand Behaviour = "/bare-ampersand" // & and < that are not escaped
	UnknownEntity Behaviour = "/entities"       // &nbsp; &laquo; and the like, undeclared
	OpenCDATA     Behaviour = "/open-cdata"     // a CDATA section that does not end
	BOMTwice      Behaviour = "/bom-twice"      // two byte order marks
	UTF16         Behaviour = "/utf16"          // UTF-16 with its mark, called UTF-8
	Windows1256   Behaviour = "/windows-1256"   // windows-1256, called UTF-8
)

// Feeds that can be read, and whose content is wrong.
const (
	SameGUIDs     Behaviour = "/same-guids"     // three items, one guid
	NoGUIDs       Behaviour = "/no-guids"       // items without guid and link
	NewGUIDs      Behaviour = "/new-guids"      // the same items, other guids at each request
	NewTag        Behaviour = "/new-tag"        // the same bytes, another entity tag at each request
	StaleTag      Behaviour = "/stale-tag"      // another item at each request, always the same entity tag
	Shuffled      Behaviour = "/shuffled"       // the same items in another order at each request
	FutureDates   Behaviour = "/future"         // items of the year 2099
	Epoch         Behaviour = "/1970"           // items of 1 January 1970
	NonsenseDates Behaviour = "/nonsense-dates" // the 31st of February, and words
	Takeover      Behaviour = "/takeover"       // after the first request: other title, language and links
	Flapping      Behaviour = "/flapping"       // every second request is 500
)

// EvilOptions say how an [EvilRoom] behaves. The zero EvilOptions are ready to use.
type EvilOptions struct {
	Pace time.Duration // between the bytes of what drips; 0 is a second
}

// EvilRoom is a server with a path for each [Behaviour]. Its methods may be called from several goroutines.
type EvilRoom struct {
	farm *farm.Farm
	pace time.Duration

	mu       sync.Mutex
	requests map[Behaviour]int
}

// Evil opens a server of evil behaviours on one port. It closes when ctx ends or [EvilRoom.Close] is
// called; Close must be called in either case, and ends what drips.
func Evil(ctx context.Context, o EvilOptions) (*EvilRoom, error) {
	if o.Pace <= 0 {
		o.Pace = time.Second
	}
	e := &EvilRoom{pace: o.Pace, requests: map[Behaviour]int{}}
	m := http.NewServeMux()
	for b, h := range e.behaviours() {
		m.HandleFunc(string(b), func(w http.ResponseWriter, r *http.Request) { h(w, r, e.count(b)) })
	}
	m.HandleFunc("/302-chain/{hop}", func(w http.ResponseWriter, r *http.Request) { chain(w, r, 0) })
	var err error
	if e.farm, err = farm.New(ctx, "", 0, []http.Handler{m}); err != nil {
		return nil, fmt.Errorf("newsroom: %w", err)
	}
	e.farm.Serve()
	return e, nil
}

// URL is the address that shows a behaviour.
func (e *EvilRoom) URL(b Behaviour) string { return "http://" + e.farm.Addr(0) + string(b) }

// Behaviours lists all that there are, in the order of their paths.
func (e *EvilRoom) Behaviours() []Behaviour { return slices.Sorted(maps.Keys(e.behaviours())) }

// Requests counts what was asked, by behaviour.
func (e *EvilRoom) Requests() map[Behaviour]int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return maps.Clone(e.requests)
}

// Close ends every answer and waits for every goroutine of the room.
func (e *EvilRoom) Close() error { return e.farm.Close() }

// count gives the running number of a request for a behaviour, from 1.
func (e *EvilRoom) count(b Behaviour) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.requests[b]++
	return e.requests[b]
}

// deed is what a behaviour does with the nth request for it.
type deed func(w http.ResponseWriter, r *http.Request, n int)

// behaviours are all deeds by their path.
func (e *EvilRoom) behaviours() map[Behaviour]deed {
	all := map[Behaviour]deed{}
	for _, some := range []map[Behaviour]deed{refusals(), redirects(), e.delays(), raws(), impostors(), packings(), attacks(), wounds(), contents()} {
		maps.Copy(all, some)
	}
	return all
}
