package newsroom

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// press composes the items of a benchmark: item n of a feed is the same whenever it is asked for.
type press struct {
	grammar *grammar
	seed    uint64
	start   time.Time
	feeds   int
	items   int // in a feed at the start
}

// copiedShare is the share of items that repeat another feed's text.
const copiedShare = 0.1

// The bytes of an item's text: what the Arabic feeds of the 2018 days hold, from a short to a long one.
const (
	shortText = 600
	longText  = 3000
)

// name is the outlet's name: invented, and different for each feed.
func (p press) name(feed int) string {
	towns := p.grammar.lists["village"]
	kind := []string{"صوت", "أخبار", "جريدة", "مرآة", "منبر"}[feed/len(towns)%5]
	name := kind + " " + towns[(feed*17)%len(towns)]
	if round := feed / (5 * len(towns)); round > 0 {
		name += fmt.Sprintf(" %d", round+1)
	}
	return name
}

func (p press) category(feed int) string { return categories()[feed%len(categories())].slug }

func (p press) rng(feed, n int) *rand.Rand {
	return rand.New(rand.NewPCG(p.seed^worldSeed, uint64(feed)<<32|uint64(uint32(n))))
}

// item composes an item, or takes another feed's as an outlet does: under another headline, perhaps cut.
func (p press) item(feed, n int) (t text, of int) {
	r := p.rng(feed, n)
	if p.feeds == 1 || r.Float64() >= copiedShare {
		return p.original(r, feed), feed
	}
	for range 8 {
		other := r.IntN(p.feeds)
		source := p.rng(other, n)
		if other == feed || source.Float64() < copiedShare { // itself a copy
			continue
		}
		t = p.original(source, other)
		if r.Float64() < 0.4 {
			t.head = p.original(r, other).head
		}
		if r.Float64() < 0.4 {
			t.lines = t.lines[:max(3, len(t.lines)*2/3)]
		}
		return t, other
	}
	return p.original(r, feed), feed
}

// original composes a text of sentences from all kinds of news, each with facts of its own: unlike any
// other, though no reader would follow it far.
func (p press) original(r *rand.Rand, feed int) text {
	g := p.grammar
	size := shortText + int(r.Float64()*r.Float64()*2*float64(longText-shortText))
	size = min(size, longText)
	f := g.facts(r, p.category(feed))
	frame := g.frames[r.IntN(len(g.frames))]
	t := text{head: f.pick(frame.wire.head) + ".. " + f.fill("{first.5} {kin.5}")}
	have := 0
	for have < size {
		frame := g.frames[r.IntN(len(g.frames))]
		part := frame.wire
		if r.IntN(2) == 0 {
			part = frame.own
		}
		f := g.facts(r, p.category(r.IntN(len(categories()))))
		l := f.pick(part.lines[r.IntN(len(part.lines))])
		if r.IntN(3) == 0 {
			l = f.pick(g.filler)
		}
		t.lines = append(t.lines, l)
		have += len(l)
	}
	return t
}

// feed renders the latest items of a feed that has held printed in all, newest first.
func (p press) feed(feed, printed int, base string) (doc string, newest time.Time) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + rssOpen + "\n<channel>\n")
	fmt.Fprintf(&b, "<title>%s</title>\n<link>%s/f/%d/</link>\n<description>%[1]s</description>\n<language>ar</language>\n", p.name(feed), base, feed)
	for n := printed - 1; n >= max(0, printed-p.items); n-- {
		t, _ := p.item(feed, n)
		at := p.date(feed, n)
		if n == printed-1 {
			newest = at
		}
		fmt.Fprintf(&b, "<item>\n<title>%s</title>\n<link>%s/f/%d/%d</link>\n<guid isPermaLink=\"false\">bench-%[3]d-%[4]d</guid>\n<pubDate>%s</pubDate>\n",
			escape(t.head), base, feed, n, at.Format(time.RFC1123Z))
		if feed%3 == 0 && len(t.lines) > 2 { // a third give the whole text apart from the summary
			fmt.Fprintf(&b, "<description>%s</description>\n<content:encoded><![CDATA[%s]]></content:encoded>\n", escape(strings.Join(t.lines[:2], " ")), paragraphs(t.lines))
		} else {
			fmt.Fprintf(&b, "<description>%s</description>\n", escape(strings.Join(t.lines, " ")))
		}
		b.WriteString("</item>\n")
	}
	b.WriteString("</channel>\n</rss>\n")
	return b.String(), newest
}

// date spreads the items of the start over the hours before it, ten minutes apart; later ones follow the
// last of them by a second each, so that none is of a reader's future.
func (p press) date(feed, n int) time.Time {
	if n >= p.items {
		return p.start.Add(time.Duration(n-p.items)*time.Second - 9*time.Minute).Truncate(time.Second).UTC()
	}
	back := time.Duration(p.items-n)*10*time.Minute + time.Duration(feed%600)*time.Second
	return p.start.Add(-back).Truncate(time.Second).UTC()
}
