package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Bounds on what is read. A file of 10,000 sources with everything said about them is under 2 MB; the
// deepest documented value is five levels down.
const (
	maxBytes    = 2 << 20
	maxDepth    = 32
	maxNodes    = 500_000 // with aliases expanded
	maxProblems = 500     // nobody reads more; the rest is counted
)

// Load reads and checks the file at path. The Config is nil when one of the problems is an error.
func Load(path string) (*Config, Problems) {
	data, err := read(path)
	if err != nil {
		return nil, Problems{{File: path, Severity: SeverityError, Code: "read", What: err.Error(),
			Fix: "give the path of a readable file: rafid check feeds.yaml; rafid init writes a first one"}}
	}
	return Parse(path, data)
}

// read takes one byte more than the bound, so that Parse sees that there is more.
func read(path string) (data []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a directory", path)
	}
	return io.ReadAll(io.LimitReader(f, maxBytes+1))
}

// Parse checks data as if it had been read from a file called name.
func Parse(name string, data []byte) (*Config, Problems) {
	r := &reader{file: name, shifts: map[int]int{}}
	if !r.gate(data) {
		return nil, r.finish()
	}
	root := r.syntax()
	if root == nil || !r.expands(root) {
		return nil, r.finish()
	}
	c := empty()
	r.document(root, c)
	for _, check := range r.later {
		check()
	}
	if r.problems.Errors() || r.failed {
		return nil, r.finish()
	}
	r.lint(c)
	return c, r.finish()
}

// finish gives the problems in order of position. One place has one problem: what comes after the first
// is usually its echo (a line mended in memory is still an odd value).
func (r *reader) finish() Problems {
	all := slices.CompactFunc(r.problems.sorted(), func(a, b Problem) bool {
		return a.Line == b.Line && a.Col == b.Col
	})
	if r.more > 0 {
		last := all[len(all)-1]
		all = append(all, Problem{
			File: r.file, Line: last.Line, Col: last.Col, Severity: r.worst(), Code: "more",
			What: fmt.Sprintf("and %d more problems", r.more), Fix: "mend these first",
		})
	}
	return all
}

// worst is an error if there has been one: lints beyond the bound do not make a good file a bad one.
func (r *reader) worst() Severity {
	if r.problems.Errors() || r.failed {
		return SeverityError
	}
	return SeverityLint
}

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

// cleanLine reports the first byte of a line that the YAML parser would refuse without saying where, and
// gives the line without such bytes, each rune in its column.
func (r *reader) cleanLine(i int, line string) string {
	if plainASCII(line) {
		return line
	}
	var b strings.Builder
	col, told := 0, false
	for at, c := range line {
		col++
		code, what, fix := "", "", ""
		_, width := utf8.DecodeRuneInString(line[at:])
		switch {
		case c == utf8.RuneError && width == 1:
			code, what, fix = "encoding", fmt.Sprintf("byte 0x%02x is no UTF-8", line[at]), "save the file as UTF-8 (it may be windows-1256)"
			c = utf8.RuneError
		case c != '\t' && unicode.IsControl(c) && c != '\u0085':
			code, what, fix = "control", fmt.Sprintf("control character U+%04X", c), "delete it"
			c = ' '
		case c == '\u2028' || c == '\u2029' || c == '\u0085':
			// YAML 1.1 would end the line here, and every later line number would be wrong.
			code, what, fix = "invisible", fmt.Sprintf("invisible line separator U+%04X", c), "delete it, and type a space or a new line"
			c = ' '
		}
		if code != "" && !told {
			r.add(Problem{Line: i + 1, Col: col, Code: code, What: what, Fix: fix})
			told = true
		}
		b.WriteRune(c)
	}
	return b.String()
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if (s[i] < ' ' && s[i] != '\t') || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// expands counts the nodes as a consumer would meet them, aliases followed, and refuses what grows
// without end. It walks the tree once: an anchor's size is remembered.
func (r *reader) expands(root *yaml.Node) bool {
	sizes := map[*yaml.Node]int{}
	var size func(n *yaml.Node) int
	size = func(n *yaml.Node) int {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		}
		if s, known := sizes[n]; known {
			return s
		}
		sizes[n] = maxNodes + 1 // while it is open: an alias to it from inside never ends
		total := 1
		for _, child := range n.Content {
			total = min(total+size(child), maxNodes+1)
		}
		sizes[n] = total
		return total
	}
	if size(root) <= maxNodes {
		return true
	}
	at := firstAlias(root)
	r.report(at, "alias", "write the values out; defaults: and short forms make anchors unnecessary",
		"aliases that contain one another grow without end")
	return false
}

// firstAlias finds where to point: the first alias in the document, else the document.
func firstAlias(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n
	}
	for _, child := range n.Content {
		if at := firstAlias(child); at.Kind == yaml.AliasNode {
			return at
		}
	}
	return n
}
