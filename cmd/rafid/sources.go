package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rafid/cmd/internal/config"
)

func (a *app) sourcesCmd() *cobra.Command {
	var boilerplate string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "sources",
		Short: "List the sources of feeds.yaml, or what was learnt of one",
		Long: "Sources lists what feeds.yaml says, with the defaults filled in. With --boilerplate it prints the lines that a source\n" +
			"prints again and again, as grouping has learnt them: they are left out when stories are compared, and shown to\n" +
			"readers as before. A line is learnt when it stood in 5 stories and 2 % of the source, under 3 headlines.",
		Example: "  rafid sources\n  rafid sources --boilerplate bbc",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if boilerplate != "" {
				return a.withView(cmd.Context(), func(v *view) error {
					return v.boilerplate(cmd.Context(), boilerplate, asJSON)
				})
			}
			cfg, err := a.load(a.config)
			if err != nil {
				return err
			}
			return (&view{out: a.stdout}).list(cfg, asJSON)
		},
	}
	cmd.Flags().StringVar(&boilerplate, "boilerplate", "", "id of the source whose standing lines to print")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return cmd
}

// listedSource is a source as the list tells of it.
type listedSource struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	URL      string `json:"url"`
	Every    string `json:"every"`
	Category string `json:"category,omitempty"`
	Country  string `json:"country,omitempty"`
	Enabled  bool   `json:"enabled"`
}

func (v *view) list(cfg *config.Config, asJSON bool) error {
	list := []listedSource{}
	for _, s := range cfg.Sources {
		list = append(list, listedSource{s.ID, s.Name, s.URL, s.Every.String(), s.Category, s.Country, s.Enabled})
	}
	if asJSON {
		return v.json(list)
	}
	var b strings.Builder
	for _, s := range list {
		state := s.Every
		if !s.Enabled {
			state = "off"
		}
		fmt.Fprintf(&b, "%-20s %-12s %-10s %s  %s\n", s.ID, state, s.Category, s.URL, oneLine(s.Name))
	}
	_, err := v.out.Write([]byte(b.String()))
	return err
}

// standingLine is a line of a source's boilerplate.
type standingLine struct {
	Items int     `json:"items"`
	Share float64 `json:"share"`
	Since string  `json:"since"`
	Text  string  `json:"text"`
}

func (v *view) boilerplate(ctx context.Context, id string, asJSON bool) error {
	if _, ok := v.plan.cfg.Source(id); !ok {
		return usage(fmt.Errorf("no source %q; rafid sources lists them", id))
	}
	learnt, err := recalled(ctx, v.DB)
	if err != nil {
		return err
	}
	lines := []standingLine{}
	for _, l := range learnt.Lines(id) {
		lines = append(lines, standingLine{l.Items, l.Share, l.Since.Format("2006-01-02"), l.Text})
	}
	if asJSON {
		return v.json(lines)
	}
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "%5d items %3.0f%%  since %s  %s\n", l.Items, 100*l.Share, l.Since, oneLine(l.Text))
	}
	if len(lines) == 0 {
		fmt.Fprintf(&b, "nothing learnt of %s yet\n", id)
	}
	_, err = v.out.Write([]byte(b.String()))
	return err
}
