// Package category says which sections a story belongs to.
//
// The order of evidence is fixed. First the operator's words: the category given to the source, then the
// outlet's own labels (through [rafid.Category.From] and the titles of the categories themselves), then
// the rules. Then what we know of outlets: a shipped table of section names, the path of the link, and,
// when [Options.Model] is set, the words of title and summary. Else [rafid.Other]. Rules that drop a
// story or tag it apply whatever decided the category. Every verdict carries its reason in words, and the
// labels that nothing could place.
//
// Labels are compared folded (arabic.FoldKey), and where that finds nothing, without articles and without
// words that only say "news": سياسه, «السِّياسة:» and «أخبار السياسة» are as good as سياسة. A [Classifier] is immutable after [New]: any number of goroutines may use it.
//
// What it will not do: it knows no network, no store and no history. The same story, source and options
// give the same verdict on every machine.
package category

import (
	"fmt"
	"slices"
	"strings"

	"rafid"
	"rafid/arabic"
)

// Options is what a Classifier is made of.
type Options struct {
	Categories []rafid.Category // in order of menus; a slug, its title and its From all name it
	Rules      []Rule           // in the operator's order
	Model      *Model           // reads the text where nothing else decides; nil: such stories are "other"
}

// Classifier places stories. The zero value is not usable: call [New].
type Classifier struct {
	labels  table             // the operator's words, to slugs
	shipped table             // what outlets usually mean, to classes
	slugs   map[string]string // class to the operator's slug for it
	titles  map[string]string // slug to the title readers see
	rules   []compiled
	model   *Model // nil: none
}

// Verdict is where a story belongs, and why.
type Verdict struct {
	Categories []string // slugs, most telling first, each once; never empty
	Tags       []string // from rules, in their order, each once
	Drop       bool     // a rule asks to leave the story out
	Why        string   // e.g. `label "سياسة عربية" → politics`; of a dropped story, the rule that drops it
	Unmapped   []string // labels that no category claims, as given
}

// New makes a Classifier. It refuses a category without a slug, a label claimed by two categories, and
// a rule that [Rule.Check] refuses; a rule's error is a [*RuleError].
func New(o Options) (*Classifier, error) {
	c := &Classifier{labels: newTable(), shipped: shipped(), titles: map[string]string{}, model: o.Model}
	for _, cat := range o.Categories {
		if cat.Slug == "" {
			return nil, fmt.Errorf("category %q has no slug", cat.Title)
		}
		if _, twice := c.titles[cat.Slug]; twice {
			return nil, fmt.Errorf("category %s is there twice", cat.Slug)
		}
		c.titles[cat.Slug] = cat.Title
	}
	if err := c.learn(o.Categories); err != nil {
		return nil, err
	}
	c.slugs = slugsOf(o.Categories, c.shipped)
	for _, r := range o.Rules {
		compiled, err := r.compile()
		if err != nil {
			return nil, err
		}
		if r.Category != "" && r.Category != rafid.Other && c.titles[r.Category] == "" {
			return nil, &RuleError{Line: r.Line, Field: "category", Err: fmt.Errorf("no category %q", r.Category)}
		}
		c.rules = append(c.rules, compiled)
	}
	return c, nil
}

// learn fills the table of labels: what the operator wrote in From before titles and slugs, so that
// "from" may give the title of one category to another.
func (c *Classifier) learn(categories []rafid.Category) error {
	for _, cat := range categories {
		for _, label := range cat.From {
			if other := c.labels.exact[arabic.FoldKey(label)]; other != "" && other != cat.Slug {
				return fmt.Errorf("label %q belongs to both %s and %s", label, other, cat.Slug)
			}
			c.labels.add(label, cat.Slug)
		}
	}
	for _, cat := range categories {
		c.labels.add(cat.Title, cat.Slug)
		c.labels.add(cat.Slug, cat.Slug)
	}
	return nil
}

// Classify places one story of one source.
func (c *Classifier) Classify(src rafid.Source, s rafid.Story) Verdict {
	var v Verdict
	if src.Category != "" {
		v.add(src.Category, fmt.Sprintf("source %s → %s", src.ID, src.Category))
	}
	var unknown []string
	for _, label := range s.Labels {
		slug, piece := pieceOf(label, c.labels.find)
		if slug == "" {
			unknown = append(unknown, label)
			continue
		}
		v.add(slug, fmt.Sprintf("label %q → %s", piece, slug))
	}
	c.applyRules(&v, s)
	c.applyShipped(&v, src, unknown)
	if len(v.Categories) == 0 {
		c.guess(&v, src, s)
	}
	if len(v.Categories) == 0 {
		v.add(rafid.Other, "nothing places it → "+rafid.Other)
	}
	return v
}

// applyRules lets the first matching rule with a category decide where nothing has yet, and every
// matching rule tag and drop.
func (c *Classifier) applyRules(v *Verdict, s rafid.Story) {
	settled := len(v.Categories) > 0
	t := subject{link: s.Link, title: s.Title}
	for _, r := range c.rules {
		needed := r.Drop || r.Tag != "" || (r.Category != "" && !settled)
		if !needed || !r.matches(&t) {
			continue
		}
		if r.Category != "" && !settled {
			v.add(r.Category, r.name()+" → "+r.Category)
			settled = true
		}
		if r.Tag != "" && !slices.Contains(v.Tags, r.Tag) {
			v.Tags = append(v.Tags, r.Tag)
		}
		if r.Drop && !v.Drop {
			v.Drop, v.Why = true, r.name()+" → drop"
		}
	}
}

// add appends a category once; the first one's reason stays the reason.
func (v *Verdict) add(slug, why string) {
	if slices.Contains(v.Categories, slug) {
		return
	}
	v.Categories = append(v.Categories, slug)
	if v.Why == "" {
		v.Why = why
	}
}

// pieceOf finds the category of one of the outlet's labels: of the whole label, else of the most special
// of its parts, as in "أخبار > رياضة" or "اقتصاد، أسواق". The piece that decided is returned with it.
func pieceOf(label string, find func(string) string) (slug, piece string) {
	if slug = find(label); slug != "" {
		return slug, label
	}
	parts := strings.FieldsFunc(label, splitsLabel)
	if len(parts) < 2 {
		return "", ""
	}
	for _, part := range slices.Backward(parts) {
		part = strings.TrimSpace(part)
		if slug = find(part); slug != "" {
			return slug, part
		}
	}
	return "", ""
}

// splitsLabel says that outlets put r between the parts of one label. The hyphen is not among them:
// it stands inside names («كوفيد-19») as often as between sections.
func splitsLabel(r rune) bool {
	return strings.ContainsRune("/|>›»،,؛;&", r)
}
