package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rafid/dedupe"
)

// The stories that are shuffled: two months with all outlets, more than 8,000 stories.
const (
	shuffleFrom  = "2018-04-01"
	shuffleUntil = "2018-06-01"
	shuffles     = 3
)

// hourLine is a line of the stories file and the hour that its story was published in.
type hourLine struct{ hour, line string }

// shuffled groups the same stories in order of time and shuffled within each hour, and prints what share
// of the pairs that are together in one of the two runs is apart in the other.
func (b *bench) shuffled(_ context.Context, w io.Writer) error {
	lines, err := b.hours("stories-2018", shuffleFrom, shuffleUntil)
	if err != nil {
		return err
	}
	plain, err := b.groupHours(lines)
	if err != nil {
		return err
	}
	share := 0.0
	for seed := range shuffles {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		mixed := slices.Clone(lines)
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		slices.SortStableFunc(mixed, func(x, y hourLine) int { return strings.Compare(x.hour, y.hour) })
		other, err := b.groupHours(mixed)
		if err != nil {
			return err
		}
		share += apart(plain, other) / shuffles
	}
	fmt.Fprintf(w, "| shuffled within each hour: pairs that change | %.3f of %.0f |\n", share, pairs(plain, plain))
	return nil
}

// hours reads the lines of the stories published from one day until before another.
func (b *bench) hours(name, from, until string) ([]hourLine, error) {
	var lines []hourLine
	err := b.rows(name, func(line []byte) error {
		var s struct{ Published string }
		if err := json.Unmarshal(line, &s); err != nil {
			return err
		}
		if s.Published >= from && s.Published < until && len(s.Published) > len("2018-04-01T00") {
			lines = append(lines, hourLine{s.Published[:len("2018-04-01T00")], string(line)})
		}
		return nil
	})
	return lines, err
}

// rows calls visit with each line of a gzipped file of the data folder.
func (b *bench) rows(name string, visit func(line []byte) error) error {
	f, err := os.Open(filepath.Join(b.shared, "data", name+".jsonl.gz"))
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, dedupe.MaxLine)
	for lines.Scan() {
		if err := visit(lines.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return lines.Err()
}

// groupHours gives the group of each story.
func (b *bench) groupHours(lines []hourLine) (map[string]string, error) {
	var in, out bytes.Buffer
	for _, l := range lines {
		in.WriteString(l.line)
		in.WriteByte('\n')
	}
	if err := dedupe.GroupLines(&in, &out, b.errw, b.opt); err != nil {
		return nil, err
	}
	group := make(map[string]string, len(lines))
	for line := range bytes.Lines(out.Bytes()) {
		var g struct{ ID, Group string }
		if err := json.Unmarshal(line, &g); err != nil {
			return nil, err
		}
		group[g.ID] = g.Group
	}
	return group, nil
}

// apart is the share of the pairs together in a or b that are not together in both.
func apart(a, b map[string]string) float64 {
	both := pairs(a, b)
	either := pairs(a, a) + pairs(b, b) - both
	return (either - both) / max(either, 1)
}

// pairs counts the pairs that are together in a and in b.
func pairs(a, b map[string]string) float64 {
	size := make(map[[2]string]float64)
	for id, g := range a {
		size[[2]string{g, b[id]}]++
	}
	n := 0.0
	for _, s := range size {
		n += s * (s - 1) / 2
	}
	return n
}
