package dedupe

import (
	"math"
	"strconv"
)

// Feature names a measure of a pair of stories.
type Feature int

// The measures of a pair. All are symmetric. Shares and cosines lie in 0…1.
const (
	CosineAll     Feature = iota // of the TF-IDF vectors, 2·title + 1.5·lead + 1·body
	CosineTitle                  // of the titles
	CosineLead                   // of the leads
	CoverLow                     // weight of one title's words found anywhere in the other story; the lower of the two ways
	CoverHigh                    // the higher of the two ways
	TitleLetters                 // Dice of the titles' letter trigrams
	Contained                    // share of the shorter text's shingles found in the longer
	Jaccard                      // of the shingles
	Hours                        // between the publications
	NumbersShared                // numbers that both tell, at most 3
	NumbersApart                 // numbers that count the same thing and differ, at most 3
	RareShared                   // log of the weight of the shared words above the common ones
	RarestTitle                  // weight of the rarest word that both titles have
	TitleShared                  // words that both titles have
	Recurring                    // share of the common word pairs seen on 3 or more earlier days
	RecurringEach                // the lower of the two stories' own share of recurring word pairs
	SameSource                   // 1 when one outlet published both
	LeadShort                    // log of the telling words in the shorter lead
	TitleShort                   // telling words in the shorter title
	Opposed                      // 1 when the titles differ in a negation or turn a change round
	StageApart                   // 1 when one title tells what is planned or feared and the other what happened
	UnsharedLow                  // weight of the rarest title word the other story lacks; the lower of the two ways
	features                     // how many there are
)

// featureNames are what Feature.String gives, in order.
var featureNames = [features]string{
	"cosine", "cosine title", "cosine lead", "cover low", "cover high", "title letters", "contained", "jaccard", "hours",
	"numbers shared", "numbers apart", "rare shared", "rarest title", "title shared", "recurring", "recurring each", "same source",
	"lead short", "title short", "opposed", "stage apart", "unshared low",
}

// String is the measure's name, for reports.
func (f Feature) String() string {
	if f < 0 || f >= features {
		return "feature " + strconv.Itoa(int(f))
	}
	return featureNames[f]
}

// Features are the measures of one pair, indexed by [Feature].
type Features [features]float64

// Scorer weighs the measures of a pair: how likely the two stories are the same news, 0…1. It is called
// for every candidate, so it must be quick, and it must be a pure function of its argument.
type Scorer interface {
	Score(f *Features) float64
}

// commonIDF is the weight below which a word tells little: it stands in more than one story of 150.
const commonIDF = 5

// measure compares two fingerprints. idf gives the present weight of a key.
func measure(a, b *print, idf func(uint32) float32) Features {
	var f Features
	measureWords(&f, a, b, idf)
	f[TitleLetters] = dice(a.tri, b.tri)
	f[Contained], f[Jaccard] = overlap(a, b)
	f[Hours] = math.Abs(float64(a.at-b.at)) / 3600
	shared, apart := compareNumbers(a, b)
	f[NumbersShared], f[NumbersApart] = float64(min(shared, 3)), float64(min(apart, 3))
	f[Recurring] = recurring(a.pairs, b.pairs)
	f[RecurringEach] = float64(min(a.recur, b.recur))
	f[SameSource] = flag(a.source == b.source)
	f[LeadShort] = math.Log1p(float64(min(a.lead, b.lead)))
	f[TitleShort] = float64(min(a.title, b.title))
	f[Opposed] = flag(a.signs.opposed(b.signs))
	f[StageApart] = flag(a.signs.stageApart(b.signs))
	return f
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// measureWords walks the two sorted key lists once.
func measureWords(f *Features, a, b *print, idf func(uint32) float32) {
	var all, title, lead, rare float64
	var cover, whole, lone [2]float64
	i, j := 0, 0
	only := func(p *print, at, side int) {
		if inTitle(p.tf[at]) == 0 {
			return
		}
		w := float64(idf(p.keys[at]))
		whole[side] += w
		lone[side] = max(lone[side], w)
	}
	for i < len(a.keys) && j < len(b.keys) {
		switch ka, kb := a.keys[i], b.keys[j]; {
		case ka < kb:
			only(a, i, 0)
			i++
		case kb < ka:
			only(b, j, 1)
			j++
		default:
			w := float64(idf(ka))
			ta, tb := a.tf[i], b.tf[j]
			all += float64(mixed(ta)*mixed(tb)) * w * w
			title += float64(inTitle(ta)*inTitle(tb)) * w * w
			lead += float64(inLead(ta)*inLead(tb)) * w * w
			if w > commonIDF && ta>>3 != 0 && tb>>3 != 0 {
				rare += w - commonIDF
			}
			if inTitle(ta) > 0 {
				whole[0] += w
				cover[0] += w
			}
			if inTitle(tb) > 0 {
				whole[1] += w
				cover[1] += w
			}
			if inTitle(ta) > 0 && inTitle(tb) > 0 {
				f[TitleShared]++
				f[RarestTitle] = max(f[RarestTitle], w)
			}
			i, j = i+1, j+1
		}
	}
	for ; i < len(a.keys); i++ {
		only(a, i, 0)
	}
	for ; j < len(b.keys); j++ {
		only(b, j, 1)
	}
	f[CosineAll] = ratio(all, float64(a.norm[0])*float64(b.norm[0]))
	f[CosineTitle] = ratio(title, float64(a.norm[1])*float64(b.norm[1]))
	f[CosineLead] = ratio(lead, float64(a.norm[2])*float64(b.norm[2]))
	x, y := ratio(cover[0], whole[0]), ratio(cover[1], whole[1])
	f[CoverLow], f[CoverHigh] = min(x, y), max(x, y)
	f[UnsharedLow] = min(lone[0], lone[1])
	f[RareShared] = math.Log1p(rare)
}

// ratio is part/whole within 0…1, and 0 where there is no whole.
func ratio(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return min(part/whole, 1)
}

func dice(a, b []uint16) float64 {
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case b[j] < a[i]:
			j++
		default:
			common++
			i, j = i+1, j+1
		}
	}
	return ratio(2*float64(common), float64(len(a)+len(b)))
}

// overlap estimates from the smallest shingle hashes how much of the shorter text stands in the longer
// one, and the Jaccard likeness. Where both lists are whole the figures are exact.
func overlap(a, b *print) (contained, jaccard float64) {
	limit := min(a.cap, b.cap)
	common, na, nb := 0, 0, 0
	i, j := 0, 0
	for {
		moreA, moreB := i < len(a.shin) && a.shin[i] <= limit, j < len(b.shin) && b.shin[j] <= limit
		switch {
		case !moreA && !moreB:
			return ratio(float64(common), float64(min(na, nb))), ratio(float64(common), float64(na+nb-common))
		case moreA && (!moreB || a.shin[i] < b.shin[j]):
			i, na = i+1, na+1
		case moreB && (!moreA || b.shin[j] < a.shin[i]):
			j, nb = j+1, nb+1
		default:
			common, na, nb = common+1, na+1, nb+1
			i, j = i+1, j+1
		}
	}
}

// compareNumbers counts the numbers that both tell and those that count the same thing and differ.
func compareNumbers(a, b *print) (shared, apart int) {
	for _, x := range a.nums {
		equal, other := false, false
		for _, y := range b.nums {
			equal = equal || x.value == y.value
			other = other || x.unit == y.unit && x.unit != 0 && x.value != y.value
		}
		switch {
		case equal:
			shared++
		case other:
			apart++
		}
	}
	return shared, apart
}

// recurring is the share of the common word pairs that recur day after day.
func recurring(a, b []uint16) float64 {
	common, again := 0, 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch x, y := a[i]>>1, b[j]>>1; {
		case x < y:
			i++
		case y < x:
			j++
		default:
			common++
			again += int((a[i] | b[j]) & 1)
			i, j = i+1, j+1
		}
	}
	return ratio(float64(again), float64(common))
}
