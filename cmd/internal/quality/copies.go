package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"rafid/dedupe"
)

// copies compares the labelled pairs by themselves and prints what share of those called copies readers
// called copies too, and what share of the readers' copies is called so.
func (b *bench) copies(_ context.Context, w io.Writer) error {
	var labels []struct{ A, B, Label string }
	if err := b.rows("pairs-2018", func(line []byte) error {
		labels = append(labels, struct{ A, B, Label string }{})
		return json.Unmarshal(line, &labels[len(labels)-1])
	}); err != nil {
		return err
	}
	story := make(map[string]json.RawMessage)
	if err := b.rows("stories-2018", func(line []byte) error {
		var s struct{ ID string }
		if err := json.Unmarshal(line, &s); err != nil {
			return err
		}
		story[s.ID] = bytes.Clone(line)
		return nil
	}); err != nil {
		return err
	}
	var in, out bytes.Buffer
	for _, l := range labels {
		if err := json.NewEncoder(&in).Encode(map[string]json.RawMessage{"a": story[l.A], "b": story[l.B]}); err != nil {
			return err
		}
	}
	if err := dedupe.CompareLines(&in, &out, b.errw, b.opt); err != nil {
		return err
	}
	called, right, labelled := 0.0, 0.0, 0.0
	for i, dec := 0, json.NewDecoder(&out); dec.More() && i < len(labels); i++ {
		var answer struct{ Relation string }
		if err := dec.Decode(&answer); err != nil {
			return err
		}
		called += tally(answer.Relation == "copy")
		labelled += tally(labels[i].Label == "DUP")
		right += tally(answer.Relation == "copy" && labels[i].Label == "DUP")
	}
	fmt.Fprintf(w, "| labelled copies called copies: precision / recall | %.3f of %.0f / %.3f of %.0f |\n", right/max(called, 1), called, right/max(labelled, 1), labelled)
	return nil
}

func tally(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
