package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rafid/arabic"
	"rafid/category"
)

// vocabulary is a few invented sentences a section, enough to tell them apart.
func vocabulary() map[string][]string {
	return map[string][]string{
		"sport":             {"فاز الفريق بهدفين في المباراة", "تعادل المنتخب في الملعب بعد شوط ثان", "سجل المهاجم هدف التأهل إلى النهائي"},
		"economy":           {"ارتفع سعر النفط في البورصة", "خفض البنك سعر الفائدة على القروض", "أغلقت الأسهم على مكاسب في السوق"},
		"internationalNews": {"التقى الرئيس وزير الخارجية في باريس", "أجرت موسكو محادثات مع واشنطن", "صوت البرلمان في لندن على الاتفاق"},
		"middleEast":        {"أعلنت بغداد وقف إطلاق النار", "بحث مجلس الوزراء في بيروت الهدنة", "وصل المبعوث إلى دمشق للقاء المعارضة"},
		"politics":          {"أعلن الحزب مرشحه للانتخابات", "ناقش المجلس قانون الأحزاب"},
		"religion":          {"بين الشيخ فضل الصلاة والصيام", "تلا الإمام آيات من القرآن"},
	}
}

// writeData makes a data folder of the real one's shape.
func writeData(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var stories, texts []row
	for section, sentences := range vocabulary() {
		for i := range 24 {
			text := sentences[i%len(sentences)] + " " + sentences[(i/3)%len(sentences)]
			if section == "politics" || section == "religion" {
				texts = append(texts, row{Set: "newspapers2012", Source: []string{"AEP", "EGP", "DZP"}[i%3], Category: section, Text: text})
				continue
			}
			stories = append(stories, row{Source: []string{"nahr", "dilta", "wadi"}[i%3], Section: section, Title: text, Summary: sentences[0], Text: strings.Repeat(text+" ", 3)})
		}
	}
	texts = append(texts, row{Set: "sanad", Source: "SANAD", Category: "politics", Text: "نص"}, row{Set: "ant11", Source: "x", Category: "local", Text: "نص"},
		row{Set: "sanad", Source: "SANAD", Category: "religion", Title: "فضل الصلاة"})
	for name, rows := range map[string][]row{"stories-2018.jsonl.gz": stories, "categories.jsonl.gz": texts} {
		var out bytes.Buffer
		zip := gzip.NewWriter(&out)
		for _, r := range rows {
			if err := json.NewEncoder(zip).Encode(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := zip.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTrainsAModelThatReads(t *testing.T) {
	t.Parallel()
	dir := writeData(t)
	model := filepath.Join(dir, "model.bin")
	var out bytes.Buffer
	if err := run([]string{"-data", dir, "-out", model}, &out, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"stories/nahr", "newspapers2012", "sanad", "mean", "least confidence"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report does not speak of %s:\n%s", want, out.String())
		}
	}
	first, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	m, err := category.ReadModel(first)
	if err != nil {
		t.Fatal(err)
	}
	for title, want := range map[string]string{
		"هدف في المباراة يحسم التأهل": "sport", "سعر النفط والأسهم في البورصة": "economy",
		"هدنة في بغداد ووقف إطلاق النار": "politics", "محادثات بين موسكو وواشنطن": "world", "فضل الصيام في القرآن": "religion",
	} {
		if g := m.Guess(title, ""); g.Class != want {
			t.Errorf("%s: %+v, want %s", title, g, want)
		}
	}
	if err := run([]string{"-data", dir, "-out", model}, &out, &out); err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(model); err != nil || !bytes.Equal(first, again) {
		t.Errorf("the same data gave other bytes: %v", err)
	}
}

func TestHoldOutHasItsBaseline(t *testing.T) {
	t.Parallel()
	dir := writeData(t)
	var out bytes.Buffer
	if err := run([]string{"-data", dir, "-holdout", "-out", filepath.Join(dir, "none.bin")}, &out, &out); err != nil {
		t.Fatal(err)
	}
	ours, plain, found := strings.Cut(out.String(), "by a plain linear model over TF-IDF\n")
	if !found || !strings.Contains(ours, "headlines alone") || !strings.Contains(plain, "headlines alone") {
		t.Errorf("got\n%s", out.String())
	}
	if _, err := os.Stat(filepath.Join(dir, "none.bin")); err == nil {
		t.Error("a model was written")
	}
}

// TestLexiconIsSound asks that each line names a section and no entry tells two.
func TestLexiconIsSound(t *testing.T) {
	t.Parallel()
	c := &corpus{ids: make(map[uint32]uint32)}
	perSection := map[int]int{}
	for _, s := range c.lexicon() {
		if s.section < 0 || len(s.features) == 0 {
			t.Fatalf("%+v", s)
		}
		perSection[s.section]++
	}
	for i, name := range category.Sections() {
		if perSection[i] < 50 {
			t.Errorf("%s: %d entries", name, perSection[i])
		}
	}
	seen := map[string]string{}
	for line := range strings.Lines(lexiconText) {
		class, words, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for entry := range strings.SplitSeq(words, ",") {
			key := arabic.FoldKey(entry)
			if before := seen[key]; key == "" || before != "" {
				t.Errorf("%q stands under %s and %s", entry, before, class)
			}
			seen[key] = class
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out bytes.Buffer
	for name, args := range map[string][]string{"no data": {"-data", dir}, "an unknown flag": {"-x"}} {
		if err := run(args, &out, &out); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, text := range map[string]string{"no gzip": "x", "no JSON": packed(t, "{")} {
		if err := os.WriteFile(filepath.Join(dir, "stories-2018.jsonl.gz"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := run([]string{"-data", dir}, &out, &out); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func packed(t *testing.T, s string) string {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if _, err := zip.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestSharedFolder(t *testing.T) {
	t.Setenv("RAFID_SHARED", "/elsewhere")
	if got := shared(); got != "/elsewhere/data" {
		t.Errorf("%s", got)
	}
}
