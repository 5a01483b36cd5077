package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// A line under every story of a source is learnt, listed, kept across runs, and does not make stories alike.
func TestStandingLinesAreLearnt(t *testing.T) {
	t.Parallel()
	var items strings.Builder
	for i, text := range []string{
		"افتتاح سوق الأسماك الجديدة قرب الميناء القديم", "وزير المياه يزور سد الوادي بعد الأمطار", "مدرسة القرية تحتفل بمئة عام على تأسيسها",
		"علماء يرسمون خريطة لأعماق البحر الشرقي", "نادي السواحل يتعاقد مع مدرب من الخارج", "أسعار القمح ترتفع في بورصة السهول",
	} {
		fmt.Fprintf(&items, "<item><title>%s</title><link>https://alif.example/%d</link><guid>%d</guid><pubDate>Sun, 22 Nov 2026 0%d:00:00 GMT</pubDate>"+
			"<description>%s وفق ما نقلته مصادر محلية في المدينة صباح اليوم.\nمؤسسة الضفة الشمالية للصحافة ترحب برسائل القراء على مدار الساعة.</description></item>", text, i, i, i, text)
	}
	o := newOrigin(t, map[string][]byte{"/alif": []byte(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>ألف</title><link>https://alif.example/</link>` + items.String() + `</channel></rss>`)})
	dir := t.TempDir()
	d := &desk{T: t, cfg: o.feeds(t, dir, ""), data: dir + "/data", out: dir + "/public"}
	d.once()
	first := d.run("sources", "--boilerplate", "alif", "--json")
	var lines []standingLine
	if err := json.Unmarshal([]byte(first), &lines); err != nil || len(lines) == 0 {
		t.Fatalf("learnt %s, %v", first, err)
	}
	if l := lines[0]; l.Items != 6 || l.Share != 1 || !strings.Contains(l.Text, "برسائل القراء") {
		t.Errorf("learnt %+v", l)
	}
	d.once()
	if again := d.run("sources", "--boilerplate", "alif", "--json"); again != first {
		t.Errorf("after a run that brought nothing: %s, want %s", again, first)
	}
	if said := d.run("sources", "--boilerplate", "alif"); !strings.Contains(said, "6 items 100%") {
		t.Errorf("said %q", said)
	}
	if said := d.run("sources"); !strings.Contains(said, o.URL+"/alif") {
		t.Errorf("the list: %q", said)
	}
	d.refuses("a source that is not in the file", []string{"sources", "--boilerplate", "nix"}, exitUsage, "no source")
}
