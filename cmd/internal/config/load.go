package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

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
	c.Variables = r.variables
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
