package fetch

import (
	"bytes"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// mender writes a document anew so that a strict parser reads it: tags are matched, stray characters
// escaped, what XML does not allow is dropped. What the document says stays as it is.
type mender struct {
	out   []byte
	stack [][]byte
}

// mend makes doc, an element with anything inside, well formed. end is where to stop reading: a partial
// document is cut behind its last whole item.
func mend(doc []byte, end int) []byte {
	m := mender{out: make([]byte, 0, end+256)}
	doc = doc[:end]
	i := 0
	for {
		t, ok := next(doc, i)
		if !ok {
			m.text(doc[i:])
			break
		}
		m.text(doc[i:t.start])
		m.markup(doc, t)
		i = t.end
		if len(m.stack) == 0 && t.kind == closing {
			break // what follows the root is no part of the document
		}
	}
	m.closeTo(0)
	return m.out
}

func (m *mender) markup(doc []byte, t markup) {
	switch t.kind {
	case open:
		m.open(t)
	case closing:
		for i := len(m.stack) - 1; i >= 0; i-- {
			if equal(m.stack[i], string(t.name)) {
				m.closeTo(i)
				return
			}
		}
	case cdata:
		m.cdata(doc[t.start+len("<![CDATA[") : t.end-len("]]>")])
	case stray:
		m.out = append(m.out, "&lt;"...)
	case cut:
		if rest, ok := bytes.CutPrefix(doc[t.start:], []byte("<![CDATA[")); ok {
			m.cdata(rest)
		}
	case comment, procInst, directive:
	}
}

// open writes an opening tag, after closing what cannot hold it: an item holds no item, and a title none
// of its own siblings.
func (m *mender) open(t markup) {
	if isItem(t.name) {
		for i := len(m.stack) - 1; i > 0; i-- {
			if isItem(m.stack[i]) {
				m.closeTo(i)
			}
		}
	}
	if n := len(m.stack); n > 1 && equal(m.stack[n-1], "title") && sibling(t.name) {
		m.closeTo(n - 1)
	}
	m.out = append(append(m.out, '<'), oneColon(t.name)...)
	seen := make([][]byte, 0, 8)
	attributes(bytes.TrimSuffix(t.attrs, []byte("/")), func(name, value []byte) {
		if slices.ContainsFunc(seen, func(s []byte) bool { return bytes.Equal(s, name) }) {
			return
		}
		seen = append(seen, name)
		m.out = append(append(append(m.out, ' '), oneColon(name)...), '=', '"')
		value = bytes.ReplaceAll(bytes.ReplaceAll(value, []byte("<"), []byte("&lt;")), []byte(`"`), []byte("&quot;"))
		m.text(value)
		m.out = append(m.out, '"')
	})
	if t.empty {
		m.out = append(m.out, '/')
	} else {
		m.stack = append(m.stack, t.name)
	}
	m.out = append(m.out, '>')
}

// oneColon is a name with a prefix at most: further colons become hyphens.
func oneColon(name []byte) []byte {
	n := bytes.IndexByte(name, ':')
	if n < 0 || bytes.IndexByte(name[n+1:], ':') < 0 {
		return name
	}
	return append(bytes.Clone(name[:n+1]), bytes.ReplaceAll(name[n+1:], []byte(":"), []byte("-"))...)
}

// sibling names the elements that stand beside a title and never in one.
func sibling(name []byte) bool {
	switch string(bytes.ToLower(name)) {
	case "link", "description", "pubdate", "guid", "item", "entry", "summary", "content", "updated", "published", "author", "category", "content:encoded", "dc:creator", "dc:date", "id":
		return true
	}
	return false
}

// closeTo closes the open elements down to the nth, that one included.
func (m *mender) closeTo(n int) {
	for len(m.stack) > n {
		top := m.stack[len(m.stack)-1]
		m.out = append(append(append(m.out, "</"...), oneColon(top)...), '>')
		m.stack = m.stack[:len(m.stack)-1]
	}
}

func (m *mender) cdata(s []byte) {
	m.out = append(m.out, "<![CDATA["...)
	for _, r := range string(s) {
		if legal(r) {
			m.out = utf8.AppendRune(m.out, r)
		}
	}
	m.out = append(m.out, "]]>"...)
}

// text writes characters that XML allows, references to such, and every other & escaped.
func (m *mender) text(s []byte) {
	for len(s) > 0 {
		switch c := s[0]; {
		case c == '&':
			s = m.reference(s)
			continue
		case c == '>' && bytes.HasSuffix(m.out, []byte("]]")):
			m.out = append(m.out, "&gt;"...)
			s = s[1:]
			continue
		case c < utf8.RuneSelf:
			if legal(rune(c)) {
				m.out = append(m.out, c)
			}
			s = s[1:]
			continue
		}
		r, n := utf8.DecodeRune(s)
		if legal(r) {
			m.out = append(m.out, s[:n]...)
		}
		s = s[n:]
	}
}

// reference writes what stands at an & and gives what is left. Two references that are the halves of one
// character, as UTF-16 has them, become that character.
func (m *mender) reference(s []byte) []byte {
	r, n := charRef(s)
	switch {
	case n == 0:
		if named(s) {
			m.out = append(m.out, '&')
		} else {
			m.out = append(m.out, "&amp;"...)
		}
		return s[1:]
	case utf16.IsSurrogate(r):
		low, k := charRef(s[n:])
		if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
			m.out = utf8.AppendRune(m.out, full)
			return s[n+k:]
		}
	case legal(r):
		m.out = append(m.out, s[:n]...)
	}
	return s[n:]
}

// charRef reads a numeric reference at the front of s and its length; 0 when there is none.
func charRef(s []byte) (rune, int) {
	if len(s) < 4 || s[0] != '&' || s[1] != '#' {
		return 0, 0
	}
	end := bytes.IndexByte(s[:min(len(s), 12)], ';')
	if end < 3 {
		return 0, 0
	}
	digits, base := s[2:end], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	v, err := strconv.ParseUint(string(digits), base, 31)
	if err != nil {
		return 0, 0
	}
	return rune(v), end + 1
}

// named says that s begins with a named reference.
func named(s []byte) bool {
	for i, c := range s[1:min(len(s), 34)] {
		switch {
		case c == ';':
			return i > 0
		case !nameStart(c) && (c < '0' || c > '9') || c >= utf8.RuneSelf:
			return false
		}
	}
	return false
}

// legal says that XML 1.0 allows a character (section 2.2).
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}
