package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rafid"
	"rafid/category"
	"rafid/cmd/internal/sqlite"
)

// archive is a store with a few stories in it, and the file that the commands read.
type archive struct {
	*testing.T
	cfg, data string
}

// filedAt is the first sight of every story of an archive.
var filedAt = time.Now().UTC().Truncate(time.Second).Add(-time.Hour)

func newArchive(t *testing.T, cfg string, stories ...rafid.Story) *archive {
	t.Helper()
	dir := t.TempDir()
	a := &archive{t, write(t, filepath.Join(dir, "feeds.yaml"), cfg), filepath.Join(dir, "data")}
	store, err := sqlite.Open(t.Context(), filepath.Join(a.data, "rafid.db"))
	if err != nil {
		t.Fatal(err)
	}
	var places []rafid.Placement
	for i, s := range stories {
		s.Outlet, s.Lang, s.Hash, s.FirstSeen, s.Published = s.Source, "ar", s.ID, filedAt, filedAt.Add(time.Duration(i-20)*time.Minute)
		if _, err := store.SavePass(t.Context(), rafid.Pass{State: rafid.SourceState{Source: s.Source}, Stories: []rafid.Story{s}}); err != nil {
			t.Fatal(err)
		}
		places = append(places, rafid.Placement{Member: rafid.Member{Story: s.ID, Relation: rafid.Lead}, Group: s.ID, Opens: true,
			Title: s.Title, Lead: s.ID, Category: s.Categories[0], Published: s.Published})
	}
	if _, err := store.Place(t.Context(), places); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *archive) run(args ...string) string {
	a.Helper()
	r := execute(a.Context(), a.T, append(args, "--config", a.cfg, "--data", a.data)...)
	if r.code != 0 {
		a.Fatalf("rafid %v: exit %d\n%s%s", args, r.code, r.stdout, r.stderr)
	}
	return r.stdout
}

func (a *archive) json(into any, args ...string) {
	a.Helper()
	if err := json.Unmarshal([]byte(a.run(append(args, "--json")...)), into); err != nil {
		a.Fatal(err)
	}
}

// stored gives the first category of each story and of its group.
func (a *archive) stored() map[string]string {
	a.Helper()
	store, err := sqlite.Open(a.Context(), filepath.Join(a.data, "rafid.db"))
	if err != nil {
		a.Fatal(err)
	}
	defer store.Close()
	all := map[string]string{}
	for _, slug := range []string{"politics", "sport", "economy", "cups", "gone", "other"} {
		entries, err := store.Entries(a.Context(), rafid.Query{Category: slug})
		if err != nil {
			a.Fatal(err)
		}
		for _, e := range entries {
			s := e.Lead()
			all[s.ID] = fmt.Sprintf("%s%v%v", slug, s.Categories, s.Tags)
		}
	}
	return all
}

const filingRules = `sources:
  nahr: https://nahr.example/rss
  wadi: {url: https://wadi.example/rss, category: politics}
categories:
  politics: سياسة
  sport: رياضة
  cups: بطولات
  economy: اقتصاد
rules:
  - when: words("كأس الساحل") and not source(wadi)
    category: cups
    tag: cup
  - title: كأس
    category: sport
  - when: words(برجك)
    drop: true
`

func filingStories() []rafid.Story {
	one := func(id, source, title string, labels []string, slugs ...string) rafid.Story {
		return rafid.Story{ID: id, Source: source, Link: "https://" + source + ".example/n/" + id, Title: title, Labels: labels, Categories: slugs, Why: "as it was"}
	}
	return []rafid.Story{
		one("a", "nahr", "المنارة بطلا لكأس الساحل", nil, "sport"),
		one("b", "wadi", "كأس الساحل تنطلق غدا", nil, "politics"),
		one("c", "nahr", "مجلس المدينة يجتمع", []string{"سياسة"}, "politics"),
		one("d", "nahr", "برجك هذا الأسبوع", []string{"رياضة"}, "sport"),
		one("e", "away", "خبر من مصدر حذف", nil, "economy"),
		one("f", "away", "خبر قسمه حذف", nil, "gone"),
		one("g", "nahr", "خبر في القسم الجديد", []string{"مرسى الزواريق"}, "other"),
		one("h", "nahr", "خبر", []string{"دفاتر المدينة"}, "other"),
	}
}

func TestCategoriseShowsThenFiles(t *testing.T) {
	t.Parallel()
	a := newArchive(t, filingRules, filingStories()...)
	var r refiling
	a.json(&r, "categorise", "--dry-run")
	var moves []string
	for _, m := range r.Moves {
		moves = append(moves, fmt.Sprintf("%s→%s %d", m.From, m.To, m.Stories))
	}
	if diff := cmp.Diff([]string{"gone→other 1", "politics→sport 1", "sport→cups 1"}, moves); diff != "" {
		t.Errorf("moves (-want +got):\n%s", diff)
	}
	if r.Stories != 8 || r.Changed != 3 || r.Dropped != 1 {
		t.Errorf("%+v", r)
	}
	before := a.stored()
	if before["a"] != "sport[sport][]" {
		t.Errorf("a dry run filed: %v", before)
	}
	text := a.run("categorise")
	for _, want := range []string{"1  sport → cups\n", "        a  nahr  rule at line 10: ", "\n          المنارة", "3 of 8 stories belong elsewhere\n", "1 more would be dropped", "filed anew: 3 stories in 3 groups\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	want := map[string]string{
		"a": "cups[cups][cup]", "b": "sport[sport][]", "c": "politics[politics][]", "d": "sport[sport][]",
		"e": "economy[economy][]", "f": "other[other][]", "g": "other[other][]", "h": "other[other][]",
	}
	if diff := cmp.Diff(want, a.stored()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	if text := a.run("categorise"); text != "0 of 8 stories belong elsewhere\n1 more would be dropped if they came today; they stay (rafid hide takes one out)\n" {
		t.Errorf("a second time:\n%s", text)
	}
	if text := a.run("categorise", "--since", "1m"); !strings.HasPrefix(text, "0 of 0 stories") {
		t.Errorf("since a minute:\n%s", text)
	}
}

func TestCategoriseBesideAServer(t *testing.T) {
	t.Parallel()
	a := newArchive(t, filingRules, filingStories()...)
	store, err := sqlite.Open(t.Context(), filepath.Join(a.data, "rafid.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if text := a.run("categorise", "--dry-run"); !strings.Contains(text, "3 of 8 stories") {
		t.Errorf("beside another process:\n%s", text)
	}
	r := execute(t.Context(), t, "categorise", "--config", a.cfg, "--data", a.data)
	if r.code != 1 || !strings.Contains(r.stderr, "nothing was changed: ") || !strings.Contains(r.stderr, "in use") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}

func TestLabelsSuggest(t *testing.T) {
	t.Parallel()
	stories := filingStories()
	for i := range 4 {
		stories = append(stories, rafid.Story{ID: fmt.Sprintf("x%d", i), Source: "nahr", Link: "https://nahr.example/economy/" + fmt.Sprint(i),
			Title: "خبر", Labels: []string{"دفتر السوق"}, Categories: []string{"economy"}})
	}
	a := newArchive(t, strings.Replace(filingRules, "  sport: رياضة\n", "  sport: {title: رياضة, from: مرسى الزوارق}\n", 1), stories...)
	var l labelled
	a.json(&l, "labels")
	got := map[string]string{}
	for _, u := range l.Unmapped {
		got[u.Label] = fmt.Sprintf("%d%v%s %s", u.Stories, u.Sources, u.Suggest, u.Because)
	}
	want := map[string]string{
		"دفتر السوق":    "4[nahr]economy 4 of its 4 stories were placed there",
		"مرسى الزواريق": `1[nahr]sport spelt almost like "مرسي الزوارق"`,
		"دفاتر المدينة": "1[nahr] ",
	}
	if diff := cmp.Diff(want, got); diff != "" || l.Labels != 5 || l.Stories != 8 {
		t.Errorf("%d labels of %d stories (-want +got):\n%s", l.Labels, l.Stories, diff)
	}
	text := a.run("labels")
	if !strings.HasPrefix(text, "     4  economy     nahr, 4 of its 4") || !strings.HasSuffix(text, "3 of 5 labels unmapped, of 8 stories that have one\n") {
		t.Errorf("got\n%s", text)
	}
}

func TestRulesTell(t *testing.T) {
	t.Parallel()
	a := newArchive(t, filingRules, filingStories()...)
	if text := a.run("rules"); !strings.Contains(text, "line 10: category cups, tag cup\n  words(\"كأس الساحل\") and not source(wadi)\n") || !strings.HasSuffix(text, "3 rules; --test tries them on the stored stories\n") {
		t.Errorf("got\n%s", text)
	}
	var r ruleTest
	a.json(&r, "rules", "--test")
	var got []string
	for _, rule := range r.Rules {
		got = append(got, fmt.Sprintf("%d: %d matched, %d won, %d", rule.Line, rule.Matches, rule.Won, len(rule.Samples)))
	}
	if diff := cmp.Diff([]string{"10: 1 matched, 1 won, 1", "13: 2 matched, 1 won, 2", "15: 1 matched, 0 won, 1"}, got); diff != "" || r.Stories != 8 {
		t.Errorf("%d stories (-want +got):\n%s", r.Stories, diff)
	}
	text := a.run("rules", "--test")
	for _, want := range []string{"line 13: matches 2, won 1: category sport\n", "    a  nahr  line 10 won\n", "    b  wadi  won\n", "    d  nahr  no rule gave the category\n", "3 rules tried on 8 stories\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestFilingCommandsRefuse(t *testing.T) {
	t.Parallel()
	cfg := write(t, filepath.Join(t.TempDir(), "feeds.yaml"), filingRules)
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no store", []string{"categorise"}, 1, "there is no store yet"},
		{"no store for labels", []string{"labels"}, 1, "there is no store yet"},
		{"no duration", []string{"labels", "--since", "soon"}, 2, "--since"},
		{"no list", []string{"rules", "--config", "none.yaml"}, 78, "none.yaml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := execute(t.Context(), t, append([]string{"--config", cfg, "--data", t.TempDir()}, tt.args...)...)
			if r.code != tt.code || !strings.Contains(r.stderr, tt.want) {
				t.Errorf("exit %d: %s", r.code, r.stderr)
			}
		})
	}
}

// TestDemoLabels asks that no section which the newsroom's outlets name is unknown to the shipped taxonomy.
func TestDemoLabels(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile(filepath.Join("..", "internal", "newsroom", "world", "outlets.json"))
	if err != nil {
		t.Fatal(err)
	}
	var outlets []struct {
		ID     string
		Labels map[string]string
	}
	if err := json.Unmarshal(doc, &outlets); err != nil {
		t.Fatal(err)
	}
	c, err := category.New(category.Options{Categories: category.Default()})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, o := range outlets {
		for _, label := range o.Labels {
			seen++
			if v := c.Classify(rafid.Source{ID: o.ID}, rafid.Story{Labels: []string{label}}); len(v.Unmapped) > 0 {
				t.Errorf("%s: %q is unknown", o.ID, label)
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d labels seen", seen)
	}
}

func TestReloadTellsWhatFilesOtherwise(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"~ rules: 3 → 2": true, "+ category cups": true, "~ category sport: 1 labels → 2": true, "- category gone": true,
		"~ source wadi: category politics → sport": false, "+ source rules": false, "~ outputs: max 300 → 200": false,
	} {
		if got := filesOtherwise(line); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}
