package dedupe_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rafid"
	"rafid/dedupe"
)

var morning = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

// report is the n-th story of a source: a headline and a summary of words of its own, and then a line.
func report(source string, n int, line string) rafid.Story {
	own := strings.NewReplacer("0", "ابل", "1", "بحر", "2", "تمر", "3", "ثوب", "4", "جبل", "5", "حجر", "6", "خيل", "7", "درب", "8", "ذهب", "9", "رمل").Replace(fmt.Sprint(n))
	return rafid.Story{
		ID: fmt.Sprintf("%s-%d", source, n), Source: source, Outlet: source, Published: morning.Add(time.Duration(n) * time.Minute),
		Title: "خبر عن " + own, Summary: "تفاصيل " + own + " كما وردت. " + line,
	}
}

// learnt gives the lines of a source after a run of stories.
func learnt(stories ...rafid.Story) []string {
	b := dedupe.NewBoilerplate()
	x := dedupe.New(dedupe.Options{Boilerplate: b})
	for _, s := range stories {
		x.Add(s)
	}
	var lines []string
	for _, l := range b.Lines("nahr") {
		lines = append(lines, l.Text)
	}
	return lines
}

func TestBoilerplateIsLearnt(t *testing.T) {
	t.Parallel()
	run := func(n int, line func(i int) string) (stories []rafid.Story) {
		for i := range n {
			stories = append(stories, report("nahr", i, line(i)))
		}
		return stories
	}
	always := func(line string) func(int) string { return func(int) string { return line } }
	retold := run(9, always("حمّلوا تطبيق نهر الأخبار"))
	for i := range retold {
		retold[i].Title = "خبر واحد يتكرر"
	}
	onePart := run(300, func(i int) string {
		if i%60 == 0 {
			return "زاوية يكتبها القراء"
		}
		return ""
	})
	for _, tt := range []struct {
		name    string
		stories []rafid.Story
		want    []string
	}{
		{"a line of eight stories", run(8, always("حمّلوا تطبيق نهر الأخبار")), []string{"حمّلوا تطبيق نهر الأخبار"}},
		{"a line of four stories is none yet", run(4, always("حمّلوا تطبيق نهر الأخبار")), nil},
		{"a story told nine times repeats its news", retold, nil},
		{"a line of five stories in three hundred is too rare", onePart, nil},
		{"numbers count as one another", run(8, func(i int) string { return fmt.Sprintf("شاهد %d صور من المكان", i*7) }), []string{"شاهد 28 صور من المكان"}},
		{"spelling is folded", run(8, func(i int) string {
			return []string{"إقرأوا المزيد على موقعنا", "اقرأوا المزيد علي موقعنا"}[i%2]
		}), []string{"إقرأوا المزيد على موقعنا"}},
		{"a line without a letter tells nothing", run(8, always("\n*** 2026 ***\n")), nil},
		{"another source's line", func() []rafid.Story {
			s := run(8, always("حمّلوا تطبيق نهر الأخبار"))
			for i := range s {
				s[i].Source = "wadi"
			}
			return s
		}(), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := learnt(tt.stories...)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBoilerplateLine(t *testing.T) {
	t.Parallel()
	b := dedupe.NewBoilerplate()
	x := dedupe.New(dedupe.Options{Boilerplate: b})
	for i := range 10 {
		line := "نشرة الوادي من قلب الحدث"
		if i%5 == 4 {
			line = ""
		}
		x.Add(report("wadi", i, line))
	}
	want := []dedupe.BoilerplateLine{{Text: "نشرة الوادي من قلب الحدث", Items: 8, Share: 0.8, Since: morning.Truncate(24 * time.Hour)}}
	if diff := cmp.Diff(want, b.Lines("wadi")); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if lines := b.Lines("nobody"); lines != nil {
		t.Errorf("lines of a source that told nothing: %v", lines)
	}
}

// What outlets print below every story hides that the stories are one wire text, until it has been learnt.
func TestBoilerplateIsNotCompared(t *testing.T) {
	t.Parallel()
	notices := map[string]string{
		"nahr": "جميع المواد المنشورة في هذه النشرة محفوظة الحقوق لأصحابها ويمنع نقلها أو إعادة نشرها بأي صورة دون إذن مكتوب من إدارة التحرير",
		"wadi": "انضموا إلى مئات الآلاف من متابعينا عبر القناة والتطبيق وفعلوا الإشعارات كي تصلكم أهم العناوين أولا بأول صباح مساء",
	}
	const wire = "افتتحت بلدية تل السنابل صباح اليوم سوق الحبوب الجديدة بعد عامين من أعمال الترميم التي أخرها فيضان الربيع."
	relation := func(x *dedupe.Index) rafid.Relation {
		one, two := report("nahr", 100, ""), report("wadi", 100, "")
		one.Summary, two.Summary = wire+"\n"+notices["nahr"], wire+"\n"+notices["wadi"]
		return rafid.Relation(x.Compare(one, two).Relation)
	}
	x := dedupe.New(dedupe.Options{})
	if got := relation(x); got == rafid.Copy {
		t.Fatal("the notices hide nothing: the test shows nothing")
	}
	for i := range 6 {
		x.Add(report("nahr", i, notices["nahr"]))
		x.Add(report("wadi", i, notices["wadi"]))
	}
	if got := relation(x); got != rafid.Copy {
		t.Errorf("one wire text is %s below notices that have been learnt", got)
	}
}

// A table whose wording is the same every day is boilerplate, its numbers are not: two days stay two.
func TestNumbersOfBoilerplateStay(t *testing.T) {
	t.Parallel()
	x := dedupe.New(dedupe.Options{Window: 20 * 24 * time.Hour})
	groups := map[string]bool{}
	for day := range 9 {
		s := report("nahr", day, "")
		s.Title = "أسعار القمح اليوم"
		if day < 6 {
			s.Title = []string{"أسعار القمح في السوق", "سوق القمح", "قمح اليوم", "القمح صباحا", "بورصة القمح", "القمح والشعير"}[day]
		}
		s.Summary = fmt.Sprintf("يبلغ سعر الطن للشراء %d درهما.\nويبلغ سعر الطن للبيع %d درهما.", 700+3*day, 720+5*day)
		s.Published = morning.AddDate(0, 0, day)
		groups[x.Add(s).Group] = true
	}
	if len(groups) != 9 {
		t.Errorf("nine days of a table made %d stories", len(groups))
	}
}

// Only Add teaches: stories put back after a restart were counted when they came.
func TestRestoredStoriesTeachNothing(t *testing.T) {
	t.Parallel()
	b := dedupe.NewBoilerplate()
	x := dedupe.New(dedupe.Options{Boilerplate: b})
	for i := range 8 {
		s := report("nahr", i, "حمّلوا تطبيق نهر الأخبار")
		x.Restore(s, rafid.Placement{Member: rafid.Member{Story: s.ID, Relation: rafid.Lead}, Group: s.ID})
		x.Compare(s, s)
	}
	if lines := b.Lines("nahr"); lines != nil || b.Changed() != nil {
		t.Errorf("learnt %v of %v", lines, b.Changed())
	}
}

func ExampleBoilerplate() {
	b := dedupe.NewBoilerplate()
	x := dedupe.New(dedupe.Options{Boilerplate: b})
	for i, town := range []string{"الواحة", "الميناء", "الهضبة", "الوادي", "الجزيرة"} {
		x.Add(rafid.Story{
			ID: fmt.Sprint(i), Source: "nahr", Published: time.Date(2026, 11, 20, i, 0, 0, 0, time.UTC),
			Title: "مهرجان في " + town, Summary: "يبدأ غدا مهرجان " + town + ". حملوا تطبيقنا!",
		})
	}
	for _, l := range b.Lines("nahr") {
		fmt.Printf("%s in %d stories, %.0f %%, since %s\n", l.Text, l.Items, 100*l.Share, l.Since.Format(time.DateOnly))
	}
	// Output: حملوا تطبيقنا! in 5 stories, 100 %, since 2026-11-20
}
