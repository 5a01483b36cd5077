package config

import (
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"rafid/arabic"
)

func profileNames() []string { return []string{"strict", "balanced", "broad"} }

func (r *reader) dedupeKeys(c *Config) []key {
	d := &c.Dedupe
	return append(r.sameKeys(&d.Profile, &d.Window, &d.Near), []key{
		{"lead", "Whose headline stands: first, longest, or a list of source ids.",
			anyOf(choiceForm([]string{"first", "longest"}), listForm(idForm())), func(n *yaml.Node) { r.lead(n, c) }, false},
		{"aliases", "Names for the same thing, one list each: one word, then others of one or two words.",
			listForm(form{"type": "array", "items": textForm(), "minItems": 2}), func(n *yaml.Node) { r.aliases(n, d) }, true},
		{"keep_apart", "Pairs of ids, of stories or groups, that never share a group.", pairsForm(),
			func(n *yaml.Node) { r.keepApart(n, d) }, true},
		{"keep_together", "Pairs of ids of stories that share a group however unlike they are.", pairsForm(),
			func(n *yaml.Node) { d.KeepTogether, _ = r.idPairs(n, "keep_together") }, true},
		{"hide", "Ids of stories or groups that are shown nowhere.", listForm(textForm()), func(n *yaml.Node) { r.hide(n, d) }, true},
		{"categories", "What holds for the stories of one category instead.", orNothing(namedForm(objectForm(r.sameKeys(nil, nil, nil)))),
			func(n *yaml.Node) { r.categoryRules(n, d) }, true},
	}...)
}

// sameKeys are what decides how readily reports are the same news: of all, or of one category. They are read into what is given.
func (r *reader) sameKeys(profile *string, window *time.Duration, near *float64) []key {
	return []key{
		{"profile", "strict merges less, broad merges more; each moves near by a fixed step.", choiceForm(profileNames()), func(n *yaml.Node) { r.word(n, "profile", profileNames(), profile) }, false},
		{"window", "How long a story may grow.", durationForm(), func(n *yaml.Node) { r.span(n, "window", window) }, false},
		{"near", "Above 0, at most 1; lower merges more.", form{"type": "number", "exclusiveMinimum": 0, "maximum": 1}, func(n *yaml.Node) {
			if v, ok := r.fraction(n, "near"); ok {
				*near = v
			}
		}, false},
	}
}

// categoryRules reads profile, window and near by category.
func (r *reader) categoryRules(n *yaml.Node, d *Dedupe) {
	for _, p := range r.pairs(n, "dedupe.categories", "duplicate-key") {
		rule := CategoryRule{Slug: p.name}
		r.later = append(r.later, func() { r.knownCategory(p.key, p.name) })
		if isNull(p.value) {
			r.report(p.value, "no-value", "give it near, profile or window, or delete the line", "%s has no value", visible(p.name))
			continue
		}
		r.mapping(p.value, "dedupe.categories."+p.name, r.sameKeys(&rule.Profile, &rule.Window, &rule.Near))
		d.Categories = append(d.Categories, rule)
	}
}

// hide reads ids, each once.
func (r *reader) hide(n *yaml.Node, d *Dedupe) {
	for _, item := range r.items(n, "hide") {
		id, ok := r.exact(item, "an id of hide")
		switch {
		case !ok:
		case slices.Contains(d.Hide, id):
			r.warn(item, "duplicate", "delete one of the two", "the id %s is there twice", visible(id))
		default:
			d.Hide = append(d.Hide, id)
		}
	}
}

// lead reads first, longest, or ids in the order of preference.
func (r *reader) lead(n *yaml.Node, c *Config) {
	if target(n).Kind != yaml.SequenceNode {
		if v, ok := r.choice(n, "lead", []string{"first", "longest"}); ok {
			c.Dedupe.Lead = v
		}
		return
	}
	for _, item := range r.items(n, "lead") {
		if id, ok := r.exact(item, "a source of lead"); ok {
			c.Dedupe.LeadOrder = append(c.Dedupe.LeadOrder, id)
			r.later = append(r.later, func() { r.knownSource(item, id, c) })
		}
	}
	if len(c.Dedupe.LeadOrder) == 0 {
		r.report(n, "no-value", "write first, longest, or at least one source id", "the list of lead is empty")
		return
	}
	c.Dedupe.Lead = "order"
}

func (r *reader) knownSource(n *yaml.Node, id string, c *Config) {
	if _, ok := c.Source(id); ok || r.damaged || slices.Contains(r.refused, id) {
		return
	}
	if r.full() {
		r.add(Problem{})
		return
	}
	ids := make([]string, len(c.Sources))
	for i, s := range c.Sources {
		ids[i] = s.ID
	}
	r.report(n, "source", didYouMean(id, ids), "no source %q", visible(id))
}

// aliases reads lists of names for the same thing.
func (r *reader) aliases(n *yaml.Node, d *Dedupe) {
	t := r.plain(n)
	if t.Kind != yaml.SequenceNode {
		r.wrongKind(n, "aliases", "a list of lists")
		return
	}
	flat := !slices.ContainsFunc(t.Content, func(item *yaml.Node) bool { return target(item).Kind == yaml.SequenceNode })
	if flat && len(t.Content) > 0 {
		r.report(n, "type", "each list of names has brackets or dashes of its own: [[NAME, OTHER NAME]]", "aliases must be a list of lists")
		return
	}
	lines := map[string]int{} // of each name met, by its folded spelling
	for _, item := range t.Content {
		if target(item).Kind != yaml.SequenceNode {
			r.report(item, "type", "write [NAME, OTHER NAME]", "an element of aliases must be a list of names, not %s", kindName(target(item)))
			continue
		}
		var names []string
		for _, node := range r.items(item, "aliases") {
			if name, ok := r.alias(node, len(names) == 0, lines); ok {
				names = append(names, name)
			}
		}
		switch {
		case len(target(item).Content) < 2:
			r.report(item, "alias-alone", "write at least two names, or delete the list", "one name is no alias of anything")
		case len(names) > 1:
			d.Aliases = append(d.Aliases, names)
		}
	}
}

// alias reads one name of a list. The comparing knows words by their keys: a name that has none, or is
// longer than two words, would never be found in a text.
func (r *reader) alias(n *yaml.Node, first bool, lines map[string]int) (string, bool) {
	name, ok := r.label(n, "a name of aliases")
	if !ok {
		return "", false
	}
	words := arabic.Words(name)
	telling := !slices.ContainsFunc(words, func(w string) bool { return arabic.Key(w) == "" })
	folded := arabic.FoldKey(name)
	switch line := lines[folded]; {
	case len(words) == 0 || !telling:
		r.report(n, "alias", "leave out words that every text has", "%q holds a word that is not compared", visible(name))
	case first && len(words) > 1:
		r.report(n, "alias", "put a name of one word first", "the first name of a list is one word, not %q", visible(name))
	case len(words) > 2:
		r.report(n, "alias", "shorten it to the two words that tell most", "a name has at most two words: %q", visible(name))
	case line > 0:
		r.report(n, "alias-twice", "a name belongs to one list: delete one of the two", "the name %q is at line %d already", visible(name), line)
	default:
		lines[folded] = n.Line
		return name, true
	}
	return "", false
}

func pairsForm() form {
	return listForm(form{"type": "array", "items": textForm(), "minItems": 2, "maxItems": 2})
}

// idPairs reads a list of pairs of ids; at[i] is where the i-th stands.
func (r *reader) idPairs(n *yaml.Node, what string) (pairs [][2]string, at []*yaml.Node) {
	t := r.plain(n)
	if t.Kind != yaml.SequenceNode {
		r.wrongKind(n, what, "a list of pairs")
		return nil, nil
	}
	for _, item := range t.Content {
		pair := target(item)
		if pair.Kind != yaml.SequenceNode || len(pair.Content) != 2 {
			r.report(item, "type", "write [ID, ID]", "an element of %s must be a pair of ids", what)
			continue
		}
		a, ok := r.exact(pair.Content[0], "an id of "+what)
		b, ok2 := r.exact(pair.Content[1], "an id of "+what)
		switch {
		case !ok || !ok2:
		case a == b:
			r.report(item, "pair", "delete the pair", "%s needs two ids, not one twice", what)
		default:
			pairs, at = append(pairs, [2]string{a, b}), append(at, item)
		}
	}
	return pairs, at
}

// keepApart reads the pairs, and asks, when the whole file is known, that none of them is united by
// keep_together, directly or by way of others.
func (r *reader) keepApart(n *yaml.Node, d *Dedupe) {
	pairs, at := r.idPairs(n, "keep_apart")
	d.KeepApart = pairs
	r.later = append(r.later, func() {
		united := unions{}
		for _, p := range d.KeepTogether {
			united.unite(p[0], p[1])
		}
		for i, p := range pairs {
			if united.root(p[0]) == united.root(p[1]) {
				r.report(at[i], "contradiction", "delete the pair here, or what unites it there",
					"keep_together unites %s and %s", visible(p[0]), visible(p[1]))
			}
		}
	})
}

// unions is a forest of ids: those with one root belong together.
type unions map[string]string

func (u unions) root(id string) string {
	for u[id] != "" {
		id = u[id]
	}
	return id
}

func (u unions) unite(a, b string) {
	if a, b = u.root(a), u.root(b); a != b {
		u[a] = b
	}
}
