package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"rafid"
	"rafid/arabic"
	"rafid/category"
)

// categories reads the section of that name: a title, or a title and the outlets' names for it.
func (r *reader) categories(n *yaml.Node, c *Config) {
	claimed := map[string]string{} // folded label or title to slug
	for _, p := range r.pairs(n, "categories", "duplicate-key") {
		if !r.id(p.key, p.name, "category") || !r.notReserved(p.key, p.name) {
			continue
		}
		cat := rafid.Category{Slug: p.name}
		title := p.value
		switch {
		case isNull(p.value):
			r.report(p.key, "no-value", "write its title after the colon", "category %q has no title", p.name)
		case target(p.value).Kind == yaml.MappingNode:
			title = r.longCategory(p, &cat, claimed)
		default:
			cat.Title, _ = r.label(p.value, "title")
		}
		if cat.Title == "" {
			cat.Title = p.name
		} else {
			r.claimTitle(title, &cat, claimed)
		}
		c.Categories = append(c.Categories, cat)
	}
}

// longCategory reads title and from; it gives the node of the title.
func (r *reader) longCategory(p pair, cat *rafid.Category, claimed map[string]string) *yaml.Node {
	title := p.key
	before := len(r.problems)
	r.mapping(p.value, "category "+p.name, r.categoryKeys(
		func(n *yaml.Node) { title = n; cat.Title, _ = r.label(n, "title") },
		func(n *yaml.Node) { r.from(n, cat, claimed) }))
	if cat.Title == "" && len(r.problems) == before {
		r.report(p.key, "no-value", "add title: below it", "category %q has no title", p.name)
	}
	return title
}

func (r *reader) categoryKeys(title, from func(*yaml.Node)) []key {
	return []key{
		{"title", "The section's name as readers see it.", textForm(), title, false},
		{"from", "The outlets' own names for it; spelling is folded.", oneOrList(textForm()), from, true},
	}
}

func (r *reader) categoriesForm() form {
	return namedForm(anyOf(textForm(), objectForm(r.categoryKeys(nil, nil), "title")))
}

func (r *reader) from(n *yaml.Node, cat *rafid.Category, claimed map[string]string) {
	for _, item := range r.items(n, "from") {
		label, ok := r.label(item, "a label of from")
		if !ok {
			continue
		}
		key := arabic.FoldKey(label)
		switch other := claimed[key]; {
		case key == "":
			r.report(item, "label", "write the section's name as the outlet does", "the label %q has no letters", visible(label))
		case other == cat.Slug:
			r.warn(item, "duplicate-label", "delete one of the two", "the label %q is in %s already, perhaps in another spelling", label, other)
		case other != "":
			r.report(item, "clashing-label", "a label belongs to one category: delete one of the two", "the label %q belongs to %s already", label, other)
		default:
			claimed[key] = cat.Slug
			cat.From = append(cat.From, label)
		}
	}
}

// claimTitle refuses two categories that readers could not tell apart.
func (r *reader) claimTitle(n *yaml.Node, cat *rafid.Category, claimed map[string]string) {
	key := "title " + arabic.FoldKey(cat.Title)
	if other := claimed[key]; other != "" {
		r.report(n, "clashing-title", "give one of them another title", "category %s has the title %q already", other, cat.Title)
		return
	}
	claimed[key] = cat.Slug
}

// notReserved keeps category slugs apart from the channels that are always there.
func (r *reader) notReserved(k *yaml.Node, slug string) bool {
	if slug != "all" && slug != "top" && slug != "each" && !strings.HasPrefix(slug, "source-") {
		return true
	}
	r.report(k, "reserved", fmt.Sprintf("choose another slug, such as %s-news", strings.TrimPrefix(slug, "source-")),
		"%q is the address of a channel of its own", slug)
	return false
}

// completeCategories adds "other" where the file does not name it; then the taxonomy is known.
func (r *reader) completeCategories(c *Config) {
	if _, named := c.Category(rafid.Other); !named {
		c.Categories = append(c.Categories, rafid.Category{Slug: rafid.Other, Title: otherTitle})
	}
	r.known = c.Categories
}

// category reads a reference to a category, which is checked when all are known.
func (r *reader) category(n *yaml.Node, slug *string) {
	v, ok := r.exact(n, "category")
	if !ok {
		return
	}
	*slug = v
	r.later = append(r.later, func() { r.knownCategory(n, v) })
}

func (r *reader) knownCategory(n *yaml.Node, slug string) {
	if r.known == nil || r.known.has(slug) || r.damaged {
		return
	}
	if r.full() {
		r.add(Problem{})
		return
	}
	r.report(n, "category", r.known.fix(slug), "no category %q", visible(slug))
}

// taxonomy is what references to categories are checked against.
type taxonomy []rafid.Category

func (t taxonomy) has(slug string) bool {
	return slices.ContainsFunc(t, func(c rafid.Category) bool { return c.Slug == slug })
}

// fix finds the slug that was meant: by slug, by title, by one of the labels.
func (t taxonomy) fix(word string) string {
	var names, slugs []string
	slugOf := map[string]string{}
	for _, c := range t {
		slugs = append(slugs, c.Slug)
		for _, name := range append([]string{c.Slug, c.Title}, c.From...) {
			names, slugOf[name] = append(names, name), c.Slug
		}
	}
	near := suggest(word, names)
	if near == "" {
		return didYouMean(word, slugs) + "; or add it under categories:"
	}
	if slug := slugOf[near]; slug != near {
		return fmt.Sprintf("did you mean %q (%s)?", slug, near)
	}
	return fmt.Sprintf("did you mean %q?", near)
}

// rules reads the section of that name.
func (r *reader) rules(n *yaml.Node, c *Config) {
	t := r.plain(n)
	if t.Kind != yaml.SequenceNode {
		r.wrongKind(n, "rules", "a list with dashes")
		return
	}
	for _, item := range t.Content {
		rule := category.Rule{Line: item.Line}
		var title *yaml.Node
		before := len(r.problems)
		r.mapping(item, "a rule", r.ruleKeys(&rule, &title))
		if len(r.problems) == before {
			r.ruleWorks(item, title, rule)
		}
		c.Rules = append(c.Rules, rule)
	}
}

func (r *reader) ruleKeys(rule *category.Rule, title **yaml.Node) []key {
	return []key{
		{"link", "Glob over the whole link: * is any run of characters.", textForm(), func(n *yaml.Node) {
			if v, ok := r.exact(n, "link"); ok && !r.cutByHash(n, "link") {
				rule.Link = v
			}
		}, false},
		{"title", "RE2 expression searched in the title, folded too.", textForm(), func(n *yaml.Node) {
			if v, ok := r.text(n, "title"); ok && !r.cutByHash(n, "title") {
				rule.Title, *title = v, n
			}
		}, false},
		{"category", "The slug of the category that matching stories get.", idForm(),
			func(n *yaml.Node) { r.category(n, &rule.Category) }, false},
		{"tag", "A word to add to matching stories.", textForm(), func(n *yaml.Node) {
			if v, ok := r.label(n, "tag"); ok {
				rule.Tag = v
			}
		}, false},
		{"drop", "true leaves matching stories out.", boolForm(), func(n *yaml.Node) {
			if v, ok := r.truth(n, "drop"); ok {
				rule.Drop = v
			}
		}, false},
	}
}

func (r *reader) rulesForm() form {
	var none *yaml.Node
	f := objectForm(r.ruleKeys(&category.Rule{}, &none))
	f["anyOf"] = []form{{"required": []string{"link"}}, {"required": []string{"title"}}}
	return listForm(f)
}

// ruleWorks asks the category package, and points into the expression where it says that it is wrong.
func (r *reader) ruleWorks(item, title *yaml.Node, rule category.Rule) {
	var bad *category.RuleError
	if err := rule.Check(); !errors.As(err, &bad) {
		return
	}
	if bad.Field != "title" || errors.Is(bad, category.ErrMatchesAll) {
		r.report(item, "rule", "see link, title (to match) and category, tag, drop (to do)", "the rule %v", bad.Err)
		return
	}
	what := strings.TrimPrefix(bad.Err.Error(), "error parsing regexp: ")
	r.add(Problem{Line: target(title).Line, Col: r.inside(title, min(bad.Offset, utf8.RuneCountInString(rule.Title))),
		Code: "regexp", What: "the expression does not compile: " + what,
		Fix: `RE2 syntax; put \ before a character that is meant as it stands`})
}
