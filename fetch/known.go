package fetch

import (
	"maps"
	"sync"

	"github.com/zeebo/xxh3"
)

// trait is what must be remembered of an item that is not read again, to tell whether another item of
// the document goes by the same guid.
type trait struct {
	guid, link, title uint64
	story             string // the id it went by; empty when it was left out
}

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

// fingerprint notes by what the items are to be known next time. Where gofeed and the survey count
// different items, by nothing.
func (r *reading) fingerprint(doc []byte, skipped knownItems) {
	r.known = skipped
	r.print = true
	for i := range r.items {
		it := &r.items[i]
		if it.raw.end == 0 {
			r.print = false
			return
		}
		it.hash = xxh3.Hash(doc[it.raw.start:it.raw.end])
	}
}

// knownItems are the items of the document, once they are told; nil when they cannot be known again.
func (r *reading) knownItems() knownItems {
	if !r.print {
		return nil
	}
	all := make(knownItems, len(r.items)+len(r.known))
	maps.Copy(all, r.known)
	for i := range r.items {
		all[r.items[i].hash] = r.items[i].trait()
	}
	return all
}

func (it *item) trait() trait {
	return trait{xxh3.HashString(it.name()), xxh3.HashString(it.link), xxh3.HashString(it.title.value), it.story}
}

// memory keeps the known items of each source while the program runs. They count only as long as the
// store remembers the very document they stand in: a pass that was not saved is read again.
type memory struct {
	mu     sync.Mutex
	source map[string]remembered
}

type remembered struct {
	body   string // hash of the document
	items  knownItems
	ledger ledger
}

// maxKeys is how many keys of a source's stories are kept, beside those of the document at hand: five a
// story. What is beyond is forgotten and asked of the store again, which gives fewer: the ledgers of 1,000
// sources take 60 MB when all are as full as they get (measured).
const maxKeys = 1200

// recall gives what is known of a source, with a ledger that may be added to; a nil one when nothing is.
func (m *memory) recall(source, body string) (knownItems, ledger) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.source[source]
	if body == "" || r.body != body {
		return nil, nil
	}
	if len(r.ledger) > maxKeys+8*len(r.items) {
		return r.items, nil
	}
	return r.items, maps.Clone(r.ledger)
}

func (m *memory) keep(source, body string, items knownItems, l ledger) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.source == nil {
		m.source = make(map[string]remembered)
	}
	if items == nil {
		delete(m.source, source)
		return
	}
	m.source[source] = remembered{body, items, l}
}
