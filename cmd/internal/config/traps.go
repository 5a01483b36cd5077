package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// detectors are the slips that break YAML, most telling first. Each looks at one line.
func detectors() []func(*reader, int) *finding {
	return []func(*reader, int) *finding{
		tabIndent, noSpaceAfterDash, unquotedIndicator, badEscape, unclosedQuote, textAfterQuote, colonInValue,
		unclosedBracket, noSpaceAfterColon, noColon,
	}
}

// parts is a line cut into what it says: "  - key: value # comment".
type parts struct {
	line       string
	start      int // byte index of the first thing that is neither indent nor dash
	key        string
	value      int // byte index of the value; len(line) when there is none
	valueEnd   int // byte index after the value, comment and spaces left out
	hasColon   bool
	quotedHead bool // the key (or the bare item) begins with a quote
}

func cut(line string) parts {
	p := parts{line: line, start: contentStart(line)}
	head := p.start
	if head < len(line) && (line[head] == '"' || line[head] == '\'') {
		p.quotedHead = true
		if end := strings.IndexByte(line[head+1:], line[head]); end >= 0 {
			head += end + 2
		}
	}
	p.value = p.start
	if i := colon(line[head:]); i >= 0 && !strings.ContainsAny(line[p.start:p.start+1], "[{") {
		p.key, p.hasColon = line[p.start:head+i], true
		rest := line[head+i+1:]
		p.value = len(line) - len(strings.TrimLeft(rest, " \t"))
	}
	p.valueEnd = len(line)
	if i := strings.Index(line[p.value:], " #"); i >= 0 {
		p.valueEnd = p.value + i
	}
	p.valueEnd = p.value + len(strings.TrimRight(line[p.value:p.valueEnd], " \t"))
	return p
}

// contentStart is behind the indentation and the dashes of a line.
func contentStart(line string) int {
	rest := strings.TrimLeft(line, " \t")
	for strings.HasPrefix(rest, "- ") {
		rest = strings.TrimLeft(rest[2:], " ")
	}
	return len(line) - len(rest)
}

// colon finds the first ": " or final ":" outside of a comment.
func colon(s string) int {
	for i := range len(s) {
		if s[i] == ':' && (i+1 == len(s) || s[i+1] == ' ' || s[i+1] == '\t') {
			return i
		}
		if s[i] == '#' && i > 0 && s[i-1] == ' ' {
			return -1
		}
	}
	return -1
}

// text is the value as it stands.
func (p parts) text() string { return p.line[p.value:p.valueEnd] }

// at makes a finding that points at byte i.
func (p parts) at(i int, code, what, fix, mended string) *finding {
	return &finding{col: utf8.RuneCountInString(p.line[:i]), code: code, what: what, fix: fix, mended: mended}
}

// with is the line with another value in place of its own.
func (p parts) with(value string) string {
	return p.line[:p.value] + value + p.line[p.valueEnd:]
}

// quoted is a value in single quotes, where nothing but the quote itself is special.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func tabIndent(r *reader, i int) *finding {
	line := r.mended[i]
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	tab := strings.IndexByte(indent, '\t')
	if tab < 0 {
		return nil
	}
	width := 0
	if before := r.significantBefore(i); before >= 0 {
		above := r.mended[before]
		if width = indentOf(above); opensBlock(above) {
			width += 2
		}
	}
	f := parts{line: line}.at(tab, "tab", "a tab in the indentation", "indent with spaces only, two a level",
		strings.Repeat(" ", width)+line[len(indent):])
	f.shift = width - len(indent)
	return f
}

var reDash = regexp.MustCompile(`^-[a-z_]+:`)

func noSpaceAfterDash(r *reader, i int) *finding {
	p := cut(r.mended[i])
	rest := p.line[p.start:]
	if !reDash.MatchString(rest) {
		return nil
	}
	return p.at(p.start, "dash", "no space after the dash", fmt.Sprintf("write - %s", rest[1:]),
		p.line[:p.start]+"- "+rest[1:])
}

// opensBlock says that what follows the line is meant to stand deeper.
func opensBlock(line string) bool {
	p := cut(line)
	return p.hasColon && p.value >= p.valueEnd
}

var reAlias = regexp.MustCompile(`^[*&][\p{L}\p{N}_-]+$`)

func unquotedIndicator(r *reader, i int) *finding {
	p := cut(r.mended[i])
	v := p.text()
	if v == "" || !strings.ContainsAny(v[:1], "*&%@`!") {
		return nil
	}
	if reAlias.MatchString(v) {
		return p.at(p.value, "alias", fmt.Sprintf("nothing is anchored as %s", v[1:]),
			fmt.Sprintf("write the value out, or quote it: %s", doubled(v)), p.with(quoted(v)))
	}
	what := fmt.Sprintf("a value cannot begin with %s unless it is quoted", v[:1])
	return p.at(p.value, "quote", what, fmt.Sprintf("quote it: %s%s", p.prefix(), doubled(v)), p.with(quoted(v)))
}

// prefix is the key for a fix text, "every: ".
func (p parts) prefix() string {
	if !p.hasColon {
		return ""
	}
	return p.key + ": "
}

// doubled quotes a value for a fix text, in the quotes that keep it as it is.
func doubled(s string) string {
	if strings.ContainsAny(s, `\"`) {
		return quoted(s)
	}
	return `"` + s + `"`
}

func badEscape(r *reader, i int) *finding {
	p := cut(r.mended[i])
	v := p.text()
	if len(v) < 2 || v[0] != '"' || v[len(v)-1] != '"' {
		return nil
	}
	for j := 1; j < len(v)-1; j++ {
		if v[j] != '\\' {
			continue
		}
		if j++; !strings.ContainsRune("0abt\tnvfre \"/\\N_LPxuU", rune(v[j])) {
			plain := v[1 : len(v)-1]
			escaped, _ := utf8.DecodeRuneInString(v[j:])
			return p.at(p.value+j-1, "escape", fmt.Sprintf(`\%c means nothing between double quotes`, escaped),
				fmt.Sprintf("use single quotes: %s%s", p.prefix(), quoted(plain)), p.with(quoted(plain)))
		}
	}
	return nil
}

func unclosedQuote(r *reader, i int) *finding {
	p := cut(r.mended[i])
	v := p.line[p.value:]
	if v == "" || (v[0] != '"' && v[0] != '\'') {
		return nil
	}
	if closingQuote(v) > 0 {
		return nil
	}
	return p.at(p.value, "unclosed", fmt.Sprintf("the quote %c is never closed", v[0]),
		fmt.Sprintf("end the value with %c", v[0]), p.with(p.text()+v[:1]))
}

// closingQuote is the index of the quote that closes the one that v begins with; -1 if none does.
func closingQuote(v string) int {
	for j := 1; j < len(v); j++ {
		switch {
		case v[0] == '"' && v[j] == '\\':
			j++
		case v[0] == '\'' && strings.HasPrefix(v[j:], "''"):
			j++
		case v[j] == v[0]:
			return j
		}
	}
	return -1
}

func textAfterQuote(r *reader, i int) *finding {
	p := cut(r.mended[i])
	v := p.text()
	if v == "" || (v[0] != '"' && v[0] != '\'') {
		return nil
	}
	end := closingQuote(v)
	rest := strings.TrimSpace(v[end+1:])
	if end < 0 || rest == "" || strings.ContainsAny(rest[:1], ":,]}") {
		return nil
	}
	return p.at(p.value, "quote", "text goes on after the closing quote",
		fmt.Sprintf("quote all of it: %s%s", p.prefix(), quoted(v)), p.with(quoted(v)))
}

func colonInValue(r *reader, i int) *finding {
	p := cut(r.mended[i])
	v := p.text()
	if !p.hasColon || v == "" || strings.ContainsAny(v[:1], "\"'[{|>") || colon(v) < 0 {
		return nil
	}
	return p.at(p.value, "colon", `": " inside an unquoted value`,
		fmt.Sprintf("quote it: %s%s", p.prefix(), doubled(v)), p.with(quoted(v)))
}

func unclosedBracket(r *reader, i int) *finding {
	p := cut(r.mended[i])
	v := p.text()
	if v == "" || (v[0] != '[' && v[0] != '{') {
		return nil
	}
	closing := "]"
	if v[0] == '{' {
		closing = "}"
	}
	if strings.Count(v, v[:1]) <= strings.Count(v, closing) {
		return nil
	}
	return p.at(p.value, "unclosed", fmt.Sprintf("the bracket %c is never closed", v[0]),
		fmt.Sprintf("end the value with %s", closing), p.with(strings.TrimRight(v, ", ،")+closing))
}

var reTight = regexp.MustCompile(`^([a-z_][a-z0-9_-]*):([^\s/].*)$`)

func noSpaceAfterColon(r *reader, i int) *finding {
	p := cut(r.mended[i])
	if p.hasColon || p.quotedHead {
		return nil
	}
	m := reTight.FindStringSubmatch(p.text())
	if m == nil {
		return nil
	}
	return p.at(p.start, "space", fmt.Sprintf("no space after the colon of %q", m[1]),
		fmt.Sprintf("write %s: %s", m[1], m[2]), p.with(m[1]+": "+m[2]))
}

// noColon is a line of a mapping with a key and a value and nothing between them. It is asked last: a
// text on a line of its own may also be the continuation of the one above.
func noColon(r *reader, i int) *finding {
	p := cut(r.mended[i])
	v := p.text()
	if p.hasColon || v == "" || p.quotedHead || strings.ContainsAny(v[:1], "[{]}|>-") {
		return nil
	}
	word, rest, _ := strings.Cut(v, " ")
	for _, odd := range []string{"：", "؛", "="} {
		if before, after, ok := strings.Cut(v, odd); ok {
			word, rest = strings.TrimSpace(before), strings.TrimSpace(after)
			break
		}
	}
	fix := fmt.Sprintf("write %s: %s", word, strings.TrimSpace(rest))
	return p.at(p.start, "no-colon", fmt.Sprintf("no colon after %q", word), strings.TrimSpace(fix),
		p.with(strings.TrimSpace(word+": "+strings.TrimSpace(rest))))
}

// wrongIndent is a line that stands at no level that is open above it: it is moved to the nearest one.
func (r *reader) wrongIndent(at int) *finding {
	if !significant(r.mended[at]) {
		return nil
	}
	line := r.mended[at]
	width := indentOf(line)
	levels := r.openLevels(at)
	best := -1
	for _, level := range levels {
		if best < 0 || abs(level-width) < abs(best-width) {
			best = level
		}
	}
	if slices.Contains(sectionNames(), cut(line).key) {
		best = 0
	}
	if best < 0 || best == width {
		return nil
	}
	f := parts{line: line}.at(width, "indent", fmt.Sprintf("indented by %d, where %s are open", width, joinInts(levels)),
		fmt.Sprintf("indent it by %d", best), strings.Repeat(" ", best)+line[width:])
	f.line, f.shift = at, best-width
	return f
}

// openLevels are the indentations that a line may have: those of the lines above that nothing has
// closed, innermost first. For a line with a dash only those of dashes count, when there are some.
func (r *reader) openLevels(at int) []int {
	var levels, dashes []int
	least := 1 << 30
	for i := r.significantBefore(at); i >= 0 && least > 0; i = r.significantBefore(i) {
		line := r.mended[i]
		p := cut(line)
		indent := indentOf(line)
		if p.start < least { // what stands behind a dash is a level of its own
			levels = append(levels, p.start)
		}
		if indent < p.start && indent < least {
			levels, dashes = append(levels, indent), append(dashes, indent)
		}
		least = min(least, indent)
	}
	if strings.HasPrefix(strings.TrimLeft(r.mended[at], " "), "- ") && len(dashes) > 0 {
		return dashes
	}
	return levels
}

func abs(n int) int { return max(n, -n) }

func joinInts(ns []int) string {
	words := make([]string, len(ns))
	for i, n := range ns {
		words[i] = fmt.Sprint(n)
	}
	return strings.Join(words, ", ")
}
