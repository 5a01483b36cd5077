package dedupe_test

import (
	"strings"
	"testing"

	"rafid"
	"rafid/dedupe"
)

func TestLeads(t *testing.T) {
	t.Parallel()
	short := rafid.Story{Source: "wire", Summary: strings.Repeat("خبر ", 20)}
	long := rafid.Story{Source: "paper", Summary: strings.Repeat("خبر ", 40)}
	little := rafid.Story{Source: "paper", Summary: strings.Repeat("خبر ", 22)}
	for _, row := range []struct {
		name    string
		o       dedupe.Options
		s, lead rafid.Story
		want    bool
	}{
		{"by default the first keeps it", dedupe.Options{}, long, short, false},
		{"longest: a fuller text takes it", dedupe.Options{Lead: "longest"}, long, short, true},
		{"longest: a shorter one does not", dedupe.Options{Lead: "longest"}, short, long, false},
		{"longest: a little longer is not fuller", dedupe.Options{Lead: "longest"}, little, short, false},
		{"order: a named source takes it", dedupe.Options{LeadOrder: []string{"paper"}}, little, short, true},
		{"order: a later one does not", dedupe.Options{LeadOrder: []string{"wire", "paper"}}, long, short, false},
		{"order before length", dedupe.Options{Lead: "longest", LeadOrder: []string{"wire"}}, long, short, false},
	} {
		if got := row.o.Leads(row.s, row.lead); got != row.want {
			t.Errorf("%s: %v", row.name, got)
		}
	}
	if (dedupe.Options{}).LeadMoves() || !(dedupe.Options{Lead: "longest"}).LeadMoves() {
		t.Error("LeadMoves is wrong")
	}
}
