// Package config turns feeds.yaml into plain data, or says everything that is wrong with it.
//
// [Load] reads the file within bounds (size, depth, aliases), [Parse] does the same from memory. Both
// report all problems in one pass: each with file, line and column, the quoted line, a code that stays
// the same from release to release, and a fix. A [Config] comes back only when no problem is an error,
// so whoever has one has a file that can run: schedules fire, expressions compile, references resolve.
//
// Mistakes that break the YAML itself are mended in memory, line by line, so that one stray tab does not
// hide the nine mistakes after it. The file on disk is never touched by checking; [Write] is the only one
// that writes, and an [Edit] keeps every byte that it was not asked to change.
//
// What it will not do: fetch, resolve names, look at the clock, or read the environment. The same bytes
// give the same result on every machine.
package config

import (
	"time"
	_ "time/tzdata" // site.timezone is judged the same way on machines without a zone database

	"rafid"
	"rafid/category"
)

// Config is a whole feeds.yaml, checked, with the defaults filled in.
type Config struct {
	Site       Site
	Defaults   Fetching         // what a source has when it says nothing itself
	Categories []rafid.Category // in the file's order; always has [rafid.Other], last unless the file names it
	Sources    []Source         // in the file's order, those that are not enabled too
	Rules      []category.Rule  // in the file's order
	Dedupe     Dedupe
	Outputs    Outputs
	Variables  []Variable // references to the environment, but for those of sources that are not enabled; in no particular order
}

// Site is how the program presents itself.
type Site struct {
	URL      string         // public address without a final slash; empty: none is known
	Title    string         // what readers see
	Months   string         // dual, egypt, levant, maghreb or morocco: names of months
	Numerals string         // latn or arab
	Timezone *time.Location // for reading only; never nil
}

// Fetching is how a source is fetched, as far as all sources may share it.
type Fetching struct {
	Every        Schedule      // when
	Timeout      time.Duration // for the whole fetch
	Limit        Limit         // flood guard; the zero Limit is none
	AllowPrivate bool          // may live on loopback or an intranet
	Charset      string        // IANA name that overrides what the feed claims; empty: judged by evidence
	FutureDates  string        // clamp, hold or drop
	FullText     bool          // the pages of new stories are read too
	UserAgent    string        // instead of the program's; empty for that
	Proxy        Secret        // address of a proxy; empty for none
	Unpushed     bool          // no hub that the feed names is asked to push
}

// Source is a rafid.Source and how it is fetched. Defaults are already filled in.
type Source struct {
	rafid.Source
	Fetching
	Named   bool              // the file gives the name; else Name is the ID, until the feed tells its own
	URLs    []string          // Source.URL, then what to try when it fails, in order
	Enabled bool              // false: kept in the file, not fetched
	Headers map[string]Secret // sent along, by name in canonical form; nil for none
	Auth    Auth              // how we prove who asks; zero for not at all
	Line    int               // of the id in the file
}

// Auth is a user and a password, or a token.
type Auth struct {
	User, Password Secret // HTTP basic authentication
	Token          Secret // a bearer token; then the others are empty
}

// Limit is a number of new stories in a stretch of time, as in 200/day.
type Limit struct {
	N   int
	Per time.Duration
}

// Dedupe is how stories that are the same news are recognised.
type Dedupe struct {
	Profile      string         // strict, balanced or broad
	Window       time.Duration  // how long a group may grow
	Near         float64        // above 0, at most 1: lower merges more
	Lead         string         // whose headline: "first", "longest" or "order"
	LeadOrder    []string       // source ids, best first, when Lead is "order"
	Aliases      [][]string     // names for the same thing; the first of each list is one word
	KeepApart    [][2]string    // pairs of ids (story or group) that never share a group
	KeepTogether [][2]string    // pairs of ids of stories that share a group; never contradicts KeepApart
	Hide         []string       // ids of stories and groups that are shown nowhere
	Categories   []CategoryRule // what holds for single categories instead, in the file's order
}

// CategoryRule is what holds for the stories of one category. What it leaves zero is as for all.
type CategoryRule struct {
	Slug    string
	Profile string
	Near    float64
	Window  time.Duration
}

// Outputs is what is published, and how much of it.
type Outputs struct {
	Hub      string          // of WebSub: "self" for one of our own, else its address; empty: feeds name none
	Dir      string          // folder that a running server keeps static files in; empty: none
	Formats  []string        // of atom, rss and json, in the file's order
	Keep     time.Duration   // an item stays at least so long…
	Max      int             // …or until so many newer ones
	Content  string          // headline, summary or full
	Credit   string          // where a title names its outlet: suffix, prefix or none
	Each     []string        // of category and source: what each of has a channel
	Channels []rafid.Channel // expanded: one for each category and source where the file asks for it; a Token is a [Secret]
}

// What holds where the file says nothing. The numbers are those of the documented example file.
const (
	defaultEvery   = "10m"
	defaultTimeout = 20 * time.Second
	defaultWindow  = 48 * time.Hour
	defaultNear    = 0.80
	defaultKeep    = 24 * time.Hour
	defaultMax     = 300
	defaultTop     = 3 // independent outlets that make a story one of the day's
	defaultTitle   = "رافد"
	allTitle       = "كل الأخبار"
	topTitle       = "الأهم"
	otherTitle     = "منوعات"
)

// Category finds a category by its slug.
func (c *Config) Category(slug string) (rafid.Category, bool) {
	for _, cat := range c.Categories {
		if cat.Slug == slug {
			return cat, true
		}
	}
	return rafid.Category{}, false
}

// Source finds a source by its id.
func (c *Config) Source(id string) (Source, bool) {
	for _, s := range c.Sources {
		if s.ID == id {
			return s, true
		}
	}
	return Source{}, false
}

// empty is the configuration of a file that says nothing.
func empty() *Config {
	every, err := ParseSchedule(defaultEvery)
	if err != nil {
		panic("config: the default schedule does not parse: " + err.Error()) // a constant; a test covers it
	}
	return &Config{
		Site:     Site{Title: defaultTitle, Months: "dual", Numerals: "latn", Timezone: time.UTC},
		Defaults: Fetching{Every: every, Timeout: defaultTimeout, FutureDates: "clamp"},
		Dedupe:   Dedupe{Profile: "balanced", Window: defaultWindow, Near: defaultNear, Lead: "first"},
		Outputs: Outputs{
			Formats: []string{"atom", "rss", "json"}, Keep: defaultKeep, Max: defaultMax,
			Content: "summary", Credit: "suffix",
		},
	}
}
