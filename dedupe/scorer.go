package dedupe

import "math"

// working is the score that the shipped scorer's threshold lies at with near 0.80.
const working = 0.50

// shipped is the scorer that Rafid comes with.
type shipped struct{}

// Score is the likelihood by a weighted sum of the measures.
func (shipped) Score(f *Features) float64 {
	x := 9*f[CosineAll] + 2*f[CosineTitle] + 1.5*f[CoverLow] + 2*f[TitleLetters] + 0.3*f[RareShared] + 0.3*f[NumbersShared]
	x -= 0.5*f[NumbersApart] + 2*f[Recurring]*f[RecurringEach] + 0.03*f[Hours] + f[Opposed] + 0.4*f[StageApart]
	return 1 / (1 + math.Exp(-(x - 5.2)))
}

// shippedShare is the share of stories in which a key stands, by the frequencies that ship.
func shippedShare(uint32) float64 { return 0 }
