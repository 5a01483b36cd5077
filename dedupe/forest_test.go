package dedupe_test

import (
	"math"
	"strings"
	"testing"

	"rafid/dedupe"
)

func TestReadForest(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"broken JSON", `{`, "forest: "},
		{"no scale", `{"trees":[]}`, "scale is 0"},
		{"an empty tree", `{"scale":1,"trees":[[]]}`, "tree 0 is empty"},
		{"a circle", `{"scale":1,"trees":[[{"l":1,"r":2},{"l":1,"r":2},{}]]}`, "node 1 of tree 0"},
		{"a child that is not there", `{"scale":1,"trees":[[{"l":1,"r":2},{}]]}`, "node 0 of tree 0"},
		{"a line of too many measures", `{"scale":1,"line":[` + strings.Repeat("0,", 98) + `0]}`, "weighs 99 measures"},
		{"a measure that is none", `{"scale":1,"trees":[[{"f":99,"v":1}]]}`, "node 0 of tree 0"},
	}
	for _, tt := range tests {
		if _, err := dedupe.ReadForest([]byte(tt.in)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
	f, err := dedupe.ReadForest([]byte(`{"base":1,"scale":2,"trees":[[{"f":0,"t":0.5,"l":1,"r":2},{"v":-3},{"v":3}]]}`))
	if err != nil {
		t.Fatal(err)
	}
	var low, high dedupe.Features
	high[dedupe.CosineAll] = 0.5
	if f.Sum(&low) != -2 || f.Sum(&high) != 4 || math.Abs(f.Score(&low)-1/(1+math.E)) > 1e-9 {
		t.Errorf("sums %v and %v, score %v", f.Sum(&low), f.Sum(&high), f.Score(&low))
	}
}

// What the line says of the measures and what the trees say adds up, read or grown.
func TestForestAddsLineAndTrees(t *testing.T) {
	t.Parallel()
	read, err := dedupe.ReadForest([]byte(`{"base":1,"scale":1,"line":[2,-4],"trees":[[{"f":0,"t":0.5,"l":1,"r":2},{"v":-3},{"v":3}]]}`))
	if err != nil {
		t.Fatal(err)
	}
	grown := &dedupe.Forest{Base: read.Base, Scale: 1, Line: read.Line, Trees: read.Trees}
	var f dedupe.Features
	f[dedupe.CosineAll], f[dedupe.CosineTitle] = 0.75, 0.25
	for name, forest := range map[string]*dedupe.Forest{"read": read, "grown": grown} {
		if got := forest.Sum(&f); got != 1+1.5-1+3 {
			t.Errorf("%s: sum %v, want 4.5", name, got)
		}
	}
}

func TestFeatureNames(t *testing.T) {
	t.Parallel()
	var f dedupe.Features
	seen := make(map[string]bool)
	for i := range f {
		name := dedupe.Feature(i).String()
		if name == "" || seen[name] {
			t.Errorf("measure %d has the name %q", i, name)
		}
		seen[name] = true
	}
	if got := dedupe.Feature(-1).String(); got != "feature -1" {
		t.Errorf("an unknown measure is called %q", got)
	}
}
