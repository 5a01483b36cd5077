package fetch

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"rafid"
	"rafid/arabic"
)

// ledger holds the ids of a source's stories by all that tells them again: a feed that gives all its items
// new guids, or new addresses, has nothing new to tell. Keys are hashes; the id is empty where a key
// stands for several stories, and so tells nothing.
type ledger map[uint64]string

// tellingWords is the least number of words of a headline that, with the very second of publication,
// tells an article that has got both another guid and another address. Shorter ones are names of columns.
const tellingWords = 4

// clues are the keys of one story; those that it lacks are 0.
type clues struct {
	id     uint64 // what the story would be called by its guid, address or headline alone
	guid   uint64
	item   uint64 // guid and address
	page   uint64 // address and headline
	moment uint64 // headline and second of publication; without a guid, headline and day
	title  uint64 // headline, of items that the feed does not date
}

// cluesOf reads the keys of a story whose natural id is id.
func cluesOf(id string, s *rafid.Story) clues {
	key := func(parts ...string) uint64 { return xxh3.HashString(strings.Join(parts, "\x00")) }
	title := arabic.FoldKey(s.Title)
	telling := strings.Count(title, " ")+1 >= tellingWords
	c := clues{id: key("id", id)}
	if s.GUID != "" {
		guid := cmp.Or(canonical(s.GUID), s.GUID)
		c.guid, c.item = key("guid", guid), key("item", guid, s.URL)
	}
	if s.URL != "" {
		c.page = key("page", s.URL, title)
	}
	switch {
	case s.Inferred && telling:
		c.title = key("title", title)
	case s.Inferred:
	case s.GUID == "":
		c.moment = key("day", s.Published.Format(time.DateOnly), title)
	case telling:
		c.moment = key("at", strconv.FormatInt(s.Published.Unix(), 10), title)
	}
	return c
}

// learn enters a story under its keys. A guid that already stands for another one tells neither any more.
func (l ledger) learn(c clues, id string) {
	for _, k := range [...]uint64{c.id, c.page, c.moment, c.title} {
		if k != 0 && l[k] == "" {
			l[k] = id
		}
	}
	for _, k := range [...]uint64{c.guid, c.item} {
		if old, ok := l[k]; k != 0 && (!ok || old != id) {
			if ok {
				id = ""
			}
			l[k] = id
		}
	}
}

// ledgerOf enters the stories that a store remembers of a source, the oldest first.
func ledgerOf(stories []rafid.Story) ledger {
	l := make(ledger, 4*len(stories))
	for i := range stories {
		l.learn(cluesOf(stories[i].ID, &stories[i]), stories[i].ID)
	}
	return l
}

// shared says whether the guid of a story is known to stand for several.
func (l ledger) shared(c clues) (s sharing) {
	if id, ok := l[c.guid]; ok && id == "" && c.guid != 0 {
		s |= byLink
	}
	if id, ok := l[c.item]; ok && id == "" && c.item != 0 {
		s |= byTitle
	}
	return s
}

// draft is a story whose id is not settled yet.
type draft struct {
	story  *rafid.Story
	item   *item
	clues  clues
	shared sharing
}

// direct gives the id of a story that stands in the ledger by its address and headline, or by its guid.
func (l ledger) direct(d draft) string {
	id := l[d.clues.page]
	if d.shared == byLink {
		id = cmp.Or(id, l[d.clues.item])
	}
	return cmp.Or(id, l[d.clues.id])
}

// renamedShare is the part of a document's items that must be known by their headlines alone, before an
// undated feed counts as renamed as a whole: single headlines come back, whole pages of them do not.
const renamedShare = 0.8

// settle gives each story its id: the one that the same article went by before, if it did. claimed are the
// ids of the items in the document that were not read again; an article still there is not renamed.
func (l ledger) settle(drafts []draft, claimed map[string]bool) {
	var open []draft
	for _, d := range drafts {
		id := l.direct(d)
		if id == "" {
			open = append(open, d)
			continue
		}
		d.story.ID, claimed[id] = id, true
		l.learn(d.clues, id)
	}
	free := func(k uint64) string {
		if id := l[k]; id != "" && !claimed[id] {
			return id
		}
		return ""
	}
	undated := 0
	for _, d := range open {
		if free(d.clues.title) != "" {
			undated++
		}
	}
	renamed := undated > 2 && float64(undated) >= renamedShare*float64(len(open)+len(claimed))
	for _, d := range open {
		id := cmp.Or(l.direct(d), free(d.clues.moment)) // direct: the same page twice in one document
		if id == "" && renamed {
			id = free(d.clues.title)
		}
		d.story.ID = cmp.Or(id, d.story.ID)
		claimed[d.story.ID] = true
		l.learn(d.clues, d.story.ID)
	}
}
