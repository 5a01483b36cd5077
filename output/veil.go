package output

import (
	"context"
	"fmt"
	"slices"

	"rafid"
)

// veil is a store seen without what was withdrawn: hidden groups, hidden stories within groups, and groups
// whose stories went into another. Everything that is published is read through it.
type veil struct {
	Store
	searcher Searcher // nil when the store has no search of its own
	hidden   map[string]bool
}

func newVeil(s Store, hidden []string) *veil {
	v := &veil{Store: s, hidden: make(map[string]bool, len(hidden))}
	v.searcher, _ = s.(Searcher)
	for _, id := range hidden {
		v.hidden[id] = true
	}
	return v
}

// errGone is what is answered for a story that was withdrawn.
var errGone = fmt.Errorf("withdrawn: %w", rafid.ErrNotFound)

// movedError is what is answered for a story that went into another.
type movedError struct{ from, into string }

func (e *movedError) Error() string { return "group " + e.from + " went into " + e.into }

// Unwrap makes a moved story one that is not there, for who does not follow it.
func (e *movedError) Unwrap() error { return rafid.ErrNotFound }

// Entry gives what may be shown of a group. It answers with errGone when that is nothing, and with a
// movedError when the group went into another.
func (v *veil) Entry(ctx context.Context, id string) (rafid.Entry, error) {
	if v.hidden[id] {
		return rafid.Entry{}, errGone
	}
	e, err := v.Store.Entry(ctx, id)
	if err != nil {
		return rafid.Entry{}, err
	}
	if e.Group.Into != "" {
		return rafid.Entry{}, &movedError{id, e.Group.Into}
	}
	if len(e.Stories) == 0 {
		return rafid.Entry{}, fmt.Errorf("group %s has no story: %w", id, rafid.ErrNotFound)
	}
	shown, ok := v.show(e)
	if !ok {
		return rafid.Entry{}, errGone
	}
	return shown, nil
}

// Entries gives what q selects of what may be shown, also where the store selected by a story that is hidden.
func (v *veil) Entries(ctx context.Context, q rafid.Query) ([]rafid.Entry, error) {
	return v.enough(q, func(q rafid.Query) ([]rafid.Entry, error) { return v.Store.Entries(ctx, q) })
}

// search asks the store's own search.
func (v *veil) search(ctx context.Context, words string, q rafid.Query) ([]rafid.Entry, error) {
	return v.enough(q, func(q rafid.Query) ([]rafid.Entry, error) { return v.searcher.Search(ctx, words, q) })
}

// enough reads until q.Max entries are left when what may not be shown is taken out, or nothing is left to read.
func (v *veil) enough(q rafid.Query, read func(rafid.Query) ([]rafid.Entry, error)) ([]rafid.Entry, error) {
	ask := q
	for {
		got, err := read(ask)
		if err != nil {
			return nil, err
		}
		var shown []rafid.Entry
		for _, e := range got {
			if e, ok := v.show(e); ok && selects(q, e) {
				shown = append(shown, e)
			}
		}
		if q.Max <= 0 || len(shown) >= q.Max || len(got) < ask.Max {
			return shown, nil
		}
		ask.Max = 2*ask.Max + len(v.hidden)
	}
}

// show gives the entry without its hidden stories, and says whether anything of it is left. When the lead is
// hidden, the next that joined leads, under its own headline.
func (v *veil) show(e rafid.Entry) (rafid.Entry, bool) {
	if e.Group.Into != "" || v.hidden[e.Group.ID] || len(e.Stories) == 0 {
		return e, false
	}
	if !slices.ContainsFunc(e.Stories, func(s rafid.Story) bool { return v.hidden[s.ID] }) {
		return e, true
	}
	left := rafid.Entry{Group: e.Group}
	left.Group.Members = nil
	for i, s := range e.Stories {
		if v.hidden[s.ID] {
			continue
		}
		left.Stories = append(left.Stories, s)
		if i < len(e.Group.Members) {
			left.Group.Members = append(left.Group.Members, e.Group.Members[i])
		}
	}
	if len(left.Stories) == 0 {
		return left, false
	}
	if v.hidden[e.Group.Lead] {
		left.Group.Lead, left.Group.Title = left.Stories[0].ID, left.Stories[0].Title
	}
	return left, true
}
