package newsroom

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"
)

// The beat of the world, in its own seconds. An act is one event with all that is reported of it, and often
// a single or a piece of a series beside it: about six items, so with twelve seconds an act something
// appears about every two seconds, and an event has several outlets within half a minute.
const (
	actEvery = 12 * time.Second
	// The backlog is what the feeds hold on opening: about ten items each from a day and a half.
	backlogActs  = 34
	backlogEvery = time.Hour
	// backlogSlow stretches the seconds between the reports of an event to minutes.
	backlogSlow = 40
	// seriesDays are the days before the start on which each series already appeared.
	seriesDays = 3
	// feedItems is what a feed holds; older items drop out.
	feedItems = 30
)

// Relation says what an item is to the news it tells.
type Relation string

// The relations of an item, as the newsroom knows them.
const (
	Lead   Relation = "lead"   // the first report of an event
	Copy   Relation = "copy"   // the agency's text: verbatim, cut or lightly edited, often under another headline
	Same   Relation = "same"   // an independent report of the same event
	Follow Relation = "follow" // the first report of a later development: news of its own
	Series Relation = "series" // one of a recurring template: other day, place and numbers, news of its own
)

// TruthItem is what the newsroom knows of one item. Items of one Event are the same news, all others not.
type TruthItem struct {
	Outlet   string // Outlet.ID
	GUID     string // as the feed gives it
	Link     string // of the article
	Title    string // before the outlet's own warts
	Category string // slug
	Event    string // the same for the same news
	Relation Relation
	Of       string    // for Follow and what copies it: the event that it develops; for Series: the template
	At       time.Time // when it appears, and its date in the feed, to the second
	Complete time.Time // when a flash gets, or got, its text; zero for all others
}

// report is one item to come: who, when and what, without the text, which is made when it is read.
type report struct {
	outlet   int
	offset   time.Duration // of the world, from Start
	act      int
	slot     int // what of the act: slotEvent…; with act and outlet it is the item's number
	event    string
	category string
	relation Relation
	of       string
	form     form
	complete time.Duration // when a flash gets its text; 0 for what is no flash
}

// flash reports whether the report is still one line.
func (r report) flash(now time.Duration) bool { return r.complete > now }

// Slots of an act: an outlet has at most one report in each.
const (
	slotEvent = iota
	slotNext
	slotSingle
	slotSeries
	slots
)

// world is the script of the newsroom: which outlet reports what, when.
type world struct {
	opts       Options
	epoch      string // Start in guids
	outlets    []*outlet
	categories []category
	events     []event
	series     []series
	desk       *desk
	grammar    *grammar

	mu      sync.Mutex
	acts    int        // scripted so far
	reports [][]report // by outlet, in order of appearance
}

func newWorld(o Options) (*world, error) {
	w := &world{opts: o, epoch: strconv.FormatInt(o.Start.Unix(), 36), categories: categories()}
	var err error
	if w.outlets, err = loadOutlets(); err != nil {
		return nil, err
	}
	if w.events, err = loadEvents(); err != nil {
		return nil, err
	}
	if w.series, err = loadSeries(); err != nil {
		return nil, err
	}
	if w.desk, err = loadDesk(); err != nil {
		return nil, err
	}
	if w.grammar, err = loadGrammar(); err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(worldSeed, 0))
	r.Shuffle(len(w.events), func(i, j int) { w.events[i], w.events[j] = w.events[j], w.events[i] })
	w.reports = make([][]report, len(w.outlets))
	w.add(w.backlog())
	return w, nil
}

// worldSeed is the same for all worlds: only their times differ. The value means nothing.
const worldSeed = 0x5afd

// elapsed is how far the world has come.
func (w *world) elapsed() time.Duration {
	return time.Duration(float64(w.opts.Now().Sub(w.opts.Start)) * w.opts.Speed)
}

// date is when something at an offset happens on the clock of the readers.
func (w *world) date(offset time.Duration) time.Time {
	if offset > 0 {
		offset = time.Duration(float64(offset) / w.opts.Speed)
	}
	return w.opts.Start.Add(offset).Truncate(time.Second).UTC()
}

// until scripts all acts that have begun at an offset and gives each outlet's reports up to then.
func (w *world) until(offset time.Duration) [][]report {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ; time.Duration(w.acts)*actEvery <= offset; w.acts++ {
		w.add(w.act(w.acts))
	}
	seen := make([][]report, len(w.reports))
	for i, all := range w.reports {
		n, _ := slices.BinarySearchFunc(all, offset+1, func(r report, o time.Duration) int { return cmp.Compare(r.offset, o) })
		seen[i] = all[:n:n]
	}
	return seen
}

// add files reports with their outlets. An act's reports are all later than its beginning, so what until
// has given away stays a prefix of the order.
func (w *world) add(rs []report) {
	touched := map[int]bool{}
	for _, r := range rs {
		if !touched[r.outlet] {
			w.reports[r.outlet] = slices.Clip(w.reports[r.outlet]) // what was given away is not overwritten
			touched[r.outlet] = true
		}
		at, _ := slices.BinarySearchFunc(w.reports[r.outlet], r, func(a, b report) int {
			return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.act, b.act), cmp.Compare(a.slot, b.slot))
		})
		w.reports[r.outlet] = slices.Insert(w.reports[r.outlet], at, r)
	}
}

// truth describes all reports up to an offset, oldest first.
func (w *world) truth(offset time.Duration) []TruthItem {
	var all []report
	for _, rs := range w.until(offset) {
		all = append(all, rs...)
	}
	slices.SortStableFunc(all, func(a, b report) int { return cmp.Compare(a.offset, b.offset) })
	items := make([]TruthItem, len(all))
	for i, r := range all {
		p := w.piece(r, offset)
		items[i] = TruthItem{
			Outlet: w.outlets[r.outlet].ID, GUID: p.guid, Link: p.link, Title: p.title, Category: r.category,
			Event: r.event, Relation: r.relation, Of: r.of, At: p.at,
		}
		if r.complete > 0 {
			items[i].Complete = w.date(r.complete)
		}
	}
	return items
}

// labels are all names that outlets have for a category, each once.
func (w *world) labels(slug string) []string {
	var all []string
	for _, o := range w.outlets {
		if l := o.Labels[slug]; l != "" && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

// number is the outlet's running number of an item: unique in the outlet, never negative.
func (r report) number() int { return (r.act+actBase)*slots + r.slot }

// actBase is above the number of acts before the start.
const actBase = 1000

func (w *world) guid(r report) string {
	return fmt.Sprintf("%s-%s-%d", w.outlets[r.outlet].ID, w.epoch, r.number())
}
