package newsroom

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

//go:embed world
var files embed.FS

// text is what a reporter hands in: a headline and the sentences below it.
type text struct {
	head  string
	lines []string
}

// event is one written piece of news: the agency's text, other headlines for it, texts by others who were
// there, and what came of it later.
type event struct {
	id, category string
	wire         text
	heads        []string
	own          []text
	next         *text
}

// outlet is one outlet as world/outlets.json describes it.
type outlet struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Country  string            `json:"country"`
	Zone     int               `json:"zone"`     // minutes east of UTC, of the dates that it writes
	Kind     string            `json:"kind"`     // rss, atom, json, rdf
	Charset  string            `json:"charset"`  // of the bytes, empty is UTF-8
	Wart     string            `json:"wart"`     // what is wrong with the feed
	Body     string            `json:"body"`     // lead: two sentences; full: all; both: the lead, and all as content
	Section  string            `json:"section"`  // label: category elements; path: only in the link
	Labels   map[string]string `json:"labels"`   // by category
	Category string            `json:"category"` // of the whole feed
	Only     []string          `json:"only"`     // categories that it reports; empty is all
	Agency   bool              `json:"agency"`
	Image    bool              `json:"image"`

	base string // http://host:port, known once the listener is bound
}

func (o *outlet) reports(category string) bool {
	return len(o.Only) == 0 || slices.Contains(o.Only, category)
}

func (o *outlet) feedPath() string {
	switch o.Kind {
	case "atom":
		return "/atom.xml"
	case "json":
		return "/feed.json"
	case "rdf":
		return "/rss.rdf"
	}
	return "/rss.xml"
}

type category struct{ slug, title string }

// categories are the sections of the invented press, in the order of menus. Each has its file of events.
func categories() []category {
	return []category{
		{"politics", "سياسة"}, {"world", "العالم"}, {"economy", "اقتصاد"}, {"sport", "رياضة"},
		{"tech", "علوم وتقنية"}, {"culture", "ثقافة"}, {"health", "صحة"}, {"society", "مجتمع"},
	}
}

// desk is the small change of an editor: what is added to texts and swapped in them.
type desk struct {
	captions, names, comments, tails []string
	edits                            *strings.Replacer
}

func loadOutlets() ([]*outlet, error) {
	data, err := files.ReadFile("world/outlets.json")
	if err != nil {
		return nil, err
	}
	var all []*outlet
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("world/outlets.json: %w", err)
	}
	return all, nil
}

// loadArchive reads a txtar file of the world.
func loadArchive(name string) ([]txtar.File, error) {
	data, err := files.ReadFile("world/" + name)
	if err != nil {
		return nil, err
	}
	return txtar.Parse(data).Files, nil
}

func loadEvents() ([]event, error) {
	var all []event
	for _, c := range categories() {
		parts, err := loadArchive(c.slug + ".txt")
		if err != nil {
			return nil, err
		}
		events, err := parseEvents(c.slug, parts)
		if err != nil {
			return nil, fmt.Errorf("world/%s.txt: %w", c.slug, err)
		}
		all = append(all, events...)
	}
	return all, nil
}

// parseEvents gathers the parts ID/wire, ID/heads, ID/own.N and ID/next. The wire comes first.
func parseEvents(category string, parts []txtar.File) ([]event, error) {
	var all []event
	for _, f := range parts {
		id, part, ok := strings.Cut(f.Name, "/")
		if !ok {
			return nil, fmt.Errorf("%s: want ID/part", f.Name)
		}
		if part == "wire" {
			all = append(all, event{id: id, category: category, wire: parseText(f.Data)})
			continue
		}
		if len(all) == 0 || all[len(all)-1].id != id {
			return nil, fmt.Errorf("%s: its wire does not stand before it", f.Name)
		}
		e := &all[len(all)-1]
		switch {
		case part == "heads":
			e.heads = lines(f.Data)
		case strings.HasPrefix(part, "own."):
			e.own = append(e.own, parseText(f.Data))
		case part == "next":
			t := parseText(f.Data)
			e.next = &t
		default:
			return nil, fmt.Errorf("%s: unknown part", f.Name)
		}
	}
	return all, nil
}

func parseText(data []byte) text {
	all := lines(data)
	if len(all) == 0 {
		return text{}
	}
	return text{head: all[0], lines: all[1:]}
}

// lines are the lines of a part that are not blank.
func lines(data []byte) []string {
	var all []string
	for l := range strings.Lines(string(data)) {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, l)
		}
	}
	return all
}

func loadDesk() (*desk, error) {
	parts, err := loadArchive("desk.txt")
	if err != nil {
		return nil, err
	}
	d := &desk{}
	for _, f := range parts {
		switch f.Name {
		case "captions":
			d.captions = lines(f.Data)
		case "names":
			d.names = lines(f.Data)
		case "comments":
			d.comments = lines(f.Data)
		case "tails":
			d.tails = lines(f.Data)
		default:
			return nil, fmt.Errorf("world/desk.txt: %s: unknown part", f.Name)
		}
	}
	data, err := files.ReadFile("world/edits.txt")
	if err != nil {
		return nil, err
	}
	var pairs []string
	for _, l := range lines(data) {
		from, to, ok := strings.Cut(l, " = ")
		if !ok {
			return nil, fmt.Errorf("world/edits.txt: %q: want FROM = TO", l)
		}
		pairs = append(pairs, " "+from+" ", " "+to+" ")
	}
	d.edits = strings.NewReplacer(pairs...)
	return d, nil
}
