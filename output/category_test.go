package output

import (
	"bytes"
	"testing"
)

// TestRemovedCategoryIsNotShown publishes stories that still hold a category which the operator took out: they
// stay in all, and nothing names or links what is not there.
func TestRemovedCategoryIsNotShown(t *testing.T) {
	t.Parallel()
	store := world()
	e := store.entries[0]
	for i := range e.Stories {
		e.Stories[i].Categories = []string{"gone"}
	}
	e.Stories[0].Categories = []string{"gone", "politics"}
	p := publisher(t, worldOptions(), store)
	for _, format := range []string{"atom", "rss", "json"} {
		feed := rendered(t, p, "all", format)
		if !bytes.Contains(feed, []byte(e.Group.ID)) {
			t.Errorf("%s: the story is not in all", format)
		}
		if bytes.Contains(feed, []byte("gone")) {
			t.Errorf("%s names the category that is gone", format)
		}
	}
}
