package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rafid"
	"rafid/arabic"
)

func (a *app) labelsCmd() *cobra.Command {
	var since string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "labels",
		Short: "List the outlets' section names that no category knows",
		Long: "Labels counts, over the stored stories, the section names that neither feeds.yaml nor the shipped table knows, and\n" +
			"suggests a category for each: the one whose name is spelt almost so, else the one that the label's stories were given\n" +
			"by their links and words. Write the name under that category's \"from\".",
		Example: "  rafid labels\n  rafid labels --since 7d --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, err := sinceTime(since)
			if err != nil {
				return err
			}
			return a.withView(cmd.Context(), func(v *view) error {
				return v.labels(cmd.Context(), from, asJSON)
			})
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "only stories first seen so long ago at most, as in 7d; all without it")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

// labelled is what is known of the labels of the stored stories.
type labelled struct {
	Stories  int             `json:"stories"` // with a label
	Labels   int             `json:"labels"`  // different ones, spelling folded
	Unmapped []unmappedLabel `json:"unmapped"`
}

// unmappedLabel is one that no category knows.
type unmappedLabel struct {
	Label   string   `json:"label"` // as first met
	Stories int      `json:"stories"`
	Sources []string `json:"sources"`
	Suggest string   `json:"suggest,omitempty"` // slug
	Because string   `json:"because,omitempty"`

	given   map[string]int // by what its stories were given, "other" left out
	country string         // of the source that it was first met at
}

func (v *view) labels(ctx context.Context, since time.Time, asJSON bool) error {
	found := labelled{Unmapped: []unmappedLabel{}}
	at := make(map[string]int) // folded label to Unmapped
	all := make(map[string]bool)
	err := v.Stories(ctx, since, func(s rafid.Story, _ string) error {
		if len(s.Labels) > 0 {
			found.Stories++
		}
		for _, label := range s.Labels {
			all[arabic.FoldKey(label)] = true
		}
		src := v.plan.source(s.Source)
		verdict := v.plan.classifier.Classify(src, s)
		for _, label := range verdict.Unmapped {
			key := arabic.FoldKey(label)
			i, known := at[key]
			if !known {
				i = len(found.Unmapped)
				at[key] = i
				found.Unmapped = append(found.Unmapped, unmappedLabel{Label: label, given: make(map[string]int), country: src.Country})
			}
			found.Unmapped[i].add(s, verdict.Categories[0])
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	found.Labels = len(all)
	for i := range found.Unmapped {
		v.suggest(&found.Unmapped[i])
	}
	slices.SortStableFunc(found.Unmapped, func(a, b unmappedLabel) int { return b.Stories - a.Stories })
	if asJSON {
		return v.json(found)
	}
	return found.tell(v.out)
}

func (u *unmappedLabel) add(s rafid.Story, category string) {
	u.Stories++
	if !slices.Contains(u.Sources, s.Source) {
		u.Sources = append(u.Sources, s.Source)
	}
	if category != rafid.Other {
		u.given[category]++
	}
}

// A suggestion from what stories were given needs so many of them, and so large a share of the label's: fewer
// are chance.
const (
	suggestFrom  = 3
	suggestShare = 0.6
)

func (v *view) suggest(u *unmappedLabel) {
	if known, slug := v.plan.classifier.Nearest(u.Label, u.country); slug != "" {
		u.Suggest, u.Because = slug, fmt.Sprintf("spelt almost like %q", known)
		return
	}
	for slug, n := range u.given {
		if n >= suggestFrom && float64(n) >= suggestShare*float64(u.Stories) {
			u.Suggest, u.Because = slug, fmt.Sprintf("%d of its %d stories were placed there", n, u.Stories)
		}
	}
}

// tell prints the labels for people; Arabic comes last on its line.
func (l labelled) tell(w io.Writer) error {
	var b strings.Builder
	for _, u := range l.Unmapped {
		sources := strings.Join(u.Sources[:min(len(u.Sources), fewSamples)], ", ")
		if len(u.Sources) > fewSamples {
			sources += ", …"
		}
		why := ""
		if u.Because != "" {
			why = ", " + u.Because
		}
		fmt.Fprintf(&b, "%6d  %-10s  %s%s\n        %s\n", u.Stories, cmp.Or(u.Suggest, "?"), sources, why, u.Label)
	}
	fmt.Fprintf(&b, "%d of %d labels unmapped, of %d stories that have one\n", len(l.Unmapped), l.Labels, l.Stories)
	_, err := io.WriteString(w, b.String())
	return err
}
