package dedupe

import (
	"slices"

	"rafid"
)

// What makes a copy, besides [Options.Copy].
const (
	copyContained = 0.80 // of the shorter text stands in the longer: it was cut
	copyShingles  = 8    // fewer say nothing: a sentence may be quoted
	sameDay       = 14   // hours; what an outlet prints again after them with other numbers is a series
)

// isCopy says whether two texts are the same text, and whether they are the same item.
func (x *Index) isCopy(a, b *print, f *Features) (isCopy, exact bool) {
	if a.whole == b.whole && len(a.keys) > 0 {
		return true, true
	}
	if series(a, b, f) || filledIn(f) && f[Contained] < 0.9 {
		return false, false
	}
	if a.url != 0 && a.url == b.url && (f[CosineAll] > 0.2 || f[Contained] > 0.3) {
		return true, true
	}
	if f[LeadLong] == 0 || min(a.total, b.total) < copyShingles {
		return false, false // two headlines may differ in the one word that turns the news round
	}
	return f[Jaccard] >= x.opt.Copy || f[Contained] >= copyContained, false
}

// series says that one outlet prints the same text again with other numbers on another day.
func series(a, b *print, f *Features) bool {
	return f[SameSource] == 1 && f[Hours] > sameDay && (f[NumbersApart] > 0 || !sameNumbers(a.nums, b.nums))
}

// filledIn says that two stories share wording but not what their headlines are about: one form, filled
// in for another person, place or match. Independent reports share little wording, and the words of a
// copy's other headline stand in the text. Of 22 such pairs of the labelled days 17 were other events.
func filledIn(f *Features) bool {
	if f[Contained] < 0.20 || f[UnsharedLow] < 4 {
		return false
	}
	return f[CoverHigh] < 0.45 || f[CoverHigh] < 0.70 && f[NumbersApart] >= 2
}

func sameNumbers(a, b []num) bool {
	for _, n := range a {
		if !slices.Contains(b, n) {
			return false
		}
	}
	return len(a) == len(b)
}

// ordered is the link to a story that the operator wants e together with, nil if there is none.
func (x *Index) ordered(e *entry, links []link) *link {
	for _, id := range x.together[e.id] {
		if to := x.lookup(id); to != nil {
			l := x.link(e, to)
			return &l
		}
	}
	return nil
}

// bestCopy is the strongest link by which e is a copy, nil if there is none.
func (x *Index) bestCopy(e *entry, links []link) *link {
	for i := range links {
		if l := &links[i]; l.copy && !x.forbidden(e, l.to.group) {
			return l
		}
	}
	return nil
}

// maxLinks is how many members of a group a story is compared with before the mean is taken. The mean of
// all links beats that of the best three: on the labelled days, grouped by forests that had not seen
// them, pairwise F .78 against .70.
const maxLinks = 12

// bestGroup is the group with the highest mean of its links, with these links and the mean.
func (x *Index) bestGroup(e *entry, links []link) (best *group, by []link, score float64) {
	seen := make(map[*group]bool)
	for _, l := range links {
		g := l.to.group
		if seen[g] {
			continue
		}
		seen[g] = true
		if l.score < x.rule(e).threshold && best != nil || !x.admits(g, e) || x.forbidden(e, g) {
			continue
		}
		own := x.linksTo(g, e, links)
		if s := mean(own); s > score {
			best, by, score = g, own, s
		}
	}
	return best, by, score
}

// admits says whether the group's window is open for e, and whether it has a report of another outlet to
// be linked by.
func (x *Index) admits(g *group, e *entry) bool {
	if abs(e.at-g.opened) > x.rule(e).window {
		return false
	}
	return slices.ContainsFunc(g.members, func(m *entry) bool { return m.source != e.source })
}

func abs(n int64) int64 { return max(n, -n) }

// linksTo gives the links from e to the members of g, best first. Members that were no candidates are
// compared now, the newest few.
func (x *Index) linksTo(g *group, e *entry, links []link) []link {
	var own []link
	have := make(map[*entry]bool)
	for _, l := range links {
		if l.to.group == g {
			own = append(own, l)
			have[l.to] = true
		}
	}
	for i := len(g.members) - 1; i >= 0 && len(own) < maxLinks; i-- {
		if m := g.members[i]; !have[m] {
			own = append(own, x.link(e, m))
		}
	}
	slices.SortFunc(own, byScore)
	return own
}

// lonely is what a single link must reach above the threshold; with more links, each of which could
// have spoken against it, the rest of the margin falls off.
const lonely = 0.08

func mean(links []link) float64 {
	sum := 0.0
	for _, l := range links {
		sum += l.score
	}
	return sum / float64(len(links))
}

// forbidden says that the operator keeps e out of g.
func (x *Index) forbidden(e *entry, g *group) bool {
	return len(x.apart) > 0 && (x.keptApart(e.id, g.id) || slices.ContainsFunc(g.members, func(m *entry) bool { return x.keptApart(e.id, m.id) }))
}

// keptApart says that the operator keeps two ids apart, of stories or of groups.
func (x *Index) keptApart(a, b string) bool { return slices.Contains(x.apart[a], b) }

// relationOf names what a pair is to each other.
func (x *Index) relationOf(l link) string {
	switch {
	case l.copy:
		return string(rafid.Copy)
	case l.score >= x.rule(l.to).threshold && l.f[SameSource] == 0:
		return string(rafid.Same)
	case x.follows([]link{l}, l.score):
		return Follow
	}
	return Different
}
