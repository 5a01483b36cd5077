package fetch

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"rafid"
	"rafid/arabic"
)

// idLetters is how long a story's id is: 128 bits in base32.
const idLetters = 26

// storyID derives a story's id from its source and from what the source knows it by. Both are hashed
// together, so that two sources that number their items alike do not collide.
func storyID(source, identity string) string {
	sum := sha256.Sum256([]byte(source + "\x00" + identity))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))[:idLetters]
}

// identity is what a source knows an item by: its guid, else its canonical address, else headline and
// day. A guid that is an address counts in canonical form: a site that moves to https or adds tracking
// renames nothing.
func identity(guid, address, title string, published time.Time) string {
	if guid = strings.TrimSpace(guid); guid != "" {
		return "guid:" + cmp.Or(canonical(guid), guid)
	}
	if address != "" {
		return "url:" + address
	}
	day := ""
	if !published.IsZero() {
		day = published.UTC().Format(time.DateOnly)
	}
	return "title:" + arabic.FoldKey(title) + "\x00" + day
}

// contentHash covers everything that readers see of a story. Dates are left out: a feed that bumps them
// has edited nothing.
func contentHash(s *rafid.Story) string {
	h := xxh3.New()
	for _, part := range append([]string{s.Title, s.Summary, s.Content, s.Author, s.Link, s.Image.URL, s.Image.Caption, s.Lang}, s.Labels...) {
		_, _ = h.WriteString(part) // never fails
		_, _ = h.Write([]byte{0})
	}
	sum := h.Sum128().Bytes()
	return hex.EncodeToString(sum[:])
}

// bodyHash tells whether a document is the one read last.
func bodyHash(doc []byte) string {
	sum := xxh3.Hash128(doc).Bytes()
	return hex.EncodeToString(sum[:])
}

// name gives the drafts their ids. known are the items of the document that were not read again.
func (t *teller) name(drafts []draft, known knownItems) {
	for i := range drafts {
		d := &drafts[i]
		d.clues = cluesOf("", d.story)
		d.shared |= t.ledger.shared(d.clues)
		d.story.ID = t.natural(d)
		d.clues = cluesOf(d.story.ID, d.story)
	}
	if t.ledger == nil {
		return
	}
	claimed := make(map[string]bool, len(drafts)+len(known))
	for _, k := range known {
		claimed[k.story] = true
	}
	t.ledger.settle(drafts, claimed)
}

// natural is the id that a story has by itself: from its guid, else its address, else headline and day.
// A guid that stands for several counts together with what tells them apart.
func (t *teller) natural(d *draft) string {
	s := d.story
	id := identity(s.GUID, s.URL, s.Title, t.dates.read(cmp.Or(d.item.published, d.item.updated)))
	if d.shared != 0 {
		id += "\x00" + s.URL
	}
	if d.shared&byTitle != 0 {
		id += "\x00" + arabic.FoldKey(s.Title)
	}
	return storyID(t.source.ID, id)
}

// sharing says what tells the items of one document apart that go by the same guid.
type sharing uint8

const (
	byLink  sharing = 1 << iota // their links differ
	byTitle                     // even their links are the same
)

// sharedGUIDs says which guids stand for different articles in one document: they tell nothing alone.
func sharedGUIDs(r *reading) map[string]sharing {
	met := make(map[uint64]trait, len(r.items)+len(r.known))
	for _, t := range r.known {
		met[t.guid] = t
	}
	shared := make(map[string]sharing)
	for i := range r.items {
		id := r.items[i].name()
		t := r.items[i].trait()
		switch before, ok := met[t.guid]; {
		case ok && before.link != t.link:
			shared[id] |= byLink
		case ok && before.title != t.title:
			shared[id] |= byTitle
		}
		met[t.guid] = t
	}
	return shared
}

// name is what tells an item of its document: its guid, or its link where it has none.
func (it *item) name() string { return cmp.Or(strings.TrimSpace(it.id), it.link) }
