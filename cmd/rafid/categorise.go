package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rafid"
	"rafid/cmd/internal/config"
	"rafid/cmd/internal/sqlite"
)

func (a *app) categoriseCmd() *cobra.Command {
	var since string
	var dry, asJSON bool
	cmd := &cobra.Command{
		Use:   "categorise",
		Short: "File the stored stories anew, by the rules and labels of today",
		Long: "Categorise reads feeds.yaml and the stored stories, prints whose category or tags would differ, and, without\n" +
			"--dry-run, files them so: nothing else of a story changes, no id, no time, no text. Stories of sources that are not in\n" +
			"the file any more stay as they are, unless their category is gone too. --dry-run works beside a running server;\n" +
			"filing does not: stop it first.",
		Example: "  rafid categorise --dry-run\n  rafid categorise --since 7d",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, err := sinceTime(since)
			if err != nil {
				return err
			}
			return a.categorise(cmd.Context(), from, dry, asJSON)
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "only stories first seen so long ago at most, as in 7d; all without it")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "print the difference and change nothing")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

// sinceTime reads a --since: the zero time without one.
func sinceTime(since string) (time.Time, error) {
	if since == "" {
		return time.Time{}, nil
	}
	back, err := config.ParseDuration(since)
	if err != nil {
		return time.Time{}, usage(fmt.Errorf("--since: %w", err))
	}
	return time.Now().Add(-back), nil
}

func (a *app) categorise(ctx context.Context, since time.Time, dry, asJSON bool) error {
	var r *refiling
	err := a.withView(ctx, func(v *view) (err error) {
		if r, err = v.refiling(ctx, since); err != nil {
			return err
		}
		if asJSON {
			return v.json(r)
		}
		return r.tell(v.out)
	})
	if err != nil || dry || len(r.filings) == 0 {
		return err
	}
	store, err := sqlite.Open(ctx, filepath.Join(a.data, "rafid.db"))
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	groups, err := store.Refile(ctx, r.filings)
	if err := errors.Join(err, store.Close()); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if !asJSON {
		_, err = fmt.Fprintf(a.stdout, "filed anew: %d stories in %d groups\n", len(r.filings), len(groups))
	}
	return err
}

// refiling is what the classifier of today would change in the store.
type refiling struct {
	Stories int     `json:"stories"` // looked at
	Changed int     `json:"changed"` // other categories or tags
	Dropped int     `json:"dropped"` // that a rule would leave out if they came today; they stay
	Moves   []moved `json:"moves"`   // by first category, most stories first

	filings []rafid.Filing
	at      map[[2]string]int // from and to, to an index of Moves
}

// moved is the stories that go from one first category to another.
type moved struct {
	From    string   `json:"from"`
	To      string   `json:"to"` // the same as From where only tags or further categories differ
	Stories int      `json:"stories"`
	Samples []refile `json:"samples"`
}

type refile struct {
	Story  string `json:"story"`
	Source string `json:"source"`
	Why    string `json:"why"`
	Title  string `json:"title"`
}

// fewSamples is how many stories stand for many: enough to see what a rule does, few enough to read.
const fewSamples = 3

func (v *view) refiling(ctx context.Context, since time.Time) (*refiling, error) {
	r := &refiling{Moves: []moved{}, at: make(map[[2]string]int)}
	err := v.Stories(ctx, since, func(s rafid.Story, _ string) error {
		r.Stories++
		if _, known := v.plan.cfg.Source(s.Source); !known && v.plan.hasCategories(s.Categories) {
			return ctx.Err()
		}
		verdict := v.plan.classifier.Classify(v.plan.source(s.Source), s)
		switch {
		case verdict.Drop:
			r.Dropped++
		case !slices.Equal(verdict.Categories, s.Categories) || !slices.Equal(verdict.Tags, s.Tags):
			r.add(s, rafid.Filing{Story: s.ID, Categories: verdict.Categories, Tags: verdict.Tags, Why: verdict.Why})
		}
		return ctx.Err()
	})
	slices.SortStableFunc(r.Moves, func(a, b moved) int {
		return cmp.Or(b.Stories-a.Stories, cmp.Compare(a.From+" "+a.To, b.From+" "+b.To))
	})
	return r, err
}

// hasCategories says whether the file still has these categories.
func (p *plan) hasCategories(slugs []string) bool {
	for _, slug := range slugs {
		if _, known := p.cfg.Category(slug); !known {
			return false
		}
	}
	return len(slugs) > 0
}

func (r *refiling) add(s rafid.Story, f rafid.Filing) {
	r.Changed++
	r.filings = append(r.filings, f)
	key := [2]string{"", f.Categories[0]}
	if len(s.Categories) > 0 {
		key[0] = s.Categories[0]
	}
	i, known := r.at[key]
	if !known {
		i = len(r.Moves)
		r.at[key] = i
		r.Moves = append(r.Moves, moved{From: key[0], To: key[1]})
	}
	m := &r.Moves[i]
	if m.Stories++; len(m.Samples) < fewSamples {
		m.Samples = append(m.Samples, refile{s.ID, s.Source, f.Why, s.Title})
	}
}

// tell prints the difference for people; Arabic comes last on its line.
func (r *refiling) tell(w io.Writer) error {
	var b strings.Builder
	for _, m := range r.Moves {
		how := fmt.Sprintf("%s → %s", cmp.Or(m.From, "none"), m.To)
		if m.From == m.To {
			how = m.To + ", with other tags or further categories"
		}
		fmt.Fprintf(&b, "%6d  %s\n", m.Stories, how)
		for _, s := range m.Samples {
			fmt.Fprintf(&b, "        %s  %s  %s\n          %s\n", s.Story, s.Source, s.Why, s.Title)
		}
	}
	fmt.Fprintf(&b, "%d of %d stories belong elsewhere\n", r.Changed, r.Stories)
	if r.Dropped > 0 {
		fmt.Fprintf(&b, "%d more would be dropped if they came today; they stay (rafid hide takes one out)\n", r.Dropped)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
