package dedupe

import (
	"math"

	"rafid"
)

// The relations of a pair that are no membership.
const (
	Follow    = "follow"    // another development of the same running story
	Different = "different" // nothing in common that matters
)

// Comparison is what two stories are to each other.
type Comparison struct {
	Relation string         // copy, same, follow or different
	Score    float64        // 0…1, how alike they are; what decides is in Evidence
	Why      []string       // the evidence in a few English words each
	Evidence rafid.Evidence // the same for machines and readers
}

// Compare says what two stories are to each other, by themselves: it decides like Add but knows no
// group and remembers nothing. Words weigh what they weigh in the stories that went through the index.
func (x *Index) Compare(a, b rafid.Story) Comparison {
	ea, eb := x.fresh(a), x.fresh(b)
	switch unknown { // a story without a date counts as of the other's time
	case ea.at:
		ea.at = eb.at
	case eb.at:
		eb.at = ea.at
	}
	l := x.link(ea, eb)
	ev := x.evidence(a, ea, []link{l}, l.score)
	c := Comparison{Relation: x.relationOf(l), Score: l.alike, Evidence: ev}
	c.Why = why(c.Relation, &ev)
	return c
}

// fresh makes an entry that the index does not keep.
func (x *Index) fresh(s rafid.Story) *entry {
	p := x.reader.read(s, false)
	p.narrow()
	x.raised = x.raised[:0]
	p.weigh(x.stats)
	return newPage(1).add(p, s.ID)
}

// Compare compares two stories with nothing else known; see [Index.Compare].
func Compare(a, b rafid.Story, o Options) Comparison { return New(o).Compare(a, b) }

// likeness is a graded figure for people who compare two stories: the mean of how likely they are the
// same news and of how much they share. The first alone falls off too fast among stories that are near
// but not the same: against 242 human-scored pairs it correlates at .72, the mean at .74.
func likeness(f *Features, score float64) float64 {
	if f[LeadLong] == 0 {
		return score
	}
	return (soften(score) + (math.Sqrt(f[CosineNow])+f[TitleInText]+f[CoverHigh])/3) / 2
}

// soften takes likelihoods off the ends of the scale: a third of their log-odds.
func soften(score float64) float64 {
	return 1 / (1 + math.Cbrt(max(1-score, 1e-9)/max(score, 1e-9)))
}
