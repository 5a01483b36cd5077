package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"rafid/cmd/internal/config"
)

func (a *app) checkCmd() *cobra.Command {
	var strict, asJSON bool
	cmd := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Report every mistake in feeds.yaml, with its place and a fix",
		Long: "Check reads the list of sources and reports every problem in one go, each with file:line:column and a fix.\n" +
			"Exit: 0 in order, 3 warnings under --strict, 78 errors.",
		Example: "  rafid check\n  rafid check --strict other.yaml",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			path := a.config
			if len(args) == 1 {
				path = args[0]
			}
			return a.check(path, strict, asJSON)
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "warnings are failures too")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the problems as a JSON array")
	return cmd
}

func (a *app) check(path string, strict, asJSON bool) error {
	cfg, problems := readList(path)
	if err := a.tellProblems(path, cfg, problems, asJSON); err != nil {
		return err
	}
	switch {
	case problems.Errors():
		return &exitError{code: exitConfig}
	case strict && len(problems) > 0:
		return &exitError{code: exitLint}
	}
	return nil
}

func (a *app) tellProblems(path string, cfg *config.Config, problems config.Problems, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if problems == nil {
			problems = config.Problems{}
		}
		return enc.Encode(problems)
	}
	if err := problems.WriteText(a.stdout); err != nil {
		return err
	}
	var err error
	if cfg != nil && !problems.Errors() {
		_, err = fmt.Fprintf(a.stdout, "%s: %d sources, %d categories, %d channels; in order\n", path,
			len(cfg.Sources), len(cfg.Categories), len(cfg.Outputs.Channels))
	} else {
		_, err = fmt.Fprintf(a.stdout, "%s: %d problems\n", path, len(problems))
	}
	return err
}
