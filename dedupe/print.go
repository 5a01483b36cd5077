package dedupe

import (
	"math"
	"slices"
	"strings"

	"rafid"
	"rafid/arabic"

	"github.com/zeebo/xxh3"
)

// print is the fingerprint of a story: all that comparing needs, without its words.
type print struct {
	facts
	keys  []uint32 // hashes of its telling words, sorted
	tf    []uint8  // beside keys: how often in title, lead and body, packed by packTF
	lone  []uint8  // of one to be compared with, beside the keys that stand in the title: as w
	pairs []uint16 // hashes of adjacent keys in title and lead, sorted; the low bit says recurring
	shin  []uint16 // the upper halves of the smallest hashes of its word-3-shingles, sorted
	nums  []num

	// What only a story that arrives has.
	w    []uint8  // beside keys: their weight at arrival, packed by packWeight
	now  []uint8  // beside keys: their weight by the last hours
	low  []uint32 // the shingleTokens smallest shingle hashes, whole
	wide []uint64 // the pairs as days counts them, see pairHash
}

// facts are what a fingerprint has besides lists.
type facts struct {
	at     int64      // publication, Unix seconds
	url    uint64     // hash of the canonical URL, 0 when it has none
	whole  uint64     // hash of the folded words, title and text
	tri    [8]uint64  // which of 512 hashes the title's letter trigrams have
	norm   [5]float32 // of the vectors ofAll…, by the weights at arrival
	sum    [2]float32 // of the weights of the title's keys, and of title and lead
	recur  float32    // share of its pairs that recur
	source uint32     // hash of the outlet's id
	cap    uint16     // every shingle's upper half ≤ cap is in shin
	total  uint16     // how many shingles there were
	signs  signs
	title  uint8 // telling words in the title
	lead   uint8 // telling words in the lead, at most 255
}

// num is a number with what it counts.
type num struct {
	value float32
	unit  uint32 // key of the next telling word, 0 at the end
}

const (
	maxShingles = 64  // all of a title with summary; of longer texts a sample that estimates within ±.06
	maxKeys     = 120 // heaviest in order of appearance; a title with summary has 30–40
	maxNums     = 8
	maxPairs    = 64
)

// reader makes fingerprints.
type reader struct {
	lexicon     *arabic.Lexicon
	boilerplate *Boilerplate
}

// outletOf names whose voice a story is: the outlet, or, where it is not known, the source.
func outletOf(s rafid.Story) string {
	if s.Outlet != "" {
		return s.Outlet
	}
	return s.Source
}

// unknown is the publication of a story without any date.
const unknown int64 = math.MinInt64

func hash64(s string) uint64 { return xxh3.HashString(s) }

func hash32(s string) uint32 { return uint32(hash64(s)) }

// read makes the fingerprint of s, and with learn counts its lines for the source's boilerplate. The weights are filled in by [Index].
func (r *reader) read(s rafid.Story, learn bool) *print {
	t := r.text(s, learn)
	p := &print{facts: facts{at: unknown, source: hash32(outletOf(s))}}
	switch {
	case !s.Published.IsZero():
		p.at = s.Published.Unix()
	case !s.FirstSeen.IsZero():
		p.at = s.FirstSeen.Unix()
	}
	if s.URL != "" {
		p.url = xxh3.HashString(s.URL)
	}
	titleWords, titleTerms := r.lexicon.Read(t.title)
	leadWords, leadTerms := r.lexicon.Read(t.lead)
	bodyWords, bodyTerms := r.lexicon.Read(t.body)
	p.whole = wholeHash(titleWords, leadWords, bodyWords)
	p.shingle(titleWords, append(leadWords, bodyWords...))
	p.count(titleTerms, leadTerms, bodyTerms)
	p.trigrams(titleWords)
	p.numbers(titleTerms, leadTerms)
	p.adjacent(titleTerms, leadTerms)
	p.title, p.lead = uint8(min(len(titleTerms), 255)), uint8(min(len(leadTerms), 255))
	p.signs = signsOf(titleWords)
	return p
}

func wholeHash(parts ...[]string) uint64 {
	var b strings.Builder
	for _, words := range parts {
		for _, w := range words {
			b.WriteString(w)
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return xxh3.HashString(b.String())
}

// shingle fills in the hashes of three words in a row. The title is a text of its own, as copies carry
// other headlines; it counts only where there is nothing else.
func (p *print) shingle(title, text []string) {
	words := text
	if len(words) < 6 {
		words = append(slices.Clone(title), text...)
	}
	if len(words) < 3 {
		return
	}
	hashes := make([]uint32, 0, len(words)-2)
	for i := range len(words) - 2 {
		hashes = append(hashes, triple(words[i], words[i+1], words[i+2]))
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	p.total = uint16(min(len(hashes), math.MaxUint16))
	p.low = hashes[:min(len(hashes), shingleTokens)]
	p.shin = make([]uint16, min(len(hashes), maxShingles))
	for i := range p.shin {
		p.shin[i] = uint16(hashes[i] >> 16)
	}
	p.limit()
}

// limit fills in cap.
func (p *print) limit() {
	switch {
	case len(p.shin) == 0:
		p.cap = 0
	case int(p.total) > len(p.shin):
		p.cap = p.shin[len(p.shin)-1]
	default:
		p.cap = math.MaxUint16
	}
}

func triple(a, b, c string) uint32 {
	h := xxh3.HashString(a)
	h = h*0x9E3779B97F4A7C15 + xxh3.HashString(b)
	h = h*0x9E3779B97F4A7C15 + xxh3.HashString(c)
	return mix(h)
}

// mix spreads the bits of h and keeps 32 of them (the finaliser of MurmurHash3, Appleby 2011).
func mix(h uint64) uint32 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	return uint32(h)
}

// packTF and its inverses hold how often a key stands in each part, capped.
func packTF(title, lead, body int) uint8 {
	return uint8(min(title, 3)<<6 | min(lead, 7)<<3 | min(body, 7))
}

func inTitle(tf uint8) float32 { return float32(tf >> 6) }
func inLead(tf uint8) float32  { return float32(tf >> 3 & 7) }
func inBody(tf uint8) float32  { return float32(tf & 7) }

// count fills in the keys and where they stand.
func (p *print) count(title, lead, body []arabic.Term) {
	type counts struct{ part [3]int }
	seen := make(map[uint32]*counts, len(title)+len(lead)+len(body))
	for i, part := range [][]arabic.Term{title, lead, body} {
		for _, t := range part {
			k := hash32(t.Key)
			c := seen[k]
			if c == nil {
				if len(seen) >= maxKeys {
					continue
				}
				c = &counts{}
				seen[k] = c
				p.keys = append(p.keys, k)
			}
			c.part[i]++
		}
	}
	slices.Sort(p.keys)
	p.tf = make([]uint8, len(p.keys))
	for i, k := range p.keys {
		c := seen[k].part
		p.tf[i] = packTF(c[0], c[1], c[2])
	}
}

// trigrams fills in the letter trigrams of the title, spaces included, at most 96 of them. Two of a
// headline's forty share one of 512 places often enough to blur the likeness by a few hundredths, and
// 64 bytes compare in no time.
func (p *print) trigrams(words []string) {
	runes := []rune(" " + strings.Join(words, " ") + " ")
	if len(runes) < 5 {
		return
	}
	for i := range min(len(runes)-2, 96) {
		h := mix((uint64(runes[i])<<42 ^ uint64(runes[i+1])<<21 ^ uint64(runes[i+2])) * 0x9E3779B97F4A7C15)
		p.tri[h>>6&7] |= 1 << (h & 63)
	}
}

func (p *print) numbers(parts ...[]arabic.Term) {
	for _, terms := range parts {
		for i, t := range terms {
			if !t.Number || len(p.nums) == maxNums {
				continue
			}
			n := num{value: parseFigure(t.Key)}
			if i+1 < len(terms) {
				n.unit = hash32(terms[i+1].Key)
			}
			if !slices.Contains(p.nums, n) {
				p.nums = append(p.nums, n)
			}
		}
	}
}

// adjacent fills in the pairs of neighbouring keys.
func (p *print) adjacent(parts ...[]arabic.Term) {
	for _, terms := range parts {
		for i := range len(terms) - 1 {
			if len(p.wide) == maxPairs {
				break
			}
			p.wide = append(p.wide, pairHash(terms[i], terms[i+1]))
		}
	}
	slices.Sort(p.wide)
	p.wide = slices.Compact(p.wide)
}

// mark marks the pairs that recur.
func (p *print) mark(recurs func(pair uint64) bool) {
	for i, w := range p.wide {
		if recurs(w) {
			p.wide[i] |= 1 << pairBits
		}
	}
}

// narrow fills in pairs from wide: 15 bits of each and whether it recurs.
func (p *print) narrow() {
	again := uint64(0)
	p.pairs = make([]uint16, len(p.wide))
	for i, w := range p.wide {
		p.pairs[i] = uint16(w)&^1 | uint16(w>>pairBits)
		again += w >> pairBits
	}
	slices.Sort(p.pairs)
	p.recur = float32(ratio(float64(again), float64(len(p.wide))))
}

// pairBits is how many bits a pair's hash has: two places among the days' cells. The bit above says that
// the pair recurs.
const pairBits = 2 * dayBits

// pairHash hashes two neighbours. Numbers count as "some number": a template's figures change daily.
func pairHash(a, b arabic.Term) uint64 {
	h := uint64(maskedHash(a))*0x9E3779B97F4A7C15 + uint64(maskedHash(b))
	return uint64(mix(h)%dayCells)<<dayBits | uint64(mix(h*0xC2B2AE3D27D4EB4F)%dayCells)
}

func maskedHash(t arabic.Term) uint32 {
	if t.Number {
		return 1
	}
	return hash32(t.Key)
}
