package fetch

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"rafid/arabic"
)

// prune takes out of sanitised HTML the blocks that strip did not keep. HTML from which nothing was
// taken comes back as it is, without being taken apart.
func prune(fragment string, b body) string {
	blocks, _ := blocksOf(text{value: fragment})
	kept := make(map[string]bool, len(b.keys))
	for _, k := range b.keys {
		kept[k] = true
	}
	all := true
	for _, bl := range blocks {
		all = all && kept[blockKey(bl.text)]
	}
	if all && len(blocks) == len(b.keys) {
		return strings.TrimSpace(fragment)
	}
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(fragment), root)
	if err != nil {
		return strings.TrimSpace(fragment)
	}
	p := pruner{kept: kept, seen: make(map[string]bool)}
	var out strings.Builder
	for _, n := range nodes {
		root.AppendChild(n)
	}
	p.walk(root)
	for n := root.FirstChild; n != nil; n = n.NextSibling {
		if html.Render(&out, n) != nil {
			return ""
		}
	}
	return strings.TrimSpace(out.String())
}

// pruner removes from a tree the blocks whose text is not kept, and those that come again.
type pruner struct {
	kept map[string]bool
	seen map[string]bool
}

// walk prunes the children of n: runs of inline nodes are blocks, elements that break lines are walked.
func (p *pruner) walk(n *html.Node) {
	var run []*html.Node
	flush := func() {
		p.judge(n, run)
		run = run[:0]
	}
	for c := n.FirstChild; c != nil; {
		after := c.NextSibling
		switch {
		case c.Type == html.ElementNode && c.Data == "figcaption":
			flush()
			n.RemoveChild(c) // told apart, as the caption of the picture
		case c.Type == html.ElementNode && (breaks(c.Data) || hasBreak(c)):
			flush()
			p.walk(c)
			if c.FirstChild == nil {
				n.RemoveChild(c)
			}
		case c.Type == html.ElementNode && (c.Data == "br" || c.Data == "hr"):
			flush()
		default:
			run = append(run, c)
		}
		c = after
	}
	flush()
}

func hasBreak(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (breaks(c.Data) || c.Data == "br" || hasBreak(c)) {
			return true
		}
	}
	return false
}

// judge removes a run of inline nodes when its text was not kept. Pictures stay.
func (p *pruner) judge(parent *html.Node, run []*html.Node) {
	var s strings.Builder
	for _, n := range run {
		collect(&s, n)
	}
	key := blockKey(arabic.Clean(s.String()))
	if key == "" && strings.TrimSpace(s.String()) == "" || p.kept[key] && !p.seen[key] {
		p.seen[key] = key != ""
		return
	}
	for _, n := range run {
		if !holdsPicture(n) {
			parent.RemoveChild(n)
		}
	}
}

func collect(s *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		s.WriteString(n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		collect(s, c)
	}
}

func holdsPicture(n *html.Node) bool {
	if n.Type == html.ElementNode && n.Data == "img" {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if holdsPicture(c) {
			return true
		}
	}
	return false
}
