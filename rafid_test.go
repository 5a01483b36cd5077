package rafid_test

import (
	"slices"
	"testing"

	"rafid"
)

func TestVote(t *testing.T) {
	t.Parallel()
	story := func(id string, slugs ...string) rafid.Story { return rafid.Story{ID: id, Categories: slugs} }
	tests := []struct {
		name, lead, want string
		stories          []rafid.Story
	}{
		{"nobody", "", "", nil},
		{"one", "a", "sport", []rafid.Story{story("a", "sport", "world")}},
		{"the many", "a", "world", []rafid.Story{story("a", "sport"), story("b", "world"), story("c", "world")}},
		{"a tie is the lead's", "b", "world", []rafid.Story{story("a", "sport"), story("b", "world")}},
		{"a tie without the lead is the first's", "c", "sport", []rafid.Story{story("a", "sport"), story("b", "world"), story("c", "other")}},
		{"other has no voice", "a", "world", []rafid.Story{story("a", "other"), story("b", "other"), story("c", "world")}},
		{"unless nobody speaks", "a", "other", []rafid.Story{story("a", "other"), story("b")}},
		{"the lead outweighs no majority", "a", "world", []rafid.Story{story("b", "world"), story("a", "sport"), story("c", "world")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := rafid.Vote(tt.stories, tt.lead); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEntryCategories(t *testing.T) {
	t.Parallel()
	e := rafid.Entry{Group: rafid.Group{Lead: "a"}, Stories: []rafid.Story{
		{ID: "a", Categories: []string{"sport", "economy"}}, {ID: "b", Categories: []string{"world"}}, {ID: "c", Categories: []string{"world", "health"}},
	}}
	if got, want := e.Categories(), []string{"world", "sport", "economy"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	e.Stories = []rafid.Story{{ID: "a", Categories: []string{rafid.Other}}}
	if got, want := e.Categories(), []string{rafid.Other}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	e.Stories = []rafid.Story{{ID: "a"}}
	if got := e.Categories(); got != nil {
		t.Errorf("not categorised: %v", got)
	}
}
