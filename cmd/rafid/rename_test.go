package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// renamed is a feed of ten articles whose guids and addresses are made by name.
func renamed(name func(i int) (guid, link string)) []byte {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>صحيفة الواحة</title><link>https://waha.example/</link><language>ar</language>`)
	for i, title := range []string{
		"البلدية تفتتح السوق المغطى في الوادي", "المدارس تغلق أبوابها بسبب الأمطار", "المزارعون يبدأون جني الزيتون مبكرا",
		"فريق الساحل يفوز بكأس الشباب", "افتتاح معرض الكتاب في العاصمة", "انقطاع المياه عن الحي الشرقي ليومين",
		"القطار الجديد يبدأ رحلاته الأحد", "طبيبة تبتكر جهازا لقياس السكر", "الميناء يستقبل أول سفينة سياحية", "حريق يلتهم مستودعا للأخشاب",
	} {
		guid, link := name(i)
		fmt.Fprintf(&b, `<item><title>%s</title><guid isPermaLink="false">%s</guid><link>https://waha.example/%s</link><pubDate>Mon, 23 Nov 2020 08:%02d:07 GMT</pubDate></item>`, title, guid, link, i)
	}
	b.WriteString(`</channel></rss>`)
	return []byte(b.String())
}

// A feed that gives all its items other guids and other addresses, between two runs of the program, has
// nothing new to tell: the store knows its stories, and readers see what they saw.
func TestRenamedFeedShowsNothingNew(t *testing.T) {
	t.Parallel()
	o := newOrigin(t, map[string][]byte{"/waha": renamed(func(i int) (string, string) { return fmt.Sprint(i), fmt.Sprintf("news/%d", i) })})
	dir := t.TempDir()
	cfg, out, data := o.feeds(t, dir, ""), filepath.Join(dir, "public"), filepath.Join(dir, "data")
	once := func() onceTotal {
		t.Helper()
		r := execute(t.Context(), t, "once", "--config", cfg, "--data", data, "--out", out, "--json")
		if r.code != 0 {
			t.Fatalf("exit %d\n%s%s", r.code, r.stdout, r.stderr)
		}
		return last(lines[onceTotal](t, r.stdout))
	}
	if first := once(); first.New != 10 {
		t.Fatalf("%d new, want 10", first.New)
	}
	for _, step := range []struct {
		name string
		how  func(i int) (guid, link string)
	}{
		{"new guids", func(i int) (string, string) { return fmt.Sprintf("post-%d", i), fmt.Sprintf("news/%d", i) }},
		{"new addresses", func(i int) (string, string) { return fmt.Sprintf("post-%d", i), fmt.Sprintf("article-%d.html", i) }},
		{"both", func(i int) (string, string) { return fmt.Sprintf("x%d", 100-i), fmt.Sprintf("2020/11/%d", i) }},
	} {
		o.docs["/waha"] = renamed(step.how)
		if again := once(); again.New != 0 || again.Failed != 0 {
			t.Errorf("%s: %d new, %d failed", step.name, again.New, again.Failed)
		}
	}
}
