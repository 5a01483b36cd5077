package dedupe

import (
	"cmp"
	"log/slog"
	"math"
	"time"
)

// DefaultNear is Options.Near when nothing is said: the figure of feeds.example.yaml.
const DefaultNear = 0.80

// The other defaults of [Options].
const (
	defaultWindow = 48 * time.Hour // feeds.example.yaml: how long a story may grow
	defaultCopy   = 0.50           // of the shingles of the two texts together, or 0.80 of the shorter one
)

// Options are an operator's wishes. The zero Options are the defaults.
type Options struct {
	// Profile is strict, balanced or broad; "" is balanced. It moves the threshold, in addition to
	// Near: on unseen days strict has a pairwise precision of .9, broad a recall of .86.
	Profile string
	// Window is how long after its first story a group may take in others; copies may come for twice as
	// long. 0 is 48 h.
	Window time.Duration
	// Near is how alike two reports must be to be the same news, 0…1; lower merges more. 0 is 0.80.
	// See [Options.Threshold] for what it means to a [Scorer].
	Near float64
	// Copy is the share of wording, 0…1, from which a text is a copy. 0 is 0.50.
	Copy float64
	// Lead says whose headline stands for a group: "first" (or "") or "longest".
	Lead string
	// LeadOrder are source ids whose story leads a group before any other's, best first.
	LeadOrder []string
	// Categories are the wishes for stories of single categories, by slug.
	Categories map[string]Override
	// KeepApart are pairs of story or group ids that never share a group.
	KeepApart [][2]string
	// KeepTogether are pairs of story ids that share a group whatever their score.
	KeepTogether [][2]string
	// Aliases are further names for the same thing, one group a line; see arabic.NewLexicon.
	Aliases [][]string
	// Boilerplate is what has been learnt of the sources' standing lines, which are not compared; Add teaches
	// it more. nil starts from nothing and serves this index alone.
	Boilerplate *Boilerplate
	// Names are what readers know the outlets by, by source id; sentences leave unknown ones out.
	Names map[string]string
	// Scorer weighs the measures of a pair. nil is the one that ships.
	Scorer Scorer
	// Trace, when set, is told of every pair that is compared, the newer story first: for training and
	// for questions about one story. It must not keep f.
	Trace func(a, b string, f *Features, score float64)
	// Logger gets what an operator may wonder about, at Debug. nil logs nothing.
	Logger *slog.Logger
}

// Override is what holds for the stories of one category. What it leaves zero is as in [Options].
type Override struct {
	Profile string
	Near    float64
	Window  time.Duration
}

// For gives the options that hold for stories of a category.
func (o Options) For(category string) Options {
	c := o.Categories[category]
	o.Profile = cmp.Or(c.Profile, o.Profile)
	o.Near = cmp.Or(c.Near, o.Near)
	o.Window = cmp.Or(c.Window, o.Window)
	return o
}

// widest is the longest window of any category.
func (o Options) widest() time.Duration {
	w := o.withDefaults().Window
	for _, c := range o.Categories {
		w = max(w, c.Window)
	}
	return w
}

// By how much a profile moves the threshold, in log-odds. On days that the forests had not seen, strict
// has a pairwise precision of .90 and broad a recall of .86; see docs/quality.md.
const (
	strictStep = 2.1
	broadStep  = -1.0
)

// Threshold is the score from which two independent reports are the same news. It grows with Near
// without a jump: near 0.80 is the shipped working point, 0 merges at any likeness, 1 never.
func (o Options) Threshold() float64 {
	o = o.withDefaults()
	t := math.Pow(o.Near, math.Log(working)/math.Log(DefaultNear))
	switch o.Profile {
	case "strict":
		t = shift(t, strictStep)
	case "broad":
		t = shift(t, broadStep)
	}
	return min(max(t, 0.01), 0.99)
}

// Horizon is what must be restored after a restart: the two windows for which copies come, and a quarter
// of one for stories that come in late.
func (o Options) Horizon() time.Duration { return 9 * o.widest() / 4 }

func (o Options) withDefaults() Options {
	if o.Window <= 0 {
		o.Window = defaultWindow
	}
	if o.Near <= 0 {
		o.Near = DefaultNear
	}
	if o.Copy <= 0 {
		o.Copy = defaultCopy
	}
	if o.Scorer == nil {
		o.Scorer = shippedScorer()
	}
	if o.Boilerplate == nil {
		o.Boilerplate = NewBoilerplate()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// shift moves a likelihood by so much log-odds.
func shift(likelihood, by float64) float64 {
	return 1 / (1 + math.Exp(-by)*(1-likelihood)/likelihood)
}
