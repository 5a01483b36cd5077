package config

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"rafid"
	"rafid/arabic"
)

// feeds is what outputs.feeds asks for.
type feeds struct {
	named []*wish // all, top, and those of the operator's own names
	each  []string
}

// wish is a channel as the file asks for it.
type wish struct {
	rafid.Channel
	key *yaml.Node            // its name
	at  map[string]*yaml.Node // the values that were given, by key

	spoilt bool // a problem may have hidden one of them
}

// usualFeeds are the channels of a file that names none.
func usualFeeds() *feeds {
	return &feeds{named: []*wish{newWish("all", nil), newWish("top", nil)}, each: eachNames()}
}

func eachNames() []string { return []string{"category", "source"} }

func newWish(name string, key *yaml.Node) *wish {
	w := &wish{key: key, at: map[string]*yaml.Node{}}
	w.Name = name
	switch name {
	case "all":
		w.Title = allTitle
	case "top":
		w.Title, w.Query.MinSources = topTitle, defaultTop
	}
	return w
}

func (r *reader) feeds(n *yaml.Node, c *Config) {
	f := &feeds{}
	for _, p := range r.pairs(n, "outputs.feeds", "duplicate-key") {
		switch p.name {
		case "each":
			f.each = r.each(p.value)
		default:
			if w := r.wish(p, c); w != nil {
				f.named = append(f.named, w)
			}
		}
	}
	r.asked = f
}

// each reads category and source.
func (r *reader) each(n *yaml.Node) []string {
	var kinds []string
	if isNull(n) {
		return nil
	}
	for _, item := range r.items(n, "each") {
		if v, ok := r.choice(item, "each", eachNames()); ok && !slices.Contains(kinds, v) {
			kinds = append(kinds, v)
		}
	}
	return kinds
}

// wish reads one channel; nil when it is none.
func (r *reader) wish(p pair, c *Config) *wish {
	w := newWish(p.name, p.key)
	standing := p.name == "all" || p.name == "top"
	if !standing && (!r.id(p.key, p.name, "channel") || !r.ownName(p)) {
		return nil
	}
	if !standing && target(p.value).Kind != yaml.MappingNode {
		r.unknownKey(p, "outputs.feeds", []string{"all", "top", "each"})
		return nil
	}
	if isNull(p.value) {
		return w
	}
	before := len(r.problems)
	r.mapping(p.value, "channel "+p.name, w.noted(r.channelKeys(w, c)))
	if w.spoilt = r.problems[before:].Errors(); !w.spoilt {
		r.sound(w)
	}
	return w
}

// ownName keeps channels apart from the address under which searches are answered.
func (r *reader) ownName(p pair) bool {
	if p.name == "search" {
		r.report(p.key, "reserved", "choose another name, such as found", "%q is the address of the search", p.name)
	}
	return p.name != "search"
}

// noted makes keys that remember where they were read.
func (w *wish) noted(keys []key) []key {
	for i, k := range keys {
		keys[i].read = func(n *yaml.Node) { w.at[k.name] = n; k.read(n) }
	}
	return keys
}

// channelKeys are what a channel of this name may say: how it looks, and, unless it is all or top, what it
// selects.
func (r *reader) channelKeys(w *wish, c *Config) []key {
	keys := r.showKeys(w)
	q := &w.Query
	outlets := key{"min_sources", "So many independent outlets make a story important.", numberForm(1),
		func(n *yaml.Node) { r.count(n, "min_sources", &q.MinSources) }, false}
	within := key{"within", "…that published within so long of one another.", durationForm(), func(n *yaml.Node) { r.span(n, "within", &q.Within) }, false}
	switch w.Name {
	case "all":
		return keys
	case "top":
		return append(keys, outlets, within)
	}
	return append(keys, outlets, within,
		key{"words", "Stories that tell one of these, in any spelling; of several words in one, all.", oneOrList(textForm()),
			func(n *yaml.Node) { q.Words = r.wordsList(n, "words") }, false},
		key{"exclude", "Stories that tell none of these.", oneOrList(textForm()), func(n *yaml.Node) { q.Exclude = r.wordsList(n, "exclude") }, false},
		key{"when", `Stories of which one report fulfils a condition such as words("…") and not source(id); see docs/categories.md.`, textForm(),
			func(n *yaml.Node) { r.condition(n, q, c) }, false},
		key{"sources", "Stories of one of these sources.", oneOrList(idForm()), func(n *yaml.Node) { q.Sources = r.sourceIDs(n, c) }, false},
		key{"categories", "Stories of one of these categories.", oneOrList(idForm()), func(n *yaml.Node) { q.Categories = r.slugs(n) }, false},
		key{"countries", "Stories of sources of one of these countries, ISO 3166.", oneOrList(form{"type": "string", "pattern": "^[A-Z]{2}$"}),
			func(n *yaml.Node) { q.Countries = r.countries(n) }, false},
		key{"max_age", "No story is older than the newest by more.", durationForm(), func(n *yaml.Node) { r.span(n, "max_age", &q.Age) }, false},
		key{"digest", "A cron line: instead of stories one item each time, with the widest of them.", form{"type": "string", "examples": []string{"0 7 * * *"}},
			func(n *yaml.Node) { r.digest(n, w) }, false})
}

// selecting are the keys of channelKeys that say which stories a channel has.
func selecting() []string {
	return []string{"words", "exclude", "when", "sources", "categories", "countries", "min_sources", "within", "max_age", "digest"}
}

func scopeNames() []string { return []string{"all", "source"} }

// showKeys are what every channel may say.
func (r *reader) showKeys(w *wish) []key {
	return []key{
		{"title", "The channel's name as readers see it.", textForm(), func(n *yaml.Node) { r.named(n, "title", &w.Title) }, false},
		{"formats", "Which feeds of it are written.", oneOrList(choiceForm(formatNames())), func(n *yaml.Node) { r.formats(n, &w.Formats) }, false},
		{"content", "How much text an item carries.", choiceForm(contentNames()), func(n *yaml.Node) { r.word(n, "content", contentNames(), &w.Content) }, false},
		{"credit", "Where a title names its outlet.", choiceForm(creditNames()), func(n *yaml.Node) { r.word(n, "credit", creditNames(), &w.Credit) }, false},
		{"keep", "An item stays at least this long…", durationForm(), func(n *yaml.Node) { r.span(n, "keep", &w.Query.Keep) }, false},
		{"max", "…or until so many newer ones have come.", numberForm(1), func(n *yaml.Node) { r.count(n, "max", &w.Query.Max) }, false},
		{"max_per_source", "At most so many items that one outlet leads.", numberForm(1), func(n *yaml.Node) { r.count(n, "max_per_source", &w.MaxPerSource) }, false},
		{"scope", "all: one item a story; source: every outlet's own report is an item.", choiceForm(scopeNames()), func(n *yaml.Node) {
			scope := ""
			r.word(n, "scope", scopeNames(), &scope)
			w.Apart = scope == "source"
		}, false},
		{"token", "Who does not bring it finds no such channel: ${NAME}.", textForm(), func(n *yaml.Node) { r.token(n, w) }, false},
	}
}

// feedsForm describes the section: two channels that are always called so, each, and any other name.
func (r *reader) feedsForm() form {
	channel := func(name string) form {
		return objectForm(r.channelKeys(newWish(name, nil), nil))
	}
	f := objectForm([]key{
		{name: "all", about: "Everything, newest first.", form: orNothing(channel("all"))},
		{name: "top", about: "What several independent outlets report.", form: orNothing(channel("top"))},
		{name: "each", about: "One channel for each category, for each source.", form: orNothing(oneOrList(choiceForm(eachNames())))},
	})
	named := channel("")
	named["minProperties"] = 1
	f["propertyNames"], f["additionalProperties"] = idForm(), named
	return f
}

// wordsList reads texts to look for. Those in which nothing can be looked for are reported.
func (r *reader) wordsList(n *yaml.Node, what string) []string {
	var texts []string
	for _, item := range r.items(n, what) {
		text, ok := r.label(item, "a text of "+what)
		switch {
		case !ok:
		case len(arabic.Terms(text)) == 0:
			r.report(item, "words", "write words that tell something", "%q holds no word that can be looked for", visible(text))
		default:
			texts = append(texts, text)
		}
	}
	return texts
}

// sourceIDs reads ids of sources, which are checked when all are known.
func (r *reader) sourceIDs(n *yaml.Node, c *Config) []string {
	var ids []string
	for _, item := range r.items(n, "sources") {
		if id, ok := r.exact(item, "a source"); ok {
			ids = append(ids, id)
			r.later = append(r.later, func() { r.knownSource(item, id, c) })
		}
	}
	return ids
}

// slugs reads slugs of categories, which are checked when all are known.
func (r *reader) slugs(n *yaml.Node) []string {
	var slugs []string
	for _, item := range r.items(n, "categories") {
		slug := ""
		if r.category(item, &slug); slug != "" {
			slugs = append(slugs, slug)
		}
	}
	return slugs
}

func (r *reader) countries(n *yaml.Node) []string {
	var codes []string
	for _, item := range r.items(n, "countries") {
		code := ""
		if r.country(item, &code); code != "" {
			codes = append(codes, code)
		}
	}
	return codes
}

// digest reads a cron line of five fields.
func (r *reader) digest(n *yaml.Node, w *wish) {
	v, ok := r.exact(n, "digest")
	if !ok {
		return
	}
	s, err := ParseSchedule(v)
	switch fields := len(strings.Fields(v)); {
	case errors.Is(err, ErrNeverFires):
		r.report(n, "never-fires", "is there such a day? every morning is \"0 7 * * *\"", "the cron line %q never fires", v)
	case err != nil || s.Every() > 0 || fields != 5 || strings.Contains(v, "="):
		r.report(n, "cron", "five fields: minute hour day month weekday, as in \"0 7 * * *\"; the zone is the site's", "%q is no time of a digest", visible(v))
	default:
		w.Digest = v
	}
}

// reToken is what an address can carry and nobody guesses: 16 letters of base64 are 96 bits.
var reToken = regexp.MustCompile(`^[A-Za-z0-9_-]{16,128}$`)

// token keeps the reference; the environment is asked when the channel is opened.
func (r *reader) token(n *yaml.Node, w *wish) {
	v := r.password(n, "the token")
	if filled := reVariable.ReplaceAllString(string(v), "0123456789abcdef"); v != "" && !reToken.MatchString(filled) {
		r.report(n, "token", "openssl rand -hex 16 makes one", "a token has 16 to 128 of a-z, A-Z, 0-9, - and _")
		return
	}
	w.Token = string(v)
}

// sound reports keys of a channel that say nothing beside one another.
func (r *reader) sound(w *wish) {
	if at := w.at["within"]; at != nil && w.Query.MinSources < 2 {
		r.report(at, "within", "write min_sources: 3 beside it", "within says how close to one another outlets publish, and one is enough here")
	}
	for _, k := range []string{"keep", "max", "scope", "max_age"} {
		if at := w.at[k]; at != nil && w.Digest != "" {
			r.report(at, "digest", "delete the line", "a digest has the widest stories since the time before: %s says nothing", k)
		}
	}
}
