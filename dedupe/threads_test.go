package dedupe_test

import (
	"testing"

	"rafid"
	"rafid/dedupe"
)

// The bridge fell, and later its builder was accused: a thread of two groups. What follows a week after has
// nobody in the window to be compared with. One outlet tells it all, so that nothing merges.
func TestThreadOutlivesTheWindow(t *testing.T) {
	t.Parallel()
	verdict := func(hours float64) rafid.Story {
		return told("verdict", "sahl", hours, "السجن سبع سنوات لمقاول جسر الكوثر",
			"قضت محكمة المرجان بسجن المقاول المتهم بالغش في إسمنت جسر الكوثر سبع سنوات، وسط حضور أسر ضحايا انهيار الجسر.")
	}
	tests := []struct {
		name      string
		restarted bool
		hours     float64
		want      string
	}{
		{"within the window", false, 50, "bridge"},
		{"a week after", false, 200, "bridge"},
		{"a week after, with a restart between", true, 200, "bridge"},
		{"a month after", false, 800, ""},
	}
	for _, tt := range tests {
		x := dedupe.New(dedupe.Options{})
		kept := newShelf()
		for _, s := range []rafid.Story{bridge, bridgeLater} {
			kept.put(s, x.Add(s))
		}
		if tt.restarted {
			x = dedupe.New(dedupe.Options{})
			for i, s := range kept.stories {
				if !x.Recall(rafid.Story{ID: s.ID, Source: s.Source}, kept.places[i]) {
					t.Fatalf("%s is not recalled", s.ID)
				}
			}
		}
		other := dates
		other.ID, other.Published = "other", noon.AddDate(0, 0, 7)
		for range 20 { // the clock goes on with what is published
			other.ID += "+"
			x.Add(other)
		}
		d := x.Add(verdict(tt.hours))
		if d.Thread != tt.want || !d.New {
			t.Errorf("%s: %+v, want a group of its own with thread %q", tt.name, d, tt.want)
		}
	}
}

// A thread is of the third group what it is of the second: its first group.
func TestThreadIsNamedAfterItsFirstGroup(t *testing.T) {
	t.Parallel()
	x := dedupe.New(dedupe.Options{})
	x.Add(bridge)
	x.Add(bridgeLater)
	third := told("third", "sahl", 60, "النيابة تستأنف الحكم على مقاول جسر الكوثر", "استأنفت النيابة العامة الحكم على المقاول المتهم بالغش في إسمنت جسر الكوثر في المرجان.")
	if d := x.Add(third); d.Thread != "bridge" {
		t.Errorf("thread %q, want that of the first group", d.Thread)
	}
}
