package config

import (
	"errors"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Bounds on how many broken lines are mended before the rest of the file is left unread. Each costs one
// parse, and 8 MB of the densest YAML take two seconds.
const (
	maxMends  = 100
	maxMended = 8 << 20
)

// finding is a broken line understood: what to say, and the line as it was probably meant.
type finding struct {
	line, col       int // from 0; col in runes
	code, what, fix string
	mended          string
	shift           int // by how many columns mended stands further right
}

// syntax parses r.mended. What the parser refuses is reported and mended in memory, and the parser is
// asked again, so that one slip does not hide all that follow it. nil means that nothing can be read.
func (r *reader) syntax() *yaml.Node {
	read := 0
	for range maxMends {
		text := strings.Join(r.mended, "\n")
		if read += len(text); read > maxMended && read > len(text) {
			break
		}
		root, err := parseTree(text)
		if err == nil {
			return root
		}
		if !r.mend(err) {
			return nil
		}
	}
	return nil
}

// parseTree reads one document into nodes. A file of comments only is an empty mapping.
func parseTree(text string) (*yaml.Node, error) {
	var doc yaml.Node
	err := yaml.Load([]byte(text), &doc, yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return nil, err
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}, nil
	}
	return doc.Content[0], nil
}

// mend reports the parser's complaint and changes r.mended so that the next parse gets further. It says
// whether there is a point in going on.
func (r *reader) mend(err error) bool {
	var bad *yaml.LoadError
	if !errors.As(err, &bad) || bad.Mark.Line == 0 {
		return r.mendUnplaced(err)
	}
	if strings.Contains(bad.Message, "max depth") {
		r.add(Problem{Line: bad.Mark.Line, Col: bad.Mark.Column, Code: "depth",
			What: "brackets or lists are nested too deeply", Fix: "nothing in feeds.yaml is deeper than five levels"})
		return false
	}
	f := r.diagnose(bad)
	if f == nil {
		f = r.giveUpSection(bad)
	}
	r.add(Problem{Line: f.line + 1, Col: f.col + 1, Code: f.code, What: f.what, Fix: f.fix})
	if r.mended[f.line] == f.mended && f.code != "syntax" {
		r.blankFrom(f.line) // the mend changes nothing: do not go round in circles
	}
	width := indentOf(r.mended[f.line])
	r.mended[f.line] = f.mended
	r.shifts[f.line+1] += f.shift
	if f.code == "indent" && (opensBlock(f.mended) || strings.HasPrefix(strings.TrimLeft(f.mended, " "), "- ")) {
		r.shiftBelow(f.line, width, f.shift)
	}
	return true
}

// shiftBelow moves what stands below a line that was moved, so that it still does.
func (r *reader) shiftBelow(i, width, by int) {
	for i++; i < len(r.mended); i++ {
		line := r.mended[i]
		if !significant(line) {
			continue
		}
		indent := indentOf(line)
		if indent <= width || strings.HasPrefix(line[indent:], "\t") {
			return
		}
		r.mended[i] = strings.Repeat(" ", max(0, indent+by)) + line[indent:]
		r.shifts[i+1] += max(0, indent+by) - indent
	}
}

// indentOf is how many spaces a line begins with.
func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// mendUnplaced handles the complaints that name no line.
func (r *reader) mendUnplaced(err error) bool {
	if strings.Contains(err.Error(), "no documents") {
		r.add(Problem{Line: 1, Col: 1, Code: "empty", What: "the file holds nothing but comments", Fix: emptyFix})
		return false
	}
	if strings.Contains(err.Error(), "multiple") {
		if at := secondDocument(r.mended); at > 0 {
			r.add(Problem{Line: at + 1, Col: 1, Code: "documents",
				What: "a second document begins here", Fix: "one file is one document: delete the ---"})
			for i := at; i < len(r.mended); i++ {
				r.mended[i] = ""
			}
			return true
		}
	}
	r.add(Problem{Line: 1, Col: 1, Code: "syntax", What: yamlMessage(err), Fix: "see the example file of the documentation"})
	return false
}

// secondDocument is the line of the first --- (or ...) that stands after content; 0 if none.
func secondDocument(lines []string) int {
	content := false
	for i, line := range lines {
		marks := strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...")
		if marks && content {
			return i
		}
		content = content || (!marks && significant(line))
	}
	return 0
}

// diagnose looks for a known slip in the lines that can be to blame: where the parser stopped, where
// what it was reading began, and the line with content before.
func (r *reader) diagnose(bad *yaml.LoadError) *finding {
	at := min(bad.Mark.Line, len(r.mended)) - 1
	if f := r.leftOpen(at); f != nil {
		return f
	}
	suspects := []int{at}
	if strings.Contains(bad.ContextMsg, "quoted") || strings.Contains(bad.ContextMsg, "flow") {
		suspects = []int{bad.ContextMark.Line - 1, at}
	}
	if before := r.significantBefore(at); before >= 0 {
		suspects = append(suspects, before)
	}
	for _, i := range suspects {
		if i < 0 || i >= len(r.mended) || !significant(r.mended[i]) {
			continue
		}
		for _, detect := range detectors() {
			if f := detect(r, i); f != nil {
				f.line = i
				return f
			}
		}
	}
	return r.wrongIndent(at)
}

func (r *reader) significantBefore(i int) int {
	for i--; i >= 0; i-- {
		if significant(r.mended[i]) {
			return i
		}
	}
	return -1
}

// significant says that a line holds more than space and comment.
func significant(line string) bool {
	line = strings.TrimLeft(line, " \t")
	return line != "" && line[0] != '#'
}

// giveUpSection reports the parser's own words, and leaves the rest of the top-level section unread.
func (r *reader) giveUpSection(bad *yaml.LoadError) *finding {
	at := min(bad.Mark.Line, len(r.mended)) - 1
	if !significant(r.mended[at]) {
		at = max(0, r.significantBefore(at))
	}
	f := &finding{line: at, col: max(0, bad.Mark.Column-1), code: "syntax", what: yamlMessage(bad),
		fix: "look at the indentation, the quotes and the colons of this line and the one before"}
	f.col = min(f.col, utf8.RuneCountInString(r.mended[at]))
	r.blankFrom(at)
	return f
}

// blankFrom empties the lines from i to the next one that begins at the left edge.
func (r *reader) blankFrom(i int) {
	r.damaged = true
	for first := i; i < len(r.mended); i++ {
		if i > first && r.mended[i] != "" && !strings.ContainsAny(r.mended[i][:1], " \t#-]}") {
			return
		}
		r.mended[i] = ""
	}
}

// yamlMessage is the library's complaint without its prefixes.
func yamlMessage(err error) string {
	var bad *yaml.LoadError
	if errors.As(err, &bad) && bad.Message != "" {
		return strings.TrimPrefix(bad.Message, "yaml: ")
	}
	return err.Error()
}
