package output

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"rafid"
)

// checkChannels says all that cannot be about the channels.
func (o Options) checkChannels() error {
	var errs []error
	seen := map[string]bool{}
	for _, ch := range o.Channels {
		switch {
		case !isSlug(ch.Name):
			errs = append(errs, fmt.Errorf("channel %q: a name is of a–z, 0–9, - and _", ch.Name))
		case ch.Name == wishName:
			errs = append(errs, fmt.Errorf("channel %q: the name belongs to the search", ch.Name))
		case seen[ch.Name]:
			errs = append(errs, fmt.Errorf("channel %q is there twice", ch.Name))
		}
		seen[ch.Name] = true
		if err := checkChannel(ch); err != nil {
			errs = append(errs, fmt.Errorf("channel %q: %w", ch.Name, err))
		}
	}
	return errors.Join(errs...)
}

func checkChannel(ch rafid.Channel) error {
	var errs []error
	for _, f := range ch.Formats {
		errs = append(errs, oneOf("format", f, Atom, RSS, JSON))
	}
	if ch.Content != "" {
		errs = append(errs, oneOf("content", ch.Content, amounts[:]...))
	}
	if ch.Credit != "" {
		errs = append(errs, oneOf("credit", ch.Credit, CreditSuffix, CreditPrefix, CreditNone))
	}
	if ch.Token != "" && (len(ch.Token) < leastToken || !isSlug(ch.Token)) {
		errs = append(errs, fmt.Errorf("a token has %d to %d of a–z, A–Z, 0–9, - and _", leastToken, maxSlug))
	}
	for _, text := range slices.Concat(ch.Query.Words, ch.Query.Exclude) {
		if tellsNothing(text) {
			errs = append(errs, fmt.Errorf("words %q: nothing in them can be looked for", text))
		}
	}
	if ch.Digest != "" {
		_, err := parseDigest(ch.Digest)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// oneOf gives an error unless got is one of the words.
func oneOf(what, got string, allowed ...string) error {
	if slices.Contains(allowed, got) {
		return nil
	}
	return fmt.Errorf("%s %q: want one of %s", what, got, strings.Join(allowed, ", "))
}

// farBack is any time: cron looks five years ahead of it for a line that comes at all.
var farBack = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// parseDigest reads a cron line of five fields. What fires never, or every few seconds, is no digest; nor is
// what names a zone of its own, which is the site's to name.
func parseDigest(line string) (s cron.Schedule, err error) {
	defer func() { // the parser panics on TZ= without fields
		if r := recover(); r != nil {
			err = fmt.Errorf("digest %q: no cron line", line)
		}
	}()
	if fields := strings.Fields(line); len(fields) != 5 || strings.Contains(fields[0], "=") {
		return nil, fmt.Errorf("digest %q: want a cron line of five fields, as in 0 7 * * *", line)
	}
	s, err = cron.ParseStandard(line)
	if err != nil {
		return nil, fmt.Errorf("digest %q: %w", line, err)
	}
	if s.Next(farBack).IsZero() {
		return nil, fmt.Errorf("digest %q: it never comes", line)
	}
	return s, nil
}
