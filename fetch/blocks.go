package fetch

import (
	"bytes"
	"html"
	"strings"

	"rafid/arabic"
)

// block is a paragraph, a line or a caption of a text, without markup.
type block struct {
	text    string
	caption bool // it stands in a figcaption
	start   int  // of its markup in the fragment
	end     int
}

// blockReader takes HTML apart into blocks, in one pass and without a tree. What it gives is text to be
// escaped again before a browser sees it, so it need not understand all that a browser does.
type blockReader struct {
	raw     []byte // the fragment
	blocks  []block
	figures []figure
	now     strings.Builder
	start   int
	caption string // the element that a caption is in; empty outside of one
	nested  int    // how many of its name are open
}

// blocksOf cuts a text into blocks. In HTML the elements that begin a line separate them; in plain text,
// and in HTML that has no such element, line breaks do.
func blocksOf(t text) ([]block, []figure) {
	v := t.value
	if t.plain {
		return lines(v), nil
	}
	if !strings.ContainsRune(v, '<') {
		return lines(unescape(v)), nil
	}
	b := blockReader{raw: []byte(v)}
	broken := hasBlockTag(v)
	for i := 0; i < len(v); {
		n := strings.IndexByte(v[i:], '<')
		if n < 0 {
			b.write(v[i:], i, broken)
			break
		}
		b.write(v[i:i+n], i, broken)
		i = b.tag(v, i+n)
	}
	b.flush(len(v))
	return b.blocks, b.figures
}

// lines are the lines of a plain text.
func lines(v string) []block {
	if !strings.ContainsAny(v, "\n\r") {
		if v = arabic.Clean(v); v == "" {
			return nil
		}
		return []block{{text: v, end: len(v)}}
	}
	var out []block
	for line := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if line = arabic.Clean(line); line != "" {
			out = append(out, block{text: line})
		}
	}
	return out
}

func (b *blockReader) write(s string, at int, broken bool) {
	if s == "" {
		return
	}
	if !broken && strings.ContainsAny(s, "\n\r") { // no element breaks lines: the breaks are meant
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				b.flush(at)
			}
			b.write(strings.TrimSuffix(line, "\r"), at, true)
		}
		return
	}
	if b.now.Len() == 0 {
		b.start = at
	}
	b.now.WriteString(s)
}

// flush ends a block at the given place.
func (b *blockReader) flush(end int) {
	if b.now.Len() == 0 {
		return
	}
	s := b.now.String()
	b.now.Reset()
	if s = arabic.Clean(strings.TrimSpace(unescape(s))); s != "" {
		b.blocks = append(b.blocks, block{text: s, caption: b.caption != "", start: b.start, end: end})
	}
}

// tag reads the tag at v[i] and gives the place behind it.
func (b *blockReader) tag(v string, i int) int {
	m, _ := next(b.raw[:min(len(v), i+maxInlineTag)], i)
	switch m.kind {
	case stray, cut:
		b.write("&lt;", i, true)
		return i + 1
	case open, closing:
	default:
		return m.end
	}
	name := strings.ToLower(string(m.name))
	switch {
	case m.kind == open && hides(name, m.attrs):
		return skipElement(v, m.end, name)
	case b.caption == "" && m.kind == open && !m.empty && captions(name, m.attrs):
		b.flush(i)
		b.caption, b.nested = name, 1
	case b.caption == name:
		b.within(m.kind, i)
	case name == "img" && m.kind == open:
		b.figure(m.attrs)
	case name == "br" || name == "hr" || breaks(name):
		b.flush(i)
	case name == "td" || name == "th":
		b.write(" ", i, true)
	}
	return m.end
}

// maxInlineTag bounds how far the end of a tag inside a text is looked for.
const maxInlineTag = 1 << 16

// silent are the elements whose content is not for readers.
func silent(name string) bool {
	switch name {
	case "script", "style", "noscript", "iframe", "object", "template", "svg", "select", "textarea", "xmp", "title":
		return true
	}
	return false
}

// embeddedPost says that a blockquote is a post of a social network, pasted in with its links and its date.
func embeddedPost(attrs []byte) bool {
	low := bytes.ToLower(attrs)
	for _, class := range []string{"twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "fb-post", "telegram-post"} {
		if bytes.Contains(low, []byte(class)) {
			return true
		}
	}
	return false
}

// hides says that nothing inside an element is for readers of the text.
func hides(name string, attrs []byte) bool {
	return silent(name) || name == "blockquote" && embeddedPost(attrs)
}

// skipElement gives the place behind the end of an element that opened before i; the end of the text
// when it has none, as in a browser.
func skipElement(v string, i int, name string) int {
	for {
		n := strings.Index(v[i:], "</")
		if n < 0 {
			return len(v)
		}
		i += n + 2
		if len(v)-i < len(name) || !strings.EqualFold(v[i:i+len(name)], name) {
			continue
		}
		if end := strings.IndexByte(v[i:], '>'); end >= 0 {
			return i + end + 1
		}
		return len(v)
	}
}

// breaks says that an element begins on a line of its own.
func breaks(name string) bool {
	switch name {
	case "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "tr", "figure", "section", "article",
		"header", "footer", "aside", "center", "dd", "dt", "dl", "pre", "address", "main", "nav", "form", "fieldset", "details", "summary", "body", "html":
		return true
	}
	return false
}

// hasBlockTag says that HTML has an element that breaks lines.
func hasBlockTag(v string) bool {
	for {
		n := strings.IndexByte(v, '<')
		if n < 0 || n+1 >= len(v) {
			return false
		}
		v = v[n+1:]
		end := 0
		for end < len(v) && end < 11 && nameStart(v[end]|0x20) && v[end] < 0x80 || end > 0 && end < len(v) && v[end] >= '1' && v[end] <= '6' {
			end++
		}
		if name := strings.ToLower(v[:end]); name == "br" || breaks(name) {
			return true
		}
	}
}

// unescape decodes the references in s, and once more what a feed escaped twice: «&amp;quot;».
func unescape(s string) string {
	if !strings.ContainsRune(s, '&') {
		return s
	}
	s = html.UnescapeString(s)
	if strings.ContainsRune(s, '&') && stillEscaped(s) {
		s = html.UnescapeString(s)
	}
	return s
}

// stillEscaped says that a decoded text holds a whole reference.
func stillEscaped(s string) bool {
	for {
		n := strings.IndexByte(s, '&')
		if n < 0 {
			return false
		}
		s = s[n:]
		if _, k := charRef([]byte(s[:min(len(s), 12)])); k > 0 || named([]byte(s[:min(len(s), 34)])) {
			return true
		}
		s = s[1:]
	}
}

// unwrap gives HTML that a feed escaped once too often («&lt;p&gt;» where «<p>» is meant) as it was
// meant. A text that only speaks of a tag is left alone: an escaped tag counts where its end is escaped
// as well, or where it cannot have one.
func unwrap(t text) text {
	if t.plain || !strings.Contains(t.value, "&lt;") && !strings.Contains(t.value, "&#60;") {
		return t
	}
	v := t.value
	for range 2 {
		if !escapedMarkup(v) {
			break
		}
		v = html.UnescapeString(v)
	}
	t.value = v
	return t
}

func escapedMarkup(v string) bool {
	endless := make(map[string]bool) // tags that have no escaped end from here on
	for rest := v; ; {
		n := strings.Index(rest, "&lt;")
		if n < 0 {
			return false
		}
		rest = rest[n+len("&lt;"):]
		end := nameEnd([]byte(rest[:min(len(rest), 12)]), 0)
		name := strings.ToLower(rest[:end])
		switch {
		case name == "br" || name == "img" || name == "hr":
			return true
		case endless[name] || !breaks(name) && !inline(name):
		case strings.Contains(rest, "&lt;/"+rest[:end]):
			return true
		default:
			endless[name] = true
		}
	}
}

func inline(name string) bool {
	switch name {
	case "a", "b", "i", "u", "em", "strong", "span", "font", "bdi", "small", "sup", "sub", "mark", "iframe", "figcaption", "video", "picture":
		return true
	}
	return false
}
