package dedupe

import (
	"math"
	"slices"

	"rafid"
)

// Answer is what the index makes of a story and a group.
type Answer struct {
	Score     float64        // 0…1, the mean of the links to the group's members
	Threshold float64        // 0…1, what the mean must reach for so many links
	Near      float64        // 0…1, Options.Near from which downwards it does, by the score alone
	Relation  string         // copy, same, follow or different: of the strongest link
	Of        string         // the member that the strongest link leads to
	Forbidden bool           // the operator keeps them apart
	Closed    bool           // the group's window had closed, or only the story's own outlet stands in it
	Evidence  rafid.Evidence // of the strongest link
}

// Ask says how the story s, which the index holds, stands to a group that it holds too, with everything known by
// now: what looking again goes by. ok is false when the window holds one of them no longer.
func (x *Index) Ask(s rafid.Story, id string) (a Answer, ok bool) {
	e, g := x.lookup(s.ID), x.groups[id]
	if e == nil || g == nil {
		return a, false
	}
	itself := func(l link) bool { return l.to == e }
	x.lay(e)
	links := slices.DeleteFunc(x.links(e, x.desk.tokens(nil, e.id, x.stats.unseen())), itself)
	own := slices.DeleteFunc(x.linksTo(g, e, links), itself)
	if len(own) == 0 {
		return a, false
	}
	best := own[0]
	a = Answer{
		Score: mean(own), Threshold: x.need(e, len(own)), Relation: x.relationOf(best), Of: best.to.id,
		Forbidden: x.forbidden(e, g), Closed: e.group != g && !x.admits(g, e),
	}
	if best.copy {
		a.Score, a.Threshold = best.score, x.opt.Copy
	}
	a.Evidence = x.evidence(s, e, own, a.Score)
	a.Near = x.opt.NearFor(a.Evidence)
	return a, true
}

// NearFor is the highest [Options.Near] at which a membership with this evidence stands: 1 for a copy, which no
// Near forbids. It is about right: of a membership by many links the evidence names only some.
func (o Options) NearFor(ev rafid.Evidence) float64 {
	if ev.Copied > 0 && ev.Score >= ev.Threshold && ev.Threshold == round(o.withDefaults().Copy) {
		return 1
	}
	t := ev.Score - lonely/float64(max(1, len(ev.Links)))
	low, high := 0.0, 1.0
	for range 30 { // Threshold grows with Near
		middle := (low + high) / 2
		if o.Near = middle; o.Threshold() > t {
			high = middle
		} else {
			low = middle
		}
	}
	return math.Floor(low*100) / 100
}
