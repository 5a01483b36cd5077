package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"rafid"
	"rafid/arabic"
	"rafid/category"
)

// categories reads the section of that name: a title, or a title and the outlets' names for it.
func (r *reader) categories(n *yaml.Node, c *Config) {
	r.slugAt = map[string]*yaml.Node{}
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
		r.slugAt[cat.Slug] = p.key
	}
}

// circle refuses categories that name each other in a ring: no name would mean anything. What else the
// classifier refuses has been reported where it stands.
func (r *reader) circle(c *Config) {
	_, err := category.New(category.Options{Categories: c.Categories})
	var circle *category.CircleError
	if errors.As(err, &circle) && r.slugAt[circle.Slugs[0]] != nil {
		r.report(r.slugAt[circle.Slugs[0]], "circle", "take the other's name out of one of their from lists", "%v", err)
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

// completeCategories takes the shipped taxonomy where the file has none, and adds "other" where the file
// does not name it; then the taxonomy is known.
func (r *reader) completeCategories(c *Config) {
	if r.slugAt == nil {
		c.Categories = category.Default()
	}
	if _, named := c.Category(rafid.Other); !named {
		c.Categories = append(c.Categories, rafid.Category{Slug: rafid.Other, Title: otherTitle})
	}
	r.known = c.Categories
	r.circle(c)
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
