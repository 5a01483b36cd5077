package newsroom

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Sizes of the attacks, from design/reliability.md: each is above what a reader should take.
const (
	nestingDepth   = 1_000_000
	attributeCount = 200_000
	attributeBytes = 20 << 20
	hugeBytes      = 100 << 20
	floodItems     = 50_000 // in 5 MB
	titleBytes     = 1 << 20
	bombMember     = 16 << 20 // of blanks in one gzip member
	bombMembers    = 128      // 2 GiB in all
)

// attacks are made while they are sent: none is kept in memory.
func attacks() map[Behaviour]deed {
	return map[Behaviour]deed{
		GzipBomb:       gzipBomb,
		DeepNesting:    deepNesting,
		ManyAttributes: stream(evilHead+"<item><title>خبر</title><x", func(i int) string { return fmt.Sprintf(" a%d=\"1\"", i) }, attributeCount, "/></item>"+evilTail),
		LongAttribute:  stream(evilHead+"<item><title>خبر</title><x a=\"", repeated("a", 1<<16), attributeBytes>>16, "\"/></item>"+evilTail),
		Huge:           stream(evilHead, func(i int) string { return evilItem(i) + "<!-- " + strings.Repeat("x", 1<<16) + " -->\n" }, hugeBytes>>16, evilTail),
		Flood:          stream(evilHead, floodItem, floodItems, evilTail),
		LongTitle:      stream(evilHead+"<item><title>", repeated("كلمة طويلة ", 1), titleBytes/20, "</title><link>http://evil.invalid/long</link></item>"+evilTail),
		DeepJSON:       stream(`{"version":"https://jsonfeed.org/version/1.1","items":`, repeated("[", 1000), nestingDepth/1000, ""),
		EntityBomb:     body(entityBomb()),
		ExternalEntity: body(strings.Replace(sample("<item><title>&secret;</title></item>"), "?>\n", "?>\n<!DOCTYPE rss [<!ENTITY secret SYSTEM \"file:///etc/passwd\">]>\n", 1)),
		Scripts:        body(scripts()),
		BadLinks:       body(badLinks()),
		LineBreaks:     body(sample(itemWith("سطر&#13;&#10;Set-Cookie: a=b&#10;&#9;سطر", "line&#13;&#10;break", evilDate.Format("Mon, 02 Jan 2006 15:04:05 -0700")))),
	}
}

// stream sends a beginning, n parts and an end, for as long as the reader takes them.
func stream(begin string, part func(i int) string, n int, end string) deed {
	return func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Content-Type", rssType)
		_, err := io.WriteString(w, begin)
		for i := 0; err == nil && i < n; i++ {
			_, err = io.WriteString(w, part(i))
		}
		if err == nil {
			_, _ = io.WriteString(w, end)
		}
	}
}

// floodItem is so small that a flood of them stays below any bound on bytes.
func floodItem(i int) string {
	return fmt.Sprintf("<item><title>خبر رقم %d</title><guid isPermaLink=\"false\">flood-%[1]d</guid></item>\n", i)
}

func repeated(s string, n int) func(int) string {
	r := strings.Repeat(s, n)
	return func(int) string { return r }
}

// gzipBomb sends many gzip members, which together are one stream (RFC 1952, section 2.2).
func gzipBomb(w http.ResponseWriter, _ *http.Request, _ int) {
	member := zipped(strings.Repeat(" ", bombMember))
	w.Header().Set("Content-Type", rssType)
	w.Header().Set("Content-Encoding", "gzip")
	_, err := io.WriteString(w, zipped(evilHead))
	for i := 0; err == nil && i < bombMembers; i++ {
		_, err = io.WriteString(w, member)
	}
}

// deepNesting sends open elements in gzip: a parser that recurses dies of its stack.
func deepNesting(w http.ResponseWriter, _ *http.Request, _ int) {
	const step = 10_000
	w.Header().Set("Content-Type", rssType)
	w.Header().Set("Content-Encoding", "gzip")
	member := zipped(strings.Repeat("<x:a>", step))
	_, err := io.WriteString(w, zipped(strings.Replace(evilHead, "<rss ", `<rss xmlns:x="http://evil.invalid/x" `, 1)+"<item>"))
	for i := 0; err == nil && i < nestingDepth/step; i++ {
		_, err = io.WriteString(w, member)
	}
}

// entityBomb nests nine entities of ten references each: 10⁹ words when expanded.
func entityBomb() string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\"?>\n<!DOCTYPE rss [\n<!ENTITY e0 \"ضحك\">\n")
	for i := 1; i <= 9; i++ {
		fmt.Fprintf(&b, "<!ENTITY e%d \"%s\">\n", i, strings.Repeat(fmt.Sprintf("&e%d;", i-1), 10))
	}
	b.WriteString("]>\n<rss version=\"2.0\"><channel><title>قنبلة</title><item><title>&e9;</title></item></channel></rss>\n")
	return b.String()
}

// scripts has a payload in each place that somebody may render.
func scripts() string {
	const tag = "<script>alert(1)</script>"
	const attr = `"><img src=x onerror=alert(2)>`
	esc := escape(tag + attr)
	doc := strings.Replace(evilHead, "منبر الأذى", "منبر "+esc, 1)
	doc = strings.Replace(doc, ">ar<", ">ar"+esc+"<", 1)
	return doc + fmt.Sprintf(`<item>
<title>عنوان %[1]s</title>
<link>http://evil.invalid/%[2]s</link>
<guid isPermaLink="false">guid-%[1]s</guid>
<dc:creator>كاتب %[1]s</dc:creator>
<category>قسم %[1]s</category>
<source url="javascript:alert(3)">مصدر %[1]s</source>
<enclosure url="javascript:alert(4)" type="image/png" length="1"/>
<media:content url="data:text/html,%[1]s" medium="image"/>
<description><![CDATA[<p onclick="alert(5)">نص<svg onload=alert(6)><math><mi xlink:href="javascript:alert(7)">ك</mi></math></p>%[3]s<a href="java&#10;script:alert(8)">رابط</a><iframe srcdoc="%[1]s"></iframe>]]></description>
<content:encoded><![CDATA[%[3]s<style>body{background:url(javascript:alert(9))}</style><p style="background:url(http://evil.invalid/t)">نص</p><base href="http://evil.invalid/">]]></content:encoded>
</item>
`, esc, escape(attr), tag) + evilTail
}

// badLinks has an item for each link that must not reach a reader, and one sound.
func badLinks() string {
	var b strings.Builder
	for i, l := range []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(2)", "data:text/html,hello", "vbscript:msgbox(3)",
		"file:///etc/passwd", "http://127.0.0.1:1/admin", "http://[::1]/", "//evil.invalid/no-scheme",
		"/only/a/path", "http://user:secret@evil.invalid/", "not a link at all", "", "http://evil.invalid/sound",
	} {
		fmt.Fprintf(&b, "<item><title>رابط رقم %d</title><link>%s</link><guid isPermaLink=\"false\">link-%[1]d</guid></item>\n", i, escape(l))
	}
	return sample(b.String())
}
