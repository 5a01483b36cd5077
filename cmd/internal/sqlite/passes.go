package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rafid"
)

// State gives what is remembered of the source; a source never fetched has a state with its id alone.
func (db *DB) State(ctx context.Context, source string) (rafid.SourceState, error) {
	st := rafid.SourceState{Source: source}
	var doc string
	err := db.read.QueryRowContext(ctx, `SELECT state FROM sources WHERE id = $1`, source).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) {
		return st, nil
	}
	if err != nil {
		return st, err
	}
	if err := json.Unmarshal([]byte(doc), &st); err != nil {
		return st, fmt.Errorf("state of source %s: %w", source, err)
	}
	return st, nil
}

// States gives what is remembered of every source ever fetched, in order of id.
func (db *DB) States(ctx context.Context) ([]rafid.SourceState, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, state FROM sources ORDER BY id`)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(scan scanner) (st rafid.SourceState, err error) {
		var id, doc string
		if err := scan(&id, &doc); err != nil {
			return st, err
		}
		if err := json.Unmarshal([]byte(doc), &st); err != nil {
			return st, fmt.Errorf("state of source %s: %w", id, err)
		}
		return st, nil
	})
}

// Known gives at most max stories of the source, of those that arrived last, the oldest first, and of each
// only what it goes by: ID, GUID, URL, Title, Published and Inferred.
func (db *DB) Known(ctx context.Context, source string, max int) ([]rafid.Story, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, guid, url, title, published, inferred FROM stories
		WHERE source = $1 ORDER BY first_seen DESC, seq DESC LIMIT $2`, source, max)
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(scan scanner) (rafid.Story, error) {
		s := rafid.Story{Source: source}
		var published int64
		err := scan(&s.ID, &s.GUID, &s.URL, &s.Title, &published, &s.Inferred)
		s.Published = fromMicros(published)
		return s, err
	})
	slices.Reverse(all)
	return all, err
}

// upsertState keeps what is remembered of one source.
const upsertState = `INSERT INTO sources (id, state) VALUES ($1, $2)
	ON CONFLICT (id) DO UPDATE SET state = excluded.state`

// SaveStates keeps the states of sources whose passes brought no story, in one transaction.
func (db *DB) SaveStates(ctx context.Context, states []rafid.SourceState) error {
	docs := make([]string, len(states))
	for i, st := range states {
		doc, err := json.Marshal(st)
		if err != nil {
			return fmt.Errorf("state of source %s: %w", st.Source, err)
		}
		docs[i] = string(doc)
	}
	return db.submit(ctx, func(t *tx) error {
		for i, st := range states {
			if err := t.exec(upsertState, st.Source, docs[i]); err != nil {
				return fmt.Errorf("state of source %s: %w", st.Source, err)
			}
		}
		return nil
	})
}

// SavePass keeps the state and the stories of a pass in one transaction. New stories are appended in the
// order given; one whose Hash differs from what is stored is revised in place, its first sight and its
// group unchanged; one that is stored already costs a look-up.
func (db *DB) SavePass(ctx context.Context, p rafid.Pass) (rafid.Receipt, error) {
	doc, err := json.Marshal(p.State)
	if err != nil {
		return rafid.Receipt{}, err
	}
	var r rafid.Receipt
	err = db.submit(ctx, func(t *tx) error {
		r = rafid.Receipt{}
		if err := t.exec(upsertState, p.State.Source, string(doc)); err != nil {
			return err
		}
		return t.saveStories(p, &r)
	})
	if err != nil {
		return rafid.Receipt{}, fmt.Errorf("save pass of %s: %w", p.State.Source, err)
	}
	return r, nil
}

func (t *tx) saveStories(p rafid.Pass, r *rafid.Receipt) error {
	g := &gate{tx: t, source: p.State.Source, now: p.State.LastFetch, limit: p.Limit}
	if err := g.release(); err != nil {
		return err
	}
	for _, s := range p.Stories {
		if err := t.saveStory(s, g, r); err != nil {
			return err
		}
	}
	return t.vote(r.Groups)
}

func (t *tx) saveStory(s rafid.Story, g *gate, r *rafid.Receipt) error {
	var hash string
	var group sql.NullString
	err := t.row(`SELECT hash, grp FROM stories WHERE id = $1`, []any{s.ID}, &hash, &group)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		open, err := g.open()
		if err != nil {
			return err
		}
		r.New++
		if !open {
			r.Held++
		}
		return t.insert(s, !open)
	case err != nil || hash == s.Hash:
		return err
	}
	r.Revised++
	if group.Valid && !slices.Contains(r.Groups, group.String) {
		r.Groups = append(r.Groups, group.String)
	}
	return t.revise(s)
}

func (t *tx) insert(s rafid.Story, held bool) error {
	return t.exec(`INSERT INTO stories (id, source, outlet, guid, link, url, title, summary, content, author,
		image_url, image_caption, lang, labels, categories, tags, why, published, inferred, first_seen,
		revised, hash, held) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
		$17, $18, $19, $20, $21, $22, $23)`,
		s.ID, s.Source, s.Outlet, s.GUID, s.Link, s.URL, s.Title, s.Summary, s.Content, s.Author,
		s.Image.URL, s.Image.Caption, s.Lang, list(s.Labels), list(s.Categories), list(s.Tags), s.Why,
		micros(s.Published), s.Inferred, micros(s.FirstSeen), micros(s.Revised), s.Hash, held)
}

// revise writes what the outlet edited. The time of publication stays: ours never moves.
func (t *tx) revise(s rafid.Story) error {
	return t.exec(`UPDATE stories SET link = $2, url = $3, title = $4, summary = $5, content = $6, author = $7,
		image_url = $8, image_caption = $9, lang = $10, labels = $11, categories = $12, tags = $13, why = $14,
		revised = $15, hash = $16 WHERE id = $1`,
		s.ID, s.Link, s.URL, s.Title, s.Summary, s.Content, s.Author, s.Image.URL, s.Image.Caption, s.Lang,
		list(s.Labels), list(s.Categories), list(s.Tags), s.Why, micros(s.Revised), s.Hash)
}

// Stats counts the stories first seen since the time given.
func (db *DB) Stats(ctx context.Context, since time.Time) (rafid.Stats, error) {
	st := rafid.Stats{BySource: make(map[string]int)}
	err := db.read.QueryRowContext(ctx, `SELECT count(DISTINCT grp) FROM stories WHERE first_seen >= $1`,
		micros(since)).Scan(&st.Groups)
	if err != nil {
		return st, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT source, count(*) FROM stories WHERE first_seen >= $1
		GROUP BY source`, micros(since))
	if err != nil {
		return st, err
	}
	_, err = collect(rows, func(scan scanner) (struct{}, error) {
		var id string
		var n int
		err := scan(&id, &n)
		st.BySource[id] = n
		st.Stories += n
		return struct{}{}, err
	})
	return st, err
}
