package dedupe

import (
	"cmp"
	"slices"
	"time"

	"rafid"
)

// edge is a link that is kept for looking again.
type edge struct {
	to    uint32 // serial
	score float32
	copy  bool
}

// What is kept of a story's links, and how large a knot of linked stories is looked at again.
const (
	maxEdges  = 16
	minEdge   = 0.05
	maxKnot   = 600
	settleFor = 24 * time.Hour // a placement older than this is left alone
)

// keepEdges remembers the best links of e.
func (e *entry) keepEdges(links []link, window int64) {
	var edges [maxEdges]edge
	n := 0
	for i := range links {
		l := &links[i]
		if n == maxEdges || l.score < minEdge {
			break // links come best first
		}
		if l.copy || abs(e.at-l.to.at) <= window {
			edges[n] = edge{l.to.serial, float32(l.score), l.copy}
			n++
		}
	}
	e.edges = slices.Clone(edges[:n])
}

// Recheck looks again at the placements of the last 24 hours, now that later stories are known, and
// gives the ones that change, in order of arrival. Ids are stable: where a group splits or two unite,
// the id stays with the larger part, and none is given to another group. Call it from time to time; not
// calling it is safe. The evidence of a change is that of the story's best link in its new group.
func (x *Index) Recheck() []Decision {
	x.looked = x.clock
	if len(x.segments) == 0 {
		return nil
	}
	since := x.clock - int64(settleFor/time.Second)
	x.retired = make(map[string]bool)
	defer clear(x.retired)
	var changed []Decision
	for _, knot := range x.knots(since) {
		if len(knot) <= maxKnot {
			changed = append(changed, x.settle(knot, since)...)
		}
	}
	slices.SortFunc(changed, func(a, b Decision) int { return cmp.Compare(x.lookup(a.Story).serial, x.lookup(b.Story).serial) })
	return changed
}

// knots gives the stories of the window that links or a group tie together, each knot in order of
// arrival, for the knots that something arrived in since the last look and that is not yet settled.
func (x *Index) knots(since int64) [][]*entry {
	f := x.forest(since)
	fresh, size := make([]bool, len(f.root)), make([]int32, len(f.root))
	for e := range f.stories {
		r := f.find(e.serial)
		size[r]++
		fresh[r] = fresh[r] || e.serial > x.rechecked && e.at >= since
	}
	x.rechecked = x.serial
	var knots [][]*entry
	at := make(map[uint32]int) // root → its place in knots
	for e := range f.stories {
		r := f.find(e.serial)
		if !fresh[r] || size[r] < 2 {
			continue
		}
		i, known := at[r]
		if !known {
			i, at[r], knots = len(knots), len(knots), append(knots, make([]*entry, 0, size[r]))
		}
		knots[i] = append(knots[i], e)
	}
	return knots
}

// gone says that e is too old to be there in an index that was restarted now.
func (x *Index) gone(e *entry) bool { return e == nil || x.clock-e.at > x.reach }

// bunch is a set of stories that belong together so far.
type bunch struct {
	members   []*entry
	sums      map[*bunch]float64 // of the scores between this one's members and another's
	threshold float64            // the highest of its members' rules
}

// settle groups a knot anew by average link and gives the placements that change.
func (x *Index) settle(knot []*entry, since int64) []Decision {
	bunches := x.bunches(knot, since)
	for {
		a, b := x.closest(bunches)
		if a == nil {
			return x.assign(bunches, since)
		}
		a.absorb(b)
		bunches = slices.DeleteFunc(bunches, func(c *bunch) bool { return c == b })
	}
}

// bunches starts with what is beyond doubt: copies, settled groups and what the operator put together.
func (x *Index) bunches(knot []*entry, since int64) []*bunch {
	in := make(map[*entry]*bunch, len(knot))
	old := make(map[*group]*bunch)
	var bunches []*bunch
	for _, e := range knot {
		b := &bunch{sums: make(map[*bunch]float64)}
		if e.at < since || e.unlinked {
			if o := old[e.group]; o != nil {
				b = o
			}
			old[e.group] = b
		} else if c := x.bound(e, in); c != nil {
			b = c
		}
		if len(b.members) == 0 {
			bunches = append(bunches, b)
		}
		b.members = append(b.members, e)
		b.threshold = max(b.threshold, x.rule(e).threshold)
		in[e] = b
	}
	for _, e := range knot {
		for _, ed := range e.edges {
			if a, b := in[e], in[x.story(ed.to)]; b != nil && a != b {
				a.sums[b] += float64(ed.score)
				b.sums[a] += float64(ed.score)
			}
		}
	}
	return bunches
}

// bound is the bunch of the story that the operator put e together with, or that e is a copy of; nil if
// there is none.
func (x *Index) bound(e *entry, in map[*entry]*bunch) *bunch {
	for _, id := range x.together[e.id] {
		if b := in[x.lookup(id)]; b != nil {
			return b
		}
	}
	for _, ed := range e.edges {
		if b := in[x.story(ed.to)]; ed.copy && b != nil && !x.anyApart(b, &bunch{members: []*entry{e}}) {
			return b
		}
	}
	return nil
}

// closest gives the two bunches with the highest mean score, nil when none reaches the threshold.
func (x *Index) closest(bunches []*bunch) (a, b *bunch) {
	best := 0.0
	for i, c := range bunches {
		for _, d := range bunches[i+1:] {
			sum := c.sums[d]
			if sum == 0 {
				continue
			}
			links := len(c.members) * len(d.members)
			if m := sum / float64(links); m > best && m >= max(c.threshold, d.threshold)+lonely/float64(links) && !x.anyApart(c, d) {
				best, a, b = m, c, d
			}
		}
	}
	return a, b
}

func (x *Index) anyApart(a, b *bunch) bool {
	if len(x.apart) == 0 {
		return false
	}
	for _, m := range a.members {
		for _, n := range b.members {
			if x.keptApart(m.id, n.id) || x.keptApart(m.id, n.group.id) || x.keptApart(n.id, m.group.id) {
				return true
			}
		}
	}
	return false
}

// absorb takes b's members and adds its sums to a's.
func (a *bunch) absorb(b *bunch) {
	a.members = append(a.members, b.members...)
	a.threshold = max(a.threshold, b.threshold)
	for c, s := range b.sums {
		delete(c.sums, b)
		if c != a {
			a.sums[c] += s
			c.sums[a] += s
		}
	}
	delete(a.sums, b)
}

// assign gives the bunches their groups and returns what changed.
func (x *Index) assign(bunches []*bunch, since int64) []Decision {
	for _, b := range bunches {
		slices.SortFunc(b.members, func(m, n *entry) int { return cmp.Compare(m.serial, n.serial) })
	}
	// The largest bunch chooses first; of equals the oldest.
	slices.SortStableFunc(bunches, func(a, b *bunch) int {
		return cmp.Or(cmp.Compare(len(b.members), len(a.members)), cmp.Compare(a.members[0].serial, b.members[0].serial))
	})
	taken := make(map[*group]bool)
	homes := make([]*group, len(bunches))
	for i, b := range bunches {
		if homes[i] = majority(b, taken); homes[i] != nil {
			taken[homes[i]] = true
		}
	}
	var changed []Decision
	for i, b := range bunches {
		if homes[i] == nil {
			homes[i] = x.open(b.members[0].id, b.members[0])
			homes[i].thread = x.threadLike(b.members[0])
		}
		for _, e := range b.members {
			if e.group != homes[i] {
				x.move(e, homes[i])
				changed = append(changed, x.moved(e))
			}
		}
	}
	return changed
}

// majority is the group that most members are in and no other bunch has; nil if there is none.
func majority(b *bunch, taken map[*group]bool) *group {
	count := make(map[*group]int)
	var best *group
	for _, e := range b.members {
		count[e.group]++
	}
	for _, e := range b.members { // in order of arrival, so that the older group wins a tie
		if g := e.group; !taken[g] && (best == nil || count[g] > count[best]) {
			best = g
		}
	}
	return best
}

// move takes e out of its group into g.
func (x *Index) move(e *entry, g *group) {
	from := e.group
	from.members = slices.DeleteFunc(from.members, func(m *entry) bool { return m == e })
	if len(from.members) == 0 {
		x.retire(from)
	}
	x.join(g, e)
}

// retire forgets a group that has no member left. The same Recheck does not open its id again: who stores what
// Recheck gives, story by story, would see it opened before its last member has left.
func (x *Index) retire(g *group) {
	delete(x.groups, g.id)
	x.retired[g.id] = true
}

// moved is the decision about a story that was placed anew.
func (x *Index) moved(e *entry) Decision {
	d := Decision{Story: e.id, Group: e.group.id, Thread: e.group.thread}
	e.rel, e.of = leads, 0
	for _, ed := range e.edges {
		if to := x.story(ed.to); !x.gone(to) && to.group == e.group {
			e.rel, e.of, d.Score = tellsSame, ed.to, float64(ed.score)
			if ed.copy {
				e.rel = copies
			}
			break
		}
	}
	if first := x.first(e.group); e.of == 0 && first != e {
		e.rel, e.of = tellsSame, first.serial
	}
	d.Relation, d.Of, d.New = e.rel.word(), x.idOf(e.of), len(e.group.members) == 1
	if e.of != 0 {
		d.Evidence = x.laterEvidence(e, d.Score)
	}
	return d
}

// Evidence says why the story of d stands where d puts it, with the words that s shares with the story it is
// closest to: what [Index.Recheck] cannot say, because the index keeps no words. It is d's own evidence when one of
// the two is no longer in the window.
func (x *Index) Evidence(d Decision, s rafid.Story) rafid.Evidence {
	e, of := x.lookup(d.Story), x.lookup(d.Of)
	if e == nil || of == nil {
		return d.Evidence
	}
	l := x.measure(e, of)
	l.copy = d.Relation == rafid.Copy
	return x.evidence(s, e, []link{l}, d.Evidence.Score)
}

// first is the oldest member that an index which was restarted now would know.
func (x *Index) first(g *group) *entry {
	return g.members[slices.IndexFunc(g.members, func(e *entry) bool { return !x.gone(e) })]
}

// laterEvidence is what can be said of a placement without the story's words: the index keeps none.
func (x *Index) laterEvidence(e *entry, score float64) rafid.Evidence {
	of := x.story(e.of)
	l := x.measure(e, of)
	l.copy = e.rel == copies
	if score == 0 {
		score = x.opt.Scorer.Score(&l.f)
	}
	ev := rafid.Evidence{
		Score: round(score), Threshold: round(x.rule(e).threshold), Hours: round(l.f[Hours]), Copied: round(l.f[Contained]),
		Recurring: round(l.f[Recurring]), Links: []string{of.id},
	}
	ev.Numbers, ev.Conflicts = numberEvidence(x.desk.print, of.open(&x.other))
	ev.Arabic, ev.English = sentences(&ev, l, x.outlet(of))
	return ev
}
