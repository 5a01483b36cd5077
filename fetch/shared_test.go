package fetch

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rafid"
)

// sharedDir is where the measuring data lies; the test is skipped when it is not there.
func sharedDir(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("RAFID_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	dir := filepath.Join(append([]string{root, "data"}, parts...)...)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no measuring data: %v", err)
	}
	return dir
}

func gunzipFile(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// tell reads a document the way a client does after the answer has come.
func tell(t *testing.T, doc []byte, src rafid.Source, now time.Time) ([]rafid.Story, *reading) {
	t.Helper()
	r, err := read(doc, ParseOptions{URL: src.URL})
	if err != nil {
		t.Fatal(err)
	}
	tl := teller{source: src, now: now, dates: dater{country: src.Country, now: now}, base: src.URL, lang: r.language, title: line(r.title)}
	return tl.stories(r), r
}

// unclean is what no text for readers may hold: tags, references, invisible marks.
var unclean = regexp.MustCompile(`</?[a-zA-Z][^<>]*>|&(amp|quot|lt|gt|nbsp|#\d+|#x[0-9a-fA-F]+);|[\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{feff}\x{00a0}]`)

func TestRealDocuments(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(sharedDir(t, "feeds"), "*.gz"))
	if err != nil || len(files) < 15 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	now := time.Date(2025, 3, 20, 22, 0, 0, 0, time.UTC)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			stories, r := tell(t, gunzipFile(t, file), rafid.Source{ID: "x", URL: "https://example.org/feed"}, now)
			if len(stories) != len(r.items) || len(stories) < 10 {
				t.Errorf("%d stories of %d items", len(stories), len(r.items))
			}
			if strings.Contains(file, "1256") != (r.encoding == "windows-1256") {
				t.Errorf("read as %s", r.encoding)
			}
			for _, s := range stories {
				for what, v := range map[string]string{"title": s.Title, "summary": s.Summary, "author": s.Author, "caption": s.Image.Caption, "label": strings.Join(s.Labels, " ")} {
					if m := unclean.FindString(v); m != "" {
						t.Errorf("%s has %q: %.300s", what, m, v)
					}
				}
				if s.Summary == "" || s.Inferred || s.Published.After(now) || s.URL == "" || s.Lang != "ar" {
					t.Errorf("incomplete: %+v", s)
				}
			}
		})
	}
}

func TestSameSectionTwoMinutesApart(t *testing.T) {
	t.Parallel()
	dir := sharedDir(t, "feeds")
	now := time.Date(2025, 3, 20, 22, 0, 0, 0, time.UTC)
	src := rafid.Source{ID: "x", URL: "https://example.org/feed"}
	earlier, _ := tell(t, gunzipFile(t, filepath.Join(dir, "alyaum-93-20250320-2min-earlier.xml.gz")), src, now)
	later, _ := tell(t, gunzipFile(t, filepath.Join(dir, "alyaum-93-20250320.xml.gz")), src, now)
	hashes := make(map[string]string)
	for _, s := range earlier {
		hashes[s.ID] = s.Hash
	}
	for _, s := range later {
		if hashes[s.ID] != s.Hash {
			t.Errorf("another id or hash: %s %s", s.ID, s.Title)
		}
	}
}

func TestWindows1256IsTheSame(t *testing.T) {
	t.Parallel()
	dir := sharedDir(t, "feeds")
	now := time.Date(2025, 3, 20, 22, 0, 0, 0, time.UTC)
	src := rafid.Source{ID: "x", URL: "https://example.org/feed"}
	want, _ := tell(t, gunzipFile(t, filepath.Join(dir, "ennahar-20250320.xml.gz")), src, now)
	got, _ := tell(t, gunzipFile(t, filepath.Join(dir, "ennahar-20250320.derived-windows-1256.xml.gz")), src, now)
	for i := range want {
		if got[i].Title != want[i].Title || got[i].ID != want[i].ID {
			t.Errorf("%q, want %q", got[i].Title, want[i].Title)
		}
	}
}

// TestSeedArticle holds the article that the project began with: section, headline, caption twice, six
// paragraphs, a pointer to another article among them, and the comments of readers.
func TestSeedArticle(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(sharedDir(t, "seed"), "*.txt"))
	if err != nil || len(files) == 0 {
		t.Skip("no seed article")
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	checkArticle(t, string(raw))
}

// checkArticle puts an article of the seed's shape into a feed in several ways and looks at what comes out.
func checkArticle(t *testing.T, article string) {
	t.Helper()
	parts := strings.SplitN(strings.TrimSpace(article), "\n\n", 3)
	section, title := strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1])
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	var paragraphs strings.Builder
	for p := range strings.SplitSeq(article, "\n") {
		if strings.TrimSpace(p) != "" {
			paragraphs.WriteString("<p>" + escaped.Replace(p) + "</p>\n")
		}
	}
	body := strings.TrimSpace(parts[2])
	for name, itemXML := range map[string]string{
		"plain text, section apart":      "<category>" + section + "</category><description>" + escaped.Replace(body) + "</description>",
		"plain text, all in it":          "<description>" + escaped.Replace(article) + "</description>",
		"paragraphs in CDATA":            "<description><![CDATA[" + paragraphs.String() + "]]></description>",
		"paragraphs escaped":             "<category>" + section + "</category><description>" + escaped.Replace(paragraphs.String()) + "</description>",
		"line breaks":                    "<description><![CDATA[" + strings.ReplaceAll(escaped.Replace(article), "\n", "<br/>\n") + "]]></description>",
		"escaped twice":                  "<description><![CDATA[" + escaped.Replace(paragraphs.String()) + "]]></description>",
		"all in content, nothing before": "<category>" + section + "</category><content:encoded><![CDATA[" + paragraphs.String() + "]]></content:encoded>",
	} {
		t.Run(name, func(t *testing.T) {
			doc := `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>صحيفة</title><item><title>` + escaped.Replace(title) + `</title><link>https://example.org/1</link>` + itemXML + `</item></channel></rss>`
			now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			stories, _ := tell(t, []byte(doc), rafid.Source{ID: "x", URL: "https://example.org/feed"}, now)
			if len(stories) != 1 {
				t.Fatalf("%d stories", len(stories))
			}
			s := stories[0]
			if s.Title != title {
				t.Errorf("title %q, want %q", s.Title, title)
			}
			if len(s.Labels) != 1 || s.Labels[0] != section {
				t.Errorf("labels %q, want %q", s.Labels, section)
			}
			if caption := strings.TrimSpace(strings.SplitN(body, "\n", 2)[0]); s.Image.Caption != caption {
				t.Errorf("caption %q, want %q", s.Image.Caption, caption)
			}
			if !s.Inferred || !s.Published.Equal(now) {
				t.Errorf("published %v: taken from somewhere", s.Published)
			}
			six(t, s)
		})
	}
}

func six(t *testing.T, s rafid.Story) {
	t.Helper()
	lines := strings.Split(s.Summary, "\n")
	if s.Content != "" {
		lines = regexp.MustCompile(`<p>[^<]+</p>`).FindAllString(s.Content, -1)
		if rest := regexp.MustCompile(`<p>[^<]+</p>\s*`).ReplaceAllString(s.Content, ""); rest != "" {
			t.Errorf("left in the content: %q", rest)
		}
	}
	if len(lines) != 6 {
		t.Errorf("%d paragraphs: %q", len(lines), lines)
	}
	for _, bad := range []string{"اقرأ أيضا", "التعليقات", s.Image.Caption} {
		if strings.Contains(s.Summary+s.Content, bad) {
			t.Errorf("text has %q", bad)
		}
	}
}

func TestArticleOfThatShape(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "article.txt"))
	if err != nil {
		t.Fatal(err)
	}
	checkArticle(t, string(bytes.TrimSpace(raw)))
}
