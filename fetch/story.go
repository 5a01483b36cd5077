package fetch

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rafid"
	"rafid/arabic"
)

// Ways to treat an item that is dated in the future; see [Target.FutureDates].
const (
	Clamp = "clamp" // published now
	Hold  = "hold"  // kept back until its time has come
	Drop  = "drop"  // left out
)

// skew is how far a clock may run ahead before a date counts as the future. News servers are seen up to
// two minutes ahead.
const skew = 5 * time.Minute

// oldest is the earliest date believed: 1970 and its neighbours are an unset clock.
func oldest() time.Time { return time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC) }

// teller makes stories of the items of one reading.
type teller struct {
	source rafid.Source
	future string
	now    time.Time
	dates  dater
	base   string
	lang   string // the feed's own
	title  string // the feed's own

	held   int    // items kept back for their time
	ledger ledger // what the source's stories went by; nil when nothing is remembered
}

// stories gives the stories of a reading, in its order, each id once.
func (t *teller) stories(r *reading) []rafid.Story {
	told := make([]rafid.Story, 0, len(r.items))
	drafts := make([]draft, 0, len(r.items))
	guids := sharedGUIDs(r)
	for i := range r.items {
		it := &r.items[i]
		s, ok := t.story(it)
		if !ok {
			continue
		}
		told = append(told, s)
		drafts = append(drafts, draft{story: &told[len(told)-1], item: it, shared: guids[it.name()]})
	}
	t.name(drafts, r.known)
	seen := make(map[string]bool, len(told))
	for _, d := range drafts {
		d.item.story = d.story.ID
	}
	return slices.DeleteFunc(told, func(s rafid.Story) bool {
		again := seen[s.ID]
		seen[s.ID] = true
		return again
	})
}

// address is the article's: its link, or its id where that says that it is an address.
func (it *item) address() string {
	if it.link == "" && it.permalink {
		return it.id
	}
	return it.link
}

// origin is the name of the outlet that an item was taken from; empty when it is the feed's own.
func (it *item) origin() string {
	if it.source == nil {
		return ""
	}
	return it.source.Title
}

// story makes one item a story, but for its id; false when it is left out or says nothing.
func (t *teller) story(it *item) (rafid.Story, bool) {
	base := cmp.Or(against(t.base, it.base), t.base)
	s := rafid.Story{
		Source: t.source.ID, Outlet: t.source.Outlet, GUID: strings.TrimSpace(it.id),
		Link: webAddress(base, it.address()), Author: byline(it.authors), Labels: labels(it.categories),
		Image:     rafid.Image{URL: webAddress(base, it.image.URL), Caption: line(text{value: it.caption})},
		FirstSeen: t.now, Revised: t.now,
	}
	if s.URL = canonical(s.Link); strings.Count(s.URL, "/") == 2 && !strings.Contains(s.URL, "?") {
		s.URL = "" // the site's front page tells no articles apart
	}
	full := line(it.title)
	s.Title, _ = headline(full, cmp.Or(t.source.Name, t.title), it.origin())
	t.texts(&s, it, base)
	if s.Title == "" {
		s.Title = firstSentence(s.Summary)
	}
	if s.Title == "" {
		return s, false
	}
	if !t.date(&s, it) {
		return s, false
	}
	s.Lang = language(cmp.Or(it.language, it.title.lang, t.lang), s.Title+" "+s.Summary)
	s.Hash = contentHash(&s)
	return s, true
}

// texts fills summary, content, and what the text tells about the picture and the section.
func (t *teller) texts(s *rafid.Story, it *item, base string) {
	summary, content := unwrap(it.summary), unwrap(it.content)
	lead, pictures := blocksOf(summary)
	b := strip(lead, pictures, s.Title, s.Labels)
	s.Summary = b.text()
	var whole body
	if content.value != "" && content.value != summary.value {
		blocks, more := blocksOf(content)
		pictures = append(pictures, more...)
		whole = strip(blocks, more, s.Title, s.Labels)
	}
	switch all := whole.text(); {
	case s.Summary == "":
		s.Summary = opening(all)
		fallthrough
	case len(all) > len(s.Summary)+len(s.Summary)/4:
		if len(whole.paragraphs) > 0 && all != s.Summary {
			s.Content = shown(content, whole, base)
		}
	}
	s.Summary = strings.TrimSpace(ellipsis(withoutPointer(s.Summary)))
	if label := cmp.Or(b.label, whole.label); label != "" && !slices.Contains(s.Labels, label) {
		s.Labels = append(s.Labels, label)
	}
	t.illustrate(s, pictures, cmp.Or(b.caption, whole.caption), base)
}

// illustrate finds picture and caption in the text where the feed gave none apart.
func (t *teller) illustrate(s *rafid.Story, pictures []figure, caption, base string) {
	if s.Image.URL == "" && len(pictures) > 0 {
		s.Image.URL = webAddress(base, pictures[0].url)
	}
	s.Image.Caption = cmp.Or(s.Image.Caption, caption)
	if s.Image.Caption == "" && len(pictures) > 0 && pictures[0].alt != s.Title {
		s.Image.Caption = pictures[0].alt
	}
	if strings.Contains(s.Image.Caption, "://") || s.Image.Caption == s.Title {
		s.Image.Caption = ""
	}
}

// date fills Published; false when the item waits or is left out for a date in the future.
func (t *teller) date(s *rafid.Story, it *item) bool {
	when := t.dates.read(it.published)
	if when.Before(oldest()) {
		when = t.dates.read(it.updated)
	}
	switch {
	case when.Before(oldest()):
		s.Published, s.Inferred = t.now, true
	case when.After(t.now.Add(skew)) && t.future == Drop:
		return false
	case when.After(t.now.Add(skew)) && t.future == Hold:
		t.held++
		return false
	case when.After(t.now):
		s.Published = t.now
	default:
		s.Published = when
	}
	return true
}

// shown is the content as HTML for readers, without what strip took out.
func shown(t text, b body, base string) string {
	if t.plain || !strings.ContainsRune(t.value, '<') {
		var out strings.Builder
		for _, p := range b.paragraphs {
			out.WriteString("<p>" + escape(p.text) + "</p>\n")
		}
		return strings.TrimSpace(out.String())
	}
	return prune(text{value: t.value, base: t.base}.safe(base), b)
}

func escape(s string) string { return text{value: s, plain: true}.safe("") }

// openingRunes is about as much of a content as stands for a summary that a feed does not give.
const openingRunes = 700

// opening is the first paragraphs of a text.
func opening(s string) string {
	if utf8.RuneCountInString(s) <= openingRunes {
		return s
	}
	n := 0
	for i := range s {
		if n++; n == openingRunes {
			if at := strings.LastIndexByte(s[:i], '\n'); at > 0 {
				return s[:at]
			}
			if at := strings.LastIndexByte(s[:i], ' '); at > 0 {
				return s[:at] + "…"
			}
			return s[:i]
		}
	}
	return s
}

// titleRunes is where a headline made of a text is cut.
const titleRunes = 110

// firstSentence makes a headline for an item that has none.
func firstSentence(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	for i, r := range s {
		if (r == '.' || r == '؟' || r == '!') && i > 20 && i < 3*titleRunes {
			return s[:i]
		}
	}
	if utf8.RuneCountInString(s) <= titleRunes {
		return s
	}
	cut := string([]rune(s)[:titleRunes])
	if at := strings.LastIndexByte(cut, ' '); at > 0 {
		cut = cut[:at]
	}
	return cut + "…"
}

// ellipsis gives the mark of a cut text one form.
func ellipsis(s string) string {
	for _, cut := range []string{"[…]", "[...]", "[ … ]", "(...)", "[&hellip;]"} {
		if rest, ok := strings.CutSuffix(s, cut); ok {
			return strings.TrimRight(rest, " .") + "…"
		}
	}
	return s
}

// byline joins the names of the authors.
func byline(who []Person) string {
	var names []string
	for _, p := range who[:min(len(who), maxPeople)] {
		n := line(text{value: p.Name})
		if n != "" && !strings.Contains(n, "://") && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return strings.Join(names, "، ")
}

// labels are the sections that the outlet gives, as given, each once.
func labels(cs []Category) []string {
	var out []string
	keys := make(map[string]bool, len(cs))
	for _, c := range cs {
		l := line(text{value: cmp.Or(c.Label, c.Term)})
		key := arabic.FoldKey(l)
		if key == "" || keys[key] || strings.Contains(l, "://") {
			continue
		}
		keys[key] = true
		out = append(out, l)
	}
	return out
}

// language is Arabic unless the feed names another language and the letters agree.
func language(named, letters string) string {
	tag, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(named)), "-")
	tag, _, _ = strings.Cut(tag, "_")
	if tag == "" || tag == "ar" || len(tag) > 3 {
		return "ar"
	}
	share, n := arabic.Share(letters)
	if n == 0 || share < 0.5 {
		return tag
	}
	if strings.ContainsAny(letters, "پچژگکیےٹڈڑں") && (tag == "fa" || tag == "ur" || tag == "ku" || tag == "ps" || tag == "ckb") {
		return tag
	}
	return "ar"
}
