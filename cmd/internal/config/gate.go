package config

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// gate looks at the bytes before any parser does, and fills r.lines. It says whether to go on.
func (r *reader) gate(data []byte) bool {
	refuse := func(code, what, fix string) bool {
		r.add(Problem{Line: 1, Col: 1, Code: code, What: what, Fix: fix})
		return false
	}
	if len(data) > maxBytes {
		return refuse("size", fmt.Sprintf("the file is larger than %d MB", maxBytes>>20), "is it the right file? ten thousand sources need less")
	}
	for _, mark := range []string{"\xff\xfe", "\xfe\xff", "\x00\x00\xfe\xff"} {
		if bytes.HasPrefix(data, []byte(mark)) {
			return refuse("encoding", "the file is UTF-16 or UTF-32, not UTF-8", "save it as UTF-8 (in Notepad: Save as, Encoding: UTF-8)")
		}
	}
	if n := bytes.Count(data, []byte{0}); n > 0 && n*4 >= len(data) {
		return refuse("encoding", "the file is UTF-16 without a mark, not UTF-8", "save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		return refuse("empty", "the file is empty", emptyFix)
	}
	r.lines = splitLines(string(data))
	r.cover()
	r.mended = make([]string, len(r.lines))
	for i, line := range r.lines {
		r.mended[i] = r.cleanLine(i, line)
	}
	return true
}

const emptyFix = "two lines are a complete file: \"sources:\" and, indented, \"bbc: https://feeds.bbci.co.uk/arabic/rss.xml\""

// splitLines cuts at every line end that YAML and editors agree on.
func splitLines(s string) []string {
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\n")
}

// cleanLine reports the first thing in a line that the YAML parser would refuse without saying where, or
// read as something else, and gives the line without such things, each rune in its column.
func (r *reader) cleanLine(i int, line string) string {
	if plainASCII(line) {
		return line
	}
	var b strings.Builder
	col, told := 0, false
	for at, c := range line {
		col++
		slip := slipAt(line, at, c)
		if slip.code != "" && !told {
			r.add(Problem{Line: i + 1, Col: col, Code: slip.code, What: slip.what, Fix: slip.fix})
			told = true
		}
		b.WriteRune(slip.instead)
	}
	return b.String()
}

// byteSlip is a rune that should not be where it is.
type byteSlip struct {
	code, what, fix string
	instead         rune // what is parsed
}

func slipAt(line string, at int, c rune) byteSlip {
	_, width := utf8.DecodeRuneInString(line[at:])
	switch {
	case c == utf8.RuneError && width == 1:
		return byteSlip{"encoding", fmt.Sprintf("byte 0x%02x is no UTF-8", line[at]), "save the file as UTF-8 (it may be windows-1256)", c}
	case c == '\u2028' || c == '\u2029' || c == '\u0085':
		// YAML 1.1 would end the line here, and every later line number would be wrong.
		return byteSlip{"invisible", fmt.Sprintf("invisible line separator U+%04X", c), "delete it, and type a space or a new line", ' '}
	case c != '\t' && unicode.IsControl(c):
		return byteSlip{"control", fmt.Sprintf("control character U+%04X", c), "delete it", ' '}
	case c == '\u00a0' && strings.Trim(line[:at], " -\u00a0") == "":
		return byteSlip{"invisible", "a no-break space in the indentation", "delete it and type spaces", ' '}
	case (c == '\u00a0' || isInvisible(c)) && strings.Index(line, ":") == at-1 && at > 0:
		return byteSlip{"invisible", fmt.Sprintf("invisible character U+%04X behind the colon", c), "delete it and type a space", ' '}
	}
	return byteSlip{instead: c}
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if (s[i] < ' ' && s[i] != '\t') || s[i] >= 0x7f {
			return false
		}
	}
	return true
}
