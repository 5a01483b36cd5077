package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rafid"
)

// Waiting gives at most max stories that have no group yet, in order of arrival. Held ones do not wait.
func (db *DB) Waiting(ctx context.Context, max int) ([]rafid.Story, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+storyColumns+` FROM stories
		WHERE grp IS NULL AND NOT held ORDER BY seq LIMIT $1`, max)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(scan scanner) (rafid.Story, error) {
		s, _, _, err := scanStory(scan)
		return s, err
	})
}

// Window calls do with every grouped story that was first seen since the time given, in order of arrival,
// and with its place. It stops at the first error and gives it.
func (db *DB) Window(ctx context.Context, since time.Time, do func(s rafid.Story, p rafid.Placement) error) error {
	rows, err := db.read.QueryContext(ctx, `SELECT `+storyColumns+`,
		(SELECT thread FROM groups WHERE groups.id = grp) FROM stories
		WHERE grp IS NOT NULL AND first_seen >= $1 ORDER BY seq`, micros(since))
	if err != nil {
		return err
	}
	_, err = collect(rows, func(scan scanner) (none struct{}, err error) {
		var thread sql.NullString
		s, m, group, err := scanStory(scan, &thread)
		if err != nil {
			return none, err
		}
		return none, do(s, rafid.Placement{Member: m, Group: group, Thread: thread.String})
	})
	return err
}

// Place keeps where stories were put, all in one transaction. A story that has a group already stays
// where it is: placing twice is harmless.
func (db *DB) Place(ctx context.Context, ps []rafid.Placement) error {
	if len(ps) == 0 {
		return nil
	}
	return db.submit(ctx, func(t *tx) error {
		for _, p := range ps {
			if err := t.place(p); err != nil {
				return fmt.Errorf("place story %s: %w", p.Member.Story, err)
			}
		}
		return nil
	})
}

func (t *tx) place(p rafid.Placement) error {
	evidence, err := json.Marshal(p.Member.Evidence)
	if err != nil {
		return err
	}
	res, err := t.run(`UPDATE stories SET grp = $2, relation = $3, of_story = $4, joined = $5, evidence = $6
		WHERE id = $1 AND grp IS NULL`, p.Member.Story, p.Group, string(p.Member.Relation), p.Member.Of,
		micros(p.Member.Joined), string(evidence))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); n == 0 || err != nil {
		return err
	}
	if p.Opens {
		return t.exec(`INSERT INTO groups (id, title, lead, thread, category, published, outlets)
			VALUES ($1, $2, $3, $4, $5, $6, 1)`,
			p.Group, p.Title, p.Lead, p.Thread, p.Category, micros(p.Published))
	}
	return t.exec(`UPDATE groups SET
		title = CASE WHEN $2 = '' THEN title ELSE $2 END,
		lead = CASE WHEN $3 = '' THEN lead ELSE $3 END,
		thread = CASE WHEN $4 = '' THEN thread ELSE $4 END,
		category = CASE WHEN $5 = '' THEN category ELSE $5 END,
		outlets = (SELECT count(DISTINCT outlet) FROM stories WHERE grp = $1) WHERE id = $1`,
		p.Group, p.Title, p.Lead, p.Thread, p.Category)
}

// Entries gives the groups that the query selects, newest first by time of publication and then by id,
// which makes the order total. Query.Keep is the renderer's to apply.
func (db *DB) Entries(ctx context.Context, q rafid.Query) ([]rafid.Entry, error) {
	where, args := selection(q)
	query := `SELECT ` + groupColumns + ` FROM groups` + where + ` ORDER BY published DESC, id DESC`
	if q.Max > 0 {
		args = append(args, q.Max)
		query += fmt.Sprintf(` LIMIT $%d`, len(args))
	}
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	groups, err := collect(rows, scanGroup)
	if err != nil {
		return nil, err
	}
	return db.members(ctx, groups)
}

// selection turns a query into a WHERE clause with its arguments.
func selection(q rafid.Query) (string, []any) {
	var conds []string
	var args []any
	add := func(cond string, arg any) {
		args = append(args, arg)
		conds = append(conds, fmt.Sprintf(cond, len(args)))
	}
	if q.Category != "" {
		add(`category = $%d`, q.Category)
	}
	if q.Source != "" {
		add(`id IN (SELECT grp FROM stories WHERE source = $%d AND grp IS NOT NULL)`, q.Source)
	}
	if q.MinSources > 1 {
		add(`outlets > 1 AND outlets >= $%d`, q.MinSources)
	}
	if !q.Before.IsZero() {
		add(`published < $%d`, micros(q.Before))
	}
	if len(conds) == 0 {
		return "", nil
	}
	return ` WHERE ` + strings.Join(conds, ` AND `), args
}

// Entry gives one group with its stories, or rafid.ErrNotFound.
func (db *DB) Entry(ctx context.Context, group string) (rafid.Entry, error) {
	es, err := db.EntriesByID(ctx, []string{group})
	if err != nil {
		return rafid.Entry{}, err
	}
	if len(es) == 0 {
		return rafid.Entry{}, fmt.Errorf("group %s: %w", group, rafid.ErrNotFound)
	}
	return es[0], nil
}

// EntriesByID gives the groups of these ids with their stories, in the order given; one that is not
// there is left out.
func (db *DB) EntriesByID(ctx context.Context, ids []string) ([]rafid.Entry, error) {
	var groups []rafid.Group
	for _, id := range ids {
		row := db.read.QueryRowContext(ctx, `SELECT `+groupColumns+` FROM groups WHERE id = $1`, id)
		g, err := scanGroup(row.Scan)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		groups = append(groups, g)
	}
	return db.members(ctx, groups)
}

// chunk is how many groups one statement asks the members of; SQLite takes 32,766 parameters, and a
// channel has 300 items.
const chunk = 500

// members reads the stories of the groups.
func (db *DB) members(ctx context.Context, groups []rafid.Group) ([]rafid.Entry, error) {
	entries := make([]rafid.Entry, len(groups))
	at := make(map[string]int, len(groups))
	for i, g := range groups {
		entries[i].Group = g
		at[g.ID] = i
	}
	for len(groups) > 0 {
		n := min(chunk, len(groups))
		if err := db.fill(ctx, groups[:n], entries, at); err != nil {
			return nil, err
		}
		groups = groups[n:]
	}
	return entries, nil
}

func (db *DB) fill(ctx context.Context, groups []rafid.Group, entries []rafid.Entry, at map[string]int) error {
	args := make([]any, len(groups))
	marks := make([]string, len(groups))
	for i, g := range groups {
		args[i], marks[i] = g.ID, fmt.Sprintf("$%d", i+1)
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+storyColumns+` FROM stories WHERE grp IN (`+
		strings.Join(marks, ",")+`) ORDER BY seq`, args...)
	if err != nil {
		return err
	}
	_, err = collect(rows, func(scan scanner) (none struct{}, err error) {
		s, m, group, err := scanStory(scan)
		if err != nil {
			return none, err
		}
		e := &entries[at[group]]
		e.Stories = append(e.Stories, s)
		e.Group.Members = append(e.Group.Members, m)
		return none, nil
	})
	return err
}
