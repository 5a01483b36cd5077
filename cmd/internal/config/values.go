package config

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// choice reads one word of a fixed list.
func (r *reader) choice(n *yaml.Node, what string, words []string) (string, bool) {
	s, ok := r.exact(n, what)
	if !ok {
		return "", false
	}
	if slices.Contains(words, s) {
		return s, true
	}
	r.report(n, "choice", didYouMean(s, words), "%s cannot be %q", what, visible(s))
	return "", false
}

// truth reads true or false, and nothing that YAML 1.1 took for them.
func (r *reader) truth(n *yaml.Node, what string) (bool, bool) {
	s, ok := r.exact(n, what)
	if !ok {
		return false, false
	}
	switch s {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	fix := "write true or false"
	switch strings.ToLower(s) {
	case "yes", "on", "y", "نعم", "1":
		fix = "write true"
	case "no", "off", "n", "لا", "0":
		fix = "write false"
	}
	r.report(n, "bool", fix, "%s must be true or false, not %q", what, visible(s))
	return false, false
}

// flag reads true or false into v.
func (r *reader) flag(n *yaml.Node, what string, v *bool) {
	if is, ok := r.truth(n, what); ok {
		*v = is
	}
}

// number reads a whole number of at least least.
func (r *reader) number(n *yaml.Node, what string, least int) (int, bool) {
	s, ok := r.digits(n, what)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(s)
	if err != nil {
		r.report(n, "number", "write digits only, as in 300", "%s must be a whole number, not %q", what, visible(s))
		return 0, false
	}
	if i < least || i > 1_000_000 {
		r.report(n, "range", fmt.Sprintf("from %d to 1000000", least), "%s cannot be %d", what, i)
		return 0, false
	}
	return i, true
}

// fraction reads a number above 0 and at most 1.
func (r *reader) fraction(n *yaml.Node, what string) (float64, bool) {
	s, ok := r.digits(n, what)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		r.report(n, "number", "write a number such as 0.80", "%s must be a number, not %q", what, visible(s))
		return 0, false
	}
	if !(f > 0 && f <= 1) {
		fix := "above 0 and at most 1, as in 0.80"
		if f > 1 && f <= 100 {
			fix = fmt.Sprintf("write %.2f", f/100)
		}
		r.report(n, "range", fix, "%s cannot be %s", what, s)
		return 0, false
	}
	return f, true
}

// digits reads a number's text. Arabic digits are reported, and then read as what they mean.
func (r *reader) digits(n *yaml.Node, what string) (string, bool) {
	s, ok := r.exact(n, what)
	if ascii := asciiDigits(s); ascii != s {
		r.report(n, "digits", fmt.Sprintf("write %s", ascii), "%s must be written in Latin digits", what)
		s = ascii
	}
	return s, ok
}

// duration reads a duration above zero.
func (r *reader) duration(n *yaml.Node, what string) (time.Duration, bool) {
	s, ok := r.exact(n, what)
	if !ok {
		return 0, false
	}
	d, err := ParseDuration(s)
	if err != nil {
		r.badDuration(n, what, s, err)
		return 0, false
	}
	if d <= 0 {
		r.report(n, "range", "write a duration above zero, as in 10m", "%s cannot be %s", what, s)
		return 0, false
	}
	return d, true
}

func (r *reader) badDuration(n *yaml.Node, what, s string, err error) {
	ascii := asciiDigits(s)
	if _, again := ParseDuration(ascii); ascii != s && again == nil {
		r.report(n, "digits", fmt.Sprintf("write %s, or in words «%s دقائق»", ascii, s[:len(s)-1]), "%s must be written in Latin digits", what)
		return
	}
	if errors.Is(err, ErrNoUnit) {
		r.report(n, "duration", fmt.Sprintf("write %sm for minutes, %sh for hours", ascii, ascii), "%s has a number without a unit", what)
		return
	}
	r.report(n, "duration", "write 10m, 1h30m, 2d or «10 دقائق»", "%s cannot be read as a duration: %q", what, visible(s))
}

var reID = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`)

// maxID keeps ids short enough for a file name with its suffixes, and a metric label that can be read.
const maxID = 64

// id checks a name that becomes an address, a log field and a metric label.
func (r *reader) id(k *yaml.Node, name, what string) bool {
	if reID.MatchString(name) && len(name) <= maxID {
		return true
	}
	fix := fmt.Sprintf("use a-z, 0-9, - and _, at most %d; Arabic goes into title: or name:", maxID)
	if better := strings.Trim(reNotID.ReplaceAllString(strings.ToLower(name), "-"), "-_"); len(better) <= maxID && reID.MatchString(better) {
		fix = fmt.Sprintf("write %s", better)
	}
	r.report(k, "id", fix, "%s %q is no Latin id", what, visible(name))
	return false
}

var reNotID = regexp.MustCompile(`[^a-z0-9_-]+`)

// address reads an http or https URL.
func (r *reader) address(n *yaml.Node, what string) (string, bool) {
	s, ok := r.exact(n, what)
	if !ok {
		return "", false
	}
	if r.cutByHash(n, what) {
		return "", false
	}
	bad := func(fix, format string, args ...any) (string, bool) {
		r.report(n, "url", fix, format, args...)
		return "", false
	}
	if trimmed := strings.Trim(s, "“”«»\"'<>"); trimmed != s {
		return bad(fmt.Sprintf("write %s", trimmed), "%s has quotes of the wrong kind around it", what)
	}
	if trimmed := strings.TrimRight(s, ",;،؛"); trimmed != s {
		return bad(fmt.Sprintf("write %s", trimmed), "%s ends with a comma", what)
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return bad("check the address in a browser and copy it again", "%s is no URL: %v", what, errors.Unwrap(err))
	case u.Scheme == "" && u.Host == "" && strings.Contains(s, "."):
		return bad(fmt.Sprintf("write https://%s", strings.TrimLeft(s, "/")), "%s has no https:// before it", what)
	case u.Scheme != "http" && u.Scheme != "https":
		return bad(schemeFix(u.Scheme, s), "%s must begin with https:// or http://, not %q", what, visible(s))
	case u.Hostname() == "":
		return bad("write the host after https://", "%s names no host", what)
	case u.User != nil:
		return bad("write them below auth: as user and password, each ${NAME} of the environment", "%s carries a password", what)
	case strings.ContainsAny(s, " \t\\"):
		return bad("escape a space as %20", "%s has a space in it", what)
	}
	return s, true
}

func schemeFix(scheme, s string) string {
	if near := suggest(scheme, []string{"https", "http"}); near != "" || scheme == "feed" {
		if near == "" {
			near = "https"
		}
		_, rest, _ := strings.Cut(s, ":")
		return fmt.Sprintf("write %s://%s", near, strings.TrimLeft(rest, "/"))
	}
	return "only http and https are fetched"
}

// cutByHash reports a value that YAML ended at " #": a comment has a space after the hash, the fragment
// of an address has none.
func (r *reader) cutByHash(n *yaml.Node, what string) bool {
	t := target(n)
	if t.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 || t.Line > len(r.mended) {
		return false
	}
	line := []rune(r.mended[t.Line-1])
	end := t.Column - 1 + utf8.RuneCountInString(t.Value)
	if end >= len(line) {
		return false
	}
	rest := string(line[end:])
	if !strings.HasPrefix(rest, " #") || len(rest) < 3 || rest[2] == ' ' || rest[2] == '#' {
		return false
	}
	r.report(n, "hash", fmt.Sprintf("quote it if the hash belongs to it: %q; put a space after the hash if it opens a comment", t.Value+rest),
		"%s ends at \" #\"", what)
	return true
}

// inside is the column of the rune at offset in a scalar, quotes and escapes counted.
func (r *reader) inside(n *yaml.Node, offset int) int {
	t := target(n)
	col := t.Column + offset
	if t.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 || t.Line > len(r.mended) {
		return col
	}
	raw := []rune(r.mended[t.Line-1])
	i := t.Column // behind the quote
	for ; offset > 0 && i < len(raw); offset-- {
		if (raw[i] == '\\' && t.Style&yaml.DoubleQuotedStyle != 0) || (raw[i] == '\'' && t.Style&yaml.SingleQuotedStyle != 0) {
			i++
		}
		i++
	}
	return i + 1
}
