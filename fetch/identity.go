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
