package opml_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"rafid/cmd/internal/opml"
)

func Example() {
	list, err := opml.Read(strings.NewReader(`<opml version="2.0"><body><outline text="أخبار">
		<outline text="نهر" type="rss" xmlUrl="https://nahr.example/rss" htmlUrl="https://nahr.example/"/>
	</outline></body></opml>`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range list.Feeds {
		fmt.Println(f.URL, f.Title, f.Folders)
	}
	if err := opml.Write(os.Stdout, opml.List{Title: "قائمتي", Feeds: list.Feeds}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// https://nahr.example/rss نهر [أخبار]
	// <?xml version="1.0" encoding="UTF-8"?>
	// <opml version="2.0">
	//  <head>
	//   <title>قائمتي</title>
	//  </head>
	//  <body>
	//   <outline text="أخبار" title="أخبار">
	//    <outline text="نهر" title="نهر" type="rss" xmlUrl="https://nahr.example/rss" htmlUrl="https://nahr.example/"></outline>
	//   </outline>
	//  </body>
	// </opml>
}

func TestShapesOfRealExports(t *testing.T) {
	t.Parallel()
	arabic1256, err := charmap.Windows1256.NewEncoder().String(`<?xml version="1.0" encoding="windows-1256"?><opml><body><outline text="نهر" xmlUrl="https://a.example/rss"/></body></opml>`)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, doc string
		want      []opml.Feed
		twice     int
	}{
		{"folders in folders", `<opml><body><outline text="عام"><outline text="سياسة"><outline title="نهر" text="نهر" type="rss" xmlUrl="https://a.example/rss"/></outline></outline></body></opml>`,
			[]opml.Feed{{URL: "https://a.example/rss", Title: "نهر", Folders: []string{"عام", "سياسة"}}}, 0},
		{"no type, other cases, spaces", `<OPML><BODY><outline TEXT=" نهر " XMLURL=" https://a.example/rss "/></BODY></OPML>`,
			[]opml.Feed{{URL: "https://a.example/rss", Title: "نهر"}}, 0},
		{"one feed in two folders", `<opml><body><outline text="١"><outline text="نهر" xmlUrl="https://a.example/rss"/></outline><outline text="٢"><outline text="نهر" xmlUrl="https://a.example/rss"/></outline></body></opml>`,
			[]opml.Feed{{URL: "https://a.example/rss", Title: "نهر", Folders: []string{"١"}}}, 1},
		{"a folder after a feed is not in it", `<opml><body><outline text="نهر" xmlUrl="https://a.example/rss"></outline><outline text="ساحل" xmlUrl="https://b.example/rss"/></body></opml>`,
			[]opml.Feed{{URL: "https://a.example/rss", Title: "نهر"}, {URL: "https://b.example/rss", Title: "ساحل"}}, 0},
		{"bare ampersands", `<opml><body><outline text="a & b" xmlUrl="https://a.example/rss?x=1&y=2"/></body></opml>`,
			[]opml.Feed{{URL: "https://a.example/rss?x=1&y=2", Title: "a & b"}}, 0},
		{"windows-1256", arabic1256, []opml.Feed{{URL: "https://a.example/rss", Title: "نهر"}}, 0},
		{"an address of 5,000 letters is left out", `<opml><body><outline xmlUrl="https://a.example/` + strings.Repeat("x", 5000) + `"/><outline xmlUrl="https://b.example/rss"/></body></opml>`,
			[]opml.Feed{{URL: "https://b.example/rss"}}, 0},
	} {
		list, err := opml.Read(strings.NewReader(row.doc))
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
		}
		for i := range list.Feeds {
			if len(list.Feeds[i].Folders) == 0 {
				list.Feeds[i].Folders = nil
			}
		}
		if d := cmp.Diff(row.want, list.Feeds); d != "" || list.Twice != row.twice {
			t.Errorf("%s: twice %d, %s", row.name, list.Twice, d)
		}
	}
}

func TestHostileFiles(t *testing.T) {
	t.Parallel()
	many := strings.Repeat(`<outline xmlUrl="https://a.example/rss"/>`, 5)
	var different strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&different, `<outline xmlUrl="https://a.example/%d"/>`, i)
	}
	bomb := `<!DOCTYPE x [<!ENTITY a "` + strings.Repeat("x", 1000) + `"><!ENTITY b "` + strings.Repeat("&a;", 1000) + `">]>`
	for _, row := range []struct {
		name, doc string
		feeds     int
		fails     bool
	}{
		{"entities that multiply", bomb + `<opml><body><outline text="&b;" xmlUrl="https://a.example/rss"/></body></opml>`, 1, false},
		{"nested without end", "<opml>" + strings.Repeat("<outline text='x'>", 10_000), 0, true},
		{"100,000 outlines", "<opml><body>" + different.String() + "</body></opml>", opml.MaxFeeds, false},
		{"cut in the middle", "<opml><body>" + many + `<outline xmlUrl="https://b.exam`, 1, true},
		{"no XML at all", "hello", 0, true},
		{"empty", "", 0, true},
	} {
		list, err := opml.Read(strings.NewReader(row.doc))
		if len(list.Feeds) != row.feeds || (err != nil) != row.fails {
			t.Errorf("%s: %d feeds, %v; want %d, fails %v", row.name, len(list.Feeds), err, row.feeds, row.fails)
		}
		for _, f := range list.Feeds {
			if len(f.Title) > 1000 {
				t.Errorf("%s: a title of %d bytes", row.name, len(f.Title))
			}
		}
	}
	if _, err := opml.Read(strings.NewReader("<opml><body/></opml>")); !errors.Is(err, opml.ErrNone) {
		t.Errorf("a file without feeds: %v, want ErrNone", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`<opml><body><outline text="ا"><outline xmlUrl="https://a.example/rss" title="ب"/></outline></body></opml>`))
	f.Add([]byte("<opml><body><outline xmlUrl='x' text='&#1;\xff'>"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		list, err := opml.Read(bytes.NewReader(doc))
		if err != nil || len(list.Feeds) == 0 {
			return
		}
		var b bytes.Buffer
		if err := opml.Write(&b, list); err != nil {
			t.Fatal(err)
		}
		again, err := opml.Read(&b)
		if err != nil || len(again.Feeds) != len(list.Feeds) {
			t.Fatalf("%d feeds were written, %d read, %v", len(list.Feeds), len(again.Feeds), err)
		}
	})
}
