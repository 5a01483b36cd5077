package output

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rafid"
	"rafid/arabic"
)

// item is a group as feeds show it, before a format or a channel is chosen. It is a pure function of the
// entry and the house: what makes it up is never the clock.
type item struct {
	id     string
	at     string // path of its page, for links of our own pages
	title  string // right to left; without the outlet's name
	outlet string // readers' name of the lead's outlet
	home   string // the outlet's site, may be empty
	source rafid.Source
	link   string // the article
	page   string // our story page; empty when the site has no address
	former string // page of the story that this one follows; empty when none

	published, updated time.Time
	sourced            time.Time // when the lead was last changed at its source

	lang, dir  string
	categories []label
	tags       []string
	byline     string
	image      string
	imageType  string
	caption    string
	text       []string // paragraphs of plain text
	full       string   // clean HTML, instead of text
	others     []report

	heading, html string // title and body as one channel tells them
}

// label is a category as readers see it.
type label struct{ term, name string }

// report is another outlet's headline on the same news.
type report struct{ outlet, title, link string }

// steps are the numbers of outlets at which an item is written anew. Feedbin shows an item as unread again
// when its text grows by more than 50 characters: a story of 20 outlets comes up six times, not twenty.
var steps = [...]int{20, 10, 5, 3, 2, 1}

// item makes what the feeds show of an entry.
func (h *house) item(e rafid.Entry) item {
	lead, src := e.Lead(), h.source(e.Lead())
	it := item{
		id: h.groupID(e.Group.ID), at: "/s/" + e.Group.ID,
		title:  arabic.Lead(untagged(e.Group.Title)),
		outlet: h.outlet(lead), home: webLink(cmp.Or(src.Home, h.homes[lead.Source])), source: src,
		link:      webLink(lead.Link),
		page:      h.url("/s/" + e.Group.ID),
		published: e.Group.Published.UTC().Truncate(time.Second),
		sourced:   lead.Revised.UTC().Truncate(time.Second),
		tags:      lines(lead.Tags), byline: untagged(lead.Author),
		image: webLink(lead.Image.URL), caption: untagged(lead.Image.Caption),
	}
	it.lang, it.dir = language(lead, it.title)
	if it.title == "" {
		it.title = arabic.Lead(it.outlet)
	}
	it.link = cmp.Or(it.link, it.page, it.home)
	if e.Group.Thread != "" {
		it.former = h.url("/s/" + e.Group.Thread)
	}
	if it.image != "" {
		it.imageType = imageType(it.image)
	}
	for _, slug := range e.Categories() {
		if _, known := h.titles[slug]; known { // stories may still hold one that the operator took out
			it.categories = append(it.categories, label{slug, h.category(slug)})
		}
	}
	h.addText(&it, lead)
	h.addCoverage(&it, e)
	return it
}

// addText gives the item as much of the story's text as the operator publishes and its source allows.
func (h *house) addText(it *item, s rafid.Story) {
	amount := h.amount(s)
	switch {
	case amount == ContentHeadline:
		return
	case amount == ContentFull && s.Content != "":
		if it.full = h.clean(s.Content); it.full != "" {
			return
		}
	}
	text := withoutURLs(s.Summary)
	if amount == ContentSummary {
		text = excerpt(text, maxExcerpt)
	}
	it.text = paragraphs(text)
	if len(it.text) == 1 && it.text[0] == line(s.Title) {
		it.text = nil
	}
}

// amount says how much of a story's text is shown: what this site shows, but no more than the source allows.
func (h *house) amount(s rafid.Story) string {
	most := slices.Index(amounts[:], h.sources[s.Source].Content)
	if most < 0 {
		return h.Content
	}
	return amounts[min(most, slices.Index(amounts[:], h.Content))]
}

// maxExcerpt is what a summary is cut to, in characters: about two sentences. Outlets' own descriptions have
// a median of 170 and a long tail of whole articles, which are theirs to show.
const maxExcerpt = 280

// addCoverage gives the item the other outlets' headlines and the time when they or the lead last changed. What
// nobody has changed was updated when it was published, not when we met it.
func (h *house) addCoverage(it *item, e rafid.Entry) {
	firsts, lead := h.firstReports(e), e.Lead()
	it.updated = it.published
	if lead.Revised.After(lead.FirstSeen) {
		it.updated = latest(it.updated, lead.Revised)
	}
	if len(firsts) == 0 {
		return
	}
	if lead.ID != e.Stories[0].ID { // it took another's place
		it.updated = latest(it.updated, joined(e, lead.ID))
	}
	k := steps[slices.IndexFunc(steps[:], func(k int) bool { return k <= len(firsts) })]
	if k > 1 {
		it.updated = latest(it.updated, e.Group.Members[firsts[k-1]].Joined)
	}
	for _, i := range firsts[:k] {
		if s := e.Stories[i]; h.outlet(s) != it.outlet && len(it.others) < k-1 {
			it.others = append(it.others, report{h.outlet(s), line(s.Title), webLink(s.Link)})
		}
	}
}

// firstReports gives, for each independent outlet in order of joining, the place of its first story. Outlets
// of one name are one to readers, also when the list of sources does not say so.
func (h *house) firstReports(e rafid.Entry) []int {
	var firsts []int
	seen := make(map[string]bool, len(e.Stories))
	for i, s := range e.Stories[:min(len(e.Stories), len(e.Group.Members))] {
		if name := h.outlet(s); !seen[name] {
			seen[name] = true
			firsts = append(firsts, i)
		}
	}
	return firsts
}

func joined(e rafid.Entry, story string) time.Time {
	for _, m := range e.Group.Members {
		if m.Story == story {
			return m.Joined
		}
	}
	return time.Time{}
}

// latest gives the last of the times, to the second in UTC.
func latest(times ...time.Time) time.Time {
	last := slices.MaxFunc(times, time.Time.Compare)
	return last.UTC().Truncate(time.Second)
}

func lines(texts []string) []string {
	var out []string
	for _, t := range texts {
		if t = untagged(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// rightToLeft are the languages in letters that run from right to left, of those that Arabic outlets' feeds
// are mixed with.
var rightToLeft = []string{"ar", "fa", "ur", "ckb", "ps", "he", "sd", "ug", "dv"}

// language gives what lang and dir say of a story. A headline without one right-to-left letter runs left to
// right, whatever its feed claims.
func language(s rafid.Story, title string) (lang, dir string) {
	lang = cmp.Or(line(s.Lang), "ar")
	if !isLanguage(lang) {
		lang = "ar"
	}
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if arabic.FirstStrong(title) == arabic.LeftToRight {
		if base == "ar" {
			lang = "und"
		}
		return lang, "ltr"
	}
	if !slices.Contains(rightToLeft, base) && arabic.HasRightToLeft(title) {
		return "ar", "rtl"
	}
	if slices.Contains(rightToLeft, base) {
		return lang, "rtl"
	}
	return lang, "ltr"
}

// isLanguage says whether s has the form of a BCP 47 tag.
func isLanguage(s string) bool {
	for part := range strings.SplitSeq(s, "-") {
		if len(part) == 0 || len(part) > 8 || !isSlug(part) || strings.Contains(part, "_") {
			return false
		}
	}
	return s[0] > '9'
}

// credited gives the title with the outlet's name where the operator wants it; a channel that says itself
// whose news it carries needs none.
func (h *house) credited(it item, ch rafid.Channel) string {
	switch {
	case !h.credits(ch):
		return it.title
	case h.Credit == CreditPrefix:
		return arabic.Lead(it.outlet + " — " + strings.TrimPrefix(it.title, string(arabic.RightToLeftMark)))
	}
	return it.title + " — " + it.outlet
}

// credits says whether titles of the channel carry the outlet's name.
func (h *house) credits(ch rafid.Channel) bool { return !ch.Credited && h.Credit != CreditNone }
