package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rafid"
	"rafid/cmd/internal/newsroom"
	"rafid/cmd/internal/sqlite"
)

// program gives the path of the real program: the test binary under the name rafid.
func program(t testing.TB, name string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// places is what a store has published: each story's group and each group's opening story, by id, and
// the story of each item.
type places struct {
	group map[string]string // by story
	title map[string]string // by group
	story map[string]string // by source and guid
}

func placesIn(t *testing.T, path string) places {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatalf("the store does not open after a kill: %v", err)
	}
	defer db.Close()
	p := places{map[string]string{}, map[string]string{}, map[string]string{}}
	entries, err := db.Entries(t.Context(), rafid.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		p.title[e.Group.ID] = e.Group.Title
		if len(e.Stories) == 0 {
			t.Errorf("group %s has no story", e.Group.ID)
		}
		for _, s := range e.Stories {
			p.group[s.ID] = e.Group.ID
			key := s.Source + " " + s.GUID
			if other, twice := p.story[key]; twice && other != s.ID && s.GUID != "" {
				t.Errorf("item %s is stored as %s and as %s", key, other, s.ID)
			}
			p.story[key] = s.ID
		}
	}
	return p
}

// keeps says what of the earlier places is not so any more.
func (p places) keeps(t *testing.T, earlier places) {
	t.Helper()
	for story, group := range earlier.group {
		if now := p.group[story]; now != group {
			t.Errorf("story %s was in group %s, is now in %q", story, group, now)
		}
	}
	for group, title := range earlier.title {
		if now := p.title[group]; now != title {
			t.Errorf("group %s was titled %q, is now %q", group, title, now)
		}
	}
}

// Killed at 200 random instants while the newsroom publishes, the program loses nothing, doubles nothing
// and changes no id.
func TestKilledAtRandomInstants(t *testing.T) {
	slow(t)
	t.Parallel()
	const kills = 200
	start := time.Now()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	// A world ten times as fast: every run meets something new.
	room, err := newsroom.Open(t.Context(), newsroom.Options{Start: start, Speed: 10})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := room.Close(); err != nil {
			t.Error(err)
		}
	}()
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), strings.ReplaceAll(room.FeedsYAML(""), "every: 2s", "every: 1s"))
	data, out := filepath.Join(dir, "data"), filepath.Join(dir, "public")
	exe := program(t, "rafid")
	var before places
	for i := range kills {
		args := []string{"run", "--config", cfg, "--data", data, "--listen", "127.0.0.1:0", "--admin", ""}
		if i%4 == 3 {
			args = []string{"once", "--config", cfg, "--data", data, "--out", out}
		}
		killAfter(t, time.Duration(random.Int64N(int64(700*time.Millisecond))), exe, args...)
		if i%20 == 19 {
			now := placesIn(t, filepath.Join(data, "rafid.db"))
			now.keeps(t, before)
			before = now
			wholeFiles(t, out)
		}
	}
	published := room.Truth()
	if r := execute(t.Context(), t, "once", "--config", cfg, "--data", data, "--out", out); r.code != 0 {
		t.Fatalf("the run after the kills: %s%s", r.stdout, r.stderr)
	}
	after := placesIn(t, filepath.Join(data, "rafid.db"))
	after.keeps(t, before)
	wholeFiles(t, out)
	nothingLost(t, start, published, after)
	t.Logf("%d kills, %d items published, %d stories in %d groups", kills, len(published), len(after.group), len(after.title))
}

// killAfter starts the program and kills it, unless it ends before.
func killAfter(t *testing.T, after time.Duration, exe string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	cmd := exec.CommandContext(ctx, exe, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGKILL) }
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && ctx.Err() == nil {
		t.Fatal(err)
	}
	if strings.Contains(string(out), "panic") || strings.Contains(string(out), "level=ERROR") {
		t.Errorf("%v said:\n%s", args, out)
	}
}

// wholeFiles: a file that a kill cut short has no end; one not yet in place has a name of its own.
func wholeFiles(t *testing.T, out string) {
	t.Helper()
	ends := map[string]string{".atom": "</feed>", ".rss": "</rss>", ".html": "</html>", ".opml": "</opml>", ".xml": ">", ".json": "}"}
	for path := range tree(t, out) {
		end, ok := ends[filepath.Ext(path)]
		if !ok || strings.HasPrefix(filepath.Base(path), ".") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(out, path))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(strings.TrimSpace(string(b)), end) {
			t.Errorf("%s does not end in %s", path, end)
		}
	}
}

// nothingLost holds what was stored against what the newsroom published: what stood in a feed at the last
// fetch is there.
func nothingLost(t *testing.T, start time.Time, published []newsroom.TruthItem, p places) {
	t.Helper()
	lost := 0
	for _, item := range published {
		if _, ok := p.story[item.Outlet+" "+item.GUID]; !ok && item.GUID != "" && !item.At.Before(start) {
			lost++
			t.Logf("lost: %s of %s, first published at %v", item.GUID, item.Outlet, item.At)
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d items are lost", lost, len(published))
	}
}
