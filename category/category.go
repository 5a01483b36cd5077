// Package category says which sections a story belongs to.
//
// The order of evidence is fixed: the operator's rules, the category given to the source, the outlet's own
// labels (through [rafid.Category.From] and the titles of the categories, then through a shipped table of
// section names), the path of the link, and, when [Options.Model] is set, the words of title and summary.
// Else [rafid.Other]. Rules that drop a story or tag it apply whatever decided the category. Every verdict
// carries its reason in words, and the labels that nothing could place.
//
// Labels are compared folded (arabic.FoldKey), and where that finds nothing, without articles and without
// words that only say "news": سياسه, «السِّياسة:» and «أخبار السياسة» are as good as سياسة.
//
// Conditions are written in one small language, [Expr], in rules as well as wherever else stories are to be
// chosen.
//
// A [Classifier] and an Expr are immutable: any number of goroutines may use them. What the package will
// not do: it knows no network, no store and no history. The same story, source and options give the same
// verdict on every machine.
package category

import (
	"cmp"
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
	Confidence float64  // 0…1 of the first category: 1 where somebody said so, the model's where it did, 0 of an unfounded "other"
	Rule       int      // which of Options.Rules, counted from 1, gave the first category; 0: none
	Unmapped   []string // labels that no category claims, as given
}

// New makes a Classifier. It refuses a category without a slug, a slug or label claimed by two categories,
// categories that claim each other's names ([*CircleError]), and a rule that [Rule.Check] refuses or that names a
// category which is not there; a rule's error is a [*RuleError]. Without any category all stories are
// [rafid.Other].
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
		if _, known := c.titles[r.Category]; !known && r.Category != "" && r.Category != rafid.Other {
			return nil, &RuleError{Line: r.Line, Field: "category", Err: fmt.Errorf("no category %q", r.Category)}
		}
		c.rules = append(c.rules, compiled)
	}
	return c, nil
}

// CircleError says that categories have each other's names in their From lists, all around.
type CircleError struct {
	Slugs []string // each one's name is claimed by the next, the last one's by the first; never empty
}

// Error names them.
func (e *CircleError) Error() string {
	return fmt.Sprintf("categories %s claim each other's names in a circle", strings.Join(e.Slugs, ", "))
}

// learn fills the table of labels: what the operator wrote in From before titles and slugs, so that
// "from" may give the title of one category to another. The title of "other" («منوعات») is no label: an
// outlet's sundries may still tell their section by their words.
func (c *Classifier) learn(categories []rafid.Category) error {
	for _, cat := range categories {
		for _, label := range cat.From {
			if other := c.labels.exact[arabic.FoldKey(label)]; other != "" && other != cat.Slug {
				return fmt.Errorf("label %q belongs to both %s and %s", label, other, cat.Slug)
			}
			c.labels.add(label, cat.Slug)
		}
	}
	if around := c.circle(categories); around != nil {
		return &CircleError{Slugs: around}
	}
	for _, cat := range categories {
		if cat.Slug != rafid.Other {
			c.labels.add(cat.Title, cat.Slug)
			c.labels.add(cat.Slug, cat.Slug)
		}
	}
	return nil
}

// circle finds categories of which each has the name of the next in its From, and the last that of the
// first: then no name means anything. It gives nil when there are none.
func (c *Classifier) circle(categories []rafid.Category) []string {
	claimants := map[string]string{}
	for _, cat := range categories {
		claimants[cat.Slug] = c.claimant(cat)
	}
	for _, cat := range categories {
		around := []string{cat.Slug}
		for at := claimants[cat.Slug]; at != "" && len(around) <= len(categories); at = claimants[at] {
			if at == cat.Slug {
				return around
			}
			around = append(around, at)
		}
	}
	return nil
}

// claimant is the other category that has the slug or title of this one in its From.
func (c *Classifier) claimant(cat rafid.Category) string {
	for _, name := range []string{cat.Slug, cat.Title} {
		if by := c.labels.exact[arabic.FoldKey(name)]; by != "" && by != cat.Slug {
			return by
		}
	}
	return ""
}

// Classify places one story of one source.
func (c *Classifier) Classify(src rafid.Source, s rafid.Story) Verdict {
	var v Verdict
	c.applyRules(&v, &s)
	if src.Category != "" && len(v.Categories) == 0 {
		v.add(src.Category, fmt.Sprintf("source %s → %s", src.ID, src.Category))
	}
	unknown, sundry := c.applyLabels(&v, s.Labels)
	c.applyShipped(&v, src, unknown)
	if len(v.Categories) == 0 && sundry != "" {
		v.add(rafid.Other, fmt.Sprintf("label %q → %s", sundry, rafid.Other))
	}
	if len(v.Categories) == 0 {
		c.applyPath(&v, src, s.Link)
	}
	if len(v.Categories) == 0 {
		c.applyText(&v, s)
	}
	return v
}

// applyRules lets the first matching rule with a category decide, and every matching rule tag and drop.
func (c *Classifier) applyRules(v *Verdict, s *rafid.Story) {
	t := subjectOf(s)
	for i, r := range c.rules {
		decides := r.Category != "" && v.Rule == 0
		if !decides && r.Tag == "" && !r.Drop || !r.matches(t) {
			continue
		}
		if decides {
			v.add(r.Category, r.name()+" → "+r.Category)
			v.Rule = i + 1
		}
		if r.Tag != "" && !slices.Contains(v.Tags, r.Tag) {
			v.Tags = append(v.Tags, r.Tag)
		}
		if r.Drop && !v.Drop {
			v.Drop, v.Why = true, r.name()+" → drop"
		}
	}
}

// Matching tells which rules match a story, whatever comes of it, as indexes into Options.Rules.
func (c *Classifier) Matching(s rafid.Story) []int {
	var matching []int
	t := subjectOf(&s)
	for i, r := range c.rules {
		if r.matches(t) {
			matching = append(matching, i)
		}
	}
	return matching
}

// applyLabels places the labels that the operator has a word for. It gives those that he has none for, and
// the label by which he calls the story "other", which counts if nothing better is known.
func (c *Classifier) applyLabels(v *Verdict, labels []string) (unknown []string, sundry string) {
	for _, label := range labels {
		slug, piece := pieceOf(label, c.labels.find)
		switch slug {
		case "":
			unknown = append(unknown, label)
		case rafid.Other:
			sundry = cmp.Or(sundry, piece)
		default:
			v.add(slug, fmt.Sprintf("label %q → %s", piece, slug))
		}
	}
	return unknown, sundry
}

// add appends a category once; the first one's reason stays the reason.
func (v *Verdict) add(slug, why string) {
	if slices.Contains(v.Categories, slug) {
		return
	}
	v.Categories = append(v.Categories, slug)
	if len(v.Categories) == 1 {
		v.Confidence = 1
	}
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
