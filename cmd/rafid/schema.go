package main

import (
	"github.com/spf13/cobra"

	"rafid/cmd/internal/config"
)

func (a *app) schemaCmd() *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of feeds.yaml, for editors",
		Long:    "Schema prints the JSON Schema (draft-07) of feeds.yaml: editors complete and check by it while you type.",
		Example: "  rafid schema > feeds.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(config.Schema())
			return err
		},
	}
}
