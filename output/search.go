package output

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rafid"
	"rafid/arabic"
)

// Searcher is what a [Store] may also be. Without it a search looks at the newest groups only.
type Searcher interface {
	// Search gives the groups in which every one of the words stands, in whatever spelling, newest first and
	// bounded by q as Entries bounds them.
	Search(ctx context.Context, words string, q rafid.Query) ([]rafid.Entry, error)
}

// searchWindow is how many of the newest groups a search looks at when the store has no search of its own: two
// days of a hundred outlets, read in 20 ms.
const searchWindow = 1000

// The bounds of what a reader may ask for: an address is about that long at most.
const (
	maxWords   = 20
	maxAsked   = 300 // characters
	maxChoices = 50
)

// wish is a channel that a reader puts together: all of it must hold.
type wish struct {
	words, without string   // as typed
	categories     []string // one of them is the lead's first
	sources        []string // one of them has a story in the group
	countries      []string // one of its sources is there
	min            int      // independent outlets
	days           int      // age; 0 is any

	keys, not []string // of words and without
}

// readWish reads a wish out of an address; what is out of bounds is cut to them.
func readWish(v url.Values) wish {
	w := wish{
		words: shorten(line(v.Get("q"))), without: shorten(line(v.Get("not"))),
		categories: choices(append(ticked(v, "c."), v["c"]...)), sources: choices(v["s"]), countries: choices(v["country"]),
	}
	w.min, _ = strconv.Atoi(v.Get("min"))
	w.days, _ = strconv.Atoi(v.Get("days"))
	w.min, w.days = min(max(w.min, 0), 100), min(max(w.days, 0), 3650)
	w.keys, w.not = keysOf(w.words), keysOf(w.without)
	return w
}

// ticked gives the ends of the names that begin so, in order: a form gives every box a name of its own.
func ticked(v url.Values, prefix string) []string {
	var out []string
	for name := range v {
		if end, ok := strings.CutPrefix(name, prefix); ok {
			out = append(out, end)
		}
	}
	slices.Sort(out)
	return out
}

func shorten(s string) string {
	if r := []rune(s); len(r) > maxAsked {
		return string(r[:maxAsked])
	}
	return s
}

func choices(vs []string) []string {
	var out []string
	for _, v := range vs[:min(len(vs), maxChoices)] {
		if isSlug(v) && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

// keysOf gives what the words of a question are matched by; words that tell nothing are left out.
func keysOf(text string) []string {
	var keys []string
	for _, t := range arabic.Terms(text) {
		if len(keys) < maxWords && !slices.Contains(keys, t.Key) {
			keys = append(keys, t.Key)
		}
	}
	return keys
}

// query writes the wish as the one address that says it, with its "?"; the empty wish is "".
func (w wish) query() string {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" && value != "0" {
			v.Set(name, value)
		}
	}
	set("q", w.words)
	set("not", w.without)
	set("min", strconv.Itoa(w.min))
	set("days", strconv.Itoa(w.days))
	for name, values := range map[string][]string{"c": w.categories, "s": w.sources, "country": w.countries} {
		for _, value := range values {
			v.Add(name, value)
		}
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// title says the wish in Arabic.
func (h *house) title(w wish) string {
	var parts []string
	if w.words != "" {
		parts = append(parts, "«"+w.words+"»")
	}
	for _, slug := range w.categories {
		parts = append(parts, h.category(slug))
	}
	for _, id := range w.sources {
		parts = append(parts, h.outlet(rafid.Story{Source: id, Outlet: h.sources[id].Outlet}))
	}
	parts = append(parts, w.countries...)
	if w.min > 1 {
		parts = append(parts, h.style.Count(w.min, sourceCount)+" فأكثر")
	}
	if w.without != "" {
		parts = append(parts, "بلا «"+w.without+"»")
	}
	return arabic.Lead("بحث: " + cmp.Or(strings.Join(parts, "، "), "كل الأخبار"))
}

// filter gives the wish as a query: all of its words, and none of those without.
func (w wish) filter() filter {
	f := filter{Query: rafid.Query{MinSources: w.min, Categories: w.categories, Sources: w.sources, Countries: w.countries}}
	if w.words != "" {
		f.Words = []string{w.words}
		if len(w.keys) > 0 { // stop words or marks alone find nothing
			f.words = [][]string{w.keys}
		}
	}
	for _, key := range w.not {
		f.Exclude, f.exclude = append(f.Exclude, key), append(f.exclude, []string{key})
	}
	return f
}

// find gives the newest entries that fulfil the wish.
func (ed *edition) find(ctx context.Context, w wish, most int) ([]rafid.Entry, error) {
	f := w.filter()
	if len(f.Words) > 0 && len(f.words) == 0 {
		return nil, nil
	}
	ask := f.pushed()
	ask.Max = searchWindow
	var found []rafid.Entry
	var err error
	if ed.store.searcher != nil && w.words != "" {
		found, err = ed.store.search(ctx, w.words, ask)
		f.Words = nil
	} else {
		found, err = ed.store.Entries(ctx, ask)
	}
	if err != nil {
		return nil, err
	}
	oldest := ed.Now().AddDate(0, 0, -w.days)
	found = slices.DeleteFunc(found, func(e rafid.Entry) bool {
		return w.days > 0 && e.Group.Published.Before(oldest) || !ed.passes(&f, e)
	})
	return found[:min(most, len(found))], nil
}

// searchPage is the body of the page of a search.
type searchPage struct {
	Heading, Words, Without, Summary string
	Min                              int
	Asked                            bool
	Categories                       []choice
	Mins                             []choice
	Stories                          []storyLine
	Card                             card
}

// choice is a box to tick or a line to pick.
type choice struct {
	Value, Title string
	Chosen       bool
}

// search renders the page of a search with its channel.
func (ed *edition) search(ctx context.Context, m medium, w wish) ([]byte, error) {
	body := &searchPage{Heading: "ابحث وركّب خلاصتك", Words: w.words, Without: w.without, Asked: w.query() != ""}
	for _, c := range ed.Categories {
		body.Categories = append(body.Categories, choice{c.Slug, ed.category(c.Slug), slices.Contains(w.categories, c.Slug)})
	}
	for _, n := range [...]int{1, 2, 3, 5, 10} {
		body.Mins = append(body.Mins, choice{strconv.Itoa(n), ed.style.Count(n, sourceCount), n == max(1, w.min)})
	}
	pg := ed.newPage(m, "/search", "بحث", body)
	if body.Asked {
		entries, err := ed.find(ctx, w, perPage)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			body.Stories = append(body.Stories, ed.storyLine(m, e))
		}
		body.Heading, body.Summary = ed.title(w), ed.style.Count(len(entries), groupCount)
		if len(entries) == perPage {
			body.Summary = "أحدث " + body.Summary
		}
		body.Card = ed.wishCard(m, w)
		pg.Title, pg.Canonical = windowTitle(body.Heading, pg.Site), ed.url("/search"+w.query())
		pg.Feeds = body.Card.Formats
	}
	return ed.execute("search", pg)
}

// wishCard is the card of a wish's channel.
func (ed *edition) wishCard(m medium, w wish) card {
	at := "/feeds/" + wishName + "." + ed.Formats[0] + w.query()
	c := card{Name: "feed", Title: "خلاصة هذا البحث", URL: cmp.Or(ed.url(at), m.href(at)),
		About: "تصلك القصص التي توافق ما اخترت، مما نُشر ومما سيُنشر."}
	if ed.Site.URL != "" {
		c.Readers = taps(c.URL)
	}
	for _, f := range ed.Formats {
		c.Formats = append(c.Formats, feedLink{ed.title(w), shortName(f), mediaType(f),
			m.href("/feeds/" + wishName + "." + f + w.query())})
	}
	return c
}

// wishName is the address of channels that readers put together; the wish is its query.
const wishName = "search"

// wishItems is how many items such a channel has.
const wishItems = 100

// serveWish answers for /feeds/search.FORMAT?….
func (ed *edition) serveWish(w http.ResponseWriter, r *http.Request, format string) {
	asked := readWish(r.URL.Query())
	if ed.turnsToPage(w, r, "/search"+asked.query()) {
		return
	}
	if canonical := asked.query(); !r.URL.Query().Has("raw") && strings.TrimPrefix(canonical, "?") != r.URL.RawQuery {
		http.Redirect(w, r, ed.path+"/feeds/"+wishName+"."+format+canonical, http.StatusMovedPermanently)
		return
	}
	ed.serveDocument(w, r, format, func(ctx context.Context) (document, error) {
		entries, err := ed.find(ctx, asked, wishItems)
		if err != nil {
			return document{}, err
		}
		d := ed.document(rafid.Channel{Name: wishName, Title: ed.title(asked)}, entries)
		d.query, d.about = asked.query(), ed.title(asked)
		d.id = ed.feedID(wishName + asked.query())
		if front := ed.url("/search" + asked.query()); front != "" {
			d.front = front
		}
		return d, nil
	})
}

func (ed *edition) serveSearch(w http.ResponseWriter, r *http.Request) {
	asked := readWish(r.URL.Query())
	ed.servePage(w, r, "/search"+asked.query(), func(ctx context.Context, m medium) ([]byte, error) {
		return ed.search(ctx, m, asked)
	})
}
