package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"html"
)

// Bounds of what is handed to a parser. gofeed recurses on nested elements without bound: 3 million
// levels, 48 kB in gzip, end in a stack overflow that nothing can recover from. The deepest real feed
// seen nests 14 levels and has 6 attributes in a tag outside HTML.
const (
	maxDepth  = 100
	maxAttrs  = 256
	maxTag    = 1 << 20 // bytes of one opening tag
	maxTags   = 1 << 19 // in a document of at most 15 MiB; the largest of 15 saved ones has 413
	maxRefs   = 1 << 21 // ampersands; HTML that is escaped has four in a paragraph
	maxItems  = 5000    // the rest of a document is left unread
	itemDepth = 3       // rss > channel > item; feed > entry; rdf > item
	wrapDepth = 5       // of items inside elements of their own, <items> and the like
)

// ErrHostile is what a document is refused with that looks built to exhaust a parser.
var ErrHostile = errors.New("document exceeds the bounds of a feed")

// span is a piece of a document; end is behind it.
type span struct{ start, end int }

// construct tells the attributes of a child element that gofeed does not hand on.
type construct struct {
	name            string // local name, lower case
	typ, mode, rel  string // of an Atom text or link
	base, lang      string // in force inside it
	hasBase, hasTyp bool
	inner           span // its content in the document, where it was kept
	markup          bool // it holds elements
}

// facts are what the survey saw of the feed itself or of one item.
type facts struct {
	base, lang string // in force inside the element
	about      string // rdf:about, which names an item of RDF
	constructs []construct
}

// of gives the attributes of the nth child of that name; zero when it had none worth noting.
func (f facts) of(name string) construct {
	for _, c := range f.constructs {
		if c.name == name {
			return c
		}
	}
	return construct{base: f.base, lang: f.lang}
}

// speech is the language of the item: of the first of its texts that names another one than the item, and
// the item's own otherwise. None is a language too: xml:lang="" takes it back.
func (f facts) speech(texts ...string) string {
	for _, name := range texts {
		if c := f.of(name); c.lang != f.lang {
			return c.lang
		}
	}
	return f.lang
}

// ground is the base of the item, or of the first of its texts that has another.
func (f facts) ground(texts ...string) string {
	for _, name := range texts {
		if c := f.of(name); c.base != f.base {
			return c.base
		}
	}
	return f.base
}

// survey is what one lenient pass over a document tells before a parser sees it.
type survey struct {
	root    string // local name of the first element, lower case
	start   int    // where it opens
	items   []span // whole items in order
	feed    facts
	facts   []facts // of items, same order
	flawed  bool    // tags do not match, or markup is no markup
	partial bool    // the document ends inside an element
	doc     []byte  // what was surveyed
	whole   int     // behind the last thing known to be whole: the place to cut a partial document at
}

// frame is an open element.
type frame struct {
	name       []byte
	base, lang string
}

// surveyor walks a document.
type surveyor struct {
	survey
	stack    []frame
	noted    bool // the document has attributes that are worth reading
	item     int  // depth of the open item; 0 when none is
	child    int  // depth of the open child that is kept; 0 when none is
	itemFrom int
	tags     int
}

// look surveys doc, which is UTF-8. It fails on what exceeds the bounds.
func look(doc []byte) (survey, error) {
	if n := bytes.Count(doc, []byte("&")); n > maxRefs {
		return survey{}, fmt.Errorf("%d references: %w", n, ErrHostile)
	}
	s := surveyor{survey: survey{doc: doc}, stack: make([]frame, 0, 16)}
	s.noted = bytes.Contains(doc, []byte("xml:")) || bytes.Contains(doc[:min(len(doc), 4096)], []byte("<feed")) || bytes.Contains(doc, []byte("atom"))
	for i := 0; ; {
		m, ok := next(doc, i)
		if !ok {
			break
		}
		if err := s.take(m); err != nil {
			return s.survey, err
		}
		i = m.end
		if len(s.items) == maxItems && s.item == 0 {
			s.partial, s.whole = true, i
			break
		}
	}
	if len(s.stack) > 0 {
		s.partial = true
	}
	if s.whole == 0 {
		s.whole = len(doc)
	}
	return s.survey, nil
}

func (s *surveyor) take(m markup) error {
	switch m.kind {
	case open:
		return s.enter(m)
	case closing:
		s.leave(m)
	case stray, cut:
		s.flawed = true
		if s.tags++; s.tags > maxTags {
			return fmt.Errorf("more than %d tags: %w", maxTags, ErrHostile)
		}
	case comment, cdata, procInst, directive:
	}
	return nil
}

func (s *surveyor) enter(m markup) error {
	if err := s.bounded(m); err != nil {
		return err
	}
	f := frame{name: m.name, base: s.top().base, lang: s.top().lang}
	if s.root == "" {
		s.root, s.start = string(bytes.ToLower(local(m.name))), m.start
		s.noted = s.noted || s.root == "feed"
	}
	depth := len(s.stack) + 1
	c := s.note(m, &f)
	s.place(m, f, c, depth)
	if m.empty {
		s.endItem(depth, m.end)
		return nil
	}
	s.stack = append(s.stack, f)
	return nil
}

// bounded is the gate: it refuses what exceeds the bounds.
func (s *surveyor) bounded(m markup) error {
	s.tags++
	switch {
	case len(s.stack) >= maxDepth:
		return fmt.Errorf("more than %d elements nested: %w", maxDepth, ErrHostile)
	case m.count > maxAttrs:
		return fmt.Errorf("%d attributes in one tag: %w", m.count, ErrHostile)
	case m.end-m.start > maxTag:
		return fmt.Errorf("a tag of %d bytes: %w", m.end-m.start, ErrHostile)
	case s.tags > maxTags:
		return fmt.Errorf("more than %d tags: %w", maxTags, ErrHostile)
	}
	return nil
}

// place says what an element is: an item, a child of an item or of the feed, or part of a child.
func (s *surveyor) place(m markup, f frame, c construct, depth int) {
	switch {
	case s.item == 0 && depth <= wrapDepth && depth > 1 && isItem(m.name):
		s.item, s.itemFrom, s.child = depth, m.start, 0
		s.facts = append(s.facts, facts{base: f.base, lang: f.lang, about: about(m.attrs, s.root)})
	case s.child > 0 && depth > s.child:
		s.last().markup = true
	case s.item > 0 && depth == s.item+1:
		s.keep(m, c, depth)
	case s.item == 0 && depth <= 2 && (depth == 1 || equal(local(m.name), "channel")):
		s.feed.base, s.feed.lang = f.base, f.lang
	case s.item == 0 && depth <= itemDepth:
		s.keep(m, c, depth)
	}
}

// into are the facts that a child met now belongs to.
func (s *surveyor) into() *facts {
	if s.item > 0 {
		return &s.facts[len(s.facts)-1]
	}
	return &s.feed
}

// last is the child kept last.
func (s *surveyor) last() *construct {
	f := s.into()
	return &f.constructs[len(f.constructs)-1]
}

// keep notes a child that has attributes worth noting, or whose content gofeed drops or changes.
func (s *surveyor) keep(m markup, c construct, depth int) {
	raw := s.root == "feed" || equal(local(m.name), "body") || s.item == 0 && equal(m.name, "author") || s.item > 0 && equal(m.name, "image")
	if c.name == "" && !raw {
		return
	}
	if c.name == "" {
		c = construct{name: string(bytes.ToLower(local(m.name))), base: s.top().base, lang: s.top().lang}
	}
	f := s.into()
	if raw && !m.empty {
		c.inner = span{m.end, m.end}
		s.child = depth
	}
	f.constructs = append(f.constructs, c)
}

// top is the innermost open element.
func (s *surveyor) top() frame {
	if len(s.stack) == 0 {
		return frame{}
	}
	return s.stack[len(s.stack)-1]
}

// about reads rdf:about, in RDF documents only.
func about(attrs []byte, root string) (uri string) {
	if root == "rdf" {
		attributes(attrs, func(name, value []byte) {
			if equal(name, "rdf:about") {
				uri = html.UnescapeString(string(value))
			}
		})
	}
	return uri
}

// raw is the content of a child as it is written; empty when it was not kept.
func (s survey) raw(c construct) string {
	if c.inner.end <= c.inner.start || c.inner.end > len(s.doc) {
		return ""
	}
	return string(bytes.TrimSpace(s.doc[c.inner.start:c.inner.end]))
}

// note reads the attributes that matter, if the document has any such.
func (s *surveyor) note(m markup, f *frame) construct {
	if !s.noted || len(m.attrs) < 6 {
		return construct{}
	}
	c := construct{}
	attributes(m.attrs, func(name, value []byte) {
		switch {
		case equal(name, "xml:base"):
			f.base, c.hasBase = below(f.base, html.UnescapeString(string(value))), true
		case equal(name, "xml:lang"):
			f.lang, c.hasBase = string(value), true
		case equal(name, "type"):
			c.typ, c.hasTyp = string(bytes.ToLower(bytes.TrimSpace(value))), true
		case equal(name, "rel"):
			c.rel, c.hasTyp = string(bytes.ToLower(value)), true
		case equal(name, "mode"):
			c.mode, c.hasTyp = string(bytes.ToLower(value)), true
		}
	})
	if !c.hasBase && !c.hasTyp {
		return construct{}
	}
	c.name = string(bytes.ToLower(local(m.name)))
	c.base, c.lang = f.base, f.lang
	return c
}

func (s *surveyor) leave(m markup) {
	for i := len(s.stack) - 1; i >= 0; i-- {
		if !equal(s.stack[i].name, string(m.name)) {
			continue
		}
		s.flawed = s.flawed || i != len(s.stack)-1 || !bytes.Equal(s.stack[i].name, m.name)
		s.stack = s.stack[:i]
		if s.child > 0 && i+1 <= s.child {
			if i+1 == s.child {
				s.last().inner.end = m.start
			}
			s.child = 0
		}
		s.endItem(i+1, m.end)
		return
	}
	s.flawed = true
}

// endItem ends the open item when an element at its depth or above ends.
func (s *surveyor) endItem(depth, end int) {
	if s.item == 0 || depth > s.item {
		return
	}
	if depth == s.item {
		s.items = append(s.items, span{s.itemFrom, end})
		s.whole = end
	}
	if len(s.facts) > len(s.items) {
		s.facts = s.facts[:len(s.items)]
	}
	s.item = 0
}

func isItem(name []byte) bool {
	n := local(name)
	return equal(n, "item") || equal(n, "entry")
}

// equal compares a name in ASCII without regard to case.
func equal(name []byte, want string) bool {
	return len(name) == len(want) && bytes.EqualFold(name, []byte(want))
}
