package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/net/publicsuffix"

	"rafid"
	"rafid/arabic"
	"rafid/cmd/internal/config"
	"rafid/fetch"
)

// adding is what add was asked for.
type adding struct {
	yes, json          bool
	id, name, category string
}

func (a *app) addCmd() *cobra.Command {
	var ask adding
	cmd := &cobra.Command{
		Use:   "add URL|SITE",
		Short: "Find the feed of a site and append it to feeds.yaml",
		Long: "Add finds the feeds of a site: the address itself, those that the page announces, those at the usual paths. It\n" +
			"shows three headlines of each, asks which one is meant, guesses id, name and category, and appends it to\n" +
			"feeds.yaml; comments and order stay. With --yes it takes the first; without, and with nobody to ask, it\n" +
			"changes nothing.",
		Example: "  rafid add aljazeera.net\n  rafid add --yes --category sport https://example.org/sport/rss",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.add(cmd.Context(), args[0], ask)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&ask.yes, "yes", false, "take the first feed found, without asking")
	f.BoolVar(&ask.json, "json", false, "print a JSON object")
	f.StringVar(&ask.id, "id", "", "id of the source; guessed from the site's name")
	f.StringVar(&ask.name, "name", "", "the outlet's name for readers; guessed from the feed's title")
	f.StringVar(&ask.category, "category", "", "category of everything in it; guessed when nearly all of it is of one")
	return cmd
}

// addReport is what add prints as JSON.
type addReport struct {
	Found []addFound `json:"found"`
	Added *addAdded  `json:"added"` // null when nothing was
}

type addFound struct {
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Language  string   `json:"language,omitempty"`
	Items     int      `json:"items"`
	Headlines []string `json:"headlines"`
}

type addAdded struct {
	ID       string `json:"id"`
	URL      string `json:"url"`
	Name     string `json:"name,omitempty"`
	Category string `json:"category,omitempty"`
}

func (a *app) add(ctx context.Context, address string, ask adding) error {
	cfg, err := a.load(a.config)
	if err != nil {
		return err
	}
	p, err := newPlan(cfg)
	if err != nil {
		return err
	}
	if _, ok := cfg.Category(ask.category); ask.category != "" && !ok {
		return usage(fmt.Errorf("--category %q: %s has no such category", ask.category, a.config))
	}
	client := fetch.New(fetch.Options{UserAgent: userAgent(cfg), Logger: a.log})
	defer client.Close()
	target := fetch.Target{AllowPrivate: cfg.Defaults.AllowPrivate, Timeout: cfg.Defaults.Timeout}
	if address, err = siteAddress(address); err != nil {
		return usage(err)
	}
	found, err := client.Discover(ctx, target, address)
	if err != nil {
		return err
	}
	chosen, err := a.choose(found, ask)
	if err != nil {
		return err
	}
	report := addReport{Found: foundOf(found)}
	if chosen != nil {
		if report.Added, err = a.append(ctx, client, p, target, *chosen, ask); err != nil {
			return err
		}
	}
	return a.tellAdded(report, ask)
}

// siteAddress completes what people type.
func siteAddress(s string) (string, error) {
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("%q is no address of a site; as in: rafid add example.org", s)
	}
	return u.String(), nil
}

// choose asks which of the feeds is meant; none when nobody answers.
func (a *app) choose(found []fetch.Found, ask adding) (*fetch.Found, error) {
	if ask.yes {
		return &found[0], nil
	}
	if ask.json {
		return nil, nil
	}
	for i, f := range found {
		fmt.Fprintf(a.stdout, "%d  %s\n   %s (%d items)\n", i+1, f.URL, cmp.Or(f.Title, "without a title"), f.Items)
		for _, h := range f.Headlines {
			fmt.Fprintf(a.stdout, "   - %s\n", h)
		}
	}
	fmt.Fprintf(a.stdout, "which one? 1 to %d, or nothing: ", len(found))
	line, err := bufio.NewReader(a.stdin).ReadString('\n')
	fmt.Fprintln(a.stdout)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if line = strings.TrimSpace(line); line == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(line)
	if err != nil || n < 1 || n > len(found) {
		return nil, usage(fmt.Errorf("%q: want a number from 1 to %d", line, len(found)))
	}
	return &found[n-1], nil
}

// append writes the chosen feed into feeds.yaml.
func (a *app) append(ctx context.Context, client *fetch.Client, p *plan, target fetch.Target, f fetch.Found, ask adding) (*addAdded, error) {
	for _, s := range p.cfg.Sources {
		if slices.Contains(s.URLs, f.URL) {
			return nil, fmt.Errorf("%s is source %s already (%s:%d)", f.URL, s.ID, a.config, s.Line)
		}
	}
	s := config.NewSource{ID: ask.id, URL: f.URL, Name: cmp.Or(ask.name, guessName(f.Title)), Category: ask.category}
	if s.ID == "" {
		s.ID = guessID(f.URL, func(id string) bool { _, taken := p.cfg.Source(id); return taken })
	}
	if s.Category == "" {
		s.Category = guessCategory(ctx, client, p, target, f.URL)
	}
	if _, err := config.Write(a.config, config.AddSource(s)); err != nil {
		return nil, fmt.Errorf("%s: %w", a.config, err)
	}
	return &addAdded{ID: s.ID, URL: s.URL, Name: s.Name, Category: s.Category}, nil
}

func (a *app) tellAdded(r addReport, ask adding) error {
	if ask.json {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	if r.Added == nil {
		_, err := fmt.Fprintln(a.stdout, "nothing added; --yes takes the first")
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "added to %s: %s  %s\n  name: %s\n  category: %s\nnext: rafid try %s\n", a.config, r.Added.ID,
		r.Added.URL, cmp.Or(r.Added.Name, "as the feed calls itself"), cmp.Or(r.Added.Category, "story by story"), r.Added.ID)
	return err
}

func foundOf(all []fetch.Found) []addFound {
	out := make([]addFound, len(all))
	for i, f := range all {
		out[i] = addFound{URL: f.URL, Title: f.Title, Language: f.Language, Items: f.Items, Headlines: append([]string{}, f.Headlines...)}
	}
	return out
}

// guessID makes an id of the name that the site's owner chose, with a word of the path, or a number, behind it
// when that is taken.
func guessID(address string, taken func(string) bool) string {
	u, err := url.Parse(address)
	if err != nil {
		return "source"
	}
	host := strings.ToLower(u.Hostname())
	if net.ParseIP(host) != nil {
		host = "source"
	}
	if own, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		host, _, _ = strings.Cut(own, ".")
	}
	base := slug(host)
	if base == "" || base[0] < 'a' {
		base = strings.TrimRight("source-"+base, "-")
	}
	if !taken(base) {
		return base
	}
	for part := range strings.FieldsFuncSeq(u.Path, func(r rune) bool { return r == '/' || r == '.' }) {
		switch word := slug(strings.ToLower(part)); word {
		case "", "rss", "feed", "feeds", "xml", "atom", "ar", "index", "php", "aspx", "default":
		default:
			if id := base + "-" + word; !taken(id) {
				return id
			}
		}
	}
	for n := 2; ; n++ {
		if id := base + "-" + strconv.Itoa(n); !taken(id) {
			return id
		}
	}
}

// slug keeps what may stand in an id.
func slug(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(words, "-")
}

// guessName takes what names the outlet out of a feed's title: what stands before a dash or a bar, unless that
// is Latin and the rest Arabic. Empty when the title tells nothing.
func guessName(title string) string {
	best := ""
	for part := range strings.FieldsFuncSeq(title, func(r rune) bool { return r == '|' || r == '–' || r == '—' || r == '»' || r == '›' || r == ':' }) {
		for _, p := range strings.Split(part, " - ") {
			p = strings.TrimFunc(p, func(r rune) bool { return unicode.IsSpace(r) || r == '-' || r == '"' })
			arabicNow, _ := arabic.Share(p)
			arabicBest, _ := arabic.Share(best)
			if p != "" && !strings.EqualFold(p, "rss") && (best == "" || arabicNow > .5 && arabicBest < .5) {
				best = p
			}
		}
	}
	return best
}

// Of a feed's stories so many, and such a share, must be of one category before all of it is said to be.
const (
	guessLeast = 5
	guessShare = 0.8
)

// guessCategory looks whether a feed is of one category; empty when it is not.
func guessCategory(ctx context.Context, client *fetch.Client, p *plan, target fetch.Target, address string) string {
	target.Source = rafid.Source{ID: "guess", URL: address, Outlet: "guess"}
	res, err := client.Fetch(ctx, target, rafid.SourceState{})
	if err != nil {
		return "" // it was there a moment ago; a guess is not worth failing for
	}
	stories, _ := p.file(target.Source, res.Stories)
	count := make(map[string]int)
	for _, s := range stories {
		count[s.Categories[0]]++
	}
	for slug, n := range count {
		if slug != rafid.Other && n >= guessLeast && float64(n) >= guessShare*float64(len(stories)) {
			return slug
		}
	}
	return ""
}
