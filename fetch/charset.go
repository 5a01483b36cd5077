package fetch

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"mime"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// decoded is a document in UTF-8 without byte order mark.
type decoded struct {
	doc      []byte
	encoding string   // what the bytes were read as, lower case
	repairs  []string // what had to be done about it
}

// decode finds the charset of a document and turns it into UTF-8. In order: what the operator says; a
// byte order mark or the pattern of zeros that UTF-16 and UTF-32 leave; UTF-8 when the bytes are valid
// UTF-8 that says something; the label of the HTTP header, then of the XML declaration (RFC 7303,
// section 3), unless the letters contradict it; the letters alone.
func decode(doc []byte, contentType, override string) (decoded, error) {
	if override != "" {
		d, err := as(doc, override)
		if err != nil {
			return decoded{}, fmt.Errorf("charset %q: %w", override, err)
		}
		return d, nil
	}
	if d, ok := wide(doc); ok {
		return d, nil
	}
	header, declared := headerCharset(contentType), declaredCharset(doc)
	if utf8.Valid(doc) {
		return valid(doc, header, declared), nil
	}
	if d, ok := mixedWords(doc); ok {
		return d, nil
	}
	for _, label := range []string{header, declared} {
		if d, ok := labelled(doc, label); ok {
			return d, nil
		}
	}
	return guess(doc), nil
}

// valid is a document of valid UTF-8. Bytes above ASCII that happen to be valid UTF-8 are UTF-8, unless
// a label names a charset of two bytes a letter that reads them too and they are few: then it is a toss,
// and the label decides. ASCII is whatever its label says.
func valid(doc []byte, header, declared string) decoded {
	label := header
	if !known(label) {
		label = declared
	}
	high := count(doc)
	if mayBe := high == 0 && !strings.HasPrefix(name(label), "utf-") || high <= 6 && eastAsian(label); mayBe && known(label) {
		if d, err := as(doc, label); err == nil && !bytes.ContainsRune(d.doc, utf8.RuneError) {
			return d
		}
	}
	d := decoded{doc: doc, encoding: "utf-8"}
	if known(label) && high > 0 && name(label) != "utf-8" {
		d.repairs = append(d.repairs, "charset: labelled "+strings.ToLower(label)+", is utf-8")
	}
	if undone, from, ok := undouble(doc); ok {
		d.doc, d.encoding = undone, "utf-8"
		d.repairs = append(d.repairs, "charset: UTF-8 encoded twice, by way of "+from)
	} else if undone, ok := uncontrol(doc); ok {
		d.doc = undone
		d.repairs = append(d.repairs, "charset: control characters that are windows-1252")
	}
	return d
}

// labelled reads doc, which is not valid UTF-8, by its label; false when the letters say otherwise.
func labelled(doc []byte, label string) (decoded, bool) {
	if !known(label) {
		return decoded{}, false
	}
	n := name(label)
	if n == "utf-8" {
		return patched(doc, 2) // Arabic in another charset makes hardly a letter of UTF-8
	}
	if strings.HasPrefix(n, "utf-16") { // a wide document would have shown its zeros
		return decoded{}, false
	}
	if fixed, ok := patched(doc, unlabelled); ok && count(doc) > 40 {
		fixed.repairs = append(fixed.repairs, "charset: labelled "+strings.ToLower(label)+", is utf-8")
		return fixed, true
	}
	if better, ok := contradicts(doc, n); ok {
		d, err := as(doc, better)
		d.repairs = append(d.repairs, "charset: labelled "+strings.ToLower(label)+", is "+better)
		return d, err == nil
	}
	d, err := as(doc, label)
	if err != nil || eastAsian(label) && broken(d.doc, doc) {
		return decoded{}, false
	}
	return d, true
}

// broken says that a charset of several bytes a letter does not fit: more than one letter in fifty could
// not be read.
func broken(out, in []byte) bool {
	return 50*bytes.Count(out, []byte(string(utf8.RuneError))) > count(in)
}

// guess reads by letters alone: UTF-8 with bad bytes in it, one of the Arabic charsets, or Western.
func guess(doc []byte) decoded {
	if d, ok := patched(doc, unlabelled); ok {
		return d
	}
	best := likely(doc)
	d, err := as(doc, best)
	if err != nil {
		d = decoded{doc: bytes.ToValidUTF8(doc, []byte(string(utf8.RuneError))), encoding: "utf-8"}
	}
	d.repairs = append(d.repairs, "charset: no usable label, read as "+d.encoding)
	return d
}

// unlabelled is how many bytes of valid letters stand against a bad one in what is taken for UTF-8 although
// no label says so: nine in ten.
const unlabelled = 9

// patched reads doc as UTF-8 when enough of its bytes above ASCII belong to valid letters: the rest are
// bytes that were cut or pasted in.
func patched(doc []byte, enough int) (decoded, bool) {
	good, bad := 0, 0
	for i := 0; i < len(doc); {
		if doc[i] < utf8.RuneSelf {
			i++
			continue
		}
		if _, n := utf8.DecodeRune(doc[i:]); n > 1 {
			good += n
			i += n
		} else {
			bad++
			i++
		}
	}
	if good < enough*bad {
		return decoded{}, false
	}
	return decoded{
		doc: western(doc), encoding: "utf-8",
		repairs: []string{fmt.Sprintf("charset: %d bytes were no UTF-8", bad)},
	}, true
}

// western replaces bytes that are no UTF-8 by what they say in windows-1252 where that is punctuation, as
// texts pasted from word processors have it, and by U+FFFD otherwise.
func western(doc []byte) []byte {
	out := make([]byte, 0, len(doc)+16)
	for i := 0; i < len(doc); {
		r, n := utf8.DecodeRune(doc[i:])
		if r != utf8.RuneError || n > 1 {
			out = append(out, doc[i:i+n]...)
			i += n
			continue
		}
		if p := charmap.Windows1252.DecodeByte(doc[i]); doc[i] >= 0x82 && doc[i] <= 0x97 && p > 0x2000 {
			r = p
		}
		out = utf8.AppendRune(out, r)
		i++
	}
	return out
}

// as reads doc in the named charset.
func as(doc []byte, label string) (decoded, error) {
	enc, n := charset.Lookup(label)
	if wideName := strings.ToLower(strings.ReplaceAll(label, "_", "-")); strings.HasPrefix(wideName, "utf-32") || wideName == "utf32" {
		return decoded{doc: utf32(doc, binary.BigEndian), encoding: "utf-32be"}, nil
	}
	if enc == nil {
		return decoded{}, fmt.Errorf("unknown charset %q", label)
	}
	if enc == encoding.Replacement {
		return decoded{}, fmt.Errorf("charset %q is not read, for safety", label)
	}
	doc = bytes.TrimPrefix(doc, []byte("\xef\xbb\xbf"))
	if n == "utf-8" {
		return decoded{doc: bytes.ToValidUTF8(doc, []byte(string(utf8.RuneError))), encoding: n}, nil
	}
	out, err := enc.NewDecoder().Bytes(doc)
	if err != nil {
		return decoded{}, err
	}
	return decoded{doc: out, encoding: n}, nil
}

func known(label string) bool {
	enc, _ := charset.Lookup(label)
	return enc != nil && enc != encoding.Replacement
}

func name(label string) string {
	_, n := charset.Lookup(label)
	return n
}

func eastAsian(label string) bool {
	switch name(label) {
	case "gbk", "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr", "iso-2022-jp":
		return true
	}
	return false
}

// count counts bytes above ASCII.
func count(doc []byte) int {
	n := 0
	for _, c := range doc {
		if c >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// headerCharset gives the charset parameter of a Content-Type, however it is quoted.
func headerCharset(contentType string) string {
	if !strings.Contains(strings.ToLower(contentType), "charset") {
		return ""
	}
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		return strings.Trim(params["charset"], `'" `)
	}
	_, after, _ := strings.Cut(strings.ToLower(contentType), "charset")
	after, ok := strings.CutPrefix(strings.TrimSpace(after), "=")
	if !ok {
		return ""
	}
	after, _, _ = strings.Cut(after, ";")
	return strings.Trim(after, `'" `)
}

// declaredCharset gives the encoding that the XML declaration names.
func declaredCharset(doc []byte) string {
	head := doc[:min(len(doc), 1024)]
	from := bytes.Index(head, []byte("<?xml"))
	if from < 0 {
		return ""
	}
	head = head[from:]
	if n := bytes.Index(head, []byte("?>")); n >= 0 {
		head = head[:n]
	}
	label := ""
	attributes(head[len("<?xml"):], func(name, value []byte) {
		if equal(name, "encoding") {
			label = strings.TrimSpace(string(value))
		}
	})
	return label
}

// wide reads UTF-16 and UTF-32, by their mark or by the zeros beside the first "<", and strips the mark
// of UTF-8, which is proof as well.
func wide(doc []byte) (decoded, bool) {
	has := func(prefix string) bool { return bytes.HasPrefix(doc, []byte(prefix)) }
	switch {
	case has("\xef\xbb\xbf"):
		if d, ok := patched(doc[3:], 2); ok || utf8.Valid(doc[3:]) {
			if !ok || utf8.Valid(doc[3:]) {
				d = decoded{doc: doc[3:], encoding: "utf-8"}
			}
			return d, true
		}
	case has("\xff\xfe\x00\x00"):
		return decoded{doc: utf32(doc[4:], binary.LittleEndian), encoding: "utf-32le"}, true
	case has("\x00\x00\xfe\xff"):
		return decoded{doc: utf32(doc[4:], binary.BigEndian), encoding: "utf-32be"}, true
	case has("\x00\x00\x00<"):
		return decoded{doc: utf32(doc, binary.BigEndian), encoding: "utf-32be"}, true
	case has("<\x00\x00\x00"):
		return decoded{doc: utf32(doc, binary.LittleEndian), encoding: "utf-32le"}, true
	case has("\xfe\xff"):
		return decoded{doc: utf16to8(doc[2:], binary.BigEndian), encoding: "utf-16be"}, true
	case has("\xff\xfe"):
		return decoded{doc: utf16to8(doc[2:], binary.LittleEndian), encoding: "utf-16le"}, true
	case zeros(doc, 0):
		return decoded{doc: utf16to8(doc, binary.BigEndian), encoding: "utf-16be"}, true
	case zeros(doc, 1):
		return decoded{doc: utf16to8(doc, binary.LittleEndian), encoding: "utf-16le"}, true
	}
	return decoded{}, false
}

// zeros says that doc begins in 16-bit ASCII whose zero bytes stand at the given parity.
func zeros(doc []byte, parity int) bool {
	const look = 4 // "<?", "<r", `{"`
	if len(doc) < look {
		return false
	}
	for i := range look {
		if (doc[i] == 0) != (i%2 == parity) {
			return false
		}
	}
	return true
}

func utf16to8(doc []byte, order binary.ByteOrder) []byte {
	out := make([]byte, 0, len(doc))
	for ; len(doc) > 1; doc = doc[2:] {
		r := rune(order.Uint16(doc))
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if len(doc) > 3 {
				low = rune(order.Uint16(doc[2:]))
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				doc = doc[2:]
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

func utf32(doc []byte, order binary.ByteOrder) []byte {
	out := make([]byte, 0, len(doc)/2)
	for ; len(doc) > 3; doc = doc[4:] {
		out = utf8.AppendRune(out, rune(order.Uint32(doc)))
	}
	return out
}
