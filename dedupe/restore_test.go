package dedupe_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"rafid"
	"rafid/dedupe"

	"github.com/google/go-cmp/cmp"
)

// shelf stands in for the store: stories with their places, in order of arrival.
type shelf struct {
	stories []rafid.Story
	places  []rafid.Placement
	at      map[string]int             // story → its place in stories
	groups  map[string]rafid.Placement // group → the placement that opened it
}

func newShelf() *shelf {
	return &shelf{at: make(map[string]int), groups: make(map[string]rafid.Placement)}
}

// put keeps the place of a story that was added.
func (sh *shelf) put(s rafid.Story, d dedupe.Decision) {
	sh.at[s.ID] = len(sh.stories)
	sh.stories = append(sh.stories, s)
	sh.places = append(sh.places, rafid.Placement{Print: d.Print})
	sh.move(d)
}

// move changes the place of a story.
func (sh *shelf) move(d dedupe.Decision) {
	at := sh.at[d.Story]
	g, known := sh.groups[d.Group]
	if !known || d.New {
		g = rafid.Placement{Group: d.Group, Thread: d.Thread, Published: sh.stories[at].Published}
		sh.groups[d.Group] = g
	}
	g.Member, g.Print = d.Member(noon), sh.places[at].Print
	sh.places[at] = g
}

// restart fills a new index, without showing it any text.
func (sh *shelf) restart(t *testing.T, o dedupe.Options) *dedupe.Index {
	t.Helper()
	x := dedupe.New(o)
	since := sh.stories[len(sh.stories)-1].FirstSeen.Add(-o.Horizon())
	for i, s := range sh.stories {
		bare := rafid.Story{ID: s.ID, Source: s.Source, Outlet: s.Outlet}
		if put := map[bool]func(rafid.Story, rafid.Placement) bool{true: x.Recall, false: x.Restore}[s.FirstSeen.Before(since)]; !put(bare, sh.places[i]) {
			t.Fatalf("%s does not come back from %d bytes", s.ID, len(sh.places[i].Print))
		}
	}
	return x
}

// A stream that is cut anywhere and goes on in a new index gets the decisions that it would have got,
// with their reasons, and looking again moves the same stories.
func TestRestartChangesNoDecision(t *testing.T) {
	t.Parallel()
	o := dedupe.Options{Window: 12 * time.Hour} // of the 60 hours that the stream lasts
	seeds := uint64(1)
	if os.Getenv("RAFID_ALL") != "" {
		seeds = 12
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 9))
		stories := press(seed, 600)
		whole, cut := dedupe.New(o), dedupe.New(o)
		kept := newShelf()
		restarts := 0
		for i, s := range stories {
			want, got := whole.Add(s), cut.Add(s)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d, story %d after %d restarts (-never stopped +restarted):\n%s", seed, i, restarts, diff)
			}
			kept.put(s, got)
			if due := whole.Due(); due != cut.Due() {
				t.Fatalf("seed %d, story %d after %d restarts: to be looked at again %v, but never stopped %v", seed, i, restarts, !due, due)
			} else if due {
				moves := cut.Recheck()
				if diff := cmp.Diff(whole.Recheck(), moves); diff != "" {
					t.Fatalf("seed %d, story %d after %d restarts: looking again (-never stopped +restarted):\n%s", seed, i, restarts, diff)
				}
				for _, d := range moves {
					kept.move(d)
				}
			}
			if r.IntN(40) == 0 {
				cut = kept.restart(t, o)
				restarts++
			}
		}
		if restarts == 0 {
			t.Error("never cut: the test shows nothing")
		}
	}
}

func TestRestoreNeedsAPrintOrATextToRead(t *testing.T) {
	t.Parallel()
	d := dedupe.New(dedupe.Options{}).Add(bridge)
	bare := rafid.Story{ID: bridge.ID, Source: bridge.Source}
	place := func(blob []byte) rafid.Placement {
		return rafid.Placement{Member: rafid.Member{Story: "bridge", Relation: rafid.Lead}, Group: "bridge", Print: blob}
	}
	damaged := slices.Clone(d.Print)
	damaged[20]++
	other := [][]string{{"جسر", "قنطرة"}}
	tests := []struct {
		name    string
		story   rafid.Story
		blob    []byte
		aliases [][]string
		want    bool
	}{
		{"a fingerprint alone", bare, d.Print, nil, true},
		{"a text alone", bridge, nil, nil, true},
		{"neither", bare, nil, nil, false},
		{"a damaged fingerprint alone", bare, damaged, nil, false},
		{"a damaged fingerprint with the text", bridge, damaged, nil, true},
		{"a fingerprint read with other aliases", bare, d.Print, other, false},
		{"that with the text", bridge, d.Print, other, true},
	}
	for _, tt := range tests {
		x := dedupe.New(dedupe.Options{Aliases: tt.aliases})
		if got := x.Restore(tt.story, place(tt.blob)); got != tt.want {
			t.Errorf("%s: restored %v, want %v", tt.name, got, tt.want)
		}
		if got := x.Add(bridgeCopy).Group == "bridge"; got != tt.want {
			t.Errorf("%s: its copy joins it %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestRecallCountsWords(t *testing.T) {
	t.Parallel()
	first := dedupe.New(dedupe.Options{})
	d := first.Add(bridge)
	weigh := func(x *dedupe.Index) float64 { return x.Compare(bridge, bridgeOwn).Score }
	x := dedupe.New(dedupe.Options{})
	cold := weigh(x)
	for i := range 300 {
		if !x.Recall(rafid.Story{ID: fmt.Sprint(i)}, rafid.Placement{Print: d.Print}) {
			t.Fatal("not recalled")
		}
	}
	if warm := weigh(x); warm == cold {
		t.Errorf("300 stories of the same words leave the score at %v", warm)
	}
	if x.Recall(bridge, rafid.Placement{}) {
		t.Error("recalled without a fingerprint")
	}
	if d := x.Add(bridge); !d.New {
		t.Errorf("what was only recalled is compared with: %+v", d)
	}
}
