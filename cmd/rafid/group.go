package main

import (
	"bufio"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"rafid/dedupe"
)

func (a *app) groupCmd() *cobra.Command {
	return a.linesCmd(dedupe.GroupLines, &cobra.Command{
		Use:   "group FILE.jsonl",
		Short: "Group the stories of a file: the engine alone",
		Long: "Group reads stories, a JSON object a line in order of arrival ({\"id\",\"source\",\"url\",\"published\",\"title\",\n" +
			"\"summary\",\"text\"}), from a file or, for -, from the standard input, and prints a line a story in the same order:\n" +
			"{\"id\",\"group\",\"relation\",\"of\",\"score\",\"thread\",\"why\"}. A line that is no story is told on stderr with its number,\n" +
			"the rest goes on, and the exit code is 1.",
		Example: "  rafid group stories.jsonl > groups.jsonl\n  zcat stories.jsonl.gz | rafid group -",
	})
}

func (a *app) compareCmd() *cobra.Command {
	return a.linesCmd(dedupe.CompareLines, &cobra.Command{
		Use:   "compare FILE.jsonl",
		Short: "Compare pairs of stories: the engine alone",
		Long: "Compare reads pairs, {\"a\":{story},\"b\":{story}} a line, from a file or, for -, from the standard input, and\n" +
			"prints {\"relation\":\"copy|same|follow|different\",\"score\",\"why\"} a line. A line that is no pair is told on stderr\n" +
			"with its number, the rest goes on, and the exit code is 1.",
		Example: "  rafid compare pairs.jsonl",
	})
}

// linesCmd is a command that turns lines into lines.
func (a *app) linesCmd(do func(io.Reader, io.Writer, io.Writer, dedupe.Options) error, cmd *cobra.Command) *cobra.Command {
	cmd.Args = cobra.ExactArgs(1)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		in, err := a.open(args[0])
		if err != nil {
			return err
		}
		out := bufio.NewWriter(a.stdout)
		err = do(in, out, a.stderr, dedupe.Options{})
		return errors.Join(err, out.Flush(), in.Close())
	}
	return cmd
}
