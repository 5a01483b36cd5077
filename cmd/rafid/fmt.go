package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"rafid/cmd/internal/config"
)

func (a *app) fmtCmd() *cobra.Command {
	var only bool
	cmd := &cobra.Command{
		Use:   "fmt [FILE]",
		Short: "Write feeds.yaml in its usual spacing",
		Long: "Fmt sets indentation, spaces and blank lines of the list of sources as rafid init writes them. Words, order,\n" +
			"quotes and comments stay. The file is replaced in one step, and only when something changes.\n" +
			"Exit: 0 done, 3 not formatted under --check, 78 broken YAML.",
		Example: "  rafid fmt\n  rafid fmt --check other.yaml",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			path := a.config
			if len(args) == 1 {
				path = args[0]
			}
			if only {
				return a.isFormatted(path)
			}
			return a.format(path)
		},
	}
	cmd.Flags().BoolVar(&only, "check", false, "only say whether the file is formatted")
	return cmd
}

func (a *app) format(path string) error {
	changed, err := config.Write(path, config.Format)
	switch {
	case err != nil:
		return &exitError{code: exitConfig, err: fmt.Errorf("%s: %w", path, err)}
	case changed:
		_, err = fmt.Fprintf(a.stdout, "%s: formatted\n", path)
	default:
		_, err = fmt.Fprintf(a.stdout, "%s: as it should be\n", path)
	}
	return err
}

func (a *app) isFormatted(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	want, err := config.Format(data)
	switch {
	case err != nil:
		return &exitError{code: exitConfig, err: fmt.Errorf("%s: %w", path, err)}
	case !bytes.Equal(want, data):
		return &exitError{code: exitLint, err: fmt.Errorf("%s: not formatted; rafid fmt does it", path)}
	}
	return nil
}
