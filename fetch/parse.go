package fetch

import (
	"bytes"
	"cmp"
	encjson "encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

// ErrNoFeed is what a document is refused with that is no feed.
var ErrNoFeed = errors.New("not a feed")

// ErrPage is ErrNoFeed for a web page: a wall for robots, a login, an error page.
var ErrPage = fmt.Errorf("%w: an HTML page", ErrNoFeed)

// ParseOptions are what is known about a document beside its bytes. The zero value is usable.
type ParseOptions struct {
	ContentType string         // of the HTTP answer; its charset counts
	Header      http.Header    // of the HTTP answer: Content-Type, Content-Location and Content-Language count
	URL         string         // relative addresses resolve against it
	Charset     string         // overrides all evidence
	Zone        *time.Location // of dates that name none; nil is UTC
	Now         time.Time      // relative dates count from it; zero: they are unknown
}

// Parse reads one feed document: RSS of any version, RDF, Atom or JSON Feed, in any charset, mended
// where it is broken, and in gzip. The error is [ErrNoFeed], [ErrPage], [ErrHostile] or [ErrTooLarge],
// wrapped.
func Parse(doc []byte, o ParseOptions) (*Document, error) {
	r, err := read(doc, o)
	if err != nil {
		return nil, err
	}
	return r.document(o), nil
}

// read is the way from bytes to a reading.
func read(doc []byte, o ParseOptions) (*reading, error) { return readBut(doc, o, nil) }

// readBut is read without the items that known knows by their bytes: they cost a hash each.
func readBut(doc []byte, o ParseOptions, known knownItems) (r *reading, err error) {
	defer func() { // a parser's panic is a document's fault
		if p := recover(); p != nil {
			r, err = nil, fmt.Errorf("%w: the parser gave up: %v", ErrNoFeed, p)
		}
	}()
	if doc, err = unpacked(doc); err != nil {
		return nil, err
	}
	d, err := decode(doc, cmp.Or(o.ContentType, o.Header.Get("Content-Type")), o.Charset)
	if err != nil {
		return nil, err
	}
	body := bytes.TrimLeft(d.doc, " \t\r\n\x00\ufeff")
	switch {
	case len(body) == 0:
		return nil, fmt.Errorf("%w: empty document", ErrNoFeed)
	case body[0] == '{':
		r, err = readJSON(body)
	default:
		r, err = readXML(body, known)
	}
	if err != nil {
		return nil, err
	}
	if r.bare() {
		r.repairs = append(r.repairs, fmt.Sprintf("text: longer than %d bytes (a title: %d), cut", maxText, maxTitle))
	}
	r.encoding = d.encoding
	r.repairs = append(d.repairs, r.repairs...)
	return r, nil
}

// stranger is ErrNoFeed for markup that is none of a feed.
func (s survey) stranger() error {
	if s.root == "" {
		return ErrNoFeed
	}
	return fmt.Errorf("%w: its root is %.40q", ErrNoFeed, s.root)
}

// noFeed is ErrNoFeed with what a parser said, if it said anything.
func noFeed(err error) error {
	if err == nil {
		return ErrNoFeed
	}
	var shape *encjson.UnmarshalTypeError
	if errors.As(err, &shape) {
		return fmt.Errorf("%w: JSON, but no JSON Feed", ErrNoFeed)
	}
	return fmt.Errorf("%w: %w", ErrNoFeed, err)
}

func readJSON(doc []byte) (*reading, error) {
	many, err := lookJSON(doc)
	if err != nil {
		return nil, err
	}
	var f *json.Feed
	if !many {
		f, err = (&json.Parser{}).Parse(bytes.NewReader(doc))
	}
	if many || err != nil {
		if f = salvageJSON(doc); f == nil {
			return nil, noFeed(err)
		}
	}
	if f.Items == nil && !strings.Contains(f.Version, "jsonfeed") {
		return nil, fmt.Errorf("%w: JSON, but no JSON Feed", ErrNoFeed)
	}
	r := fromJSON(f)
	switch {
	case len(r.items) == maxItems && many:
		r.repairs = append(r.repairs, fmt.Sprintf("json: more than %d items, the rest was left out", maxItems))
	case err != nil:
		r.repairs = append(r.repairs, "json: broken, kept the whole items")
	}
	return r, nil
}

// readXML reads a document of markup: gate, then gofeed, with repairs between where they are needed.
func readXML(doc []byte, known knownItems) (*reading, error) {
	s, doc, repairs, err := enter(doc)
	if err != nil {
		return nil, err
	}
	if !s.flawed && !s.partial {
		if r, err := known.unknown(doc, s); err == nil && len(r.items)+len(r.known) >= len(s.items) {
			r.repairs = repairs
			return r, nil
		}
	}
	repairs = append(repairs, s.complaint())
	end, partial := len(doc), s.partial && len(s.items) < maxItems
	if s.partial && len(s.items) > 0 {
		end = s.whole
	}
	doc = mend(doc, end)
	if s, err = look(doc); err != nil {
		return nil, err
	}
	r, err := gofeedReads(doc, s)
	if err != nil || len(r.items) < len(s.items) {
		if r = salvage(doc, s); r == nil {
			return nil, noFeed(err)
		}
		repairs = append(repairs, fmt.Sprintf("markup: %d of %d items kept", len(r.items), len(s.items)))
	}
	r.repairs, r.partial = repairs, partial
	return r, nil
}

// complaint says what was wrong with the markup.
func (s survey) complaint() string {
	switch {
	case len(s.items) >= maxItems:
		return fmt.Sprintf("markup: more than %d items, the rest was left out", maxItems)
	case s.partial:
		return "markup: the document ends too early"
	case s.flawed:
		return "markup: tags or characters out of place"
	}
	return "markup: not well formed"
}

// gofeedReads is the one place where gofeed parses XML.
func gofeedReads(doc []byte, s survey) (*reading, error) {
	if s.root == "feed" {
		f, err := (&atom.Parser{}).Parse(bytes.NewReader(namespaced(doc, true)))
		if err != nil {
			return nil, err
		}
		return located(fromAtom(f, s), s), nil
	}
	f, err := (&rss.Parser{}).Parse(bytes.NewReader(namespaced(doc, false)))
	if err != nil {
		return nil, err
	}
	return located(fromRSS(f, s), s), nil
}

// located notes where in the document each item stands.
func located(r *reading, s survey) *reading {
	if len(r.items) == len(s.items) {
		for i := range r.items {
			r.items[i].raw = s.items[i]
		}
	}
	return r
}

// salvage reads a document item by item when it cannot be read as a whole: one bad item costs only
// itself. It gives nil when no item can be read.
func salvage(doc []byte, s survey) *reading {
	if len(s.items) == 0 {
		return nil
	}
	root, _ := next(doc, 0)
	shell := bytes.Clone(doc[root.start:root.end])
	if s.root == "rss" {
		shell = append(shell, "<channel>"...)
	}
	r := alone(doc[:s.items[0].start])
	found := 0
	for _, at := range s.items {
		part := alone(append(bytes.Clone(shell), doc[at.start:at.end]...))
		if part == nil || len(part.items) == 0 {
			continue
		}
		found++
		if r == nil {
			r = part
		} else {
			r.items = append(r.items, part.items...)
		}
	}
	if found == 0 {
		return nil
	}
	return r
}

// alone reads a piece of a document; nil when it cannot be read.
func alone(doc []byte) *reading {
	doc = mend(doc, len(doc))
	s, err := look(doc)
	if err != nil {
		return nil
	}
	r, err := gofeedReads(doc, s)
	if err != nil {
		return nil
	}
	for i := range r.items {
		r.items[i].raw = span{}
	}
	return r
}
