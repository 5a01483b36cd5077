package output_test

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"time"

	"rafid"
	"rafid/output"
)

// shelf is the smallest store: one story.
type shelf struct{ entry rafid.Entry }

func (s shelf) Entries(context.Context, rafid.Query) ([]rafid.Entry, error) {
	return []rafid.Entry{s.entry}, nil
}
func (s shelf) Entry(context.Context, string) (rafid.Entry, error)    { return s.entry, nil }
func (s shelf) Stats(context.Context, time.Time) (rafid.Stats, error) { return rafid.Stats{}, nil }
func (s shelf) States(context.Context) ([]rafid.SourceState, error)   { return nil, nil }

func Example() {
	day := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	store := shelf{rafid.Entry{
		Group:   rafid.Group{ID: "k7", Title: "مكتبة عامة تفتح أبوابها ليلًا", Lead: "s1", Published: day, Members: []rafid.Member{{Story: "s1", Relation: rafid.Lead, Joined: day}}},
		Stories: []rafid.Story{{ID: "s1", Source: "wadi", Outlet: "wadi", Title: "مكتبة عامة تفتح أبوابها ليلًا", Link: "https://wadi.example/1", Lang: "ar", Published: day, Revised: day}},
	}}
	p, err := output.New(output.Options{
		Site:     output.Site{URL: "https://news.example.org", Title: "رافد"},
		Channels: []rafid.Channel{{Name: "all", Title: "كل الأخبار"}},
		Sources:  []rafid.Source{{ID: "wadi", Outlet: "wadi", Name: "أخبار الوادي", URL: "https://wadi.example/feed"}},
	}, store)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := p.Publish(context.Background(), nil); err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/feeds/all.rss", nil))
	feed, _ := io.ReadAll(w.Body)
	for line := range strings.Lines(string(feed)) {
		if strings.Contains(line, "<guid") || strings.Contains(line, "أخبار الوادي</title>") {
			fmt.Println(strings.TrimSpace(line))
		}
	}
	// Output:
	// <title>مكتبة عامة تفتح أبوابها ليلًا — أخبار الوادي</title>
	// <guid isPermaLink="false">tag:news.example.org,2026:s/k7</guid>
}

func ExamplePublisher_WriteDir() {
	p, err := output.New(output.Options{Channels: []rafid.Channel{{Name: "all"}}}, shelf{})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = p.WriteDir(ctx, "public")
	fmt.Println(err)
	// Output: context canceled
}
