package dedupe

import (
	"slices"

	"rafid"
)

// entry is a story in the index. What it has of lists lies in its page.
type entry struct {
	facts
	id       string
	serial   uint32 // counts the stories of the index from 1
	of       uint32 // serial of the story it is closest to, 0 if none
	group    *group
	edges    []edge // best first; none once it is settled
	page     *page
	word     uint16 // where its lists begin in the page
	half     uint16
	octet    uint16
	num      uint16
	keyCount uint8
	pairs    uint8
	shingles uint8
	nums     uint8
	rel      relation
	rule     uint8   // of its category, in Index.rules
	unlinked bool    // its links are not known: it was restored from its texts
	best     float32 // highest CosineNow with any story so far
}

// relation is a rafid.Relation in a byte.
type relation uint8

const (
	leads relation = iota
	copies
	tellsSame
)

// word is the relation as the world knows it.
func (r relation) word() rafid.Relation { return relationWords[r] }

var relationWords = [...]rafid.Relation{leads: rafid.Lead, copies: rafid.Copy, tellsSame: rafid.Same}

// relationFrom is the inverse of word; a relation that it does not know counts as a lead.
func relationFrom(r rafid.Relation) relation {
	return relation(max(0, slices.Index(relationWords[:], r)))
}

// page holds some stories in a row and their lists, each kind in one piece of memory: a story takes few
// bytes beside its lists, and the garbage collector has few pieces to look at.
type page struct {
	entries []entry
	words   []uint32 // keys
	halves  []uint16 // pairs, shingles
	octets  []uint8  // beside keys: where they stand; then the weights of the title's keys
	nums    []num
}

// pageStories is how many stories a page holds. The longest lists of so many stay within 16 bits, and so many
// entries fill a piece of memory as the allocator cuts it: with 64 an eighth of it would lie idle.
const pageStories = 72

// newPage makes a page for n stories.
func newPage(n int) *page { return &page{entries: make([]entry, 0, n)} }

// add puts a story on the page, which must have room for it.
func (g *page) add(p *print, id string) *entry {
	g.entries = append(g.entries, entry{
		facts: p.facts, id: id, page: g,
		word: uint16(len(g.words)), half: uint16(len(g.halves)), octet: uint16(len(g.octets)), num: uint16(len(g.nums)),
		keyCount: uint8(len(p.keys)), pairs: uint8(len(p.pairs)), shingles: uint8(len(p.shin)), nums: uint8(len(p.nums)),
	})
	g.words = append(g.words, p.keys...)
	g.halves = append(append(g.halves, p.pairs...), p.shin...)
	g.octets = append(g.octets, p.tf...)
	for i, tf := range p.tf {
		if inTitle(tf) > 0 {
			g.octets = append(g.octets, p.w[i])
		}
	}
	g.nums = append(g.nums, p.nums...)
	if g.full() {
		g.words, g.halves, g.octets, g.nums = exact(g.words), exact(g.halves), exact(g.octets), exact(g.nums)
	}
	return &g.entries[len(g.entries)-1]
}

func (g *page) full() bool { return len(g.entries) == cap(g.entries) }

// exact is a list in a piece of memory without room to spare.
func exact[T any](list []T) []T { return append(make([]T, 0, len(list)), list...) }

// open gives the fingerprint of e in the room of p, as one to be compared with: without what only its arrival
// needed. The lists are the page's own.
func (e *entry) open(p *print) *print {
	g, k, pairs := e.page, int(e.keyCount), int(e.pairs)
	words, halves, octets := g.words[e.word:], g.halves[e.half:], g.octets[e.octet:]
	*p = print{
		facts: e.facts, keys: words[:k:k], tf: octets[:k:k], lone: octets[k:],
		pairs: halves[:pairs:pairs], shin: halves[pairs : pairs+int(e.shingles)], nums: g.nums[e.num:][:e.nums],
	}
	return p
}
