// Command train-link makes the tables that packages arabic and dedupe ship: which words there are, how
// common each word key is, what words stand for, and the forests that weigh the measures of a pair.
//
//	go run ./cmd/internal/train-link [-data ../shared/data] [-out dedupe] [-holdout]
//
// It reads the labelled stories of the data folder, which are not part of the repository, and writes
// numbers only, no texts. The same data give the same bytes. Each table is read through the ones before it,
// so that when the reading of words changes, all are made anew in this order:
//
//	go run ./cmd/internal/train-link -words -out arabic    # words.bin
//	go run ./cmd/internal/train-link -frequencies          # frequencies.bin
//	go run ./cmd/internal/train-link -meanings             # meanings.bin
//	go run ./cmd/internal/train-link                       # link.json and title.json
//
// With -holdout it writes nothing and prints how well days are grouped that the forest was not trained on.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rafid/arabic"
	"rafid/dedupe"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "train-link:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("train-link", flag.ContinueOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", shared(), "folder of the labelled data")
	out := flags.String("out", "dedupe", "folder to write the tables to")
	holdout := flags.Bool("holdout", false, "train without each day in turn and print how it is grouped")
	words := flags.Bool("words", false, "write only the words of package arabic, with -out arabic; build again for the frequencies")
	meanings := flags.Bool("meanings", false, "write only the meanings; run again to train on them")
	frequencies := flags.Bool("frequencies", false, "write only the frequencies; run again to train on them")
	if err := flags.Parse(args); err != nil {
		return err
	}
	set, err := load(*data)
	if err != nil {
		return err
	}
	if *words {
		return os.WriteFile(filepath.Join(*out, "words.bin"), arabic.PackWords(set.words()), 0o644)
	}
	if *frequencies {
		return os.WriteFile(filepath.Join(*out, "frequencies.bin"), dedupe.PackFrequencies(set.shares()), 0o644)
	}
	if *meanings {
		keys, vectors := set.meanings()
		return os.WriteFile(filepath.Join(*out, "meanings.bin"), dedupe.PackMeanings(keys, vectors), 0o644)
	}
	samples := set.samples()
	if *holdout {
		return set.holdout(stdout, samples)
	}
	both := trainBoth(samples)
	report(stdout, both.Text)
	separation(stdout, "seen", both, samples, func(sample) bool { return true })
	return errors.Join(write(*out, "link.json", both.Text), write(*out, "title.json", both.Titles))
}

func write(dir, name string, forest *dedupe.Forest) error {
	packed, err := json.Marshal(forest)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), packed, 0o644)
}

// shared is where the data lie when nothing else is said.
func shared() string {
	if dir := os.Getenv("RAFID_SHARED"); dir != "" {
		return filepath.Join(dir, "data")
	}
	return filepath.Join("..", "shared", "data")
}
