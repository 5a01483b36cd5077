package output

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"rafid"
)

// digestOptions is the world with a digest a day at seven in Riyadh, looked at at a time that may be moved.
func digestOptions(t *testing.T, now *time.Time) Options {
	t.Helper()
	o := worldOptions()
	zone, err := time.LoadLocation("Asia/Riyadh")
	if err != nil {
		t.Fatal(err)
	}
	o.Site.Zone, o.Now = zone, func() time.Time { return *now }
	o.Channels = append(o.Channels, rafid.Channel{Name: "day", Title: "حصاد اليوم", Digest: "0 7 * * *"})
	return o
}

func parsed(t *testing.T, text string) *gofeed.Feed {
	t.Helper()
	f, err := gofeed.NewParser().ParseString(text)
	if err != nil {
		t.Fatalf("%v: %.200s", err, text)
	}
	return f
}

func TestDigest(t *testing.T) {
	t.Parallel()
	now := noon // 15:00 in Riyadh; the last digest was at 04:00 UTC, eight hours ago
	s := world()
	p := publisher(t, digestOptions(t, &now), s)
	h := p.Handler()
	first := parsed(t, body(t, get(t, h, "GET", "/feeds/day.atom")))
	if len(first.Items) != 1 || !strings.Contains(first.Items[0].Title, "حصاد اليوم — ") {
		t.Fatalf("%d digests, want the one of what was met the day before", len(first.Items))
	}
	if want := "2026-11-20T04:00:00Z"; first.Items[0].Published != want {
		t.Errorf("published %s, want %s", first.Items[0].Published, want)
	}
	if due, want := p.Due(), time.Date(2026, time.November, 21, 4, 0, 0, 0, time.UTC); !due.Equal(want) {
		t.Errorf("the next is due %s, want %s", due, want)
	}

	now = noon.Add(16 * time.Hour) // 07:00 in Riyadh, to the second
	if err := p.Publish(t.Context(), []rafid.Entry{group("g9", "tech", told{"bahr", -time.Hour, "خبر لا يغيّر ما مضى", ""})}); err != nil {
		t.Fatal(err)
	}
	text := body(t, get(t, h, "GET", "/feeds/day.atom"))
	second := parsed(t, text)
	if len(second.Items) != 2 || second.Items[1].GUID != first.Items[0].GUID || second.Items[1].Content != first.Items[0].Content {
		t.Fatalf("the second digest: %d items, the first among them as it was", len(second.Items))
	}
	it := second.Items[0]
	port, match := strings.Index(it.Content, "افتتاح الميناء الجديد"), strings.Index(it.Content, "الوادي يفوز على الجبل")
	if port < 0 || match < port || !strings.Contains(it.Content, "4 مصادر") || !strings.Contains(it.Content, "/s/g1port") {
		t.Errorf("the widest story is not first, or its width and page are not told: %s", it.Content)
	}
	if strings.Contains(it.Content, "شريحة") {
		t.Error("it tells what the digest before told")
	}
	wellFormed(t, []byte(text))
}

// TestDigestComesByItself shows that who asks after the time gets it, although nothing was published.
func TestDigestComesByItself(t *testing.T) {
	t.Parallel()
	now := noon
	h := publisher(t, digestOptions(t, &now), world()).Handler()
	before := body(t, get(t, h, "GET", "/feeds/day.rss"))
	if again := body(t, get(t, h, "GET", "/feeds/day.rss")); again != before {
		t.Error("two bytes of one time")
	}
	now = noon.Add(17 * time.Hour)
	if n := strings.Count(body(t, get(t, h, "GET", "/feeds/day.rss")), "<item>"); n != 2 {
		t.Errorf("%d digests after the time of the second", n)
	}
}

// TestDigestStaysAsItWas shows that a published digest changes by withdrawal alone.
func TestDigestStaysAsItWas(t *testing.T) {
	t.Parallel()
	now := noon.Add(17 * time.Hour)
	s := world()
	p := publisher(t, digestOptions(t, &now), s)
	h := p.Handler()
	before := body(t, get(t, h, "GET", "/feeds/day.json"))
	grown := group("g3match", "sport",
		told{"sahel-sport", 3 * time.Hour, "الوادي يفوز على الجبل 2-1 في الوقت الضائع", ""},
		told{"jabal", 2 * time.Hour, "NTV: هدف في الوقت الضائع يحسم المباراة", ""},
		told{"bahr", -17 * time.Hour, "فوز الوادي على الجبل", ""}, told{"wadi", -17 * time.Hour, "الوادي يغلب الجبل", ""}, told{"ntv", -17 * time.Hour, "الجبل يخسر", ""})
	s.set(grown)
	for _, changed := range [][]rafid.Entry{{grown}, nil} {
		if err := p.Publish(t.Context(), changed); err != nil {
			t.Fatal(err)
		}
		if after := body(t, get(t, h, "GET", "/feeds/day.json")); after != before {
			t.Errorf("what joined after a digest changed it:\n%s\n%s", before, after)
		}
	}
	gone := rafid.Entry{Group: rafid.Group{ID: "g3match", Into: "g1port"}}
	s.set(gone)
	if err := p.Publish(t.Context(), []rafid.Entry{gone}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(body(t, get(t, h, "GET", "/feeds/day.json")), "g3match") {
		t.Error("what is no story of its own any more is still in the digest")
	}
}

func TestDigestPagesAndFiles(t *testing.T) {
	t.Parallel()
	now := noon.Add(17 * time.Hour)
	p := publisher(t, digestOptions(t, &now), world())
	h := p.Handler()
	page := body(t, get(t, h, "GET", "/feeds/day.atom", "Sec-Fetch-Dest: document"))
	if !strings.Contains(page, `href="/?before=2026-11-21T04%3A00%3A00Z"`) {
		t.Error("the page about the digest leads nowhere")
	}
	if r := get(t, h, "GET", "/feeds/day.before-1.atom"); r.StatusCode != 404 {
		t.Errorf("an older page of digests: %d", r.StatusCode)
	}
	dir := t.TempDir()
	if _, err := p.WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"feeds/day.atom", "s/g1port/index.html"} {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
	}
}

func TestDigestTimes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, line   string
		last, oldest time.Time
		n            int
	}{
		{"every minute", "* * * * *", noon, noon.Add(-7 * time.Minute), 8},
		{"once a day", "30 11 * * *", noon.Add(-30 * time.Minute), noon.Add(-30*time.Minute - 7*24*time.Hour), 8},
		{"once a year", "0 0 1 1 *", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC), 8},
		{"every four years", "0 0 29 2 *", time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), time.Time{}, 0},
	} {
		o := worldOptions()
		o.Channels = []rafid.Channel{{Name: "d", Digest: tt.line}}
		ed := must(New(o, world())).cur.Load()
		times, next := ed.digestTimes(ed.channels["d"], noon)
		if len(times) == 0 || !times[len(times)-1].Equal(tt.last) || tt.n > 0 && (len(times) != tt.n || !times[0].Equal(tt.oldest)) || !next.After(noon) {
			t.Errorf("%s: %v, next %v", tt.name, times, next)
		}
	}
}
