package dedupe

import "math"

// desk is the fingerprint of the story being placed, laid out so that comparing it with another is a walk
// over the other's lists alone.
type desk struct {
	*print
	entry   *entry // whose fingerprint it is
	keys    finder
	shin    finder
	pairs   finder
	inTitle []uint8 // positions of the keys that stand in the title
}

// finder finds the place of a value in a list of at most 255 values without a search.
type finder struct {
	first [finderSize]uint8 // by the low bits of a value: its position + 1; 0 where there is none
	next  [256]uint8        // by position: that + 1 of the next value with the same low bits
}

// finderSize is large against the lists, so that what is not there is mostly seen at once.
const finderSize = 1024

// lay puts a story on the desk.
func (d *desk) lay(e *entry, p *print) {
	d.entry, d.print = e, p
	layList(&d.keys, p.keys, 0)
	layList(&d.shin, p.shin, 0)
	layList(&d.pairs, p.pairs, 1)
	d.inTitle = d.inTitle[:0]
	for i, tf := range p.tf {
		if inTitle(tf) > 0 {
			d.inTitle = append(d.inTitle, uint8(i))
		}
	}
}

// layList makes f the finder of a list whose values count from the bit low on.
func layList[T uint16 | uint32](f *finder, list []T, low int) {
	clear(f.first[:])
	for i, v := range list[:min(len(list), math.MaxUint8)] {
		at := &f.first[v>>low%finderSize]
		f.next[i] = *at
		*at = uint8(i + 1)
	}
}

// find gives the position of v in the list that f is the finder of, -1 if it is not there.
func find[T uint16 | uint32](f *finder, v T, list []T) int {
	at := f.first[v%finderSize]
	for at != 0 && list[at-1] != v {
		at = f.next[at-1]
	}
	return int(at) - 1
}

// findPair is find for pairs, whose low bit does not count.
func (f *finder) findPair(v uint16, list []uint16) int {
	at := f.first[v>>1%finderSize]
	for at != 0 && list[at-1]>>1 != v>>1 {
		at = f.next[at-1]
	}
	return int(at) - 1
}

// commonPairs counts the word pairs that both stories have, and those of them that recur day after day.
func (d *desk) commonPairs(b *print) (common, again int) {
	for _, v := range b.pairs {
		if i := d.pairs.findPair(v, d.print.pairs); i >= 0 {
			common++
			again += int((d.print.pairs[i] | v) & 1)
		}
	}
	return common, again
}

// overlap estimates from the smallest shingle hashes how much of the shorter text stands in the longer
// one, and the Jaccard likeness. Where both lists are whole the figures are exact.
func (d *desk) overlap(b *print) (contained, jaccard float64) {
	limit := min(d.cap, b.cap)
	na, nb, common := upTo(d.print.shin, limit), upTo(b.shin, limit), 0
	for _, v := range b.shin[:nb] {
		if find(&d.shin, v, d.print.shin) >= 0 {
			common++
		}
	}
	return ratio(float64(common), float64(min(na, nb))), ratio(float64(common), float64(na+nb-common))
}

// upTo is how many of a sorted list are not above limit.
func upTo(list []uint16, limit uint16) int {
	n := len(list)
	for n > 0 && list[n-1] > limit {
		n--
	}
	return n
}
