package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"rafid"
)

// Place keeps where stories were put, all in one transaction, and gives the groups that this changed, those
// that stories left included. A story that has a group already stays where it is unless the placement moves
// it: placing twice is harmless.
func (db *DB) Place(ctx context.Context, ps []rafid.Placement) (changed []string, err error) {
	if len(ps) == 0 {
		return nil, nil
	}
	err = db.submit(ctx, func(t *tx) error {
		changed = nil
		var joined []string // or left: a group just opened has its only story's category
		for _, p := range ps {
			groups, err := t.place(p)
			if err != nil {
				return fmt.Errorf("place story %s: %w", p.Member.Story, err)
			}
			if !p.Opens || len(groups) > 1 {
				joined = append(joined, groups...)
			}
			for _, g := range groups {
				if !slices.Contains(changed, g) {
					changed = append(changed, g)
				}
			}
		}
		return t.vote(joined)
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

// place puts one story and gives the groups that this changed, none if the story stays.
func (t *tx) place(p rafid.Placement) ([]string, error) {
	var seq int64
	var from sql.NullString
	err := t.row(`SELECT seq, grp FROM stories WHERE id = $1`, []any{p.Member.Story}, &seq, &from)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, rafid.ErrNotFound
	}
	if err != nil || from.Valid && (!p.Moves || from.String == p.Group) {
		return nil, err
	}
	if err := t.sit(p); err != nil {
		return nil, err
	}
	if len(p.Print) > 0 {
		if err := t.exec(`INSERT INTO prints (seq, print) VALUES ($1, $2)
			ON CONFLICT (seq) DO UPDATE SET print = excluded.print`, seq, p.Print); err != nil {
			return nil, err
		}
	}
	if err := t.receive(p); err != nil || !from.Valid {
		return []string{p.Group}, err
	}
	return []string{p.Group, from.String}, t.leave(from.String, p.Group)
}

// sit writes the membership.
func (t *tx) sit(p rafid.Placement) error {
	evidence, err := json.Marshal(p.Member.Evidence)
	if err != nil {
		return err
	}
	ordered := ""
	if p.Member.Order != (rafid.Order{}) {
		doc, err := json.Marshal(p.Member.Order)
		if err != nil {
			return err
		}
		ordered = string(doc)
	}
	return t.exec(`UPDATE stories SET grp = $2, relation = $3, of_story = $4, joined = $5, evidence = $6, ordered = $7
		WHERE id = $1`, p.Member.Story, p.Group, string(p.Member.Relation), p.Member.Of, micros(p.Member.Joined),
		string(evidence), ordered)
}

// receive opens the group, or changes what the placement says of it. An id whose stories went elsewhere may be
// opened again: it is named after a story, and it is that story which comes back.
func (t *tx) receive(p rafid.Placement) error {
	if !p.Opens {
		return t.exec(`UPDATE groups SET
			title = CASE WHEN $2 = '' THEN title ELSE $2 END,
			lead = CASE WHEN $3 = '' THEN lead ELSE $3 END,
			thread = CASE WHEN $4 = '' THEN thread ELSE $4 END,
			outlets = (SELECT count(DISTINCT outlet) FROM stories WHERE grp = $1) WHERE id = $1`,
			p.Group, p.Title, p.Lead, p.Thread)
	}
	res, err := t.run(`INSERT INTO groups (id, title, lead, thread, category, published, outlets)
		VALUES ($1, $2, $3, $4, $5, $6, 1)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, lead = excluded.lead, thread = excluded.thread,
			category = excluded.category, outlets = 1, into_group = '' WHERE groups.outlets = 0`,
		p.Group, p.Title, p.Lead, p.Thread, p.Category, micros(p.Published))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return fmt.Errorf("group %s is open already", p.Group)
}

// leave brings a group up to date that a story left for another: it is counted anew, and when its lead has
// gone, the earliest of those that stay leads. A group that nobody stays in points to the other, and so do the
// groups that followed it.
func (t *tx) leave(group, to string) error {
	var first, title, categories string
	err := t.row(`SELECT id, title, categories FROM stories WHERE grp = $1 ORDER BY seq LIMIT 1`, []any{group},
		&first, &title, &categories)
	if errors.Is(err, sql.ErrNoRows) {
		return errors.Join(
			t.exec(`UPDATE groups SET outlets = 0, into_group = $2 WHERE id = $1`, group, to),
			t.exec(`UPDATE groups SET thread = CASE WHEN id = $2 THEN '' ELSE $2 END WHERE thread = $1`, group, to))
	}
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE groups SET outlets = (SELECT count(DISTINCT outlet) FROM stories WHERE grp = $1)
		WHERE id = $1`, group); err != nil {
		return err
	}
	var there int
	err = t.row(`SELECT 1 FROM groups JOIN stories ON stories.id = groups.lead WHERE groups.id = $1 AND grp = $1`,
		[]any{group}, &there)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var slugs []string
	if err := unlist(categories, &slugs); err != nil {
		return err
	}
	slugs = append(slugs, "")
	return errors.Join(
		t.exec(`UPDATE groups SET lead = $2, title = $3, category = $4 WHERE id = $1`, group, first, title, slugs[0]),
		t.exec(`UPDATE stories SET relation = $2, of_story = '', evidence = '{}' WHERE id = $1`, first, string(rafid.Lead)))
}
