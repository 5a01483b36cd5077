package output

import (
	"cmp"
	"strings"

	"github.com/microcosm-cc/bluemonday"

	"rafid"
	"rafid/arabic"
)

// house is everything that follows from the options: how this site writes. It never changes; a reload makes
// a new one.
type house struct {
	Options
	style     arabic.Style
	authority string // of ids
	path      string // of the site's address, for links within it: "" or "/news"
	sources   map[string]rafid.Source
	outlets   map[string]string // readers' name by outlet id
	homes     map[string]string // an outlet's site by source id, where a sister feed tells it
	titles    map[string]string // of categories by slug
	policy    *bluemonday.Policy
}

func newHouse(o Options) *house {
	h := &house{
		Options: o,
		style: arabic.Style{Months: arabic.Months(o.Site.Months), Numerals: arabic.Numerals(o.Site.Numerals),
			Zone: o.Site.Zone},
		authority: authority(o.Site.URL),
		sources:   make(map[string]rafid.Source, len(o.Sources)),
		outlets:   make(map[string]string),
		homes:     make(map[string]string),
		titles:    map[string]string{rafid.Other: "متفرقات"},
		policy:    newPolicy(),
	}
	if _, rest, ok := strings.Cut(o.Site.URL, "://"); ok {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			h.path = rest[i:]
		}
	}
	byOutlet := make(map[string]string)
	for _, s := range o.Sources {
		h.sources[s.ID] = s
		outlet := cmp.Or(s.Outlet, s.ID)
		h.outlets[outlet] = cmp.Or(h.outlets[outlet], untagged(s.Name), s.ID)
		byOutlet[outlet] = cmp.Or(byOutlet[outlet], s.Home)
	}
	for _, s := range o.Sources {
		h.homes[s.ID] = byOutlet[cmp.Or(s.Outlet, s.ID)]
	}
	for _, c := range o.Categories {
		h.titles[c.Slug] = cmp.Or(untagged(c.Title), c.Slug)
	}
	return h
}

// as gives the house as it writes this channel.
func (h *house) as(ch rafid.Channel) *house {
	if ch.Content == "" && ch.Credit == "" {
		return h
	}
	tuned := *h
	tuned.Content, tuned.Credit = cmp.Or(ch.Content, h.Content), cmp.Or(ch.Credit, h.Credit)
	return &tuned
}

// formats gives the formats of a channel, best first.
func (h *house) formats(ch rafid.Channel) []string {
	if len(ch.Formats) > 0 {
		return ch.Formats
	}
	return h.Formats
}

// url gives the absolute address of one of our own paths, or "" when the site has none.
func (h *house) url(path string) string {
	if h.Site.URL == "" {
		return ""
	}
	return h.Site.URL + path
}

// front is where the channel's readers read on the web. RSS wants such a link even when there is none.
func (h *house) front(ch rafid.Channel) string {
	return cmp.Or(h.url(h.frontPath(ch)), "https://"+neutral+"/")
}

// frontPath is the page that shows what the channel carries.
func (h *house) frontPath(ch rafid.Channel) string {
	if h.isCategory(ch) {
		return "/c/" + ch.Query.Category
	}
	return "/"
}

// isCategory says whether the channel is that of a whole category.
func (h *house) isCategory(ch rafid.Channel) bool {
	q := ch.Query
	return q.Category != "" && ch.Name == q.Category && q.Source == "" && q.MinSources <= 1
}

// feedID is the id of a channel's feed, the same in all formats.
func (h *house) feedID(channel string) string {
	return "tag:" + h.authority + "," + tagYear + ":" + channel
}

// groupID is the id of an item, the same in all channels and formats.
func (h *house) groupID(group string) string { return h.feedID("s/" + group) }

// reportID is the id of one outlet's report where a story's own feed tells it: readers that know items by id
// across feeds, as newsboat and tt-rss, must not take it for the story.
func (h *house) reportID(story string) string { return h.feedID("r/" + story) }

// source gives the feed that a story came from; one that has left feeds.yaml has only its id.
func (h *house) source(s rafid.Story) rafid.Source {
	if src, ok := h.sources[s.Source]; ok {
		return src
	}
	return rafid.Source{ID: s.Source, Name: s.Source, Outlet: s.Outlet}
}

// outlet gives the name that readers know a story's outlet by.
func (h *house) outlet(s rafid.Story) string {
	return cmp.Or(h.outlets[s.Outlet], untagged(h.sources[s.Source].Name), line(s.Outlet), line(s.Source))
}

// category gives the Arabic name of a category.
func (h *house) category(slug string) string { return cmp.Or(h.titles[slug], line(slug)) }

// feedTitle is the channel's title with the site's name before it, starting in Arabic.
func (h *house) feedTitle(ch rafid.Channel) string {
	title := cmp.Or(untagged(ch.Title), ch.Name)
	return arabic.Lead(line(h.Site.Title) + " — " + title)
}

// feedDescription says in one line what the channel carries.
func (h *house) feedDescription(ch rafid.Channel) string {
	if ch.Digest != "" {
		return h.digestAbout()
	}
	if about := h.selection(ch.Query); about != "" {
		return arabic.Lead("القصص " + about)
	}
	return arabic.Lead(line(h.Site.Description))
}

// selection says which stories a query selects, as far as its title does not: "" when it says nothing.
func (h *house) selection(q rafid.Query) string {
	var parts []string
	if q.MinSources > 1 {
		part := "التي نشرها " + h.style.Count(q.MinSources, sourceCount) + " على الأقل"
		if q.Within > 0 {
			part += " خلال " + h.style.Duration(q.Within)
		}
		parts = append(parts, part)
	}
	if len(q.Words) > 0 {
		parts = append(parts, "التي تذكر «"+strings.Join(lines(q.Words), "» أو «")+"»")
	}
	if len(q.Exclude) > 0 {
		parts = append(parts, "بلا «"+strings.Join(lines(q.Exclude), "» ولا «")+"»")
	}
	return strings.Join(parts, "، ")
}

// sourceCount counts outlets.
var sourceCount = arabic.Noun{Zero: "لا مصادر", One: "مصدر واحد", Two: "مصدران", Dual: "مصدرين",
	Few: "مصادر", Many: "مصدرًا", Other: "مصدر"}
