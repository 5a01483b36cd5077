package fetch

import (
	"math"
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"

	"rafid"
)

// maxRest is how long a server's or a feed's wish is heeded at most: a day, so that a slip of theirs does not
// end a source.
const maxRest = 24 * time.Hour

// slack is what a wish is cut by: the schedule's next turn comes exactly an interval after this one began,
// and should not be missed by the blink that this one began late.
const slack = 30 * time.Second

// rest is how long the source is left alone after a success: the longest of what the answer and the feed
// wish, the source's rhythm where that is to be learnt, and, while a hub pushes, the pace of the safety net.
func rest(st *rafid.SourceState, t Target, a answer, now time.Time) time.Duration {
	d := max(freshness(a.cacheControl, a.age), st.Every)
	if t.Auto {
		d = max(d, rhythm(st, now))
	}
	if relied(st.Push, now) {
		d = max(d, pushedPoll)
	}
	return min(d, maxRest)
}

// freshness is how long an answer counts as fresh (RFC 9111, section 4.2): its max-age less the time that it
// has spent in caches.
func freshness(cacheControl, age string) time.Duration {
	for part := range strings.SplitSeq(strings.ToLower(cacheControl), ",") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(part), "max-age="); ok {
			spent := max(0, whole(age))
			return time.Duration(max(0, whole(strings.Trim(v, `"`))-spent)) * time.Second
		}
	}
	return 0
}

// whole reads a whole number of at most 31 bits; others are 0.
func whole(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32)
	if err != nil {
		return 0
	}
	return n
}

// wishes are what a feed asks of its readers.
type wishes struct {
	every time.Duration
	hours uint32 // bit h: hour h of UTC
	days  uint8  // bit d: weekday d
}

// wishesOf reads <ttl> in minutes, <skipHours> and <skipDays> (RSS 2.0), and the syndication module of RSS 1.0.
func wishesOf(ttl string, hours, days []string, all ext.Extensions) wishes {
	w := wishes{every: max(time.Duration(max(0, whole(ttl)))*time.Minute, period(text1(all["sy"], "updatePeriod"), text1(all["sy"], "updateFrequency")))}
	for _, h := range hours {
		if n, err := strconv.Atoi(strings.TrimSpace(h)); err == nil && n >= 0 && n <= 24 {
			w.hours |= 1 << (n % 24)
		}
	}
	for _, name := range days {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if strings.EqualFold(strings.TrimSpace(name), d.String()) {
				w.days |= 1 << d
			}
		}
	}
	return w
}

// period reads how often a feed says that it changes. "Hourly, once" is no wish: WordPress writes it into
// every feed of every site, and nobody has chosen it.
func period(unit, times string) time.Duration {
	per := map[string]time.Duration{
		"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour,
		"monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
	}[strings.ToLower(strings.TrimSpace(unit))]
	n := max(1, whole(times))
	if per == time.Hour && n == 1 {
		return 0
	}
	return per / time.Duration(n)
}

// skipMost is how long skipped hours and days keep a source from being asked: one whole day with the time
// since the last turn before it, and no second day.
const skipMost = maxRest + time.Hour

// unwelcome says that the feed asks to be left alone now.
func unwelcome(st rafid.SourceState, now time.Time) bool {
	skips := st.SkipHours&(1<<now.Hour()) != 0 || st.SkipDays&(1<<now.Weekday()) != 0
	return skips && now.Sub(st.LastFetch) < skipMost
}

// The bounds of a rhythm that is learnt, and the time over which it is.
const (
	rhythmLeast = 5 * time.Minute
	rhythmMost  = 4 * time.Hour
	memorySpan  = 7 * 24 * time.Hour
)

// rhythm is how often a source is worth asking: twice for every item that it may be expected to bring. A
// source that has fallen silent is asked less and less.
func rhythm(st *rafid.SourceState, now time.Time) time.Duration {
	perDay := st.Rate * math.Exp(-float64(max(0, now.Sub(st.Newest)))/float64(memorySpan))
	if perDay <= 0 {
		return rhythmMost
	}
	return max(rhythmLeast, min(rhythmMost, time.Duration(float64(24*time.Hour)/perDay/2)))
}

// burst is how many items must come within hours before a first document is believed to show the usual pace.
const burst = 10

// listen learns from the items of a document how many of them the source brings, and when it last did. items is
// the number of all; 0 for a part of the document, which says nothing about that.
func listen(st *rafid.SourceState, stories []rafid.Story, items int, now time.Time) {
	newest, arrived, recent, since := st.Newest, 0, 0, now
	for i := range stories {
		at := stories[i].Published
		if stories[i].Inferred || at.After(now) {
			continue
		}
		if at.After(st.Newest) {
			arrived++
		}
		if now.Sub(at) < memorySpan {
			recent++
			since = earlier(since, at)
		}
		if at.After(newest) {
			newest = at
		}
	}
	switch days := now.Sub(since).Hours() / 24; {
	case st.Newest.IsZero() && recent >= burst:
		st.Rate = float64(recent) / max(days, 1.0/24)
	case st.Newest.IsZero():
		st.Rate = float64(recent) / max(days, 1)
	case arrived > 0:
		kept := math.Exp(-float64(newest.Sub(st.Newest)) / float64(memorySpan))
		st.Rate = st.Rate*kept + float64(arrived)/7
	}
	st.Newest = newest
	if items == 0 {
		return
	}
	if st.Usual == 0 {
		st.Usual = float64(items)
	}
	st.Usual += (float64(items) - st.Usual) / 8
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Bounds of a silence. Outlets sleep at night and rest on Fridays: a day at least, and long enough that a
// dozen items would have come at the usual rate.
const (
	silenceLeast = 24 * time.Hour
	silenceItems = 12
	fewLeast     = 4 // of fewer items half is nothing to go by
)

// quiet says that a source tells less than usual.
func quiet(st *rafid.SourceState, now time.Time) bool {
	if st.Usual >= fewLeast && float64(st.Items) < st.Usual/2 {
		return true
	}
	silence := now.Sub(st.Newest)
	return !st.Newest.IsZero() && silence > silenceLeast && st.Rate*silence.Hours()/24 >= silenceItems
}
