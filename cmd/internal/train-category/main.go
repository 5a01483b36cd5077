// Command train-category makes the text model that package category ships.
//
//	go run ./cmd/internal/train-category [-data ../shared/data] [-out category/model.bin] [-holdout]
//
// It reads stories-2018.jsonl.gz and categories.jsonl.gz of the data folder, which are not part of the
// repository, and writes numbers only, no texts. The same data give the same bytes. With -holdout it
// writes nothing and prints how well each outlet of the first set, and each part of the second, is
// placed by a model that has not seen it, and beside that how a plain linear model over TF-IDF does.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "train-category:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("train-category", flag.ContinueOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", shared(), "folder of the labelled data")
	out := flags.String("out", "category/model.bin", "file to write the model to")
	holdout := flags.Bool("holdout", false, "only print how held-out outlets are placed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c, err := load(*data)
	if err != nil {
		return err
	}
	folds := c.holdOut(ours())
	heat, least := calibrate(folds)
	report(stdout, folds, heat, least)
	if *holdout {
		return c.compare(stdout)
	}
	w := c.train(ours(), func(sample) bool { return true })
	w.Heat, w.Least = heat, least
	packed, err := w.Pack()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s: %d bytes\n", *out, len(packed))
	return os.WriteFile(*out, packed, 0o644)
}

// shared is where the data lie when nothing else is said.
func shared() string {
	if dir := os.Getenv("RAFID_SHARED"); dir != "" {
		return dir + "/data"
	}
	return "../shared/data"
}
