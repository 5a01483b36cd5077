package output

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"rafid"
	"rafid/arabic"
)

//go:embed templates/*.html
var templateFiles embed.FS

// parseTemplates reads the pages. html/template escapes every text by where it stands.
func parseTemplates() (*template.Template, error) {
	return template.ParseFS(templateFiles, "templates/*.html")
}

// page is what every page is made of; Body is the page's own.
type page struct {
	Title, Description string
	Site               string
	Path               string // on the site
	Kind               string // of og:type
	Canonical          string
	Feeds              []feedLink // the page's own feed first
	Nav                []navLink
	Fonts              []string
	Style              string
	Body               any
	Served             bool // not a file: what needs a server may be offered

	medium medium
}

// navLink is a way to another page.
type navLink struct {
	Title, Href string
	Current     bool
}

// medium is how a page goes out: served, where times are told from now, or as a file, where they must stay
// true, and links must work from any folder.
type medium struct {
	file  string    // path of the file; empty when served
	base  string    // path of the site's address, before served links
	now   time.Time // zero in a file
	style arabic.Style
	note  func(story string) // told of the stories that a file leads to
}

// moment is a time as a page shows it.
type moment struct{ ISO, Text string }

// when tells a time: how long ago while a page is served, the date and hour in a file.
func (m medium) when(t time.Time) moment {
	if t.IsZero() {
		return moment{Text: "—"}
	}
	if m.now.IsZero() {
		return moment{rfc3339(t), m.style.DateTime(t)}
	}
	return moment{rfc3339(t), m.style.RelativeTime(t, m.now)}
}

// Href gives the way from this page to another path of the site.
func (p *page) Href(to string) string { return p.medium.href(to) }

func (m medium) href(to string) string {
	if m.file == "" {
		return m.base + to
	}
	target, query, _ := strings.Cut(to, "?")
	if id, ok := strings.CutPrefix(target, "/s/"); ok && m.note != nil && !strings.Contains(id, ".") {
		m.note(id)
	}
	up := strings.Repeat("../", strings.Count(m.file, "/"))
	if query != "" {
		query = "?" + query
	}
	return up + fileOf(target) + query
}

// fileOf gives the file that holds a path of the site in a folder of static files: a page is a folder's
// index, which every web server finds under the page's own address.
func fileOf(p string) string {
	p = strings.TrimPrefix(p, "/")
	if p == "" || path.Ext(p) == "" {
		return path.Join(p, "index.html")
	}
	return p
}

// at gives the medium of a page at this path.
func (ed *edition) at(p string, now time.Time) medium {
	m := medium{base: ed.path, now: now, style: ed.style}
	if now.IsZero() {
		m.file = fileOf(p)
	}
	return m
}

// newPage fills what all pages share. p is the page's path.
func (ed *edition) newPage(m medium, p, title string, body any) *page {
	site := line(ed.Site.Title)
	pg := &page{
		Title: windowTitle(title, site), Description: line(ed.Site.Description), Site: site, Path: p, Kind: "website",
		Canonical: ed.url(p), Style: m.href("/style.css") + "?v=" + ed.version, Body: body, medium: m, Served: m.file == "",
	}
	for _, f := range fontFiles {
		if ed.assets[f] != nil {
			pg.Fonts = append(pg.Fonts, m.href(f))
		}
	}
	pg.Nav = append(pg.Nav, navLink{"الأحدث", m.href("/"), p == "/"})
	for _, c := range ed.Categories {
		at := "/c/" + c.Slug
		pg.Nav = append(pg.Nav, navLink{ed.category(c.Slug), m.href(at), p == at})
	}
	return pg
}

// maxTitle is what search engines and tabs show of a title, in characters.
const maxTitle = 70

// windowTitle is the title of a page with the site's name, when there is room for it.
func windowTitle(title, site string) string {
	if both := title + " — " + site; utf8.RuneCountInString(template.HTMLEscapeString(both)) <= maxTitle {
		return both
	}
	title = untagged(title)
	escapes := len(template.HTMLEscapeString(title)) - len(title)
	return excerpt(title, max(1, maxTitle-1-escapes))
}

// feedLink is a feed as pages name it.
type feedLink struct{ Title, Short, Type, Href string }

// shortName is the name of a format in a line of them.
func shortName(format string) string {
	switch format {
	case Atom:
		return "Atom"
	case RSS:
		return "RSS"
	}
	return "JSON"
}

// feedLinks gives the ways to a channel's feeds, in the operator's order of formats.
func (ed *edition) channelLinks(m medium, ch rafid.Channel) []feedLink {
	var links []feedLink
	for _, f := range ed.formats(ch) {
		links = append(links, feedLink{ed.feedTitle(ch), shortName(f), mediaType(f), m.href(feedPath(ch, f))})
	}
	return links
}

// execute writes the page.
func (ed *edition) execute(name string, p *page) ([]byte, error) {
	var b bytes.Buffer
	if err := ed.templates.ExecuteTemplate(&b, name, p); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// storyLine is a story in a list.
type storyLine struct {
	Title, Page string
	Outlet      string
	When        moment
	Inferred    bool
	Many        string // "5 مصادر", empty for one
	Also        []alsoLink
}

type alsoLink struct{ Outlet, Link string }

// maxAlso is how many other outlets a line of the list names: two lines of text on a phone.
const maxAlso = 6

// storyLine makes the line of an entry.
func (ed *edition) storyLine(m medium, e rafid.Entry) storyLine {
	lead := e.Lead()
	l := storyLine{
		Title: line(e.Group.Title), Page: m.href("/s/" + e.Group.ID), Outlet: ed.outlet(lead),
		When: m.when(e.Group.Published), Inferred: lead.Inferred,
	}
	if l.Title == "" {
		l.Title = l.Outlet
	}
	firsts := ed.firstReports(e)
	if len(firsts) > 1 {
		l.Many = ed.style.Count(len(firsts), sourceCount)
	}
	for _, i := range firsts {
		if s := e.Stories[i]; ed.outlet(s) != l.Outlet && len(l.Also) < maxAlso {
			l.Also = append(l.Also, alsoLink{ed.outlet(s), webLink(s.Link)})
		}
	}
	return l
}
