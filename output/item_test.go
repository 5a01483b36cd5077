package output

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rafid"
)

// A story that grows from 1 to 20 outlets is written anew at 2, 3, 5, 10 and 20 of them and at no other time.
func TestGrowingStoryIsRewrittenFiveTimes(t *testing.T) {
	t.Parallel()
	o := worldOptions()
	o.Sources = nil
	h := newHouse(must(o.withDefaults()))
	e := rafid.Entry{Group: rafid.Group{ID: "grow", Title: "خبر ينتشر", Lead: "s1", Published: noon}}
	var changes []int
	last, id := "", ""
	for n := 1; n <= 20; n++ {
		at := noon.Add(time.Duration(n) * time.Minute)
		sid := "s" + strings.Repeat("1", n)
		e.Stories = append(e.Stories, rafid.Story{ID: sid, Source: sid, Outlet: sid, Title: "خبر ينتشر",
			Published: at, Revised: noon, Lang: "ar", Link: "https://x.example/" + sid})
		e.Group.Members = append(e.Group.Members, rafid.Member{Story: sid, Joined: at})
		entry := must(json.Marshal(h.atomEntry(document{}, h.item(e))))
		if now := string(entry); now != last {
			if n > 1 {
				changes = append(changes, n)
			}
			last = now
		}
		it := h.item(e)
		if id == "" {
			id = it.id
		}
		if it.id != id || !it.published.Equal(noon) {
			t.Fatalf("at %d outlets: id %s, published %v", n, it.id, it.published)
		}
	}
	if diff := cmp.Diff([]int{2, 3, 5, 10, 20}, changes); diff != "" {
		t.Errorf("rewritten at (-want +got):\n%s", diff)
	}
}

func TestUpdatedMovesOnlyWithTheBytes(t *testing.T) {
	t.Parallel()
	h := newHouse(must(worldOptions().withDefaults()))
	e := world().entries[0] // four outlets: the list shows three
	it := h.item(e)
	if want := e.Group.Members[2].Joined; !it.updated.Equal(want) {
		t.Errorf("updated %v, want when the third outlet joined, %v", it.updated, want)
	}
	e.Stories[0].Revised = noon
	if it := h.item(e); !it.updated.Equal(noon) {
		t.Errorf("updated %v after the lead was revised at %v", it.updated, noon)
	}
	e.Group.Lead, e.Stories[3].Outlet = e.Stories[3].ID, "sahel" // another report of the first outlet takes the lead
	e.Stories[0].Revised = e.Stories[0].FirstSeen
	if want := e.Group.Members[3].Joined; !h.item(e).updated.Equal(want) {
		t.Errorf("updated %v after the lead changed at %v", h.item(e).updated, want)
	}
	if it := h.item(e); !it.published.Equal(e.Group.Published) {
		t.Errorf("published moved to %v", it.published)
	}
}

func TestOutletsOfOneNameAreOne(t *testing.T) {
	t.Parallel()
	o := worldOptions()
	o.Sources = []rafid.Source{{ID: "a", Outlet: "a", Name: "جريدة الوادي"}, {ID: "b", Outlet: "b", Name: "جريدة الوادي"},
		{ID: "c", Outlet: "c", Name: "صوت الساحل"}}
	h := newHouse(must(o.withDefaults()))
	e := world().entries[0]
	for i, id := range []string{"a", "b", "c", "b"} {
		e.Stories[i].Source, e.Stories[i].Outlet = id, id
	}
	it := h.item(e)
	if len(it.others) != 1 || it.others[0].outlet != "صوت الساحل" {
		t.Errorf("others: %+v", it.others)
	}
}
