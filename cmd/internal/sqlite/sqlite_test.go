package sqlite_test

import (
	"errors"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"rafid"
	"rafid/cmd/internal/sqlite"
	"rafid/cmd/internal/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) func() storetest.Store {
		path := filepath.Join(t.TempDir(), "rafid.db")
		return func() storetest.Store { return open(t, path) }
	})
}

func open(t *testing.T, path string) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestSecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rafid.db")
	first := open(t, path)
	if _, err := sqlite.Open(t.Context(), path); !errors.Is(err, sqlite.ErrInUse) {
		t.Errorf("second Open: %v, want ErrInUse", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

func TestNotADatabase(t *testing.T) {
	t.Parallel()
	if _, err := sqlite.Open(t.Context(), t.TempDir()); err == nil {
		t.Error("a folder was opened as a database")
	}
}

func TestWriteAfterClose(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "with space?.db"))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.SavePass(t.Context(), rafid.Pass{State: rafid.SourceState{Source: "a"}}); !errors.Is(err, sqlite.ErrClosed) {
		t.Errorf("SavePass after Close: %v, want ErrClosed", err)
	}
	if err := db.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

// One job that fails must not take its neighbours in the batch along, nor leave half of itself.
func TestFailedJobIsUndoneAlone(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "rafid.db"))
	s := rafid.Story{ID: "a", Source: "bbc", Categories: []string{"x"}}
	if _, err := db.SavePass(t.Context(), rafid.Pass{State: rafid.SourceState{Source: "bbc"}, Stories: []rafid.Story{s}}); err != nil {
		t.Fatal(err)
	}
	open := rafid.Placement{Member: rafid.Member{Story: "a"}, Group: "g", Opens: true}
	if _, err := db.Place(t.Context(), []rafid.Placement{open}); err != nil {
		t.Fatal(err)
	}
	b := s
	b.ID = "b"
	if _, err := db.SavePass(t.Context(), rafid.Pass{State: rafid.SourceState{Source: "bbc"}, Stories: []rafid.Story{b}}); err != nil {
		t.Fatal(err)
	}
	again := rafid.Placement{Member: rafid.Member{Story: "b"}, Group: "g", Opens: true} // the id is taken
	if _, err := db.Place(t.Context(), []rafid.Placement{again}); err == nil {
		t.Error("a group was opened twice")
	}
	waiting, err := db.Waiting(t.Context(), 9)
	if err != nil || len(waiting) != 1 {
		t.Errorf("waiting %v, %v: want story b, its placement undone whole", waiting, err)
	}
}
