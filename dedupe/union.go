package dedupe

import "iter"

// union is which stories are tied together: sets by serial, as a forest of trees.
type union struct {
	stories iter.Seq[*entry] // that are in it, in order of arrival
	first   uint32           // serial of the oldest
	root    []uint32         // of each story: a story above it, or itself
}

// forest ties the stories of the window together, and lets the links of settled ones go.
func (x *Index) forest(since int64) *union {
	f := &union{first: x.segments[0].first}
	f.root = make([]uint32, x.serial+1-f.first)
	for i := range f.root {
		f.root[i] = uint32(i)
	}
	f.stories = func(yield func(*entry) bool) {
		for _, s := range x.segments {
			for e := range s.all {
				if !x.gone(e) && !yield(e) {
					return
				}
			}
		}
	}
	for e := range f.stories {
		if e.at < since {
			e.edges = nil // settled
		}
		f.unite(e.serial, e.group.members[0].serial)
		for _, ed := range e.edges {
			if float64(ed.score) >= x.rule(e).threshold && !x.gone(x.story(ed.to)) {
				f.unite(e.serial, ed.to)
			}
		}
	}
	return f
}

// find gives the place of the tree's root that a story is in.
func (f *union) find(serial uint32) uint32 {
	i := serial - f.first
	for f.root[i] != i {
		f.root[i] = f.root[f.root[i]]
		i = f.root[i]
	}
	return i
}

func (f *union) unite(a, b uint32) { f.root[f.find(b)] = f.find(a) }
