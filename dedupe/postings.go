package dedupe

import "slices"

// segment is a stretch of the window: the stories that arrived in it and, for each telling token, which
// of them have it. Segments are filled one after another and forgotten whole, so nothing is ever
// deleted from the middle and forgetting costs nothing; and what is filled is packed without room to spare.
//
// A token is a 32-bit hash: of a heavy word, of a shingle, of a URL, of an id. Most tokens are of one
// story: then its position stands in the table itself. Of the others the newest perToken positions are
// kept, in a ring that grows by doubling.
type segment struct {
	from   int64     // the clock when it was opened
	first  uint32    // serial of its first story
	pages  []*page   // of pageStories each
	marks  []float32 // of each entry, while a story is being placed: what it shares with it
	table  []slot    // open addressing
	used   int
	rings  []uint32          // one behind another: how many positions ever, then the places for them
	packed bool              // the rings are lists without room to spare, oldest first; nothing is added
	free   [ringSizes]uint32 // by size: the first ring that is free, plus 1; the next stands in it
}

// tableLoad is at most how full the table is, in quarters.
const tableLoad = 3

// slot is a token and where its stories stand; ref 0 is a free slot.
type slot struct{ token, ref uint32 }

// lone in a slot's ref says that the rest is the position of the token's only story; without it the rest
// is the place of a ring, plus 1.
const lone = 1 << 31

// The places of a ring are 2, 4, 8 … perToken.
const (
	smallRing = 2
	ringSizes = 6
)

// entry gives the story at a position.
func (s *segment) entry(at uint32) *entry { return &s.pages[at/pageStories].entries[at%pageStories] }

// add makes the entry of a story at the end.
func (s *segment) add(p *print, id string) *entry {
	if n := len(s.pages); n == 0 || s.pages[n-1].full() {
		s.pages = append(s.pages, newPage(pageStories))
	}
	return s.pages[len(s.pages)-1].add(p, id)
}

// all gives the stories in order of arrival.
func (s *segment) all(yield func(*entry) bool) {
	for _, g := range s.pages {
		for i := range g.entries {
			if !yield(&g.entries[i]) {
				return
			}
		}
	}
}

// post enters an entry under its tokens.
func (s *segment) post(e *entry, tokens []token) {
	at := e.serial - s.first
	s.marks = append(s.marks, 0)
	for _, t := range tokens {
		sl := s.slot(t.hash)
		switch {
		case sl.ref == 0:
			sl.ref = lone | at
		case sl.ref&lone != 0:
			ring := s.newRing(0)
			s.rings[ring], s.rings[ring+1], s.rings[ring+2] = 2, sl.ref&^lone, at
			sl.ref = ring + 1
		default:
			sl.ref = s.push(sl.ref-1, at) + 1
		}
	}
}

// newRing gives the place of a ring of a size, 0 the smallest.
func (s *segment) newRing(size int) uint32 {
	if f := s.free[size]; f != 0 {
		s.free[size] = s.rings[f-1]
		return f - 1
	}
	at := len(s.rings)
	s.rings = slices.Grow(s.rings, 1+smallRing<<size)[:at+1+smallRing<<size]
	return uint32(at)
}

// push adds a position to a ring and gives where the ring stands now.
func (s *segment) push(ring, at uint32) uint32 {
	n := s.rings[ring]
	size, places := ringSize(n)
	if n == places && places < perToken {
		larger := s.newRing(size + 1)
		copy(s.rings[larger:], s.rings[ring:ring+1+n])
		s.rings[ring], s.free[size] = s.free[size], ring+1
		ring, places = larger, 2*places
	}
	s.rings[ring]++
	s.rings[ring+1+n%places] = at
	return ring
}

// ringSize says of a ring in which n positions were put what size it has, and how many places.
func ringSize(n uint32) (size int, places uint32) {
	places = smallRing
	for places < n && places < perToken {
		size, places = size+1, 2*places
	}
	return size, places
}

// pack takes the spare room out of a segment that is full.
func (s *segment) pack() {
	rings := make([]uint32, 0, len(s.rings)/2)
	for i := range s.table {
		sl := &s.table[i]
		if sl.ref == 0 || sl.ref&lone != 0 {
			continue
		}
		ring := s.rings[sl.ref-1:]
		n := ring[0]
		_, places := ringSize(n)
		kept := min(n, places)
		sl.ref = uint32(len(rings)) + 1
		rings = append(rings, kept)
		for k := range kept {
			rings = append(rings, ring[1+(n-kept+k)%places])
		}
	}
	s.rings, s.packed = exact(rings), true
	s.marks = exact(s.marks)
	s.resize(s.used*4/tableLoad + 1)
}

// slot gives the slot of a token, made when there is none.
func (s *segment) slot(token uint32) *slot {
	if (s.used+1)*4 > len(s.table)*tableLoad {
		s.resize(max(1024, 2*len(s.table)))
	}
	sl := s.place(token)
	if sl.ref == 0 {
		sl.token = token
		s.used++
	}
	return sl
}

// place gives the slot that a token has or would take.
func (s *segment) place(token uint32) *slot {
	for i := int(uint64(token*0x9E3779B1) * uint64(len(s.table)) >> 32); ; i++ {
		if i == len(s.table) {
			i = 0
		}
		if sl := &s.table[i]; sl.ref == 0 || sl.token == token {
			return sl
		}
	}
}

func (s *segment) resize(size int) {
	old := s.table
	s.table = make([]slot, size)
	for _, sl := range old {
		if sl.ref != 0 {
			*s.place(sl.token) = sl
		}
	}
}

// each calls visit with the positions of the entries of a token, newest first, at most limit of them,
// and says how many it visited.
func (s *segment) each(token uint32, limit int, visit func(uint32)) int {
	if len(s.table) == 0 {
		return 0
	}
	ref := s.place(token).ref
	switch {
	case ref == 0:
		return 0
	case ref&lone != 0:
		visit(ref &^ lone)
		return 1
	}
	n := s.rings[ref-1]
	places := n
	if !s.packed {
		_, places = ringSize(n)
	}
	visits := min(n, places, uint32(limit))
	for i := range visits {
		visit(s.rings[ref+(n-1-i)%places])
	}
	return int(visits)
}
