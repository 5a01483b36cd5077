package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// document reads the whole file into c, which holds the defaults.
func (r *reader) document(root *yaml.Node, c *Config) {
	r.asked = usualFeeds()
	r.mapping(r.indented(root), "the file", r.topKeys(c))
	r.completeCategories(c)
	c.Outputs.Each, c.Outputs.Channels = r.asked.each, r.channels(c)
	if len(c.Sources) == 0 && !r.damaged && !r.problems.Errors() {
		r.report(root, "no-sources", emptyFix, "the file names no source")
	}
}

// topKeys are the sections, in the order in which they must be read: a source needs the defaults, a
// channel needs the categories and the sources.
func (r *reader) topKeys(c *Config) []key {
	s := &sources{reader: r, config: c}
	return []key{
		{"site", "How the program presents itself.", orNothing(objectForm(r.siteKeys(&c.Site))),
			func(n *yaml.Node) { r.mapping(n, "site", r.siteKeys(&c.Site)) }, true},
		{"defaults", "What each source has unless it says otherwise.", orNothing(objectForm(r.fetchKeys(&c.Defaults))),
			func(n *yaml.Node) { r.mapping(n, "defaults", r.fetchKeys(&c.Defaults)) }, true},
		{"categories", "The sections of what is published, in the order of menus.", orNothing(r.categoriesForm()),
			func(n *yaml.Node) { r.categories(n, c) }, true},
		{"sources", "The feeds that are read. A Latin id, then an address or the long form.", s.form(),
			s.read, false},
		{"rules", "Top to bottom; the first match with a category wins, drop and tag always apply.", orNothing(r.rulesForm()),
			func(n *yaml.Node) { r.rules(n, c) }, true},
		{"dedupe", "How stories that are the same news are recognised.", orNothing(objectForm(r.dedupeKeys(c))),
			func(n *yaml.Node) { r.mapping(n, "dedupe", r.dedupeKeys(c)) }, true},
		{"outputs", "What is published, and how much of it.", orNothing(objectForm(r.publishKeys(c))),
			func(n *yaml.Node) { r.mapping(n, "outputs", r.publishKeys(c)) }, true},
	}
}

func sectionNames() []string {
	return []string{"site", "defaults", "categories", "sources", "rules", "dedupe", "outputs"}
}

// indented undoes entries that stand beside their section's key instead of below it. They are told by
// what comes before them, a section without a value, and by being no section themselves, nor nearly one.
func (r *reader) indented(root *yaml.Node) *yaml.Node {
	if root.Kind != yaml.MappingNode {
		return root
	}
	fixed := *root
	fixed.Content = nil
	var section *yaml.Node // the value that takes in what follows
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		switch {
		case slices.Contains(sectionNames(), k.Value) && isNull(v) && v.Kind == yaml.ScalarNode:
			section = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: v.Line, Column: v.Column}
			fixed.Content = append(fixed.Content, k, section)
			continue
		case section == nil || suggest(k.Value, sectionNames()) != "" || arabicKey(k.Value) != "" || k.Kind != yaml.ScalarNode:
			section = nil
			fixed.Content = append(fixed.Content, k, v)
			continue
		case section.Kind == yaml.ScalarNode:
			*section = yaml.Node{Kind: yaml.MappingNode, Line: k.Line, Column: k.Column}
			r.report(k, "indent", "indent it, and what follows it, by two", "%q stands beside its section, not below it", visible(k.Value))
		}
		section.Content = append(section.Content, k, v)
	}
	return &fixed
}

func monthNames() []string {
	return []string{"dual", "egypt", "levant", "maghreb", "morocco"}
}

func (r *reader) siteKeys(s *Site) []key {
	return []key{
		{"url", "Public address of the pages; feeds and OPML carry it.", urlForm(),
			func(n *yaml.Node) { r.siteURL(n, s) }, false},
		{"title", "The site's name as readers see it.", textForm(), func(n *yaml.Node) {
			if v, ok := r.label(n, "title"); ok {
				s.Title = v
			}
		}, false},
		{"months", "Names of months: dual prints both systems.", choiceForm(monthNames()), func(n *yaml.Node) {
			if v, ok := r.choice(n, "months", monthNames()); ok {
				s.Months = v
			}
		}, false},
		{"numerals", "Digits on pages: latn (123) or arab (١٢٣).", choiceForm([]string{"latn", "arab"}), func(n *yaml.Node) {
			if v, ok := r.choice(n, "numerals", []string{"latn", "arab"}); ok {
				s.Numerals = v
			}
		}, false},
		{"timezone", "Zone of times on pages, as in Asia/Riyadh; ordering is always UTC.", textForm(),
			func(n *yaml.Node) { r.timezone(n, s) }, false},
	}
}

func (r *reader) siteURL(n *yaml.Node, s *Site) {
	v, ok := r.address(n, "url")
	if !ok {
		return
	}
	u, err := url.Parse(v)
	if err != nil || u.RawQuery != "" || u.Fragment != "" {
		r.report(n, "url", "write only scheme, host and path", "the site's address has a query or a fragment")
		return
	}
	s.URL = strings.TrimRight(v, "/")
}

func (r *reader) timezone(n *yaml.Node, s *Site) {
	v, ok := r.exact(n, "timezone")
	if !ok {
		return
	}
	zone, err := time.LoadLocation(v)
	if err != nil || v == "Local" {
		r.report(n, "timezone", didYouMean(v, zones()), "no time zone %q", visible(v))
		return
	}
	s.Timezone = zone
}

// zones are those of Arab capitals, to guess from.
func zones() []string {
	return []string{
		"UTC", "Asia/Riyadh", "Africa/Cairo", "Asia/Dubai", "Asia/Baghdad", "Asia/Beirut", "Asia/Damascus", "Asia/Amman",
		"Asia/Kuwait", "Asia/Qatar", "Asia/Bahrain", "Asia/Muscat", "Asia/Aden", "Asia/Hebron", "Asia/Gaza", "Africa/Khartoum",
		"Africa/Tripoli", "Africa/Tunis", "Africa/Algiers", "Africa/Casablanca", "Africa/Nouakchott", "Europe/London",
		"Europe/Paris", "Europe/Berlin", "Europe/Istanbul",
	}
}

func futureChoices() []string { return []string{"clamp", "hold", "drop"} }

// fetchKeys are what both defaults and a source may set.
func (r *reader) fetchKeys(f *Fetching) []key {
	return []key{
		{"allow_private", "Admit loopback and intranet addresses.", boolForm(), func(n *yaml.Node) { r.flag(n, "allow_private", &f.AllowPrivate) }, false},
		{"every", "How often: 10m, 1h30m, auto, or a cron line in quotes.", scheduleForm(),
			func(n *yaml.Node) { r.schedule(n, f) }, false},
		{"timeout", "Time limit of one fetch, redirects and body included.", durationForm(),
			func(n *yaml.Node) { r.timeout(n, &f.Timeout) }, false},
		{"limit", "Flood guard: so many new stories at most, as in 200/day.", limitForm(),
			func(n *yaml.Node) { r.limit(n, &f.Limit) }, false},
		{"charset", "Encoding that overrides what the feed claims, as in windows-1256.", textForm(),
			func(n *yaml.Node) { r.charset(n, &f.Charset) }, false},
		{"future_dates", "Items dated in the future: clamp to now, hold until then, or drop.", choiceForm(futureChoices()), func(n *yaml.Node) {
			if v, ok := r.choice(n, "future_dates", futureChoices()); ok {
				f.FutureDates = v
			}
		}, false},
		{"fulltext", "true reads the pages of new stories too, where robots.txt admits it.", boolForm(),
			func(n *yaml.Node) { r.flag(n, "fulltext", &f.FullText) }, false},
		{"websub", "false polls only: no hub that the feed names is asked to push.", boolForm(), func(n *yaml.Node) {
			pushed := !f.Unpushed
			r.flag(n, "websub", &pushed)
			f.Unpushed = !pushed
		}, false},
		{"user_agent", "What the program calls itself, instead of its own name.", textForm(),
			func(n *yaml.Node) { r.userAgent(n, f) }, false},
		{"proxy", "Address of an http, https or socks5 proxy, or none; may hold ${NAME}.", textForm(),
			func(n *yaml.Node) { r.proxy(n, f) }, false},
	}
}

func scheduleForm() form {
	return form{"type": "string", "minLength": 2, "examples": []string{"10m", "1h30m", "auto", "*/10 * * * *", "@hourly", "10 دقائق"}}
}

// schedule reads every:. allow_private comes before it in fetchKeys, because it lowers the bound.
func (r *reader) schedule(n *yaml.Node, f *Fetching) {
	v, ok := r.exact(n, "every")
	if !ok {
		return
	}
	s, err := ParseSchedule(v)
	least := minEvery
	if f.AllowPrivate {
		least = minEveryPrivate
	}
	switch {
	case errors.Is(err, ErrNeverFires):
		r.report(n, "never-fires", "is there such a day? a daily run is \"0 6 * * *\"", "the cron line %q never fires", v)
	case errors.Is(err, ErrNotAbove0):
		r.report(n, "range", "write an interval above zero, as in 10m", "every cannot be %s", v)
	case err != nil && looksLikeCron(v):
		r.report(n, "cron", cronFix(v), "%q is no cron line: %v", visible(v), err)
	case err != nil:
		r.badDuration(n, "every", v, err)
	case s.every > 0 && s.every < least:
		r.report(n, "range", fmt.Sprintf("write %s or more; seconds are for allow_private sources only", formatDuration(least)), "every %s is too often", v)
	default:
		f.Every = s
	}
}

func cronFix(s string) string {
	ascii := asciiDigits(s)
	switch fields := strings.Fields(s); {
	case ascii != s:
		return fmt.Sprintf("write it in Latin digits: %q", ascii)
	case strings.Contains(s, "=") && len(fields) < 6:
		return "after the zone write five fields: \"CRON_TZ=Asia/Riyadh 0 6 * * *\""
	case len(fields) == 6:
		return fmt.Sprintf("a line has no field for seconds: %q", strings.Join(fields[1:], " "))
	}
	return "five fields: minute hour day month weekday, as in \"*/10 * * * *\"; or @hourly, @daily"
}

// maxTimeout keeps one hanging origin from holding a worker for long.
const maxTimeout = 5 * time.Minute

func (r *reader) timeout(n *yaml.Node, d *time.Duration) {
	v, ok := r.duration(n, "timeout")
	if !ok {
		return
	}
	if v > maxTimeout {
		r.report(n, "range", "write 5m or less; 20s is usual", "timeout cannot be %s", formatDuration(v))
		return
	}
	*d = v
}
