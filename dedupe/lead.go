package dedupe

import (
	"slices"
	"unicode/utf8"

	"rafid"
)

// fuller is how much longer a text must be to be called more complete. Copies of one text differ by a
// dateline or a last sentence: without a margin the headline would change with each.
const fuller = 1.25

// Leads says whether s, which has just joined, takes the lead from the story that has it: by
// Options.LeadOrder, or, under Lead "longest", because its text is the more complete. Under "first" the
// story that opened the group keeps it.
func (o Options) Leads(s, lead rafid.Story) bool {
	if a, b := o.rank(s), o.rank(lead); a != b {
		return a < b
	}
	return o.Lead == "longest" && float64(length(s)) > fuller*float64(length(lead))
}

// LeadMoves says whether a group's lead can change at all after it has opened.
func (o Options) LeadMoves() bool { return o.Lead == "longest" || len(o.LeadOrder) > 0 }

// rank is the place of the story's source in the operator's order; those not named share the last.
func (o Options) rank(s rafid.Story) int {
	if i := slices.Index(o.LeadOrder, s.Source); i >= 0 {
		return i
	}
	return len(o.LeadOrder)
}

func length(s rafid.Story) int {
	return max(utf8.RuneCountInString(s.Summary), utf8.RuneCountInString(s.Content))
}
