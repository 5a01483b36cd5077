package dedupe

import (
	"maps"
	"slices"
	"time"

	"rafid"
)

// rule is what a story's category asks of its links.
type rule struct {
	threshold float64 // see [Options.Threshold]
	window    int64   // seconds, see Options.Window
}

// rules are those of all categories that have one of their own, behind the one for the rest.
type rules struct {
	all []rule
	of  map[string]uint8 // by category
}

// maxRules bounds the rules: an entry names its own by a byte.
const maxRules = 256

func newRules(o Options) rules {
	ruleOf := func(o Options) rule { return rule{o.Threshold(), int64(o.withDefaults().Window / time.Second)} }
	r := rules{all: []rule{ruleOf(o)}, of: make(map[string]uint8)}
	for _, slug := range slices.Sorted(maps.Keys(o.Categories)) {
		if len(r.all) < maxRules {
			r.of[slug] = uint8(len(r.all))
			r.all = append(r.all, ruleOf(o.For(slug)))
		}
	}
	return r
}

// number gives the rule of a story, by its first category.
func (r *rules) number(s rafid.Story) uint8 {
	if len(s.Categories) == 0 {
		return 0
	}
	return r.of[s.Categories[0]]
}

// rule is what holds for e.
func (x *Index) rule(e *entry) rule { return x.rules.all[e.rule] }

// need is the mean that so many links of e must reach.
func (x *Index) need(e *entry, links int) float64 {
	return x.rule(e).threshold + lonely/float64(links)
}
