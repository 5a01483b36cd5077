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
	maxTags   = 1 << 20 // in a document of at most 15 MiB
	maxItems  = 5000    // the rest of a document is left unread
	itemDepth = 3       // rss > channel > item; feed > entry; rdf > item
)

// ErrHostile is what a document is refused with that looks built to exhaust a parser.
var ErrHostile = errors.New("document exceeds the bounds of a feed")

// span is a piece of a document; end is behind it.
type span struct{ start, end int }

// construct tells the attributes of a child element that gofeed does not hand on.
type construct struct {
	name            string // local name, lower case
	typ, mode       string // of an Atom text
	base, lang      string // in force inside it
	hasBase, hasTyp bool
}

// facts are what the survey saw of the feed itself or of one item.
type facts struct {
	base, lang string // in force inside the element
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

// survey is what one lenient pass over a document tells before a parser sees it.
type survey struct {
	root    string // local name of the first element, lower case
	start   int    // where it opens
	items   []span // whole items in order
	feed    facts
	facts   []facts // of items, same order
	flawed  bool    // tags do not match, or markup is no markup
	partial bool    // the document ends inside an element
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
	doc      []byte
	stack    []frame
	noted    bool // the document has attributes that are worth reading
	item     int  // depth of the open item; 0 when none is
	itemFrom int
	tags     int
}

// look surveys doc, which is UTF-8. It fails on what exceeds the bounds.
func look(doc []byte) (survey, error) {
	s := surveyor{doc: doc, stack: make([]frame, 0, 16)}
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
	case comment, cdata, procInst, directive:
	}
	return nil
}

func (s *surveyor) enter(m markup) error {
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
	f := frame{name: m.name}
	if n := len(s.stack); n > 0 {
		f.base, f.lang = s.stack[n-1].base, s.stack[n-1].lang
	}
	if s.root == "" {
		s.root, s.start = string(bytes.ToLower(local(m.name))), m.start
		s.noted = s.noted || s.root == "feed"
	}
	c := s.note(m, &f)
	depth := len(s.stack) + 1
	switch {
	case s.item == 0 && depth <= itemDepth && depth > 1 && isItem(m.name):
		s.item, s.itemFrom = depth, m.start
		s.facts = append(s.facts, facts{base: f.base, lang: f.lang})
	case s.item > 0 && depth == s.item+1:
		s.keep(&s.facts[len(s.facts)-1], c)
	case s.item == 0 && depth <= 2 && (depth == 1 || equal(local(m.name), "channel")):
		s.feed.base, s.feed.lang = f.base, f.lang
	case s.item == 0 && depth <= itemDepth:
		s.keep(&s.feed, c)
	}
	if m.empty {
		s.endItem(depth, m.end)
		return nil
	}
	s.stack = append(s.stack, f)
	return nil
}

func (s *surveyor) keep(f *facts, c construct) {
	if c.name != "" {
		f.constructs = append(f.constructs, c)
	}
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
			f.base, c.hasBase = against(f.base, html.UnescapeString(string(value))), true
		case equal(name, "xml:lang"):
			f.lang, c.hasBase = string(value), true
		case equal(name, "type"):
			c.typ, c.hasTyp = string(bytes.ToLower(bytes.TrimSpace(value))), true
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
		s.flawed = s.flawed || i != len(s.stack)-1
		s.stack = s.stack[:i]
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
