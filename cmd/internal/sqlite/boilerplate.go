package sqlite

import "context"

// Boilerplate gives what grouping has learnt of each source's standing lines, by source.
func (db *DB) Boilerplate(ctx context.Context) (map[string][]byte, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT source, lines FROM boilerplate`)
	if err != nil {
		return nil, err
	}
	learnt := make(map[string][]byte)
	_, err = collect(rows, func(scan scanner) (none struct{}, err error) {
		var source string
		var lines []byte
		err = scan(&source, &lines)
		learnt[source] = lines
		return none, err
	})
	return learnt, err
}

// SaveBoilerplate keeps what grouping has learnt of these sources, in one transaction.
func (db *DB) SaveBoilerplate(ctx context.Context, learnt map[string][]byte) error {
	if len(learnt) == 0 {
		return nil
	}
	return db.submit(ctx, func(t *tx) error {
		for source, lines := range learnt {
			if err := t.exec(`INSERT INTO boilerplate (source, lines) VALUES ($1, $2)
				ON CONFLICT (source) DO UPDATE SET lines = excluded.lines`, source, lines); err != nil {
				return err
			}
		}
		return nil
	})
}
