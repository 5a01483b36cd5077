package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"rafid/cmd/internal/sqlite"
)

func (a *app) backupCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Write the store to a file, also beside a running server",
		Long: "Backup writes the store as it is at one instant to a new file, which is there whole or not at all. feeds.yaml is a\n" +
			"file of yours: back it up with the rest of them.",
		Example: "  rafid backup /var/backups/rafid-$(date +%F).db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withView(cmd.Context(), func(v *view) error {
				if err := v.Backup(cmd.Context(), args[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintf(a.stdout, "%s: written; rafid restore %[1]s puts it back\n", args[0])
				return err
			})
		},
	}
}

func (a *app) restoreCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of the store",
		Long: "Restore checks a file that rafid backup wrote and puts it in the place of the store. The former store is kept beside\n" +
			"it. A server on the store must be stopped first; restore refuses otherwise.",
		Example: "  rafid restore /var/backups/rafid-2026-11-23.db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := filepath.Join(a.data, "rafid.db")
			aside := path + ".before-" + time.Now().UTC().Format("20060102T150405.000")
			kept, err := sqlite.Restore(cmd.Context(), args[0], path, aside)
			if err != nil {
				return err
			}
			if kept != "" {
				fmt.Fprintf(a.stdout, "%s: kept, the store as it was\n", kept)
			}
			_, err = fmt.Fprintf(a.stdout, "%s: restored from %s\n", path, args[0])
			return err
		},
	}
}
