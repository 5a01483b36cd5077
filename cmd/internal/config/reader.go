package config

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// reader holds one pass over one file. Its methods report what is wrong and go on with what is left.
type reader struct {
	file      string
	lines     []string    // as the operator wrote them, for quoting
	mended    []string    // as they are parsed
	shifts    map[int]int // by line: how much further right it is parsed than it was written
	more      int         // problems beyond the bound
	failed    bool        // one of those is an error
	damaged   bool        // a part could not be read: do not complain of what may be in it
	covered   map[int]int // by line: the byte from which it is not shown
	problems  Problems
	later     []func()              // checks that need the whole file
	known     taxonomy              // all categories, once they have been read
	asked     *feeds                // the channels that the file asks for
	slugAt    map[string]*yaml.Node // where categories stand; nil: the file has none of its own
	variables []Variable            // references to the environment
	refused   []string              // ids of sources that were reported and left out
}

// key is one key of a mapping: how it is read, and how the schema describes it.
type key struct {
	name  string
	about string
	form  form
	read  func(*yaml.Node)
	blank bool // may stand without a value, which then is as if the key were absent
}

// pair is one entry of a mapping.
type pair struct {
	name       string
	key, value *yaml.Node
}

// full says that nobody will read more problems: those that come now are only counted. What is costly to
// say need not be found out any more.
func (r *reader) full() bool { return len(r.problems) >= maxProblems }

// add files a problem, with the line it quotes.
func (r *reader) add(p Problem) {
	if r.full() {
		r.more++
		r.failed = r.failed || p.Severity == "" || p.Severity == SeverityError
		return
	}
	p.File = r.file
	p.Col = max(1, p.Col-r.shifts[p.Line])
	if p.Severity == "" {
		p.Severity = SeverityError
	}
	if p.Line > 0 && p.Line <= len(r.lines) {
		p.Quote = visible(r.lines[p.Line-1])
	}
	r.problems = append(r.problems, r.discreet(p))
}

func (r *reader) report(n *yaml.Node, code, fix, format string, args ...any) {
	r.add(Problem{Line: n.Line, Col: n.Column, Code: code, Fix: fix, What: fmt.Sprintf(format, args...)})
}

func (r *reader) warn(n *yaml.Node, code, fix, format string, args ...any) {
	r.add(Problem{Line: n.Line, Col: n.Column, Severity: SeverityWarning, Code: code, Fix: fix, What: fmt.Sprintf(format, args...)})
}

// target follows an alias. Parse has made sure that it ends.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool {
	n = target(n)
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null"
}

// plain refuses tags: nothing in feeds.yaml needs one.
func (r *reader) plain(n *yaml.Node) *yaml.Node {
	t := target(n)
	if t.Style&yaml.TaggedStyle != 0 {
		r.report(t, "tag", "delete the tag: types follow from the key", "the tag %s means nothing here", t.Tag)
	}
	return t
}

// mapping reads the known keys of n, in the order of keys, and reports the unknown ones.
func (r *reader) mapping(n *yaml.Node, what string, keys []key) {
	found := map[string]*yaml.Node{}
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	for _, p := range r.pairs(n, what, "duplicate-key") {
		if at := find(keys, p.name); at != nil {
			found[p.name] = p.value
			continue
		}
		r.unknownKey(p, what, names)
	}
	for _, k := range keys {
		v := found[k.name]
		switch {
		case v == nil:
		case isNull(v) && k.blank:
		case isNull(v):
			r.report(v, "no-value", fmt.Sprintf("give it one, or delete the line (%s)", k.about), "%s has no value", k.name)
		default:
			k.read(v)
		}
	}
}

func find(keys []key, name string) *key {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i]
		}
	}
	return nil
}

// arabicKeys are words that an Arabic operator may try first; the keys themselves are Latin.
func arabicKey(word string) string {
	switch suggestKey(word) {
	case suggestKey("الموقع"), suggestKey("موقع"):
		return "site"
	case suggestKey("المصادر"), suggestKey("مصادر"):
		return "sources"
	case suggestKey("الأقسام"), suggestKey("أقسام"), suggestKey("التصنيفات"):
		return "categories"
	case suggestKey("القواعد"), suggestKey("قواعد"):
		return "rules"
	case suggestKey("العنوان"), suggestKey("عنوان"):
		return "title"
	case suggestKey("الاسم"), suggestKey("اسم"):
		return "name"
	case suggestKey("القسم"), suggestKey("قسم"), suggestKey("تصنيف"):
		return "category"
	case suggestKey("الرابط"), suggestKey("رابط"):
		return "url"
	}
	return ""
}

func (r *reader) unknownKey(p pair, what string, names []string) {
	if bare, ok := strings.CutPrefix(p.name, "-"); ok {
		r.report(p.key, "dash", fmt.Sprintf("write - %s", bare), "no space after the dash")
		return
	}
	if r.full() {
		r.add(Problem{})
		return
	}
	fix := didYouMean(p.name, names)
	if latin := arabicKey(p.name); latin != "" {
		fix = didYouMean(latin, names)
	}
	r.report(p.key, "unknown-key", fix, "unknown key %q in %s", p.name, what)
}

// pairs gives the entries of a mapping, each name once. What is no mapping is reported.
func (r *reader) pairs(n *yaml.Node, what, duplicate string) []pair {
	t := r.plain(n)
	if t.Kind != yaml.MappingNode {
		r.wrongKind(n, what, "keys and values")
		return nil
	}
	first := make(map[string]int, len(t.Content)/2)
	pairs := make([]pair, 0, len(t.Content)/2)
	for i := 0; i+1 < len(t.Content); i += 2 {
		k, v := t.Content[i], t.Content[i+1]
		name, ok := r.keyName(k)
		if !ok {
			continue
		}
		if line, twice := first[name]; twice {
			r.report(k, duplicate, fmt.Sprintf("delete one of the two, or rename it; the first is at line %d", line), "%q is there twice", name)
			continue
		}
		first[name] = k.Line
		pairs = append(pairs, pair{name: name, key: k, value: v})
	}
	return pairs
}

// keyName reads a key. Marks that nobody sees are reported and left out, so that the key still counts.
func (r *reader) keyName(k *yaml.Node) (string, bool) {
	if k.Kind != yaml.ScalarNode {
		r.report(k, "type", "a key is one word", "a list or a mapping cannot be a key")
		return "", false
	}
	if k.Tag == "!!merge" {
		r.report(k, "merge", "what sources share belongs under defaults:", "merging with << is not supported")
		return "", false
	}
	name := k.Value
	if clean := withoutInvisible(name); clean != name {
		r.report(k, "invisible", fmt.Sprintf("delete the line's key and type it again: %s", clean),
			"the key %q has invisible marks in it", visible(name))
		name = clean
	}
	return name, true
}

// wrongKind reports a value of another shape than the one meant, with the slip that usually causes it.
func (r *reader) wrongKind(n *yaml.Node, what, wanted string) {
	t := target(n)
	if t.Kind == yaml.ScalarNode {
		if m := reTight.FindStringSubmatch(t.Value); m != nil {
			r.report(n, "space", fmt.Sprintf("write %s: %s", m[1], m[2]), "no space after the colon of %q", m[1])
			return
		}
		if strings.HasPrefix(t.Value, "-") && len(t.Value) > 1 && t.Value[1] != ' ' {
			r.report(n, "dash", fmt.Sprintf("write - %s", t.Value[1:]), "no space after the dash")
			return
		}
	}
	if t.Kind == yaml.MappingNode && len(t.Content) > 0 && strings.HasPrefix(t.Content[0].Value, "-") {
		r.report(n, "dash", fmt.Sprintf("write - %s", t.Content[0].Value[1:]), "no space after the dash")
		return
	}
	if t.Kind == yaml.SequenceNode && t.Style&yaml.FlowStyle == 0 && len(t.Content) > 0 && t.Content[0].Kind == yaml.MappingNode {
		r.report(n, "type", "delete the dashes", "%s must be %s, not a list", what, wanted)
		return
	}
	r.report(n, "type", fmt.Sprintf("write %s below it, indented by two", wanted), "%s must be %s, not %s", what, wanted, kindName(t))
}

func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	}
	if n.Tag == "!!null" {
		return "nothing"
	}
	return fmt.Sprintf("%q", visible(n.Value))
}

// text reads a scalar that is not empty.
func (r *reader) text(n *yaml.Node, what string) (string, bool) {
	t := r.plain(n)
	if t.Kind != yaml.ScalarNode {
		r.report(n, "type", "write one value on the same line", "%s must be one value, not %s", what, kindName(t))
		return "", false
	}
	if t.Tag == "!!null" || strings.TrimSpace(t.Value) == "" {
		r.report(n, "no-value", "give it a value, or delete the line", "%s has no value", what)
		return "", false
	}
	return t.Value, true
}

// exact is text in which a mark that nobody sees is a mistake: ids, addresses, words of a fixed list.
func (r *reader) exact(n *yaml.Node, what string) (string, bool) {
	s, ok := r.text(n, what)
	if !ok {
		return "", false
	}
	if clean := withoutInvisible(s); clean != s {
		r.report(n, "invisible", fmt.Sprintf("delete the value and type it again: %s", clean), "%s has invisible marks in it", what)
		return clean, clean != ""
	}
	return s, true
}

// label is text for readers: surrounding marks that a copy brought along do no harm and go silently.
func (r *reader) label(n *yaml.Node, what string) (string, bool) {
	s, ok := r.text(n, what)
	return strings.TrimFunc(s, func(c rune) bool { return c == ' ' || (isInvisible(c) && c != '\u200c') }), ok
}

// items gives the elements of a list. One value where a list is meant counts as a list of one, unless
// commas in it show that more were meant.
func (r *reader) items(n *yaml.Node, what string) []*yaml.Node {
	t := r.plain(n)
	switch t.Kind {
	case yaml.SequenceNode:
		return r.splitAtArabicComma(t, what)
	case yaml.ScalarNode:
		if parts := splitCommas(t.Value); len(parts) > 1 {
			r.report(n, "comma", fmt.Sprintf("write [%s]", strings.Join(parts, ", ")), "%s must be a list in brackets", what)
			return pieces(t, parts)
		}
		return []*yaml.Node{t}
	}
	r.wrongKind(n, what, "a list")
	return nil
}

// splitAtArabicComma undoes «[أ، ب]», which YAML reads as one element. Only lists in brackets are
// looked at: in a list with dashes the comma belongs to the name.
func (r *reader) splitAtArabicComma(list *yaml.Node, what string) []*yaml.Node {
	if list.Style&yaml.FlowStyle == 0 {
		return list.Content
	}
	var out []*yaml.Node
	for _, n := range list.Content {
		bare := n.Kind == yaml.ScalarNode && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0
		parts := splitCommas(n.Value)
		if !bare || len(parts) < 2 {
			out = append(out, n)
			continue
		}
		r.report(n, "comma", fmt.Sprintf("separate with the Latin comma: %s", strings.Join(parts, ", ")),
			"an Arabic comma does not separate the elements of %s", what)
		out = append(out, pieces(n, parts)...)
	}
	return out
}

func splitCommas(s string) []string {
	var parts []string
	for part := range strings.FieldsFuncSeq(s, func(c rune) bool { return c == ',' || c == '،' }) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// pieces makes nodes for the parts of a scalar, each in the column where it begins.
func pieces(n *yaml.Node, parts []string) []*yaml.Node {
	out := make([]*yaml.Node, len(parts))
	from := 0
	for i, part := range parts {
		from += max(0, strings.Index(n.Value[from:], part))
		out[i] = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: part, Line: n.Line,
			Column: n.Column + utf8.RuneCountInString(n.Value[:from])}
		from += len(part)
	}
	return out
}
