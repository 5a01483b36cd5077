package dedupe_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rafid"
	"rafid/dedupe"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// told makes a story of an outlet, so many hours after noon.
func told(id, outlet string, hours float64, title, summary string) rafid.Story {
	at := noon.Add(time.Duration(hours * float64(time.Hour)))
	return rafid.Story{ID: id, Source: outlet, Title: title, Summary: summary, Published: at, FirstSeen: at}
}

// Texts of an invented day. The bridge is told by three outlets in their own words, and once copied.
var (
	bridge = told("bridge", "nahr", 0, "انهيار جسر الكوثر في مدينة المرجان ومقتل سبعة",
		"انهار جسر الكوثر المعلق فوق نهر الزمرد في مدينة المرجان صباح الاثنين، ما أدى إلى مقتل سبعة أشخاص وإصابة عشرين، وفق ما أعلنت هيئة الطرق التي أغلقت الطريق الساحلي.")
	bridgeCopy = told("bridge-copy", "bahr", 0.5, "سبعة قتلى في انهيار جسر",
		"المرجان (وكالات) - انهار جسر الكوثر المعلق فوق نهر الزمرد في مدينة المرجان صباح الاثنين، ما أدى إلى مقتل سبعة أشخاص وإصابة عشرين، وفق ما أعلنت هيئة الطرق التي أغلقت الطريق الساحلي.")
	bridgeOwn = told("bridge-own", "jabal", 1, "مقتل 7 وإصابة 20 بانهيار جسر الكوثر في المرجان",
		"لقي 7 أشخاص حتفهم وأصيب 20 آخرون حين انهار جسر الكوثر في المرجان فوق نهر الزمرد، وقالت هيئة الطرق إنها فتحت تحقيقا في أسباب انهيار الجسر المعلق.")
	bridgeLater = told("bridge-later", "sahl", 30, "النيابة تطلب سجن مقاول جسر الكوثر عشر سنوات",
		"طلبت النيابة العامة إنزال عقوبة السجن عشر سنوات بالمقاول المتهم بالغش في الإسمنت والحديد، في ثاني جلسات القضية التي تتابعها أسر ضحايا انهيار جسر الكوثر في المرجان.")
	dates = told("dates", "nahr", 0.2, "مهرجان التمور يفتح أبوابه في واحة السنديان",
		"افتتح مهرجان التمور السنوي في واحة السنديان بمشاركة مئة مزارع، وتستمر الفعاليات عشرة أيام وسط إقبال من الزوار.")
)

func TestAdd(t *testing.T) {
	t.Parallel()
	url := func(s rafid.Story, u string) rafid.Story { s.URL = u; return s }
	tests := []struct {
		name     string
		first    rafid.Story
		second   rafid.Story
		relation rafid.Relation
	}{
		{"the same text of another outlet under another headline", bridge, bridgeCopy, rafid.Copy},
		{"the same event in other words", bridge, bridgeOwn, rafid.Same},
		{"other news", bridge, dates, rafid.Lead},
		{"a later stage of the same", bridge, bridgeLater, rafid.Lead},
		{"the same event in other words by the same outlet", bridge, told("again", "nahr", 1, bridgeOwn.Title, bridgeOwn.Summary), rafid.Lead},
		{"the same address", url(bridge, "https://a.example/1"), url(told("b", "bahr", 1, "جسر الكوثر ينهار", "انهيار جسر الكوثر في المرجان"), "https://a.example/1"), rafid.Copy},
		{"a copy after two days", bridge, told("b", "bahr", 60, bridgeCopy.Title, bridgeCopy.Summary), rafid.Copy},
		{"the same event after the window", bridge, told("b", "jabal", 50, bridgeOwn.Title, bridgeOwn.Summary), rafid.Lead},
		{"a copy of last week", bridge, told("b", "bahr", 200, bridgeCopy.Title, bridgeCopy.Summary), rafid.Lead},
		{
			"a series of one outlet",
			told("a", "nahr", 0, "سعر الذهب اليوم 23 نوفمبر", "بلغ سعر غرام الذهب عيار 21 اليوم في أسواق المرجان 812 دينارا للشراء و 818 دينارا للبيع، بحسب نقابة الصاغة."),
			told("b", "nahr", 24, "سعر الذهب اليوم 24 نوفمبر", "بلغ سعر غرام الذهب عيار 21 اليوم في أسواق المرجان 809 دينارا للشراء و 815 دينارا للبيع، بحسب نقابة الصاغة."),
			rafid.Lead,
		},
		{"nothing but a headline, word for word", told("a", "nahr", 0, bridge.Title, ""), told("b", "bahr", 0, bridge.Title, ""), rafid.Copy},
		{"a headline and its contradiction", told("a", "nahr", 0, "الحكومة توافق على رفع أسعار الخبز", ""), told("b", "bahr", 0, "الحكومة ترفض رفع أسعار الخبز", ""), rafid.Lead},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := dedupe.New(dedupe.Options{})
			first := x.Add(tt.first)
			if !first.New || first.Group != tt.first.ID || first.Relation != rafid.Lead {
				t.Fatalf("the first story: %+v, want a group of its own", first)
			}
			second := x.Add(tt.second)
			if second.Relation != tt.relation {
				t.Fatalf("relation %s, want %s (%+v)", second.Relation, tt.relation, second)
			}
			if together := second.Group == first.Group; together != (tt.relation != rafid.Lead) {
				t.Errorf("relation %s, but together %v", second.Relation, together)
			}
			checkEvidence(t, second)
		})
	}
}

// checkEvidence checks what always holds for the reasons of a decision.
func checkEvidence(t *testing.T, d dedupe.Decision) {
	t.Helper()
	ev := d.Evidence
	if d.Relation == rafid.Lead {
		if diff := cmp.Diff(rafid.Evidence{}, ev); diff != "" {
			t.Errorf("a lead has evidence:\n%s", diff)
		}
		return
	}
	if ev.Arabic == "" || ev.English == "" || ev.Threshold <= 0 || len(ev.Links) == 0 || d.Of == "" {
		t.Errorf("evidence is not whole: of %q, %+v", d.Of, ev)
	}
	if len(d.Of) > 2 && strings.Contains(ev.Arabic, d.Of) || strings.Contains(ev.English, " "+d.Of+" ") {
		t.Errorf("a sentence for readers names an id: %q, %q", ev.Arabic, ev.English)
	}
	if d.Relation == rafid.Same && d.Score < ev.Threshold {
		t.Errorf("score %v lies below the threshold %v", d.Score, ev.Threshold)
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	x := dedupe.New(dedupe.Options{Names: map[string]string{"nahr": "جريدة النهر"}})
	x.Add(bridge)
	d := x.Add(bridgeOwn)
	if diff := cmp.Diff([]string{"7", "20"}, d.Evidence.Numbers); diff != "" {
		t.Errorf("numbers that both tell (-want +got):\n%s", diff)
	}
	if !slices.Contains(d.Evidence.Words, "الزمرد") {
		t.Errorf("words %v lack the bridge's name as it is written", d.Evidence.Words)
	}
	if !strings.HasPrefix(d.Evidence.Arabic, "الحدث نفسه في خبر جريدة النهر، ومما يجمعهما: «") || !strings.HasSuffix(d.Evidence.Arabic, "وبينهما نحو ساعة.") {
		t.Errorf("sentence %q", d.Evidence.Arabic)
	}
	c := x.Add(bridgeCopy)
	if c.Evidence.Copied < 0.9 || !strings.HasPrefix(c.Evidence.Arabic, "النص نفسه") {
		t.Errorf("evidence of a copy: %+v", c.Evidence)
	}
	m := c.Member(noon)
	if m.Story != "bridge-copy" || m.Of != "bridge" || !m.Joined.Equal(noon) || m.Evidence.Copied != c.Evidence.Copied {
		t.Errorf("member %+v of %+v", m, c)
	}
}

func TestKnownStoryStays(t *testing.T) {
	t.Parallel()
	x := dedupe.New(dedupe.Options{})
	x.Add(bridge)
	first := x.Add(bridgeOwn)
	again := x.Add(bridgeOwn)
	if again.New || again.Group != first.Group || again.Relation != first.Relation || again.Of != first.Of {
		t.Errorf("added twice: %+v, then %+v", first, again)
	}
}

func TestGroupIDIsNeverTakenTwice(t *testing.T) {
	t.Parallel()
	x := dedupe.New(dedupe.Options{})
	x.Restore(bridge, rafid.Placement{Member: rafid.Member{Story: "bridge", Relation: rafid.Lead}, Group: "dates"})
	if d := x.Add(dates); d.Group == "dates" || !strings.HasPrefix(d.Group, "dates") {
		t.Errorf("group %q: that id belongs to another", d.Group)
	}
}

func TestKeepApart(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{{"bridge-copy", "bridge"}, {"bridge", "bridge-copy"}, {"bridge-copy", "group-of-bridge"}} {
		x := dedupe.New(dedupe.Options{KeepApart: [][2]string{pair}})
		x.Restore(bridge, rafid.Placement{Member: rafid.Member{Story: "bridge", Relation: rafid.Lead}, Group: "group-of-bridge"})
		d := x.Add(bridgeCopy)
		if !d.New {
			t.Errorf("%v: joined %q", pair, d.Group)
		}
		for range 10 {
			for _, moved := range x.Recheck() {
				t.Errorf("%v: looking again moved %+v", pair, moved)
			}
		}
	}
}

func TestKeepTogether(t *testing.T) {
	t.Parallel()
	x := dedupe.New(dedupe.Options{KeepTogether: [][2]string{{"dates", "bridge"}}})
	x.Add(bridge)
	d := x.Add(dates)
	if d.New || d.Group != "bridge" || d.Relation != rafid.Same {
		t.Errorf("got %+v, want the group of the bridge", d)
	}
	checkEvidence(t, dedupe.Decision{Relation: rafid.Copy, Of: d.Of, Evidence: d.Evidence})
	if moved := x.Recheck(); len(moved) > 0 {
		t.Errorf("looking again undoes the operator's word: %+v", moved)
	}
}

func TestThread(t *testing.T) {
	t.Parallel()
	x := dedupe.New(dedupe.Options{})
	x.Add(dates)
	x.Add(bridge)
	if d := x.Add(bridgeLater); !d.New || d.Thread != "bridge" {
		t.Errorf("got %+v, want a group of its own that follows the bridge's", d)
	}
}

func TestNearIsMonotone(t *testing.T) {
	t.Parallel()
	last := -1.0
	for near := 0.05; near <= 1; near += 0.05 {
		now := dedupe.Options{Near: near}.Threshold()
		if now < last {
			t.Errorf("near %.2f: threshold %v is below %v", near, now, last)
		}
		last = now
	}
	strict, broad := dedupe.Options{Profile: "strict"}.Threshold(), dedupe.Options{Profile: "broad"}.Threshold()
	if plain := (dedupe.Options{}).Threshold(); strict <= plain || broad >= plain {
		t.Errorf("strict %v, balanced %v, broad %v: want them falling", strict, plain, broad)
	}
}

// A date in the far future, or none at all, must cost only itself.
func TestBadDates(t *testing.T) {
	t.Parallel()
	x := dedupe.New(dedupe.Options{})
	x.Add(bridge)
	x.Add(told("future", "bahr", 24*365*70, "سوق الورد في العام المقبل", "إعلان عن سوق الورد الذي يقام في الميدان الكبير."))
	x.Add(rafid.Story{ID: "none", Source: "bahr", Title: "خبر بلا تاريخ عن حديقة الحيوان", Summary: "وصلت زرافة جديدة إلى الحديقة."})
	if d := x.Add(bridgeOwn); d.Group != "bridge" {
		t.Errorf("after bad dates: %+v, want the bridge's group", d)
	}
}

func TestRestoreGoesOn(t *testing.T) {
	t.Parallel()
	before := dedupe.New(dedupe.Options{})
	after := dedupe.New(dedupe.Options{})
	for _, s := range []rafid.Story{dates, bridge, bridgeCopy} {
		d := before.Add(s)
		after.Restore(s, rafid.Placement{Member: d.Member(noon), Group: d.Group, Thread: d.Thread, Print: d.Print})
	}
	for _, s := range []rafid.Story{bridgeOwn, bridgeLater} {
		if diff := cmp.Diff(before.Add(s), after.Add(s)); diff != "" {
			t.Errorf("%s after a restart (-without +with):\n%s", s.ID, diff)
		}
	}
}

func TestRecheckSaysWhatItMoves(t *testing.T) {
	t.Parallel()
	x := dedupe.New(dedupe.Options{})
	group := make(map[string]string)
	moves := 0
	for _, s := range press(3, 200) {
		group[s.ID] = x.Add(s).Group
		for _, d := range x.Recheck() {
			moves++
			if d.Group == group[d.Story] {
				t.Errorf("%s is said to move to where it is", d.Story)
			}
			group[d.Story] = d.Group
		}
	}
	if moves == 0 {
		t.Error("nothing ever moved: the test shows nothing")
	}
	for _, s := range press(3, 200) {
		if d := x.Add(s); d.Group != group[s.ID] {
			t.Errorf("%s is in %q, but the decisions put it in %q", s.ID, d.Group, group[s.ID])
		}
	}
}

// After a restart the links are not known; what was together stays together.
func TestRecheckLeavesTheRestored(t *testing.T) {
	t.Parallel()
	x := dedupe.New(dedupe.Options{})
	x.Restore(bridge, rafid.Placement{Member: rafid.Member{Story: "bridge", Relation: rafid.Lead}, Group: "bridge"})
	x.Restore(dates, rafid.Placement{Member: rafid.Member{Story: "dates", Relation: rafid.Same, Of: "bridge"}, Group: "bridge"})
	x.Add(bridgeOwn)
	if moved := x.Recheck(); len(moved) > 0 {
		t.Errorf("moved: %+v", moved)
	}
}

func TestDeterministic(t *testing.T) {
	t.Parallel()
	run := func() (all []dedupe.Decision) {
		x := dedupe.New(dedupe.Options{})
		for i, s := range press(7, 300) {
			all = append(all, x.Add(s))
			if i%40 == 0 {
				all = append(all, x.Recheck()...)
			}
		}
		return all
	}
	if diff := cmp.Diff(run(), run()); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
}

// press makes n stories of invented events told by several outlets, minutes apart.
func press(seed uint64, n int) []rafid.Story {
	r := rand.New(rand.NewPCG(seed, 1))
	pick := func(words string) string { w := strings.Fields(words); return w[r.IntN(len(w))] }
	stories := make([]rafid.Story, 0, n)
	event := func() [4]string {
		return [4]string{
			pick("انهيار افتتاح احتراق إغلاق ترميم تدشين بيع مصادرة"), pick("جسر مصنع متحف ميناء ملعب مستشفى سوق مطار"),
			fmt.Sprintf("ال%s%s", pick("زمر مرج كوث سند ياس نرج عقي فير"), pick("دي انة وري يان مينة سية قية وزج")), pick("المرجان السنابل الواحة القلعة الضفة الهضبة"),
		}
	}
	var recent [][4]string
	for i := range n {
		if len(recent) == 0 || r.IntN(3) == 0 {
			recent = append(recent, event())
		}
		e := recent[max(0, len(recent)-1-r.IntN(5))]
		title := fmt.Sprintf("%s %s %s في %s", e[0], e[1], e[2], e[3])
		summary := fmt.Sprintf("%s %s %s الواقع في مدينة %s، %s مسؤولون إن %s شخصا شهدوا الحادثة %s.", pick("شهدت البلاد بدأ"), e[0], e[1]+" "+e[2], e[3],
			pick("وقال وأعلن وذكر"), fmt.Sprint(10+r.IntN(80)), pick("صباحا ليلا ظهرا فجرا"))
		stories = append(stories, told(fmt.Sprintf("s%04d", i), pick("nahr bahr jabal sahl"), float64(i)/10, title, summary))
	}
	return stories
}

func ExampleIndex_Add() {
	x := dedupe.New(dedupe.Options{Names: map[string]string{"nahr": "جريدة النهر"}})
	x.Add(bridge)
	d := x.Add(bridgeCopy)
	fmt.Println(d.Relation, d.Group)
	fmt.Println(d.Evidence.Arabic)
	// Output:
	// copy bridge
	// النص نفسه تقريبًا: 100% من عباراته في خبر جريدة النهر.
}

func ExampleCompare() {
	c := dedupe.Compare(bridge, bridgeOwn, dedupe.Options{})
	fmt.Println(c.Relation)
	// Output: same
}

func TestACategoryMayHaveItsOwnRule(t *testing.T) {
	t.Parallel()
	match := func(id, source, text string) rafid.Story {
		return rafid.Story{
			ID: id, Source: source, Title: "المنتخب يفوز على ضيفه بهدفين في ملعب السواقي", Summary: text,
			Published: time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC), Categories: []string{"sport"},
		}
	}
	first := match("a", "one", "فاز المنتخب الوطني مساء السبت على ضيفه بهدفين دون رد في ملعب السواقي أمام ثلاثين ألف متفرج.")
	later := match("b", "two", "حقق المنتخب فوزا ثمينا على ضيفه بهدفين في المباراة التي أقيمت على ملعب السواقي وحضرها ثلاثون ألفا.")
	for _, row := range []struct {
		name string
		rule dedupe.Override
		want bool
	}{
		{"without one the reports are the same", dedupe.Override{}, true},
		{"at near 1 nothing but copies is", dedupe.Override{Near: 1}, false},
		{"in a window of a second nothing joins", dedupe.Override{Window: time.Second}, false},
	} {
		late := later
		late.Published = first.Published.Add(time.Minute)
		o := dedupe.Options{Categories: map[string]dedupe.Override{"sport": row.rule}}
		x := dedupe.New(o)
		x.Add(first)
		if got := x.Add(late).Group == "a"; got != row.want {
			t.Errorf("%s: together %v, want %v", row.name, got, row.want)
		}
		other := late
		other.ID, other.Categories = "c", []string{"world"}
		x = dedupe.New(o)
		x.Add(first)
		if x.Add(other).Group != "a" {
			t.Errorf("%s: a story of another category is held to it", row.name)
		}
	}
}

func TestAPlaceAloneIsNoEvent(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
	bridge := rafid.Story{ID: "a", Source: "one", Published: at, Title: "افتتاح الجسر المعلق فوق وادي الحجارة",
		Summary: "افتتح رئيس البلدية صباح اليوم الجسر المعلق الجديد فوق وادي الحجارة بعد ثلاث سنوات من العمل، وقال إن كلفته بلغت أربعين مليونا."}
	books := rafid.Story{ID: "b", Source: "two", Published: at.Add(time.Hour), Title: "معرض للكتب القديمة في وادي الحجارة",
		Summary: "يعرض باعة الكتب القديمة في وادي الحجارة مخطوطات وصحفا من القرن الماضي حتى نهاية الشهر."}
	x := dedupe.New(dedupe.Options{})
	x.Add(bridge)
	if d := x.Add(books); d.Group == "a" {
		t.Errorf("a book fair joined the opening of a bridge: %+v", d.Evidence)
	}
	if c := dedupe.Compare(bridge, books, dedupe.Options{}); c.Relation == "same" {
		t.Errorf("compared, they are the same: %v", c.Why)
	}
}
