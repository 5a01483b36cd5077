package fetch

import (
	"strings"
	"time"

	"rafid/arabic"
)

// dater reads the dates of one feed.
type dater struct {
	zone    *time.Location // of dates that name none; nil: that of the country
	country string         // ISO code; UTC when it tells no zone
	now     time.Time      // zero: relative dates are unknown
}

// read gives the time that s tells, in UTC; the zero time when it tells none. What no rule reads for
// certain is unknown.
func (d dater) read(s string) time.Time {
	s = strings.TrimSpace(s)
	if len(s) < 4 || len(s) > 120 {
		return time.Time{}
	}
	for _, layout := range [...]string{time.RFC1123Z, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	if d.zone == nil {
		d.zone = zoneOf(d.country)
	}
	if t, ok := arabic.ParseDate(s, arabic.DateOptions{Now: d.now, Zone: d.zone}); ok {
		return t.UTC()
	}
	return time.Time{}
}
