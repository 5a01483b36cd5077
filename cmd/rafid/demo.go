package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"rafid"
	"rafid/cmd/internal/newsroom"
)

func (a *app) demoCmd() *cobra.Command {
	var length time.Duration
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "The whole program over a newsroom of its own: no network needed",
		Long: "Demo opens a newsroom of invented outlets on this machine, broken feeds and all, and runs the real program\n" +
			"over it: stories arrive, copies and rewrites join them, pages and feeds grow. What it stores goes with it,\n" +
			"unless --data names a folder.",
		Example: "  rafid demo\n  rafid demo --for 1m --data kept",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("config") {
				return usage(errors.New("demo writes a list of its own; --config goes with rafid run"))
			}
			ctx := cmd.Context()
			if length > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, length)
				defer cancel()
			}
			if !cmd.Flags().Changed("log-level") {
				a.logLevel = "error" // some of its feeds are broken on purpose
				if err := a.logger(); err != nil {
					return err
				}
			}
			return a.demo(ctx)
		},
	}
	cmd.Flags().DurationVar(&length, "for", 0, "end by itself after this long; 0 means at Ctrl-C")
	return cmd
}

func (a *app) demo(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "rafid-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	room, err := newsroom.Open(ctx, newsroom.Options{Start: time.Now(), Now: time.Now, Logger: a.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, room.Close()) }()
	a.config = filepath.Join(dir, "feeds.yaml")
	if err := os.WriteFile(a.config, []byte(room.FeedsYAML("")), 0o644); err != nil {
		return err
	}
	if !a.dataGiven {
		a.data = filepath.Join(dir, "data")
	}
	if !a.listenGiven {
		a.listen, a.admin = freeIfTaken(ctx, a.listen), freeIfTaken(ctx, a.admin)
	}
	names := make(map[string]string)
	for _, o := range room.Outlets() {
		names[o.ID] = o.Name
	}
	a.watching = func(s rafid.Story, p rafid.Placement) { a.narrate(names[s.Source], s, p) }
	return a.serve(ctx, func(base string) {
		fmt.Fprintf(a.stdout, "رافد — %d outlets of the newsroom, read every few seconds\n\n"+
			"  pages  %s/\n  feed   %s/feeds/all.atom\n\nCtrl-C ends it. What arrives (+ news, = the same news from another outlet):\n\n", len(names), base, base)
	})
}

// narrate tells of a story that was grouped: a new one, or one that joined.
func (a *app) narrate(outlet string, s rafid.Story, p rafid.Placement) {
	mark := "+"
	if !p.Opens {
		mark = "  ="
	}
	fmt.Fprintf(a.stdout, "%-4s%s · %s\n", mark, s.Title, outlet)
}

// freeIfTaken gives the address, or one with a free port when something listens there already.
func freeIfTaken(ctx context.Context, addr string) string {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return "127.0.0.1:0"
	}
	if err := l.Close(); err != nil {
		return "127.0.0.1:0"
	}
	return addr
}
