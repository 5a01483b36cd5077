package newsroom

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// grammar composes news before the written events and when they have run out: frames of sentences with
// slots, filled from a lexicon. A slot has one value in one piece of news, whoever reports it.
//
// Slots are {name}: an entry of the lexicon's list of that name, or of name-CATEGORY where there is one;
// {name.2}: another of the same list; {n:LOW-HIGH} and {m:LOW-HIGH}…: a number.
type grammar struct {
	lists  map[string][]string
	frames []frame
	color  []string // sentences that fit any news
	gist   []string // how one who was there comes to what it is about; %s is that
}

// frame is one kind of news.
type frame struct {
	id         string
	categories []string
	wire, own  plan
	heads      []string
	colors     int // sentences from the common stock at the end of the wire
}

// plan is a headline and sentences, each with alternatives.
type plan struct {
	head  []string
	lines [][]string
}

func loadGrammar() (*grammar, error) {
	g := &grammar{lists: map[string][]string{}}
	parts, err := loadArchive("lexicon.txt")
	if err != nil {
		return nil, err
	}
	for _, f := range parts {
		g.list(f.Name, lines(f.Data))
	}
	if parts, err = loadArchive("frames.txt"); err != nil {
		return nil, err
	}
	for _, f := range parts {
		if err := g.part(f.Name, lines(f.Data)); err != nil {
			return nil, fmt.Errorf("world/frames.txt: %w", err)
		}
	}
	if parts, err = loadArchive("briefs.txt"); err != nil {
		return nil, err
	}
	for _, f := range parts {
		for i, brief := range strings.Split(strings.TrimSpace(string(f.Data)), "\n\n") {
			g.frames = append(g.frames, parseBrief(f.Name, i, lines([]byte(brief))))
		}
	}
	r := rand.New(rand.NewPCG(worldSeed, 1))
	r.Shuffle(len(g.frames), func(i, j int) { g.frames[i], g.frames[j] = g.frames[j], g.frames[i] })
	return g, nil
}

// parseBrief reads a frame of one category and one wording: the wire, + other headlines, * what others tell.
func parseBrief(category string, i int, all []string) frame {
	f := frame{id: fmt.Sprintf("%s-%d", category, i), categories: []string{category}, colors: 1}
	into := &f.wire
	for _, l := range all {
		head, isHead := strings.CutPrefix(l, "+ ")
		own, isOwn := strings.CutPrefix(l, "* ")
		switch {
		case isHead:
			f.heads = append(f.heads, head)
		case isOwn:
			into = &f.own
			into.head = []string{own}
		case into.head == nil:
			into.head = []string{l}
		default:
			into.lines = append(into.lines, []string{l})
		}
	}
	return f
}

// list keeps a list of the lexicon. One whose name ends in × has two lines: every word of the first goes
// before every word of the second. Lists of one name are joined.
func (g *grammar) list(name string, all []string) {
	var parts [][]string
	for _, l := range all {
		parts = append(parts, strings.Split(l, "|"))
	}
	name, product := strings.CutSuffix(name, " ×")
	if !product {
		g.lists[name] = append(g.lists[name], slices.Concat(parts...)...)
		return
	}
	for _, a := range parts[0] {
		for _, b := range parts[1] {
			g.lists[name] = append(g.lists[name], a+" "+b)
		}
	}
}

func (g *grammar) part(name string, all []string) error {
	switch name {
	case "color":
		g.color = all
		return nil
	case "gist":
		g.gist = all
		return nil
	}
	id, part, _ := strings.Cut(name, "/")
	if part == "for" {
		g.frames = append(g.frames, frame{id: id, categories: strings.Fields(strings.Join(all, " ")), colors: 2})
		return nil
	}
	if len(g.frames) == 0 || g.frames[len(g.frames)-1].id != id {
		return fmt.Errorf("%s: its categories do not stand before it", name)
	}
	f := &g.frames[len(g.frames)-1]
	switch part {
	case "wire":
		f.wire = parsePlan(all)
	case "own":
		f.own = parsePlan(all)
	case "heads":
		f.heads = all
	default:
		return fmt.Errorf("%s: unknown part", name)
	}
	return nil
}

func parsePlan(all []string) plan {
	var p plan
	for i, l := range all {
		alternatives := strings.Split(l, " || ")
		if i == 0 {
			p.head = alternatives
		} else {
			p.lines = append(p.lines, alternatives)
		}
	}
	return p
}

// event composes a piece of news. Frames are used in turn, so that the same one returns as late as it can.
func (g *grammar) event(ordinal int) event {
	r := rng(ordinal, forFacts)
	f := g.frames[ordinal%len(g.frames)]
	category := f.categories[r.IntN(len(f.categories))]
	facts := g.facts(r, category)
	e := event{id: f.id, category: category, wire: facts.plan(f.wire)}
	for _, h := range f.heads {
		e.heads = append(e.heads, facts.fill(h))
	}
	e.wire.lines = append(e.wire.lines, facts.colors(f.colors)...)
	own := facts.plan(f.own)
	own.lines = append(own.lines, fmt.Sprintf(facts.pick(g.gist), e.wire.head))
	e.own = []text{own}
	if ordinal >= len(g.frames) { // a headline without slots would come back as it was
		place := facts.fill("{place}")
		e.own[0].head = place + ": " + e.own[0].head
		for i, h := range e.heads {
			e.heads[i] = h + " في " + place
		}
	}
	return e
}

// facts are the values of one piece of news.
type facts struct {
	grammar  *grammar
	rng      *rand.Rand
	category string
	known    map[string]string // by slot
	used     map[string]bool   // words of the lexicon
}

func (g *grammar) facts(r *rand.Rand, category string) *facts {
	return &facts{grammar: g, rng: r, category: category, known: map[string]string{}, used: map[string]bool{}}
}

func (f *facts) plan(p plan) text {
	t := text{head: f.pick(p.head)}
	for _, l := range p.lines {
		t.lines = append(t.lines, f.pick(l))
	}
	return t
}

func (f *facts) pick(alternatives []string) string {
	return f.fill(alternatives[f.rng.IntN(len(alternatives))])
}

// colors are n sentences from the common stock, each once.
func (f *facts) colors(n int) []string {
	var all []string
	for _, i := range f.rng.Perm(len(f.grammar.color))[:n] {
		all = append(all, f.fill(f.grammar.color[i]))
	}
	return all
}

// fill replaces the slots of a pattern.
func (f *facts) fill(pattern string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(pattern, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		slot, after, _ := strings.Cut(rest, "}")
		b.WriteString(f.value(slot))
		pattern = after
	}
}

func (f *facts) value(slot string) string {
	name, bounds, number := strings.Cut(slot, ":")
	if v, ok := f.known[name]; ok {
		return v
	}
	var v string
	if number {
		v = f.number(bounds)
	} else {
		v = f.word(name)
	}
	f.known[name] = v
	return v
}

func (f *facts) number(bounds string) string {
	low, high, _ := strings.Cut(bounds, "-")
	min, _ := strconv.Atoi(low)
	max, _ := strconv.Atoi(high)
	if max <= min { // a mistake in frames.txt, which shows in the news
		return low
	}
	return strconv.Itoa(min + f.rng.IntN(max-min+1))
}

// word takes an entry that no other slot of this news has.
func (f *facts) word(name string) string {
	list, _, _ := strings.Cut(name, ".")
	entries := f.grammar.lists[list+"-"+f.category]
	if entries == nil {
		entries = f.grammar.lists[list]
	}
	if len(entries) == 0 && len(name) == 1 {
		return f.number("11-99") // a number that another sentence of the frame has bounds for
	}
	if len(entries) == 0 {
		return "{" + name + "}" // shows in TestGrammarIsWhole
	}
	start := f.rng.IntN(len(entries))
	for i := range entries {
		e := entries[(start+i)%len(entries)]
		if !f.used[e] {
			f.used[e] = true
			return e
		}
	}
	return entries[start]
}
