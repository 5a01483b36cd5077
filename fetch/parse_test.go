package fetch

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

const (
	head = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>الواحة</title>`
	foot = `</channel></rss>`
	one  = `<item><title>مطر على الساحل</title><link>https://waha.example/1</link></item>`
	two  = `<item><title>ريح في الجبل</title><link>https://waha.example/2</link></item>`
)

func TestRepairs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, doc string
		titles    []string
		repair    string // part of the one repair; empty: none
	}{
		{"nothing wrong", head + one + two + foot, []string{"مطر على الساحل", "ريح في الجبل"}, ""},
		{"blank lines before", "\n\n \t" + head + one + foot, []string{"مطر على الساحل"}, ""},
		{"a warning before", "<br />\n<b>Warning</b>: include(x.php) in <b>/a</b> on line <b>3</b><br />\n" + head + one + foot, []string{"مطر على الساحل"}, "text before"},
		{"words before", "Notice: Undefined index\n" + head + one + foot, []string{"مطر على الساحل"}, "text before"},
		{"a comment and a style sheet before", `<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><!-- made by hand -->` + head[38:] + one + foot, []string{"مطر على الساحل"}, ""},
		{"a script behind", head + one + foot + "<script>1<2</script>", []string{"مطر على الساحل"}, "out of place"},
		{"bare ampersand", head + `<item><title>مطر & ريح</title><link>https://waha.example/?a=1&b=2</link></item>` + foot, []string{"مطر &amp; ريح"}, ""},
		{"bare less-than", head + `<item><title>3 < 5 درجات</title></item>` + foot, []string{"3 &lt; 5 درجات"}, "out of place"},
		{"named entity of HTML", head + `<item><title>مطر&nbsp;ريح&hellip;</title></item>` + foot, []string{"مطر\u00a0ريح…"}, ""},
		{"control characters", head + "<item><title>مطر\x0b\x00 ريح</title></item>" + foot, []string{"مطر ريح"}, ""},
		{"reference to a control character", head + "<item><title>مطر&#x1F; ريح</title></item>" + foot, []string{"مطر ريح"}, "not well formed"},
		{"halves of a character", head + "<item><dc:creator>x&#1;</dc:creator><title>مطر &#55357;&#56832;</title></item>" + foot, []string{"مطر 😀"}, "not well formed"},
		{"reference to nothing", head + "<item><title>مطر &#; ريح &#x1F;</title></item>" + foot, []string{"مطر &amp;#; ريح"}, "not well formed"},
		{"end of CDATA in text", head + "<item><title>مطر ]]> ريح</title></item>" + foot, []string{"مطر ]]&gt; ريح"}, "not well formed"},
		{"undeclared prefix", head + `<item><title>مطر</title><media:content url="https://waha.example/a.jpg"/></item>` + foot, []string{"مطر"}, ""},
		{"attribute without quotes", head + `<item><title>مطر</title><enclosure url=https://waha.example/a.mp3 length=1 type=audio/mpeg /></item>` + foot, []string{"مطر"}, "not well formed"},
		{"attribute with a less-than", head + `<item><title>مطر</title><guid isPermaLink="a<b">1</guid></item>` + foot, []string{"مطر"}, "not well formed"},
		{"comment with two hyphens", head + `<!-- a -- b -->` + one + foot, []string{"مطر على الساحل"}, "not well formed"},
		{"HTML that is not escaped", head + `<item><title>مطر</title><description><p>نزل <br> مطر <img src="a.jpg"> كثير</p></description></item>` + foot, []string{"مطر"}, "out of place"},
		{"title that does not end", head + `<item><title>مطر<link>https://waha.example/1</link></item>` + two + foot, []string{"مطر", "ريح في الجبل"}, "out of place"},
		{"item that does not end", head + `<item><title>مطر</title>` + two + foot, []string{"مطر", "ريح في الجبل"}, "out of place"},
		{"a name of two prefixes", head + `<item><title>مطر</title><a:b:c x:y:z="1">x</a:b:c></item>` + two + foot, []string{"مطر", "ريح في الجبل"}, "not well formed"},
		{"one item that cannot be mended", head + one + `<item><title>مطر</title><×>x</×></item>` + two + foot, []string{"مطر على الساحل", "ريح في الجبل"}, "2 of 3 items kept"},
		{"no end of the channel", head + one + two, []string{"مطر على الساحل", "ريح في الجبل"}, "ends too early"},
		{"cut in an item", head + one + two[:40], []string{"مطر على الساحل"}, "ends too early"},
		{"cut in a tag", head + one + "<item><tit", []string{"مطر على الساحل"}, "ends too early"},
		{"cut in CDATA", head + one + "<item><title><![CDATA[مطر", []string{"مطر على الساحل"}, "ends too early"},
		{"cut in the first item", head + "<item><title>مطر</title><description><![CDATA[نزل", []string{"مطر"}, "ends too early"},
		{"ends in the wrong order", head + `<item><title>مطر</title></channel></item></rss>`, []string{"مطر"}, "out of place"},
		{"root in capitals", strings.NewReplacer("rss", "RSS", "channel", "CHANNEL").Replace(head + one + foot), []string{"مطر على الساحل"}, ""},
		{"a channel without a root", "<channel><title>الواحة</title>" + one + "</channel>", []string{"مطر على الساحل"}, "no root"},
		{"items without a channel", one + two, []string{"مطر على الساحل", "ريح في الجبل"}, "no root"},
		{"entries without a feed", "<entry><title>مطر على الساحل</title></entry>", []string{"مطر على الساحل"}, "no root"},
		{"two channels", head + one + "</channel><channel>" + two + foot, []string{"مطر على الساحل", "ريح في الجبل"}, "2 of 2 items kept"},
		{"ends in another case", head + `<item><title>مطر</Title><link>https://waha.example/1</LINK></item>` + foot, []string{"مطر"}, "out of place"},
		{"inside a page", "<html><body>" + head[38:] + one + foot + "</body></html>", []string{"مطر على الساحل"}, "text before"},
		{"JSON with a mark", "\ufeff" + `{"version":"https://jsonfeed.org/version/1.1","title":"الواحة","items":[{"id":"1","title":"مطر"}]}`, []string{"مطر"}, ""},
		{"JSON that ends early", `{"version":"https://jsonfeed.org/version/1.1","title":"الواحة","items":[{"id":1,"title":"مطر"},{"id":2,"tit`, []string{"مطر"}, "json: broken"},
		{"JSON with members of other types", `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"مطر","author":"سلمى","tags":"طقس","image":{"url":"x"}},{"id":"2","title":"ريح"}]}`, []string{"مطر", "ريح"}, "json: broken"},
		{"JSON with one bad item", `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":{"a":1}},{"id":"2","title":"مطر"}]}`, []string{"مطر"}, "json: broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, err := Parse([]byte(c.doc), ParseOptions{})
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for _, it := range d.Items {
				titles = append(titles, it.Title)
			}
			if diff := cmp.Diff(c.titles, titles); diff != "" {
				t.Error(diff)
			}
			if got := strings.Join(d.Repairs, "; "); (got == "") != (c.repair == "") || !strings.Contains(got, c.repair) {
				t.Errorf("repairs %q, want %q", got, c.repair)
			}
		})
	}
}

func TestNoFeed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, doc string
		want      error
	}{
		{"nothing", "", ErrNoFeed},
		{"blanks", " \n ", ErrNoFeed},
		{"a page", "<!DOCTYPE html><html><head><title>x</title></head></html>", ErrPage},
		{"a wall", "<html><body><script>challenge()</script></body></html>", ErrPage},
		{"other XML", `<?xml version="1.0"?><urlset><url/></urlset>`, ErrNoFeed},
		{"other JSON", `{"error":"not found"}`, ErrNoFeed},
		{"broken JSON", `{"error":`, ErrNoFeed},
		{"words", "404 page not found", ErrNoFeed},
		{"bytes", "\x89PNG\r\n\x1a\n\x00\x00", ErrNoFeed},
		{"too deep", head + "<item>" + strings.Repeat("<a>", 200) + "</item>" + foot, ErrHostile},
		{"too many attributes", head + "<item " + strings.Repeat(`a="1" `, 400) + "/>" + foot, ErrHostile},
		{"a tag without bound", head + `<item a="` + strings.Repeat("x", 2<<20) + `"/>` + foot, ErrHostile},
	} {
		if _, err := Parse([]byte(c.doc), ParseOptions{}); !errors.Is(err, c.want) || c.want == ErrNoFeed && errors.Is(err, ErrPage) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// TestAttacks hands over documents built to exhaust a parser: each ends soon and in little memory.
func TestAttacks(t *testing.T) {
	if testing.Short() {
		t.Skip("big documents")
	}
	const mb = 1 << 19
	bomb := `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>` + head[38:] + `<item><title>&b;&b;&a;</title></item>` + foot
	for name, doc := range map[string]string{
		"nesting":            head + "<item>" + strings.Repeat("<x:a>", 3*mb) + foot,
		"nesting in CDATA":   head + "<item><title>x</title><description><![CDATA[" + strings.Repeat("<div>", 2*mb) + "]]></description></item>" + foot,
		"stray tags":         head + strings.Repeat("<", 14*mb) + foot,
		"open quotes":        head + strings.Repeat(`<a b="`, 2*mb) + foot,
		"tags":               head + strings.Repeat("<a/>", 3*mb) + foot,
		"attributes":         head + "<item " + strings.Repeat("a=b ", 200_000) + "/>" + foot,
		"entities":           bomb,
		"many small expands": strings.Replace(bomb, "<title>", "<title>"+strings.Repeat("&a;", mb), 1),
		"items":              head + strings.Repeat("<item><title>x</title></item>", 400_000) + foot,
		"ends":               head + strings.Repeat("</a>", 3*mb) + foot,
		"scripts":            head + "<item><description><![CDATA[" + strings.Repeat("<script>", mb) + "]]></description></item>" + foot,
		"escaped tags":       head + "<item><description><![CDATA[" + strings.Repeat("&lt;p", mb) + "]]></description></item>" + foot,
		"one line":           head + "<item><title>x</title><description><![CDATA[" + strings.Repeat("a<br>b<br>", mb/2) + "]]></description></item>" + foot,
		"authors":            head + `<item><title>x</title>` + strings.Repeat("<author>x</author>", mb/8) + "</item>" + foot,
		"ampersands":         head + "<item><title>" + strings.Repeat("&", 4*mb) + "</title></item>" + foot,
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			began := time.Now()
			r, err := read([]byte(doc), ParseOptions{})
			if err == nil {
				tl := teller{now: began, dates: dater{now: began}}
				tl.stories(r)
			}
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			if took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			t.Logf("%v, %d MB allocated in all, %v", took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20, err)
		})
	}
}

func TestPackedDocuments(t *testing.T) {
	t.Parallel()
	packed := func(doc string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(doc)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	feed := packed(head + one + foot)
	for _, c := range []struct {
		name  string
		doc   []byte
		items int
		err   error
	}{
		{"a feed", feed, 1, nil},
		{"a feed that ends early", feed[:len(feed)-9], 1, nil},
		{"a bomb", packed(strings.Repeat(" ", 40<<20)), 0, ErrTooLarge},
		{"the mark of gzip alone", feed[:3], 0, ErrNoFeed},
	} {
		d, err := Parse(c.doc, ParseOptions{})
		if !errors.Is(err, c.err) || err == nil && len(d.Items) != c.items {
			t.Errorf("%s: %v, %v", c.name, d, err)
		}
	}
}

func TestOutsideEntitiesAreNotFetched(t *testing.T) {
	t.Parallel()
	doc := `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;<!ENTITY own "البلدية">]>` + head[38:] + `<item><title>&own; &x; تقول</title></item>` + foot
	d, err := Parse([]byte(doc), ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Items[0].Title; strings.Contains(got, "root:") || !strings.HasPrefix(got, "البلدية") {
		t.Errorf("title %q", got)
	}
}

// TestDocuments compares the neutral form of whole documents; RAFID_UPDATE=1 writes it anew.
func TestDocuments(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "documents", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no documents", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d, err := Parse(ar.Files[0].Data, ParseOptions{URL: "https://waha.example/feeds/all", Now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)})
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(d, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			if os.Getenv("RAFID_UPDATE") != "" {
				ar.Files = append(ar.Files[:1], txtar.File{Name: "want.json", Data: got})
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(ar.Files) < 2 {
				t.Fatal("no expectation")
			}
			if diff := cmp.Diff(string(ar.Files[1].Data), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{head + one + two + foot, head + one + two[:40], `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">&lt;b&gt;x</title><content type="xhtml"><div>a</div></content></entry></feed>`, `{"version":"https://jsonfeed.org/version/1","items":[{"id":1}]}`, "<rss><item><title>a<link>b</item>", `<rdf:RDF xmlns="http://purl.org/rss/1.0/"><item rdf:about="x"><title>t</title></item></rdf:RDF>`} {
		f.Add([]byte(s))
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, doc []byte) {
		r, err := read(doc, ParseOptions{})
		if err != nil {
			if !errors.Is(err, ErrNoFeed) && !errors.Is(err, ErrHostile) && !errors.Is(err, ErrTooLarge) {
				t.Fatalf("an error without a name: %v", err)
			}
			return
		}
		d := r.document(ParseOptions{URL: "https://waha.example/"})
		for _, it := range d.Items {
			for _, s := range []string{it.Title, it.Summary, it.Content} {
				if low := strings.ToLower(s); strings.Contains(low, "<script") || strings.Contains(low, "<iframe") {
					t.Fatalf("unsafe: %q", s)
				}
			}
		}
		tl := teller{now: now, dates: dater{now: now}, base: "https://waha.example/"}
		ids := map[string]bool{}
		for _, s := range tl.stories(r) {
			if s.Title == "" || len(s.ID) != idLetters || ids[s.ID] || s.Published.After(now) || strings.ContainsAny(s.Title, "\n\r\t") {
				t.Fatalf("%+v", s)
			}
			ids[s.ID] = true
		}
	})
}

// FuzzMend holds the mender to its word: what it writes is surveyed as whole, and mending it again
// changes nothing.
func FuzzMend(f *testing.F) {
	for _, s := range []string{"<a><b></a>", "<a b=c d='e<f'>&x&#1;]]>", "<a><![CDATA[x", "<item><title>x<item>", "</a><a/><!-- -- --><a"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		if len(doc) > 1<<16 {
			return
		}
		out := mend(doc, len(doc))
		s, err := look(out)
		if err == nil && (s.flawed || s.partial && len(s.items) < maxItems) {
			t.Fatalf("%q became %q", doc, out)
		}
		if again := mend(out, len(out)); string(again) != string(out) {
			t.Fatalf("%q, mended again %q", out, again)
		}
	})
}

func ExampleDocument() {
	d, err := Parse([]byte(`<rss version="2.0"><channel><title>الواحة</title><item><title>مطر</title><pubDate>23 نوفمبر 2026</pubDate></item></channel></rss>`), ParseOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := json.Marshal(d)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(string(out))
	// Output: {"format":"rss","version":"2.0","encoding":"utf-8","repairs":[],"feed":{"title":"الواحة"},"items":[{"title":"مطر","published":"2026-11-23T00:00:00Z"}]}
}
