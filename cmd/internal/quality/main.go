// Command quality measures how well Rafid recognises the same news and prints one table.
//
//	go run ./cmd/internal/quality [-shared ../shared] [-near 0.80]
//
// It runs the labelled data, which are not part of the repository, through the engine as `rafid group`
// and `rafid compare` do, has the data's own score.py count, and adds the share of template pairs of
// different days that were merged. docs/quality.md keeps what it printed.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"

	"rafid/dedupe"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(1)
	}
}

// bench holds what every measurement needs.
type bench struct {
	shared string // folder with data/ and tools/
	temp   string // for what score.py reads
	opt    dedupe.Options
	errw   io.Writer
	done   map[string][]byte // what group printed, by name
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("quality", flag.ContinueOnError)
	flags.SetOutput(stderr)
	shared := flags.String("shared", sharedFolder(), "folder of the labelled data and its tools")
	near := flags.Float64("near", 0, "how alike two reports must be, as in feeds.yaml")
	if err := flags.Parse(args); err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "rafid-quality-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	b := &bench{shared: *shared, temp: temp, opt: dedupe.Options{Near: *near}, errw: stderr, done: make(map[string][]byte)}
	fmt.Fprintln(stdout, "| what | figure |\n|---|---|")
	for _, measure := range []func(context.Context, io.Writer) error{b.groups, b.copies, b.headlines, b.contradicted, b.semeval, b.series, b.threads, b.shuffled} {
		if err := measure(ctx, stdout); err != nil {
			return err
		}
	}
	return nil
}

func sharedFolder() string {
	if dir := os.Getenv("RAFID_SHARED"); dir != "" {
		return dir
	}
	return filepath.Join("..", "shared")
}

// group runs a gzipped file of stories through the engine and returns what it printed.
func (b *bench) group(name string) ([]byte, error) {
	if out, ok := b.done[name]; ok {
		return out, nil
	}
	f, err := os.Open(filepath.Join(b.shared, "data", name+".jsonl.gz"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var out bytes.Buffer
	if err := dedupe.GroupLines(z, &out, b.errw, b.opt); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	b.done[name] = out.Bytes()
	return out.Bytes(), nil
}

// score has score.py count one kind of output and decodes its answer.
func (b *bench) score(ctx context.Context, kind string, output []byte, answer any) error {
	file := filepath.Join(b.temp, kind+".jsonl")
	if err := os.WriteFile(file, output, 0o600); err != nil {
		return err
	}
	printed, err := b.python(ctx, "--json", kind, file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(printed, answer); err != nil {
		return fmt.Errorf("score.py %s: %w", kind, err)
	}
	return nil
}

func (b *bench) python(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "python3", append([]string{filepath.Join(b.shared, "tools", "score.py")}, args...)...)
	cmd.Stderr = b.errw
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("score.py: %w", err)
	}
	return out, nil
}

// compare has score.py make the pairs of a kind, compares them and has them counted.
func (b *bench) compare(ctx context.Context, kind string, answer any) error {
	in, err := b.python(ctx, "inputs", kind)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := dedupe.CompareLines(bytes.NewReader(in), &out, b.errw, b.opt); err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	return b.score(ctx, kind, out.Bytes(), answer)
}
