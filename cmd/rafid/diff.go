package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) diffCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "diff OLD [NEW]",
		Short: "Say what differs between two lists of sources, by meaning",
		Long: "Diff prints what a running server would log if NEW took the place of OLD: sources that come, go or change,\n" +
			"settings with both values. Comments, order and spacing do not count. NEW is feeds.yaml when it is not given.\n" +
			"Exit: 0 the same, 1 different, 78 one of the files has mistakes.",
		Example: "  rafid diff feeds.yaml.bak\n  git show HEAD:feeds.yaml > old.yaml && rafid diff old.yaml",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error {
			path := a.config
			if len(args) == 2 {
				path = args[1]
			}
			return a.diff(args[0], path, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return cmd
}

func (a *app) diff(old, path string, asJSON bool) error {
	before, err := a.load(old)
	if err != nil {
		return err
	}
	after, err := a.load(path)
	if err != nil {
		return err
	}
	lines := after.Diff(before)
	if asJSON {
		err = (&view{out: a.stdout}).json(append([]string{}, lines...))
	}
	for _, l := range lines {
		if asJSON || err != nil {
			break
		}
		_, err = fmt.Fprintln(a.stdout, oneLine(l))
	}
	if err == nil && len(lines) > 0 {
		return &exitError{code: exitFailed}
	}
	return err
}
