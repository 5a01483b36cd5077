package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"rafid"
	"rafid/cmd/internal/config"
)

// named is what all three commands of correction say about names.
const named = "A story is named by its id, by the address of its page here, or by the link of the outlet's article."

func (a *app) splitCmd() *cobra.Command {
	return a.correctCmd(&cobra.Command{
		Use:   "split STORY [FROM]",
		Short: "Take a story out of its group, for ever",
		Long: "Split writes a pair to dedupe.keep_apart in feeds.yaml: STORY and FROM never share a group again, whatever comes.\n" +
			"Without FROM the story is kept apart from the one that leads its group. Copies of the story go with it.\n" + named,
		Example: "  rafid split https://outlet.example/article\n  rafid split STORY OTHER",
		Args:    cobra.RangeArgs(1, 2),
	}, (*view).split)
}

func (a *app) mergeCmd() *cobra.Command {
	return a.correctCmd(&cobra.Command{
		Use:   "merge A B",
		Short: "Bring the groups of two stories together, for ever",
		Long: "Merge writes a pair to dedupe.keep_together in feeds.yaml: the groups of the two stories become one, under the\n" +
			"address of the one published first; the other address leads there.\n" + named,
		Example: "  rafid merge https://one.example/article https://other.example/article",
		Args:    cobra.ExactArgs(2),
	}, (*view).merge)
}

func (a *app) hideCmd() *cobra.Command {
	return a.correctCmd(&cobra.Command{
		Use:   "hide STORY",
		Short: "Never show a story, or a whole group",
		Long: "Hide writes an id to dedupe.hide in feeds.yaml. A group that is named, by its id or its page, is shown nowhere; a\n" +
			"story that is named by its link is left out of its group. What is stored stays.\n" + named,
		Example: "  rafid hide https://news.example.org/s/k2v5x7q3nqtb5cdx4m6yzr2hdu",
		Args:    cobra.ExactArgs(1),
	}, (*view).hide)
}

// correction is a change of feeds.yaml and what it means in words.
type correction struct {
	edit config.Edit
	said string
}

// correctCmd is a command that looks stories up and writes what the operator decided about them.
func (a *app) correctCmd(cmd *cobra.Command, decide func(*view, context.Context, []string) (correction, error)) *cobra.Command {
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.withView(cmd.Context(), func(v *view) error {
			c, err := decide(v, cmd.Context(), args)
			if err != nil {
				return err
			}
			changed, err := config.Write(a.config, c.edit)
			if err != nil {
				return err
			}
			if !changed {
				_, err = fmt.Fprintf(a.stdout, "%s says so already\n", a.config)
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "%s\n%s: written; a running server takes it over by itself, otherwise the next rafid run or rafid once does.\n"+
				"To undo it, delete the line.\n", c.said, a.config)
			return err
		})
	}
	return cmd
}

func (v *view) split(ctx context.Context, refs []string) (correction, error) {
	e, s, err := v.find(ctx, refs[0])
	if err != nil {
		return correction{}, err
	}
	from := e.Lead()
	if len(refs) == 2 {
		if _, from, err = v.find(ctx, refs[1]); err != nil {
			return correction{}, err
		}
	}
	switch {
	case len(refs) == 1 && len(e.Stories) == 1:
		return correction{}, fmt.Errorf("%s stands alone: there is nothing to split", refs[0])
	case s.ID == from.ID:
		return correction{}, usage(fmt.Errorf("%s leads its group: name the story that it is to be kept apart from too (rafid explain %s lists them)", refs[0], e.Group.ID))
	}
	return correction{config.KeepApart(s.ID, from.ID), "apart:\n" + line(s) + line(from)}, nil
}

func (v *view) merge(ctx context.Context, refs []string) (correction, error) {
	_, s, err := v.find(ctx, refs[0])
	if err != nil {
		return correction{}, err
	}
	_, t, err := v.find(ctx, refs[1])
	if err != nil {
		return correction{}, err
	}
	if s.ID == t.ID {
		return correction{}, usage(fmt.Errorf("%s and %s are the same story", refs[0], refs[1]))
	}
	return correction{config.KeepTogether(s.ID, t.ID), "together:\n" + line(s) + line(t)}, nil
}

func (v *view) hide(ctx context.Context, refs []string) (correction, error) {
	e, s, err := v.find(ctx, refs[0])
	if err != nil {
		return correction{}, err
	}
	said := "hidden:\n" + line(s)
	if s.ID == e.Group.ID || s.ID == e.Group.Lead {
		s.ID = e.Group.ID
		said = fmt.Sprintf("hidden, with the %d stories of its group:\n%s", len(e.Stories), line(s))
	}
	return correction{config.Hide(s.ID), said}, nil
}

// line names a story to people, Arabic last.
func line(s rafid.Story) string { return fmt.Sprintf("  %s  %s  %s\n", s.ID, s.Source, s.Title) }
