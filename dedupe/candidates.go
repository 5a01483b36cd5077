package dedupe

import (
	"cmp"
	"math"
	"slices"
)

// How many tokens of a kind a story is found by.
const (
	heavyTokens   = 12
	shingleTokens = 6 // two texts with Jaccard .5 share one of their 6 smallest shingles with .98
)

// Salts keep tokens of different kinds apart.
const (
	saltShingle = 0x5bd1e995
	saltID      = 0x1b873593
	saltURL     = 0xcc9e2d51
	saltWhole   = 0x85ebca6b
)

// token is what a story is found by, and how much finding it so tells.
type token struct {
	hash   uint32
	weight float32
}

// tokens appends to list what the story of that id is found by; unique is the weight of a token that is no
// word.
func (p *print) tokens(list []token, id string, unique float32) []token {
	list = append(list, token{uint32(hash64(id)) ^ saltID, unique}, token{mix(p.whole ^ saltWhole), unique})
	if p.url != 0 {
		list = append(list, token{mix(p.url ^ saltURL), unique})
	}
	for _, h := range p.low {
		list = append(list, token{h ^ saltShingle, unique})
	}
	var heavy [heavyTokens]uint8
	for _, i := range p.heaviest(heavy[:0]) {
		list = append(list, token{p.keys[i], weight(p.w[i])})
	}
	return list
}

// What one story may cost.
const (
	perToken    = 64 // stories looked at for one token, newest first
	maxScored   = 40 // stories whose words are compared
	maxMeasured = 20 // of these, stories compared in full
)

// found is a story that shares tokens with the one being placed.
type found struct {
	weight  float32
	segment uint32
	at      uint32
}

// candidates finds the stories worth comparing with e: those that share the most telling tokens.
func (x *Index) candidates(e *entry, tokens []token) []*entry {
	x.found = x.found[:0]
	for _, t := range tokens {
		x.visit(t)
	}
	inside := x.found[:0]
	for _, f := range x.found {
		s := x.segments[f.segment]
		f.weight, s.marks[f.at] = s.marks[f.at], 0
		if abs(s.entry(f.at).at-e.at) <= x.reach {
			inside = append(inside, f)
		}
	}
	top := heaviestFound(inside, maxScored)
	candidates := make([]*entry, len(top))
	for i, f := range top {
		candidates[i] = x.segments[f.segment].entry(f.at)
	}
	return candidates
}

// visit marks the stories of a token, the newest of all segments.
func (x *Index) visit(t token) {
	square, left := max(t.weight*t.weight, math.SmallestNonzeroFloat32), perToken
	for i := len(x.segments) - 1; i >= 0 && left > 0; i-- {
		marks := x.segments[i].marks
		left -= x.segments[i].each(t.hash, left, func(at uint32) {
			if marks[at] == 0 {
				x.found = append(x.found, found{segment: uint32(i), at: at})
			}
			marks[at] += square
		})
	}
}

// heaviestFound moves the n heaviest to the front, of equals the newest, and gives them in order.
func heaviestFound(all []found, n int) []found {
	if len(all) > n {
		heap := all[:n] // the n best so far, the last of them by order at the root
		for k := n/2 - 1; k >= 0; k-- {
			sink(heap, k)
		}
		for _, f := range all[n:] {
			if f.before(&heap[0]) {
				heap[0] = f
				sink(heap, 0)
			}
		}
		all = heap
	}
	slices.SortFunc(all, func(a, b found) int {
		if a.before(&b) {
			return -1
		}
		return 1 // no two are the same
	})
	return all
}

// before says that f comes before g in order.
func (f *found) before(g *found) bool {
	switch {
	case f.weight != g.weight:
		return f.weight > g.weight
	case f.segment != g.segment:
		return f.segment > g.segment
	}
	return f.at > g.at
}

// sink restores the heap below position k, in which the last by order stands first.
func sink(heap []found, k int) {
	for {
		child := 2*k + 1
		if child >= len(heap) {
			return
		}
		if child+1 < len(heap) && heap[child].before(&heap[child+1]) {
			child++
		}
		if !heap[k].before(&heap[child]) {
			return
		}
		heap[k], heap[child] = heap[child], heap[k]
		k = child
	}
}

// negligibleCosine is below what any pair of the same news had on the labelled days.
const negligibleCosine = 0.05

// nearestNow keeps the n links with the highest CosineNow, of equals the first.
func nearestNow(links []link, n int) []link {
	if len(links) <= n {
		return links
	}
	values := make([]float64, len(links))
	for i := range links {
		values[i] = links[i].f[CosineNow]
	}
	slices.Sort(values)
	cut, equals := values[len(values)-n], 0
	for _, v := range values[len(values)-n:] {
		if v == cut {
			equals++
		}
	}
	kept := links[:0]
	for i := range links {
		switch v := links[i].f[CosineNow]; {
		case v == cut && equals > 0:
			equals--
			fallthrough
		case v > cut:
			kept = append(kept, links[i])
		}
	}
	return kept
}

// links compares e with its candidates, best first.
func (x *Index) links(e *entry, tokens []token) []link {
	found := x.candidates(e, tokens)
	x.lay(e)
	links := x.room[:0]
	for _, c := range found {
		l := link{to: c}
		if l.shared = x.desk.measureWords(&l.f, c.open(&x.other)); l.f[CosineAll] >= negligibleCosine || e.whole == c.whole {
			links = append(links, l)
		}
	}
	x.room = links
	links = nearestNow(links, maxMeasured)
	for i := range links {
		x.finish(&links[i])
	}
	for i := range links {
		e.best = max(e.best, links[i].rivalry())
	}
	for i := range links {
		x.weigh(e, &links[i])
	}
	slices.SortFunc(links, byScore)
	return links
}

func byScore(a, b link) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.to.serial, b.to.serial))
}

// sameOutlet weakens what links two stories of one outlet that are no copies: strong pairs of one outlet
// are mostly follow-ups that share their background (18 % the same in a sample of 50).
const sameOutlet = 0.1

// loneHeadline weakens, in log-odds, what links two stories of which neither has a text: a headline and its
// contradiction share nearly all words. With it at most 10 % of 1,686 contradicted headlines pass.
const loneHeadline = -3.1

// Two stories that share fewer telling words than fewWords share a place or a person and no event: of 319 labelled
// pairs of the same news that reached the threshold none shared fewer, of 83 others two. Where a lead has fewer words
// than six (thinLead is the logarithm of seven), few can be shared. thinLink weakens such a link.
const (
	fewWords = 4
	thinLead = 1.94
	thinLink = 0.1
)

// thin says that too little is shared to speak of one event.
func (l *link) thin() bool {
	return l.shared < fewWords && l.f[LeadShort] >= thinLead
}

// otherFilling weakens what links two fillings of one form.
const otherFilling = 0.1

// rivalry is the CosineNow by which a link outdoes others. Copies and the same outlet outdo nobody.
func (l *link) rivalry() float32 {
	if l.f[SameSource] == 1 || l.f[Contained] > 0.5 {
		return 0
	}
	return float32(l.f[CosineNow])
}

// link compares e with one story that was no candidate.
func (x *Index) link(e, c *entry) link {
	l := x.measure(e, c)
	x.weigh(e, &l)
	return l
}

// measure makes the link from e to c, without its score.
func (x *Index) measure(e, c *entry) link {
	l := link{to: c}
	x.lay(e)
	l.shared = x.desk.measureWords(&l.f, c.open(&x.other))
	x.finish(&l)
	return l
}

// lay puts e on the desk, if it is not there. A story that arrived earlier is weighed by what is known now.
func (x *Index) lay(e *entry) {
	if x.desk.entry != e || x.desk.print.now == nil { // what was restored last lies there unweighed
		p := e.open(new(print))
		p.weigh(x.stats)
		x.desk.lay(e, p)
	}
}

// finish measures the rest of a link whose words are measured, and says whether it makes a copy.
func (x *Index) finish(l *link) {
	p := l.to.open(&x.other)
	x.desk.measureRest(&l.f, p)
	l.copy, l.exact = x.isCopy(x.desk.print, p, &l.f)
}

// weigh scores a link whose stories are measured.
func (x *Index) weigh(e *entry, l *link) {
	l.f[AgainstBest], l.f[AgainstBestOf] = 1, 1
	now := l.f[CosineNow]
	if best := float64(e.best); now < best {
		l.f[AgainstBest] = now / best
	}
	if best := float64(l.to.best); now < best {
		l.f[AgainstBestOf] = now / best
	}
	x.raise(l.to, l.rivalry())
	l.score = x.opt.Scorer.Score(&l.f)
	l.alike = likeness(&l.f, l.score)
	if l.f[SameSource] == 1 {
		l.score *= sameOutlet
	}
	if l.f[LeadLong] == 0 {
		l.score = shift(l.score, loneHeadline)
	}
	if filledIn(&l.f) {
		l.score *= otherFilling
	}
	if l.thin() {
		l.score *= thinLink
	}
	if l.copy {
		l.score = max(l.score, l.f[Contained], l.f[Jaccard])
	}
	if l.exact {
		l.score = 1
	}
	if l.copy {
		l.alike = max(l.alike, l.score)
	}
	if x.opt.Trace != nil {
		x.opt.Trace(e.id, l.to.id, &l.f, l.score)
	}
}
