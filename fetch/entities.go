package fetch

import (
	"bytes"
	"html"
)

// Bounds of the entities that a document may declare for itself. They are put in once, without looking
// at what they bring: nothing grows by nesting.
const (
	maxEntities   = 64
	maxEntity     = 1 << 10
	maxExpansions = 1 << 12
)

// expand puts in the entities that a document type declares, where their values are plain text. gofeed
// leaves them as they stand.
func expand(prologue, doc []byte) []byte {
	declared := declarations(prologue)
	if len(declared) == 0 || !bytes.ContainsRune(doc, '&') {
		return doc
	}
	out := make([]byte, 0, len(doc)+1024)
	left := maxExpansions
	for {
		n := bytes.IndexByte(doc, '&')
		if n < 0 || left == 0 {
			return append(out, doc...)
		}
		out = append(out, doc[:n]...)
		doc = doc[n:]
		end := nameEnd(doc, 1)
		value, ok := declared[string(doc[1:end])]
		if !ok || end >= len(doc) || doc[end] != ';' {
			out = append(out, '&')
			doc = doc[1:]
			continue
		}
		out = append(out, html.EscapeString(value)...)
		doc = doc[end+1:]
		left--
	}
}

// declarations reads <!ENTITY name "value"> in what stands before the root. Parameter entities, external
// ones, and values that hold markup or references are passed over.
func declarations(prologue []byte) map[string]string {
	if !bytes.Contains(prologue, []byte("<!ENTITY")) {
		return nil
	}
	declared := make(map[string]string)
	for rest := prologue; len(declared) < maxEntities; {
		n := bytes.Index(rest, []byte("<!ENTITY"))
		if n < 0 {
			break
		}
		rest = rest[n+len("<!ENTITY"):]
		i := spaces(rest, 0)
		end := nameEnd(rest, i)
		name := string(rest[i:end])
		i = spaces(rest, end)
		if name == "" || i >= len(rest) || rest[i] != '"' && rest[i] != '\'' {
			continue
		}
		value, _ := attrValue(rest, i)
		if len(value) <= maxEntity && !bytes.ContainsAny(value, "<&%") {
			declared[name] = string(value)
		}
	}
	return declared
}
