package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrInUse is what Open answers when another process holds the store.
var ErrInUse = errors.New("in use by another rafid; stop that one, or give this one a --data of its own")

// ErrClosed is what a write answers after Close.
var ErrClosed = errors.New("store is closed")

// maxBatch is how many jobs share a commit at the most. A commit costs one fsync; 64 passes of 30 stories
// come near the thousand rows a transaction from which larger ones gain nothing (design measurement:
// 59–65 k rows/s in transactions of 1,000).
const maxBatch = 64

// job is one write: all of it is kept or none of it.
type job struct {
	do  func(tx *tx) error
	err chan error // of capacity 1
}

// submit hands do to the writer and waits until it is on disk. do may run although ctx has ended since.
func (db *DB) submit(ctx context.Context, do func(tx *tx) error) error {
	j := &job{do: do, err: make(chan error, 1)}
	select {
	case db.jobs <- j:
	case <-db.closed:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-j.err
}

// writer is the one goroutine that writes. Its connection is never shared.
type writer struct {
	ctx   context.Context // never ends: a write once begun is finished
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	jobs  <-chan *job
}

// run commits jobs until closed is closed.
func (w *writer) run(closed <-chan struct{}) {
	defer w.close()
	for {
		select {
		case j := <-w.jobs:
			w.commit(w.gather(j))
		case <-closed:
			return
		}
	}
}

// gather takes what else is waiting, so that one fsync serves all.
func (w *writer) gather(first *job) []*job {
	batch := []*job{first}
	for len(batch) < maxBatch {
		select {
		case j := <-w.jobs:
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commit runs the batch in one transaction, each job within a savepoint of its own, and answers each.
func (w *writer) commit(batch []*job) {
	errs := make([]error, len(batch))
	err := w.transact(func(t *tx) error {
		for i, j := range batch {
			if errs[i] = t.savepoint(j.do); errors.Is(errs[i], errTx) {
				return errs[i]
			}
		}
		return nil
	})
	for i, j := range batch {
		if err != nil {
			j.err <- err
		} else {
			j.err <- errs[i]
		}
	}
}

// errTx marks a failure of the transaction itself, after which none of its jobs can be kept.
var errTx = errors.New("transaction lost")

func (w *writer) transact(do func(t *tx) error) error {
	t := &tx{w: w}
	if err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := do(t)
	if err == nil {
		err = t.exec("COMMIT")
	}
	if err != nil {
		return errors.Join(err, t.exec("ROLLBACK"))
	}
	return nil
}

func (w *writer) close() {
	for _, s := range w.stmts {
		_ = s.Close()
	}
	_ = w.conn.Close()
}

// tx is the writer's connection inside a transaction, with its statements kept prepared.
type tx struct{ w *writer }

func (t *tx) savepoint(do func(*tx) error) error {
	if err := t.exec("SAVEPOINT job"); err != nil {
		return fmt.Errorf("%w: %w", errTx, err)
	}
	err := do(t)
	if err != nil {
		if rerr := t.exec("ROLLBACK TO job"); rerr != nil {
			return fmt.Errorf("%w: %w: %w", errTx, err, rerr)
		}
	}
	if rerr := t.exec("RELEASE job"); rerr != nil {
		return fmt.Errorf("%w: %w", errTx, errors.Join(err, rerr))
	}
	return err
}

func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if s := t.w.stmts[query]; s != nil {
		return s, nil
	}
	s, err := t.w.conn.PrepareContext(t.w.ctx, query)
	if err != nil {
		return nil, err
	}
	t.w.stmts[query] = s
	return s, nil
}

func (t *tx) exec(query string, args ...any) error {
	_, err := t.run(query, args...)
	return err
}

func (t *tx) run(query string, args ...any) (sql.Result, error) {
	s, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.Exec(args...)
}

func (t *tx) row(query string, args []any, into ...any) error {
	s, err := t.stmt(query)
	if err != nil {
		return err
	}
	return s.QueryRow(args...).Scan(into...)
}

func (t *tx) rows(query string, args ...any) (*sql.Rows, error) {
	s, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.Query(args...)
}
