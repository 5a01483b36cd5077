package config

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// lint looks at a file that has no errors for what works and still is a trap: it would only be noise
// beside mistakes.
func (r *reader) lint(c *Config) {
	for i, line := range r.lines {
		r.overrides(i, line)
		r.arabicLast(i, line)
	}
	r.repeatedRules(c)
}

// overrides warns of the two marks that make a line read other than it is.
func (r *reader) overrides(i int, line string) {
	at := strings.IndexFunc(line, func(c rune) bool { return c == '\u202d' || c == '\u202e' })
	if at < 0 {
		return
	}
	r.add(Problem{Line: i + 1, Col: utf8.RuneCountInString(line[:at]) + 1, Severity: SeverityWarning, Code: "override",
		What: "a mark turns the text behind it around", Fix: "delete the mark: the line is not what it looks like"})
}

var reKeyBehind = regexp.MustCompile(`\p{Arabic}[^#]*,\s*([a-z_]+):\s`)

// arabicLast finds a key behind an Arabic value: editors show such a line in another order than it is
// written, so that the key seems to have another value.
func (r *reader) arabicLast(i int, line string) {
	at := reKeyBehind.FindStringSubmatchIndex(line)
	if at == nil {
		return
	}
	r.add(Problem{Line: i + 1, Col: utf8.RuneCountInString(line[:at[2]]) + 1, Severity: SeverityLint, Code: "arabic-last",
		What: "a key behind Arabic text on one line", Fix: "write one entry a line, or the Arabic last: many editors show this line in another order"})
}

// repeatedRules warns of a rule that matches just what an earlier one matches.
func (r *reader) repeatedRules(c *Config) {
	first := map[[3]string]int{}
	for _, rule := range c.Rules {
		key := [3]string{rule.Link, rule.Title, rule.When}
		line, repeated := first[key]
		if !repeated {
			first[key] = rule.Line
			continue
		}
		r.add(Problem{Line: rule.Line, Col: r.columnOf(rule.Line), Severity: SeverityWarning, Code: "repeated-rule",
			What: fmt.Sprintf("the rule matches what the one at line %d matches", line), Fix: "put both actions into one rule"})
	}
}

// columnOf is where the content of a line begins.
func (r *reader) columnOf(line int) int {
	return contentStart(r.lines[line-1]) + 1
}
