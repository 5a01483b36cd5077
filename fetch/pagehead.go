package fetch

import (
	"bytes"
	"cmp"
	"strings"

	"golang.org/x/net/html"
)

// pageHead is what a page says about itself in its head.
type pageHead struct {
	title, site, author, section, published, image, imageAlt, canonical, lang string
	headline                                                                  string // as linked data have it
}

// headOf collects the metadata of a page: Open Graph, article:*, rel=canonical, and what only the linked
// data tell.
func headOf(tree *html.Node) pageHead {
	h := pageHead{}
	var scripts []string
	for n := range tree.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "html":
			h.lang = attr(n, "lang")
		case "link":
			if strings.EqualFold(attr(n, "rel"), "canonical") {
				h.canonical = cmp.Or(h.canonical, attr(n, "href"))
			}
		case "meta":
			h.meta(strings.ToLower(cmp.Or(attr(n, "property"), attr(n, "name"), attr(n, "itemprop"))), attr(n, "content"))
		case "script":
			if strings.EqualFold(attr(n, "type"), "application/ld+json") && n.FirstChild != nil {
				scripts = append(scripts, n.FirstChild.Data)
			}
		case "h1":
			if h.title == "" {
				var s strings.Builder
				collect(&s, n)
				h.title = strings.TrimSpace(s.String())
			}
		}
	}
	for _, s := range scripts {
		h.linked(s)
	}
	h.title = cmp.Or(h.title, h.headline)
	return h
}

func (h *pageHead) meta(name, content string) {
	switch name {
	case "og:title":
		h.title = content
	case "og:site_name":
		h.site = content
	case "og:image", "og:image:url", "twitter:image":
		h.image = cmp.Or(h.image, content)
	case "og:image:alt":
		h.imageAlt = content
	case "article:published_time", "datepublished", "og:article:published_time", "dc.date.issued", "dcterms.created", "pubdate":
		h.published = cmp.Or(h.published, content)
	case "article:section", "articlesection":
		h.section = cmp.Or(h.section, content)
	case "author", "article:author":
		if !strings.Contains(content, "://") {
			h.author = cmp.Or(h.author, content)
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// metaCharset gives the charset that a page declares in its head, as a Content-Type.
func metaCharset(doc []byte) string {
	head := bytes.ToLower(doc[:min(len(doc), 4096)])
	for i := 0; ; {
		m, ok := next(head, i)
		if !ok {
			return ""
		}
		i = m.end
		if m.kind != open || string(m.name) != "meta" {
			continue
		}
		label := ""
		attributes(m.attrs, func(name, value []byte) {
			if string(name) == "charset" {
				label = "text/html; charset=" + string(value)
			} else if string(name) == "content" && bytes.Contains(value, []byte("charset")) {
				label = string(value)
			}
		})
		if label != "" {
			return label
		}
	}
}

// dropAsides takes out of a page what never holds the article, before readability weighs it: comments
// and related articles may be longer than a short Arabic text.
func dropAsides(tree *html.Node) {
	var out []*html.Node
	for n := range tree.Descendants() {
		if n.Type == html.ElementNode && beside(n) {
			out = append(out, n)
		}
	}
	for _, n := range out {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
}

// beside says that an element stands beside the article, by its kind or by what its class or id is made of.
func beside(n *html.Node) bool {
	switch n.Data {
	case "nav", "aside", "form", "script", "style", "noscript", "iframe":
		return true
	case "html", "body", "main", "article", "p":
		return false
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(attr(n, "class")+" "+attr(n, "id")), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		switch w {
		case "comments", "comment", "disqus", "related", "newsletter", "breadcrumb", "breadcrumbs", "sidebar", "recommended", "promo", "advert", "ads", "cookie":
			return true
		}
	}
	return false
}
