package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"rafid"
)

// Refile gives stories that are stored other categories, tags and reasons, all in one transaction, and gives the
// groups whose rendering this changes, each once. Nothing else of a story changes; one that is not stored is
// an error, and then nothing is changed.
func (db *DB) Refile(ctx context.Context, filings []rafid.Filing) (changed []string, err error) {
	if len(filings) == 0 {
		return nil, nil
	}
	err = db.submit(ctx, func(t *tx) error {
		changed = nil
		seen := map[string]bool{"": true}
		for _, f := range filings {
			group, err := t.refile(f)
			if err != nil {
				return fmt.Errorf("refile story %s: %w", f.Story, err)
			}
			if !seen[group] {
				seen[group], changed = true, append(changed, group)
			}
		}
		return t.vote(changed)
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

// Stories calls do with every story that was first seen since the time given and with the id of its group, ""
// while it has none, in order of arrival: held ones too. It stops at the first error and gives it.
func (db *DB) Stories(ctx context.Context, since time.Time, do func(s rafid.Story, group string) error) error {
	rows, err := db.read.QueryContext(ctx, `SELECT `+storyColumns+` FROM stories WHERE first_seen >= $1 ORDER BY seq`, micros(since))
	if err != nil {
		return err
	}
	_, err = collect(rows, func(scan scanner) (none struct{}, err error) {
		s, _, group, err := scanStory(scan)
		if err != nil {
			return none, err
		}
		return none, do(s, group)
	})
	return err
}

// refile gives the group that the story stands in, "" for none.
func (t *tx) refile(f rafid.Filing) (group string, err error) {
	res, err := t.run(`UPDATE stories SET categories = $2, tags = $3, why = $4 WHERE id = $1`,
		f.Story, list(f.Categories), list(f.Tags), f.Why)
	if err != nil {
		return "", err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return "", cmp.Or(err, rafid.ErrNotFound)
	}
	err = t.row(`SELECT COALESCE(grp, '') FROM stories WHERE id = $1`, []any{f.Story}, &group)
	return group, err
}

// vote brings the categories of groups in line with their stories; see rafid.Vote.
func (t *tx) vote(groups []string) error {
	done := make(map[string]bool, len(groups))
	for _, group := range groups {
		if done[group] {
			continue
		}
		done[group] = true
		var lead, now string
		if err := t.row(`SELECT lead, category FROM groups WHERE id = $1`, []any{group}, &lead, &now); err != nil {
			return err
		}
		stories, err := t.voters(group)
		if err != nil {
			return err
		}
		slug := rafid.Vote(stories, lead)
		if slug == "" || slug == now {
			continue
		}
		if err := t.exec(`UPDATE groups SET category = $2 WHERE id = $1`, group, slug); err != nil {
			return err
		}
	}
	return nil
}

// voters are the stories of a group, with nothing but ids and categories.
func (t *tx) voters(group string) ([]rafid.Story, error) {
	rows, err := t.rows(`SELECT id, categories FROM stories WHERE grp = $1 ORDER BY seq`, group)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(scan scanner) (s rafid.Story, err error) {
		var categories string
		if err := scan(&s.ID, &categories); err != nil {
			return s, err
		}
		return s, unlist(categories, &s.Categories)
	})
}
