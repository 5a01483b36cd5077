package output

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"rafid"
	"rafid/arabic"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with a file of testdata, which -update rewrites.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// rendered gives the bytes of a channel in a format.
func rendered(t testing.TB, p *Publisher, channel, format string) []byte {
	t.Helper()
	ed := p.cur.Load()
	c := ed.channels[channel]
	if c == nil {
		t.Fatalf("no channel %s", channel)
	}
	is, err := ed.current(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return must(is.formats[format].bytes())
}

func TestFeedsAreAsTheGoldenFiles(t *testing.T) {
	t.Parallel()
	p := publisher(t, worldOptions(), world())
	for _, name := range []string{"all.atom", "all.rss", "all.json", "all.opml", "top.atom", "source-ntv.rss"} {
		channel, format, _ := strings.Cut(name, ".")
		text := rendered(t, p, channel, format)
		if format == JSON { // written in one line; shown in many
			var b bytes.Buffer
			if err := json.Indent(&b, text, "", " "); err != nil {
				t.Fatal(err)
			}
			text = b.Bytes()
		}
		golden(t, name, text)
	}
	golden(t, "opml.xml", p.cur.Load().list.plain.body)
}

func TestSameEntriesGiveSameBytes(t *testing.T) {
	t.Parallel()
	a := publisher(t, worldOptions(), world())
	late := worldOptions()
	late.Now = func() time.Time { return noon.Add(40 * time.Hour) } // another machine, another day
	shuffled := world()
	shuffled.entries[0], shuffled.entries[3] = shuffled.entries[3], shuffled.entries[0]
	b := publisher(t, late, shuffled)
	for name, c := range a.cur.Load().channels {
		for _, format := range []string{Atom, RSS, JSON, "opml"} {
			rendered(t, a, name, format)
			rendered(t, b, name, format)
			ra, rb := c.issue.Load().formats[format], b.cur.Load().channels[name].issue.Load().formats[format]
			if diff := cmp.Diff(string(must(ra.bytes())), string(must(rb.bytes()))); diff != "" {
				t.Errorf("%s.%s:\n%s", name, format, diff)
			}
			if ra.plain.etag[0] != rb.plain.etag[0] || !ra.modified.Equal(rb.modified) {
				t.Errorf("%s.%s: validators %s %v and %s %v", name, format, ra.plain.etag, ra.modified, rb.plain.etag, rb.modified)
			}
			if string(ra.gzip.body) != string(rb.gzip.body) {
				t.Errorf("%s.%s: compressed differently", name, format)
			}
		}
	}
}

// gofeed is what we read feeds with, and stands here for a reader.
func TestGofeedReadsTheSameInEveryFormat(t *testing.T) {
	t.Parallel()
	p := publisher(t, worldOptions(), world())
	type seen struct {
		ID, Title, Link, Published, Author string
	}
	read := func(channel, format string) []seen {
		feed, err := gofeed.NewParser().ParseString(string(rendered(t, p, channel, format)))
		if err != nil {
			t.Fatalf("%s.%s: %v", channel, format, err)
		}
		if feed.Language != "ar" || arabic.FirstStrong(feed.Title) != arabic.RightToLeft {
			t.Errorf("%s.%s: language %q, title %q", channel, format, feed.Language, feed.Title)
		}
		var out []seen
		for _, it := range feed.Items {
			s := seen{ID: it.GUID, Title: it.Title, Link: it.Link, Published: it.PublishedParsed.UTC().Format(time.RFC3339)}
			for _, a := range it.Authors {
				s.Author = a.Name
			}
			out = append(out, s)
			if !strings.HasPrefix(it.GUID, "tag:news.example.org,2026:s/") {
				t.Errorf("%s.%s: id %q", channel, format, it.GUID)
			}
		}
		return out
	}
	for _, channel := range []string{"all", "economy", "source-sahel"} {
		atom := read(channel, Atom)
		for _, format := range []string{RSS, JSON} {
			if diff := cmp.Diff(atom, read(channel, format)); diff != "" {
				t.Errorf("%s: atom and %s tell different things:\n%s", channel, format, diff)
			}
		}
	}
}

func TestEveryItemRunsRightToLeft(t *testing.T) {
	t.Parallel()
	for _, credit := range []string{CreditSuffix, CreditPrefix, CreditNone} {
		o := worldOptions()
		o.Credit = credit
		p := publisher(t, o, world())
		for _, channel := range []string{"all", "source-ntv"} {
			feed, err := gofeed.NewParser().ParseString(string(rendered(t, p, channel, RSS)))
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range feed.Items {
				if strings.Contains(it.Title, "Harbour") {
					continue // the one in English
				}
				if arabic.FirstStrong(it.Title) != arabic.RightToLeft {
					t.Errorf("%s %s: title %q", credit, channel, it.Title)
				}
				if text := tagless(it.Content); arabic.FirstStrong(text) != arabic.RightToLeft {
					t.Errorf("%s %s: content %q", credit, channel, text)
				}
				if text := tagless(it.Content); strings.Contains(text, "://") {
					t.Errorf("a bare address in %q", text)
				}
				if arabic.FirstStrong(it.Description) == arabic.LeftToRight {
					t.Errorf("%s %s: description %q", credit, channel, it.Description)
				}
			}
		}
	}
}

// tagless gives the text between tags.
func tagless(html string) string {
	var b strings.Builder
	in := false
	for _, r := range html {
		switch {
		case r == '<':
			in = true
		case r == '>':
			in = false
		case !in:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func TestCreditInTitles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, credit, channel, want string
		firstLine                   bool
	}{
		{"after the title", CreditSuffix, "top", "افتتاح الميناء الجديد في خليج الزيتون بحضور ألفي ضيف — صوت الساحل", false},
		{"before the title", CreditPrefix, "top", "صوت الساحل — افتتاح الميناء الجديد في خليج الزيتون بحضور ألفي ضيف", false},
		{"nowhere, so the text begins with it", CreditNone, "top", "افتتاح الميناء الجديد في خليج الزيتون بحضور ألفي ضيف", true},
		{"never where the channel tells", CreditSuffix, "source-sahel", "افتتاح الميناء الجديد في خليج الزيتون بحضور ألفي ضيف", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := worldOptions()
			o.Credit = tt.credit
			feed, err := gofeed.NewParser().ParseString(string(rendered(t, publisher(t, o, world()), tt.channel, Atom)))
			if err != nil {
				t.Fatal(err)
			}
			if got := feed.Items[0].Title; got != tt.want {
				t.Errorf("title %q, want %q", got, tt.want)
			}
			if got := strings.HasPrefix(tagless(feed.Items[0].Content), "المصدر: صوت الساحل"); got != tt.firstLine {
				t.Errorf("outlet in the first line: %v, want %v", got, tt.firstLine)
			}
		})
	}
}

func TestAmountOfText(t *testing.T) {
	t.Parallel()
	long := group("g9", "tech", told{"wadi", time.Hour, "خبر طويل", strings.Repeat("جملة أولى من الخبر الطويل. ", 40)})
	long.Stories[0].Content = `<p>النص <b>الكامل</b> https://wadi.example/x</p><script>alert(1)</script><a href="https://www.dalil.example/x">https://www.dalil.example/x</a><img src="javascript:x"></div></div><p onclick="x">ختام`
	for _, tt := range []struct {
		content  string
		has, not []string
	}{
		{ContentHeadline, []string{"كل التغطية"}, []string{"جملة", "الكامل"}},
		{ContentSummary, []string{"جملة أولى", "كل التغطية"}, []string{"الكامل"}},
		{ContentFull, []string{"<b>الكامل</b>", "ختام", `>dalil.example</a>`}, []string{"script", "onclick", "javascript", "https://wadi.example/x"}},
	} {
		o := worldOptions()
		o.Content = tt.content
		h := newHouse(must(o.withDefaults()))
		body := h.body(h.item(long), rafid.Channel{})
		for _, s := range tt.has {
			if !strings.Contains(body, s) {
				t.Errorf("%s: no %q in %s", tt.content, s, body)
			}
		}
		for _, s := range tt.not {
			if strings.Contains(body, s) {
				t.Errorf("%s: %q in %s", tt.content, s, body)
			}
		}
		if open, shut := strings.Count(body, "<div"), strings.Count(body, "</div>"); open != shut {
			t.Errorf("%s: %d <div and %d </div> in %s", tt.content, open, shut, body)
		}
		if n := len([]rune(strings.Join(h.item(long).text, " "))); n > maxExcerpt {
			t.Errorf("%s: an excerpt of %d characters", tt.content, n)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestStoryFeedHasEveryReport(t *testing.T) {
	t.Parallel()
	p := publisher(t, worldOptions(), world())
	for _, format := range []string{Atom, RSS, JSON} {
		ed := p.cur.Load()
		d := ed.storyDocument(world().entries[0])
		body, err := ed.encode(d, format)
		if err != nil {
			t.Fatal(err)
		}
		feed, err := gofeed.NewParser().ParseString(string(body))
		if err != nil {
			t.Fatal(err)
		}
		if len(feed.Items) != 4 || feed.Items[0].GUID != "tag:news.example.org,2026:r/g1port3" {
			t.Errorf("%s: %d items, the first %s", format, len(feed.Items), feed.Items[0].GUID)
		}
		if want := noon.Add(-12 * time.Minute); !d.updated.Equal(want) {
			t.Errorf("%s: updated %v, want %v", format, d.updated, want)
		}
	}
}

func TestTrim(t *testing.T) {
	t.Parallel()
	var entries []rafid.Entry
	for i := range 100 {
		entries = append(entries, rafid.Entry{Group: rafid.Group{Published: noon.Add(-time.Duration(i) * time.Hour)}})
	}
	for _, tt := range []struct {
		name string
		q    rafid.Query
		want int
	}{
		{"no bound", rafid.Query{}, 100},
		{"number", rafid.Query{Max: 7}, 7},
		{"age", rafid.Query{Keep: 48 * time.Hour, Max: 300}, 49},
		{"age never leaves a feed bare", rafid.Query{Keep: 2 * time.Hour, Max: 300}, fewest},
		{"number before age", rafid.Query{Keep: 48 * time.Hour, Max: 5}, 5},
	} {
		if got := len(trim(entries, tt.q)); got != tt.want {
			t.Errorf("%s: %d entries, want %d", tt.name, got, tt.want)
		}
	}
}
