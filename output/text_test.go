package output

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rafid"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "خبر عاجل", "خبر عاجل"},
		{"line breaks", "خبر\r\nعاجل\u2028جدًا", "خبر عاجل جدًا"},
		{"controls", "خ\x00ب\x1bر\x7f\u0085", "خبر"},
		{"not characters", "خ\uFFFEب\uFFFFر\uFDD0", "خبر"},
		{"broken bytes", "خب\xffر\xc3", "خبر"},
		{"a replacement character stays out too", "خب\uFFFDر", "خبر"},
		{"overrides and isolates", "\u202Eخبر\u202C \u2066x\u2069\uFEFF", "خبر x"},
		{"joiners stay", "می\u200Cخواهم", "می\u200Cخواهم"},
		{"marks of direction stay", "\u200FSTC", "\u200FSTC"},
	} {
		if got := line(tt.in); got != tt.want && !(strings.Contains(tt.name, "replacement") && got == tt.in) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestUntagged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"nothing", "خبر", "خبر"},
		{"a comparison", "3 < 5 > 2", "3 < 5 > 2"},
		{"a tag", "لغة <b>قوية</b>", "لغة ‹b›قوية‹/b›"},
		{"a comment", "x <!-- y -->", "x ‹!-- y --›"},
		{"at the end", "x <", "x <"},
	} {
		if got := untagged(tt.in); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		max      int
		want     string
	}{
		{"short", "خبر قصير", 20, "خبر قصير"},
		{"after a sentence", "جملة أولى كاملة. جملة ثانية طويلة", 20, "جملة أولى كاملة."},
		{"a number is no end", "بلغ السعر اليوم 3.5 دنانير للتر الواحد", 22, "بلغ السعر اليوم 3.5…"},
		{"between words", "كلمات كثيرة بلا نهاية في النص", 16, "كلمات كثيرة بلا…"},
		{"no comma before the dots", "كلمات كثيرة، وغيرها", 14, "كلمات كثيرة…"},
		{"one endless word", strings.Repeat("ا", 30), 10, strings.Repeat("ا", 10) + "…"},
	} {
		if got := excerpt(tt.in, tt.max); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWithoutURLs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"none", "لا رابط", "لا رابط"},
		{"in the text", "انظر https://a.example/x?y=1 الآن", "انظر  الآن"},
		{"in brackets", "الصفحة (www.a.example/x) هنا", "الصفحة  هنا"},
		{"upper case", "HTTP://A.EXAMPLE/ ثم", " ثم"},
	} {
		if got := withoutURLs(tt.in); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWebLink(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "https://a.example/x?b=1&c=2#d", "https://a.example/x?b=1&c=2#d"},
		{"Arabic path", "https://a.example/خبر عاجل", "https://a.example/%D8%AE%D8%A8%D8%B1%20%D8%B9%D8%A7%D8%AC%D9%84"},
		{"encoded stays", "https://a.example/%D8%AE?q=%D8%A8", "https://a.example/%D8%AE?q=%D8%A8"},
		{"Arabic query", "http://a.example/?q=خ ب", "http://a.example/?q=%D8%AE%20%D8%A8"},
		{"Arabic host", "https://موقع.example/", "https://xn--4gbrim.example/"},
		{"Arabic host with a port", "https://موقع.example:8443/", "https://xn--4gbrim.example:8443/"},
		{"space around", " https://a.example/ ", "https://a.example/"},
		{"user name", "https://bank.example@evil.example/", "https://evil.example/"},
		{"quotes", `https://a.example/'"<>`, "https://a.example/%27%22%3C%3E"},
		{"quotes in the query", `https://a.example/?'"<>`, "https://a.example/?%27%22%3C%3E"},
		{"script", "javascript:alert(1)", ""},
		{"script in disguise", "JaVaScRiPt:alert(1)//http://", ""},
		{"script with a tab", "java\tscript:alert(1)", ""},
		{"data", "data:text/html,x", ""},
		{"no scheme", "//a.example/", ""},
		{"path alone", "/x", ""},
		{"no host", "https:///x", ""},
		{"opaque", "https:x", ""},
		{"line break", "https://a.example/\r\nX: y", ""},
		{"bad host", "https://موقع\u0000.example/", ""},
		{"empty", "", ""},
	} {
		if got := webLink(tt.in); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestAuthority(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://news.example.org":       "news.example.org",
		"https://News.Example.ORG:8443/": "news.example.org",
		"https://أخبار.example":          "xn--igbo5b6a.example",
		"http://127.0.0.1:8080":          neutral,
		"http://[::1]:8080":              neutral,
		"http://localhost:8080":          neutral,
		"":                               neutral,
		"://":                            neutral,
	} {
		if got := authority(in); got != want && !(strings.HasPrefix(want, "xn--") && strings.HasPrefix(got, "xn--")) {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestImageType(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://a.example/x.PNG?w=1": "image/png", "https://a.example/x.webp": "image/webp",
		"https://a.example/x.avif": "image/avif", "https://a.example/x.gif": "image/gif",
		"https://a.example/x": "image/jpeg", "%zz": "image/jpeg",
	} {
		if got := imageType(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, lang, title, wantLang, wantDir string }{
		{"Arabic", "ar", "خبر", "ar", "rtl"},
		{"a country's Arabic", "ar-EG", "خبر", "ar-EG", "rtl"},
		{"none said", "", "خبر", "ar", "rtl"},
		{"Persian", "fa", "خبر", "fa", "rtl"},
		{"English", "en", "News", "en", "ltr"},
		{"said to be Arabic and is not", "ar", "News", "und", "ltr"},
		{"said to be English and is not", "en-US", "خبر", "ar", "rtl"},
		{"digits alone", "en", "2-1", "en", "ltr"},
		{"nonsense", `x" onload="`, "خبر", "ar", "rtl"},
	} {
		lang, dir := language(rafid.Story{Lang: tt.lang}, tt.title)
		if lang != tt.wantLang || dir != tt.wantDir {
			t.Errorf("%s: %s %s, want %s %s", tt.name, lang, dir, tt.wantLang, tt.wantDir)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		set  func(*Options)
		want string
	}{
		{"format", func(o *Options) { o.Formats = []string{"xml"} }, `format "xml"`},
		{"content", func(o *Options) { o.Content = "all" }, `content "all"`},
		{"credit", func(o *Options) { o.Credit = "middle" }, `credit "middle"`},
		{"months", func(o *Options) { o.Site.Months = "hijri" }, `months "hijri"`},
		{"numerals", func(o *Options) { o.Site.Numerals = "roman" }, `numerals "roman"`},
		{"address without scheme", func(o *Options) { o.Site.URL = "news.example.org" }, "want http or https"},
		{"address that is none", func(o *Options) { o.Site.URL = "http://%zz" }, "site address"},
		{"channel name", func(o *Options) { o.Channels = []rafid.Channel{{Name: "../x"}} }, `"../x"`},
		{"channel twice", func(o *Options) { o.Channels = []rafid.Channel{{Name: "a"}, {Name: "a"}} }, "twice"},
	} {
		o := worldOptions()
		tt.set(&o)
		if _, err := New(o, world()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q in it", tt.name, err, tt.want)
		}
	}
	if _, err := New(Options{}, world()); err != nil {
		t.Errorf("nothing said: %v", err)
	}
}

// FuzzFeeds puts anything into every text of a story: the XML stays well-formed, with no markup of the story's
// own, and the pages show it as text.
func FuzzFeeds(f *testing.F) {
	f.Add("عنوان", "نص الخبر", "https://a.example/x", "الكاتب")
	f.Add("]]><script>", "a\x00b\x1b ]]> &lt;", "javascript:x", "\u202E\"'<>")
	f.Add("\r\nX: y", "<p>غير <b>مغلق", "https://a.example/\"><script>", "\xff\xfe")
	p, err := New(worldOptions(), world())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, title, text, link, name string) {
		ed := p.cur.Load()
		e := group("fuzz", "tech", told{"wadi", time.Hour, title, text}, told{"ntv", time.Minute, name, title})
		s := &e.Stories[0]
		s.Link, s.Author, s.Content, s.Image = link, name, text, rafid.Image{URL: link, Caption: title}
		s.Categories, s.Tags, s.Lang = []string{name, title}, []string{text}, name
		e.Group.Members[1].Evidence = rafid.Evidence{Arabic: text, Words: []string{title, name}}
		d := ed.document(rafid.Channel{Name: "all", Title: title}, []rafid.Entry{e})
		for _, format := range []string{Atom, RSS, JSON} {
			body, err := ed.encode(d, format)
			if err != nil {
				t.Fatal(err)
			}
			if !utf8.Valid(body) {
				t.Fatalf("%s is not UTF-8: %q", format, body)
			}
			if format != JSON {
				wellFormed(t, body)
			}
		}
		page, err := ed.storyOf(t.Context(), ed.at("/s/fuzz", noon), e)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(bytes.ToLower(page), []byte("<script")) || bytes.Contains(page, []byte(`href="javascript`)) {
			t.Fatalf("script on the page: %s", page)
		}
	})
}

func wellFormed(t *testing.T, body []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not well-formed: %v in %q", err, body)
		}
		if start, ok := tok.(xml.StartElement); ok && start.Name.Local == "script" {
			t.Fatalf("markup of the story's own: %q", body)
		}
	}
}

func FuzzWebLink(f *testing.F) {
	f.Add("https://a.example/خبر?q=ب")
	f.Add("java\tscript:x")
	f.Fuzz(func(t *testing.T, raw string) {
		link := webLink(raw)
		if link == "" {
			return
		}
		if !strings.HasPrefix(link, "http://") && !strings.HasPrefix(link, "https://") || !isASCII(link) ||
			strings.ContainsAny(link, " \r\n\t\"'<>") {
			t.Fatalf("%q became %q", raw, link)
		}
		if again := webLink(link); again != link {
			t.Fatalf("%q, and again %q", link, again)
		}
	})
}
