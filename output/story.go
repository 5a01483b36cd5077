package output

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"rafid"
	"rafid/arabic"
)

// storyPage is the body of one story's page.
type storyPage struct {
	Heading, Many, Span string
	First, Outlet, Link string
	Date                moment
	Feed                string
	Categories          []navLink
	Former              *navLink
	Later               []navLink
	Reports             []storyReport
	Reasons             []reason
}

// storyReport is one outlet's report in the order of publication.
type storyReport struct {
	Outlet, Title, Link, Text, Dir, Lag string
	When                                moment
	Inferred                            bool
}

// reason is why a report stands in the group.
type reason struct {
	Outlet, Why, Score, Threshold string
	Words, Conflicts              []string
}

// maxTeaser is what a report's text is cut to on the story's page, in characters: two lines.
const maxTeaser = 160

// story renders the page of a group, or gives rafid.ErrNotFound.
func (ed *edition) story(ctx context.Context, m medium, id string) ([]byte, error) {
	e, err := ed.store.Entry(ctx, id)
	if err != nil {
		return nil, err
	}
	return ed.storyOf(ctx, m, e)
}

func (ed *edition) storyOf(ctx context.Context, m medium, e rafid.Entry) ([]byte, error) {
	id, lead := e.Group.ID, e.Lead()
	order := byPublication(e.Stories)
	first, last := e.Stories[order[0]], e.Stories[order[len(order)-1]]
	body := &storyPage{
		Heading: cmp.Or(line(e.Group.Title), ed.outlet(lead)), Many: ed.style.Count(len(ed.firstReports(e)), sourceCount),
		First: ed.outlet(first), Outlet: ed.outlet(lead), Link: webLink(lead.Link), Feed: m.href("/s/" + id + "." + ed.Formats[0]),
		Date: moment{rfc3339(e.Group.Published), ed.style.Date(e.Group.Published)},
	}
	if len(ed.firstReports(e)) > 1 {
		body.Span = ed.style.Duration(last.Published.Sub(first.Published))
	}
	ed.addReports(m, body, e, order)
	if err := ed.addFormer(ctx, m, body, e.Group.Thread); err != nil {
		return nil, err
	}
	if err := ed.addLater(ctx, m, body, id); err != nil {
		return nil, err
	}
	pg := ed.newPage(m, "/s/"+id, body.Heading, body)
	pg.Kind = "article"
	if text := paragraphs(excerpt(withoutURLs(lead.Summary), maxTeaser)); len(text) > 0 && ed.amount(lead) != ContentHeadline {
		pg.Description = text[0]
	}
	formats := ed.Formats
	if m.file != "" { // one file a story is enough
		formats = formats[:1]
	}
	for _, f := range formats {
		pg.Feeds = append(pg.Feeds, feedLink{line(ed.Site.Title) + " — هذه القصة", shortName(f), mediaType(f),
			m.href("/s/" + id + "." + f)})
	}
	return ed.execute("story", pg)
}

// addReports fills what a story's page tells of each report: that it was made, and why it stands here.
func (ed *edition) addReports(m medium, body *storyPage, e rafid.Entry, order []int) {
	for _, slug := range e.Categories() {
		if _, known := ed.titles[slug]; known {
			body.Categories = append(body.Categories, navLink{Title: ed.category(slug), Href: m.href("/c/" + slug)})
		}
	}
	for _, i := range order {
		body.Reports = append(body.Reports, ed.storyReport(e.Stories[i], e.Stories[order[0]]))
	}
	for i, member := range e.Group.Members {
		if len(e.Group.Members) > 1 && i < len(e.Stories) {
			body.Reasons = append(body.Reasons, ed.reason(member, e.Stories[i]))
		}
	}
}

// byPublication gives the places of the stories in order of publication, and of arrival within one time.
func byPublication(stories []rafid.Story) []int {
	order := make([]int, len(stories))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return stories[a].Published.Compare(stories[b].Published) })
	return order
}

func (ed *edition) storyReport(s, first rafid.Story) storyReport {
	r := storyReport{
		Outlet: ed.outlet(s), Title: line(s.Title), Link: webLink(s.Link), Dir: "rtl", Inferred: s.Inferred,
		When: moment{rfc3339(s.Published), ed.style.Clock(s.Published)},
	}
	if !ed.style.SameDay(s.Published, first.Published) {
		r.When.Text = ed.style.DateTime(s.Published)
	}
	if r.Title == "" {
		r.Title = r.Outlet
	}
	if !arabic.HasRightToLeft(r.Title) {
		r.Dir = "ltr"
	}
	switch lag := s.Published.Sub(first.Published); {
	case s.ID == first.ID:
		r.Lag = "أول من نشر"
	case lag < time.Minute:
		r.Lag = "بعد أقل من دقيقة"
	default:
		r.Lag = "بعد " + ed.style.Duration(lag)
	}
	if ed.amount(s) != ContentHeadline {
		if r.Text = line(excerpt(withoutURLs(s.Summary), maxTeaser)); r.Text == r.Title {
			r.Text = ""
		}
	}
	return r
}

// reason tells a member's evidence, in its own sentence where it brings one.
func (ed *edition) reason(m rafid.Member, s rafid.Story) reason {
	v := m.Evidence
	r := reason{Outlet: ed.outlet(s), Why: line(v.Arabic), Words: lines(v.Words), Conflicts: lines(v.Conflicts),
		Score: "—", Threshold: "—"}
	if r.Why == "" {
		switch m.Relation {
		case rafid.Copy:
			r.Why = "النص نفسه، منقولًا أو مقصوصًا"
		case rafid.Same:
			r.Why = "الحدث نفسه بصياغة أخرى"
		default:
			r.Why = "أصل القصة"
		}
	}
	if m.Relation != rafid.Lead {
		r.Score, r.Threshold = ed.fraction(v.Score), ed.fraction(v.Threshold)
	}
	return r
}

// fraction writes a number between 0 and 1 with two decimals.
func (h *house) fraction(v float64) string {
	return h.style.Digits(strconv.FormatFloat(v, 'f', 2, 64))
}

// addFormer names the story that this one follows. One that is no more is not named.
func (ed *edition) addFormer(ctx context.Context, m medium, body *storyPage, thread string) error {
	if thread == "" {
		return nil
	}
	former, err := ed.store.Entry(ctx, thread)
	if errors.Is(err, rafid.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	body.Former = &navLink{Title: line(former.Group.Title), Href: m.href("/s/" + thread)}
	return nil
}

// addLater names the stories that follow this one, oldest first, as far as a channel carries them now.
func (ed *edition) addLater(ctx context.Context, m medium, body *storyPage, id string) error {
	var ids []string
	for _, c := range ed.order {
		is := c.issue.Load()
		if is == nil || c.lazy || c.Token != "" {
			continue
		}
		for _, later := range is.follows[id] {
			if !slices.Contains(ids, later) {
				ids = append(ids, later)
			}
		}
	}
	var entries []rafid.Entry
	for _, later := range ids {
		e, err := ed.store.Entry(ctx, later)
		if err == nil {
			entries = append(entries, e)
		} else if !errors.Is(err, rafid.ErrNotFound) {
			return err
		}
	}
	slices.SortStableFunc(entries, func(a, b rafid.Entry) int { return a.Group.Published.Compare(b.Group.Published) })
	for _, e := range entries {
		body.Later = append(body.Later, navLink{Title: line(e.Group.Title), Href: m.href("/s/" + e.Group.ID)})
	}
	return nil
}

// storyDocument is the feed of one story: each report an item of its own, newest first.
func (ed *edition) storyDocument(e rafid.Entry) document {
	id := e.Group.ID
	d := document{
		channel: rafid.Channel{Name: "story-" + id}, id: ed.feedID("s/" + id + "/feed"), path: "/s/" + id,
		title: arabic.Lead(line(ed.Site.Title) + " — " + untagged(e.Group.Title)),
		about: arabic.Lead("كل ما نُشر في هذه القصة، تقريرًا تقريرًا"), front: ed.front(rafid.Channel{}),
	}
	if page := ed.url("/s/" + id); page != "" {
		d.front = page
	}
	order := byPublication(e.Stories)
	for _, i := range slices.Backward(order) {
		it := ed.item(alone(e, i))
		it.id = ed.reportID(e.Stories[i].ID)
		d.add(ed.house, it)
		d.updated = latest(d.updated, it.updated)
	}
	return d
}
