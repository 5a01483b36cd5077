package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rafid/cmd/internal/sqlite"
)

func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.once()
	file := filepath.Join(t.TempDir(), "rafid.db")
	if said := d.run("backup", file); !strings.Contains(said, "rafid restore "+file) {
		t.Errorf("backup said %q", said)
	}
	d.refuses("a second backup to one file", []string{"backup", file}, exitFailed, "name another")
	home := d.wantGroup("before", bridge, bridge, copied)

	d.run("split", copied)
	d.once()
	d.wantGroup("after the split", bridge, bridge)
	d.removeLine("- [")
	d.removeLine("keep_apart")
	d.removeLine("dedupe:")
	said := d.run("restore", file)
	if id := d.wantGroup("restored", bridge, bridge, copied); id != home {
		t.Errorf("restored under %s, want %s", id, home)
	}
	kept, _, _ := strings.Cut(said, ":")
	if _, err := os.Stat(kept); err != nil {
		t.Errorf("the former store is not kept: %v; restore said %q", err, said)
	}
	d.once() // the restored store works on
}

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.once()
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	d.run("backup", good)
	b, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(b)
	for i := len(damaged) / 2; i < len(damaged)*3/4; i++ {
		damaged[i] ^= 0x5a
	}
	for _, row := range []struct{ name, file, text, want string }{
		{"a file that is not there", "none.db", "", "there is no such file"},
		{"a file that is no store", "text.db", strings.Repeat("ليس قاعدة بيانات ", 400), "text.db"},
		{"a store cut in half", "half.db", string(b[:len(b)/2]), "damaged"},
		{"a store with flipped bytes", "flipped.db", string(damaged), "damaged"},
	} {
		path := filepath.Join(dir, row.file)
		if row.text != "" {
			write(t, path, row.text)
		}
		d.refuses(row.name, []string{"restore", path}, exitFailed, row.want)
		d.wantGroup(row.name, bridge, bridge, copied)
	}
	db, err := sqlite.Open(t.Context(), filepath.Join(d.data, "rafid.db"))
	if err != nil {
		t.Fatal(err)
	}
	d.refuses("a store that is in use", []string{"restore", good}, exitFailed, "in use by another rafid")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	d.run("restore", good)
}
