package output

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rafid"
	"rafid/arabic"
)

// statusPage is the body of the page of sources. In a file it leaves out what every attempt changes, as the
// time of the last one, so that a pass with nothing new writes nothing.
type statusPage struct {
	Totals  []chip
	Version string
	Live    bool
	Rows    []statusRow
	Errors  []statusError
}

type chip struct{ Text, Tone string }

type statusRow struct {
	Condition, Tone, Name, Address string
	Fetched, Changed               moment
	Today, Items, HTTP, Took       string
	Repairs                        []string
}

type statusError struct {
	Name, Condition, Error, Times string
	Since                         *moment
}

// condition tells a state to readers: in a word, with a tone, and worst first.
type condition struct {
	text, tone string
	rank       int
}

func conditionOf(c rafid.Condition) condition {
	switch c {
	case rafid.Broken:
		return condition{"معطّل", "bad", 0}
	case rafid.Hijacked:
		return condition{"في أيدٍ أخرى؟", "bad", 0}
	case rafid.Gone:
		return condition{"زال", "bad", 1}
	case rafid.Blocked:
		return condition{"محجوب", "bad", 2}
	case rafid.Empty:
		return condition{"فارغ", "warn", 3}
	case rafid.Moved:
		return condition{"انتقل", "warn", 4}
	case rafid.Slow:
		return condition{"بطيء", "warn", 5}
	case rafid.Quiet:
		return condition{"ساكن", "warn", 6}
	case rafid.Works:
		return condition{"يعمل", "ok", 8}
	}
	return condition{"لم يُجلب بعد", "warn", 7}
}

var (
	worksCount = arabic.Noun{Zero: "لا مصدر يعمل", One: "مصدر واحد يعمل", Two: "مصدران يعملان", Dual: "مصدرين يعملان",
		Few: "مصادر تعمل", Many: "مصدرًا يعمل", Other: "مصدر يعمل"}
	warnCount = arabic.Noun{One: "مصدر واحد يحتاج نظرًا", Two: "مصدران يحتاجان نظرًا", Dual: "مصدرين يحتاجان نظرًا",
		Few: "مصادر تحتاج نظرًا", Many: "مصدرًا يحتاج نظرًا", Other: "مصدر يحتاج نظرًا"}
	badCount = arabic.Noun{One: "مصدر واحد معطّل", Two: "مصدران معطّلان", Dual: "مصدرين معطّلين",
		Few: "مصادر معطّلة", Many: "مصدرًا معطّلًا", Other: "مصدر معطّل"}
	failureCount = arabic.Noun{Zero: "لم يتكرر", One: "مرة واحدة", Two: "مرتان", Dual: "مرتين",
		Few: "مرات", Many: "مرة", Other: "مرة"}
)

// status renders the page of sources, the ill ones first.
func (ed *edition) status(ctx context.Context, m medium) ([]byte, error) {
	list, err := ed.store.States(ctx)
	if err != nil {
		return nil, err
	}
	states := make(map[string]rafid.SourceState, len(list))
	for _, st := range list {
		states[st.Source] = st
	}
	stats, err := ed.store.Stats(ctx, ed.statsSince(ctx, m))
	if err != nil {
		return nil, err
	}
	body := &statusPage{Version: cmp.Or(ed.Site.Version, "—"), Live: m.file == ""}
	sources := slices.Clone(ed.Sources)
	slices.SortStableFunc(sources, func(a, b rafid.Source) int {
		return cmp.Compare(conditionOf(states[a.ID].Condition).rank, conditionOf(states[b.ID].Condition).rank)
	})
	tones := make(map[string]int)
	for _, src := range sources {
		st := states[src.ID]
		tones[conditionOf(st.Condition).tone]++
		body.Rows = append(body.Rows, ed.statusRow(m, src, st, stats.BySource[src.ID]))
		if st.Error != "" {
			body.Errors = append(body.Errors, ed.statusError(m, src, st))
		}
	}
	body.Totals = append(body.Totals, chip{ed.style.Count(tones["ok"], worksCount), "ok"})
	if n := tones["warn"]; n > 0 {
		body.Totals = append(body.Totals, chip{ed.style.Count(n, warnCount), "warn"})
	}
	if n := tones["bad"]; n > 0 {
		body.Totals = append(body.Totals, chip{ed.style.Count(n, badCount), "bad"})
	}
	return ed.execute("status", ed.newPage(m, "/status", "حالة المصادر", body))
}

// statsSince gives the beginning of the 24 hours that a page counts: they end now, or in a file at the newest
// story.
func (ed *edition) statsSince(ctx context.Context, m medium) time.Time {
	until := m.now
	if until.IsZero() {
		if newest, err := ed.store.Entries(ctx, rafid.Query{Max: 1}); err == nil && len(newest) > 0 {
			until = newest[0].Group.Published
		}
	}
	return until.Add(-24 * time.Hour)
}

func (ed *edition) statusRow(m medium, src rafid.Source, st rafid.SourceState, today int) statusRow {
	c := conditionOf(st.Condition)
	r := statusRow{
		Condition: c.text, Tone: c.tone, Name: cmp.Or(untagged(src.Name), src.ID), Address: plainAddress(src.URL),
		Fetched: m.when(st.LastFetch), Changed: m.when(st.LastFull), Repairs: lines(st.Repairs),
		Today: ed.style.Number(today), Items: ed.style.Number(st.Items), HTTP: "—", Took: "—",
	}
	if st.Status > 0 {
		r.HTTP = ed.style.Digits(strconv.Itoa(st.Status))
	}
	if st.Took > 0 {
		r.Took = ed.style.Digits(strconv.FormatFloat(st.Took.Seconds(), 'f', 2, 64))
	}
	return r
}

func (ed *edition) statusError(m medium, src rafid.Source, st rafid.SourceState) statusError {
	e := statusError{Name: cmp.Or(untagged(src.Name), src.ID), Condition: conditionOf(st.Condition).text,
		Error: withoutQuery(line(st.Error), src.URL)}
	if m.file == "" {
		e.Times = "تكرر " + ed.style.CountOf(st.Failures, failureCount)
	}
	if !st.LastOK.IsZero() {
		since := m.when(st.LastOK)
		e.Since = &since
	}
	return e
}

// plainAddress shows an address without what may be secret in it: user names and query.
func plainAddress(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Host + u.EscapedPath()
}

// withoutQuery tells an error without the query of the address it speaks of, which may hold a key.
func withoutQuery(text, address string) string {
	if _, query, ok := strings.Cut(address, "?"); ok && query != "" {
		return strings.ReplaceAll(text, "?"+query, "?…")
	}
	return text
}
