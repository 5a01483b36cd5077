package main

import (
	"math/rand/v2"
	"testing"

	"rafid/dedupe"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// made are pairs that are the same when their cosine is high and the hours between them few, with noise.
func made(n int) []sample {
	r := rand.New(rand.NewPCG(3, 4))
	samples := make([]sample, 0, n)
	for range n {
		s := sample{weight: 1, fold: "2018-04-04"}
		s.f[dedupe.CosineAll], s.f[dedupe.Hours] = r.Float64(), 48*r.Float64()
		s.f[dedupe.SameSource] = float64(r.IntN(2))
		s.same = s.f[dedupe.CosineAll]-s.f[dedupe.Hours]/100+r.NormFloat64()/20 > 0.3
		samples = append(samples, s)
	}
	return samples
}

func TestTrainLearnsAndIsMonotone(t *testing.T) {
	t.Parallel()
	forest := train(chosen, made(3000), made(3000))
	if a := auc(forest, made(500)); a < 0.97 {
		t.Errorf("AUC %.3f on what it was trained on, want it learned", a)
	}
	last := -1.0
	for c := 0.0; c <= 1; c += 0.01 {
		var f dedupe.Features
		f[dedupe.CosineAll] = c
		now := forest.Score(&f)
		if now < last {
			t.Errorf("cosine %.2f scores %v, less than a lower one's %v", c, now, last)
		}
		last = now
	}
}

func TestTrainIsReproducible(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(train(chosen, made(800), made(800)), train(chosen, made(800), made(800)), cmpopts.IgnoreUnexported(dedupe.Forest{})); diff != "" {
		t.Errorf("two trainings differ:\n%s", diff)
	}
}

func TestClusterScores(t *testing.T) {
	t.Parallel()
	gold := map[string]string{"a": "1", "b": "1", "c": "2", "d": "2"}
	tests := []struct {
		name           string
		got            map[string]string
		bp, br, pp, pr float64
	}{
		{"as labelled", map[string]string{"a": "x", "b": "x", "c": "y", "d": "y"}, 1, 1, 1, 1},
		{"each alone", map[string]string{"a": "w", "b": "x", "c": "y", "d": "z"}, 1, 0.5, 0, 0},
		{"all together", map[string]string{"a": "x", "b": "x", "c": "x", "d": "x"}, 0.5, 1, 1. / 3, 1},
	}
	for _, tt := range tests {
		bp, br := bcubed(gold, tt.got)
		pp, pr := pairwise(gold, tt.got)
		if diff := cmp.Diff([]float64{tt.bp, tt.br, tt.pp, tt.pr}, []float64{bp, br, pp, pr}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
