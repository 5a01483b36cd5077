package output

import (
	"sync"

	"github.com/zeebo/xxh3"

	"rafid"
	"rafid/arabic"
)

// wordIndex remembers the keys of entries that were looked through. The zero index is ready.
type wordIndex struct {
	mu      sync.Mutex
	entries map[string]wordEntry
}

// wordEntry is the keys of an entry as it was.
type wordEntry struct {
	version uint64
	keys    map[string]bool
}

// of gives the keys of all headlines and texts of an entry.
func (x *wordIndex) of(e rafid.Entry) map[string]bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	version := versionOf(e)
	if known, ok := x.entries[e.Group.ID]; ok && known.version == version {
		return known.keys
	}
	keys := make(map[string]bool)
	for _, s := range e.Stories {
		for _, t := range arabic.Terms(s.Title + "\n" + s.Summary) {
			keys[t.Key] = true
		}
	}
	if x.entries == nil || len(x.entries) >= 2*mostScanned {
		x.entries = make(map[string]wordEntry)
	}
	x.entries[e.Group.ID] = wordEntry{version, keys}
	return keys
}

// versionOf tells two states of an entry apart: other stories, or revised ones. Stories may leave a group while
// others come, so that their number says nothing.
func versionOf(e rafid.Entry) uint64 {
	var v uint64
	for _, s := range e.Stories {
		v = v*31 + xxh3.HashString(s.ID) ^ uint64(s.Revised.UnixNano())
	}
	return v
}
