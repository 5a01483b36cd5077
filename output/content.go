package output

import (
	"html"
	"strings"

	"rafid"
	"rafid/arabic"
)

// others counts the outlets beside the first: "نشرته أيضًا 4 مصادر أخرى".
var otherSources = arabic.Noun{Zero: "لا مصدر آخر", One: "مصدر آخر", Two: "مصدران آخران", Dual: "مصدرين آخرين",
	Few: "مصادر أخرى", Many: "مصدرًا آخر", Other: "مصدر آخر"}

// body gives the item's HTML: one element that says language and direction, in it the outlet where the title
// does not name it, the picture, the text, the other outlets' headlines and a link to the whole coverage.
// It names no class and no style: readers drop them.
func (h *house) body(it item, ch rafid.Channel) string {
	var b strings.Builder
	b.Grow(1024)
	b.WriteString(`<div dir="` + it.dir + `" lang="` + html.EscapeString(it.lang) + `">`)
	if !h.credits(ch) {
		writeElement(&b, "p", "المصدر: "+it.outlet)
	}
	if it.image != "" && !strings.Contains(it.full, html.EscapeString(it.image)) {
		b.WriteString(`<p><img src="` + html.EscapeString(it.image) + `" alt="` + html.EscapeString(it.caption) + `"></p>`)
	}
	b.WriteString(it.full)
	for i, p := range it.text {
		if i == 0 {
			p = arabic.Lead(p)
		}
		writeElement(&b, "p", p)
	}
	if it.dir == "ltr" {
		b.WriteString(`<div dir="rtl" lang="ar">`)
	}
	h.writeCoverage(&b, it)
	if it.dir == "ltr" {
		b.WriteString(`</div>`)
	}
	b.WriteString(`</div>`)
	return b.String()
}

// writeCoverage writes who else has the news, what it follows, and where to see it all.
func (h *house) writeCoverage(b *strings.Builder, it item) {
	if n := len(it.others); n > 0 {
		verb := "نشرته أيضًا "
		if n == 1 {
			verb = "نشره أيضًا "
		}
		writeElement(b, "p", verb+h.style.Count(n, otherSources)+":")
		b.WriteString("<ul>")
		for _, r := range it.others {
			b.WriteString("<li>" + isolate(r.outlet) + ": " + anchor(r.link, arabic.Lead(r.title)) + "</li>")
		}
		b.WriteString("</ul>")
	}
	if it.former != "" {
		b.WriteString("<p>متابعة لخبر سابق: " + anchor(it.former, "ما سبق") + "</p>")
	}
	if it.page != "" {
		b.WriteString("<p>" + anchor(it.page, "كل التغطية") + "</p>")
	}
}

// isolate writes a name that starts with Latin letters so that it keeps its own order in an Arabic line.
func isolate(name string) string {
	if arabic.FirstStrong(name) == arabic.LeftToRight {
		return `<bdi dir="rtl">` + html.EscapeString(name) + `</bdi>`
	}
	return html.EscapeString(name)
}

func anchor(link, text string) string {
	if link == "" {
		return html.EscapeString(text)
	}
	return `<a href="` + html.EscapeString(link) + `">` + html.EscapeString(text) + `</a>`
}

func writeElement(b *strings.Builder, name, text string) {
	b.WriteString("<" + name + ">" + html.EscapeString(text) + "</" + name + ">")
}
