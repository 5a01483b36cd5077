package fetch

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"rafid"
	"rafid/arabic"
)

// pageOf makes a page of an article of the seed's shape, with what pages have around one.
func pageOf(article string) (page, title, section, caption string) {
	parts := strings.SplitN(strings.TrimSpace(article), "\n\n", 3)
	section, title = strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1])
	text, comments, _ := strings.Cut(parts[2], "التعليقات (")
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	var body, below strings.Builder
	n := 0
	for p := range strings.SplitSeq(text, "\n") {
		switch p = strings.TrimSpace(p); {
		case p == "":
		case n == 0:
			caption = p
			body.WriteString(`<figure><img src="/a.jpg" alt="` + escaped.Replace(p) + `"><figcaption>` + escaped.Replace(p) + "</figcaption></figure>")
			n++
		case n == 1:
			body.WriteString(`<div class="caption">` + escaped.Replace(p) + "</div>")
			n++
		default:
			body.WriteString("<p>" + escaped.Replace(p) + "</p>\n")
		}
	}
	for p := range strings.SplitSeq(comments, "\n") {
		below.WriteString("<p>" + escaped.Replace(p) + "</p>")
	}
	page = `<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>` + title + ` | صحيفة</title>
<meta property="og:title" content="` + strings.ReplaceAll(title, `"`, "&quot;") + `"><meta property="article:section" content="` + section + `"><link rel="canonical" href="https://waha.example/news/1">
</head><body><header><a href="/">الرئيسية</a></header><nav><a href="/s">سياسة</a><a href="/e">اقتصاد</a></nav>
<main><div class="crumbs"><a href="/s">` + section + `</a></div><h1>` + title + `</h1><div class="text">` + body.String() + `</div>
<div class="tools"><a>فيسبوك</a> <a>تويتر</a> <a>واتساب</a></div>
<section><h3>التعليقات (1)</h3><div>` + below.String() + `</div></section></main>
<aside><h3>الأكثر قراءة</h3><a href="/2">خبر آخر في مكان آخر</a></aside><footer>جميع الحقوق محفوظة</footer></body></html>`
	return page, title, section, caption
}

func checkPage(t *testing.T, article string) {
	t.Helper()
	page, title, section, caption := pageOf(article)
	a, err := ReadPage([]byte(page), ParseOptions{URL: "https://waha.example/news/1?utm_source=x"})
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != title || a.Label != section || a.Image.Caption != caption || a.URL != "https://waha.example/news/1" || a.Image.URL != "https://waha.example/a.jpg" {
		t.Errorf("title %q, section %q, caption %q, %s, %s", a.Title, a.Label, a.Image.Caption, a.URL, a.Image.URL)
	}
	if !a.Published.IsZero() {
		t.Errorf("published %v: a comment's date", a.Published)
	}
	if lines := strings.Split(a.Summary, "\n"); len(lines) != 6 {
		t.Errorf("%d paragraphs: %q", len(lines), lines)
	}
	if n := len(regexp.MustCompile(`<p>`).FindAllString(a.Content, -1)); n != 6 {
		t.Errorf("%d paragraphs in %q", n, a.Content)
	}
	for _, bad := range []string{"اقرأ أيضا", "التعليقات", "فيسبوك", "الأكثر قراءة", caption} {
		if strings.Contains(a.Summary+regexp.MustCompile(`<[^>]*>`).ReplaceAllString(a.Content, ""), bad) {
			t.Errorf("the text has %q", bad)
		}
	}
}

func TestPageOfTheSeed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(sharedDir(t, "seed"), "*.txt"))
	if err != nil || len(files) == 0 {
		t.Skip("no seed article")
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, string(raw))
}

func TestPage(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "article.txt"))
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, string(raw))
}

// TestSavedPages reads the saved pages; where the whole text is known, it counts which part of its words
// is found and which part of the found words belongs to it.
func TestSavedPages(t *testing.T) {
	t.Parallel()
	dir := sharedDir(t, "pages")
	for _, c := range []struct {
		file, want    string
		found, belong float64
	}{
		{"newspaper4k_arabic_article.html", "newspaper4k_arabic_article.txt", 0.99, 0.98},
		{"goose3_test_cnn_arabic.html", "goose3_test_cnn_arabic.json", 0.95, 0},
		{"trafilatura_assabah.com.tn.article.html", "", 0, 0},
		{"fetch_util_skynewsarabia_article.html", "", 0, 0},
		{"fetch_util_almasryalyoum_article.html", "", 0, 0},
		{"fetch_util_generic_mobile_arabic_article.html", "", 0, 0},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			doc, err := os.ReadFile(filepath.Join(dir, c.file))
			if err != nil {
				t.Fatal(err)
			}
			a, err := ReadPage(doc, ParseOptions{URL: "https://waha.example/1"})
			if err != nil {
				t.Fatal(err)
			}
			if a.Title == "" || unclean.MatchString(a.Title+a.Summary) {
				t.Errorf("%q: %q", a.Title, unclean.FindString(a.Title+a.Summary))
			}
			t.Logf("%q, %q, %v, %d letters in %d paragraphs", a.Title, a.Image.Caption, a.Published, len(a.Summary), strings.Count(a.Summary, "\n")+1)
			if c.want != "" {
				found, belong := overlap(t, filepath.Join(dir, c.want), a.Summary)
				t.Logf("%.2f found, %.2f belong", found, belong)
				if found < c.found || belong < c.belong {
					t.Errorf("%.2f found, %.2f belong: %s", found, belong, a.Summary)
				}
			}
		})
	}
}

func overlap(t *testing.T, file, got string) (found, belong float64) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := string(raw)
	if strings.HasSuffix(file, ".json") {
		var j struct {
			Expected struct {
				Text string `json:"cleaned_text"`
			}
		}
		if err := json.Unmarshal(raw, &j); err != nil {
			t.Fatal(err)
		}
		want = j.Expected.Text
	}
	return within(want, got), within(got, want)
}

// within is the part of the words of a that b has too.
func within(a, b string) float64 {
	have := make(map[string]int)
	for _, w := range arabic.Words(b) {
		have[w]++
	}
	words := arabic.Words(a)
	n := 0
	for _, w := range words {
		if have[w] > 0 {
			have[w]--
			n++
		}
	}
	return float64(n) / float64(max(1, len(words)))
}

func TestPagesThatHoldNone(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"nothing":  "",
		"a wall":   "<html><head><title>Just a moment...</title></head><body><p>Checking your browser</p></body></html>",
		"nesting":  strings.Repeat("<div>", 100_000),
		"a binary": "\x89PNG\r\n\x1a\n",
	} {
		if a, err := ReadPage([]byte(page), ParseOptions{URL: "https://waha.example/1"}); !errors.Is(err, ErrNoArticle) {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
}

func TestPageHead(t *testing.T) {
	t.Parallel()
	body := `<h1>افتتاح السوق</h1><p>` + strings.Repeat("قالت البلدية إن السوق سيفتح أبوابه أمام المزارعين. ", 6) + `</p>`
	for _, c := range []struct{ name, head, want string }{
		{"linked data", `<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"x","datePublished":"2026-11-22T10:00:00+03:00","articleSection":["محليات"],"author":[{"@type":"Person","name":"سلمى القروي"}],"image":{"@type":"ImageObject","url":"/a.jpg"}}</script>`, "2026-11-22 07:00 محليات سلمى القروي https://waha.example/a.jpg"},
		{"linked data in a graph, beside others", `<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"الواحة"},{"@type":["Article","NewsArticle"],"datePublished":"٢٠٢٦-١١-٢٢T١٠:٠٠:٠٠+٠٣:٠٠","author":"سلمى القروي","image":["https://waha.example/a.jpg"]}]}</script>`, "2026-11-22 07:00  سلمى القروي https://waha.example/a.jpg"},
		{"the head comes first", `<meta property="article:published_time" content="2026-11-21T10:00:00Z"><script type="application/ld+json">[{"@type":"NewsArticle","datePublished":"2026-11-22T10:00:00Z"}]</script>`, "2026-11-21 10:00   "},
		{"linked data of something else", `<script type="application/ld+json">{"@type":"Comment","datePublished":"2026-11-22T10:00:00Z","author":"قارئ"}</script>`, "unknown   "},
		{"broken linked data", `<script type="application/ld+json">{"@type":"NewsArticle",</script>`, "unknown   "},
		{"an author that is an address", `<meta name="author" content="https://waha.example/salma">`, "unknown   "},
	} {
		a, err := ReadPage([]byte("<html><head>"+c.head+"</head><body><article>"+body+"</article></body></html>"), ParseOptions{URL: "https://waha.example/1"})
		if err != nil {
			t.Fatal(err)
		}
		published := "unknown"
		if !a.Published.IsZero() {
			published = a.Published.Format("2006-01-02 15:04")
		}
		if got := fmt.Sprintf("%s %s %s %s", published, a.Label, a.Author, a.Image.URL); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPageCharset(t *testing.T) {
	t.Parallel()
	page := `<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1256"><title>السوق</title></head><body><article><h1>افتتاح السوق</h1><p>` + strings.Repeat("قالت البلدية إن السوق سيفتح أبوابه أمام المزارعين. ", 6) + `</p></article></body></html>`
	doc, err := charmap.Windows1256.NewEncoder().String(page)
	if err != nil {
		t.Fatal(err)
	}
	a, err := ReadPage([]byte(doc), ParseOptions{URL: "https://waha.example/1"})
	if err != nil || a.Title != "افتتاح السوق" {
		t.Errorf("%v %+v", err, a)
	}
}

func TestPagesObeyRobots(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "article.txt"))
	if err != nil {
		t.Fatal(err)
	}
	page, _, _, _ := pageOf(string(raw))
	var asked, robotsAsked atomic.Int32
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			robotsAsked.Add(1)
			fmt.Fprint(w, "User-agent: *\nDisallow: /closed\n\nUser-agent: Rafid\nDisallow: /ours\n")
			return
		}
		asked.Add(1)
		fmt.Fprint(w, page)
	})
	c, ck := newClient(t)
	tg := target(srv)
	s := rafid.Story{Title: "كما في المغذي", Published: ck.now(), Hash: "of the feed"}
	a, err := c.Page(t.Context(), tg, srv.URL+"/news/1")
	if err != nil {
		t.Fatal(err)
	}
	a.Fill(&s)
	if s.Title != "كما في المغذي" || s.Content == "" || s.Summary == "" || s.Image.URL == "" || len(s.Labels) != 1 || s.Hash != "of the feed" {
		t.Errorf("%+v", s)
	}
	if _, err := c.Page(t.Context(), tg, srv.URL+"/ours/1"); !errors.Is(err, ErrRobots) {
		t.Errorf("a closed page: %v", err)
	}
	for range pagesPerHour {
		if _, err = c.Page(t.Context(), tg, srv.URL+"/news/1"); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrBudget) || asked.Load() != pagesPerHour || robotsAsked.Load() != 1 {
		t.Errorf("%v after %d pages and %d robots.txt", err, asked.Load(), robotsAsked.Load())
	}
	ck.forward(time.Hour)
	if _, err = c.Page(t.Context(), tg, srv.URL+"/news/1"); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestRobotsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		code int
		want error
	}{
		{"there is none", 404, nil},
		{"it is closed", 403, nil},
		{"the server is ill", 500, ErrRobots},
	} {
		cl, _ := newClient(t)
		srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				w.WriteHeader(c.code)
				return
			}
			w.WriteHeader(http.StatusNotFound)
		})
		_, err := cl.Page(t.Context(), target(srv), srv.URL+"/1")
		var status *StatusError
		if c.want != nil && !errors.Is(err, c.want) || c.want == nil && !errors.As(err, &status) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add("<html><body><article><h1>x</h1><p>نص</p></article></body></html>")
	f.Add(`<div class="comments"><p>x</p></div><figure><img src=a><figcaption>x`)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<14 {
			return
		}
		a, err := ReadPage([]byte(s), ParseOptions{URL: "https://waha.example/1"})
		if err == nil && strings.Contains(strings.ToLower(a.Content), "<script") {
			t.Errorf("unsafe: %q", a.Content)
		}
	})
}
