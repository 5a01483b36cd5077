package fetch

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"rafid"
)

// feedOf makes a feed of n items with texts of the length that outlets print.
func feedOf(n int) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>صحيفة الواحة</title><link>https://waha.example/</link><language>ar</language>`)
	for i := range n {
		fmt.Fprintf(&b, `<item><title>البلدية تفتتح السوق رقم %d في وادي النخيل</title><link>https://waha.example/news/%d</link><guid isPermaLink="false">n%d</guid><dc:creator>محرر الواحة</dc:creator><category>أخبار محلية</category><pubDate>Mon, 23 Nov 2026 10:%02d:00 +0300</pubDate><description><![CDATA[<p>`, i, i, i, i%60)
		for j := range 9 {
			fmt.Fprintf(&b, "قالت البلدية إن السوق رقم %d سيفتح أبوابه أمام المزارعين مطلع الأسبوع المقبل بعد أعمال طويلة. ", i+j)
			if j%3 == 2 {
				b.WriteString("</p>\n<p>")
			}
		}
		b.WriteString(`</p>]]></description></item>`)
	}
	b.WriteString(`</channel></rss>`)
	return []byte(b.String())
}

func BenchmarkGofeedAlone(b *testing.B) {
	doc := feedOf(30)
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		p := gofeed.NewParser()
		p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
		if _, err := p.Parse(bytes.NewReader(doc)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStories(b *testing.B) {
	doc := feedOf(30)
	b.SetBytes(int64(len(doc)))
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		r, err := read(doc, ParseOptions{})
		if err != nil {
			b.Fatal(err)
		}
		tl := teller{source: rafid.Source{ID: "x"}, now: now, dates: dater{now: now}, base: "https://waha.example/feed"}
		if got := tl.stories(r); len(got) != 30 {
			b.Fatal(len(got))
		}
	}
}

func BenchmarkThreeNewOfThirty(b *testing.B) {
	old, err := read(feedOf(27), ParseOptions{})
	if err != nil {
		b.Fatal(err)
	}
	doc := feedOf(30)
	b.SetBytes(int64(len(doc)))
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		r, err := readBut(doc, ParseOptions{}, old.knownItems())
		if err != nil {
			b.Fatal(err)
		}
		tl := teller{source: rafid.Source{ID: "x"}, now: now, dates: dater{now: now}, base: "https://waha.example/feed"}
		if got := tl.stories(r); len(got) != 3 {
			b.Fatal(len(got))
		}
	}
}
