package category

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rafid/arabic"
)

// conditionKind is what stands behind the name of a condition.
type conditionKind struct {
	name  string
	wants string // its argument in words, for messages
	names bool   // the argument is a Reference
	test  func(argument) (func(*subject) bool, error)
}

// conditionKinds are the conditions in the order of the documentation of [Expr].
func conditionKinds() []conditionKind {
	const text = `words in quotes or a /regular expression/`
	return []conditionKind{
		{"words", text, false, textTest((*subject).inTitle, (*subject).inSummary)},
		{"title", text, false, textTest((*subject).inTitle)},
		{"summary", text, false, textTest((*subject).inSummary)},
		{"link", `a glob such as "*/sport/*"`, false, linkTest},
		{"label", "an outlet's section name", false, labelTest},
		{"source", "the id of a source", true, plain(func(s *subject, id string) bool {
			return strings.EqualFold(s.story.Source, id) || strings.EqualFold(s.story.Outlet, id)
		})},
		{"lang", "a language such as ar", false, plain(func(s *subject, tag string) bool {
			lang, tag := strings.ToLower(cmp.Or(s.story.Lang, "ar")), strings.ToLower(tag)
			return lang == tag || strings.HasPrefix(lang, tag+"-")
		})},
		{"older", durationWords, true, ageTest(func(age, than time.Duration) bool { return age > than })},
		{"newer", durationWords, true, ageTest(func(age, than time.Duration) bool { return age < than })},
		{"category", "the slug of a category", true, plain(func(s *subject, slug string) bool {
			return slices.Contains(s.story.Categories, slug)
		})},
		{"tag", "a tag", true, plain(func(s *subject, tag string) bool {
			return slices.Contains(s.story.Tags, tag)
		})},
	}
}

func conditionOf(name string) *conditionKind {
	kinds := conditionKinds()
	for i := range kinds {
		if kinds[i].name == name {
			return &kinds[i]
		}
	}
	return nil
}

// meantCondition says which condition was meant, as far as letters tell.
func meantCondition(word string) string {
	var names []string
	best, least := "", 3 // more than two wrong letters are another word
	for _, k := range conditionKinds() {
		names = append(names, k.name)
		if d := editDistance(strings.ToLower(word), k.name); d < least {
			best, least = k.name, d
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %s(…)?", best)
	}
	return "there are " + strings.Join(names, ", ")
}

// editDistance counts the runes to be put in, taken out or changed to get from a to b.
func editDistance(a, b string) int {
	to := []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range []rune(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range to {
			step := diagonal
			if r != s {
				step++
			}
			diagonal = row[j+1]
			row[j+1] = min(step, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(to)]
}

var errNoPattern = errors.New("takes no regular expression")

// plain is a condition on a word as it stands.
func plain(holds func(*subject, string) bool) func(argument) (func(*subject) bool, error) {
	return func(a argument) (func(*subject) bool, error) {
		switch {
		case a.pattern:
			return nil, errNoPattern
		case a.text == "":
			return nil, errors.New("is empty")
		}
		return func(s *subject) bool { return holds(s, a.text) }, nil
	}
}

// textTest is a condition on words, or on a regular expression, in some of a story's texts.
func textTest(in ...func(*subject) *text) func(argument) (func(*subject) bool, error) {
	return func(a argument) (func(*subject) bool, error) {
		holds, err := wordsIn(a.text), error(nil)
		if a.pattern {
			var p *pattern
			if p, err = compilePattern(a.text); err == nil {
				holds = p.in
			}
		} else if holds == nil {
			err = errors.New("has no letters")
		}
		return func(s *subject) bool {
			return slices.ContainsFunc(in, func(part func(*subject) *text) bool { return holds(part(s)) })
		}, err
	}
}

// wordsIn looks for a phrase; nil when there is nothing to look for.
func wordsIn(phrase string) func(*text) bool {
	words := strings.Fields(arabic.FoldKey(phrase))
	if len(words) == 0 {
		return nil
	}
	return func(t *text) bool {
		have := t.words()
		for i := range len(have) - len(words) + 1 {
			if slices.EqualFunc(have[i:i+len(words)], words, isWord) {
				return true
			}
		}
		return false
	}
}

// isWord says that a written word is the one looked for, but for particles in front: «وبالقدس» is «القدس»
// and «قدس». Words of two letters have to stand alone.
func isWord(written, word string) bool {
	if written == word {
		return true
	}
	if utf8.RuneCountInString(word) < 3 {
		return false
	}
	if bare, ok := strings.CutPrefix(word, "ال"); ok && utf8.RuneCountInString(bare) >= 2 {
		switch strings.TrimSuffix(written, bare) {
		case "لل", "ولل", "فلل": // the alef of the article falls after ل
			return true
		}
	}
	if !strings.HasSuffix(written, word) {
		return false
	}
	switch strings.TrimSuffix(written, word) {
	case "ال", "و", "ف", "ب", "ك", "ل", "وال", "فال", "بال", "كال", "لل", "ولل", "وبال", "فبال", "وكال", "وب", "ول", "فب", "فل":
		return true
	}
	return false
}

// linkTest is a glob, or a regular expression, over the link as it stands and with its escapes read.
func linkTest(a argument) (func(*subject) bool, error) {
	if a.pattern {
		re, err := compileRE2(a.text)
		if err != nil {
			return nil, err
		}
		return func(s *subject) bool { return re.MatchString(s.story.Link) || re.MatchString(s.readable()) }, nil
	}
	if strings.Trim(a.text, "*") == "" {
		return nil, ErrMatchesAll
	}
	re := glob(a.text)
	return func(s *subject) bool { return re.MatchString(s.story.Link) || re.MatchString(s.readable()) }, nil
}

// labelTest is one of the outlet's section names, or of the parts of one, compared as the table of labels
// compares them.
func labelTest(a argument) (func(*subject) bool, error) {
	if a.pattern {
		p, err := compilePattern(a.text)
		if err != nil {
			return nil, err
		}
		return func(s *subject) bool {
			return slices.ContainsFunc(s.story.Labels, func(label string) bool { return p.in(&text{shown: label}) })
		}, nil
	}
	key := loose(arabic.FoldKey(a.text))
	if key == "" {
		return nil, errors.New("has no letters")
	}
	same := func(label string) string {
		if loose(arabic.FoldKey(label)) == key {
			return key
		}
		return ""
	}
	return func(s *subject) bool {
		return slices.ContainsFunc(s.story.Labels, func(label string) bool {
			found, _ := pieceOf(label, same)
			return found != ""
		})
	}, nil
}

const durationWords = "a duration such as 30m, 48h, 7d or 2w"

// maxAge is more than any store remembers, and far from overflowing.
const maxAge = 100 * 365 * 24 * time.Hour

// ageTest compares the time since publication.
func ageTest(holds func(age, than time.Duration) bool) func(argument) (func(*subject) bool, error) {
	return func(a argument) (func(*subject) bool, error) {
		than, ok := duration(a.text)
		if !ok || a.pattern {
			return nil, fmt.Errorf("%q is not %s", a.text, durationWords)
		}
		return func(s *subject) bool { return holds(s.age(), than) }, nil
	}
}

// duration reads a whole number of minutes, hours, days or weeks.
func duration(text string) (time.Duration, bool) {
	units := map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
	if text == "" {
		return 0, false
	}
	unit := units[text[len(text)-1:]]
	n, err := strconv.Atoi(text[:len(text)-1])
	if err != nil || unit == 0 || n <= 0 || int64(n) > int64(maxAge/unit) {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

// pattern is a regular expression that is tried on a text as shown and, folded, on the folded text.
type pattern struct {
	shown  *regexp.Regexp
	folded *regexp.Regexp // nil: the shown one is tried on the folded text
}

func compilePattern(text string) (*pattern, error) {
	re, err := compileRE2(text)
	if err != nil {
		return nil, err
	}
	p := &pattern{shown: re}
	// Folding a valid pattern can break it only in odd places (a range whose ends fold out of order);
	// then the pattern as written has to do.
	if p.folded, err = regexp.Compile("(?i)" + foldPattern(text)); err != nil {
		p.folded = nil
	}
	return p, nil
}

// compileRE2 refuses what does not compile, with its place, and what matches the empty text.
func compileRE2(text string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, &SyntaxError{Offset: offset(text, err), Err: err}
	}
	if re.MatchString("") {
		return nil, ErrMatchesAll
	}
	return re, nil
}

func (p *pattern) in(t *text) bool {
	if p.shown.MatchString(t.shown) {
		return true
	}
	if p.folded == nil {
		return p.shown.MatchString(t.folded())
	}
	return p.folded.MatchString(t.folded())
}
