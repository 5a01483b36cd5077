package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"rafid"
)

// ErrNoStore is what View answers when there is nothing at its path.
var ErrNoStore = errors.New("there is no store yet; rafid run or rafid once makes one")

// ErrOtherVersion is what View answers when the store is not of this program's version.
var ErrOtherVersion = errors.New("the store was written by another version; rafid run or rafid once of this one brings it up to date")

// View opens the store in the file at path for reading, also while another process has it open. It changes
// nothing: every write answers ErrClosed.
func View(ctx context.Context, path string) (*DB, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("store %s: %w", path, ErrNoStore)
	}
	read, err := open(path, readers, "_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	db := &DB{read: read, path: path, jobs: make(chan *job), closed: make(chan struct{})}
	close(db.closed) // to every write
	if err := db.sameVersion(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", path, err), read.Close())
	}
	return db, nil
}

// sameVersion says whether all migrations have been applied, and none besides.
func (db *DB) sameVersion(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var version int
	err = db.read.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&version)
	if err != nil {
		return fmt.Errorf("%w (%w)", ErrOtherVersion, err)
	}
	if version != len(files) {
		return ErrOtherVersion
	}
	return nil
}

// Find gives the id of the story with this link, or rafid.ErrNotFound. It reads every story.
func (db *DB) Find(ctx context.Context, link string) (id string, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT id FROM stories WHERE link = $1 OR url = $1 ORDER BY seq LIMIT 1`, link).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("story %s: %w", link, rafid.ErrNotFound)
	}
	return id, err
}
