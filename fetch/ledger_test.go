package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"rafid"
)

// shelf is a store of stories as a client meets it: known ones are revised in place.
type shelf struct{ stories []rafid.Story }

func (s *shelf) known(context.Context, string) ([]rafid.Story, error) { return s.stories, nil }

// save gives the number of stories that were new.
func (s *shelf) save(stories []rafid.Story) (fresh int) {
next:
	for _, n := range stories {
		for i := range s.stories {
			if s.stories[i].ID == n.ID {
				s.stories[i].Title, s.stories[i].URL = n.Title, n.URL
				continue next
			}
		}
		s.stories = append(s.stories, n)
		fresh++
	}
	return fresh
}

// TestNothingIsNewAfterRenaming serves documents one after the other, once to a client that lives on and
// once to one that is started anew before each.
func TestNothingIsNewAfterRenaming(t *testing.T) {
	t.Parallel()
	const long, other, third = "البلدية تفتتح السوق المغطى", "المدارس تغلق أبوابها بسبب المطر", "المزارعون يبدأون جني الزيتون مبكرا"
	item := func(guid, link, title, date string) string {
		var b strings.Builder
		b.WriteString("<item><title>" + title + "</title>")
		if guid != "" {
			b.WriteString(`<guid isPermaLink="false">` + guid + "</guid>")
		}
		if link != "" {
			b.WriteString("<link>https://waha.example/" + link + "</link>")
		}
		if date != "" {
			b.WriteString("<pubDate>Mon, 23 Nov 2026 " + date + " GMT</pubDate>")
		}
		return b.String() + "</item>"
	}
	for _, c := range []struct {
		name string
		docs []string
		want []int // new stories of each document
	}{
		{"new guids", []string{item("1", "1", long, "08:00:00"), item("x1", "1", long, "08:00:00")}, []int{1, 0}},
		{"new guids and addresses", []string{item("1", "1", long, "08:00:00") + item("2", "2", other, "08:10:00"), item("x1", "suq", long, "08:00:00") + item("x2", "matar", other, "08:10:00")}, []int{2, 0}},
		{"new addresses, no guids", []string{item("", "1", "مطر", "08:00:00"), item("", "rain", "مطر", "09:00:00")}, []int{1, 0}},
		{"a column of the same name in the same second", []string{item("1", "1", "كاريكاتير اليوم", "00:00:00"), item("2", "2", "كاريكاتير اليوم", "00:00:00")}, []int{1, 1}},
		{"the same headline in the same second, the other still there", []string{item("1", "1", long, "08:00:00"), item("2", "2", long, "08:00:00") + item("1", "1", long, "08:00:00")}, []int{1, 1}},
		{"the same headline another day", []string{item("1", "1", long, "08:00:00"), item("2", "2", long, "09:00:00")}, []int{1, 1}},
		{"undated, everything renamed", []string{item("1", "1", long, "") + item("2", "2", other, "") + item("3", "3", third, ""), item("x1", "a", long, "") + item("x2", "b", other, "") + item("x3", "c", third, "")}, []int{3, 0}},
		{"undated, one headline comes back", []string{item("1", "1", long, "") + item("2", "2", other, ""), item("x1", "a", long, "") + item("2", "2", other, "")}, []int{2, 1}},
		{"one guid for all, a new article", []string{item("g", "1", long, ""), item("g", "2", other, "") + item("g", "1", long, ""), item("g", "2", other, ""), item("g", "1", long, "")}, []int{1, 1, 0, 0}},
		{"one guid for all, a headline edited", []string{item("g", "1", long, "") + item("g", "2", other, ""), item("g", "1", long+" أخيرا", "")}, []int{2, 0}},
		{"one guid and one address for all", []string{item("g", "", long, "") + item("g", "", other, ""), item("g", "", other, ""), item("g", "", third, "")}, []int{2, 0, 1}},
		{"an edit", []string{item("1", "1", long, "08:00:00"), item("1", "1", other, "08:00:00"), item("1", "b", other+" غدا", "08:00:00")}, []int{1, 0, 0}},
		{"one page twice in a document", []string{item("1", "1", long, "08:00:00") + item("2", "1", long, "08:05:00"), item("2", "1", long, "08:05:00")}, []int{1, 0}},
	} {
		for _, restart := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, restart %v", c.name, restart), func(t *testing.T) {
				t.Parallel()
				var doc atomic.Value
				srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, head+doc.Load().(string)+foot) })
				store := &shelf{}
				cl, _ := newClient(t)
				cl.opts.Known = store.known
				state := rafid.SourceState{}
				for i, d := range c.docs {
					if restart {
						cl.memory = memory{}
					}
					doc.Store(d)
					res, err := cl.Fetch(t.Context(), target(srv), state)
					if err != nil {
						t.Fatal(err)
					}
					state = res.State
					if got := store.save(res.Stories); got != c.want[i] {
						t.Errorf("document %d: %d new, want %d", i+1, got, c.want[i])
					}
				}
			})
		}
	}
}

func TestStoreThatCannotTell(t *testing.T) {
	t.Parallel()
	ill := errors.New("disk on fire")
	cl, _ := newClient(t)
	cl.opts.Known = func(context.Context, string) ([]rafid.Story, error) { return nil, ill }
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, head+one+foot) })
	if res, err := cl.Fetch(t.Context(), target(srv), rafid.SourceState{}); !errors.Is(err, ill) || len(res.Stories) > 0 {
		t.Errorf("%v, %d stories", err, len(res.Stories))
	}
}
