package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"rafid"
)

// scanner is Scan of a row, or of rows at their present one.
type scanner = func(into ...any) error

// collect reads all rows and closes them.
func collect[T any](rows *sql.Rows, read func(scanner) (T, error)) (all []T, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := read(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// The columns that scanStory and scanGroup read, in their order.
const (
	storyColumns = `id, source, outlet, guid, link, url, title, summary, content, author, image_url,
		image_caption, lang, labels, categories, tags, why, published, inferred, first_seen, revised, hash,
		grp, relation, of_story, joined, evidence, ordered`
	groupColumns  = `id, title, lead, thread, into_group, published`
	windowColumns = `id, source, outlet, categories, published, first_seen, grp, relation, of_story`
)

func scanStory(scan scanner, more ...any) (s rafid.Story, m rafid.Member, group string, err error) {
	var labels, categories, tags, evidence, ordered string
	var published, firstSeen, revised, joined int64
	var grp sql.NullString
	err = scan(append([]any{&s.ID, &s.Source, &s.Outlet, &s.GUID, &s.Link, &s.URL, &s.Title, &s.Summary,
		&s.Content, &s.Author, &s.Image.URL, &s.Image.Caption, &s.Lang, &labels, &categories, &tags, &s.Why,
		&published, &s.Inferred, &firstSeen, &revised, &s.Hash, &grp, &m.Relation, &m.Of, &joined,
		&evidence, &ordered}, more...)...)
	if err != nil {
		return s, m, "", err
	}
	s.Published, s.FirstSeen, s.Revised = fromMicros(published), fromMicros(firstSeen), fromMicros(revised)
	err = errors.Join(unlist(labels, &s.Labels), unlist(categories, &s.Categories), unlist(tags, &s.Tags))
	m.Story = s.ID
	if grp.Valid {
		m.Joined = fromMicros(joined)
		err = errors.Join(err, json.Unmarshal([]byte(evidence), &m.Evidence))
	}
	if ordered != "" {
		err = errors.Join(err, json.Unmarshal([]byte(ordered), &m.Order))
	}
	return s, m, grp.String, err
}

// scanWindow reads the windowColumns, of a story that has a group.
func scanWindow(scan scanner, more ...any) (s rafid.Story, m rafid.Member, group string, err error) {
	var categories string
	var published, firstSeen int64
	err = scan(append([]any{&s.ID, &s.Source, &s.Outlet, &categories, &published, &firstSeen, &group, &m.Relation, &m.Of}, more...)...)
	s.Published, s.FirstSeen, m.Story = fromMicros(published), fromMicros(firstSeen), s.ID
	return s, m, group, errors.Join(err, unlist(categories, &s.Categories))
}

func scanGroup(scan scanner) (g rafid.Group, err error) {
	var published int64
	err = scan(&g.ID, &g.Title, &g.Lead, &g.Thread, &g.Into, &published)
	g.Published = fromMicros(published)
	return g, err
}

// micros is the stored form of a time; the zero time is 0, so that it comes back as zero.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// list is the stored form of a list of words: a JSON array, or nothing for an empty list.
func list(words []string) string {
	if len(words) == 0 {
		return ""
	}
	b, err := json.Marshal(words)
	if err != nil { // strings always marshal
		return ""
	}
	return string(b)
}

func unlist(doc string, into *[]string) error {
	if doc == "" {
		return nil
	}
	return json.Unmarshal([]byte(doc), into)
}
