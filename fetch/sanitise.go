package fetch

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// policy is the allow-list of what HTML of a feed may hold: text, its structure, tables, pictures, links,
// direction and language. No script, style, form, frame or embedded object; no address but of a scheme
// that a reader follows.
func policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center",
		"cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "dir", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer",
		"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "menu", "ol", "p", "picture", "pre",
		"q", "rp", "rt", "ruby", "s", "samp", "section", "small", "source", "span", "strike", "strong", "sub", "summary", "sup",
		"table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "video", "audio", "wbr",
	)
	p.AllowNoAttrs().OnElements("a", "img", "font", "span", "bdo", "source", "video", "audio", "col", "q", "del", "ins")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`(?i)^(rtl|ltr|auto)$`)).Globally()
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[A-Za-z0-9-]{1,35}$`)).Globally()
	p.AllowAttrs("title").Globally()
	p.AllowAttrs("href", "rel").OnElements("a")
	p.AllowAttrs("cite").OnElements("blockquote", "q", "del", "ins")
	p.AllowAttrs("src", "alt", "width", "height").OnElements("img", "video", "audio", "source")
	p.AllowAttrs("type").OnElements("source")
	p.AllowAttrs("controls").OnElements("video", "audio")
	p.AllowAttrs("poster").Matching(regexp.MustCompile(`(?i)^https?://`)).OnElements("video") // bluemonday takes it for text
	p.AllowAttrs("align", "valign", "colspan", "rowspan", "scope", "abbr", "headers", "width", "height").OnElements("td", "th", "tr", "table", "tbody", "thead", "tfoot", "col", "colgroup")
	p.AllowAttrs("align").OnElements("p", "div", "img", "caption", "h1", "h2", "h3", "h4", "h5", "h6", "hr")
	p.AllowAttrs("datetime").OnElements("time", "del", "ins")
	p.AllowAttrs("color", "face", "size").OnElements("font")
	p.AllowAttrs("start", "type", "value").OnElements("ol", "ul", "li")
	p.AllowURLSchemes("http", "https", "mailto", "tel", "ftp", "xmpp", "magnet", "geo")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.SkipElementsContent("script", "style", "iframe", "object", "applet", "noscript", "svg", "math", "template", "select", "textarea", "title", "xmp")
	return p
}

// sanitiser is the policy, built on first use: bluemonday's are read-only once built.
var sanitiser = sync.OnceValue(policy)

// safe is a text as HTML that may be shown, its addresses resolved.
func (t text) safe(base string) string {
	v := remade(strings.TrimSpace(t.value))
	switch {
	case t.plain:
		return html.EscapeString(v)
	case !strings.ContainsAny(v, "<&>"):
		return v
	}
	return sanitiser().Sanitize(resolved(v, cmp.Or(against(base, t.base), base)))
}

// link is an address that may be shown: absolute if it can be, empty if following it would run code.
func link(base, ref string) string {
	ref = against(base, written(ref))
	if scheme, _, ok := strings.Cut(ref, ":"); ok && absolute(ref) {
		switch strings.ToLower(strings.Map(printable, scheme)) {
		case "javascript", "vbscript", "livescript", "mocha", "data", "file", "filesystem", "blob", "about", "view-source", "jar", "chrome", "resource", "intent", "mhtml":
			return ""
		}
	}
	return ref
}

func printable(r rune) rune {
	if r <= ' ' || r == 0x7F {
		return -1
	}
	return r
}

// addressed are the attributes that hold an address.
func addressed(key string) bool {
	switch key {
	case "href", "src", "cite", "poster", "background", "longdesc", "usemap", "action", "data", "codebase", "profile":
		return true
	}
	return false
}

// resolved makes the relative addresses in a fragment absolute. Fragments without one come back as they
// are, without being taken apart.
func resolved(fragment, base string) string {
	if base == "" || !strings.Contains(fragment, "=") || !hasRelative(fragment) {
		return fragment
	}
	b, err := url.Parse(base)
	if err != nil || b.Scheme == "" {
		return fragment
	}
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(fragment))
	for {
		tt := z.Next()
		if tt == html.ErrorToken {
			return out.String()
		}
		raw := string(z.Raw())
		if tt != html.StartTagToken && tt != html.SelfClosingTagToken {
			out.WriteString(raw)
			continue
		}
		t := z.Token()
		changed := false
		for i, a := range t.Attr {
			if !addressed(a.Key) || absolute(strings.TrimSpace(a.Val)) {
				continue
			}
			if to := against(base, a.Val); to != a.Val {
				t.Attr[i].Val, changed = to, true
			}
		}
		if changed {
			raw = t.String()
		}
		out.WriteString(raw)
	}
}

// hasRelative says that some attribute may hold a relative address.
func hasRelative(fragment string) bool {
	for rest := fragment; ; {
		n := strings.IndexByte(rest, '=')
		if n < 0 {
			return false
		}
		before := strings.TrimRight(rest[:n], " \t\r\n")
		rest = rest[n+1:]
		from := strings.LastIndexAny(before, " \t\r\n\"'/<") + 1
		if !addressed(strings.ToLower(before[from:])) {
			continue
		}
		value := strings.TrimLeft(rest, " \t\r\n\"'")
		if !strings.HasPrefix(value, "http://") && !strings.HasPrefix(value, "https://") {
			return true
		}
	}
}
