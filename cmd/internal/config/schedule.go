package config

import (
	"errors"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Schedule says when a source is fetched: every so often, or by a cron line. The zero Schedule never
// fires; one from [ParseSchedule] always does.
type Schedule struct {
	text  string
	every time.Duration
	cron  cron.Schedule
	auto  bool
}

// What [ParseSchedule] refuses, beside a text that is neither a duration nor a cron line.
var (
	ErrNeverFires = errors.New("never fires")
	ErrNotAbove0  = errors.New("must be above zero")
)

// autoEvery is how often a source of its own rhythm is looked at: the shortest that the rhythm may be.
const autoEvery = 5 * time.Minute

// Bounds of an interval. A minute is what a polite reader allows itself at most; a second is for tests
// and the demo, on loopback, where allow_private says so.
const (
	minEvery        = time.Minute
	minEveryPrivate = time.Second
)

// ParseSchedule reads an interval ("10m", "1h30m", «10 دقائق»), "auto", a cron line of five fields, or a
// descriptor such as @hourly. A text that robfig/cron panics on ("TZ=X") is an error like any other.
func ParseSchedule(s string) (Schedule, error) {
	text := strings.TrimSpace(s)
	if every, ok := strings.CutPrefix(text, "@every"); ok {
		text = strings.TrimSpace(every)
	}
	if text == "auto" {
		return Schedule{text: text, every: autoEvery, cron: cron.Every(autoEvery), auto: true}, nil
	}
	d, err := ParseDuration(text)
	switch {
	case err == nil && d <= 0:
		return Schedule{}, ErrNotAbove0
	case err == nil:
		return Schedule{text: text, every: d, cron: cron.Every(d)}, nil
	case errors.Is(err, ErrNoUnit), !looksLikeCron(text):
		return Schedule{}, err
	}
	line, err := parseCron(text)
	if err != nil {
		return Schedule{}, err
	}
	// robfig/cron searches five years ahead and then gives the zero time. The start is fixed, so that
	// a file does not become wrong with time; the search from it meets a 29 February.
	if line.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, ErrNeverFires
	}
	return Schedule{text: text, cron: line}, nil
}

// looksLikeCron tells a cron line gone wrong from a duration gone wrong.
func looksLikeCron(s string) bool {
	return strings.ContainsAny(s, "*@=") || len(strings.Fields(s)) >= 4
}

// parseCron turns the library's panic into an error: behind TZ= it slices up to the first space, and
// there need be none.
func parseCron(s string) (line cron.Schedule, err error) {
	defer func() {
		if recover() != nil {
			line, err = nil, errors.New("no fields follow the time zone")
		}
	}()
	return cron.ParseStandard(s)
}

// Cron is what the scheduler runs by; nil for the zero Schedule.
func (s Schedule) Cron() cron.Schedule { return s.cron }

// Every is the interval; 0 for a cron line, which has none.
func (s Schedule) Every() time.Duration { return s.every }

// Auto says that the source's own rhythm is to be learnt; then Every is the shortest interval.
func (s Schedule) Auto() bool { return s.auto }

// String is the text that the schedule was read from.
func (s Schedule) String() string { return s.text }

// Equal says whether both were read from the same text.
func (s Schedule) Equal(o Schedule) bool { return s.text == o.text }
