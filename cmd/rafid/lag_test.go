package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rafid"
	"rafid/cmd/internal/config"
	"rafid/cmd/internal/sqlite"
	"rafid/fetch"
)

// BenchmarkPublishLag brings 100 new stories a second for 20 seconds, ten to a pass as from ten sources, and
// measures from the end of each fetch until a reader that asks all the time finds the story in /feeds/all.json.
//
//	CGO_ENABLED=0 go test -run '^$' -bench PublishLag -benchtime 1x ./cmd/rafid
func BenchmarkPublishLag(b *testing.B) {
	const sources, perSecond, seconds = 10, 100, 20
	var list strings.Builder
	list.WriteString("sources:\n")
	for i := range sources {
		fmt.Fprintf(&list, "  s%d:\n    url: https://s%d.example/rss\n    name: صحيفة %d\n", i, i, i)
	}
	for b.Loop() {
		r := lagRiver(b, list.String())
		ctx, cancel := context.WithCancel(b.Context())
		var wg sync.WaitGroup
		wg.Go(func() { r.flow(ctx) })
		l := &lags{sent: make(map[string]time.Time)}
		wg.Go(func() { l.read(ctx, r.pub.Handler()) })
		tick := time.NewTicker(time.Second * sources / perSecond)
		for n := range seconds * perSecond / sources {
			<-tick.C
			src, _ := r.plan.Load().cfg.Source(fmt.Sprintf("s%d", n%sources))
			l.bring(b, r, src, n)
		}
		tick.Stop()
		for range 100 {
			if l.waiting() == 0 {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		cancel()
		wg.Wait()
		if n := l.waiting(); n > 0 {
			b.Fatalf("%d of %d stories were never seen", n, seconds*perSecond)
		}
		b.ReportMetric(l.at(50).Seconds(), "p50-s")
		b.ReportMetric(l.at(99).Seconds(), "p99-s")
		b.ReportMetric(float64(len(l.took)), "stories")
		if err := r.close(); err != nil {
			b.Fatal(err)
		}
	}
}

// lagRiver is a river over a store of its own, which fetches nothing.
func lagRiver(b *testing.B, list string) *river {
	b.Helper()
	cfg, problems := config.Parse("feeds.yaml", []byte(list))
	if problems.Errors() {
		b.Fatal(problems)
	}
	p, err := newPlan(cfg)
	if err != nil {
		b.Fatal(err)
	}
	store, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "rafid.db"))
	if err != nil {
		b.Fatal(err)
	}
	r, err := join(b.Context(), p, store, slog.New(slog.DiscardHandler), "https://news.example")
	if err != nil {
		b.Fatal(err)
	}
	if err := r.begin(b.Context()); err != nil {
		b.Fatal(err)
	}
	return r
}

// lags is how long each story was on its way.
type lags struct {
	mu   sync.Mutex
	sent map[string]time.Time // by its mark, those not seen yet
	took []time.Duration
}

// bring takes ten stories of a source through category, store and what follows.
func (l *lags) bring(b *testing.B, r *river, src config.Source, n int) {
	b.Helper()
	words := strings.Fields("وزير مدينة ميناء جسر مصنع نهر مدرسة طريق شركة اتفاق زيارة مباراة سوق نفط قمح مطر حريق مؤتمر جامعة مستشفى قطار سفينة بحث لقاح انتخاب قانون ميزانية سياحة معرض كتاب")
	rnd := rand.New(rand.NewPCG(uint64(n), 3))
	now := time.Now().UTC()
	var stories []rafid.Story
	for i := range 10 {
		var text []string
		for range 25 {
			text = append(text, words[rnd.IntN(len(words))]+fmt.Sprint(rnd.IntN(50)))
		}
		id := fmt.Sprintf("m%dx%d", n, i)
		stories = append(stories, rafid.Story{ID: id, Source: src.ID, Outlet: src.Outlet, GUID: id, Link: src.URL + "/" + id, URL: src.URL + "/" + id,
			Title: strings.Join(text[:6], " ") + " [" + id + "]", Summary: strings.Join(text, " "), Lang: "ar", Published: now, FirstSeen: now, Revised: now, Hash: id})
	}
	l.mu.Lock()
	for _, s := range stories {
		l.sent[s.ID] = time.Now()
	}
	l.mu.Unlock()
	p := r.plan.Load()
	res := fetch.Result{Outcome: fetch.Read, Stories: stories, State: rafid.SourceState{Source: src.ID, Condition: rafid.Works}}
	if _, err := r.land(b.Context(), p, src, p.target(src), rafid.SourceState{Source: src.ID}, res); err != nil {
		b.Error(err)
	}
}

var reMark = regexp.MustCompile(`\[(m\d+x\d+)\]`)

// read asks for the feed every 20 ms and notes what is new in it.
func (l *lags) read(ctx context.Context, h http.Handler) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	etag := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/feeds/all.json", nil)
		req.Header.Set("If-None-Match", etag)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code != http.StatusOK {
			continue
		}
		etag = w.Header().Get("Etag")
		l.mu.Lock()
		for _, m := range reMark.FindAllStringSubmatch(w.Body.String(), -1) {
			if t, ok := l.sent[m[1]]; ok {
				l.took = append(l.took, time.Since(t))
				delete(l.sent, m[1])
			}
		}
		l.mu.Unlock()
	}
}

func (l *lags) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.sent)
}

// at gives the lag that so many of a hundred stories had at most.
func (l *lags) at(percent int) time.Duration {
	slices.Sort(l.took)
	return l.took[min(len(l.took)-1, len(l.took)*percent/100)]
}
