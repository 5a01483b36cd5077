package fetch

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rafid"
	"rafid/arabic"
)

func TestHeadline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want, decoration string }{
		{"none", "البلدية تفتتح السوق", "البلدية تفتتح السوق", ""},
		{"urgent", "عاجل | البلدية تفتتح السوق", "البلدية تفتتح السوق", "عاجل"},
		{"pictures, with dots", "بالصور.. البلدية تفتتح السوق", "البلدية تفتتح السوق", "بالصور"},
		{"two", "عاجل: بالفيديو- البلدية تفتتح السوق", "البلدية تفتتح السوق", "عاجل بالفيديو"},
		{"with tatweel", "عاجـــل| البلدية تفتتح السوق", "البلدية تفتتح السوق", "عاجل"},
		{"behind, in brackets", "البلدية تفتتح السوق (صور)", "البلدية تفتتح السوق", "صور"},
		{"behind a bar, the outlet", "البلدية تفتتح السوق | الواحة", "البلدية تفتتح السوق", "الواحة"},
		{"behind a hyphen, the outlet", "البلدية تفتتح السوق - الواحة", "البلدية تفتتح السوق", "الواحة"},
		{"a quote opens the headline", "عاجل | «السوق» يفتح أبوابه", "«السوق» يفتح أبوابه", "عاجل"},
		{"a sentence that begins alike", "شاهد عيان يروي ما حدث: كل شيء", "شاهد عيان يروي ما حدث: كل شيء", ""},
		{"a speaker before a colon", "الوزير: السوق يفتح غدا", "الوزير: السوق يفتح غدا", ""},
		{"a decoration alone", "عاجل", "عاجل", ""},
		{"nothing", "", "", ""},
	} {
		got, d := headline(arabic.Tighten(c.in), "الواحة")
		if got != c.want || strings.Join(d, " ") != c.decoration {
			t.Errorf("%s: %q, %q", c.name, got, d)
		}
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   text
		want string
	}{
		{"plain", text{value: "مطر < ريح", plain: true}, "مطر < ريح"},
		{"tags", text{value: "<b>مطر</b> <i>غزير</i>"}, "مطر غزير"},
		{"escaped twice", text{value: "مطر &amp;quot;غزير&amp;quot;"}, `مطر "غزير"`},
		{"tags escaped twice", text{value: "&lt;b&gt;مطر&lt;/b&gt; غزير"}, "مطر غزير"},
		{"an escaped sign", text{value: "3 &lt; 5"}, "3 < 5"},
		{"a script", text{value: "مطر<script>x('<b>')</script> غزير"}, "مطر غزير"},
		{"marks and blanks", text{value: "\u200fمطر\u00a0 \n غزير\u202c"}, "مطر غزير"},
		{"line breaks", text{value: "مطر<br>غزير"}, "مطر غزير"},
		{"a bad tag", text{value: "مطر <ن غزير"}, "مطر <ن غزير"},
	} {
		if got := line(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"as it is", "https://waha.example/news/1", "https://waha.example/news/1"},
		{"scheme, host, port, fragment", "HTTP://WWW.Waha.Example:80/news/1#top", "https://waha.example/news/1"},
		{"phones", "https://m.waha.example/news/1/", "https://waha.example/news/1"},
		{"amp", "https://amp.waha.example/news/1/amp", "https://waha.example/news/1"},
		{"tracking", "https://waha.example/news?id=1&utm_source=rss&fbclid=x&at_medium=y", "https://waha.example/news?id=1"},
		{"order of parameters", "https://waha.example/?b=2&a=1", "https://waha.example/?a=1&b=2"},
		{"Arabic, written and escaped", "https://waha.example/%d8%b3%d9%88%d9%82", canonical("https://waha.example/سوق")},
		{"dots and slashes", "https://waha.example/a/../news//1", "https://waha.example/news/1"},
		{"short host", "https://m.example/1", "https://m.example/1"},
		{"secrets go", "https://u:p@waha.example/1", "https://waha.example/1"},
		{"another scheme", "javascript:alert(1)", ""},
		{"relative", "/news/1", ""},
		{"nothing", "", ""},
	} {
		if got := canonical(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{"HTTP://WWW.Waha.Example:80/a/../b//?b=2&a=1#c", "https://waha.example/سوق?utm_x=1", "https://m.waha.example/amp/", "http://[::1]/%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := canonical(s)
		if once != "" && canonical(once) != once {
			t.Errorf("%q is %q, then %q", s, once, canonical(once))
		}
	})
}

func TestStrip(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in       string
		want           []string
		caption, label string
	}{
		{"nothing to take", "<p>قالت البلدية</p><p>وأضافت</p>", []string{"قالت البلدية", "وأضافت"}, "", ""},
		{"pointers", "<p>قالت البلدية</p><p>إقرأ أيضاً: السوق القديم</p><p>شاهد أيضا</p><p>وأضافت</p>", []string{"قالت البلدية", "وأضافت"}, "", ""},
		{"share buttons", "<p>قالت البلدية</p><ul><li>فيسبوك</li><li>تويتر</li><li>واتساب</li></ul>", []string{"قالت البلدية"}, "", ""},
		{"who shared is news", "<p>شارك مئات المزارعين في الافتتاح</p>", []string{"شارك مئات المزارعين في الافتتاح"}, "", ""},
		{"a sentence that begins like a pointer", "<p>للمزيد من المزارعين طلبات لم تقبلها اللجنة حتى مساء أمس بسبب ضيق المكان كما قالت</p>", []string{"للمزيد من المزارعين طلبات لم تقبلها اللجنة حتى مساء أمس بسبب ضيق المكان كما قالت"}, "", ""},
		{"what WordPress adds", "<p>قالت البلدية</p><p>The post <a href='x'>السوق</a> appeared first on <a href='y'>الواحة</a>.</p>", []string{"قالت البلدية"}, "", ""},
		{"the same in Arabic", "<p>قالت البلدية</p><p>ظهرت المقالة السوق أولاً على الواحة.</p>", []string{"قالت البلدية"}, "", ""},
		{"a post pasted in", "<p>قالت البلدية</p><blockquote class='twitter-tweet'><p>شكرا للمزارعين pic.example/1</p>— الواحة (@waha) <a href='x'>March 20, 2025</a></blockquote><p>وأضافت</p>", []string{"قالت البلدية", "وأضافت"}, "", ""},
		{"a quotation stays", "<p>قالت البلدية</p><blockquote>شكرا للمزارعين</blockquote>", []string{"قالت البلدية", "شكرا للمزارعين"}, "", ""},
		{"comments and all behind", "<p>قالت البلدية</p><h3>التعليقات (12)</h3><p>زائر</p><p>رأي</p>", []string{"قالت البلدية"}, "", ""},
		{"a caption of its own", "<figure><img src='a.jpg'><figcaption>السوق من الداخل</figcaption></figure><p>قالت البلدية</p>", []string{"قالت البلدية"}, "السوق من الداخل", ""},
		{"caption twice", "<p>السوق من الداخل</p><p>السوق من الداخل</p><p>قالت البلدية</p>", []string{"قالت البلدية"}, "السوق من الداخل", ""},
		{"headline again", "<h1>افتتاح السوق</h1><p>قالت البلدية</p>", []string{"قالت البلدية"}, "", ""},
		{"section and headline again", "<p>محليات</p><h1>افتتاح السوق</h1><p>قالت البلدية</p>", []string{"قالت البلدية"}, "", "محليات"},
		{"a label again", "<p>اقتصاد</p><p>قالت البلدية</p>", []string{"قالت البلدية"}, "", ""},
		{"a paragraph twice", "<p>أ</p><p>ب</p><p>ج</p><p>قالت البلدية إنها</p><p>د</p><p>قالت البلدية إنها</p>", []string{"أ", "ب", "ج", "قالت البلدية إنها", "د"}, "", ""},
		{"only the headline", "<p>افتتاح السوق</p>", []string{"افتتاح السوق"}, "", ""},
	} {
		blocks, pictures := blocksOf(text{value: c.in})
		b := strip(blocks, pictures, "افتتاح السوق", []string{"اقتصاد"})
		var got []string
		for _, p := range b.paragraphs {
			got = append(got, p.text)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || b.caption != c.caption || b.label != c.label {
			t.Errorf("%s: caption %q, label %q, %s", c.name, b.caption, b.label, diff)
		}
	}
}

// oneItem reads a feed of one item.
func oneItem(t *testing.T, itemXML string, change func(*teller)) []rafid.Story {
	t.Helper()
	doc := `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>الواحة</title><item>` + itemXML + `</item></channel></rss>`
	r, err := read([]byte(doc), ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	tl := teller{source: rafid.Source{ID: "waha", Outlet: "waha"}, now: now, dates: dater{now: now}, base: "https://waha.example/feed", lang: r.language, title: line(r.title)}
	if change != nil {
		change(&tl)
	}
	return tl.stories(r)
}

func TestStory(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, item string
		look       func(rafid.Story) string
		want       string
	}{
		{"link made absolute", `<title>x</title><link>/1?utm_source=rss</link>`, func(s rafid.Story) string { return s.Link + " " + s.URL }, "https://waha.example/1?utm_source=rss https://waha.example/1"},
		{"a link that runs code", `<title>x</title><link>javascript:alert(1)</link>`, func(s rafid.Story) string { return s.Link }, ""},
		{"a permalink for a link", `<title>x</title><guid>https://waha.example/1</guid>`, func(s rafid.Story) string { return s.Link }, "https://waha.example/1"},
		{"no title", `<description>قالت البلدية إن السوق يفتح غدا. وأضافت أن الأعمال انتهت.</description>`, func(s rafid.Story) string { return s.Title }, "قالت البلدية إن السوق يفتح غدا"},
		{"labels, each once", `<title>x</title><category>محليات</category><category>محليّات</category><category>اقتصاد</category>`, func(s rafid.Story) string { return strings.Join(s.Labels, "+") }, "محليات+اقتصاد"},
		{"byline", `<title>x</title><author>a@waha.example (سلمى)</author><dc:creator>كريم</dc:creator>`, func(s rafid.Story) string { return s.Author }, "سلمى، كريم"},
		{"image of the text", `<title>x</title><description>&lt;img src="/t.gif" width="1"&gt;&lt;img data-src="/a.jpg" src="data:image/gif;base64,R0" alt="السوق"&gt;نص</description>`, func(s rafid.Story) string { return s.Image.URL + " " + s.Image.Caption }, "https://waha.example/a.jpg السوق"},
		{"content that tells more", `<title>x</title><description>موجز</description><content:encoded><![CDATA[<p dir="rtl">قالت البلدية</p><p>اقرأ أيضا: كذا</p><p>وأضافت <bdi>x</bdi></p>]]></content:encoded>`, func(s rafid.Story) string { return s.Summary + "|" + s.Content }, `موجز|<p dir="rtl">قالت البلدية</p><p>وأضافت <bdi>x</bdi></p>`},
		{"content that tells no more", `<title>x</title><description>قالت البلدية</description><content:encoded><![CDATA[<p>قالت البلدية</p>]]></content:encoded>`, func(s rafid.Story) string { return s.Summary + "|" + s.Content }, "قالت البلدية|"},
		{"content in plain text", `<title>x</title><description>موجز</description><content:encoded>قالت البلدية 3 &amp;lt; 5&#10;وأضافت</content:encoded>`, func(s rafid.Story) string { return s.Content }, "<p>قالت البلدية 3 &lt; 5</p>\n<p>وأضافت</p>"},
		{"a long content and no summary", `<title>x</title><content:encoded>` + strings.Repeat("قالت البلدية ", 100) + `&#10;` + strings.Repeat("وأضافت ", 100) + `</content:encoded>`, func(s rafid.Story) string { return s.Summary[len(s.Summary)-len("…"):] }, "…"},
		{"encoded twice behind references", `<title>&#216;&#167;&#217;&#132;&#216;&#179;&#217;&#136;&#217;&#130;</title>`, func(s rafid.Story) string { return s.Title }, "السوق"},
		{"mark of a cut", `<title>x</title><description>قالت البلدية [&amp;hellip;]</description>`, func(s rafid.Story) string { return s.Summary }, "قالت البلدية…"},
		{"another language", `<title>The market opens</title><dc:language>en-GB</dc:language>`, func(s rafid.Story) string { return s.Lang }, "en"},
		{"Arabic under another label", `<title>افتتاح السوق</title><dc:language>en</dc:language>`, func(s rafid.Story) string { return s.Lang }, "ar"},
		{"Persian", `<title>بازار گشایش یافت</title><dc:language>fa</dc:language>`, func(s rafid.Story) string { return s.Lang }, "fa"},
		{"no date", `<title>x</title>`, when, "2026-11-23 12:00 inferred"},
		{"1970", `<title>x</title><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>`, when, "2026-11-23 12:00 inferred"},
		{"the future", `<title>x</title><pubDate>Thu, 24 Dec 2026 00:00:00 GMT</pubDate>`, when, "2026-11-23 12:00"},
		{"a date that is none, but another one", `<title>x</title><pubDate>soon</pubDate><dc:date>2026-11-22T00:00:00Z</dc:date>`, when, "2026-11-22 00:00"},
	} {
		got := oneItem(t, c.item, nil)
		if len(got) != 1 {
			t.Errorf("%s: %d stories", c.name, len(got))
		} else if s := c.look(got[0]); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
	if got := oneItem(t, `<link>https://waha.example/1</link>`, nil); len(got) != 0 {
		t.Errorf("an item that says nothing became %q", got[0].Title)
	}
}

func when(s rafid.Story) string {
	out := s.Published.Format("2006-01-02 15:04")
	if s.Inferred {
		out += " inferred"
	}
	return out
}

func TestFutureDates(t *testing.T) {
	t.Parallel()
	const future = `<title>x</title><pubDate>Thu, 24 Dec 2026 00:00:00 GMT</pubDate>`
	for rule, want := range map[string]int{Clamp: 1, "": 1, Hold: 0, Drop: 0} {
		var tl *teller
		got := oneItem(t, future, func(x *teller) { x.future = rule; tl = x })
		if len(got) != want || (tl.held == 1) != (rule == Hold) {
			t.Errorf("%q: %d stories, %d held", rule, len(got), tl.held)
		}
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	id := func(item string) string {
		got := oneItem(t, item, nil)
		if len(got) != 1 {
			t.Fatalf("%d stories of %s", len(got), item)
		}
		return got[0].ID
	}
	for _, c := range []struct {
		name, a, b string
		same       bool
	}{
		{"guid, other title and link", `<title>x</title><guid isPermaLink="false">1</guid><link>https://waha.example/1</link>`, `<title>y</title><guid isPermaLink="false">1</guid><link>https://waha.example/2</link>`, true},
		{"guids differ", `<title>x</title><guid>1</guid>`, `<title>x</title><guid>2</guid>`, false},
		{"guid moves to https", `<title>x</title><guid>http://www.waha.example/1</guid>`, `<title>x</title><guid>https://waha.example/1?utm_source=a</guid>`, true},
		{"link alone", `<title>x</title><link>http://waha.example/1</link>`, `<title>y</title><link>https://www.waha.example/1#a</link>`, true},
		{"title and day", `<title>افتتاح السوق</title><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate>`, `<title>إفتتاح السّوق</title><pubDate>Mon, 23 Nov 2026 09:00:00 GMT</pubDate>`, true},
		{"title, another day", `<title>افتتاح السوق</title><pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate>`, `<title>افتتاح السوق</title><pubDate>Mon, 23 Nov 2026 09:00:00 GMT</pubDate>`, false},
	} {
		if a, b := id(c.a), id(c.b); (a == b) != c.same || len(a) != 26 || strings.ToLower(a) != a {
			t.Errorf("%s: %s %s", c.name, a, b)
		}
	}
	shared := oneItem(t, `<title>x</title><guid>g</guid><link>https://waha.example/1</link></item><item><title>y</title><guid>g</guid><link>https://waha.example/2</link></item><item><title>y</title><guid>g</guid><link>https://waha.example/2</link>`, nil)
	if len(shared) != 2 {
		t.Errorf("one guid for two articles, one of them twice: %d stories", len(shared))
	}
	const same = `<guid>g</guid><link>https://waha.example/</link>`
	if got := oneItem(t, `<title>مطر</title>`+same+`</item><item><title>ريح</title>`+same+`</item><item><title>مطر</title>`+same, nil); len(got) != 2 {
		t.Errorf("one guid and one link for two articles, one of them twice: %d stories", len(got))
	}
}

func TestHashFollowsWhatReadersSee(t *testing.T) {
	t.Parallel()
	hash := func(item string) string { return oneItem(t, item, nil)[0].Hash }
	base := hash(`<title>x</title><description>نص</description><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate>`)
	if hash(`<title>x</title><description>  نص </description><pubDate>Mon, 23 Nov 2026 09:00:00 GMT</pubDate>`) != base {
		t.Error("a later date is no edit")
	}
	if hash(`<title>x</title><description>نص آخر</description>`) == base {
		t.Error("another text is one")
	}
}

func Example_headline() {
	bare, decoration := headline("عاجل | البلدية تفتتح السوق (صور)", "")
	fmt.Println(bare, decoration)
	// Output: البلدية تفتتح السوق [عاجل صور]
}
