package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// desk is a site over an origin of two outlets with one story in common, and an operator who corrects it.
type desk struct {
	*testing.T
	cfg, data, out string
}

func newDesk(t *testing.T, more ...string) *desk {
	item := func(outlet string, n int, title, text string) string {
		return fmt.Sprintf(`<item><title>%s</title><link>https://%s.example/%d</link><guid>%s-%d</guid><pubDate>Sun, 22 Nov 2026 0%d:00:00 GMT</pubDate><description>%s</description></item>`,
			title, outlet, n, outlet, n, n, text)
	}
	doc := func(outlet string, items ...string) []byte {
		return []byte(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>` + outlet + `</title><link>https://` + outlet + `.example/</link>` + strings.Join(items, "") + `</channel></rss>`)
	}
	const text = "افتتح رئيس البلدية صباح اليوم الجسر المعلق الجديد فوق وادي الحجارة بعد ثلاث سنوات من العمل، وقال إن كلفته بلغت أربعين مليونا وإن ألفي سيارة ستعبره كل ساعة في الاتجاهين."
	o := newOrigin(t, map[string][]byte{
		"/one":   doc("one", item("one", 1, "افتتاح الجسر المعلق فوق وادي الحجارة", text), item("one", 2, "المنتخب يخسر أمام ضيفه بهدفين", "خسر المنتخب مباراته الودية أمام ضيفه بهدفين دون مقابل في الشوط الثاني.")),
		"/two":   doc("two", item("two", 3, "جسر وادي الحجارة يستقبل أولى السيارات", text)),
		"/three": doc("three", item("three", 4, "الأرصاد تتوقع أمطارا على المرتفعات الغربية", "توقعت هيئة الأرصاد هطول أمطار غزيرة على المرتفعات الغربية مساء الغد."), strings.Join(more, "")),
	})
	dir := t.TempDir()
	return &desk{T: t, cfg: o.feeds(t, dir, "# the desk's own comment\n"), data: filepath.Join(dir, "data"), out: filepath.Join(dir, "public")}
}

func (d *desk) run(args ...string) string {
	d.Helper()
	r := execute(d.Context(), d.T, append(args, "--config", d.cfg, "--data", d.data)...)
	if r.code != 0 {
		d.Fatalf("rafid %v: exit %d\n%s%s", args, r.code, r.stdout, r.stderr)
	}
	return r.stdout
}

// once takes the sources one after another, so that the first of the file leads.
func (d *desk) once() { d.run("once", "--out", d.out, "--at-once", "1") }

// group gives the group of an article with its members' links.
func (d *desk) group(link string) (id string, links []string) {
	d.Helper()
	var x explained
	if err := json.Unmarshal([]byte(d.run("explain", link, "--json")), &x); err != nil {
		d.Fatal(err)
	}
	for _, m := range x.Members {
		links = append(links, m.Link)
	}
	slices.Sort(links)
	return x.Group, links
}

func (d *desk) wantGroup(when, link string, want ...string) string {
	d.Helper()
	id, got := d.group(link)
	if !slices.Equal(got, want) {
		d.Errorf("%s: %s stands with %v, want %v", when, link, got, want)
	}
	return id
}

// published are the addresses of the items of the feed of all.
func (d *desk) published() string {
	d.Helper()
	b, err := os.ReadFile(filepath.Join(d.out, "feeds", "all.json"))
	if err != nil {
		d.Fatal(err)
	}
	return string(b)
}

func (d *desk) removeLine(with string) {
	d.Helper()
	b, err := os.ReadFile(d.cfg)
	if err != nil {
		d.Fatal(err)
	}
	var kept []string
	for _, l := range strings.SplitAfter(string(b), "\n") {
		if !strings.Contains(l, with) {
			kept = append(kept, l)
		}
	}
	write(d.T, d.cfg, strings.Join(kept, ""))
}

const (
	bridge = "https://one.example/1"
	match  = "https://one.example/2"
	copied = "https://two.example/3"
	rain   = "https://three.example/4"
)

func TestSplitSticksAndIsUndone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.once()
	home := d.wantGroup("at first", copied, bridge, copied)

	if said := d.run("split", copied); !strings.Contains(said, "apart:") || !strings.Contains(said, "delete the line") {
		t.Errorf("split said %q", said)
	}
	for range 10 {
		d.once()
	}
	own := d.wantGroup("after ten runs", copied, copied)
	if id := d.wantGroup("after ten runs", bridge, bridge); id != home {
		t.Errorf("the group that stays changed its id from %s to %s", home, id)
	}
	if feed := d.published(); !strings.Contains(feed, "/s/"+own) || !strings.Contains(feed, "/s/"+home) {
		t.Errorf("one of the two groups is not published:\n%s", feed)
	}
	if said := d.run("explain", copied, bridge); !strings.Contains(said, "as a pair in feeds.yaml orders") {
		t.Errorf("explain said %q", said)
	}
	if said := d.run("split", copied, bridge); !strings.Contains(said, "says so already") {
		t.Errorf("the second split said %q", said)
	}

	d.removeLine("- [")
	d.removeLine("keep_apart")
	d.removeLine("dedupe:")
	d.once()
	if id := d.wantGroup("after the line was removed", copied, bridge, copied); id != home {
		t.Errorf("it went back into %s, want %s", id, home)
	}
	b, err := os.ReadFile(d.cfg)
	if err != nil || !strings.Contains(string(b), "# the desk's own comment") {
		t.Errorf("the comment is lost (%v):\n%s", err, b)
	}
}

func TestMergeUnitesAndIsUndone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.once()
	first, second := d.wantGroup("at first", bridge, bridge, copied), d.wantGroup("at first", rain, rain)
	d.run("merge", rain, bridge)
	d.once()
	if id := d.wantGroup("after merge", rain, bridge, rain, copied); id != first {
		t.Errorf("united under %s, want the older %s", id, first)
	}
	if feed := d.published(); strings.Contains(feed, "/s/"+second) {
		t.Errorf("the group that went into another is still an item of its own")
	}
	if said := d.run("explain", second); !strings.Contains(said, "group "+first) {
		t.Errorf("the former id does not lead to the group:\n%s", said)
	}
	d.removeLine("- [")
	d.removeLine("keep_together")
	d.removeLine("dedupe:")
	d.once()
	if id := d.wantGroup("after the line was removed", rain, rain); id != second {
		t.Errorf("it opened %s, want its own %s again", id, second)
	}
}

func TestHideWithdraws(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.once()
	id, _ := d.group(match)
	d.run("hide", match)
	d.once()
	if strings.Contains(d.published(), id) {
		t.Error("a hidden group is published")
	}
	if _, err := os.Stat(filepath.Join(d.out, "s", id+".html")); err == nil {
		t.Error("the page of a hidden group is there")
	}
	d.run("hide", copied)
	d.once()
	if feed := d.published(); strings.Contains(feed, copied) || !strings.Contains(feed, bridge) {
		t.Error("want the story out of its group and the group there")
	}
}

func TestCorrectionsRefuse(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, row := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no store yet", []string{"explain", bridge}, exitFailed, "rafid run or rafid once makes one"},
	} {
		d.refuses(row.name, row.args, row.code, row.want)
	}
	d.once()
	home, _ := d.group(bridge)
	lead := map[bool]string{true: bridge, false: copied}[strings.Contains(d.run("explain", home), "lead")]
	for _, row := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"a story that is not stored", []string{"split", "https://none.example/1"}, exitFailed, "no story"},
		{"a story that stands alone", []string{"split", rain}, exitFailed, "stands alone"},
		{"the lead without another", []string{"split", home}, exitUsage, "leads its group"},
		{"a story with itself", []string{"merge", lead, lead}, exitUsage, "the same story"},
		{"explaining a story with itself", []string{"explain", rain, rain}, exitUsage, "the same story"},
		{"near out of range", []string{"explain", rain, "--near", "2"}, exitUsage, "at most 1"},
		{"replay near out of range", []string{"replay", "--near", "0"}, exitUsage, "above 0"},
		{"a profile that is none", []string{"replay", "--profile", "loose"}, exitUsage, "strict, balanced or broad"},
		{"a time that is none", []string{"replay", "--since", "soon"}, exitUsage, "--since"},
		{"a window that is none", []string{"replay", "--window", "wide"}, exitUsage, "--window"},
	} {
		d.refuses(row.name, row.args, row.code, row.want)
	}
}

func (d *desk) refuses(name string, args []string, code int, want string) {
	d.Helper()
	r := execute(d.Context(), d.T, append(args, "--config", d.cfg, "--data", d.data)...)
	if r.code != code || !strings.Contains(r.stderr, want) {
		d.Errorf("%s: exit %d, %q; want %d and %q", name, r.code, r.stderr, code, want)
	}
}

func TestReplay(t *testing.T) {
	t.Parallel()
	// A reaction to the opening: whether it is the same news is a matter of the threshold.
	d := newDesk(t, `<item><title>نائب ينتقد كلفة الجسر المعلق في وادي الحجارة</title><link>https://three.example/5</link><guid>5</guid><pubDate>Sun, 22 Nov 2026 05:00:00 GMT</pubDate><description>قال نائب معارض إن كلفة الجسر المعلق فوق وادي الحجارة كان يمكن أن تبنى بها خمس مدارس.</description></item>`)
	d.once()
	// The documents carry dates of their own; what counts for --since is when we met them, which is now.
	read := func(args ...string) (r replayed) {
		t.Helper()
		if err := json.Unmarshal([]byte(d.run(append([]string{"replay", "--since", "1h", "--json"}, args...)...)), &r); err != nil {
			t.Fatal(err)
		}
		r.Since = time.Time{}
		return r
	}
	same := read()
	if same.Stories != 5 || len(same.Joins)+len(same.Splits) != 0 || same.PairsBefore != same.PairsAfter {
		t.Errorf("with the same settings: %+v, want five stories and no difference", same)
	}
	if diff := cmp.Diff(same, read()); diff != "" {
		t.Errorf("the second replay differs:\n%s", diff)
	}
	wide, narrow := read("--near", "0.01"), read("--near", "1")
	if wide.PairsAfter <= narrow.PairsAfter || len(wide.Joins)+len(narrow.Splits) == 0 {
		t.Errorf("near 0.01: %+v\nnear 1: %+v\nwant more together at the lower one, and the difference listed", wide, narrow)
	}
	if said := d.run("replay", "--since", "1h", "--near", "0.01") + d.run("replay", "--since", "1h", "--near", "1"); !strings.Contains(said, "\njoin ") && !strings.Contains(said, "\nsplit ") {
		t.Errorf("nothing is listed:\n%s", said)
	}
	if stored := d.wantGroup("after replay", rain, rain); stored == "" {
		t.Error("replay changed the store")
	}
}

func TestExplainTellsWhy(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.once()
	for _, row := range []struct {
		name string
		args []string
		want []string
	}{
		{"a group", []string{"explain", copied}, []string{"copied 100%", "النص نفسه", "stands at every dedupe.near"}},
		{"a copy and its original", []string{"explain", copied, bridge}, []string{"together: one was linked by the other (copy)"}},
		{"two that are apart", []string{"explain", rain, bridge, "--near", "0.9"}, []string{"less alike than is needed", "at dedupe.near 0.90: apart"}},
	} {
		said := d.run(row.args...)
		for _, w := range row.want {
			if !strings.Contains(said, w) {
				t.Errorf("%s: %q is missing in\n%s", row.name, w, said)
			}
		}
	}
}
