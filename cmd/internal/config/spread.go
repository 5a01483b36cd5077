package config

import (
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// hubSelf asks for a hub of our own.
const hubSelf = "self"

// publishKeys are all keys of outputs.
func (r *reader) publishKeys(c *Config) []key { return slices.Concat(r.outputKeys(c), r.spreadKeys(c)) }

// spreadKeys say where feeds go beside to those who ask for them.
func (r *reader) spreadKeys(c *Config) []key {
	o := &c.Outputs
	return []key{
		{"hub", "WebSub, so that readers need not poll: self for a hub of our own, or a hub's address.",
			anyOf(choiceForm([]string{hubSelf}), urlForm()), func(n *yaml.Node) { r.hub(n, c) }, false},
		{"dir", "A folder that a running server keeps static files in.", textForm(), func(n *yaml.Node) {
			if v, ok := r.exact(n, "dir"); ok && r.folder(n, v) {
				o.Dir = v
			}
		}, false},
	}
}

// hub reads self or the address of a hub.
func (r *reader) hub(n *yaml.Node, c *Config) {
	v, ok := r.exact(n, "hub")
	if !ok {
		return
	}
	if !strings.Contains(v, ":") && !strings.Contains(v, ".") {
		if v, ok = r.choice(n, "hub", []string{hubSelf}); !ok {
			return
		}
		r.later = append(r.later, func() {
			if c.Site.URL == "" {
				r.warn(n, "hub-site", "write url: under site:", "subscribers find the hub at site.url, and the file gives none")
			}
		})
	} else if v, ok = r.address(n, "hub"); !ok {
		return
	}
	c.Outputs.Hub = v
}

// folder refuses folders that hold other things for certain: nothing but our own files is ever removed, but
// pages would stand among them.
func (r *reader) folder(n *yaml.Node, dir string) bool {
	if clean := filepath.Clean(dir); clean == "." || clean == string(filepath.Separator) || clean == ".." {
		r.report(n, "dir", "write a folder of its own, as in public", "static files would stand in %s", clean)
		return false
	}
	return true
}
