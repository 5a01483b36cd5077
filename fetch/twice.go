package fetch

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// undouble undoes UTF-8 that was taken for a charset of single bytes and encoded once more: Arabic then
// shows as runs of Ø and Ù, or of ط and ظ.
func undouble(doc []byte) (out []byte, from string, ok bool) {
	switch {
	case bytes.Contains(doc, []byte("Ø")) || bytes.Contains(doc, []byte("Ù")) || bytes.Contains(doc, []byte("â€")) || bytes.Contains(doc, []byte("â\u0080")):
		out, ok = redouble(doc, charmap.Windows1252)
		return out, "windows-1252", ok
	case doubledArabic(doc):
		out, ok = redouble(doc, charmap.Windows1256)
		return out, "windows-1256", ok
	}
	return nil, "", false
}

// doubledArabic says that ط and ظ, which begin every letter that was encoded twice by way of windows-1256,
// are followed by what no Arabic word has there.
func doubledArabic(doc []byte) bool {
	const enough = 3
	for odd := 0; ; {
		n := bytes.IndexAny(doc, "طظ")
		if n < 0 {
			return odd > 0
		}
		doc = doc[n+len("ط"):]
		r, size := utf8.DecodeRune(doc)
		if b, ok := charmap.Windows1256.EncodeRune(r); !ok || b < 0x80 || b >= 0xC0 {
			return false
		}
		doc = doc[size:]
		if odd++; odd == enough {
			return true
		}
	}
}

// uncontrol gives C1 control characters the meaning that windows-1252 gives their bytes: no text holds
// such characters, and HTML reads references to them in the same way.
func uncontrol(doc []byte) ([]byte, bool) {
	found := false
	for i := 0; i+1 < len(doc) && !found; i++ {
		n := bytes.IndexByte(doc[i:], 0xC2)
		if n < 0 {
			return doc, false
		}
		i += n
		found = i+1 < len(doc) && doc[i+1] >= 0x80 && doc[i+1] <= 0x9F && doc[i+1] != 0x85
	}
	if !found {
		return doc, false
	}
	out := make([]byte, 0, len(doc)+64)
	for _, r := range string(doc) {
		if r >= 0x80 && r <= 0x9F && r != 0x85 {
			r = charmap.Windows1252.DecodeByte(byte(r))
		}
		out = utf8.AppendRune(out, r)
	}
	return out, true
}

// remade undoes double encoding inside one text: it can hide in references (&#216;&#167;), where the
// document shows nothing of it.
func remade(s string) string {
	if !strings.Contains(s, "â€") && !strings.Contains(s, "Ø§") && !strings.Contains(s, "Ù„") {
		return s
	}
	if out, _, ok := undouble([]byte(s)); ok {
		return string(out)
	}
	return s
}

// mixedWords reads a document that is UTF-8 in places and an Arabic charset of single bytes in others,
// as sites have it whose pages are older than their system: each word by itself. It answers false unless
// a good part is Arabic in UTF-8.
func mixedWords(doc []byte) (decoded, bool) {
	var other []byte
	good := 0
	words(doc, func(at, end int) {
		w := doc[at:end]
		if !utf8.Valid(w) {
			other = append(append(other, w...), ' ')
			return
		}
		if r, _ := utf8.DecodeRune(w); unicode.Is(unicode.Arabic, r) {
			good += len(w)
		}
	})
	label := arabicCharset(other)
	if label == "" || good < 20 || 20*good < len(other) {
		return decoded{}, false
	}
	out := make([]byte, 0, len(doc)+len(doc)/4)
	from := 0
	words(doc, func(at, end int) {
		if utf8.Valid(doc[at:end]) {
			return
		}
		out = append(out, doc[from:at]...)
		if d, err := as(doc[at:end], label); err == nil {
			out = append(out, d.doc...)
		}
		from = end
	})
	out = append(out, doc[from:]...)
	return decoded{doc: out, encoding: "utf-8", repairs: []string{"charset: utf-8 mixed with " + label}}, true
}

// words calls do with the place of each run of bytes above ASCII.
func words(doc []byte, do func(at, end int)) {
	for i := 0; i < len(doc); {
		if doc[i] < utf8.RuneSelf {
			i++
			continue
		}
		from := i
		for i < len(doc) && doc[i] >= utf8.RuneSelf {
			i++
		}
		do(from, i)
	}
}

// redouble maps the runes of doc back to bytes where these make UTF-8, and says whether that gave a text
// whose letters are Arabic, with hardly anything left over.
func redouble(doc []byte, cm *charmap.Charmap) ([]byte, bool) {
	out := make([]byte, 0, len(doc))
	arab, quotes, left := 0, 0, 0
	for i := 0; i < len(doc); {
		if doc[i] < utf8.RuneSelf {
			out = append(out, doc[i])
			i++
			continue
		}
		r, n := doubled(doc[i:], cm)
		if n == 0 {
			r, n = utf8.DecodeRune(doc[i:])
			if unicode.IsLetter(r) {
				left++
			}
		} else if unicode.Is(unicode.Arabic, r) {
			arab++
		} else if r >= 0x2010 && r <= 0x2026 {
			quotes++
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out, arab+quotes > 0 && 10*left <= arab+quotes
}

// doubled reads one rune that was encoded twice and says how many bytes of doc it takes; 0 when there is
// none.
func doubled(doc []byte, cm *charmap.Charmap) (rune, int) {
	var raw [utf8.UTFMax]byte
	used, n := 0, 0
	for n < len(raw) && used < len(doc) {
		r, size := utf8.DecodeRune(doc[used:])
		b, ok := cm.EncodeRune(r)
		if !ok && r >= 0x80 && r <= 0x9F { // bytes that windows-1252 leaves undefined
			b, ok = byte(r), true
		}
		if !ok || r < utf8.RuneSelf {
			break
		}
		raw[n] = b
		n++
		used += size
		if utf8.FullRune(raw[:n]) {
			if r, size := utf8.DecodeRune(raw[:n]); r != utf8.RuneError && size == n {
				return r, used
			}
			break
		}
	}
	return 0, 0
}

// The most bytes of one text and of one title, markup included. The longest article of the 31,525 of the ANT
// corpus has 38 kB, the longest title 227 bytes.
const (
	maxText  = 1 << 20
	maxTitle = 16 << 10
)

// bare takes the marks of CDATA sections out of the texts of a reading: programs that wrap what is wrapped
// already, or escape the wrapping, leave them for readers to see. It says whether a text was so long that
// it had to be cut.
func (r *reading) bare() (cut bool) {
	bare := func(t *text, limit int) {
		if len(t.value) > limit {
			t.value, cut = strings.ToValidUTF8(t.value[:limit], ""), true
		}
		if !t.plain && strings.Contains(t.value, "<![CDATA[") {
			t.value = strings.ReplaceAll(strings.ReplaceAll(t.value, "<![CDATA[", ""), "]]>", "")
		}
	}
	bare(&r.title, maxTitle)
	bare(&r.description, maxText)
	bare(&r.rights, maxText)
	for i := range r.items {
		it := &r.items[i]
		bare(&it.title, maxTitle)
		bare(&it.summary, maxText)
		bare(&it.content, maxText)
	}
	return cut
}
