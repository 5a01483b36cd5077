package fetch

import "bytes"

// kind says what a piece of markup is.
type kind uint8

const (
	open      kind = iota // <name …>
	closing               // </name>
	comment               // <!-- … -->
	cdata                 // <![CDATA[ … ]]>
	procInst              // <? … ?>
	directive             // <!DOCTYPE …>
	stray                 // a "<" that opens no markup
	cut                   // markup that the document ends in
)

// markup is one piece of markup in a document, read leniently: it need not be well formed.
type markup struct {
	kind       kind
	start, end int    // where it stands; end is behind it
	name       []byte // of a tag, with its prefix
	attrs      []byte // of an opening tag, as written
	empty      bool   // <name/>
	count      int    // of "=" outside quotes: how many attributes there are, about
}

// next gives the first markup at or after i; false when there is none.
func next(doc []byte, i int) (markup, bool) {
	n := bytes.IndexByte(doc[i:], '<')
	if n < 0 {
		return markup{}, false
	}
	i += n
	m := markup{start: i, end: len(doc), kind: cut}
	if i+1 == len(doc) {
		return m, true
	}
	switch c := doc[i+1]; {
	case c == '!':
		return bang(doc, m), true
	case c == '?':
		m.until(doc, i+2, "?>", procInst)
	case c == '/':
		m.closingTag(doc)
	case nameStart(c):
		m.openingTag(doc)
	default:
		m.kind, m.end = stray, i+1
	}
	return m, true
}

// until ends m behind the first mark at or after i; without one it stays cut.
func (m *markup) until(doc []byte, i int, mark string, k kind) {
	if n := bytes.Index(doc[i:], []byte(mark)); n >= 0 {
		m.kind, m.end = k, i+n+len(mark)
	}
}

// bang reads what begins with "<!".
func bang(doc []byte, m markup) markup {
	rest := doc[m.start:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		m.until(doc, m.start+4, "-->", comment)
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		m.until(doc, m.start+9, "]]>", cdata)
	case len(rest) > 2 && (nameStart(rest[2]) || rest[2] == '['):
		m.directive(doc)
	case len(rest) > 2:
		m.kind, m.end = stray, m.start+1
	}
	return m
}

// directive reads a document type with its internal subset, whose brackets and quotes nest.
func (m *markup) directive(doc []byte) {
	depth, quote := 0, byte(0)
	for i := m.start + 2; i < len(doc); i++ {
		switch c := doc[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[' || c == '<':
			depth++
		case c == ']':
			depth--
		case c == '>' && depth <= 0:
			m.kind, m.end = directive, i+1
			return
		case c == '>':
			depth--
		}
	}
}

func (m *markup) closingTag(doc []byte) {
	i := nameEnd(doc, m.start+2)
	m.name = doc[m.start+2 : i]
	if len(m.name) == 0 {
		m.kind, m.end = stray, m.start+1
		return
	}
	for ; i < len(doc); i++ {
		switch doc[i] {
		case '>':
			m.kind, m.end = closing, i+1
			return
		case '<': // </p<p>
			m.kind, m.end = closing, i
			return
		}
	}
}

func (m *markup) openingTag(doc []byte) {
	i := nameEnd(doc, m.start+1)
	m.name = doc[m.start+1 : i]
	from, after, quote := i, byte(0), byte(0) // after: the last byte that is no space
	for ; i < len(doc); i++ {
		c := doc[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && after == '=':
			quote = c
		case c == '=':
			m.count++
		case c == '<':
			m.kind, m.end, m.name = stray, m.start+1, nil
			return
		case c == '>':
			m.kind, m.end, m.empty = open, i+1, after == '/'
			m.attrs = doc[from:i]
			return
		}
		if c > ' ' {
			after = c
		}
	}
}

func nameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || c >= 0x80
}

func nameEnd(doc []byte, i int) int {
	for i < len(doc) && (nameStart(doc[i]) || doc[i] >= '0' && doc[i] <= '9' || doc[i] == '-' || doc[i] == '.') {
		i++
	}
	return i
}

// local is a name without its prefix.
func local(name []byte) []byte {
	if n := bytes.LastIndexByte(name, ':'); n >= 0 {
		return name[n+1:]
	}
	return name
}

// attributes calls do with each attribute of a tag, the value without its quotes and as it is written.
func attributes(attrs []byte, do func(name, value []byte)) {
	for i := 0; i < len(attrs); {
		for i < len(attrs) && !nameStart(attrs[i]) {
			i++
		}
		from := i
		i = nameEnd(attrs, i)
		name := attrs[from:i]
		i = spaces(attrs, i)
		if i >= len(attrs) || attrs[i] != '=' {
			if len(name) > 0 {
				do(name, nil)
			}
			continue
		}
		i = spaces(attrs, i+1)
		var value []byte
		value, i = attrValue(attrs, i)
		do(name, value)
	}
}

// attrValue reads the value at attrs[i] and says where it ends.
func attrValue(attrs []byte, i int) ([]byte, int) {
	if i >= len(attrs) {
		return nil, i
	}
	if q := attrs[i]; q == '"' || q == '\'' {
		n := bytes.IndexByte(attrs[i+1:], q)
		if n < 0 {
			return attrs[i+1:], len(attrs)
		}
		return attrs[i+1 : i+1+n], i + 2 + n
	}
	from := i
	for i < len(attrs) && attrs[i] > ' ' {
		i++
	}
	return attrs[from:i], i
}

func spaces(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' {
		i++
	}
	return i
}
