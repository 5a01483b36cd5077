package fetch

import (
	"encoding/json"
	"html"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	xhtml "golang.org/x/net/html"

	"rafid"
)

// payloads are ways to have a reader's browser run something, as collections of them list them.
var payloads = []string{
	`<script>alert(1)</script>`, `<SCRIPT SRC=//x.example/x.js></SCRIPT>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`, `<script/x>alert(1)</script>`, `<<script>alert(1);//<</script>`, `<script>alert(1)`, "<script\n>alert(1)</script\n>",
	`<img src=x onerror=alert(1)>`, `<img src="x" OnError = "alert(1)">`, `<img/src=x/onerror=alert(1)>`, "<img src=x\nonerror\n=\nalert(1)>", `<img src=x onerror=alert(1)//`, `<img src='x' alt='"><script>alert(1)</script>'>`, `<img src=x:x onerror="alert(1)" title="<p>">`, "<img src=x onerror=&#97lert(1)>", `<img srcset="x" onload=alert(1)>`,
	`<a href="javascript:alert(1)">x</a>`, `<a href="JaVaScRiPt:alert(1)">x</a>`, "<a href=\"java\tscript:alert(1)\">x</a>", "<a href=\"java&#x0A;script:alert(1)\">x</a>", `<a href="&#106;&#97;vascript:alert(1)">x</a>`, `<a href="javascript&colon;alert(1)">x</a>`, "<a href=\"\x01javascript:alert(1)\">x</a>", `<a href=" javascript:alert(1)">x</a>`, `<a href="data:text/html,<script>alert(1)</script>">x</a>`, `<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>`, `<a href="vbscript:msgbox(1)">x</a>`, `<a xlink:href="javascript:alert(1)">x</a>`,
	`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><animate onbegin=alert(1) attributeName=x dur=1s>`, `<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`, `<svg><style><img src=x onerror=alert(1)></style></svg>`, `<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`, `<math href="javascript:alert(1)">x</math>`,
	`<iframe src="javascript:alert(1)"></iframe>`, `<iframe srcdoc="<script>alert(1)</script>"></iframe>`, `<object data="javascript:alert(1)">`, `<embed src="javascript:alert(1)">`, `<applet code=x>`, `<frameset onload=alert(1)>`, `<portal src=x>`,
	`<body onload=alert(1)>`, `<base href="//x.example/">`, `<link rel=stylesheet href="//x.example/x.css">`, `<meta http-equiv=refresh content="0;url=javascript:alert(1)">`, `<form action="javascript:alert(1)"><input type=submit>`, `<button formaction=javascript:alert(1)>x`, `<isindex action=javascript:alert(1)>`, `<input autofocus onfocus=alert(1)>`, `<select autofocus onfocus=alert(1)>`, `<textarea autofocus onfocus=alert(1)>`, `<keygen autofocus onfocus=alert(1)>`,
	`<div style="background:url(javascript:alert(1))">x</div>`, `<div style="width:expression(alert(1))">x</div>`, `<style>@import "//x.example/x.css";</style>`, `<style>*{x:expression(alert(1))}</style>`, `<p style="behavior:url(x.htc)">x</p>`, `<table background="javascript:alert(1)"><td>x</table>`,
	`<video><source onerror=alert(1)></video>`, `<video poster=javascript:alert(1)//></video>`, `<audio src=x onerror=alert(1)>`, `<details open ontoggle=alert(1)>x</details>`, `<marquee onstart=alert(1)>x</marquee>`, `<p onmouseover=alert(1)>x</p>`, `<p dir="rtl" onclick="alert(1)">x</p>`, `<blockquote cite="javascript:alert(1)">x</blockquote>`, `<q cite="data:text/html,x">x</q>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<xmp><img src=x onerror=alert(1)></xmp>`, `<template><script>alert(1)</script></template>`, `<title></title><img src=x onerror=alert(1)>`, `<!--><img src=x onerror=alert(1)>-->`, `<!-- --!><img src=x onerror=alert(1)> -->`, `<![CDATA[><img src=x onerror=alert(1)>]]>`, `<?xml-stylesheet href="javascript:alert(1)"?>`, `<!DOCTYPE x [<!ENTITY x "<script>alert(1)</script>">]>&x;`, `</title></textarea></style></script><img src=x onerror=alert(1)>`, `"><script>alert(1)</script>`, `'-alert(1)-'`, `</p><script>alert(1)</script>`, `<p title="</p><script>alert(1)</script>">x</p>`, `<a title="x" href='x' title='"><img src=x onerror=alert(1)>'>x</a>`, "<p\x00 onclick=alert(1)>x</p>", "<img\x0bsrc=x\x0bonerror=alert(1)>", `<ｓcript>alert(1)</script>`, "\u202e<script>alert(1)</script>", `<b><p title="` + strings.Repeat("x", 70_000) + `" onclick=alert(1)>x</p>`,
}

// forbidden are elements that run, load or shape what is around them.
var forbidden = regexp.MustCompile(`^(script|style|iframe|object|embed|applet|frame|frameset|portal|base|link|meta|form|input|button|select|textarea|svg|math|template|noscript|xmp|isindex|keygen|marquee|title)$`)

// runs finds what a browser would run or load in HTML; empty when there is nothing.
func runs(t *testing.T, fragment string) string {
	t.Helper()
	nodes, err := xhtml.ParseFragment(strings.NewReader(fragment), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range nodes {
		body := root.Parent == nil && root.Data == "html"
		for n := range root.Descendants() {
			if n.Type != xhtml.ElementNode || body && (n.Data == "head" || n.Data == "body") && len(n.Attr) == 0 {
				continue
			}
			if forbidden.MatchString(n.Data) {
				return "<" + n.Data + ">"
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" || a.Key == "srcset" {
					return a.Key
				}
				if s := scheme(a.Val); addressed(a.Key) && s != "" && s != "http" && s != "https" && s != "mailto" {
					return a.Key + "=" + a.Val
				}
			}
		}
	}
	return ""
}

// scheme is that of an address as a browser reads it: without blanks and control characters.
func scheme(address string) string {
	address = strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, address)
	at := strings.IndexAny(address, ":/?#")
	if at < 0 || address[at] != ':' {
		return ""
	}
	return strings.ToLower(address[:at])
}

// TestNothingRuns puts each payload in every place of a document of each format, raw, escaped and in CDATA.
func TestNothingRuns(t *testing.T) {
	t.Parallel()
	for _, p := range payloads {
		esc := html.EscapeString(p)
		cdata := "<![CDATA[" + strings.ReplaceAll(p, "]]>", "") + "]]>"
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		j := string(text)
		for _, x := range []string{esc, cdata, html.EscapeString(esc), p} {
			runNothing(t, p, `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>`+x+`</title><link>`+x+`</link><description>`+x+`</description><language>`+x+`</language><copyright>`+x+`</copyright><image><url>`+x+`</url><title>`+x+`</title><link>`+x+`</link></image>
<item><title>مطر `+x+`</title><link>`+x+`</link><guid>`+x+`</guid><description>نص `+x+`</description><content:encoded>نص طويل في خبر عن المطر `+x+`</content:encoded><dc:creator>`+x+`</dc:creator><category domain="x">`+x+`</category><comments>`+x+`</comments><enclosure url="`+esc+`" type="image/png"/><media:content url="`+esc+`" medium="image"><media:description>`+x+`</media:description></media:content><source url="`+esc+`">`+x+`</source></item></channel></rss>`)
			runNothing(t, p, `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="`+esc+`"><title type="html">`+x+`</title><entry xml:lang="`+esc+`"><title type="html">مطر `+x+`</title><id>`+x+`</id><link href="`+esc+`"/><summary type="html">`+x+`</summary><content type="html">نص طويل في خبر عن المطر `+x+`</content><author><name>`+x+`</name><uri>`+x+`</uri></author></entry><entry><title type="xhtml"><div>مطر `+x+`</div></title><content type="xhtml"><div>`+x+`</div></content></entry></feed>`)
		}
		runNothing(t, p, `{"version":"https://jsonfeed.org/version/1.1","title":`+j+`,"home_page_url":`+j+`,"icon":`+j+`,"items":[{"id":`+j+`,"url":`+j+`,"title":`+j+`,"content_html":`+j+`,"summary":`+j+`,"image":`+j+`,"authors":[{"name":`+j+`,"url":`+j+`}],"attachments":[{"url":`+j+`}]},{"id":"2","title":"مطر","content_text":`+j+`}]}`)
	}
}

// runNothing reads a document and looks at everything that a page may take for HTML or for an address.
func runNothing(t *testing.T, payload, doc string) {
	t.Helper()
	d, err := Parse([]byte(doc), ParseOptions{URL: "https://waha.example/feed"})
	if err != nil {
		return // refused is well
	}
	markup := []string{d.Feed.Title, d.Feed.Description, d.Feed.Rights}
	links := []string{d.Feed.Link}
	if d.Feed.Image != nil {
		links = append(links, d.Feed.Image.URL, d.Feed.Image.Link)
	}
	for _, it := range d.Items {
		markup = append(markup, it.Title, it.Summary, it.Content)
		links = append(links, it.Link, it.Comments, it.Base)
		for _, e := range it.Enclosures {
			links = append(links, e.URL)
		}
		for _, a := range it.Authors {
			links = append(links, a.URL)
		}
		if it.Image != nil {
			links = append(links, it.Image.URL)
		}
		if it.Source != nil {
			links = append(links, it.Source.Link)
		}
	}
	r, err := read([]byte(doc), ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	tl := teller{source: rafid.Source{ID: "x"}, now: now, dates: dater{now: now}, base: "https://waha.example/feed"}
	for _, s := range tl.stories(r) {
		markup = append(markup, s.Content, html.EscapeString(s.Title+s.Summary+s.Author+s.Image.Caption+strings.Join(s.Labels, "")))
		for _, u := range []string{s.Link, s.Image.URL} {
			if u != "" && scheme(u) != "http" && scheme(u) != "https" {
				t.Errorf("%.80q: address %q", payload, u)
			}
		}
	}
	for _, m := range markup {
		if what := runs(t, m); what != "" {
			t.Errorf("%.80q: %s in %.200q", payload, what, m)
		}
	}
	for _, u := range links {
		if s := scheme(u); s == "javascript" || s == "vbscript" || s == "data" {
			t.Errorf("%.80q: address %q", payload, u)
		}
	}
	if reflect.ValueOf(d.Items).IsNil() {
		t.Errorf("%.80q: items are null", payload)
	}
}
