package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rafid"
	"rafid/cmd/internal/config"
	"rafid/cmd/internal/sqlite"
	"rafid/dedupe"
	"rafid/fetch"
)

func (a *app) tryCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "try ID|URL",
		Short: "Fetch a source once and show what would become of it; store nothing",
		Long: "Try fetches a source of feeds.yaml, or any feed, in full, and shows for each item whether it is new, edited or\n" +
			"known, its category and why, and which story it would join or follow, by what is stored; a server may be\n" +
			"running. It stores and publishes nothing, and reads no pages.",
		Example: "  rafid try bbc\n  rafid try --json https://example.org/feed | jq '.stories[].category'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.try(cmd.Context(), args[0], asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

// tried is what try prints as JSON.
type tried struct {
	Source   string       `json:"source"`
	URL      string       `json:"url"` // that answered in the end
	State    string       `json:"state"`
	Status   int          `json:"status"`
	Error    string       `json:"error,omitempty"`
	Title    string       `json:"title,omitempty"`
	Encoding string       `json:"encoding,omitempty"`
	Repairs  []string     `json:"repairs,omitempty"`
	Items    int          `json:"items"`
	Dropped  int          `json:"dropped"` // by rules
	Bytes    int64        `json:"bytes"`
	Millis   int64        `json:"ms"`
	Stored   bool         `json:"store"` // there is a store to compare with
	Stories  []triedStory `json:"stories"`
}

// triedStory is what would become of one item.
type triedStory struct {
	ID         string    `json:"id"`
	Fate       string    `json:"fate"` // new, edited or known
	Title      string    `json:"title"`
	Link       string    `json:"link,omitempty"`
	Published  time.Time `json:"published"`
	Inferred   bool      `json:"date_inferred,omitempty"`
	Categories []string  `json:"categories"`
	Why        string    `json:"why"`
	Tags       []string  `json:"tags,omitempty"`
	Text       int       `json:"text"` // letters of summary and content
	Image      bool      `json:"image"`
	Relation   string    `json:"relation,omitempty"` // of new ones: lead, copy or same
	Of         string    `json:"of,omitempty"`       // the headline that it is closest to
	Score      float64   `json:"score,omitempty"`
	Follows    string    `json:"follows,omitempty"` // the group whose development it tells
	Reason     string    `json:"reason,omitempty"`
}

func (a *app) try(ctx context.Context, arg string, asJSON bool) (err error) {
	cfg, err := a.load(a.config)
	if err != nil {
		return err
	}
	p, err := newPlan(cfg)
	if err != nil {
		return err
	}
	src, err := a.tryable(cfg, arg)
	if err != nil {
		return err
	}
	db, err := sqlite.View(ctx, filepath.Join(a.data, "rafid.db"))
	switch {
	case errors.Is(err, sqlite.ErrNoStore):
		db = nil
	case err != nil:
		return err
	default:
		defer func() { err = errors.Join(err, db.Close()) }()
	}
	t, err := a.tryOut(ctx, p, src, db)
	if err != nil && t == nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return errors.Join(err, enc.Encode(t))
	}
	return errors.Join(err, a.tellTried(t))
}

// tryable is the source that is meant: one of the file's, disabled ones too, or one made of an address.
func (a *app) tryable(cfg *config.Config, arg string) (config.Source, error) {
	if s, ok := cfg.Source(arg); ok {
		return s, nil
	}
	if !strings.Contains(arg, "://") && !strings.Contains(arg, ".") {
		return config.Source{}, fmt.Errorf("%s has no source %q; rafid try takes an address too", a.config, arg)
	}
	address, err := siteAddress(arg)
	if err != nil {
		return config.Source{}, usage(err)
	}
	return config.Source{
		Source:   rafid.Source{ID: "try", URL: address, Name: "try", Outlet: "try"},
		Fetching: cfg.Defaults, URLs: []string{address}, Enabled: true,
	}, nil
}

// tryOut fetches the source and takes its stories through the stages, without their memory. A failure of the
// source is in what it gives, and the error.
func (a *app) tryOut(ctx context.Context, p *plan, src config.Source, db *sqlite.DB) (*tried, error) {
	o := fetch.Options{UserAgent: userAgent(p.cfg), Logger: a.log}
	if db != nil {
		o.Known = func(ctx context.Context, source string) ([]rafid.Story, error) {
			return db.Known(ctx, source, knownStories)
		}
	}
	client := fetch.New(o)
	defer client.Close()
	res, err := client.Fetch(ctx, p.target(src), rafid.SourceState{})
	st := res.State
	t := &tried{
		Source: src.ID, URL: cmp.Or(st.URL, src.URL), State: string(st.Condition), Status: st.Status, Error: st.Error, Title: st.Title,
		Encoding: st.Encoding, Repairs: st.Repairs, Items: st.Items, Bytes: st.Bytes, Millis: st.Took.Milliseconds(),
		Stored: db != nil, Stories: []triedStory{},
	}
	if err != nil {
		return t, err
	}
	var stories []rafid.Story
	stories, t.Dropped = p.file(src.Source, res.Stories)
	t.Stories, err = judgeTried(ctx, p, stories, db)
	return t, err
}

// judgeTried says of each story what would become of it.
func judgeTried(ctx context.Context, p *plan, stories []rafid.Story, db *sqlite.DB) ([]triedStory, error) {
	known := map[string]rafid.Sight{}
	index := dedupe.New(p.dedupe())
	if db != nil {
		ids := make([]string, len(stories))
		for i, s := range stories {
			ids[i] = s.ID
		}
		var err error
		if known, err = db.Sights(ctx, ids); err != nil {
			return nil, err
		}
		if index, err = restored(ctx, db, p.dedupe(), time.Now()); err != nil {
			return nil, err
		}
	}
	titles := make(map[string]string, len(stories))
	out := make([]triedStory, 0, len(stories))
	for _, s := range stories {
		titles[s.ID] = s.Title
		t := triedStory{
			ID: s.ID, Fate: "new", Title: s.Title, Link: s.Link, Published: s.Published, Inferred: s.Inferred, Categories: s.Categories,
			Why: s.Why, Tags: s.Tags, Text: len([]rune(s.Summary)) + len([]rune(s.Content)), Image: s.Image.URL != "",
		}
		switch seen, ok := known[s.ID]; {
		case ok && seen.Hash == s.Hash:
			t.Fate = "known"
		case ok:
			t.Fate = "edited"
		default:
			t.place(ctx, index.Add(s), titles, db)
		}
		out = append(out, t)
	}
	return out, nil
}

// place tells where a new story would stand.
func (t *triedStory) place(ctx context.Context, d dedupe.Decision, titles map[string]string, db *sqlite.DB) {
	t.Relation, t.Score, t.Follows, t.Reason = string(d.Relation), d.Score, d.Thread, d.Evidence.English
	if d.Of == "" {
		return
	}
	if t.Of = titles[d.Of]; t.Of == "" && db != nil {
		if of, _, err := db.Story(ctx, d.Of); err == nil {
			t.Of = of.Title
		}
	}
	t.Of = cmp.Or(t.Of, d.Of)
}

// tellTried prints what try found, for people.
func (a *app) tellTried(t *tried) error {
	w := &strings.Builder{}
	fmt.Fprintf(w, "%s  %s\n%s, status %d, %d items, %d bytes, %d ms", t.Source, t.URL, t.State, t.Status, t.Items, t.Bytes, t.Millis)
	if t.Encoding != "" {
		fmt.Fprintf(w, ", %s", t.Encoding)
	}
	if len(t.Repairs) > 0 {
		fmt.Fprintf(w, ", mended: %s", strings.Join(t.Repairs, "; "))
	}
	fates := make(map[string]int)
	for _, s := range t.Stories {
		fates[s.Fate]++
	}
	if t.Error == "" {
		fmt.Fprintf(w, "\n%d new, %d edited, %d known, %d dropped by rules", fates["new"], fates["edited"], fates["known"], t.Dropped)
	}
	if !t.Stored {
		w.WriteString("; nothing is stored yet")
	}
	w.WriteString("\n")
	for _, s := range t.Stories {
		fmt.Fprintf(w, "%-7s %-10s %s\n", s.Fate, s.Categories[0], s.Title)
		switch s.Relation {
		case string(rafid.Copy), string(rafid.Same):
			fmt.Fprintf(w, "        %s (%.2f): %s\n", s.Relation, s.Score, s.Of)
		case string(rafid.Lead):
			if s.Follows != "" {
				fmt.Fprintf(w, "        follows %s\n", s.Follows)
			}
		}
	}
	_, err := a.stdout.Write([]byte(w.String()))
	return err
}
