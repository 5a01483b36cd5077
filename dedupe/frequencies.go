package dedupe

import (
	_ "embed"
	"encoding/binary"
	"math"
	"sort"
)

// frequencyTable says in what share of news stories a key stands, so that a cold start and a comparison
// of two lone stories weigh words as a full index would: a count, that many key hashes in rising order,
// then a byte of each. It is written by cmd/internal/train-link; NOTICE names the texts it was counted in.
//
//go:embed frequencies.bin
var frequencyTable []byte

// The share in a byte is 2^(-byte/shareStep): from all stories down to one of 2³².
const shareStep = 8

// shippedShare is the share of stories in which a key stands, 0 for one that the table does not have.
func shippedShare(key uint32) float64 {
	if len(frequencyTable) < 4 {
		return 0
	}
	n := int(binary.LittleEndian.Uint32(frequencyTable))
	keys := frequencyTable[4:]
	i := sort.Search(n, func(i int) bool { return binary.LittleEndian.Uint32(keys[4*i:]) >= key })
	if i == n || binary.LittleEndian.Uint32(keys[4*i:]) != key {
		return 0
	}
	return math.Exp2(-float64(keys[4*n+i]) / shareStep)
}

// PackFrequencies makes the table that ships: shares by key hash, 0 < share ≤ 1.
func PackFrequencies(share map[uint32]float64) []byte {
	keys := make([]uint32, 0, len(share))
	for k := range share {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	table := binary.LittleEndian.AppendUint32(nil, uint32(len(keys)))
	for _, k := range keys {
		table = binary.LittleEndian.AppendUint32(table, k)
	}
	for _, k := range keys {
		table = append(table, uint8(min(math.Round(-shareStep*math.Log2(share[k])), 255)))
	}
	return table
}

// KeyHash is how a key is named in the frequency table.
func KeyHash(key string) uint32 { return hash32(key) }
