package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rafid"
)

// The exit codes, as operators' scripts rely on them. 78 is EX_CONFIG of sysexits.h.
const (
	exitFailed = 1
	exitUsage  = 2
	exitLint   = 3
	exitConfig = 78
)

// exitError is an error with the exit code it ends the program with. A nil err has been told already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func exitCode(err error) int {
	var e *exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return e.code
	}
	return exitFailed
}

// app is one run of the program: its streams, and the flags that every command has.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer

	config, data           string
	listen, admin          string
	atOnce                 int
	logLevel, logFormat    string
	log                    *slog.Logger
	listenGiven, dataGiven bool
	watching               func(rafid.Story, rafid.Placement) // told of each story grouped; nil for nobody
}

// run is the program: what it prints goes to the streams given, and what went wrong is told on stderr
// before it is returned.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var e *exitError
	if err != nil && !errors.As(err, &e) {
		e = &exitError{code: exitFailed, err: err}
		if strings.HasPrefix(err.Error(), "unknown command") {
			e.code = exitUsage
		}
		err = e
	}
	if e != nil && e.err != nil {
		fmt.Fprintln(stderr, "rafid:", e.err)
	}
	return err
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "rafid",
		Short: "رافد: Arabic news, each story once",
		Long: "Rafid (رافد) pulls Arabic news feeds, recognises which items are the same news, files them by\n" +
			"category and publishes merged feeds (RSS, Atom, JSON Feed) and pages.",
		Example: "  rafid demo          the whole program over a newsroom of its own: no network, no set-up\n" +
			"  rafid run           fetch the sources of feeds.yaml on schedule, and serve\n" +
			"  rafid check         report every mistake in feeds.yaml",
		SilenceErrors: true, SilenceUsage: true,
		Args:              cobra.NoArgs,
		PersistentPreRunE: a.prepare,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	f := root.PersistentFlags()
	f.StringVar(&a.config, "config", "feeds.yaml", "the list of sources")
	f.StringVar(&a.data, "data", "data", "folder of the store")
	f.StringVar(&a.listen, "listen", "127.0.0.1:8080", "address of the pages and feeds")
	f.StringVar(&a.admin, "admin", "127.0.0.1:8081", "address of metrics, health and profiles; empty for none")
	f.IntVar(&a.atOnce, "at-once", 64, "passes side by side")
	f.StringVar(&a.logLevel, "log-level", "info", "debug, info, warn or error")
	f.StringVar(&a.logFormat, "log-format", "text", "text or json")
	for _, make := range a.commands() {
		root.AddCommand(make())
	}
	for _, c := range root.Commands() {
		c.Args = usageArgs(c.Args)
	}
	return root
}

// commands are all that rafid can be told to do, in the order of a newcomer's day.
func (a *app) commands() []func() *cobra.Command {
	return []func() *cobra.Command{
		a.initCmd,
		a.checkCmd,
		a.fmtCmd,
		a.diffCmd,
		a.addCmd,
		a.tryCmd,
		a.runCmd,
		a.onceCmd,
		a.demoCmd,
		a.sourcesCmd,
		a.statusCmd,
		a.topCmd,
		a.confirmCmd,
		a.explainCmd,
		a.splitCmd,
		a.mergeCmd,
		a.hideCmd,
		a.replayCmd,
		a.opmlCmd,
		a.doctorCmd,
		a.backupCmd,
		a.restoreCmd,
		a.parseCmd,
		a.groupCmd,
		a.compareCmd,
		a.classifyCmd,
		a.labelsCmd,
		a.rulesCmd,
		a.categoriseCmd,
		a.schemaCmd,
		a.versionCmd,
	}
}

// usage marks an error as one of the command line.
func usage(err error) error { return &exitError{code: exitUsage, err: err} }

func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usage(fmt.Errorf("%w; see rafid %s --help", err, cmd.Name()))
		}
		return nil
	}
}

// prepare fills flags that were not given from RAFID_* in the environment, and makes the logger.
func (a *app) prepare(cmd *cobra.Command, _ []string) error {
	var bad error
	cmd.Root().PersistentFlags().VisitAll(func(f *pflag.Flag) {
		name := "RAFID_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if v, ok := os.LookupEnv(name); ok && v != "" && !f.Changed {
			if err := cmd.Flags().Set(f.Name, v); err != nil {
				bad = fmt.Errorf("%s: %w", name, err)
			}
		}
	})
	if bad != nil {
		return usage(bad)
	}
	if a.atOnce < 1 {
		return usage(fmt.Errorf("--at-once %d: want 1 or more", a.atOnce))
	}
	a.listenGiven = cmd.Flags().Changed("listen")
	a.dataGiven = cmd.Flags().Changed("data")
	return a.logger()
}

func (a *app) logger() error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(a.logLevel)); err != nil {
		return usage(fmt.Errorf("--log-level %q: want debug, info, warn or error", a.logLevel))
	}
	opts := &slog.HandlerOptions{Level: level}
	switch a.logFormat {
	case "text":
		a.log = slog.New(slog.NewTextHandler(a.stderr, opts))
	case "json":
		a.log = slog.New(slog.NewJSONHandler(a.stderr, opts))
	default:
		return usage(fmt.Errorf("--log-format %q: want text or json", a.logFormat))
	}
	return nil
}
