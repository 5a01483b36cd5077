package fetch

import (
	"bytes"
	"errors"
)

// enter finds where the feed begins, whatever stands before it, and surveys it from there. The XML
// declaration is left out: the bytes are UTF-8 by now, whatever it says.
func enter(doc []byte) (s survey, from []byte, repairs []string, err error) {
	s, err = look(doc)
	if err == nil && isFeed(s.root) {
		if !prologue(doc[:s.start]) {
			repairs = []string{"markup: text before the document"}
		}
		if own := expand(doc[:s.start], doc[s.start:]); len(own) > 0 && &own[0] != &doc[s.start] {
			s, err = look(own)
			return s, own, repairs, err
		}
		return s.from(s.start), doc[s.start:], repairs, nil
	}
	if err != nil && isFeed(s.root) {
		return s, nil, nil, err
	}
	at := rootAt(doc)
	if at < 0 {
		if isPage(doc) {
			return s, nil, nil, ErrPage
		}
		if own, from, repairs, err := rootless(doc); err == nil || errors.Is(err, ErrHostile) {
			return own, from, repairs, err
		}
		return s, nil, nil, s.stranger()
	}
	s, err = look(doc[at:])
	return s, doc[at:], []string{"markup: text before the document"}, err
}

// rootless gives a channel, or items, that stand without the root of a feed the root of one.
func rootless(doc []byte) (s survey, from []byte, repairs []string, err error) {
	for _, c := range []struct{ element, open string }{{"<channel>", "<rss>"}, {"<item>", "<rss><channel>"}, {"<entry>", `<feed xmlns="` + atomSpace + `">`}} {
		at := bytes.Index(doc, []byte(c.element))
		if at < 0 {
			continue
		}
		from = append([]byte(c.open), doc[at:]...)
		if s, err = look(from); err != nil || len(s.items) > 0 {
			return s, from, []string{"markup: no root of a feed"}, err
		}
	}
	return s, nil, nil, ErrNoFeed
}

// prologue says that s is what may stand before the root element.
func prologue(s []byte) bool {
	for i := 0; ; {
		m, ok := next(s, i)
		if !ok {
			return len(bytes.TrimSpace(s[i:])) == 0
		}
		if len(bytes.TrimSpace(s[i:m.start])) > 0 || m.kind == stray || m.kind == cut {
			return false
		}
		i = m.end
	}
}

// from moves the places of a survey to a document that begins at n.
func (s survey) from(n int) survey {
	for i := range s.items {
		s.items[i].start -= n
		s.items[i].end -= n
	}
	for _, f := range append(s.facts, s.feed) {
		for i := range f.constructs {
			f.constructs[i].inner.start -= n
			f.constructs[i].inner.end -= n
		}
	}
	s.whole -= n
	s.doc, s.start = s.doc[n:], 0
	return s
}

func isFeed(root string) bool { return root == "rss" || root == "feed" || root == "rdf" }

// rootAt finds the root of a feed that stands inside something else; -1 when there is none.
func rootAt(doc []byte) int {
	low := bytes.ToLower(doc)
	best := -1
	for _, root := range []string{"<rss", "<feed", "<rdf:rdf", "<atom:feed"} {
		n := bytes.Index(low, []byte(root))
		if n < 0 || n+len(root) < len(low) && nameEnd(low, n+len(root)) != n+len(root) {
			continue
		}
		if best < 0 || n < best {
			best = n
		}
	}
	return best
}

// isPage says that doc is a web page.
func isPage(doc []byte) bool {
	head := bytes.ToLower(doc[:min(len(doc), 2048)])
	for _, mark := range []string{"<!doctype html", "<html", "<body", "<script"} {
		if bytes.Contains(head, []byte(mark)) {
			return true
		}
	}
	return false
}
