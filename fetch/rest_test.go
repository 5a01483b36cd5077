package fetch

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rafid"
)

// headed is a document with something in its head, and items published at the times given.
func headed(head string, at ...time.Time) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>صحيفة الواحة</title><link>https://waha.example/</link>` + head)
	for _, t := range at {
		fmt.Fprintf(&b, `<item><title>خبر من وادي النخيل رقم %d</title><link>https://waha.example/%[1]d</link><guid>%[1]d</guid><pubDate>%s</pubDate></item>`, t.Unix(), t.Format(time.RFC1123Z))
	}
	return b.String() + `</channel></rss>`
}

// What an answer and a feed wish is how long no request is made, for a day at most.
func TestWishes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, header, value, head string
		want                      time.Duration
	}{
		{name: "none"},
		{name: "max-age", header: "Cache-Control", value: "public, max-age=600", want: 10 * time.Minute},
		{name: "max-age spent in caches", header: "Cache-Control", value: "max-age=600|500", want: 100 * time.Second},
		{name: "stale in caches", header: "Cache-Control", value: "max-age=600|900"},
		{name: "s-maxage is for shared caches", header: "Cache-Control", value: "s-maxage=600"},
		{name: "a year", header: "Cache-Control", value: "max-age=31536000", want: 24 * time.Hour},
		{name: "nonsense", header: "Cache-Control", value: "max-age=soon", head: "<ttl>often</ttl>"},
		{name: "below zero", header: "Cache-Control", value: "max-age=-5", head: "<ttl>-60</ttl>"},
		{name: "ttl", head: "<ttl>60</ttl>", want: time.Hour},
		{name: "the longer of two", header: "Cache-Control", value: "max-age=600", head: "<ttl> 60 </ttl>", want: time.Hour},
		{name: "a ttl of a month", head: "<ttl>43200</ttl>", want: 24 * time.Hour},
		{name: "what WordPress writes by itself", head: "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>"},
		{name: "twice a day", head: "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", want: 12 * time.Hour},
		{name: "four times an hour", head: "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", want: 15 * time.Minute},
		{name: "weekly", head: "<sy:updatePeriod>weekly</sy:updatePeriod>", want: 24 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, ck := newClient(t)
			doc := headed(c.head, ck.now().Add(-time.Hour))
			asked := 0
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked++
				if c.header != "" {
					value, age, _ := strings.Cut(c.value, "|")
					w.Header().Set(c.header, value)
					w.Header().Set("Age", age)
				}
				w.Header().Set("ETag", `"1"`)
				if r.Header.Get("If-None-Match") != "" {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				fmt.Fprint(w, doc)
			})
			var st rafid.SourceState
			for round := range 3 { // a document, then 304, which knows the document's wish no less
				res, err := client.Fetch(t.Context(), target(srv), st)
				if err != nil {
					t.Fatal(err)
				}
				st = res.State
				wait := max(0, st.NotBefore.Sub(ck.now()))
				if want := max(0, c.want-slack); wait != want {
					t.Fatalf("round %d: left alone for %v, want %v", round, wait, want)
				}
				if wait > 0 {
					ck.forward(wait - time.Second)
					if res, _ := client.Fetch(t.Context(), target(srv), st); res.Outcome != Waiting {
						t.Errorf("round %d: asked too early", round)
					}
				}
				ck.forward(2 * time.Second)
			}
			if asked != 3 {
				t.Errorf("asked %d times", asked)
			}
		})
	}
}

// The hours and days that a feed names are left out, for a day at most.
func TestSkippedHoursAndDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, head string
		want       string // hours of the two days from Monday noon in which a request is made every hour
	}{
		{"none", "", "ffffff ffffff"},
		{"at night", "<skipHours><hour>0</hour><hour>1</hour><hour>2</hour><hour> 3 </hour></skipHours>", "fff0ff fff0ff"},
		{"24 is midnight", "<skipHours><hour>24</hour></skipHours>", "fff7ff fff7ff"},
		{"a day", "<skipDays><day>Tuesday</day></skipDays>", "fff000 000fff"},
		{"always, which cannot be meant", "<skipDays><day>monday</day><day>Tuesday</day><day>Wednesday</day></skipDays>", "800000 400000"},
		{"nonsense", "<skipDays><day>الجمعة</day></skipDays><skipHours><hour>noon</hour><hour>99</hour></skipHours>", "ffffff ffffff"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, ck := newClient(t)
			doc := headed(c.head, ck.now())
			srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, doc) })
			var st rafid.SourceState
			var got uint64
			for range 48 {
				res, err := client.Fetch(t.Context(), target(srv), st)
				if err != nil {
					t.Fatal(err)
				}
				got <<= 1
				if res.Outcome != Waiting {
					got |= 1
				}
				st = res.State
				ck.forward(time.Hour)
			}
			if s := fmt.Sprintf("%06x %06x", got>>24, got&0xffffff); s != c.want {
				t.Errorf("asked in %s, want %s", s, c.want)
			}
		})
	}
}

// A source's rhythm is learnt: from its first document, and from what comes after.
func TestRhythm(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name          string
		perDay, items int
		days          int // that pass, with a fetch every hour
		least, most   time.Duration
	}{
		{"an agency", 400, 50, 0, rhythmLeast, rhythmLeast},
		{"a paper", 48, 30, 0, 12 * time.Minute, 18 * time.Minute},
		{"a paper a week later", 48, 30, 7, 12 * time.Minute, 18 * time.Minute},
		{"a column", 2, 20, 0, rhythmMost, rhythmMost},
		{"a column a week later", 4, 20, 7, 2*time.Hour + 30*time.Minute, 3*time.Hour + 30*time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var st rafid.SourceState
			for hour := range c.days*24 + 1 {
				at := now.Add(time.Duration(hour) * time.Hour)
				listen(&st, published(at, c.perDay, c.items), c.items, at)
			}
			end := now.Add(time.Duration(c.days*24) * time.Hour)
			if got := rhythm(&st, end); got < c.least || got > c.most {
				t.Errorf("asked every %v, want %v to %v (%.1f a day)", got, c.least, c.most, st.Rate)
			}
			if got := rhythm(&st, end.Add(60*24*time.Hour)); got != rhythmMost {
				t.Errorf("after two months of silence still every %v", got)
			}
		})
	}
}

// published are the newest items of a source that brings so many a day, evenly.
func published(now time.Time, perDay, items int) []rafid.Story {
	step := 24 * time.Hour / time.Duration(perDay)
	all := make([]rafid.Story, items)
	for i := range all {
		all[i].Published = now.Truncate(step).Add(-time.Duration(i) * step)
	}
	return all
}

// With Auto the rhythm is kept, and remembered with the state.
func TestAutoIsKept(t *testing.T) {
	t.Parallel()
	client, ck := newClient(t)
	var at []time.Time
	for i := range 20 {
		at = append(at, ck.now().Add(-time.Duration(i)*3*time.Hour)) // 8 a day
	}
	doc := headed("", at...)
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, doc) })
	tg := target(srv)
	res, err := client.Fetch(t.Context(), tg, rafid.SourceState{})
	if err != nil || !res.State.NotBefore.IsZero() {
		t.Errorf("without Auto left alone until %v, %v", res.State.NotBefore, err)
	}
	tg.Auto = true
	if res, err = client.Fetch(t.Context(), tg, res.State); err != nil {
		t.Fatal(err)
	}
	if d := res.State.NotBefore.Sub(ck.now()); d < time.Hour || d > 2*time.Hour {
		t.Errorf("left alone for %v", d)
	}
}

// A source that tells less than usual is quiet, and works again when it tells more.
func TestQuiet(t *testing.T) {
	t.Parallel()
	client, ck := newClient(t)
	var doc string
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, doc) })
	stories := func(n int, last time.Time) string {
		var at []time.Time
		for i := range n {
			at = append(at, last.Add(-time.Duration(i)*time.Hour))
		}
		return headed("", at...)
	}
	var st rafid.SourceState
	begun := ck.now()
	for _, step := range []struct {
		name  string
		after time.Duration
		items int
		last  time.Duration // of the newest item since the beginning
		want  rafid.Condition
	}{
		{"at first", 0, 20, 0, rafid.Works},
		{"an hour on", time.Hour, 20, time.Hour, rafid.Works},
		{"fewer items than usual", time.Hour, 4, 2 * time.Hour, rafid.Quiet},
		{"as many as usual", time.Hour, 20, 3 * time.Hour, rafid.Works},
		{"a night without news", 11 * time.Hour, 20, 3 * time.Hour, rafid.Works},
		{"a day and a half without news", 24 * time.Hour, 20, 3 * time.Hour, rafid.Quiet},
		{"news again", time.Hour, 20, 39 * time.Hour, rafid.Works},
	} {
		ck.forward(step.after)
		doc = stories(step.items, begun.Add(step.last))
		res, err := client.Fetch(t.Context(), target(srv), st)
		if err != nil || res.State.Condition != step.want {
			t.Errorf("%s: %s, want %s; %v", step.name, res.State.Condition, step.want, err)
		}
		st = res.State
	}
}
