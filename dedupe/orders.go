package dedupe

import (
	"slices"
	"time"

	"rafid"
)

// Apart gives the placements by which two stories leave each other, when the operator keeps them apart and both
// stand in e: one goes, with what the operator keeps together with it and with the copies that were linked by it.
// The first of the pair goes, unless it, or what is bound to it, leads the group or gave it its name, and the other
// does not. No placement means that there is nothing to part.
//
// What goes opens a group, named after the story that goes, with "~" behind it when taken says that this id has
// stories already.
func Apart(e rafid.Entry, pair [2]string, together [][2]string, taken func(id string) bool, now time.Time) []rafid.Placement {
	going, staying := bound(e, pair[0], together), bound(e, pair[1], together)
	first := pair[0]
	switch {
	case len(going) == 0 || len(staying) == 0 || slices.Contains(going, pair[1]):
		return nil
	case holds(going, e.Group) && !holds(staying, e.Group):
		going, staying, first = staying, going, pair[1]
	}
	going = withCopies(e, going, staying, together)
	id := first
	for id == e.Group.ID || taken(id) {
		id += "~"
	}
	order := rafid.Order{Pair: pair, From: e.Group.ID}
	var out []rafid.Placement
	for _, s := range inOrder(e, first, going) {
		p := rafid.Placement{Group: id, Moves: true, Member: rafid.Member{
			Story: s.ID, Relation: rafid.Same, Of: first, Joined: now, Order: order, Evidence: byOrder(),
		}}
		if s.ID == first {
			p.Member.Relation, p.Member.Of = rafid.Lead, ""
			p = opening(p, s, e.Group.ID)
		}
		out = append(out, p)
	}
	return out
}

// opening makes p open its group, with s as the lead.
func opening(p rafid.Placement, s rafid.Story, thread string) rafid.Placement {
	p.Opens, p.Title, p.Lead, p.Published, p.Thread = true, s.Title, s.ID, s.Published, thread
	if len(s.Categories) > 0 {
		p.Category = s.Categories[0]
	}
	return p
}

// holds says whether the stories hold the group's name or its headline.
func holds(ids []string, g rafid.Group) bool {
	return slices.Contains(ids, g.Lead) || slices.Contains(ids, g.ID)
}

// bound gives the story and what is kept together with it at any remove, as far as it stands in e; nothing when the
// story does not.
func bound(e rafid.Entry, id string, together [][2]string) []string {
	in := func(id string) bool {
		return slices.ContainsFunc(e.Stories, func(s rafid.Story) bool { return s.ID == id })
	}
	if !in(id) {
		return nil
	}
	all := []string{id}
	for i := 0; i < len(all); i++ {
		for _, p := range together {
			for _, other := range [][2]string{p, {p[1], p[0]}} {
				if other[0] == all[i] && in(other[1]) && !slices.Contains(all, other[1]) {
					all = append(all, other[1])
				}
			}
		}
	}
	return all
}

// withCopies adds the stories that stand in the group as copies of those that go, at any remove, and what is bound
// to them, but nothing of what stays.
func withCopies(e rafid.Entry, going, staying []string, together [][2]string) []string {
	for i := 0; i < len(going); i++ {
		for _, m := range e.Group.Members {
			if m.Relation != rafid.Copy || m.Of != going[i] || slices.Contains(going, m.Story) || m.Story == e.Group.Lead {
				continue
			}
			more := bound(e, m.Story, together)
			if !slices.ContainsFunc(more, func(id string) bool { return slices.Contains(staying, id) }) {
				going = append(going, slices.DeleteFunc(more, func(id string) bool { return slices.Contains(going, id) })...)
			}
		}
	}
	return going
}

// inOrder gives the stories of these ids: the first one first, the rest in order of arrival.
func inOrder(e rafid.Entry, first string, ids []string) []rafid.Story {
	var out []rafid.Story
	for _, s := range e.Stories {
		switch {
		case s.ID == first:
			out = slices.Insert(out, 0, s)
		case slices.Contains(ids, s.ID):
			out = append(out, s)
		}
	}
	return out
}

// Together gives the placements by which all stories of one group go into the other, when the operator puts a and
// b together: into the one published first, whose address is the older.
func Together(x, y rafid.Entry, a, b string, now time.Time) []rafid.Placement {
	if y.Group.Published.Before(x.Group.Published) || y.Group.Published.Equal(x.Group.Published) && y.Group.ID < x.Group.ID {
		x, y = y, x
	}
	var out []rafid.Placement
	for i, s := range y.Stories {
		m := rafid.Member{
			Story: s.ID, Relation: y.Group.Members[i].Relation, Of: y.Group.Members[i].Of, Joined: now,
			Order: rafid.Order{Pair: [2]string{a, b}, From: y.Group.ID}, Evidence: byOrder(),
		}
		if m.Relation == rafid.Lead || m.Of == "" {
			m.Relation, m.Of = rafid.Same, x.Group.Lead
		}
		out = append(out, rafid.Placement{Member: m, Group: x.Group.ID, Moves: true})
	}
	return out
}

// Back gives the placement by which a story returns to the group that an order took it from, when the order is no
// longer in force. from is that group as it is now; without stories it is opened again.
func Back(s rafid.Story, from rafid.Entry, now time.Time) rafid.Placement {
	p := rafid.Placement{Group: from.Group.ID, Moves: true, Member: rafid.Member{Story: s.ID, Joined: now}}
	if len(from.Stories) > 0 {
		p.Member.Relation, p.Member.Of = rafid.Same, from.Group.Lead
		return p
	}
	p.Member.Relation = rafid.Lead
	return opening(p, s, from.Group.Thread)
}

// byOrder is the evidence of a membership that the operator decided.
func byOrder() rafid.Evidence {
	return rafid.Evidence{Arabic: "بقرار من المشرف على الموقع.", English: "Decided by the operator of the site."}
}
