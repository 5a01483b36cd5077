package config

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"rafid"
	"rafid/category"
)

// rules reads the section of that name.
func (r *reader) rules(n *yaml.Node, c *Config) {
	t := r.plain(n)
	if t.Kind != yaml.SequenceNode {
		r.wrongKind(n, "rules", "a list with dashes")
		return
	}
	for _, item := range t.Content {
		rule := category.Rule{Line: item.Line}
		at := map[string]*yaml.Node{}
		before := len(r.problems)
		r.mapping(item, "a rule", r.ruleKeys(&rule, at))
		if len(r.problems) == before && r.ruleWorks(item, at, rule) {
			r.ruleSources(at["when"], rule, c)
		}
		c.Rules = append(c.Rules, rule)
	}
}

// ruleKeys reads a rule; at gets the nodes of title and when, to point into them.
func (r *reader) ruleKeys(rule *category.Rule, at map[string]*yaml.Node) []key {
	return []key{
		{"link", "Glob over the whole link: * is any run of characters.", textForm(), func(n *yaml.Node) {
			if v, ok := r.exact(n, "link"); ok && !r.cutByHash(n, "link") {
				rule.Link = v
			}
		}, false},
		{"title", "RE2 expression searched in the title, folded too.", textForm(), func(n *yaml.Node) {
			if v, ok := r.text(n, "title"); ok && !r.cutByHash(n, "title") {
				rule.Title, at["title"] = v, n
			}
		}, false},
		{"when", `A condition such as words("…") and not source(id); docs/categories.md lists them.`, textForm(), func(n *yaml.Node) {
			if v, ok := r.text(n, "when"); ok && !r.cutByHash(n, "when") {
				rule.When, at["when"] = v, n
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
	f := objectForm(r.ruleKeys(&category.Rule{}, nil))
	f["anyOf"] = []form{{"required": []string{"link"}}, {"required": []string{"title"}}, {"required": []string{"when"}}}
	return listForm(f)
}

// ruleWorks asks the category package, and points into the expression or condition where it says that it is
// wrong.
func (r *reader) ruleWorks(item *yaml.Node, at map[string]*yaml.Node, rule category.Rule) bool {
	var bad *category.RuleError
	if err := rule.Check(); !errors.As(err, &bad) {
		return true
	}
	text := map[string]string{"title": rule.Title, "when": rule.When}[bad.Field]
	p := Problem{Line: item.Line, Col: item.Column, Code: "rule", What: fmt.Sprintf("the rule %v", bad.Err),
		Fix: "see link, title, when (to match) and category, tag, drop (to do)"}
	if text != "" && (bad.Field == "when" || !errors.Is(bad, category.ErrMatchesAll)) {
		n := at[bad.Field]
		p.Line, p.Col = target(n).Line, r.inside(n, min(bad.Offset, utf8.RuneCountInString(text)))
		p.Code, p.What = "condition", bad.Err.Error()
		p.Fix = conditionFix
	}
	if what, ok := strings.CutPrefix(bad.Err.Error(), "error parsing regexp: "); ok && bad.Field == "title" {
		p.Code, p.What = "regexp", "the expression does not compile: "+what
		p.Fix = `RE2 syntax; put \ before a character that is meant as it stands`
	}
	r.add(p)
	return false
}

// ruleSources asks that the sources which a condition names are there, once all are known.
func (r *reader) ruleSources(n *yaml.Node, rule category.Rule, c *Config) {
	for _, ref := range rule.References() {
		if ref.Kind == "source" {
			r.later = append(r.later, func() { r.knownSource(r.within(n, ref.Offset), ref.Name, c) })
		}
	}
}

// within is a node at a place inside the text of another.
func (r *reader) within(n *yaml.Node, offset int) *yaml.Node {
	at := *target(n)
	at.Column = r.inside(n, offset)
	return &at
}

// condition reads what the stories of a channel must fulfil. Ages are max_age's: a channel is the same bytes
// whenever it is written.
func (r *reader) condition(n *yaml.Node, q *rafid.Query, c *Config) {
	v, ok := r.text(n, "when")
	if !ok || r.cutByHash(n, "when") {
		return
	}
	e, err := category.Compile(v)
	var bad *category.SyntaxError
	if errors.As(err, &bad) {
		r.report(r.within(n, bad.Offset), "condition", conditionFix, "%v", bad.Err)
		return
	}
	q.When = v
	for _, ref := range e.References() {
		at := r.within(n, ref.Offset)
		switch ref.Kind {
		case "source":
			r.later = append(r.later, func() { r.knownSource(at, ref.Name, c) })
		case "category":
			r.later = append(r.later, func() { r.knownCategory(at, ref.Name) })
		case "older", "newer":
			r.report(at, "condition", "write max_age beside when", "%s(…) says nothing in a channel", ref.Kind)
		}
	}
}

const conditionFix = `as in words("غزة", "وقف إطلاق النار") and not source(bbc)`
