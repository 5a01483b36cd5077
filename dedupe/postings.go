package dedupe

// segment is a stretch of the window: the stories that arrived in it and, for each telling token, which
// of them have it. Segments are filled one after another and forgotten whole, so nothing is ever
// deleted from the middle and forgetting costs nothing.
//
// A token is a 32-bit hash: of a heavy word, of a shingle, of a URL, of an id. The stories of a token
// form a chain through next, newest first.
type segment struct {
	from    int64 // the clock when it was opened
	entries []*entry
	next    []uint32 // posting p, the p/perStory-th entry's: the posting before it in its chain, 0 at the end
	table   []slot   // open addressing, a power of two long
	used    int
	marks   []mark // of each entry, for the story being placed
}

// mark adds up what an entry shares with the story being placed. It is kept apart from the entries, so
// that walking the chains touches little memory.
type mark struct {
	turn   uint32 // in which weight was last set
	weight float32
}

// slot is the head of a token's chain; head 0 is a free slot.
type slot struct{ token, head uint32 }

// perStory is how many tokens a story is found by.
const perStory = 21

// post enters an entry under its tokens, at most perStory of them.
func (s *segment) post(e *entry, tokens []uint32) {
	at := uint32(len(s.entries)) * perStory
	s.entries = append(s.entries, e)
	s.marks = append(s.marks, mark{})
	for i := range perStory {
		s.next = append(s.next, 0)
		if i >= len(tokens) {
			continue
		}
		sl := s.find(tokens[i], true)
		s.next[len(s.next)-1] = sl.head
		sl.head = at + uint32(i) + 1 // 0 ends a chain
	}
}

// find gives the slot of a token; with make it is created when missing, else nil.
func (s *segment) find(token uint32, create bool) *slot {
	if create && (s.used+1)*4 > len(s.table)*3 {
		s.grow()
	}
	if len(s.table) == 0 {
		return nil
	}
	mask := uint32(len(s.table) - 1)
	for i := token * 0x9E3779B1 & mask; ; i = (i + 1) & mask {
		switch sl := &s.table[i]; {
		case sl.head == 0:
			if !create {
				return nil
			}
			sl.token = token
			s.used++
			return sl
		case sl.token == token:
			return sl
		}
	}
}

func (s *segment) grow() {
	old := s.table
	s.table = make([]slot, max(1024, 2*len(old)))
	mask := uint32(len(s.table) - 1)
	for _, sl := range old {
		if sl.head == 0 {
			continue
		}
		i := sl.token * 0x9E3779B1 & mask
		for s.table[i].head != 0 {
			i = (i + 1) & mask
		}
		s.table[i] = sl
	}
}

// each calls visit with the entries of a token, newest first, at most limit of them.
func (s *segment) each(token uint32, limit int, visit func(*entry)) {
	s.walk(token, limit, func(i uint32) { visit(s.entries[i]) })
}

// walk calls visit with the positions of the entries of a token, newest first, at most limit of them,
// and says how many it visited.
func (s *segment) walk(token uint32, limit int, visit func(uint32)) int {
	sl := s.find(token, false)
	if sl == nil {
		return 0
	}
	n := 0
	for p := sl.head; p != 0 && n < limit; p = s.next[p-1] {
		visit((p - 1) / perStory)
		n++
	}
	return n
}
