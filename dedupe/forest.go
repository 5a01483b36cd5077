package dedupe

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"sync"
)

// learned is the forest that ships, written by cmd/internal/train-link.
//
//go:embed link.json
var learned []byte

// learnedTitles is the forest for pairs that have nothing but headlines.
//
//go:embed title.json
var learnedTitles []byte

// Forest is a [Scorer]: a weighted sum of the measures, and small decision trees for what that leaves over.
// Together they add up to the log-odds that a pair is the same news.
type Forest struct {
	Base  float64   `json:"base"`  // log-odds before any measure
	Line  []float64 `json:"line"`  // weights of the measures, in their order; those left out weigh nothing
	Scale float64   `json:"scale"` // the sum is divided by it, so that scores spread over 0…1
	Trees []Tree    `json:"trees"`

	flat  []flatNode // the nodes of all trees, once [ReadForest] has read them
	roots []uint16   // where in flat each tree begins
}

// flatNode is a Node in 16 bytes: a forest is walked for every pair, and must stay in the fastest cache.
type flatNode struct {
	at          float64 // Below, or the Value of a leaf
	feature     uint16
	left, right uint16 // in flat; 0 for a leaf
}

// Tree is a tree's nodes, the root first.
type Tree []Node

// Node splits on a measure, or, with no children, holds a value.
type Node struct {
	Feature Feature `json:"f,omitempty"`
	Below   float64 `json:"t,omitempty"` // a measure below it goes Left
	Left    int     `json:"l,omitempty"` // index of a node behind this one; 0: a leaf
	Right   int     `json:"r,omitempty"`
	Value   float64 `json:"v,omitempty"`
}

// Score is the likelihood that the pair is the same news.
func (t *Forest) Score(f *Features) float64 {
	return 1 / (1 + math.Exp(-t.Sum(f)/t.Scale))
}

// Sum is the log-odds behind [Forest.Score].
func (t *Forest) Sum(f *Features) float64 {
	if t.flat == nil {
		return t.sumTrees(f)
	}
	sum := t.line(f)
	for _, root := range t.roots {
		n := &t.flat[root]
		for n.left != 0 {
			if f[n.feature] < n.at {
				n = &t.flat[n.left]
			} else {
				n = &t.flat[n.right]
			}
		}
		sum += n.at
	}
	return sum
}

// line is the weighted sum of the measures.
func (t *Forest) line(f *Features) float64 {
	sum := t.Base
	for k, weight := range t.Line {
		sum += weight * f[k]
	}
	return sum
}

// sumTrees is Sum for a forest that was not read but grown.
func (t *Forest) sumTrees(f *Features) float64 {
	sum := t.line(f)
	for _, tree := range t.Trees {
		i := 0
		for tree[i].Left != 0 {
			if n := &tree[i]; f[n.Feature] < n.Below {
				i = n.Left
			} else {
				i = n.Right
			}
		}
		sum += tree[i].Value
	}
	return sum
}

// flatten fills in flat and roots, unless there are more nodes than it can number.
func (t *Forest) flatten() {
	nodes := 0
	for _, tree := range t.Trees {
		nodes += len(tree)
	}
	if nodes > math.MaxUint16 {
		return
	}
	t.flat = make([]flatNode, 0, nodes)
	for _, tree := range t.Trees {
		root := len(t.flat)
		t.roots = append(t.roots, uint16(root))
		for _, n := range tree {
			flat := flatNode{at: n.Value}
			if n.Left != 0 {
				flat = flatNode{at: n.Below, feature: uint16(n.Feature), left: uint16(root + n.Left), right: uint16(root + n.Right)}
			}
			t.flat = append(t.flat, flat)
		}
	}
}

// ReadForest reads a forest as it is stored and checks that no path leaves it or runs in a circle.
func ReadForest(data []byte) (*Forest, error) {
	var t Forest
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("forest: %w", err)
	}
	if t.Scale <= 0 {
		return nil, fmt.Errorf("forest: scale is %v, want above 0", t.Scale)
	}
	if len(t.Line) > int(features) {
		return nil, fmt.Errorf("forest: the line weighs %d measures, want at most %d", len(t.Line), features)
	}
	for i, tree := range t.Trees {
		if len(tree) == 0 {
			return nil, fmt.Errorf("forest: tree %d is empty", i)
		}
		for j, n := range tree {
			inner := n.Left != 0
			if inner && (n.Left <= j || n.Right <= j || n.Left >= len(tree) || n.Right >= len(tree)) || n.Feature < 0 || n.Feature >= features {
				return nil, fmt.Errorf("forest: node %d of tree %d points astray", j, i)
			}
		}
	}
	t.flatten()
	return &t, nil
}

// Shipped is the [Scorer] that Rafid comes with: a forest for stories with a text, and one for pairs of
// which neither has more than a headline. Trained in one, each would be the worse for the other.
type Shipped struct{ Text, Titles *Forest }

// Score is the likelihood that the pair is the same news.
func (s Shipped) Score(f *Features) float64 {
	if f[LeadLong] == 0 {
		return s.Titles.Score(f)
	}
	return s.Text.Score(f)
}

// shippedScorer reads the forests that ship, once.
var shippedScorer = sync.OnceValue(func() Scorer {
	return Shipped{mustRead("link.json", learned), mustRead("title.json", learnedTitles)}
})

func mustRead(name string, data []byte) *Forest {
	t, err := ReadForest(data)
	if err != nil {
		panic("dedupe: " + name + " that was built in: " + err.Error())
	}
	return t
}
