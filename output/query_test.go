package output

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rafid"
)

// carried gives the ids of the groups that a channel of the store's carries, in their order, without the
// scheme of ids.
func carried(t *testing.T, s Store, ch rafid.Channel) []string {
	t.Helper()
	o := worldOptions()
	ch.Name = "asked"
	o.Channels = append(o.Channels, ch)
	var feed struct {
		Items []struct{ ID string }
	}
	text := body(t, get(t, publisher(t, o, s).Handler(), "GET", "/feeds/asked.json"))
	if err := json.Unmarshal([]byte(text), &feed); err != nil {
		t.Fatalf("%v: %.200s", err, text)
	}
	ids := []string{}
	for _, it := range feed.Items {
		ids = append(ids, it.ID[strings.LastIndexAny(it.ID, ":/")+1:])
	}
	return ids
}

func TestChannelsByQuery(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		query rafid.Query
		want  []string
	}{
		{"a word, in another spelling", rafid.Query{Words: []string{"إفتتاحُ الموانىء"}}, []string{"g1port"}},
		{"all words of one text", rafid.Query{Words: []string{"الميناء السفن"}}, []string{"g1port"}},
		{"one of two texts", rafid.Query{Words: []string{"رافعة", "المباراة"}}, []string{"g2crane", "g3match"}},
		{"a word without its article", rafid.Query{Words: []string{"مباراة"}}, []string{"g3match"}},
		{"a word of a later report", rafid.Query{Words: []string{"هيئة الموانئ"}}, []string{"g1port"}},
		{"a word that nobody wrote", rafid.Query{Words: []string{"بركان"}}, []string{}},
		{"without a word", rafid.Query{Categories: []string{"economy"}, Exclude: []string{"الرافعة"}}, []string{"g1port"}},
		{"without words that stand apart", rafid.Query{Categories: []string{"economy"}, Exclude: []string{"رافعة بركان"}}, []string{"g2crane", "g1port"}},
		{"a condition that one report fulfils", rafid.Query{Fulfils: func(s *rafid.Story) bool { return s.Source == "bahr" && s.Categories[0] == "economy" }}, []string{"g1port"}},
		{"two categories", rafid.Query{Categories: []string{"economy", "sport"}}, []string{"g2crane", "g1port", "g3match"}},
		{"two sources", rafid.Query{Sources: []string{"jabal", "wadi"}}, []string{"g2crane", "g1port", "g3match", "g5english"}},
		{"a country", rafid.Query{Countries: []string{"TN"}}, []string{"g1port"}},
		{"a country of nobody", rafid.Query{Countries: []string{"EG"}}, []string{}},
		{"three outlets", rafid.Query{MinSources: 3}, []string{"g1port"}},
		{"three outlets within half an hour", rafid.Query{MinSources: 3, Within: 30 * time.Minute}, []string{}},
		{"three outlets within 33 minutes", rafid.Query{MinSources: 3, Within: 33 * time.Minute}, []string{"g1port"}},
		{"two outlets within 15 minutes", rafid.Query{MinSources: 2, Within: 15 * time.Minute}, []string{"g1port"}},
		{"no older than the newest by two hours", rafid.Query{Age: 2 * time.Hour}, []string{"g2crane", "g1port"}},
		{"everything together", rafid.Query{Words: []string{"ميناء"}, Categories: []string{"economy"}, Sources: []string{"sahel"},
			Countries: []string{"TN"}, MinSources: 2, Exclude: []string{"بركان"}}, []string{"g1port"}},
	} {
		got := carried(t, world(), rafid.Channel{Query: tt.query})
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// crowd is a store in which one outlet speaks ten times as often as two others.
func crowd() *memory {
	s := &memory{}
	for i := range 300 {
		source := "sahel"
		if i%10 == 0 {
			source = []string{"ntv", "wadi"}[i/10%2]
		}
		s.set(group(fmt.Sprintf("n%03d", i), "economy", told{source, time.Duration(i) * time.Minute, fmt.Sprintf("خبر الساعة %d", i), ""}))
	}
	return s
}

func TestFairShare(t *testing.T) {
	t.Parallel()
	got := carried(t, crowd(), rafid.Channel{MaxPerSource: 3, Query: rafid.Query{Max: 20}})
	if diff := cmp.Diff([]string{"n000", "n001", "n002", "n003", "n010", "n020", "n030", "n040", "n050"}, got); diff != "" {
		t.Errorf("three items an outlet, newest first (-want +got):\n%s", diff)
	}
	if got := carried(t, crowd(), rafid.Channel{MaxPerSource: 8, Query: rafid.Query{Max: 15}}); len(got) != 15 {
		t.Errorf("%d items where the others have enough to fill 15", len(got))
	}
}

// TestRareWordsAreLookedForBehindTheWindow shows that a channel is filled from behind the number of groups
// that it carries.
func TestRareWordsAreLookedForBehindTheWindow(t *testing.T) {
	t.Parallel()
	s := crowd()
	s.set(group("rare", "sport", told{"ntv", 1000 * time.Minute, "زلزال بعيد لم يشعر به أحد", ""}))
	if got := carried(t, s, rafid.Channel{Query: rafid.Query{Words: []string{"زلزال"}, Max: 10}}); !slices.Equal(got, []string{"rare"}) {
		t.Errorf("got %v", got)
	}
}

func TestReportsToldApart(t *testing.T) {
	t.Parallel()
	got := carried(t, world(), rafid.Channel{Apart: true, Query: rafid.Query{Categories: []string{"economy"}}})
	if diff := cmp.Diff([]string{"g2crane0", "g1port3", "g1port2", "g1port1", "g1port0"}, got); diff != "" {
		t.Errorf("each report an item (-want +got):\n%s", diff)
	}
	got = carried(t, world(), rafid.Channel{Apart: true, Query: rafid.Query{Sources: []string{"ntv"}, Words: []string{"ميناء"}}})
	if diff := cmp.Diff([]string{"g1port1"}, got); diff != "" {
		t.Errorf("reports of the source asked for alone (-want +got):\n%s", diff)
	}
}

func TestQueriesAreTouchedByWhatTheySelect(t *testing.T) {
	t.Parallel()
	s := world()
	o := worldOptions()
	o.Channels = []rafid.Channel{
		{Name: "cranes", Query: rafid.Query{Words: []string{"رافعات"}}},
		{Name: "breaking", Query: rafid.Query{MinSources: 2, Within: 10 * time.Minute}},
	}
	p := publisher(t, o, s)
	cranes, breaking := p.cur.Load().channels["cranes"].issue.Load(), p.cur.Load().channels["breaking"].issue.Load()
	quick := group("g7quick", "sport", told{"bahr", 9 * time.Minute, "حريق في سوق السمك", ""}, told{"wadi", 3 * time.Minute, "سوق السمك: حريق كبير", ""})
	s.set(quick)
	if err := p.Publish(t.Context(), []rafid.Entry{quick}); err != nil {
		t.Fatal(err)
	}
	if p.cur.Load().channels["cranes"].issue.Load() != cranes {
		t.Error("a fire was no reason to render the cranes")
	}
	if now := p.cur.Load().channels["breaking"].issue.Load(); now == breaking || !now.groups["g7quick"] {
		t.Error("the fire is not breaking")
	}
}

func TestChannelsOwnStyle(t *testing.T) {
	t.Parallel()
	o := worldOptions()
	o.Sources = slices.Clone(o.Sources)
	o.Sources[0].Content = ContentHeadline
	o.Channels = append(o.Channels,
		rafid.Channel{Name: "bare", Content: ContentHeadline, Credit: CreditNone, Formats: []string{RSS}},
		rafid.Channel{Name: "before", Credit: CreditPrefix})
	h := publisher(t, o, world()).Handler()
	if r := get(t, h, "GET", "/feeds/bare.atom"); r.StatusCode != 404 {
		t.Errorf("a format that the channel has not: %d", r.StatusCode)
	}
	bare := body(t, get(t, h, "GET", "/feeds/bare.rss"))
	if strings.Contains(bare, "بعد ساعات من الافتتاح") || strings.Contains(bare, "ساعتين — أخبار الوادي") {
		t.Error("headlines alone, without the outlet, were asked for")
	}
	before := body(t, get(t, h, "GET", "/feeds/before.atom"))
	if !strings.Contains(before, "أخبار الوادي — أول رافعة") || !strings.Contains(before, "بعد ساعات من الافتتاح") {
		t.Error("the outlet is not before the title, or the text is missing")
	}
	for at, text := range map[string]string{"a feed": before, "a page": body(t, get(t, h, "GET", "/s/g1port"))} {
		if strings.Contains(text, "3.5 مليار") {
			t.Errorf("%s shows the text of a source that allows its headlines", at)
		}
	}
	list := body(t, get(t, h, "GET", "/opml.xml"))
	if !strings.Contains(list, "/feeds/bare.rss") || strings.Contains(list, "/feeds/bare.atom") {
		t.Error("the list names a format that the channel has not")
	}
}

func TestImpossibleChannelsAreRefused(t *testing.T) {
	t.Parallel()
	for name, ch := range map[string]rafid.Channel{
		"a format that is none":           {Name: "x", Formats: []string{"xml"}},
		"an amount that is none":          {Name: "x", Content: "all"},
		"a place that is none":            {Name: "x", Credit: "above"},
		"a token that can be guessed":     {Name: "x", Token: "letmein"},
		"a token that is no address":      {Name: "x", Token: "0123456789abcdef&x"},
		"words that tell nothing":         {Name: "x", Query: rafid.Query{Words: []string{"في من"}}},
		"marks to leave out":              {Name: "x", Query: rafid.Query{Exclude: []string{"؟!"}}},
		"the name of the search":          {Name: "search"},
		"a digest of no cron line":        {Name: "x", Digest: "daily"},
		"a digest that never comes":       {Name: "x", Digest: "0 0 30 2 *"},
		"a digest with seconds":           {Name: "x", Digest: "*/5 * * * * *"},
		"a digest with a zone, no fields": {Name: "x", Digest: "TZ=Asia/Riyadh"},
		"a digest in a zone of its own":   {Name: "x", Digest: "CRON_TZ=UTC 7 * * *"},
		"a digest every so often":         {Name: "x", Digest: "@every 1s"},
	} {
		o := worldOptions()
		o.Channels = append(o.Channels, ch)
		if _, err := New(o, world()); err == nil || !strings.Contains(err.Error(), `channel "`+ch.Name+`"`) {
			t.Errorf("%s: %v", name, err)
		}
	}
	o := worldOptions()
	o.Hub, o.Sources = "hub.example", append(slices.Clone(o.Sources), rafid.Source{ID: "odd", Content: "half"})
	if _, err := New(o, world()); err == nil || !strings.Contains(err.Error(), "hub address") || !strings.Contains(err.Error(), "source odd") {
		t.Errorf("a hub without a scheme, an amount of a source: %v", err)
	}
}

func TestChannelsSayWhatTheyCarry(t *testing.T) {
	t.Parallel()
	h := newHouse(must(worldOptions().withDefaults()))
	for _, tt := range []struct {
		name string
		ch   rafid.Channel
		want string
	}{
		{"everything", rafid.Channel{}, "أخبار عربية من مصادرها، بلا تكرار"},
		{"wide", rafid.Channel{Query: rafid.Query{MinSources: 3}}, "القصص التي نشرها 3 مصادر على الأقل"},
		{"breaking", rafid.Channel{Query: rafid.Query{MinSources: 2, Within: 2 * time.Hour}}, "القصص التي نشرها مصدران على الأقل خلال ساعتين"},
		{"words", rafid.Channel{Query: rafid.Query{Words: []string{"سيول", "سد الوادي"}, Exclude: []string{"رياضة"}}}, "القصص التي تذكر «سيول» أو «سد الوادي»، بلا «رياضة»"},
	} {
		if got := h.feedDescription(tt.ch); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSourcesOfAQuery(t *testing.T) {
	t.Parallel()
	o := worldOptions()
	o.Channels = append(o.Channels, rafid.Channel{Name: "two", Query: rafid.Query{Sources: []string{"ntv", "quiet"}}},
		rafid.Channel{Name: "tunis", Query: rafid.Query{Countries: []string{"TN"}}})
	h := publisher(t, o, world()).Handler()
	two := body(t, get(t, h, "GET", "/feeds/two.opml"))
	if strings.Count(two, "xmlUrl=") != 2 || !strings.Contains(two, "quiet.example") || !strings.Contains(two, "ntv.example") {
		t.Errorf("other sources than the two asked for:\n%s", two)
	}
	// Of a country's channel: its sources, and those whose stories stand in its groups now.
	if tunis := body(t, get(t, h, "GET", "/feeds/tunis.opml")); strings.Contains(tunis, "quiet.example") || !strings.Contains(tunis, "sahel.example/rss.xml") || !strings.Contains(tunis, "bahr.example") {
		t.Errorf("the sources of a country's channel:\n%s", tunis)
	}
}

// asking notes the most groups that were asked for.
type asking struct {
	*memory
	most int
}

func (s *asking) Entries(ctx context.Context, q rafid.Query) ([]rafid.Entry, error) {
	s.most = max(s.most, q.Max)
	return s.memory.Entries(ctx, q)
}

// TestQueriesReadNoMoreThanTheyNeed shows that what a channel carries is not looked for in the whole store: enough
// items end it, and so does the age that it keeps.
func TestQueriesReadNoMoreThanTheyNeed(t *testing.T) {
	t.Parallel()
	s := &asking{memory: &memory{}}
	for i := range 2000 {
		s.set(group(fmt.Sprintf("n%04d", i), worldCategories[i%4].Slug, told{"wadi", time.Duration(i) * time.Minute, fmt.Sprintf("خبر %d", i), ""}))
	}
	for _, tt := range []struct {
		name  string
		query rafid.Query
		items int
		most  int
	}{
		{"half of the categories", rafid.Query{Categories: []string{"economy", "sport"}, Max: 100}, 100, 500},
		{"more than the first look finds", rafid.Query{Categories: []string{"economy", "sport"}, Max: 300, Keep: 100 * time.Hour}, 300, 1500},
		{"an age that ends it", rafid.Query{Categories: []string{"economy", "sport"}, Max: 300, Keep: 2 * time.Hour}, 61, 500},
	} {
		s.most = 0
		o := worldOptions()
		o.Channels = []rafid.Channel{{Name: "asked", Query: tt.query}}
		p := must(New(o, s))
		if _, err := p.cur.Load().current(t.Context(), p.cur.Load().channels["asked"]); err != nil {
			t.Fatal(err)
		}
		if n := len(p.cur.Load().channels["asked"].issue.Load().groups); n != tt.items || s.most > tt.most {
			t.Errorf("%s: %d items out of %d groups, want %d out of %d", tt.name, n, s.most, tt.items, tt.most)
		}
	}
}
