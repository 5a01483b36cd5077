package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"rafid/arabic"
	"rafid/dedupe"

	"github.com/google/go-cmp/cmp"
)

// Words of two circles: what stands among the same words comes to lie near, though the two never meet.
func TestMeaningsOfTwoCircles(t *testing.T) {
	t.Parallel()
	circles := [][]string{{"ملعب", "هدف", "مدرب", "حارس", "دوري", "شباك"}, {"برلمان", "وزارة", "قانون", "ميزانية", "ضرائب", "نائب"}}
	twins := [][2]string{{"مباراة", "مواجهة"}, {"حكومة", "سلطة"}}
	r := rand.New(rand.NewPCG(1, 2))
	var texts []string
	for i := range 400 {
		c := i % 2
		text := fmt.Sprint(i, " ", twins[c][r.IntN(2)])
		for range 12 {
			text += " " + circles[c][r.IntN(len(circles[c]))]
		}
		texts = append(texts, text, text) // one that stands twice counts once
	}
	c := newCorpus(texts)
	if len(c.texts) != 400 {
		t.Fatalf("%d texts, want 400", len(c.texts))
	}
	const dim = 4
	v := c.ppmi().embed(dim)
	at := make(map[string][]float32)
	for i, k := range c.keys {
		for _, w := range append(circles[0], append(circles[1], "مباراة", "مواجهة", "حكومة", "سلطة")...) {
			if dedupe.KeyHash(arabic.Key(w)) == k {
				at[w] = v[dim*i : dim*(i+1)]
			}
		}
	}
	for _, row := range []struct{ name, word, near, far string }{
		{"two words for a match", "مباراة", "مواجهة", "حكومة"},
		{"two words for a state", "حكومة", "سلطة", "مواجهة"},
	} {
		if near, far := cosine(at[row.word], at[row.near]), cosine(at[row.word], at[row.far]); near < far+0.5 {
			t.Errorf("%s: %.2f to the near word, %.2f to the far one", row.name, near, far)
		}
	}
	if diff := cmp.Diff(v, c.ppmi().embed(dim)); diff != "" {
		t.Errorf("made twice, they differ:\n%s", diff)
	}
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab, aa, bb = ab+float64(a[i]*b[i]), aa+float64(a[i]*a[i]), bb+float64(b[i]*b[i])
	}
	return ab / math.Sqrt(aa*bb)
}

// The eigenvectors of a small symmetric matrix, by its own equation.
func TestEigen(t *testing.T) {
	t.Parallel()
	a := [][]float64{{4, 1, 0}, {1, 3, -2}, {0, -2, 1}}
	work := make([][]float64, len(a))
	for i := range a {
		work[i] = append([]float64(nil), a[i]...)
	}
	values, vectors := eigen(work)
	for k, value := range values {
		for i := range a {
			sum := 0.0
			for j := range a {
				sum += a[i][j] * vectors[j][k]
			}
			if math.Abs(sum-value*vectors[i][k]) > 1e-9 {
				t.Errorf("value %v: row %d of the product is %v, want %v", value, i, sum, value*vectors[i][k])
			}
		}
	}
}
