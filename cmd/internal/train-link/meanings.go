package main

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"rafid/arabic"
	"rafid/dedupe"
)

// How word vectors are made: from the positive pointwise mutual information of words that stand near
// each other, reduced by its leading eigenvectors (Levy, Goldberg and Dagan 2015 find this as good as
// skip-gram on texts of this size, and it needs no luck).
const (
	vectorMin    = 20   // stories in which a key must stand to have a vector
	vectorWords  = 200  // of a text that are read
	vectorWindow = 5    // telling words on either side that count as near
	vectorSmooth = 0.75 // exponent of the context counts, so that rare contexts do not win
	vectorPasses = 6    // of subspace iteration
	vectorSpare  = 16   // dimensions beyond those kept, for accuracy
	vectorChunk  = 1500 // rows counted at a time
)

// corpus is texts as numbers of words.
type corpus struct {
	keys  []uint32 // by number
	texts [][]int32
}

// newCorpus turns texts into word numbers. A text that stands twice counts once.
func newCorpus(texts []string) *corpus {
	df := make(map[uint32]int)
	var hashed [][]uint32
	seen := make(map[string]bool)
	for _, t := range texts {
		if seen[t] {
			continue
		}
		seen[t] = true
		keys := keysOf(t)
		hashed = append(hashed, keys)
		for _, k := range slices.Compact(slices.Sorted(slices.Values(keys))) {
			df[k]++
		}
	}
	c := &corpus{}
	for k, n := range df {
		if n >= vectorMin {
			c.keys = append(c.keys, k)
		}
	}
	slices.Sort(c.keys)
	for _, keys := range hashed {
		var numbers []int32
		for _, k := range keys {
			if n, ok := slices.BinarySearch(c.keys, k); ok {
				numbers = append(numbers, int32(n))
			}
		}
		c.texts = append(c.texts, numbers)
	}
	return c
}

// keysOf are the hashes of a text's telling words in order, numbers left out.
func keysOf(text string) (keys []uint32) {
	for _, term := range arabic.Terms(firstBytes(text, 16*vectorWords)) {
		if !term.Number && len(keys) < vectorWords {
			keys = append(keys, dedupe.KeyHash(term.Key))
		}
	}
	return keys
}

// sparse is a symmetric matrix by rows.
type sparse struct {
	cols [][]int32
	vals [][]float32
}

// ppmi counts what stands near what and weighs it: for each two words the mean of both ways, so that the
// matrix stays symmetric.
func (c *corpus) ppmi() *sparse {
	n := len(c.keys)
	context, total := c.contexts()
	smooth := 0.0
	for _, x := range context {
		smooth += math.Pow(x, vectorSmooth)
	}
	information := func(k float32, word, near int) float64 {
		return math.Log(float64(k) / total / (context[word] / total * math.Pow(context[near], vectorSmooth) / smooth))
	}
	m := &sparse{cols: make([][]int32, n), vals: make([][]float32, n)}
	for from := 0; from < n; from += vectorChunk {
		rows := min(vectorChunk, n-from)
		count := c.near(from, rows)
		for w := from; w < from+rows; w++ {
			for o, k := range count[(w-from)*n : (w-from+1)*n] {
				if k < 2 {
					continue
				}
				if v := (information(k, w, o) + information(k, o, w)) / 2; v > 0 {
					m.cols[w] = append(m.cols[w], int32(o))
					m.vals[w] = append(m.vals[w], float32(v))
				}
			}
		}
	}
	return m
}

// contexts counts how many words stand near each, and near all.
func (c *corpus) contexts() (context []float64, total float64) {
	context = make([]float64, len(c.keys))
	for _, t := range c.texts {
		for i, w := range t {
			near := float64(min(i, vectorWindow) + min(len(t)-1-i, vectorWindow))
			context[w] += near
			total += near
		}
	}
	return context, total
}

// near counts how often each word stands near each of so many words: a row for each of these.
func (c *corpus) near(from, rows int) []float32 {
	n := len(c.keys)
	count := make([]float32, rows*n)
	for _, t := range c.texts {
		for i, w := range t {
			if int(w) < from || int(w) >= from+rows {
				continue
			}
			row := count[(int(w)-from)*n:][:n]
			for _, o := range t[max(0, i-vectorWindow):min(len(t), i+vectorWindow+1)] {
				if o != w {
					row[o]++
				}
			}
		}
	}
	return count
}

// times is m·x for k columns, x by rows.
func (m *sparse) times(x []float32, k int) []float32 {
	y := make([]float32, len(x))
	for r, cols := range m.cols {
		out := y[r*k : (r+1)*k]
		for i, c := range cols {
			v, in := m.vals[r][i], x[int(c)*k:][:k]
			for d := range out {
				out[d] += v * in[d]
			}
		}
	}
	return y
}

// orthonormal makes the k columns of x orthonormal (modified Gram-Schmidt).
func orthonormal(x []float32, k int) {
	n := len(x) / k
	for a := range k {
		for b := range a {
			dot := 0.0
			for r := range n {
				dot += float64(x[r*k+a]) * float64(x[r*k+b])
			}
			for r := range n {
				x[r*k+a] -= float32(dot) * x[r*k+b]
			}
		}
		norm := 0.0
		for r := range n {
			norm += float64(x[r*k+a]) * float64(x[r*k+a])
		}
		norm = math.Sqrt(norm)
		for r := range n {
			x[r*k+a] /= float32(norm)
		}
	}
}

// embed gives each word dim coordinates: the leading eigenvectors, each stretched by the root of its value.
func (m *sparse) embed(dim int) []float32 {
	n, k := len(m.cols), dim+vectorSpare
	x := m.subspace(k)
	y := m.times(x, k)
	small := make([][]float64, k)
	for a := range k {
		small[a] = make([]float64, k)
		for b := range k {
			for r := range n {
				small[a][b] += float64(x[r*k+a]) * float64(y[r*k+b])
			}
		}
	}
	values, vectors := eigen(small)
	order := make([]int, k)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(values[b]), math.Abs(values[a])) })
	out := make([]float32, n*dim)
	for r := range n {
		for d, e := range order[:dim] {
			v := 0.0
			for a := range k {
				v += float64(x[r*k+a]) * vectors[a][e]
			}
			out[r*dim+d] = float32(v * math.Sqrt(math.Abs(values[e])))
		}
	}
	return out
}

// subspace gives k orthonormal columns that span nearly what the leading eigenvectors do (Halko, Martinsson
// and Tropp 2011).
func (m *sparse) subspace(k int) []float32 {
	r := rand.New(rand.NewPCG(5, 8))
	x := make([]float32, len(m.cols)*k)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for range vectorPasses {
		orthonormal(x, k)
		x = m.times(x, k)
	}
	orthonormal(x, k)
	return x
}

// eigen gives the values and, by columns, the vectors of a symmetric matrix (Jacobi's rotations).
func eigen(a [][]float64) ([]float64, [][]float64) {
	n := len(a)
	v := make([][]float64, n)
	for i := range v {
		v[i] = make([]float64, n)
		v[i][i] = 1
		for j := range i { // even out rounding
			m := (a[i][j] + a[j][i]) / 2
			a[i][j], a[j][i] = m, m
		}
	}
	for range 30 {
		off := 0.0
		for p := range n {
			for q := p + 1; q < n; q++ {
				off += a[p][q] * a[p][q]
				rotate(a, v, p, q)
			}
		}
		if off < 1e-12 {
			break
		}
	}
	values := make([]float64, n)
	for i := range values {
		values[i] = a[i][i]
	}
	return values, v
}

// rotate makes a[p][q] nothing.
func rotate(a, v [][]float64, p, q int) {
	if math.Abs(a[p][q]) < 1e-15 {
		return
	}
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := math.Copysign(1, theta) / (math.Abs(theta) + math.Sqrt(theta*theta+1))
	c := 1 / math.Sqrt(t*t+1)
	s := t * c
	for i := range a {
		x, y := a[i][p], a[i][q]
		a[i][p], a[i][q] = c*x-s*y, s*x+c*y
	}
	for i := range a {
		x, y := a[p][i], a[q][i]
		a[p][i], a[q][i] = c*x-s*y, s*x+c*y
		x, y = v[i][p], v[i][q]
		v[i][p], v[i][q] = c*x-s*y, s*x+c*y
	}
}

// meanings gives the vectors of the words of all stories but the labelled ones, so that these stay unseen.
func (d *dataset) meanings() (keys []uint32, vectors []float32) {
	labelled := make(map[string]bool)
	for _, l := range d.days {
		labelled[l.ID] = true
	}
	var texts []string
	for _, s := range d.stories {
		if !labelled[s.ID] {
			texts = append(texts, s.Title+"\n"+s.Summary+"\n"+s.Text)
		}
	}
	c := newCorpus(append(texts, d.background...))
	return c.keys, c.ppmi().embed(dedupe.MeaningSize)
}
