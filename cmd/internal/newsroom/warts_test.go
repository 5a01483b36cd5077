package newsroom

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
)

// testWorld is a world ten minutes old.
func testWorld(t *testing.T) *world {
	t.Helper()
	start := time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC)
	w, err := newWorld(Options{Start: start, Now: func() time.Time { return start.Add(10 * time.Minute) }}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// printed is the feed of an outlet, before and after its damage.
func printed(t *testing.T, w *world, id string) (o *outlet, items []piece, doc string, data []byte) {
	t.Helper()
	i := w.outletIndex(id)
	o = w.outlets[i]
	seen := w.until(w.elapsed())[i]
	for k := len(seen) - 1; k >= 0 && len(items) < feedItems; k-- {
		items = append(items, w.piece(seen[k], w.elapsed()))
	}
	doc, err := o.render(items, w.desk)
	if err != nil {
		t.Fatal(err)
	}
	if data, err = o.encode(doc); err != nil {
		t.Fatal(err)
	}
	return o, items, doc, data
}

func wellFormed(doc string) error {
	d := xml.NewDecoder(strings.NewReader(doc))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Before its damage every XML feed is well-formed: what is wrong with it is only what its wart names.
func TestFeedsAreWellFormedBeforeTheirDamage(t *testing.T) {
	t.Parallel()
	w := testWorld(t)
	for _, o := range w.outlets {
		if o.Kind == "json" {
			continue
		}
		_, _, doc, _ := printed(t, w, o.ID)
		if err := wellFormed(doc); err != nil {
			t.Errorf("%s: %v", o.ID, err)
		}
	}
}

func TestWindows1256(t *testing.T) {
	t.Parallel()
	w := testWorld(t)
	for _, id := range []string{"qandil", "zaafaran"} {
		o, items, _, data := printed(t, w, id)
		plain, err := charmap.Windows1256.NewDecoder().String(string(data))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plain, "<title>"+escape(items[0].title)+"</title>") {
			t.Errorf("%s: the newest headline is not there in windows-1256", id)
		}
		if says := strings.Contains(plain, "windows-1256"); says == (o.Wart == wartMislabelled) {
			t.Errorf("%s: names its charset: %t", id, says)
		}
	}
}

func TestBrokenFeed(t *testing.T) {
	t.Parallel()
	w := testWorld(t)
	_, items, _, data := printed(t, w, "mirsad")
	doc := string(data)
	if strings.HasPrefix(doc, "<?xml") || strings.HasSuffix(strings.TrimSpace(doc), ">") {
		t.Error("begins or ends as it should")
	}
	if !strings.Contains(doc, "?utm_source=rss&ref=") {
		t.Error("no bare &")
	}
	for _, p := range items {
		if !strings.Contains(doc, "<guid isPermaLink=\"false\">"+p.guid+"</guid>") {
			t.Errorf("the damage lost %s", p.guid)
		}
	}
	if wellFormed(doc) == nil {
		t.Error("is well-formed")
	}
}

func TestTwiceEscaped(t *testing.T) {
	t.Parallel()
	w := testWorld(t)
	_, items, doc, _ := printed(t, w, "sindbad")
	once := html.UnescapeString(doc)
	for _, p := range items {
		if !strings.Contains(once, "<title>"+escape(p.title)+"</title>") {
			t.Errorf("%q is not there when unescaped once", p.title)
		}
	}
	if !strings.Contains(doc, "<![CDATA[&lt;p&gt;") {
		t.Error("no escaped HTML in CDATA")
	}
}

func TestArabicDates(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 4*3600)
	for _, tt := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"an evening", time.Date(2021, 11, 26, 19, 10, 0, 0, zone), "الجمعة، 26-11-2021 07:10 م"},
		{"midnight", time.Date(2021, 11, 27, 0, 5, 0, 0, zone), "السبت، 27-11-2021 12:05 ص"},
		{"noon", time.Date(2021, 11, 28, 12, 0, 0, 0, zone), "الأحد، 28-11-2021 12:00 م"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, arabicDate(tt.at)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSeedPage(t *testing.T) {
	t.Parallel()
	w := testWorld(t)
	o := &outlet{base: "http://127.0.0.1:1", Zone: 120}
	p := piece{title: "عنوان", lines: []string{"أولى", "ثانية"}, label: "سياسة عربية", number: 4, at: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)}
	want := `<div>سياسة عربية</div>
<h1>عنوان</h1>
<p>جانب من الحدث كما التقطته عدسة المصور - مداد<br/>جانب من الحدث كما التقطته عدسة المصور - مداد</p>
<p>أولى</p>
<p>اقرأ أيضا: <a href="http://127.0.0.1:1/">قبله</a></p>
<p>ثانية</p>
<div>التعليقات (1)</div>
<div>قارئ من الجنوب</div>
<div>الأربعاء، 04-03-2026 11:09 ص</div>
<div>نتمنى أن تكون النتائج على قدر الوعود.</div>
`
	if d := cmp.Diff(want, seedPage(p, "قبله", w.desk, o)); d != "" {
		t.Error(d)
	}
}

// FuzzRender: whatever a text holds, the feeds of every format stay well-formed and hold its headline.
func FuzzRender(f *testing.F) {
	f.Add("عنوان & <b>", "جملة ]]> وأخرى", "سياسة \"عربية\"")
	f.Add("", "", "")
	d, err := loadDesk()
	if err != nil {
		f.Fatal(err)
	}
	outlets, err := loadOutlets()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, head, line, label string) {
		legal := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r < 0x20 || r == 0xFFFE || r == 0xFFFF || r == 0xFFFD {
					return -1
				}
				return r
			}, strings.ToValidUTF8(s, ""))
		}
		p := piece{guid: "g", link: "http://127.0.0.1/1", title: legal(head), lines: []string{legal(line), "ثانية", "ثالثة"}, label: legal(label)}
		for _, o := range outlets {
			doc, err := o.render([]piece{p, p}, d)
			if err != nil {
				t.Fatal(err)
			}
			if o.Kind == "json" {
				continue
			}
			if err := wellFormed(doc); err != nil {
				t.Errorf("%s: %v\n%s", o.ID, err, doc)
			}
			if !strings.Contains(doc, escape(p.title)) && o.Wart != wartTwice {
				t.Errorf("%s: the headline %q is lost", o.ID, p.title)
			}
		}
	})
}
