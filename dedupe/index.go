package dedupe

import (
	"slices"
	"strings"
	"time"

	"rafid"
	"rafid/arabic"
)

// Index remembers the stories of the window and decides where each new one belongs. One goroutine
// uses it at a time.
type Index struct {
	opt       Options
	rules     rules
	reader    reader
	stats     *stats
	days      *days
	threads   *threads
	begun     followed   // by the latest story
	segments  []*segment // oldest first; the last is being filled
	groups    map[string]*group
	apart     map[string][]string
	together  map[string][]string
	sources   map[uint32]string // by the hash in print.source
	reach     int64             // how far apart two stories may be that have to do with each other, in seconds
	times     []int64           // publications of the latest stories
	clock     int64             // Unix seconds, what time it is by the stories
	raised    []raised          // whose best the latest story raised
	stamp     uint64            // seed of the seals of stored fingerprints
	desk      desk              // with the story being placed
	room      []link            // for its links
	other     print             // room for the one that it is compared with
	found     []found           // room for the candidates of one story
	tokens    []token           // of the story being placed
	serial    uint32            // counts stories
	rechecked uint32            // serial at the last Recheck
	looked    int64             // clock at the last Recheck
	retired   map[string]bool   // groups that the Recheck under way left without a member
}

// group is what the index knows of a group: the members that are still in the window.
type group struct {
	id      string
	thread  string
	opened  int64    // publication of the story that opened it
	members []*entry // in order of arrival
}

// link is a pair of the story being placed and one that is there.
type link struct {
	to    *entry
	f     Features
	score float64 // what is held against the threshold
	alike float64 // without what speaks against one outlet
	copy  bool
	exact bool

	shared int // words that stand in title or lead of both
}

// wordsKept is how many words the index remembers the keys of, about 1 MB. Remembering takes a tenth off a
// cold run (BenchmarkRiver).
const wordsKept = 16_384

// New makes an empty index.
func New(o Options) *Index {
	o = o.withDefaults()
	x := &Index{
		opt: o, rules: newRules(o),
		reader: reader{lexicon: arabic.NewLexicon(o.Aliases...).Remembering(wordsKept), boilerplate: o.Boilerplate},
		stats:  newStats(), days: newDays(), threads: newThreads(),
		reach:   int64(2 * o.widest() / time.Second),
		groups:  make(map[string]*group),
		sources: make(map[uint32]string),
		apart:   pairsOf(o.KeepApart), together: pairsOf(o.KeepTogether),
		stamp: stampOf(o.Aliases),
	}
	return x
}

func pairsOf(pairs [][2]string) map[string][]string {
	m := make(map[string][]string)
	for _, p := range pairs {
		m[p[0]] = append(m[p[0]], p[1])
		m[p[1]] = append(m[p[1]], p[0])
	}
	return m
}

// Decision says where a story belongs.
type Decision struct {
	Story    string         // the story's id
	Group    string         // the group it belongs to
	New      bool           // the story opened the group
	Relation rafid.Relation // what it is to the group
	Of       string         // the story it is closest to; empty for a lead
	Thread   string         // of a new group: the group whose development it follows; empty if none
	Score    float64        // 0…1
	Evidence rafid.Evidence // why; zero for a lead
	Print    []byte         // of a story placed for the first time: what [Index.Restore] and [Index.Recall] want back
}

// Member is the decision as it is stored.
func (d Decision) Member(joined time.Time) rafid.Member {
	return rafid.Member{Story: d.Story, Relation: d.Relation, Of: d.Of, Joined: joined, Evidence: d.Evidence}
}

// Add decides where s belongs and remembers it. A story whose id is in the window already stays where
// it is, and the former decision comes back without its evidence.
func (x *Index) Add(s rafid.Story) Decision {
	if e := x.lookup(s.ID); e != nil {
		return Decision{Story: e.id, Group: e.group.id, Relation: e.rel.word(), Of: x.idOf(e.of), Thread: e.group.thread}
	}
	x.begun = followed{}
	e := x.enter(s, true)
	x.tokens = x.desk.tokens(x.tokens[:0], e.id, x.stats.unseen())
	links := x.links(e, x.tokens)
	d := x.place(e, links, s)
	e.keepEdges(links, x.rule(e).window)
	d.Print = x.store(e)
	x.remember(e)
	return d
}

// enter makes the fingerprint of s, advances the clock and counts its words, and, when it is new, its lines.
func (x *Index) enter(s rafid.Story, isNew bool) *entry {
	p := x.reader.read(s, isNew)
	x.sources[p.source] = outletOf(s)
	if p.at == unknown {
		p.at = x.clock
	}
	x.advance(p.at)
	day := dayOf(p.at)
	p.mark(func(pair uint64) bool { return x.days.see(pair, day) >= daysRecur })
	p.narrow()
	p.weigh(x.stats)
	return x.newEntry(p, s)
}

// newEntry makes the entry of a fingerprint that is whole, and counts its words.
func (x *Index) newEntry(p *print, s rafid.Story) *entry {
	x.serial++
	x.stats.add(p.keys, x.clock)
	x.raised = x.raised[:0]
	e := x.last().add(p, s.ID)
	e.serial, e.rule = x.serial, x.rules.number(s)
	x.desk.lay(e, p)
	return e
}

// last is the segment that is being filled.
func (x *Index) last() *segment { return x.segments[len(x.segments)-1] }

// recentTimes is of how many stories the median is the clock: a few dates in the far future must not
// empty the index, and a silence of years must not hold it back.
const recentTimes = 15

// advance moves the clock to the median time of the latest stories, opens segments and forgets old ones.
func (x *Index) advance(at int64) {
	x.times = append(x.times, at)
	if len(x.times) > recentTimes {
		x.times = slices.Delete(x.times, 0, 1)
	}
	sorted := slices.Clone(x.times)
	slices.Sort(sorted)
	x.clock = max(x.clock, sorted[len(sorted)/2])
	span := x.reach / 4
	if n := len(x.segments); n == 0 || x.clock-x.segments[n-1].from >= span {
		if n > 0 {
			x.last().pack()
		}
		x.segments = append(x.segments, &segment{from: x.clock, first: x.serial + 1})
	}
	for len(x.segments) > 1 && x.clock-x.segments[1].from > x.reach {
		x.forget(x.segments[0])
		x.segments = slices.Delete(x.segments, 0, 1)
	}
}

func (x *Index) forget(s *segment) {
	for e := range s.all {
		g := e.group
		g.members = slices.DeleteFunc(g.members, func(m *entry) bool { return m == e })
		if len(g.members) == 0 {
			delete(x.groups, g.id)
		}
	}
	x.threads.forget(x.clock)
}

// lookup finds a story of the window by its id.
func (x *Index) lookup(id string) *entry {
	if e := x.find(hash64(id)); e != nil && e.id == id {
		return e
	}
	return nil
}

// find finds a story of the window by the hash of its id.
func (x *Index) find(hash uint64) (found *entry) {
	for i := len(x.segments) - 1; i >= 0 && found == nil; i-- {
		s := x.segments[i]
		s.each(uint32(hash)^saltID, perToken, func(at uint32) {
			if e := s.entry(at); found == nil && hash64(e.id) == hash {
				found = e
			}
		})
	}
	return found
}

// remember enters e under x.tokens.
func (x *Index) remember(e *entry) {
	x.last().post(e, x.tokens)
}

// place decides where e belongs and makes it a member there.
func (x *Index) place(e *entry, links []link, s rafid.Story) Decision {
	if l := x.ordered(e, links); l != nil {
		return x.joinBy(l.to.group, e, []link{*l}, l.score, s)
	}
	if l := x.bestCopy(e, links); l != nil {
		return x.joinBy(l.to.group, e, []link{*l}, l.score, s)
	}
	g, by, score := x.bestGroup(e, links)
	if g != nil && score >= x.need(e, len(by)) {
		return x.joinBy(g, e, by, score, s)
	}
	own := x.open(e.id, e)
	e.rel = leads
	x.begun = x.follow(e, links)
	own.thread = x.begun.thread
	x.join(own, e)
	return Decision{Story: e.id, Group: own.id, New: true, Relation: rafid.Lead, Thread: own.thread, Score: score}
}

// open makes a group named after its first story, or, where that name is taken, after it with a mark
// that no story id has.
func (x *Index) open(id string, first *entry) *group {
	for x.groups[id] != nil || x.retired[id] {
		id += "~"
	}
	g := &group{id: id, opened: first.at}
	x.groups[id] = g
	return g
}

// join makes e a member of g. Members stand in order of arrival, whenever they joined.
func (x *Index) join(g *group, e *entry) {
	e.group = g
	at := len(g.members)
	for at > 0 && g.members[at-1].serial > e.serial {
		at--
	}
	g.members = slices.Insert(g.members, at, e)
}

// joinBy makes e a member of g on the strength of the links by, best first.
func (x *Index) joinBy(g *group, e *entry, by []link, score float64, s rafid.Story) Decision {
	e.rel, e.of = tellsSame, by[0].to.serial
	if by[0].copy {
		e.rel = copies
	}
	x.join(g, e)
	return Decision{
		Story: e.id, Group: g.id, Relation: e.rel.word(), Of: x.idOf(e.of), Score: score,
		Evidence: x.evidence(s, e, by, score),
	}
}

// idOf is the id of the story with this serial, "" when the window holds it no longer.
func (x *Index) idOf(serial uint32) string {
	if e := x.story(serial); e != nil {
		return strings.Clone(e.id)
	}
	return ""
}

// story is the story with this serial, nil when the window holds it no longer.
func (x *Index) story(serial uint32) *entry {
	for i := len(x.segments) - 1; i >= 0 && serial > 0; i-- {
		if s := x.segments[i]; serial >= s.first {
			return s.entry(serial - s.first)
		}
	}
	return nil
}
