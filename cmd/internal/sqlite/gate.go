package sqlite

import (
	"database/sql"
	"errors"
	"math"
	"time"

	"rafid"
)

// gate is the flood guard of one source during one pass. Most passes bring nothing new: it counts only
// when it is asked.
type gate struct {
	tx      *tx
	source  string
	now     time.Time
	limit   rafid.Limit
	counted bool
	room    int
}

// open says whether one more story may go on, and takes its place.
func (g *gate) open() (bool, error) {
	if g.limit.N <= 0 {
		return true, nil
	}
	if err := g.count(); err != nil || g.room == 0 {
		return false, err
	}
	g.room--
	return true, nil
}

// count finds how much room the limit has left: its number less what went on within its time.
func (g *gate) count() error {
	if g.counted {
		return nil
	}
	var let int
	err := g.tx.row(`SELECT count(*) FROM stories WHERE source = $1 AND first_seen > $2 AND NOT held`,
		[]any{g.source, micros(g.now.Add(-g.limit.Per))}, &let)
	g.room, g.counted = max(0, g.limit.N-let), true
	return err
}

// release lets held stories go on, oldest first, as far as there is room. Their first sight becomes now:
// they count against the time in which they are let through.
func (g *gate) release() error {
	var one int
	err := g.tx.row(`SELECT 1 FROM stories WHERE source = $1 AND held LIMIT 1`, []any{g.source}, &one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	let := math.MaxInt32 // the limit was lifted
	if g.limit.N > 0 {
		if err := g.count(); err != nil {
			return err
		}
		let = g.room
	}
	res, err := g.tx.run(`UPDATE stories SET held = FALSE, first_seen = $3 WHERE id IN
		(SELECT id FROM stories WHERE source = $1 AND held ORDER BY seq LIMIT $2)`, g.source, let, micros(g.now))
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	g.room = max(0, g.room-int(n))
	return err
}
