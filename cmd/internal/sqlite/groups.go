package sqlite

import (
	"context"
	"database/sql"
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
// and with its place: member, group, the group's thread and time of publication, and print. Without texts the story has only what says who told it, when and of what: ID, Source,
// Outlet, Categories, Published, FirstSeen. It stops at the first error and gives it.
func (db *DB) Window(ctx context.Context, since time.Time, texts bool, do func(s rafid.Story, p rafid.Placement) error) error {
	columns, scan := windowColumns, scanWindow
	if texts {
		columns, scan = storyColumns, scanStory
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+columns+`, (SELECT thread FROM groups WHERE groups.id = grp),
		(SELECT published FROM groups WHERE groups.id = grp), (SELECT print FROM prints WHERE prints.seq = stories.seq) FROM stories
		WHERE grp IS NOT NULL AND first_seen >= $1 ORDER BY seq`, micros(since))
	if err != nil {
		return err
	}
	_, err = collect(rows, func(row scanner) (none struct{}, err error) {
		var thread sql.NullString
		var opened sql.NullInt64
		var print []byte
		s, m, group, err := scan(row, &thread, &opened, &print)
		if err != nil {
			return none, err
		}
		return none, do(s, rafid.Placement{Member: m, Group: group, Thread: thread.String, Published: fromMicros(opened.Int64), Print: print})
	})
	return err
}

// Ordered gives the memberships that an operator decided, in order of arrival.
func (db *DB) Ordered(ctx context.Context) ([]rafid.Placement, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+storyColumns+` FROM stories WHERE ordered <> '' ORDER BY seq`)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(scan scanner) (rafid.Placement, error) {
		_, m, group, err := scanStory(scan)
		return rafid.Placement{Member: m, Group: group}, err
	})
}

// Story gives one story and the id of its group, empty while it waits for one; or rafid.ErrNotFound.
func (db *DB) Story(ctx context.Context, id string) (rafid.Story, string, error) {
	s, _, group, err := scanStory(db.read.QueryRowContext(ctx, `SELECT `+storyColumns+` FROM stories WHERE id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("story %s: %w", id, rafid.ErrNotFound)
	}
	return s, group, err
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
	conds := []string{`outlets > 0`} // a group whose stories went elsewhere has none
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
	return ` WHERE ` + strings.Join(conds, ` AND `), args
}

// Entry gives one group with its stories, or rafid.ErrNotFound. A group whose stories went elsewhere has none,
// and Group.Into says where.
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
// there is left out, one whose stories went elsewhere has none.
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
