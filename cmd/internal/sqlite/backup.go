package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// ErrExists is what Backup answers rather than overwrite a file.
var ErrExists = errors.New("there is a file of that name already; name another")

// ErrNoBackup is what Restore answers when there is nothing at the path of the backup.
var ErrNoBackup = errors.New("there is no such file; name one that rafid backup wrote")

// ErrDamaged is what is answered for a store that fails SQLite's check of its own.
var ErrDamaged = errors.New("the store is damaged")

// Backup writes the store as it is at one instant to a new file, while it is being written to. The file is there
// whole or not at all, and smaller than the store: what was deleted takes no room in it.
func (db *DB) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("%s: %w", path, ErrExists), err)
	}
	temp := path + ".partial"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	pool, err := open(db.path, 1, "") // the readers' connections write nowhere
	if err != nil {
		return err
	}
	_, err = pool.ExecContext(ctx, `VACUUM INTO $1`, temp)
	if err = errors.Join(err, pool.Close()); err != nil {
		return errors.Join(fmt.Errorf("backup: %w", err), remove(temp))
	}
	if err := settle(temp); err != nil {
		return errors.Join(err, remove(temp))
	}
	if err := os.Link(temp, path); err != nil { // refuses to overwrite, as rename would not
		return errors.Join(err, remove(temp))
	}
	return errors.Join(remove(temp), settle(filepath.Dir(path)))
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// settle brings a file or folder onto the disk.
func settle(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Check says what SQLite finds wrong with the store, ErrDamaged among it.
func (db *DB) Check(ctx context.Context) error {
	rows, err := db.read.QueryContext(ctx, `PRAGMA integrity_check(20)`)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	said, err := collect(rows, func(scan scanner) (line string, err error) {
		err = scan(&line)
		return line, err
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if len(said) == 1 && said[0] == "ok" {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrDamaged, strings.Join(said, "; "))
}

// Restore puts the backup at from in the place of the store at path, and gives where the former store was moved
// to, empty if there was none. The backup is checked first, the former store is kept, and a store that a process
// has open is refused. Killed at any point, either the former or the restored store is in place, or the former one
// lies beside under the name that is given.
func Restore(ctx context.Context, from, path, aside string) (kept string, err error) {
	if err := check(ctx, from); err != nil {
		return "", fmt.Errorf("backup %s: %w", from, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return "", fmt.Errorf("store %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	temp := path + ".restored"
	if err := copyFile(from, temp); err != nil {
		return "", errors.Join(err, remove(temp))
	}
	if kept, err = setAside(ctx, path, aside); err != nil {
		return "", errors.Join(err, remove(temp))
	}
	if err := os.Rename(temp, path); err != nil {
		return kept, err
	}
	return kept, settle(filepath.Dir(path))
}

// check reads a file that nobody writes to, and leaves it as it is.
func check(ctx context.Context, path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return ErrNoBackup
	}
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?mode=ro&immutable=1")
	if err != nil {
		return err
	}
	db := &DB{read: pool}
	if err = db.Check(ctx); err == nil {
		err = db.sameVersion(ctx)
	}
	return errors.Join(err, pool.Close())
}

// setAside moves the store away, with what its last process may have left in the log.
func setAside(ctx context.Context, path, aside string) (string, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	pool, err := open(path, 1, "")
	if err != nil {
		return "", err
	}
	_, err = pool.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	if err = errors.Join(err, pool.Close()); err != nil {
		// A damaged store is moved as it is, log and all.
		for _, tail := range []string{"-wal", "-shm"} {
			if err := os.Rename(path+tail, aside+tail); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
		}
	}
	return aside, os.Rename(path, aside)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close(), in.Close())
}
