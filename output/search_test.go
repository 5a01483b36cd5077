package output

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"rafid"
)

func TestSearchFinds(t *testing.T) {
	t.Parallel()
	s := world()
	s.set(group("h1", "politics", told{"sahel", 4 * time.Hour, "إعلان نتائج الانتخابات البلدية في أم الرمال", "أعلنت اللجنة النتائج مساءً."}))
	ed := publisher(t, worldOptions(), s).cur.Load()
	for _, tt := range []struct{ name, query, want string }{
		{"a word", "q=الميناء", "g2crane g1port"},
		{"without the article", "q=ميناء", "g2crane g1port"},
		{"with a clitic", "q=بالميناء", "g2crane g1port"},
		{"two words", "q=ميناء رافعة", "g2crane"},
		{"hamza left out", "q=اعلان نتايج", "h1"},
		{"ta marbuta as ha", "q=شريحه", "g4chip"},
		{"vowel marks and tatweel", "q=المِينَـاء", "g2crane g1port"},
		{"a word of another outlet's headline", "q=سفنه", "g1port"},
		{"Latin in any case", "q=stc", "g4chip"},
		{"Arabic-Indic digits", "q=اللهجات X300", "g4chip"},
		{"a word left out", "q=ميناء&not=رافعة", "g1port"},
		{"nothing like it", "q=زلزال", ""},
		{"stop words alone", "q=في من", ""},
		{"category", "c=sport", "g3match"},
		{"two categories", "c=sport&c=tech", "g3match g4chip g5english"},
		{"outlets", "min=3", "g1port"},
		{"source", "s=jabal", "g3match g5english"},
		{"country", "country=TN", "h1 g1port"},
		{"age", "days=1&c=tech", ""},
		{"all of it", "q=الميناء&c=economy&min=2&days=2", "g1port"},
		{"nothing asked", "", "g2crane g1port g3match h1 g4chip g5english g6hostile"},
	} {
		v, err := url.ParseQuery(strings.ReplaceAll(tt.query, " ", "+"))
		if err != nil {
			t.Fatal(err)
		}
		found, err := ed.find(t.Context(), readWish(v), 100)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, e := range found {
			ids = append(ids, e.Group.ID)
		}
		want := strings.Fields(tt.want)
		slices.Sort(ids)
		slices.Sort(want)
		if diff := cmp.Diff(strings.Join(want, " "), strings.Join(ids, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestWishHasOneAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"what a form sends", "q=&not=&min=1", "?min=1"},
		{"order does not matter", "c=sport&q=a&c=economy&c=sport", "?c=economy&c=sport&q=a"},
		{"ticked boxes", "c.sport=1&c.economy=1", "?c=economy&c=sport"},
		{"out of bounds", "min=-4&days=99999999&c=../x&s=%00", "?days=3650"},
		{"not a number", "min=x&q=+a+++b+", "?q=a+b"},
	} {
		v, err := url.ParseQuery(tt.in)
		if err != nil {
			t.Fatal(err)
		}
		got := readWish(v).query()
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		again, _ := url.ParseQuery(strings.TrimPrefix(got, "?"))
		if readWish(again).query() != got {
			t.Errorf("%s: its own address says something else", tt.name)
		}
	}
	long := readWish(url.Values{"q": {strings.Repeat("كلمة أخرى ", 400)}})
	if n := len([]rune(long.words)); n > maxAsked {
		t.Errorf("%d characters are asked for", n)
	}
}

func TestServingSearch(t *testing.T) {
	t.Parallel()
	h := publisher(t, worldOptions(), world()).Handler()
	if text := body(t, get(t, h, "GET", "/search")); !strings.Contains(text, `name="q"`) || strings.Contains(text, "خلاصة هذا البحث") {
		t.Error("the empty form is not as it should be")
	}
	if r := get(t, h, "GET", "/feeds/search.atom?q=b&min=2&c.sport=1"); r.Header.Get("Location") != "/feeds/search.atom?c=sport&min=2&q=b" {
		t.Errorf("%d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	q := url.Values{"q": {"الميناء"}, "c": {"economy"}}.Encode()
	text := body(t, get(t, h, "GET", "/search?"+q))
	for _, want := range []string{"افتتاح الميناء الجديد", "قصتان", "/feeds/search.atom?c=economy&amp;q=", `name="c.economy" value="1" checked`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	for _, format := range []string{Atom, RSS, JSON} {
		r := get(t, h, "GET", "/feeds/search."+format+"?"+q)
		feed, err := gofeed.NewParser().ParseString(body(t, r))
		if err != nil {
			t.Fatal(err)
		}
		if len(feed.Items) != 2 || feed.Items[0].GUID != "tag:news.example.org,2026:s/g2crane" || !strings.Contains(feed.FeedLink, "search."+format+"?c=economy&q=") {
			t.Errorf("%s: %d items, itself %s", format, len(feed.Items), feed.FeedLink)
		}
		if r := get(t, h, "GET", "/feeds/search."+format+"?"+q, "If-None-Match: "+r.Header.Get("Etag")); r.StatusCode != 304 {
			t.Errorf("%s: the same is answered with %d", format, r.StatusCode)
		}
	}
	if text := body(t, get(t, h, "GET", `/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E`)); strings.Contains(text, "<script") {
		t.Error("what is asked for runs")
	}
	if r := get(t, h, "GET", "/feeds/search.opml"); r.StatusCode != 404 {
		t.Errorf("a list of a search: %d", r.StatusCode)
	}
}

// searching is a store with a search of its own.
type searching struct {
	*memory
	asked string
}

func (s *searching) Search(ctx context.Context, words string, q rafid.Query) ([]rafid.Entry, error) {
	s.asked = words
	return s.Entries(ctx, q)
}

func TestStoresOwnSearchIsAsked(t *testing.T) {
	t.Parallel()
	s := &searching{memory: world()}
	ed := publisher(t, worldOptions(), s).cur.Load()
	found, err := ed.find(t.Context(), readWish(url.Values{"q": {"كلمة لا توجد"}, "c": {"sport"}}), 10)
	if err != nil || len(found) != 1 || s.asked != "كلمة لا توجد" {
		t.Errorf("found %d, asked %q, %v", len(found), s.asked, err)
	}
}

func FuzzWish(f *testing.F) {
	f.Add("q=الميناء&c=sport&min=2")
	f.Add("q=%FF&not=%00&c=..%2F&days=1e9")
	ed := publisher(f, worldOptions(), world()).cur.Load()
	f.Fuzz(func(t *testing.T, query string) {
		v, _ := url.ParseQuery(query)
		w := readWish(v)
		again, err := url.ParseQuery(strings.TrimPrefix(w.query(), "?"))
		if err != nil || readWish(again).query() != w.query() {
			t.Fatalf("%q became %q, which says something else", query, w.query())
		}
		if _, err := ed.search(t.Context(), ed.at("/search", noon), w); err != nil {
			t.Fatal(err)
		}
	})
}
