package main

import (
	"path/filepath"
	"testing"
	"time"

	"rafid"
	"rafid/cmd/internal/newsroom"
	"rafid/cmd/internal/sqlite"
)

// The newsroom knows which of its items are the same news. What the program makes of them, from broken
// documents to groups, is held against that: pairs it merged that are not the same, pairs it left apart.
func TestNewsroomIsMergedRight(t *testing.T) {
	t.Parallel()
	now := time.Now()
	r, err := newsroom.Open(t.Context(), newsroom.Options{Start: now.Add(-20 * time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), r.FeedsYAML(""))
	if res := execute(t.Context(), t, "once", "--config", cfg, "--data", filepath.Join(dir, "data")); res.code != 0 {
		t.Fatal(res.stdout, res.stderr)
	}
	event := make(map[string]newsroom.TruthItem) // by outlet and title
	for _, item := range r.Truth() {
		event[item.Outlet+" "+item.GUID] = item
	}
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "data", "rafid.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	entries, err := db.Entries(t.Context(), rafid.Query{})
	if err != nil {
		t.Fatal(err)
	}
	var right, wrong, pairs int
	byEvent := make(map[string]int)
	for _, e := range entries {
		for i, a := range e.Stories {
			ea, ok := event[a.Source+" "+a.GUID]
			if !ok {
				continue
			}
			byEvent[ea.Event]++
			for _, b := range e.Stories[:i] {
				eb, ok := event[b.Source+" "+b.GUID]
				switch {
				case !ok:
				case ea.Event == eb.Event:
					right++
				default:
					wrong++
					t.Logf("wrongly together (%s, %s; %s): %q and %q", ea.Relation, eb.Relation, e.Group.Members[i].Relation, a.Title, b.Title)
				}
			}
		}
	}
	for _, n := range byEvent {
		pairs += n * (n - 1) / 2
	}
	precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(pairs)
	t.Logf("%d groups; pairs: precision %.3f, recall %.3f of %d", len(entries), precision, recall, pairs)
	// Measured .89 to .96 and .83 to .89 over 14 starts: the order of arrival differs from run to run. Real days
	// are measured elsewhere: here a follow-up comes minutes after its story, not hours, and most of what is
	// wrongly together is that.
	if precision < .80 || recall < .75 {
		t.Errorf("precision %.3f, recall %.3f: want at least .80 and .75", precision, recall)
	}
}
