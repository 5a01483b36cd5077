package category

import (
	_ "embed"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"rafid"
	"rafid/arabic"
)

// labelsText is the shipped table; its head says how it is to be read.
//
//go:embed labels.txt
var labelsText string

// classes are the categories that the shipped table and the model know, with the other slugs by which
// operators call them.
func classes() map[string][]string {
	return map[string][]string{
		"politics": {"policy"},
		"world":    {"international"},
		"economy":  {"business"},
		"sport":    {"sports"},
		"tech":     {"science", "technology"},
		"culture":  {"arts"},
		"health":   {},
		"society":  {"life", "lifestyle"},
		"religion": {},
		"local":    {"national"},
		"other":    {},
	}
}

// Default is the taxonomy of those who write none: a category for each class, in the order of menus. The
// result is the caller's.
func Default() []rafid.Category {
	return []rafid.Category{
		{Slug: "politics", Title: "سياسة"},
		{Slug: "world", Title: "العالم"},
		{Slug: "economy", Title: "اقتصاد"},
		{Slug: "sport", Title: "رياضة"},
		{Slug: "tech", Title: "علوم وتقنية"},
		{Slug: "culture", Title: "ثقافة"},
		{Slug: "health", Title: "صحة"},
		{Slug: "society", Title: "مجتمع"},
		{Slug: "religion", Title: "دين"},
		{Slug: "local", Title: "محليات"},
		{Slug: rafid.Other, Title: "منوعات"},
	}
}

// table is labels and what they mean.
type table struct {
	exact map[string]string // by arabic.FoldKey
	loose map[string]string // without articles and "news"; "" where that means two things
	words map[string]string // loose words that tell the section of a label they stand in
}

func newTable() table {
	return table{exact: map[string]string{}, loose: map[string]string{}, words: map[string]string{}}
}

// add enters a label; what it meant before stays.
func (t table) add(label, meaning string) {
	key := arabic.FoldKey(label)
	if key == "" || t.exact[key] != "" {
		return
	}
	t.exact[key] = meaning
	l := loose(key)
	if before, taken := t.loose[l]; taken && before != meaning {
		meaning = "" // and stays so: a third label cannot bring it back
	}
	t.loose[l] = meaning
}

// find looks a label up, as it stands and loosely.
func (t table) find(label string) string {
	key := arabic.FoldKey(label)
	if meaning := t.exact[key]; meaning != "" {
		return meaning
	}
	l := loose(key)
	if l == "" || t.loose[l] != "" {
		return t.loose[l]
	}
	return t.byWord(l)
}

// nearest finds the label that is spelt most like this one: at most one letter in five differs, and two at
// the most. Short labels have no neighbours.
func (t table) nearest(label string) (near, meaning string) {
	key := arabic.FoldKey(label)
	letters := utf8.RuneCountInString(key)
	least := min(letters/5, 2) + 1
	for _, known := range slices.Sorted(maps.Keys(t.exact)) {
		if n := utf8.RuneCountInString(known); n < letters-least || n > letters+least {
			continue
		}
		if d := editDistance(key, known); d < least {
			near, meaning, least = known, t.exact[known], d
		}
	}
	return near, meaning
}

// maxLabelWords is how long a section's name is; longer labels are topics or headlines.
const maxLabelWords = 4

// byWord finds the one section that the words of a short label tell.
func (t table) byWord(label string) (meaning string) {
	words := strings.Fields(label)
	if len(t.words) == 0 || len(words) > maxLabelWords {
		return ""
	}
	for _, word := range words {
		told := t.words[word]
		if told == "" {
			told = t.words[strings.TrimPrefix(word, "و")]
		}
		if told == "" || told == meaning {
			continue
		}
		if meaning != "" {
			return ""
		}
		meaning = told
	}
	return meaning
}

// loose takes articles and words for "news" out of a folded label.
func loose(key string) string {
	var kept []string
	for word := range strings.FieldsSeq(key) {
		if rest, ok := strings.CutPrefix(word, "ال"); ok && len(rest) >= len("سر") {
			word = rest
		}
		if rest, ok := strings.CutPrefix(word, "وال"); ok && len(rest) >= len("سر") {
			word = "و" + rest
		}
		if !slices.Contains([]string{"اخبار", "انبا", "قسم", "صفحه", "باب", "news", "section"}, word) {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

// shipped reads the embedded table: meanings are classes, or country codes in capitals.
func shipped() table {
	t := newTable()
	for line := range strings.Lines(labelsText) {
		meaning, labels, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		class, words := strings.CutPrefix(meaning, "word ")
		for label := range strings.SplitSeq(labels, ",") {
			if words {
				t.words[loose(arabic.FoldKey(label))] = class
				continue
			}
			t.add(label, meaning)
		}
	}
	return t
}

// slugsOf finds the operator's slug for each class: the class itself, another usual slug, else the
// category whose title or label the shipped table knows. A class that the operator has no category for
// is not in the result.
func slugsOf(categories []rafid.Category, known table) map[string]string {
	slugs := map[string]string{}
	for class, others := range classes() {
		for _, name := range append([]string{class}, others...) {
			if slices.ContainsFunc(categories, func(c rafid.Category) bool { return c.Slug == name }) {
				slugs[class] = name
				break
			}
		}
	}
	for _, cat := range categories {
		for _, label := range append([]string{cat.Title}, cat.From...) {
			if class := known.find(label); class != "" && slugs[class] == "" {
				slugs[class] = cat.Slug
			}
		}
	}
	slugs[rafid.Other] = rafid.Other
	return slugs
}

// applyShipped places labels that the operator has no word for. They decide only where nothing of the
// operator's has; what they add beside it counts as a further category, but never as "other".
func (c *Classifier) applyShipped(v *Verdict, src rafid.Source, labels []string) {
	find := func(label string) string { return c.slugs[class(c.shipped.find(label), src.Country)] }
	for _, label := range labels {
		slug, piece := pieceOf(label, find)
		switch {
		case slug == "":
			v.Unmapped = append(v.Unmapped, label)
		case slug != rafid.Other:
			v.add(slug, fmt.Sprintf("label %q is known → %s", piece, slug))
		}
	}
}

// class turns a country code into what it means to an outlet of the given country.
func class(meaning, country string) string {
	switch {
	case len(meaning) != 2:
		return meaning
	case meaning == country:
		return "local"
	}
	return "politics"
}

// Nearest finds the known label that is spelt most like an unknown one, folded, and the slug that it stands
// for at an outlet of this country. Both are empty when none is near.
func (c *Classifier) Nearest(label, country string) (known, slug string) {
	if known, slug = c.labels.nearest(label); slug != "" {
		return known, slug
	}
	known, meaning := c.shipped.nearest(label)
	if slug = c.slugs[class(meaning, country)]; slug == "" {
		return "", ""
	}
	return known, slug
}

// applyPath reads the path of the link.
func (c *Classifier) applyPath(v *Verdict, src rafid.Source, link string) {
	if slug, segment := c.fromPath(src, link); slug != "" {
		v.add(slug, fmt.Sprintf("path %q → %s", segment, slug))
	}
}

// applyText asks the model; what it cannot place, or there is no category for, is left over.
func (c *Classifier) applyText(v *Verdict, s rafid.Story) {
	leftOver := func(why string) {
		v.add(rafid.Other, why+" → "+rafid.Other)
		v.Confidence = 0
	}
	if c.model == nil {
		leftOver("nothing places it")
		return
	}
	g := c.model.Guess(s.Title, s.Summary)
	slug := c.slugs[g.Class]
	switch {
	case g.Class == "":
		leftOver("nothing places it")
	case slug == "":
		leftOver(fmt.Sprintf("text, %.0f%% %s, which is no category here", 100*g.Confidence, g.Class))
	case !g.Sure:
		leftOver(fmt.Sprintf("text, %s at only %.0f%%", slug, 100*g.Confidence))
	default:
		v.add(slug, fmt.Sprintf("text, %.0f%% → %s", 100*g.Confidence, slug))
		v.Confidence = g.Confidence
	}
}

// maxSegment is longer than any section's name in an address: longer segments are headlines.
const maxSegment = 40

// fromPath finds the first segment of a link's path that names a section. The last segment is left out:
// it is the article.
func (c *Classifier) fromPath(src rafid.Source, link string) (slug, segment string) {
	u, err := url.Parse(link)
	if err != nil {
		return "", ""
	}
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	for _, segment := range segments[:len(segments)-1] {
		if len([]rune(segment)) < 2 || len(segment) > 2*maxSegment {
			continue
		}
		found := c.labels.find(segment)
		if found == "" {
			found = c.slugs[class(c.shipped.find(segment), src.Country)]
		}
		if found != "" && found != rafid.Other {
			return found, segment
		}
	}
	return "", ""
}
