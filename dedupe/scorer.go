package dedupe

// Scorer weighs the measures of a pair: how likely the two stories are the same news, 0…1. It is called
// for every candidate, so it must be quick, and it must be a pure function of its argument.
type Scorer interface {
	Score(f *Features) float64
}

// working is the score at which the shipped scorer says "the same news" with near 0.80.
const working = 0.28
