package rafid_test

import (
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
