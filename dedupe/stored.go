package dedupe

import (
	"encoding/binary"
	"math"
	"strings"

	"github.com/zeebo/xxh3"
)

// printVersion is part of every stored fingerprint's seal. Raise it whenever the reading of texts or the
// form below changes: fingerprints of another version are not used, and their texts are read again.
// TestStoredPrintIsTheOneOfItsVersion fails when that was forgotten.
const printVersion = 4

// stored is what is kept of a story in [Decision.Print]: its fingerprint with the weights of its arrival,
// and what its arrival did to others, so that an index filled with it goes on as if it had never stopped.
//
// The form, integers little endian: the seal; at; url, whole; signs, title, lead; trigrams; the keys with
// tf and w beside them; norm[ofNow]; the shingles, low and how many there were; the pairs of 40 bits, then a bit of each
// that says recurring; the numbers; best; the thread and the vector of the
// group that it began with; the ties. Lists begin with their length.
type stored struct {
	print
	best  float32
	begun followed // what the group that it opened followed
	ties  []tie
}

// tie is what a story's arrival had to do with an older one.
type tie struct {
	to     uint64  // hash of the older story's id
	score  float32 // of the link that is kept for looking again, 0 if none is
	rival  float32 // what the older one's best rose to, 0 if it did not rise
	copied bool    // the link says that the one is a copy of the other
}

// sealSize is the length of the seal: a hash of what follows, of the version and of the aliases, by which
// a fingerprint that is damaged, outdated or read with other aliases is recognised.
const sealSize = 4

// maxStored bounds what is read: the largest fingerprint takes about 2,600 bytes.
const maxStored = 1 << 14

func seal(body []byte, stamp uint64) uint32 { return uint32(xxh3.HashSeed(body, stamp)) }

// stampOf is the seed of the seals of an index with these aliases.
func stampOf(aliases [][]string) uint64 {
	var b strings.Builder
	for _, group := range aliases {
		b.WriteString(strings.Join(group, "\x00"))
		b.WriteByte('\n')
	}
	return xxh3.HashStringSeed(b.String(), printVersion)
}

// encode gives the stored form.
func (s *stored) encode(stamp uint64) []byte {
	b := make([]byte, sealSize, sealSize+190+6*len(s.keys)+2*len(s.shin)+6*len(s.wide)+17*len(s.ties))
	le := binary.LittleEndian
	b = binary.AppendVarint(b, s.at)
	b = le.AppendUint64(le.AppendUint64(b, s.url), s.whole)
	b = append(le.AppendUint16(b, uint16(s.signs)), s.title, s.lead)
	for _, word := range s.tri {
		b = le.AppendUint64(b, word)
	}
	b = appendList(b, s.keys)
	b = le.AppendUint32(append(append(b, s.tf...), s.w...), math.Float32bits(s.norm[ofNow]))
	b = binary.AppendUvarint(b, uint64(len(s.shin)))
	for _, h := range s.shin {
		b = le.AppendUint16(b, h)
	}
	b = binary.AppendUvarint(appendList(b, s.low), uint64(s.total))
	b = appendPairs(b, s.wide)
	b = binary.AppendUvarint(b, uint64(len(s.nums)))
	for _, n := range s.nums {
		b = le.AppendUint32(le.AppendUint32(b, math.Float32bits(n.value)), n.unit)
	}
	b = le.AppendUint32(b, math.Float32bits(s.best))
	b = append(binary.AppendUvarint(b, uint64(len(s.begun.thread))), s.begun.thread...)
	b = binary.AppendUvarint(b, uint64(len(s.begun.first)))
	for _, c := range s.begun.first {
		b = le.AppendUint32(le.AppendUint32(b, c.key), math.Float32bits(c.weight))
	}
	b = binary.AppendUvarint(b, uint64(len(s.ties)))
	for _, t := range s.ties {
		b = le.AppendUint64(b, t.to)
		b = le.AppendUint32(le.AppendUint32(b, math.Float32bits(t.score)), math.Float32bits(t.rival))
		b = append(b, uint8(flag(t.copied)))
	}
	le.PutUint32(b, seal(b[sealSize:], stamp))
	return b
}

func appendList(b []byte, list []uint32) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, v := range list {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// appendPairs writes the 40 bits of each pair, then the bits that say which recur.
func appendPairs(b []byte, wide []uint64) []byte {
	b = binary.AppendUvarint(b, uint64(len(wide)))
	for _, w := range wide {
		b = append(b, uint8(w), uint8(w>>8), uint8(w>>16), uint8(w>>24), uint8(w>>32))
	}
	var again uint64 // maxPairs is 64
	for i, w := range wide {
		again |= w >> pairBits << i
	}
	for i := 0; i < len(wide); i += 8 {
		b = append(b, uint8(again>>i))
	}
	return b
}

// decode reads the stored form; ok is false, and s of no use, when b is not what encode with the same
// stamp has written.
func (s *stored) decode(b []byte, stamp uint64) (ok bool) {
	if len(b) < sealSize || len(b) > maxStored || binary.LittleEndian.Uint32(b) != seal(b[sealSize:], stamp) {
		return false
	}
	r := byteReader{left: b[sealSize:]}
	*s = stored{}
	s.at = r.varint()
	s.url, s.whole = r.uint64(), r.uint64()
	s.signs, s.title, s.lead = signs(r.uint16()), r.uint8(), r.uint8()
	for i := range s.tri {
		s.tri[i] = r.uint64()
	}
	s.keys = r.list(maxKeys)
	n := len(s.keys)
	s.tf, s.w = r.bytes(n), r.bytes(n)
	now := r.float()
	s.shin = make([]uint16, r.count(maxShingles))
	for i := range s.shin {
		s.shin[i] = r.uint16()
	}
	s.low, s.total = r.list(shingleTokens), uint16(min(r.uvarint(), math.MaxUint16))
	s.wide = r.pairs()
	s.nums = make([]num, r.count(maxNums))
	for i := range s.nums {
		s.nums[i] = num{value: r.float(), unit: r.uint32()}
	}
	s.best, s.begun = r.float(), r.followed()
	s.ties = make([]tie, r.count(maxTies))
	for i := range s.ties {
		s.ties[i] = tie{to: r.uint64(), score: r.float(), rival: r.float(), copied: r.uint8() != 0}
	}
	if r.failed || len(r.left) > 0 {
		return false
	}
	s.limit()
	s.norms()
	s.norm[ofNow] = now
	s.narrow()
	return true
}

// followed reads what a group followed.
func (r *byteReader) followed() followed {
	f := followed{thread: string(r.bytes(r.count(maxStored)))}
	if n := r.count(threadWords); n > 0 {
		f.first = make(vector, n)
	}
	for i := range f.first {
		f.first[i] = component{key: r.uint32(), weight: r.float()}
	}
	return f
}

// byteReader takes bytes off the front of left. After the first fault it gives zeros.
type byteReader struct {
	left   []byte
	failed bool
}

// bytes gives the next n bytes, nil once there are not so many.
func (r *byteReader) bytes(n int) []byte {
	if n > len(r.left) {
		r.left, r.failed = nil, true
		return nil
	}
	b := r.left[:n]
	r.left = r.left[n:]
	return b
}

func (r *byteReader) uint8() uint8 {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *byteReader) uint16() uint16 {
	if b := r.bytes(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (r *byteReader) uint32() uint32 {
	if b := r.bytes(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *byteReader) uint64() uint64 {
	if b := r.bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *byteReader) float() float32 { return math.Float32frombits(r.uint32()) }

func (r *byteReader) varint() int64 {
	v, n := binary.Varint(r.left)
	r.bytes(r.size(n))
	return v
}

func (r *byteReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.left)
	r.bytes(r.size(n))
	return v
}

// size is how many bytes a varint took, or, where there was none, more than are left.
func (r *byteReader) size(n int) int {
	if n <= 0 {
		return len(r.left) + 1
	}
	return n
}

// count reads the length of a list that has at most so many.
func (r *byteReader) count(atMost uint64) int {
	n := r.uvarint()
	if n > atMost {
		r.left, r.failed = nil, true
		return 0
	}
	return int(n)
}

func (r *byteReader) list(atMost uint64) []uint32 {
	b := r.bytes(4 * r.count(atMost))
	list := make([]uint32, len(b)/4)
	for i := range list {
		list[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return list
}

// pairs reads what appendPairs wrote.
func (r *byteReader) pairs() []uint64 {
	wide := make([]uint64, r.count(maxPairs))
	for i := range wide {
		wide[i] = uint64(r.uint32()) | uint64(r.uint8())<<32
	}
	again := r.bytes((len(wide) + 7) / 8)
	for i := range len(again) * 8 {
		if i < len(wide) {
			wide[i] |= uint64(again[i/8]>>(i%8)&1) << pairBits
		}
	}
	return wide
}
