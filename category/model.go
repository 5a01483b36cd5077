package category

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Model tells the section of a text from its words. It is linear: first it tells news of politics and
// the world from the other sections, then politics (of the Arab countries) from the rest of the world.
// It is read-only, so goroutines may share it.
//
// On outlets that it was not trained on (train-category -holdout; docs/categories.md): mean macro-F1 of the
// sections .82, .65–.91 by outlet and set; at its least confidence it speaks of 85 % of all texts and is right
// on 90 % of those. Of titles without a summary: .76, 77 % and 89 %. Politics and world are told apart in 63–86 %
// of cases: outlets draw that line differently, so [Guess.Sure] speaks of the section and not of that.
type Model struct {
	rows  []int8           // Buckets × Columns
	scale [Columns]float64 // of each column of rows
	bias  [Columns]float64 //
	heat  Heat
	least float64 // a guess below this confidence is not made
}

// Columns is the number of weights of a feature: one for each of [Sections], and one that tells world
// from politics.
const Columns = 8

// Sections are what the first step tells apart. "news" is politics and world together: outlets agree
// on it, and on little else below it.
func Sections() []string {
	return []string{"news", "economy", "sport", "tech", "culture", "health", "religion"}
}

// Guess is what a [Model] makes of a text.
type Guess struct {
	Class      string  // politics, world, or one of Sections
	Confidence float64 // 0…1, calibrated: of sections guessed with 0.9, nine in ten were right on outlets not trained on
	Sure       bool    // Confidence is high enough to act upon
}

//go:embed model.bin
var modelBytes []byte

// Shipped is the model that comes with the package. Training it again gives the same bytes, on the same
// processor architecture:
//
//	go run ./cmd/internal/train-category
func Shipped() (*Model, error) { return ReadModel(modelBytes) }

const (
	// surest is the share of right guesses among those of the highest scores: held out, it does not rise above
	// .97, because outlets' sections overlap.
	surest = 0.97
	// fewestWords is what a section can be told from: one or two words are a rubric, not a text.
	fewestWords = 3
)

// Guess reads a title and a summary. An empty text gives the zero Guess.
func (m *Model) Guess(title, summary string) Guess {
	z, words := m.logits(title, summary)
	if words == 0 {
		return Guess{}
	}
	p := softmax(z[:Columns-1], m.heat.of(words))
	best := 0
	for i := range p {
		if p[i] > p[best] {
			best = i
		}
	}
	g := Guess{Class: Sections()[best], Confidence: min(p[best], surest)}
	if best == 0 {
		world := 1 / (1 + math.Exp(-z[Columns-1]/m.heat.Split))
		g.Class = "politics"
		if world > 0.5 {
			g.Class = "world"
		}
	}
	g.Sure = g.Confidence >= m.least && words >= fewestWords
	return g
}

// logits gives the scores of the columns, and of how many words.
func (m *Model) logits(title, summary string) (z [Columns]float64, words int) {
	var sums [Columns]float32
	words = Features(title, summary, func(feature uint32, weight float32) {
		row := m.rows[Bucket(feature)*Columns : (Bucket(feature)+1)*Columns]
		for c, w := range row {
			sums[c] += float32(w) * weight
		}
	})
	for c := range z {
		z[c] = float64(sums[c])*m.scale[c] + m.bias[c]
	}
	return z, words
}

// Heat is the temperatures at which scores become confidences. Short texts have scores nearer to nothing for
// the same chance of being right.
type Heat struct {
	Headline float64 // of the sections, of a text of HeadlineWords or fewer
	Summary  float64 // of the sections, of a text of SummaryWords or more
	Split    float64 // of politics against world
}

// The lengths for which temperatures are measured; between them they are interpolated.
const (
	HeadlineWords = 12
	SummaryWords  = 40
)

// of is the temperature for a text of so many words.
func (h Heat) of(words int) float64 {
	at := float64(words-HeadlineWords) / (SummaryWords - HeadlineWords)
	return h.Headline + (h.Summary-h.Headline)*min(max(at, 0), 1)
}

func softmax(z []float64, heat float64) []float64 {
	p := make([]float64, len(z))
	top, sum := math.Inf(-1), 0.0
	for _, v := range z {
		top = math.Max(top, v)
	}
	for i, v := range z {
		p[i] = math.Exp((v - top) / heat)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// Weights is a model as it is trained.
type Weights struct {
	Rows  []float32 // Buckets × Columns
	Bias  [Columns]float32
	Heat  Heat
	Least float64
}

// modelMagic begins a packed model; the digit is its version.
const modelMagic = "rafid category model 3\n"

// ErrModel says that bytes are no model of this version.
var ErrModel = errors.New("not a category model of this version")

// Pack writes weights in eight bits each, compressed. The same weights give the same bytes.
func (w *Weights) Pack() ([]byte, error) {
	if len(w.Rows) != Buckets*Columns {
		return nil, fmt.Errorf("%w: %d weights", ErrModel, len(w.Rows))
	}
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	scale := w.scales()
	head := append(append([]float64{}, scale[:]...), w.Heat.Headline, w.Heat.Summary, w.Heat.Split, w.Least)
	for _, b := range w.Bias {
		head = append(head, float64(b))
	}
	rows := make([]int8, len(w.Rows))
	for i, v := range w.Rows {
		rows[i] = int8(math.Round(float64(v) / scale[i%Columns]))
	}
	_, err = io.WriteString(zip, modelMagic)
	err = errors.Join(err, binary.Write(zip, binary.LittleEndian, head),
		binary.Write(zip, binary.LittleEndian, rows), zip.Close())
	return out.Bytes(), err
}

// scales gives each column the step that lets its largest weight just fit.
func (w *Weights) scales() (scale [Columns]float64) {
	for i, v := range w.Rows {
		c := i % Columns
		scale[c] = math.Max(scale[c], math.Abs(float64(v))/math.MaxInt8)
	}
	for c := range scale {
		if scale[c] == 0 {
			scale[c] = 1
		}
	}
	return scale
}

// ReadModel reads what [Weights.Pack] wrote.
func ReadModel(packed []byte) (*Model, error) {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrModel, err)
	}
	magic := make([]byte, len(modelMagic))
	var head [2*Columns + 4]float64
	m := &Model{rows: make([]int8, Buckets*Columns)}
	if _, err := io.ReadFull(zip, magic); err != nil || string(magic) != modelMagic {
		return nil, errors.Join(ErrModel, err)
	}
	for _, into := range []any{&head, m.rows} {
		if err := binary.Read(zip, binary.LittleEndian, into); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrModel, err)
		}
	}
	copy(m.scale[:], head[:Columns])
	m.heat = Heat{head[Columns], head[Columns+1], head[Columns+2]}
	m.least = head[Columns+3]
	copy(m.bias[:], head[Columns+4:])
	return m, nil
}
