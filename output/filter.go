package output

import (
	"cmp"
	"context"
	"slices"
	"time"

	"rafid"
	"rafid/arabic"
)

// filter is a query made ready to be asked of entries: all of it, also what a store leaves to the publisher.
type filter struct {
	rafid.Query
	words, exclude [][]string // keys; of each text all of its keys
}

func newFilter(q rafid.Query) filter {
	return filter{Query: q, words: keysOfEach(q.Words), exclude: keysOfEach(q.Exclude)}
}

func keysOfEach(texts []string) [][]string {
	var out [][]string
	for _, t := range texts {
		if keys := keysOf(t); len(keys) > 0 {
			out = append(out, keys)
		}
	}
	return out
}

// narrows says whether the filter leaves out some of what a store gives for its query.
func (f *filter) narrows() bool {
	q := f.Query
	return len(q.Categories)+len(q.Sources)+len(q.Countries)+len(q.Words)+len(q.Exclude) > 0 || q.Within > 0 || q.Fulfils != nil
}

// pushed gives the query as a store is asked it: what it can select by itself need not be read.
func (f *filter) pushed() rafid.Query {
	q := f.Query
	if q.Category == "" && len(q.Categories) == 1 {
		q.Category = q.Categories[0]
	}
	if q.Source == "" && len(q.Sources) == 1 {
		q.Source = q.Sources[0]
	}
	q.Keep, q.Age = 0, 0
	return q
}

// passes says whether an entry is one that the query selects, its age aside.
func (ed *edition) passes(f *filter, e rafid.Entry) bool {
	if !selects(f.Query, e) {
		return false
	}
	if len(f.Categories) > 0 && !slices.Contains(f.Categories, e.Category()) {
		return false
	}
	if !ed.comesFrom(f, e) || !reportedWithin(e, f.MinSources, f.Within) || !f.fulfilled(e) {
		return false
	}
	if len(f.Words) == 0 && len(f.Exclude) == 0 {
		return true
	}
	keys := ed.words.of(e)
	tells := func(text []string) bool {
		return !slices.ContainsFunc(text, func(key string) bool { return !keys[key] })
	}
	return (len(f.Words) == 0 || slices.ContainsFunc(f.words, tells)) && !slices.ContainsFunc(f.exclude, tells)
}

// fulfilled says whether one report of the entry fulfils the operator's condition.
func (f *filter) fulfilled(e rafid.Entry) bool {
	return f.Fulfils == nil || slices.ContainsFunc(e.Stories, func(s rafid.Story) bool { return f.Fulfils(&s) })
}

// comesFrom says whether the entry has a story from where the query asks.
func (ed *edition) comesFrom(f *filter, e rafid.Entry) bool {
	one := func(allowed []string, of func(rafid.Story) string) bool {
		return len(allowed) == 0 || slices.ContainsFunc(e.Stories, func(s rafid.Story) bool {
			return slices.Contains(allowed, of(s))
		})
	}
	return one(f.Sources, func(s rafid.Story) string { return s.Source }) && one(f.Countries, ed.country)
}

// country gives where a story's source is.
func (h *house) country(s rafid.Story) string { return h.sources[s.Source].Country }

// reportedWithin says whether n outlets reported the news within so long of one another: what makes a story
// breaking rather than one that many have written about in the course of days.
func reportedWithin(e rafid.Entry, n int, span time.Duration) bool {
	if span <= 0 {
		return true
	}
	first := make(map[string]time.Time)
	for _, s := range e.Stories {
		if t, ok := first[s.Outlet]; !ok || s.Published.Before(t) {
			first[s.Outlet] = s.Published
		}
	}
	times := make([]time.Time, 0, len(first))
	for _, t := range first {
		times = append(times, t)
	}
	slices.SortFunc(times, time.Time.Compare)
	for last := max(1, n) - 1; last < len(times); last++ {
		if times[last].Sub(times[last-max(1, n)+1]) <= span {
			return true
		}
	}
	return false
}

// mostScanned is how many of the newest groups are looked through for a channel that the store cannot select:
// a week of a hundred outlets. The tenth part is looked through first.
const mostScanned = 5000

// gather reads the newest entries of a channel in their order: at least most of them, or as many as there are, or
// enough to go beyond the age that the query keeps.
func (ed *edition) gather(ctx context.Context, ch rafid.Channel, most int) ([]rafid.Entry, error) {
	f := newFilter(ch.Query)
	ask := f.pushed()
	if ask.Max = most; !f.narrows() && ch.MaxPerSource <= 0 && !ch.Apart {
		return ed.store.Entries(ctx, ask)
	}
	for ask.Max = max(most, mostScanned/10); ; ask.Max = min(3*ask.Max, mostScanned) {
		got, err := ed.store.Entries(ctx, ask)
		if err != nil {
			return nil, err
		}
		kept := slices.DeleteFunc(slices.Clone(got), func(e rafid.Entry) bool { return !ed.passes(&f, e) })
		if ch.Apart {
			kept = ed.apart(&f, kept)
		}
		kept = fairShare(kept, ch.MaxPerSource)
		if len(kept) >= most || len(got) < ask.Max || ask.Max >= mostScanned || len(trim(kept, ch.Query)) < len(kept) {
			return kept[:min(len(kept), most)], nil
		}
	}
}

// fairShare leaves each outlet the newest n of the entries that it leads.
func fairShare(entries []rafid.Entry, n int) []rafid.Entry {
	if n <= 0 {
		return entries
	}
	leads := make(map[string]int)
	return slices.DeleteFunc(entries, func(e rafid.Entry) bool {
		outlet := e.Lead().Outlet
		leads[outlet]++
		return leads[outlet] > n
	})
}

// apart gives the reports of the entries as entries of their own, newest first: the first of each source, for
// what one source repeats is still one item.
func (ed *edition) apart(f *filter, entries []rafid.Entry) []rafid.Entry {
	var out []rafid.Entry
	for _, e := range entries {
		told := make(map[string]bool)
		for i, s := range e.Stories {
			alone := alone(e, i)
			if !told[s.Source] && (f.Source == "" || s.Source == f.Source) && ed.comesFrom(f, alone) && f.fulfilled(alone) {
				told[s.Source] = true
				out = append(out, alone)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b rafid.Entry) int {
		return cmp.Or(b.Group.Published.Compare(a.Group.Published), cmp.Compare(b.Group.Lead, a.Group.Lead))
	})
	return out
}

// alone gives one report of a group as an entry of its own, under the group's address.
func alone(e rafid.Entry, i int) rafid.Entry {
	s := e.Stories[i]
	out := rafid.Entry{Group: rafid.Group{ID: e.Group.ID, Title: s.Title, Lead: s.ID, Published: s.Published,
		Thread: e.Group.Thread}, Stories: []rafid.Story{s}}
	if i < len(e.Group.Members) {
		out.Group.Members = []rafid.Member{e.Group.Members[i]}
	}
	return out
}

// tellsNothing says whether a text of a query has no word to look for.
func tellsNothing(text string) bool { return len(arabic.Terms(text)) == 0 }
