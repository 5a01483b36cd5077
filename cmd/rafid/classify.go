package main

import (
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"rafid"
	"rafid/category"
	"rafid/cmd/internal/config"
)

func (a *app) classifyCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "classify FILE.jsonl",
		Short: "Say which category each story of a file belongs to: the classifier alone",
		Long: "Classify reads stories, a JSON object a line ({\"id\",\"source\",\"url\",\"published\",\"title\",\"summary\",\"text\",\n" +
			"\"lang\",\"labels\":[…]}; all but the id may be missing), from a file or, for -, from the standard input, and prints a\n" +
			"line a story in the same order: {\"id\",\"category\",\"confidence\",\"why\"}. Categories, sources and rules are those of\n" +
			"feeds.yaml where there is one, else the shipped ones. A line that is no story is told on stderr with its number, the\n" +
			"rest goes on, and the exit code is 1.",
		Example: "  rafid classify stories.jsonl | jq -r .category | sort | uniq -c\n  zcat stories.jsonl.gz | rafid classify -",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.classify(args[0], cmd.Flags().Changed("config"))
		},
	}
}

// classify reads a file by the classifier of feeds.yaml, or, when nobody named one and none is there, by the
// shipped taxonomy.
func (a *app) classify(file string, named bool) error {
	p, err := a.planForClassify(named)
	if err != nil {
		return err
	}
	in, err := a.open(file)
	if err != nil {
		return err
	}
	return errors.Join(p.classifier.Lines(in, a.stdout, a.stderr, p.source), in.Close())
}

func (a *app) planForClassify(named bool) (*plan, error) {
	if _, err := os.Stat(a.config); errors.Is(err, fs.ErrNotExist) && !named {
		return newPlan(&config.Config{Categories: category.Default()})
	}
	cfg, err := a.load(a.config)
	if err != nil {
		return nil, err
	}
	return newPlan(cfg)
}

// source is what the file says of a source; of an unknown one nothing but its id.
func (p *plan) source(id string) rafid.Source {
	s, known := p.cfg.Source(id)
	if !known {
		return rafid.Source{ID: id, Outlet: id}
	}
	return s.Source
}
