package fetch

import (
	"maps"
	"sync"
	"time"

	"github.com/zeebo/xxh3"

	"rafid"
	"rafid/arabic"
)

// trait is what must be remembered of an item that is not read again, to tell whether another item of
// the document goes by the same guid.
type trait struct{ guid, link, title uint64 }

// knownItems are the items of a document by the hash of their bytes.
type knownItems map[uint64]trait

// unknown reads the items that are not known. Of 30 items with 3 new ones it costs a sixth of reading all.
func (k knownItems) unknown(doc []byte, s survey) (*reading, error) {
	if len(k) == 0 {
		r, err := gofeedReads(doc, s)
		if err == nil {
			r.fingerprint(doc, nil)
		}
		return r, err
	}
	skipped := make(knownItems)
	reduced := make([]byte, 0, len(doc)/2)
	from := 0
	for _, at := range s.items {
		h := xxh3.Hash(doc[at.start:at.end])
		t, ok := k[h]
		if !ok {
			continue
		}
		skipped[h] = t
		reduced = append(reduced, doc[from:at.start]...)
		from = at.end
	}
	reduced = append(reduced, doc[from:]...)
	part, err := look(reduced)
	if err != nil {
		return nil, err
	}
	r, err := gofeedReads(reduced, part)
	if err == nil {
		r.fingerprint(reduced, skipped)
	}
	return r, err
}

// fingerprint notes what is to be known of the items next time. Where gofeed and the survey count
// different items, nothing is.
func (r *reading) fingerprint(doc []byte, skipped knownItems) {
	r.print = make(knownItems, len(r.items)+len(skipped))
	for h, t := range skipped {
		r.print[h] = t
		r.skipped = append(r.skipped, t)
	}
	for i := range r.items {
		it := &r.items[i]
		if it.raw.end == 0 {
			r.print = nil
			return
		}
		r.print[xxh3.Hash(doc[it.raw.start:it.raw.end])] = it.trait()
	}
}

func (it *item) trait() trait {
	return trait{xxh3.HashString(it.id), xxh3.HashString(it.link), xxh3.HashString(it.title.value)}
}

// memory keeps the known items of each source while the program runs. They count only as long as the
// store remembers the very document they stand in: a pass that was not saved is read again.
type memory struct {
	mu     sync.Mutex
	source map[string]remembered
}

type remembered struct {
	body  string // hash of the document
	items knownItems
	names names
}

// names are the ids of a source's stories by what tells an item when its guid does not: a feed that gives
// all its items new guids, or new addresses, has nothing new to tell.
type names map[uint64]string

// maxNames bounds what is remembered of one source.
const maxNames = 2 * maxItems

// named is the id of a story: the one that the same article went by before, if it did. It is the same
// article when address and headline are, or headline and day where the feed gives no guid.
func (t *teller) named(id string, s *rafid.Story, shared sharing) string {
	if t.names == nil || shared != 0 {
		return id
	}
	title := arabic.FoldKey(s.Title)
	keys := make([]uint64, 0, 2)
	if s.URL != "" {
		keys = append(keys, xxh3.HashString("url\x00"+s.URL+"\x00"+title))
	}
	if s.GUID == "" && !s.Inferred {
		keys = append(keys, xxh3.HashString("day\x00"+s.Published.Format(time.DateOnly)+"\x00"+title))
	}
	for _, k := range keys {
		if old, ok := t.names[k]; ok {
			id = old
			break
		}
	}
	for _, k := range keys {
		t.names[k] = id
	}
	return id
}

// recall gives what is known of a source, with names that may be added to.
func (m *memory) recall(source, body string) (knownItems, names) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.source[source]; body != "" && r.body == body && len(r.names) < maxNames {
		return r.items, maps.Clone(r.names)
	}
	return nil, make(names)
}

func (m *memory) keep(source, body string, items knownItems, n names) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.source == nil {
		m.source = make(map[string]remembered)
	}
	if items == nil {
		delete(m.source, source)
		return
	}
	m.source[source] = remembered{body, items, n}
}
