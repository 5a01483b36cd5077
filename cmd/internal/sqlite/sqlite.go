// Package sqlite keeps the river in one SQLite file: the stories, their groups and what is known of the
// sources.
//
// It promises that what a method has acknowledged survives kill -9 and power loss (WAL with
// synchronous=FULL), that one transaction is seen whole or not at all, and that a second process on the
// same file is refused. All writes go through one writer, which commits what has queued up together;
// reads run beside it on connections of their own. A DB is safe for concurrent use.
//
// It does not decide anything: which stories are the same news, what is published and what is forgotten
// is its callers' business. The statements use only what PostgreSQL understands too.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver, without cgo
)

//go:embed migrations/*.sql
var migrations embed.FS

// readers is how many reads run side by side. Each connection has a page cache of 2 MB.
const readers = 4

// DB is an open store. Close it to release the file.
type DB struct {
	read  *sql.DB
	write *sql.DB
	lock  *os.File
	path  string

	jobs    chan *job
	done    chan struct{} // closed when the writer has returned
	closing sync.Once
	closed  chan struct{} // closed by Close: no job is taken any more
}

// Open opens the store in the file at path, makes it if it is not there, and brings its schema up to
// date. It fails when another process has the same file open.
func Open(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	db := &DB{lock: lock, path: path, jobs: make(chan *job), done: make(chan struct{}), closed: make(chan struct{})}
	if err := db.connect(ctx, path); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", path, err), db.release())
	}
	return db, nil
}

func (db *DB) connect(ctx context.Context, path string) (err error) {
	if db.write, err = open(path, 1, "_txlock=immediate"); err != nil {
		return err
	}
	if err := migrate(ctx, db.write); err != nil {
		return err
	}
	if db.read, err = open(path, readers, "_pragma=query_only(1)"); err != nil {
		return err
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return err
	}
	w := &writer{ctx: context.WithoutCancel(ctx), conn: conn, stmts: make(map[string]*sql.Stmt), jobs: db.jobs}
	go func() {
		defer close(db.done)
		w.run(db.closed)
	}()
	return nil
}

// open gives a pool on the file. The pragmas stand in the address because one given by Exec would hold
// for a single pooled connection only.
func open(path string, conns int, extra string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&" + extra
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return pool, nil
}

func migrate(ctx context.Context, pool *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, pool, dir)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Close waits for the writes under way, then closes the file. Later calls do nothing.
func (db *DB) Close() error {
	var err error
	db.closing.Do(func() {
		if db.write != nil {
			close(db.closed)
			<-db.done
		}
		err = db.release()
	})
	return err
}

func (db *DB) release() error {
	var errs []error
	for _, pool := range []*sql.DB{db.read, db.write} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	if db.lock != nil {
		errs = append(errs, db.lock.Close())
	}
	return errors.Join(errs...)
}

// Ping says whether the store answers.
func (db *DB) Ping(ctx context.Context) error { return db.read.PingContext(ctx) }
