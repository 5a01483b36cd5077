package category

import (
	"net/url"
	"strings"
	"time"

	"rafid"
	"rafid/arabic"
)

// subject is a story as conditions see it; what is costly is made when first asked for.
type subject struct {
	story          *rafid.Story
	now            time.Time // zero: every story is new
	title, summary text
	decoded        string
}

// text is one of a story's texts in the forms in which it is searched.
type text struct {
	shown    string
	plain    string   // folded; "" until asked for
	key      []string // words of the comparing key; nil until asked for
	keyKnown bool
}

func (t *text) folded() string {
	if t.plain == "" {
		t.plain = arabic.Fold(t.shown)
	}
	return t.plain
}

func (t *text) words() []string {
	if !t.keyKnown {
		t.key, t.keyKnown = strings.Fields(arabic.FoldKey(t.shown)), true
	}
	return t.key
}

func (s *subject) inTitle() *text {
	s.title.shown = s.story.Title
	return &s.title
}

func (s *subject) inSummary() *text {
	s.summary.shown = s.story.Summary
	return &s.summary
}

// age is the time since publication; nothing when either end is unknown.
func (s *subject) age() time.Duration {
	if s.now.IsZero() || s.story.Published.IsZero() {
		return 0
	}
	return s.now.Sub(s.story.Published)
}

// readable is the link with its percent-escapes read, so that a glob may be written in Arabic.
func (s *subject) readable() string {
	if s.decoded == "" {
		s.decoded = s.story.Link
		if plain, err := url.PathUnescape(s.story.Link); err == nil {
			s.decoded = plain
		}
	}
	return s.decoded
}
