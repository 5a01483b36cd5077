package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
)

//go:embed starter.yaml
var starter []byte

func (a *app) initCmd() *cobra.Command {
	return &cobra.Command{
		Use:     "init",
		Short:   "Write a starter feeds.yaml",
		Long:    "Init writes a short feeds.yaml with Arabic sources to begin with. A file that is there already is left alone.",
		Example: "  rafid init\n  rafid init --config /etc/rafid/feeds.yaml",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			f, err := os.OpenFile(a.config, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%s is there already and was left alone; --config NAME writes elsewhere", a.config)
			}
			if err != nil {
				return err
			}
			if _, err := f.Write(starter); err != nil {
				return errors.Join(err, f.Close())
			}
			if err := f.Close(); err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "wrote %s\nnext:\n  rafid check   mistakes, with their fixes\n"+
				"  rafid once    one pass over its sources\n  rafid run     fetch on schedule and serve\n", a.config)
			return err
		},
	}
}
