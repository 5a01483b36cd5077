package output

import (
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"rafid/arabic"
)

// newPolicy allows what an article is made of. Stories are cleaned when they are fetched; feeds go to third
// parties, so what is older than the last rule of that cleaning is cleaned again here.
func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "blockquote", "ul", "ol", "li", "b", "strong", "em", "i",
		"figure", "figcaption", "table", "thead", "tbody", "tr", "th", "td", "pre", "code", "sup", "sub", "div", "span")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("dir").Matching(bluemonday.Direction).Globally()
	p.AllowElements("bdi", "bdo")
	p.AllowURLSchemes("http", "https")
	p.RequireParseableURLs(true)
	return p
}

// clean gives sanitised, balanced HTML whose first strong character is right to left and in whose text no
// bare address stands.
func (h *house) clean(content string) string {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(h.policy.Sanitize(legal(content))), body)
	if err != nil {
		return ""
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	led := false
	for n := range body.Descendants() {
		if n.Type != html.TextNode {
			continue
		}
		n.Data = named(n, withoutURLs(n.Data))
		if !led && arabic.FirstStrong(n.Data) != arabic.Neutral {
			led = true
			if arabic.HasRightToLeft(text(body)) && arabic.FirstStrong(n.Data) == arabic.LeftToRight {
				n.Data = string(arabic.RightToLeftMark) + n.Data
			}
		}
	}
	var b strings.Builder
	for n := range body.ChildNodes() {
		if err := html.Render(&b, n); err != nil {
			return ""
		}
	}
	return strings.TrimSpace(b.String())
}

// named gives the text, or the host that the link around it leads to when nothing else is left of it.
func named(n *html.Node, left string) string {
	if strings.TrimSpace(left) != "" || strings.TrimSpace(n.Data) == "" || n.Parent == nil || n.Parent.DataAtom != atom.A {
		return left
	}
	for _, a := range n.Parent.Attr {
		if a.Key == "href" {
			return hostOf(a.Val)
		}
	}
	return left
}

// text gives the text of a node's descendants.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
