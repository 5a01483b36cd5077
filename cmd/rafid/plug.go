package main

import (
	"cmp"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"rafid"
	"rafid/category"
	"rafid/cmd/internal/config"
	"rafid/dedupe"
	"rafid/fetch"
	"rafid/output"
)

// plan is what follows from one reading of feeds.yaml. It is never changed, only replaced.
type plan struct {
	cfg        *config.Config
	classifier *category.Classifier
	conditions map[string]*category.Expr // of channels, by Query.When
}

// readList reads and checks the source list, and what it refers to in the environment.
func readList(path string) (*config.Config, config.Problems) {
	cfg, problems := config.Load(path)
	if cfg == nil {
		return nil, problems
	}
	return cfg, append(problems, cfg.Missing(path, os.LookupEnv)...)
}

func newPlan(cfg *config.Config) (*plan, error) {
	model, err := category.Shipped()
	if err != nil {
		return nil, err
	}
	c, err := category.New(category.Options{Categories: cfg.Categories, Rules: cfg.Rules, Model: model})
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	conditions := make(map[string]*category.Expr)
	for _, ch := range cfg.Outputs.Channels {
		if when := ch.Query.When; when != "" {
			if conditions[when], err = category.Compile(when); err != nil {
				return nil, fmt.Errorf("channel %s: %w", ch.Name, err)
			}
		}
	}
	return &plan{cfg: cfg, classifier: c, conditions: conditions}, nil
}

// sources gives the sources that are to be fetched.
func (p *plan) sources() []config.Source {
	var on []config.Source
	for _, s := range p.cfg.Sources {
		if s.Enabled {
			on = append(on, s)
		}
	}
	return on
}

// target turns a source of the file into what the fetcher is asked for. Only here do its secrets come out of
// the environment.
func (p *plan) target(s config.Source) fetch.Target {
	var headers map[string]string
	for name, value := range s.Headers {
		if headers == nil {
			headers = make(map[string]string, len(s.Headers))
		}
		headers[name] = value.Expand(os.LookupEnv)
	}
	return fetch.Target{
		Source: s.Source, URLs: s.URLs, Timeout: s.Timeout, AllowPrivate: s.AllowPrivate,
		Charset: s.Charset, FutureDates: s.FutureDates, Auto: s.Every.Auto(), FullText: s.FullText, Unpushed: s.Unpushed,
		UserAgent: s.UserAgent, Headers: headers, Proxy: s.Proxy.Expand(os.LookupEnv),
		User: s.Auth.User.Expand(os.LookupEnv), Password: s.Auth.Password.Expand(os.LookupEnv), Token: s.Auth.Token.Expand(os.LookupEnv),
	}
}

func (p *plan) dedupe() dedupe.Options {
	d := p.cfg.Dedupe
	names := make(map[string]string, len(p.cfg.Sources))
	for _, s := range p.cfg.Sources {
		if s.Named {
			names[s.ID] = s.Name
		}
	}
	rules := make(map[string]dedupe.Override, len(d.Categories))
	for _, c := range d.Categories {
		rules[c.Slug] = dedupe.Override{Profile: c.Profile, Near: c.Near, Window: c.Window}
	}
	return dedupe.Options{
		Categories: rules, Profile: d.Profile, Window: d.Window, Near: d.Near, Lead: d.Lead, LeadOrder: d.LeadOrder,
		Aliases: d.Aliases, KeepApart: d.KeepApart, KeepTogether: d.KeepTogether, Names: names,
	}
}

// channels gives the channels with the tokens of private ones out of the environment, and with their
// conditions ready to be asked.
func (p *plan) channels() []rafid.Channel {
	channels := slices.Clone(p.cfg.Outputs.Channels)
	for i, ch := range channels {
		channels[i].Token = config.Secret(ch.Token).Expand(os.LookupEnv)
		if e := p.conditions[ch.Query.When]; e != nil {
			channels[i].Query.Fulfils = func(s *rafid.Story) bool { return e.Match(s, time.Time{}) }
		}
	}
	return channels
}

// output turns the file into what the publisher is asked for. base is the address links carry when the
// file names none; states tell the names and sites of outlets that the file does not.
func (p *plan) output(base string, states map[string]rafid.SourceState) output.Options {
	c := p.cfg
	sources := make([]rafid.Source, 0, len(c.Sources))
	for _, s := range c.Sources {
		known := states[s.ID]
		if !s.Named && known.Title != "" {
			s.Name = known.Title
		}
		s.Home = cmp.Or(s.Home, known.Home)
		sources = append(sources, s.Source)
	}
	return output.Options{
		Site: output.Site{
			URL: cmp.Or(c.Site.URL, base), Title: c.Site.Title, Months: c.Site.Months,
			Numerals: c.Site.Numerals, Zone: c.Site.Timezone, Version: version(),
		},
		Hidden: c.Dedupe.Hide, Formats: c.Outputs.Formats, Keep: c.Outputs.Keep, Max: c.Outputs.Max,
		Hub: p.hub(base), Precompress: true,
		Content: c.Outputs.Content, Credit: c.Outputs.Credit,
		Channels: p.channels(), Categories: c.Categories, Sources: sources,
		Refresh: time.Minute,
	}
}

// version is the module's, as the toolchain stamped it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
