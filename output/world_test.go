package output

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"rafid"
)

// memory is a Store of entries in memory.
type memory struct {
	mu      sync.Mutex
	entries []rafid.Entry
	states  []rafid.SourceState
	err     error // given instead of any answer
	reads   int
}

func (s *memory) Entries(_ context.Context, q rafid.Query) ([]rafid.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	if s.err != nil {
		return nil, s.err
	}
	var out []rafid.Entry
	for _, e := range s.entries {
		if len(e.Stories) == 0 || selects(q, e) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b rafid.Entry) int {
		return cmp.Or(b.Group.Published.Compare(a.Group.Published), cmp.Compare(b.Group.ID, a.Group.ID))
	})
	if q.Max > 0 && len(out) > q.Max {
		out = out[:q.Max]
	}
	return out, nil
}

func (s *memory) Entry(_ context.Context, id string) (rafid.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return rafid.Entry{}, s.err
	}
	for _, e := range s.entries {
		if e.Group.ID == id {
			return e, nil
		}
	}
	return rafid.Entry{}, fmt.Errorf("group %s: %w", id, rafid.ErrNotFound)
}

func (s *memory) Stats(_ context.Context, since time.Time) (rafid.Stats, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := rafid.Stats{BySource: map[string]int{}}
	for _, e := range s.entries {
		any := false
		for _, r := range e.Stories {
			if !r.Published.Before(since) {
				st.Stories++
				st.BySource[r.Source]++
				any = true
			}
		}
		if any {
			st.Groups++
		}
	}
	return st, s.err
}

func (s *memory) States(context.Context) ([]rafid.SourceState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.states, s.err
}

// set replaces the entry of the same group, or adds it.
func (s *memory) set(e rafid.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.entries {
		if s.entries[i].Group.ID == e.Group.ID {
			s.entries[i] = e
			return
		}
	}
	s.entries = append(s.entries, e)
}

func (s *memory) remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = slices.DeleteFunc(s.entries, func(e rafid.Entry) bool { return e.Group.ID == id })
}

func (s *memory) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

var errStore = errors.New("the disk is gone")

// noon is when the tests' world is looked at.
var noon = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)

// Outlets and news are invented.
var worldSources = []rafid.Source{
	{ID: "sahel", URL: "https://sahel.example/rss.xml?key=secret", Name: "صوت الساحل", Outlet: "sahel", Home: "https://sahel.example/", Country: "TN"},
	{ID: "sahel-sport", URL: "https://sahel.example/sport.xml", Name: "صوت الساحل", Outlet: "sahel", Category: "sport"},
	{ID: "wadi", URL: "https://wadi.example/atom", Name: "أخبار الوادي", Outlet: "wadi", Home: "https://wadi.example/"},
	{ID: "ntv", URL: "https://ntv.example/feed", Name: "NTV عربي", Outlet: "ntv", Home: "https://ntv.example/ar"},
	{ID: "jabal", URL: "http://jabal.example/feed.json", Name: "الجبل 24", Outlet: "jabal"},
	{ID: "bahr", URL: "https://bahr.example/rss", Name: "وكالة البحر", Outlet: "bahr", Home: "https://bahr.example"},
	{ID: "quiet", URL: "https://quiet.example/rss", Name: "الصفحة الهادئة", Outlet: "quiet"},
}

var worldCategories = []rafid.Category{
	{Slug: "politics", Title: "سياسة"}, {Slug: "economy", Title: "اقتصاد"}, {Slug: "sport", Title: "رياضة"},
	{Slug: "tech", Title: "علوم وتقنية"},
}

func worldChannels() []rafid.Channel {
	chs := []rafid.Channel{
		{Name: "all", Title: "كل الأخبار"},
		{Name: "top", Title: "الأهم", Query: rafid.Query{MinSources: 3}},
	}
	for _, c := range worldCategories {
		chs = append(chs, rafid.Channel{Name: c.Slug, Title: c.Title, Query: rafid.Query{Category: c.Slug}})
	}
	for _, s := range worldSources {
		chs = append(chs, rafid.Channel{Name: "source-" + s.ID, Title: s.Name, Query: rafid.Query{Source: s.ID}, Credited: true})
	}
	return chs
}

func worldOptions() Options {
	return Options{
		Site:     Site{URL: "https://news.example.org", Title: "رافد", Version: "0.1.0"},
		Channels: worldChannels(), Categories: worldCategories, Sources: worldSources,
		Now: func() time.Time { return noon },
	}
}

// told is a report for a group: who, how long before noon, what.
type told struct {
	source  string
	ago     time.Duration
	title   string
	summary string
}

// group makes an entry of reports in order of joining; the first leads.
func group(id, category string, reports ...told) rafid.Entry {
	e := rafid.Entry{Group: rafid.Group{ID: id, Title: reports[0].title}}
	for i, r := range reports {
		at := noon.Add(-r.ago)
		sid := fmt.Sprintf("%s%d", id, i)
		src := worldSources[slices.IndexFunc(worldSources, func(s rafid.Source) bool { return s.ID == r.source })]
		e.Stories = append(e.Stories, rafid.Story{
			ID: sid, Source: src.ID, Outlet: src.Outlet, Title: r.title, Summary: r.summary, Lang: "ar",
			Link: "https://" + src.Outlet + ".example/news/" + sid, Categories: []string{category},
			Published: at, FirstSeen: at.Add(time.Minute), Revised: at.Add(time.Minute),
		})
		m := rafid.Member{Story: sid, Relation: rafid.Lead, Joined: at.Add(2 * time.Minute)}
		if i > 0 {
			m.Relation, m.Of = rafid.Same, id+"0"
			m.Evidence = rafid.Evidence{Score: 0.87, Threshold: 0.8, Words: []string{"الميناء", "الجديد"},
				Arabic: "الحدث نفسه: كلمات دالة مشتركة ووقت متقارب"}
		}
		e.Group.Members = append(e.Group.Members, m)
	}
	e.Group.Lead, e.Group.Published = e.Stories[0].ID, e.Stories[0].Published
	return e
}

// world is a morning of news.
func world() *memory {
	port := group("g1port", "economy",
		told{"sahel", 95 * time.Minute, "افتتاح الميناء الجديد في خليج الزيتون بحضور ألفي ضيف", "افتُتح صباح اليوم الميناء الجديد في خليج الزيتون. وتبلغ طاقته مليوني حاوية في السنة، وقد كلّف 3.5 مليار دينار.\nوحضر الافتتاح ألفا ضيف."},
		told{"ntv", 80 * time.Minute, "الميناء الجديد يستقبل أولى سفنه في خليج الزيتون", "رست أولى السفن ظهر اليوم."},
		told{"wadi", 62 * time.Minute, "خليج الزيتون: ميناء بطاقة مليوني حاوية", ""},
		told{"bahr", 12 * time.Minute, "ميناء خليج الزيتون يدخل الخدمة", "قالت هيئة الموانئ إن الميناء دخل الخدمة."})
	port.Stories[0].Image = rafid.Image{URL: "https://sahel.example/صور/ميناء 1.png", Caption: "سفينة \"الأمل\" عند الرصيف"}
	port.Stories[0].Author = "هدى السالمي"
	port.Stories[0].Categories = []string{"economy", "politics"}
	port.Stories[0].Tags = []string{"موانئ"}
	follow := group("g2crane", "economy",
		told{"wadi", 5 * time.Minute, "أول رافعة في ميناء خليج الزيتون تتوقف ساعتين", "توقفت الرافعة بعد ساعات من الافتتاح، ثم عادت إلى العمل."})
	follow.Group.Thread = "g1port"
	match := group("g3match", "sport",
		told{"sahel-sport", 3 * time.Hour, "الوادي يفوز على الجبل 2-1 في الوقت الضائع", "سجل سامر الهدف الثاني. المزيد: https://sahel.example/match"},
		told{"jabal", 2 * time.Hour, "NTV: هدف في الوقت الضائع يحسم المباراة", "انتهت المباراة 2-1."})
	latin := group("g4chip", "tech",
		told{"ntv", 26 * time.Hour, "STC تعرض شريحة (X300-AR) تفهم \"اللهجات\"", "X300 شريحة صغيرة تفهم اللهجات العربية."})
	english := group("g5english", "tech",
		told{"jabal", 27 * time.Hour, "Harbour opens in Olive Bay", "The harbour opened today."})
	english.Stories[0].Lang = "en"
	hostile := group("g6hostile", "politics",
		told{"bahr", 28 * time.Hour, "عنوان <script>alert(1)</script> & \"اقتباس\"\r\nSet-Cookie: x=1", "نص ]]> مع \x00محرف\x1b و<b>وسم</b> \u202Eمقلوب"})
	hostile.Stories[0].Link = "javascript:alert(1)"
	hostile.Stories[0].Image.URL = "data:image/png;base64,AAAA"
	hostile.Stories[0].Inferred = true
	return &memory{
		entries: []rafid.Entry{port, follow, match, latin, english, hostile},
		states: []rafid.SourceState{
			{Source: "sahel", Condition: rafid.Works, Status: 304, LastFetch: noon.Add(-3 * time.Minute), LastOK: noon.Add(-3 * time.Minute), LastFull: noon.Add(-95 * time.Minute), Items: 20, Took: 210 * time.Millisecond},
			{Source: "wadi", Condition: rafid.Slow, Status: 200, LastFetch: noon.Add(-4 * time.Minute), LastOK: noon.Add(-4 * time.Minute), LastFull: noon.Add(-4 * time.Minute), Items: 30, Took: 11 * time.Second},
			{Source: "jabal", Condition: rafid.Broken, Error: `Get "http://jabal.example/feed.json": connection refused`, Failures: 7, LastFetch: noon.Add(-time.Minute), LastOK: noon.Add(-72 * time.Hour), LastFull: noon.Add(-72 * time.Hour)},
			{Source: "ntv", Condition: rafid.Works, Status: 200, LastFetch: noon.Add(-6 * time.Minute), LastOK: noon.Add(-6 * time.Minute), LastFull: noon.Add(-6 * time.Minute), Items: 25, Repairs: []string{"encoding", "bare &"}, Took: 480 * time.Millisecond},
		},
	}
}

// publisher makes a publisher over the store that has published once.
func publisher(t testing.TB, o Options, s Store) *Publisher {
	t.Helper()
	p, err := New(o, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Publish(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return p
}
