package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rafid"
	"rafid/cmd/internal/config"
	"rafid/dedupe"
)

func (a *app) replayCmd() *cobra.Command {
	var since, window string
	var near float64
	var profile string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "replay",
		Short: "Group the stored stories again with other settings, and print what would differ",
		Long: "Replay takes the stored stories since some time in their order of arrival, groups them from nothing with the\n" +
			"settings given, and prints which groups would split and which would join. It changes nothing, and a server may be\n" +
			"running. Without settings of its own it takes those of feeds.yaml: the difference is then what hindsight and\n" +
			"earlier settings make.",
		Example: "  rafid replay --since 7d --near 0.75\n  rafid replay --since 48h --profile strict --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			back, err := config.ParseDuration(since)
			if err != nil {
				return usage(fmt.Errorf("--since: %w", err))
			}
			return a.withView(cmd.Context(), func(v *view) error {
				o, err := replayOptions(cmd, v.plan.dedupe(), near, profile, window)
				if err != nil {
					return err
				}
				return v.replay(cmd.Context(), time.Now().Add(-back), o, asJSON)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&since, "since", "7d", "how far back")
	f.Float64Var(&near, "near", 0, "how alike two reports must be, above 0, at most 1; lower merges more")
	f.StringVar(&profile, "profile", "", "strict, balanced or broad")
	f.StringVar(&window, "window", "", "how long a story may grow, as in 48h")
	f.BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

// replayOptions is what feeds.yaml says with the flags over it.
func replayOptions(cmd *cobra.Command, o dedupe.Options, near float64, profile, window string) (dedupe.Options, error) {
	if cmd.Flags().Changed("near") {
		if near <= 0 || near > 1 {
			return o, usage(fmt.Errorf("--near %v: want above 0, at most 1", near))
		}
		o.Near = near
	}
	switch profile {
	case "":
	case "strict", "balanced", "broad":
		o.Profile = profile
	default:
		return o, usage(fmt.Errorf("--profile %q: want strict, balanced or broad", profile))
	}
	if window != "" {
		w, err := config.ParseDuration(window)
		if err != nil {
			return o, usage(fmt.Errorf("--window: %w", err))
		}
		o.Window = w
	}
	return o, nil
}

// replayed is what replay prints as JSON.
type replayed struct {
	Since        time.Time  `json:"since"`
	Stories      int        `json:"stories"`
	Near         float64    `json:"near"`
	Threshold    float64    `json:"threshold"`
	GroupsBefore int        `json:"groups_before"`
	GroupsAfter  int        `json:"groups_after"`
	PairsBefore  int        `json:"pairs_before"` // stories that are together
	PairsAfter   int        `json:"pairs_after"`
	PairsKept    int        `json:"pairs_kept"` // together before and after
	Joins        []reshaped `json:"joins"`      // what would become one group
	Splits       []reshaped `json:"splits"`     // what would fall apart
}

// reshaped is one group of the one side and its parts on the other, each a list of stories.
type reshaped struct {
	Group string        `json:"group"` // as stored, of a split; of a join that of its first story
	Parts [][]headlined `json:"parts"`
}

type headlined struct {
	Story  string `json:"story"`
	Source string `json:"source"`
	Title  string `json:"title"`
}

// replay compares the stored grouping of the stories since the time given with one made anew. A window's worth of
// stories before is grouped too, so that the first ones find what they belong to.
func (v *view) replay(ctx context.Context, since time.Time, o dedupe.Options, asJSON bool) error {
	var seen []rafid.Story // what the comparison needs of them
	before, after := make(map[string]string), make(map[string]string)
	var unread error
	stories := func(yield func(rafid.Story) bool) {
		unread = v.Window(ctx, since.Add(-o.Horizon()), true, func(s rafid.Story, p rafid.Placement) error {
			if !s.FirstSeen.Before(since) {
				before[s.ID] = p.Group
				seen = append(seen, rafid.Story{ID: s.ID, Source: s.Source, Title: s.Title})
			}
			if !yield(s) {
				return context.Canceled
			}
			return ctx.Err()
		})
	}
	err := dedupe.Regroup(stories, o, func(d dedupe.Decision) error {
		if _, asked := before[d.Story]; asked {
			after[d.Story] = d.Group
		}
		return nil
	})
	if err = errors.Join(unread, err); err != nil {
		return err
	}
	r := replayed{
		Since: since.UTC(), Stories: len(before), Near: cmp.Or(o.Near, dedupe.DefaultNear), Threshold: o.Threshold(),
	}
	r.compare(seen, before, after)
	if asJSON {
		return v.json(r)
	}
	return r.tell(v.out)
}

// compare fills in how two groupings of the same stories differ.
func (r *replayed) compare(stories []rafid.Story, before, after map[string]string) {
	r.Joins, r.Splits = []reshaped{}, []reshaped{}
	old, now := gather(stories, before), gather(stories, after)
	r.GroupsBefore, r.GroupsAfter = len(old), len(now)
	for _, g := range old {
		r.PairsBefore += pairs(len(g))
		parts := partBy(g, after)
		for _, p := range parts {
			r.PairsKept += pairs(len(p))
		}
		if len(parts) > 1 {
			r.Splits = append(r.Splits, reshaped{before[g[0].ID], headlines(parts)})
		}
	}
	for _, g := range now {
		r.PairsAfter += pairs(len(g))
		if parts := partBy(g, before); len(parts) > 1 {
			r.Joins = append(r.Joins, reshaped{before[g[0].ID], headlines(parts)})
		}
	}
}

func pairs(n int) int { return n * (n - 1) / 2 }

// gather puts the stories of each group together, in order of arrival, groups by their first story.
func gather(stories []rafid.Story, group map[string]string) [][]rafid.Story {
	var asked []rafid.Story
	for _, s := range stories {
		if group[s.ID] != "" {
			asked = append(asked, s)
		}
	}
	return partBy(asked, group)
}

func partBy(stories []rafid.Story, group map[string]string) [][]rafid.Story {
	var parts [][]rafid.Story
	at := make(map[string]int)
	for _, s := range stories {
		i, ok := at[group[s.ID]]
		if !ok {
			i = len(parts)
			at[group[s.ID]] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], s)
	}
	return parts
}

func headlines(parts [][]rafid.Story) [][]headlined {
	out := make([][]headlined, len(parts))
	for i, p := range parts {
		for _, s := range p {
			out[i] = append(out[i], headlined{s.ID, s.Source, s.Title})
		}
	}
	return out
}

// tell prints the difference for people.
func (r *replayed) tell(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d stories since %s, near %.2f (score %.2f)\n", r.Stories, r.Since.Format("2006-01-02 15:04 MST"), r.Near, r.Threshold)
	fmt.Fprintf(&b, "groups %d → %d; pairs together %d → %d, of which %d as before\n", r.GroupsBefore, r.GroupsAfter, r.PairsBefore, r.PairsAfter, r.PairsKept)
	for _, kind := range []struct {
		name string
		all  []reshaped
	}{{"join", r.Joins}, {"split", r.Splits}} {
		for _, x := range kind.all {
			fmt.Fprintf(&b, "\n%s %s\n", kind.name, x.Group)
			for _, part := range x.Parts {
				for i, s := range part {
					mark := "  + "
					if i > 0 {
						mark = "    "
					}
					fmt.Fprintf(&b, "%s%s  %-12s %s\n", mark, s.Story, s.Source, s.Title)
				}
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
