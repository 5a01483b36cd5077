// Rafid pulls Arabic news feeds, recognises which items are the same news, files them by category and
// publishes merged feeds and pages. `rafid help` lists what it can do; docs/architecture.md says how.
//
// This package is the plug: it joins the stages, which do not know each other. pipeline.go holds their
// order. Each subcommand has a file of its own.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // schedules and dates name time zones on machines that have none
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(exitCode(err))
}
