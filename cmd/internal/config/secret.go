package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Secret is a text in which ${NAME} stands for a variable of the environment, so that the file need not hold
// what nobody else may know. No problem, difference or schema shows one.
type Secret string

// Expand puts the variables in; one that look does not know becomes nothing (see [Config.Missing]).
func (s Secret) Expand(look func(string) (string, bool)) string {
	return reVariable.ReplaceAllStringFunc(string(s), func(ref string) string {
		value, _ := look(ref[2 : len(ref)-1])
		return value
	})
}

// Variable is a place of the file that refers to the environment.
type Variable struct {
	Name      string
	Line, Col int // of the value that has the reference
}

// Missing reports the references of the file at path to variables that look does not know, or that are
// empty: they are errors, for what is fetched without its secret fails without saying why.
func (c *Config) Missing(path string, look func(string) (string, bool)) Problems {
	var missing Problems
	for _, v := range c.Variables {
		if value, ok := look(v.Name); ok && value != "" {
			continue
		}
		missing = append(missing, Problem{
			File: path, Line: v.Line, Col: v.Col, Severity: SeverityError, Code: "variable",
			What: fmt.Sprintf("the environment has no %s", v.Name), Quote: "${" + v.Name + "}",
			Fix: fmt.Sprintf("set it before the program starts: export %s=…, or Environment= in its systemd unit", v.Name),
		})
	}
	return missing.sorted()
}

var (
	reVariable = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)
	reBare     = regexp.MustCompile(`^\$[A-Z_][A-Z0-9_]*$`)
)

// secret reads a text that may refer to the environment. Its own words about it never hold the text.
func (r *reader) secret(n *yaml.Node, what string) (Secret, bool) {
	v, ok := r.text(n, what)
	if !ok {
		return "", false
	}
	switch rest := reVariable.ReplaceAllString(v, ""); {
	case withoutInvisible(v) != v:
		r.report(n, "invisible", "delete the value and type it again", "%s has invisible marks in it", what)
		return "", false
	case strings.Contains(rest, "${"):
		r.report(n, "variable", "write ${NAME}, of letters, digits and _", "%s refers to the environment in a way that is not understood", what)
		return "", false
	case reBare.MatchString(v):
		r.warn(n, "variable", "with braces, ${NAME}, it is a variable of the environment", "%s begins with a dollar sign", what)
	}
	for _, ref := range reVariable.FindAllString(v, -1) {
		r.variables = append(r.variables, Variable{Name: ref[2 : len(ref)-1], Line: n.Line, Col: n.Column})
	}
	return Secret(v), true
}

// password is secret for what should not stand in the file.
func (r *reader) password(n *yaml.Node, what string) Secret {
	v, ok := r.secret(n, what)
	if ok && !reVariable.MatchString(string(v)) {
		r.add(Problem{Line: n.Line, Col: n.Column, Severity: SeverityWarning, Code: "secret",
			What: fmt.Sprintf("%s stands in the file for all to read", what),
			Fix:  "write ${NAME} here, and set NAME in the environment"})
	}
	return v
}

// secretKeys are the keys whose values are not shown; deep ones hold more keys.
func secretKeys() []string { return []string{"password", "token", "headers", "auth", "proxy"} }

var reSecretKey = regexp.MustCompile(`(?:^|[\s{,-])["']?(password|token|headers|auth|proxy)["']?\s*:`)

// cover finds the parts of lines that may hold secrets, before anything is understood of the file: what
// stands behind one of the keys, and below it. r.covered gets, by line, the byte from which nothing is shown.
func (r *reader) cover() {
	r.covered = map[int]int{}
	below, inner := -1, false // the indentation of the key above, and whether it holds keys itself
	for i, line := range r.lines {
		if !significant(line) {
			continue
		}
		start := contentStart(line)
		if at := reSecretKey.FindStringSubmatchIndex(line); at != nil {
			r.covered[i+1] = at[1]
			if below < 0 || start <= below {
				name := line[at[2]:at[3]]
				below, inner = start, name == "headers" || name == "auth"
			}
			continue
		}
		if below < 0 || start <= below {
			below = -1
			continue
		}
		r.covered[i+1] = start
		if at := strings.IndexByte(line, ':'); inner && at > start {
			r.covered[i+1] = at + 1
		}
	}
}

var reQuoted = regexp.MustCompile(`"[^"]*"|«[^»]*»`)

// discreet takes what a covered line hides out of a problem's words.
func (r *reader) discreet(p Problem) Problem {
	at, covered := r.covered[p.Line]
	if !covered {
		return p
	}
	line := r.lines[p.Line-1]
	p.Quote = visible(line[:at] + " …")
	hidden := slices.DeleteFunc(strings.FieldsFunc(line[at:], func(c rune) bool { return strings.ContainsRune(" \t\"'{}[],:*&!%@#|>", c) }),
		func(w string) bool { return len(w) < 3 || w == "user" || slices.Contains(secretKeys(), w) })
	scrub := func(s string) string {
		for _, w := range hidden {
			s = strings.ReplaceAll(s, w, "…")
		}
		return reQuoted.ReplaceAllStringFunc(s, func(q string) string {
			if word := strings.Trim(q, `"«»`); word == "user" || slices.Contains(secretKeys(), word) || reID.MatchString(word) && strings.Contains(line[:at], word) {
				return q
			}
			return `"…"`
		})
	}
	p.What, p.Fix = scrub(p.What), scrub(p.Fix)
	return p
}
