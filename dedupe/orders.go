package dedupe

import (
	"slices"
	"time"

	"rafid"
)

// Apart gives the placements by which two stories leave each other, when the operator keeps a and b apart and
// both stand in e: one of them goes, with the copies that were linked by it. a goes, unless it leads the group
// and b does not. Either may also be the id of the group itself, which stands for the story that the group is
// named after, and never goes. No placement means that there is nothing to part.
//
// The story that goes opens a group; its id is the story's own, marked with "~" when taken says that this id has
// stories already.
func Apart(e rafid.Entry, a, b string, taken func(id string) bool, now time.Time) []rafid.Placement {
	goes := leaver(e, a, b)
	if goes == "" {
		return nil
	}
	id := goes
	for id == e.Group.ID || taken(id) {
		id += "~"
	}
	order := rafid.Order{Pair: [2]string{a, b}, From: e.Group.ID}
	var out []rafid.Placement
	for _, s := range withCopies(e, goes) {
		p := rafid.Placement{Group: id, Moves: true, Member: rafid.Member{
			Story: s.ID, Relation: rafid.Copy, Of: goes, Joined: now, Order: order, Evidence: byOrder(),
		}}
		if s.ID == goes {
			p.Opens, p.Title, p.Lead, p.Published, p.Thread = true, s.Title, s.ID, s.Published, e.Group.ID
			p.Member.Relation, p.Member.Of = rafid.Lead, ""
			if len(s.Categories) > 0 {
				p.Category = s.Categories[0]
			}
		}
		out = append(out, p)
	}
	return out
}

// leaver says which of the two goes, "" when neither can.
func leaver(e rafid.Entry, a, b string) string {
	in := func(id string) bool {
		return slices.ContainsFunc(e.Stories, func(s rafid.Story) bool { return s.ID == id })
	}
	stays := func(id string) bool { return id == e.Group.Lead || id == e.Group.ID }
	switch {
	case len(e.Stories) < 2 || a == b:
		return ""
	case in(a) && !stays(a):
		return a
	case in(b) && !stays(b):
		return b
	case in(a) && a != e.Group.ID:
		return a
	case in(b) && b != e.Group.ID:
		return b
	}
	return ""
}

// withCopies gives the story and those that stand in the group as its copies, at any remove, the story first.
func withCopies(e rafid.Entry, id string) []rafid.Story {
	with := []string{id}
	for range e.Group.Members { // a copy of a copy of a copy …
		for _, m := range e.Group.Members {
			if m.Relation == rafid.Copy && m.Story != e.Group.Lead && slices.Contains(with, m.Of) && !slices.Contains(with, m.Story) {
				with = append(with, m.Story)
			}
		}
	}
	var out []rafid.Story
	for _, id := range with {
		for _, s := range e.Stories {
			if s.ID == id {
				out = append(out, s)
			}
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
	p.Opens, p.Title, p.Lead, p.Published, p.Thread = true, s.Title, s.ID, s.Published, from.Group.Thread
	p.Member.Relation = rafid.Lead
	if len(s.Categories) > 0 {
		p.Category = s.Categories[0]
	}
	return p
}

// byOrder is the evidence of a membership that the operator decided.
func byOrder() rafid.Evidence {
	return rafid.Evidence{Arabic: "بقرار من المشرف على الموقع.", English: "Decided by the operator of the site."}
}
