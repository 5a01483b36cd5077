package dedupe

import (
	"math"
	"math/bits"
	"strconv"
)

// Feature names a measure of a pair of stories.
type Feature int

// The measures of a pair. All are symmetric. Shares and cosines lie in 0…1, those of meaning in -1…1.
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
	LeadLong                     // log of the telling words in the longer lead
	TitleShort                   // telling words in the shorter title
	Opposed                      // 1 when the titles differ in a negation or turn a change round
	StageApart                   // 1 when one title tells what is planned or feared and the other what happened
	UnsharedLow                  // weight of the rarest title word the other story lacks; the lower of the two ways
	CosineNow                    // of all, by how rare the words are these hours: what everybody writes about weighs little
	RareNow                      // log of these hours' weight of the shared words above the common ones
	CosineBody                   // of the bodies
	TitleInText                  // cosine of one title with the other's lead; the higher of the two ways
	OpeningLow                   // weight of one's title and lead found anywhere in the other; the lower of the two ways
	OpeningHigh                  // the higher of the two ways
	AgainstBest                  // cosine now as a share of the newer story's best with any story
	AgainstBestOf                // cosine now as a share of the older story's best so far
	DeniedApart                  // 1 when one title has a negation and the other none
	LostFew                      // title words that the other title lacks; the lower of the two ways
	LostMany                     // the higher of the two ways
	WordOrder                    // share of the titles' word pairs, as they follow each other, that both have
	MeaningTitle                 // of lone headlines: cosine of what their words stand for
	MeaningRest                  // the same of the words that one has and the other lacks
	features                     // how many there are
)

// featureNames are what Feature.String gives, in order.
var featureNames = [features]string{
	"cosine", "cosine title", "cosine lead", "cover low", "cover high", "title letters", "contained", "jaccard", "hours",
	"numbers shared", "numbers apart", "rare shared", "rarest title", "title shared", "recurring", "recurring each", "same source",
	"lead short", "lead long", "title short", "opposed", "stage apart", "unshared low", "cosine now", "rare now", "cosine body", "title in text",
	"opening low", "opening high", "against best", "against best of",
	"denied apart", "lost few", "lost many", "word order", "meaning title", "meaning rest",
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

// commonIDF is the weight below which a word tells little: it stands in more than one story of 150.
const commonIDF = 5

// commonNow is the same for the weights of these hours.
const commonNow = 4

// measureRest fills in what measureWords leaves.
func (d *desk) measureRest(f *Features, b *print) {
	a := d.print
	f[DeniedApart] = flag((a.signs^b.signs)&denied != 0)
	x, y := float64(a.title)-f[TitleShared], float64(b.title)-f[TitleShared]
	f[LostFew], f[LostMany] = min(x, y), max(x, y)
	common, again := d.commonPairs(b)
	f[WordOrder] = ratio(2*float64(common), float64(len(a.pairs)+len(b.pairs)))
	f[Recurring] = ratio(float64(again), float64(common))
	f[TitleLetters] = bitDice(&a.tri, &b.tri)
	f[Contained], f[Jaccard] = d.overlap(b)
	f[Hours] = math.Abs(float64(a.at-b.at)) / 3600
	shared, apart := compareNumbers(a, b)
	f[NumbersShared], f[NumbersApart] = float64(min(shared, 3)), float64(min(apart, 3))
	f[RecurringEach] = float64(min(a.recur, b.recur))
	f[SameSource] = flag(a.source == b.source)
	f[LeadShort] = math.Log1p(float64(min(a.lead, b.lead)))
	f[LeadLong] = math.Log1p(float64(max(a.lead, b.lead)))
	f[TitleShort] = float64(min(a.title, b.title))
	f[Opposed] = flag(a.signs.opposed(b.signs))
	f[StageApart] = flag(a.signs.stageApart(b.signs))
	measureMeaning(f, a, b)
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// tally adds up what two stories share.
type tally struct {
	all, title, lead, body, now float64
	cross                       [2]float64 // one's title with the other's lead
	rare, rareNow               float64
	opening, cover              [2]float64 // weight of one's opening, and of its title, found in the other
	lone                        [2]float64 // rarest title word that the other lacks
	titleShared, rarest         float64
	shared                      int // words that both openings have
}

// measureWords compares the words, and gives how many of them stand in title or lead of both.
func (d *desk) measureWords(f *Features, b *print) (shared int) {
	var t tally
	var met [(maxKeys + 63) / 64]uint64 // which of a's keys b has too
	titled := 0
	for j, k := range b.keys {
		i := find(&d.keys, k, d.print.keys)
		if i >= 0 {
			met[i/64] |= 1 << (i % 64)
			t.both(d.print, b, i, j)
		}
		if inTitle(b.tf[j]) > 0 {
			if i < 0 {
				t.only(b.lone[titled], 1)
			}
			titled++
		}
	}
	for _, i := range d.inTitle {
		if met[i/64]>>(i%64)&1 == 0 {
			t.only(d.w[i], 0)
		}
	}
	t.fill(f, d.print, b)
	return t.shared
}

// only notes the weight of a title word that the other story lacks.
func (t *tally) only(w uint8, side int) {
	t.lone[side] = max(t.lone[side], float64(weight(w)))
}

func (t *tally) both(a, b *print, i, j int) {
	w, now := float64(weight(a.w[i])), float64(weight(a.now[i]))
	ta, tb := a.tf[i], b.tf[j]
	m := float64(mixed(ta) * mixed(tb))
	t.all += m * w * w
	t.now += m * now * now
	t.title += float64(inTitle(ta)*inTitle(tb)) * w * w
	t.lead += float64(inLead(ta)*inLead(tb)) * w * w
	t.body += float64(inBody(ta)*inBody(tb)) * w * w
	t.cross[0] += float64(inTitle(ta)*inLead(tb)) * w * w
	t.cross[1] += float64(inTitle(tb)*inLead(ta)) * w * w
	if ta>>3 != 0 {
		t.opening[0] += w
	}
	if tb>>3 != 0 {
		t.opening[1] += w
	}
	if ta>>3 != 0 && tb>>3 != 0 {
		t.shared++
		t.rare += max(w-commonIDF, 0)
		t.rareNow += max(now-commonNow, 0)
	}
	if inTitle(ta) > 0 {
		t.cover[0] += w
	}
	if inTitle(tb) > 0 {
		t.cover[1] += w
	}
	if inTitle(ta) > 0 && inTitle(tb) > 0 {
		t.titleShared++
		t.rarest = max(t.rarest, w)
	}
}

func (t *tally) fill(f *Features, a, b *print) {
	n := func(of int) float64 { return float64(a.norm[of]) * float64(b.norm[of]) }
	f[CosineAll], f[CosineTitle], f[CosineLead] = ratio(t.all, n(ofAll)), ratio(t.title, n(ofTitle)), ratio(t.lead, n(ofLead))
	f[CosineNow], f[CosineBody] = ratio(t.now, n(ofNow)), ratio(t.body, n(ofBody))
	f[TitleInText] = max(ratio(t.cross[0], float64(a.norm[ofTitle]*b.norm[ofLead])), ratio(t.cross[1], float64(b.norm[ofTitle]*a.norm[ofLead])))
	x, y := ratio(t.cover[0], float64(a.sum[0])), ratio(t.cover[1], float64(b.sum[0]))
	f[CoverLow], f[CoverHigh] = min(x, y), max(x, y)
	x, y = ratio(t.opening[0], float64(a.sum[1])), ratio(t.opening[1], float64(b.sum[1]))
	f[OpeningLow], f[OpeningHigh] = min(x, y), max(x, y)
	f[UnsharedLow] = min(t.lone[0], t.lone[1])
	f[TitleShared], f[RarestTitle] = t.titleShared, t.rarest
	f[RareShared], f[RareNow] = math.Log1p(t.rare), math.Log1p(t.rareNow)
}

// ratio is part/whole within 0…1, and 0 where there is no whole.
func ratio(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return min(part/whole, 1)
}

func bitDice(a, b *[8]uint64) float64 {
	common, whole := 0, 0
	for i := range a {
		common += bits.OnesCount64(a[i] & b[i])
		whole += bits.OnesCount64(a[i]) + bits.OnesCount64(b[i])
	}
	return ratio(2*float64(common), float64(whole))
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
