package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"rafid/arabic"
)

// day is what score.py says of a labelled day, or, for the pairs, of their strata.
type day struct {
	B3     float64 `json:"b3_f"`
	P      float64 `json:"pair_p"`
	R      float64 `json:"pair_r"`
	F      float64 `json:"pair_f"`
	PairsP float64 `json:"weighted_p"`
	PairsR float64 `json:"weighted_r"`
	Copies float64 `json:"copies_recall"`
}

func (b *bench) groups(ctx context.Context, w io.Writer) error {
	out, err := b.group("stories-2018")
	if err != nil {
		return err
	}
	var days map[string]day
	if err := b.score(ctx, "groups", out, &days); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(days)) {
		if d := days[name]; d.PairsR > 0 {
			fmt.Fprintf(w, "| %s: weighted precision / recall; copies found | %.3f / %.3f; %.3f |\n", name, d.PairsP, d.PairsR, d.Copies)
		} else {
			fmt.Fprintf(w, "| %s: B-cubed F; pairwise P / R / F | %.3f; %.3f / %.3f / %.3f |\n", name, d.B3, d.P, d.R, d.F)
		}
	}
	return nil
}

func (b *bench) headlines(ctx context.Context, w io.Writer) error {
	var answer struct{ AUC float64 }
	if err := b.compare(ctx, "headlines", &answer); err != nil {
		return err
	}
	fmt.Fprintf(w, "| headline pairs: AUC | %.3f |\n", answer.AUC)
	return nil
}

func (b *bench) contradicted(ctx context.Context, w io.Writer) error {
	var answer map[string]struct {
		Called float64 `json:"called_same"`
	}
	if err := b.compare(ctx, "contradict", &answer); err != nil {
		return err
	}
	fmt.Fprintf(w, "| contradicted headlines called same (agreeing ones) | %.3f (%.3f) |\n", answer["disagree"].Called, answer["agree"].Called)
	return nil
}

func (b *bench) semeval(ctx context.Context, w io.Writer) error {
	var answer struct{ Pearson, Spearman float64 }
	if err := b.compare(ctx, "semeval", &answer); err != nil {
		return err
	}
	fmt.Fprintf(w, "| human-scored pairs: Pearson; Spearman | %.3f; %.3f |\n", answer.Pearson, answer.Spearman)
	return nil
}

// item is one story of a series.
type item struct {
	ID, Published, Title string
	words                map[string]bool
}

// series counts the pairs of different days whose headlines share half of their words, figures left
// aside, and how many of them were merged.
func (b *bench) series(_ context.Context, w io.Writer) error {
	out, err := b.group("series-2025")
	if err != nil {
		return err
	}
	group := make(map[string]string)
	for line := range bytes.Lines(out) {
		var g struct{ ID, Group string }
		if err := json.Unmarshal(line, &g); err != nil {
			return fmt.Errorf("series: %w", err)
		}
		group[g.ID] = g.Group
	}
	items, err := b.items()
	if err != nil {
		return err
	}
	pairs, merged := 0, 0
	for i, a := range items {
		for _, c := range items[:i] {
			if a.Published != c.Published && alike(a.words, c.words) {
				pairs++
				if group[a.ID] == group[c.ID] {
					merged++
				}
			}
		}
	}
	fmt.Fprintf(w, "| template pairs of different days merged | %d of %d |\n", merged, pairs)
	return nil
}

func (b *bench) items() (items []item, err error) {
	err = b.rows("series-2025", func(line []byte) error {
		it := item{words: make(map[string]bool)}
		if err := json.Unmarshal(line, &it); err != nil {
			return err
		}
		for _, t := range arabic.Terms(it.Title) {
			if !t.Number {
				it.words[t.Key] = true
			}
		}
		items = append(items, it)
		return nil
	})
	return items, err
}

// alike says that two headlines share half of their words.
func alike(a, b map[string]bool) bool {
	common := 0
	for k := range a {
		if b[k] {
			common++
		}
	}
	return common > 0 && 2*common >= len(a)+len(b)-common
}
