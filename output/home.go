package output

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"rafid"
	"rafid/arabic"
)

// perPage is how many stories a page lists: about ten screens of a phone, and under 10 kB compressed.
const perPage = 40

// homePage is the body of the front page and of a category's.
type homePage struct {
	Heading, Summary string
	Updated          *moment
	Stories          []storyLine
	Older            string
	Widest           []storyLine
	Feeds            []feedLink
	Busiest          []busySource
}

type busySource struct{ Name, Count string }

var (
	storyCount = arabic.Noun{Zero: "لا أخبار", One: "خبر واحد", Two: "خبران", Dual: "خبرين",
		Few: "أخبار", Many: "خبرًا", Other: "خبر"}
	groupCount = arabic.Noun{Zero: "لا قصص", One: "قصة واحدة", Two: "قصتان", Dual: "قصتين",
		Few: "قصص", Many: "قصة", Other: "قصة"}
)

// home renders the front page, or with a slug that category's. before asks for an older part.
func (ed *edition) home(ctx context.Context, m medium, slug string, before time.Time) ([]byte, error) {
	p, heading, channelName := "/", "آخر الأخبار", "all"
	if slug != "" {
		p, heading, channelName = "/c/"+slug, ed.category(slug), slug
	}
	body := &homePage{Heading: heading}
	last, err := ed.listStories(ctx, m, body, p, rafid.Query{Category: slug, Before: before})
	if err != nil {
		return nil, err
	}
	if before.IsZero() {
		if err := ed.addAside(ctx, m, body, slug, last); err != nil {
			return nil, err
		}
	} else {
		body.Summary = "ما نُشر قبل " + ed.style.DateTime(before) + "."
	}
	pg := ed.newPage(m, p, heading, body)
	if slug == "" {
		pg.Title = windowTitle(pg.Site, pg.Description)
	}
	if c := ed.channels[channelName]; c != nil && c.Token == "" {
		body.Feeds = ed.channelLinks(m, c.Channel)
		pg.Feeds = body.Feeds
	}
	return ed.execute("home", pg)
}

// listStories fills the list and gives the time of the newest story in it.
func (ed *edition) listStories(ctx context.Context, m medium, body *homePage, p string, q rafid.Query) (time.Time, error) {
	q.Max = 2 * perPage // more than a page, so that stories of one second are not torn apart
	entries, err := ed.store.Entries(ctx, q)
	if err != nil {
		return time.Time{}, err
	}
	n := min(perPage, len(entries))
	for n > 0 && n < len(entries) && entries[n].Group.Published.Equal(entries[n-1].Group.Published) {
		n++
	}
	for _, e := range entries[:n] {
		body.Stories = append(body.Stories, ed.storyLine(m, e))
	}
	if n < len(entries) && m.file == "" {
		edge := entries[n-1].Group.Published.UTC().Format(time.RFC3339Nano)
		body.Older = m.href(p) + "?before=" + url.QueryEscape(edge)
	}
	if len(entries) == 0 {
		return time.Time{}, nil
	}
	return entries[0].Group.Published, nil
}

// addAside fills the summary and what stands beside the list, of the last 24 hours: before now on a served
// page, before the newest story in a file, which must not change while nothing is new.
func (ed *edition) addAside(ctx context.Context, m medium, body *homePage, slug string, newest time.Time) error {
	until := m.now
	if until.IsZero() {
		until = newest
	}
	since := until.Add(-24 * time.Hour)
	if !newest.IsZero() {
		updated := moment{rfc3339(newest), ed.style.Clock(newest)}
		if !ed.style.SameDay(newest, until) {
			updated.Text = ed.style.DateTime(newest)
		}
		body.Updated = &updated
	}
	if err := ed.addWidest(ctx, m, body, slug, since); err != nil {
		return err
	}
	if slug != "" {
		return nil
	}
	stats, err := ed.store.Stats(ctx, since)
	if err != nil {
		return err
	}
	body.Summary = ed.style.Count(stats.Stories, storyCount) + " من " + ed.style.CountOf(len(stats.BySource), sourceCount) +
		" في آخر 24 ساعة، جُمعت في " + ed.style.CountOf(stats.Groups, groupCount) + "."
	if stats.Stories == 0 {
		body.Summary = "لا جديد في آخر 24 ساعة."
	}
	body.Summary = ed.style.Digits(body.Summary)
	body.Busiest = ed.busiest(stats)
	return nil
}

// maxAside is how many lines each list beside the page has.
const maxAside = 6

func (ed *edition) addWidest(ctx context.Context, m medium, body *homePage, slug string, since time.Time) error {
	wide, err := ed.store.Entries(ctx, rafid.Query{Category: slug, MinSources: 2, Max: ed.Max})
	if err != nil {
		return err
	}
	wide = slices.DeleteFunc(wide, func(e rafid.Entry) bool {
		return e.Group.Published.Before(since) || len(ed.firstReports(e)) < 2
	})
	slices.SortStableFunc(wide, func(a, b rafid.Entry) int { return cmp.Compare(len(ed.firstReports(b)), len(ed.firstReports(a))) })
	for _, e := range wide[:min(maxAside, len(wide))] {
		body.Widest = append(body.Widest, ed.storyLine(m, e))
	}
	return nil
}

// busiest names the outlets with most stories; the feeds of one outlet count together.
func (ed *edition) busiest(stats rafid.Stats) []busySource {
	count := make(map[string]int)
	for id, n := range stats.BySource {
		count[ed.outlet(rafid.Story{Source: id, Outlet: ed.sources[id].Outlet})] += n
	}
	names := make([]string, 0, len(count))
	for name := range count {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	var out []busySource
	for _, name := range names[:min(maxAside, len(names))] {
		out = append(out, busySource{name, ed.style.Count(count[name], storyCount)})
	}
	return out
}
