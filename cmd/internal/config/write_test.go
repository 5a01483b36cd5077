package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"rafid/cmd/internal/config"
)

const short = "sources:\n  nahr: https://nahr.example/rss   # ours\n"

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "feeds.yaml"), filepath.Join(dir, "link.yaml")
	if err := os.WriteFile(path, []byte(short), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("feeds.yaml", link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	for _, want := range []bool{true, false} {
		changed, err := config.Write(link, config.KeepApart("a", "b"))
		if err != nil || changed != want {
			t.Errorf("changed %v, %v; want %v", changed, err, want)
		}
	}
	text, err := os.ReadFile(path)
	if want := short + "\ndedupe:\n  keep_apart:\n    - [a, b]\n"; err != nil || string(text) != want {
		t.Errorf("%q, %v", text, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestWriteDoesNotOverwriteOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "feeds.yaml")
	if err := os.WriteFile(path, []byte(short), 0o600); err != nil {
		t.Fatal(err)
	}
	theirs := short + "# theirs\n"
	_, err := config.Write(path, func(data []byte) ([]byte, error) {
		return append(data, "# ours\n"...), os.WriteFile(path, []byte(theirs), 0o600)
	})
	if !errors.Is(err, config.ErrChanged) {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != theirs {
		t.Errorf("%q, %v", text, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if _, err := config.Write(filepath.Join(dir, "absent.yaml"), config.KeepApart("a", "b")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
