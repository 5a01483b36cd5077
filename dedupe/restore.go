package dedupe

import (
	"slices"
	"time"

	"rafid"
)

// maxTies is how many older stories one story can have to do with: those that it was measured against,
// as candidates or as members of a candidate's group.
const maxTies = maxMeasured*maxLinks + maxEdges

// raised says that the story being placed raised the best of an older one.
type raised struct {
	to *entry
	by float32
}

// raise notes that another story is as close to e as best.
func (x *Index) raise(e *entry, best float32) {
	if best > e.best {
		e.best = best
		x.raised = append(x.raised, raised{e, best})
	}
}

// store gives the stored form of e, which has just been placed.
func (x *Index) store(e *entry) []byte {
	s := stored{print: *x.desk.print, best: e.best, begun: x.begun, ties: make([]tie, 0, len(e.edges)+len(x.raised))}
	for _, ed := range e.edges {
		s.ties = append(s.ties, tie{to: hash64(x.story(ed.to).id), score: ed.score, copied: ed.copy})
	}
	for _, r := range x.raised {
		to := hash64(r.to.id)
		i := slices.IndexFunc(s.ties, func(t tie) bool { return t.to == to })
		if i < 0 {
			i, s.ties = len(s.ties), append(s.ties, tie{to: to})
		}
		s.ties[i].rival = r.by
	}
	s.ties = s.ties[:min(len(s.ties), maxTies)]
	return s.encode(x.stamp)
}

// Restore puts a story back where the store says that it is, without deciding. Call it for the stories
// of [Options.Horizon], in order of arrival, before the first Add and after the [Index.Recall] of older
// ones and of [Options.Boilerplate]; then the decisions that follow are those that an index which never
// stopped would make.
//
// With a Print that this version made under these aliases it reads no text: of s it needs the id, the
// source, the outlet and the categories, of p the member, the group, its thread and when it was opened
// (Published). Else it reads the texts again, and looking again leaves the story where it is. It says
// false, and does nothing, when it would have to and s brings neither title nor text.
func (x *Index) Restore(s rafid.Story, p rafid.Placement) bool {
	if x.lookup(s.ID) != nil {
		return true
	}
	e := x.revive(s, p.Print)
	if e == nil {
		return false
	}
	e.rel = relationFrom(p.Member.Relation)
	if of := x.lookup(p.Member.Of); of != nil {
		e.of = of.serial
	}
	g := x.groups[p.Group]
	if g == nil {
		g = x.open(p.Group, e)
		if !p.Published.IsZero() {
			g.opened = p.Published.Unix()
		}
		g.thread = p.Thread
	}
	x.join(g, e)
	x.tokens = x.desk.tokens(x.tokens[:0], e.id, 0)
	x.remember(e)
	if x.Due() { // then it was looked at before the restart
		x.looked, x.rechecked = x.clock, x.serial
	}
	return true
}

// revive makes the entry of a story from its stored fingerprint, else from its texts; nil if it has neither.
func (x *Index) revive(s rafid.Story, blob []byte) *entry {
	var st stored
	if !st.decode(blob, x.stamp) {
		if s.Title == "" && s.Summary == "" && s.Content == "" {
			return nil
		}
		e := x.enter(s, false)
		e.unlinked = true
		return e
	}
	st.source = hash32(outletOf(s))
	x.sources[st.source] = outletOf(s)
	x.advance(st.at)
	x.countPairs(&st.print)
	e := x.newEntry(&st.print, s)
	e.best = st.best
	x.threads.resume(st.begun, vectorOf(&st.print), e.at)
	for _, t := range st.ties {
		to := x.find(t.to)
		if to == nil {
			continue
		}
		to.best = max(to.best, t.rival)
		if t.score > 0 {
			e.edges = append(e.edges, edge{to.serial, t.score, t.copied})
		}
	}
	return e
}

// Recall counts the words of a story that is older than [Options.Horizon], so that words and phrases
// weigh what they did before a restart. Call it for the stories of [Options.Memory], in order of arrival,
// before the first Restore. It says false, and does nothing, when p brings no Print that can be used: the
// story's text is not worth reading again.
func (x *Index) Recall(s rafid.Story, p rafid.Placement) bool {
	var st stored
	if !st.decode(p.Print, x.stamp) {
		return false
	}
	x.advance(st.at)
	x.countPairs(&st.print)
	x.stats.add(st.keys, x.clock)
	x.threads.resume(st.begun, vectorOf(&st.print), st.at)
	return true
}

// countPairs counts the pairs of a story that comes back.
func (x *Index) countPairs(p *print) {
	for _, w := range p.wide {
		x.days.see(w, dayOf(p.at))
	}
}

// dayOf is the day of a time, as days counts them.
func dayOf(at int64) uint16 { return uint16(at / 86400) }

// Memory is how far back stories still matter to the weighing of words and phrases: what [Index.Recall]
// wants to see after a restart. What lies before it counts less than half of what it did when it was new.
func (o Options) Memory() time.Duration { return daysForget * 24 * time.Hour }
