package dedupe

import "math"

// stats counts in how many stories each key stands, with the old fading out, so that a word becomes
// common while an event is on and rare again afterwards.
//
// Instead of shrinking all counts at each story, later stories count more; the counts are scaled down
// when they become large.
type stats struct {
	df    map[uint32]float32
	n     float64 // stories, in the same fading measure
	unit  float64 // what one story counts now
	since int64   // when unit was 1
	half  float64 // seconds after which a story counts half
	prior float64 // for how many stories the shipped frequencies count
}

const (
	longHalf   = 14 * 24 * 3600 // the half-life that the prototype on the 2018 stories settled on
	longPrior  = 4000           // about a fortnight of a few outlets
	shortHalf  = 18 * 3600      // an event is written about for a day
	shortPrior = 300
	maxUnit    = 1 << 12
	negligible = 1.0 / 64 // of a story: a count below it is forgotten
)

func newStats(half, prior float64) *stats {
	return &stats{df: make(map[uint32]float32), unit: 1, half: half, prior: prior}
}

// add counts a story with these keys at the time clock.
func (s *stats) add(keys []uint32, clock int64) {
	if s.since == 0 {
		s.since = clock
	}
	if u := math.Exp2(float64(clock-s.since) / s.half); u > s.unit {
		s.unit = u
	}
	if s.unit > maxUnit {
		s.rescale(clock)
	}
	for _, k := range keys {
		s.df[k] += float32(s.unit)
	}
	s.n += s.unit
}

func (s *stats) rescale(clock int64) {
	for k, v := range s.df {
		if v /= float32(s.unit); v < negligible {
			delete(s.df, k)
		} else {
			s.df[k] = v
		}
	}
	s.n /= s.unit
	s.unit, s.since = 1, clock
}

// idf is the weight of a key: the logarithm of how rare it is.
func (s *stats) idf(key uint32) float32 {
	n := s.n/s.unit + s.prior
	df := float64(s.df[key])/s.unit + s.prior*shippedShare(key) + 0.5
	return float32(math.Log1p(n / df))
}

// days remembers of each hashed pair of words on how many different days it was seen lately. It is a
// table of fixed size: two places a pair, the lower count holds, so a collision can only overstate one of
// the two.
type days struct {
	cells []dayCell
}

// dayCell holds the last day and how many days were counted.
type dayCell struct {
	day   uint16
	count uint8
}

const (
	dayBits    = 20
	dayCells   = 1 << dayBits
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
	if c.count > 0 && day > c.day && day-c.day > daysForget {
		c.count = 0
	}
	switch {
	case c.count == 0 || day > c.day:
		earlier = int(c.count)
		c.day, c.count = day, min(c.count+1, 255)
	default:
		earlier = int(c.count) - 1
	}
	return earlier
}
