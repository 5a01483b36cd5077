package dedupe

import "math"

// The vectors of a story, as norm counts them.
const (
	ofAll = iota
	ofTitle
	ofLead
	ofBody
	ofNow
)

// weigh fills in the weights and what follows from them by the document frequencies at arrival.
func (p *print) weigh(s *stats) {
	p.w, p.now = make([]uint8, len(p.keys)), make([]uint8, len(p.keys))
	for i, k := range p.keys {
		long, short := s.weights(k)
		p.w[i], p.now[i] = packWeight(long), packWeight(short)
	}
	p.norms()
}

// norms fills in norm, ofNow only where the weights by the last hours are known, and sum.
func (p *print) norms() {
	var square [len(p.norm)]float64
	p.sum = [2]float32{}
	for i, tf := range p.tf {
		w, now := weight(p.w[i]), float32(0)
		if p.now != nil {
			now = weight(p.now[i])
		}
		for v, x := range [...]float32{ofAll: mixed(tf) * w, ofTitle: inTitle(tf) * w, ofLead: inLead(tf) * w, ofBody: inBody(tf) * w, ofNow: mixed(tf) * now} {
			square[v] += float64(x) * float64(x)
		}
		if inTitle(tf) > 0 {
			p.sum[0] += w
		}
		if tf>>3 != 0 {
			p.sum[1] += w
		}
	}
	for v := range square {
		p.norm[v] = float32(math.Sqrt(square[v]))
	}
}

// weightStep is the resolution of packed weights: log(10⁵ stories) fits into a byte.
const weightStep = 0.05

func packWeight(w float32) uint8  { return uint8(min(max(w/weightStep+0.5, 0), 255)) }
func weight(packed uint8) float32 { return float32(packed) * weightStep }

// mixed is a key's count in the whole text: 2·title + 1.5·lead + 1·body, damped.
func mixed(tf uint8) float32 { return damped[tf] }

var damped = dampedCounts()

func dampedCounts() (d [256]float32) {
	for i := range d {
		tf := uint8(i)
		d[i] = float32(math.Log1p(float64(2*inTitle(tf) + 1.5*inLead(tf) + inBody(tf))))
	}
	return d
}

// heaviest fills room with the positions of the keys of title and lead that tell most, by weight, then key.
func (p *print) heaviest(room []uint8) []uint8 {
	for i := range p.keys {
		if p.tf[i]>>3 == 0 {
			continue
		}
		heft, at := p.heft(i), len(room)
		for at > 0 && p.heft(int(room[at-1])) < heft {
			at--
		}
		if len(room) < cap(room) {
			room = append(room, 0)
		}
		if at < len(room) {
			copy(room[at+1:], room[at:])
			room[at] = uint8(i)
		}
	}
	return room
}

func (p *print) heft(i int) float32 { return weight(p.w[i]) * mixed(p.tf[i]) }
