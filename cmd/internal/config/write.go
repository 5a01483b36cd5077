package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrChanged says that somebody else wrote the file while it was being edited. Trying again is safe.
var ErrChanged = errors.New("the file has changed in the meantime")

// Write applies an edit to the file at path and says whether it changed. The new text is on the disk
// before it takes the old one's place, in one step: a crash leaves the old file or the new one. The
// file's permissions stay, and a symbolic link stays a link.
func Write(path string, edit Edit) (changed bool, err error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false, err
	}
	old, err := read(real)
	if err != nil {
		return false, err
	}
	text, err := edit(old)
	if err != nil || bytes.Equal(text, old) {
		return false, err
	}
	info, err := os.Stat(real)
	if err != nil {
		return false, err
	}
	temp, err := writeTemp(real, text, info.Mode().Perm())
	if err != nil {
		return false, err
	}
	if now, err := read(real); err != nil || !bytes.Equal(now, old) {
		return false, errors.Join(fmt.Errorf("%s: %w", path, ErrChanged), err, os.Remove(temp))
	}
	if err := os.Rename(temp, real); err != nil {
		return false, errors.Join(err, os.Remove(temp))
	}
	return true, syncDir(filepath.Dir(real))
}

// writeTemp writes text beside path, flushed to the disk.
func writeTemp(path string, text []byte, mode fs.FileMode) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := f.Chmod(mode); err != nil {
		return "", err
	}
	if _, err := f.Write(text); err != nil {
		return "", err
	}
	return f.Name(), f.Sync()
}

// syncDir makes a rename in dir last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
