package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// label is what the labels say of a story: the running story that it belongs to, "" where none is given.
type label struct{ ID, Day, Thread string }

// threads counts, on the days whose running stories are labelled, how well the groups that are linked are
// those that belong together. Pairs inside one group count too: a thread is made of groups.
func (b *bench) threads(_ context.Context, w io.Writer) error {
	labels, err := b.labels()
	if errors.Is(err, os.ErrNotExist) {
		return nil // labels of threads are wanted, not needed
	}
	if err != nil {
		return err
	}
	out, err := b.group("stories-2018")
	if err != nil {
		return err
	}
	found, err := threadsOf(out)
	if err != nil {
		return err
	}
	days := make(map[string][]label)
	for _, l := range labels {
		if l.Thread != "" {
			days[l.Day] = append(days[l.Day], l)
		}
	}
	for _, day := range slices.Sorted(maps.Keys(days)) {
		c := agreement(days[day], found)
		fmt.Fprintf(w, "| threads of %s: B-cubed F; pairwise P / R / F | %.3f; %.3f / %.3f / %.3f |\n", day, c.b3, c.p, c.r, harmonic(c.p, c.r))
	}
	return nil
}

func (b *bench) labels() (labels []label, err error) {
	err = b.rows("days-2018", func(line []byte) error {
		var l label
		if err := json.Unmarshal(line, &l); err != nil {
			return err
		}
		labels = append(labels, l)
		return nil
	})
	return labels, err
}

// threadsOf gives of each story the first group of its thread.
func threadsOf(out []byte) (map[string]string, error) {
	group, follows := make(map[string]string), make(map[string]string)
	for line := range bytes.Lines(out) {
		var g struct{ ID, Group, Thread string }
		if err := json.Unmarshal(line, &g); err != nil {
			return nil, fmt.Errorf("threads: %w", err)
		}
		group[g.ID] = g.Group
		if g.Thread != "" && g.Thread != g.Group {
			follows[g.Group] = g.Thread
		}
	}
	for id, g := range group {
		for range len(follows) {
			if follows[g] == "" {
				break
			}
			g = follows[g]
		}
		group[id] = g
	}
	return group, nil
}

// accord is how well what was found agrees with labels.
type accord struct{ b3, p, r float64 }

func agreement(labels []label, found map[string]string) accord {
	var together, right, wanted, b3p, b3r float64
	for _, a := range labels {
		var mine, theirs, both float64 // stories that a stands with, itself included
		for _, c := range labels {
			m, t := found[a.ID] == found[c.ID], a.Thread == c.Thread
			mine, theirs, both = mine+count(m), theirs+count(t), both+count(m && t)
		}
		b3p, b3r = b3p+both/mine, b3r+both/theirs
		together, wanted, right = together+mine-1, wanted+theirs-1, right+both-1
	}
	n := float64(len(labels))
	return accord{b3: harmonic(b3p/n, b3r/n), p: right / max(together, 1), r: right / max(wanted, 1)}
}

func count(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func harmonic(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}
