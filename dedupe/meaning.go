package dedupe

import (
	_ "embed"
	"encoding/binary"
	"math"
	"sort"
)

// meaningTable says which words stand for alike things: vectors of keys, learnt from what they stand near in
// news texts. A count, that many key hashes in rising order, then MeaningSize signed bytes of each, all of one
// length. It is written by cmd/internal/train-link -meanings; NOTICE names the texts.
//
//go:embed meanings.bin
var meaningTable []byte

// MeaningSize is how many coordinates a word has. On headline pairs 32 and 64 did no better.
const MeaningSize = 48

// meaning is a sum of word vectors.
type meaning [MeaningSize]float32

// meaningOf gives the vector of a key, nil for one that the table does not have.
func meaningOf(key uint32) []byte {
	if len(meaningTable) < 4 {
		return nil
	}
	n := int(binary.LittleEndian.Uint32(meaningTable))
	keys := meaningTable[4:]
	i := sort.Search(n, func(i int) bool { return binary.LittleEndian.Uint32(keys[4*i:]) >= key })
	if i == n || binary.LittleEndian.Uint32(keys[4*i:]) != key {
		return nil
	}
	return keys[4*n+MeaningSize*i:][:MeaningSize]
}

// add adds a word's vector with its weight.
func (m *meaning) add(vector []byte, weight float32) {
	for d, v := range vector {
		m[d] += weight * float32(int8(v))
	}
}

// cosine is how near two meanings are, 0 where one of them is nothing.
func (m *meaning) cosine(o *meaning) float64 {
	var dot, mm, oo float32
	for d, v := range m {
		dot += v * o[d]
		mm += v * v
		oo += o[d] * o[d]
	}
	if mm == 0 || oo == 0 {
		return 0
	}
	return float64(dot) / math.Sqrt(float64(mm)*float64(oo))
}

// measureMeaning compares what the words of two lone headlines stand for: all of them, and those that only
// one has. Where there are texts it tells nothing that their words do not, so nothing is kept of it with a
// story.
func measureMeaning(f *Features, a, b *print) {
	if a.lead > 0 || b.lead > 0 {
		return
	}
	wholeA, restA := headlineMeaning(a, b)
	wholeB, restB := headlineMeaning(b, a)
	f[MeaningTitle] = wholeA.cosine(&wholeB)
	f[MeaningRest] = restA.cosine(&restB)
}

// headlineMeaning is the meaning of p's headline and of its words that o's headline lacks.
func headlineMeaning(p, o *print) (whole, rest meaning) {
	titled, j := 0, 0
	for i, key := range p.keys {
		if inTitle(p.tf[i]) == 0 {
			continue
		}
		w := p.titleWeight(i, titled)
		titled++
		vector := meaningOf(key)
		whole.add(vector, w)
		for j < len(o.keys) && o.keys[j] < key {
			j++
		}
		if j == len(o.keys) || o.keys[j] != key {
			rest.add(vector, w)
		}
	}
	return whole, rest
}

// titleWeight is the weight of the key at i, which is the n-th of the title.
func (p *print) titleWeight(i, n int) float32 {
	if p.w != nil {
		return weight(p.w[i])
	}
	return weight(p.lone[n])
}

// PackMeanings makes the table that ships: by key hash a vector of MeaningSize coordinates, brought to one
// length.
func PackMeanings(keys []uint32, vectors []float32) []byte {
	table := binary.LittleEndian.AppendUint32(nil, uint32(len(keys)))
	for _, k := range keys {
		table = binary.LittleEndian.AppendUint32(table, k)
	}
	for i := range keys {
		vector := vectors[MeaningSize*i:][:MeaningSize]
		square := 0.0
		for _, v := range vector {
			square += float64(v) * float64(v)
		}
		for _, v := range vector {
			unit := float64(v) / math.Sqrt(max(square, 1e-12))
			table = append(table, byte(int8(math.Round(math.MaxInt8*min(max(unit, -1), 1)))))
		}
	}
	return table
}
