package output

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/zeebo/xxh3"

	"rafid"
)

func TestPublishRendersWhatIsTouched(t *testing.T) {
	t.Parallel()
	s, registry := world(), prometheus.NewRegistry()
	o := worldOptions()
	o.Registerer = registry
	p := publisher(t, o, s)
	h := p.Handler()
	tag := func(channel string) string {
		return get(t, h, "GET", "/feeds/"+channel+".atom").Header.Get("Etag")
	}
	before := map[string]string{}
	for _, c := range o.Channels {
		before[c.Name] = tag(c.Name)
	}
	renders := func(c string) float64 { return counted(t, p.metrics.renders.WithLabelValues(c)) }
	sport, all := renders("sport"), renders("all")

	news := group("g7new", "economy", told{"wadi", time.Minute, "سعر الزيت ينخفض في سوق الوادي", "انخفض السعر."})
	s.set(news)
	if err := p.Publish(t.Context(), []rafid.Entry{news}); err != nil {
		t.Fatal(err)
	}
	changed := map[string]bool{"all": true, "economy": true, "source-wadi": true}
	for _, c := range o.Channels {
		if got := tag(c.Name) != before[c.Name]; got != changed[c.Name] {
			t.Errorf("%s: changed %v, want %v", c.Name, got, changed[c.Name])
		}
	}
	if renders("sport") != sport || renders("all") != all+1 {
		t.Errorf("sport was rendered %v times, all %v times", renders("sport")-sport, renders("all")-all)
	}
	if n := counted(t, p.metrics.requests.WithLabelValues("all", "200")); n != 2 {
		t.Errorf("counted %v requests", n)
	}
	old := p.cur.Load().channels["top"].issue.Load().formats[Atom]
	if err := p.Publish(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if p.cur.Load().channels["top"].issue.Load().formats[Atom] != old {
		t.Error("the same bytes took the place of themselves")
	}
}

func TestWithdrawalLeavesEveryFeed(t *testing.T) {
	t.Parallel()
	s := world()
	now := noon.Add(time.Hour)
	o := worldOptions()
	o.Now = func() time.Time { return now }
	p := publisher(t, o, s)
	h := p.Handler()
	modified := get(t, h, "GET", "/feeds/all.rss").Header.Get("Last-Modified")
	gone := s.entries[3]
	s.remove(gone.Group.ID)
	if err := p.Publish(t.Context(), []rafid.Entry{gone}); err != nil {
		t.Fatal(err)
	}
	for _, c := range o.Channels {
		if text := body(t, get(t, h, "GET", "/feeds/"+c.Name+".rss")); strings.Contains(text, gone.Group.ID) {
			t.Errorf("%s still has it", c.Name)
		}
	}
	// A client that goes by the time alone must notice, although no item is newer than before.
	if r := get(t, h, "GET", "/feeds/all.rss", "If-Modified-Since: "+modified); r.StatusCode != 200 {
		t.Errorf("a client with the old time gets %d", r.StatusCode)
	}
}

func TestStoreFailureKeepsTheLastGood(t *testing.T) {
	t.Parallel()
	s := world()
	p := publisher(t, worldOptions(), s)
	h := p.Handler()
	good := body(t, get(t, h, "GET", "/feeds/all.atom"))
	s.fail(errStore)
	if err := p.Publish(t.Context(), nil); err == nil {
		t.Error("publishing says nothing of the failure")
	}
	if text := body(t, get(t, h, "GET", "/feeds/all.atom")); text != good {
		t.Error("the last good feed is not served")
	}
	for _, target := range []string{"/feeds/source-ntv.atom", "/", "/s/g1port", "/status", "/s/g1port.atom"} {
		r := get(t, h, "GET", target)
		if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || strings.Contains(body(t, r), "disk") {
			t.Errorf("%s: %d", target, r.StatusCode)
		}
	}
	s.fail(nil)
	if r := get(t, h, "GET", "/feeds/source-ntv.atom"); r.StatusCode != 200 {
		t.Errorf("after the failure: %d", r.StatusCode)
	}
}

func TestReload(t *testing.T) {
	t.Parallel()
	s, registry := world(), prometheus.NewRegistry()
	o := worldOptions()
	o.Registerer = registry
	p := publisher(t, o, s)
	h := p.Handler()
	bad := o
	bad.Credit = "nowhere"
	if err := p.Reload(bad); err == nil {
		t.Error("took bad options")
	}
	o.Site.Title = "نهر"
	o.Channels = o.Channels[:3]
	if err := p.Reload(o); err != nil {
		t.Fatal(err)
	}
	if r := get(t, h, "GET", "/feeds/all.atom"); r.StatusCode != 200 {
		t.Errorf("between reload and publish: %d", r.StatusCode)
	}
	if err := p.Publish(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if text := body(t, get(t, h, "GET", "/feeds/all.atom")); !strings.Contains(text, "<title>نهر — كل الأخبار") {
		t.Error("the feed has its old title")
	}
	if r := get(t, h, "GET", "/feeds/sport.atom"); r.StatusCode != 404 {
		t.Errorf("a channel that is no more: %d", r.StatusCode)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetValue() == "sport" {
					t.Errorf("%s still counts a channel that is no more", f.GetName())
				}
			}
		}
	}
	if _, err := New(o, s); err == nil {
		t.Error("two publishers count under one name")
	}
}

// Whoever reads while others publish gets one generation whole: bytes that their own ETag is the hash of.
func TestServingWhilePublishing(t *testing.T) {
	t.Parallel()
	s := world()
	p := publisher(t, worldOptions(), s)
	h := p.Handler()
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				target := [...]string{"/feeds/all.atom", "/feeds/source-wadi.rss", "/", "/s/g2crane"}[n%4]
				r := get(t, h, "GET", target)
				text := body(t, r)
				if sum := xxh3.HashString128(text).Bytes(); r.Header.Get("Etag") != fmt.Sprintf(`"%x"`, sum[:]) {
					t.Errorf("%s: bytes of one generation under the ETag of another", target)
				}
			}
		})
	}
	for i := range 100 {
		e := group("g2crane", "economy", told{"wadi", 5 * time.Minute, fmt.Sprintf("أول رافعة تتوقف للمرة %d", i), ""})
		s.set(e)
		if err := p.Publish(t.Context(), []rafid.Entry{e}); err != nil {
			t.Error(err)
		}
		if i%20 == 7 {
			if err := p.Reload(worldOptions()); err != nil {
				t.Error(err)
			}
		}
	}
	close(stop)
	readers.Wait()
	for _, target := range []string{"/feeds/all.atom", "/feeds/source-wadi.rss", "/", "/s/g2crane"} {
		if text := body(t, get(t, h, "GET", target)); !strings.Contains(text, "للمرة 99") {
			t.Errorf("%s: not the last generation", target)
		}
	}
}
