package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rafid"
)

// Sights tells which of the stories are stored, held ones too, and as what. An id that is not stored is
// missing from the answer.
func (db *DB) Sights(ctx context.Context, ids []string) (map[string]rafid.Sight, error) {
	known := make(map[string]rafid.Sight, len(ids))
	for part := range slices.Chunk(ids, chunk) {
		if err := db.sights(ctx, part, known); err != nil {
			return nil, err
		}
	}
	return known, nil
}

// sights adds the sights of at most chunk stories.
func (db *DB) sights(ctx context.Context, ids []string, into map[string]rafid.Sight) error {
	marks, args := make([]string, len(ids)), make([]any, len(ids))
	for i, id := range ids {
		marks[i], args[i] = fmt.Sprintf("$%d", i+1), id
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, first_seen, hash FROM stories WHERE id IN (`+strings.Join(marks, ",")+`)`, args...)
	if err != nil {
		return err
	}
	_, err = collect(rows, func(scan scanner) (none struct{}, err error) {
		var id string
		var first int64
		var s rafid.Sight
		if err := scan(&id, &first, &s.Hash); err != nil {
			return none, err
		}
		s.First = fromMicros(first)
		into[id] = s
		return none, nil
	})
	return err
}
