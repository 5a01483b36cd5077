package dedupe

import "math"

// stats counts in how many stories each key stands, with the old fading out, so that a word becomes
// common while an event is on and rare again afterwards. It counts at two paces, over weeks and over
// hours.
//
// Instead of shrinking all counts at each story, later stories count more; the counts are scaled down
// when they become large. The counts lie in a table of open addressing, one place for both paces: they are
// looked up for every word of every story.
type stats struct {
	cells []statsCell // a power of two long
	used  int
	paces [2]pace
}

// statsCell is what is known of a key; share is 0 in a free cell.
type statsCell struct {
	key   uint32
	share float32    // of the shipped table, raised by never so that it is not 0
	df    [2]float32 // by pace
}

// pace is how quickly stories fade.
type pace struct {
	n     float64 // stories, in the same fading measure
	unit  float64 // what one story counts now
	since int64   // when unit was 1
	half  float64 // seconds after which a story counts half
	prior float64 // for how many stories the shipped frequencies count
}

// The paces.
const (
	weeks = iota
	hours
)

const (
	longHalf   = 14 * 24 * 3600 // the half-life that the prototype on the 2018 stories settled on
	longPrior  = 4000           // about a fortnight of a few outlets
	shortHalf  = 18 * 3600      // an event is written about for a day
	shortPrior = 300
	maxUnit    = 1 << 12
	negligible = 1.0 / 64 // of a story: a count below it is forgotten
	never      = 1e-12    // the share of a key that the shipped table does not have
)

func newStats() *stats {
	return &stats{cells: make([]statsCell, 1<<12), paces: [2]pace{
		weeks: {unit: 1, half: longHalf, prior: longPrior},
		hours: {unit: 1, half: shortHalf, prior: shortPrior},
	}}
}

// add counts a story with these keys at the time clock.
func (s *stats) add(keys []uint32, clock int64) {
	for i := range s.paces {
		if p := &s.paces[i]; p.advance(clock) {
			s.rescale(i, clock)
		}
	}
	long, short := float32(s.paces[weeks].unit), float32(s.paces[hours].unit)
	for _, k := range keys {
		c := s.cell(k)
		c.df[weeks] += long
		c.df[hours] += short
	}
	for i := range s.paces {
		s.paces[i].n += s.paces[i].unit
	}
}

// advance sets what a story counts at the time clock, and says that this has become too much.
func (p *pace) advance(clock int64) bool {
	if p.since == 0 {
		p.since = clock
	}
	p.unit = max(p.unit, math.Exp2(float64(clock-p.since)/p.half))
	return p.unit > maxUnit
}

// rescale lets a story count 1 again at one pace, and forgets the keys that count nothing any more.
func (s *stats) rescale(at int, clock int64) {
	p := &s.paces[at]
	old, scale := s.cells, float32(p.unit)
	p.n /= p.unit
	p.unit, p.since = 1, clock
	s.cells, s.used = make([]statsCell, len(old)), 0
	for _, c := range old {
		c.df[at] /= scale
		if c.share != 0 && (s.counts(&c, weeks) || s.counts(&c, hours)) {
			*s.place(c.key) = c
			s.used++
		}
	}
}

// counts says that what is left of a key's count at a pace is worth remembering.
func (s *stats) counts(c *statsCell, at int) bool {
	return float64(c.df[at]) >= negligible*s.paces[at].unit
}

// place gives the cell that a key has or would take.
func (s *stats) place(key uint32) *statsCell {
	mask := uint32(len(s.cells) - 1)
	for i := key * 0x9E3779B1 >> 7 & mask; ; i = (i + 1) & mask {
		if c := &s.cells[i]; c.key == key || c.share == 0 {
			return c
		}
	}
}

// cell gives the cell of a key, made when it is not there.
func (s *stats) cell(key uint32) *statsCell {
	c := s.place(key)
	if c.share != 0 {
		return c
	}
	if (s.used+1)*4 > len(s.cells)*3 {
		s.grow()
		c = s.place(key)
	}
	s.used++
	*c = statsCell{key: key, share: shippedOrNever(key)}
	return c
}

func (s *stats) grow() {
	old := s.cells
	s.cells = make([]statsCell, 2*len(old))
	for _, c := range old {
		if c.share != 0 {
			*s.place(c.key) = c
		}
	}
}

func shippedOrNever(key uint32) float32 { return float32(shippedShare(key) + never) }

// idf is the weight of a key by the last weeks: the logarithm of how rare it is.
func (s *stats) idf(key uint32) float32 {
	long, _ := s.weights(key)
	return long
}

// unseen is the idf of a key that was never seen.
func (s *stats) unseen() float32 { return s.paces[weeks].idf(0, never) }

// weights gives what a key weighs by the last weeks and by the last hours.
func (s *stats) weights(key uint32) (long, short float32) {
	c := s.place(key)
	if c.share == 0 {
		c = &statsCell{share: shippedOrNever(key)}
	}
	return s.paces[weeks].idf(c.df[weeks], c.share), s.paces[hours].idf(c.df[hours], c.share)
}

func (p *pace) idf(df, share float32) float32 {
	n := p.n/p.unit + p.prior
	return float32(math.Log1p(n / (float64(df)/p.unit + p.prior*float64(share) + 0.5)))
}

// days remembers of each hashed pair of words on how many different days it was seen lately. It is a
// table of fixed size: two places a pair, the lower count holds, so a collision can only overstate one of
// the two.
type days struct {
	cells []dayCell
}

// dayCell holds the last day, modulo 2^13, above dayCounts: on how many days the pair was seen, as far as
// that is counted.
type dayCell uint16

const (
	dayBits    = 20
	dayCells   = 1 << dayBits
	dayCounts  = 3 // bits of a cell that count
	dayModulo  = 1<<(16-dayCounts) - 1
	daysForget = 21 // a pair not seen for so many days starts again
	daysRecur  = 3  // seen on so many earlier days, a pair recurs
)

func newDays() *days { return &days{cells: make([]dayCell, dayCells)} }

// see counts the pair for the day and says on how many earlier days it was seen.
func (d *days) see(pair uint64, day uint16) int {
	a, b := &d.cells[pair%dayCells], &d.cells[pair>>dayBits%dayCells]
	return min(a.see(day), b.see(day))
}

func (c *dayCell) see(day uint16) (earlier int) {
	count, last := int(*c&(1<<dayCounts-1)), uint16(*c>>dayCounts)
	age := (day - last) & dayModulo
	newer := age > 0 && age <= dayModulo/2
	if newer && age > daysForget {
		count = 0
	}
	if count > 0 && !newer {
		return count - 1
	}
	*c = dayCell(day&dayModulo)<<dayCounts | dayCell(min(count+1, 1<<dayCounts-1))
	return count
}
