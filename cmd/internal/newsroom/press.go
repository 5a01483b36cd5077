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

// original composes a text of words drawn as often as words of a language are. It cannot be read, but it
// costs a reader what news costs: two texts share common words and hardly a rare one, as unrelated news
// does. Sentences of a grammar would share whole phrases, and every text would be a little like every other.
func (p press) original(r *rand.Rand, _ int) text {
	size := shortText + int(r.Float64()*r.Float64()*2*float64(longText-shortText))
	size = min(size, longText)
	words := rand.NewZipf(r, zipf, 8, lexiconSize-1)
	t := text{head: sentence(r, words, 7+r.IntN(5))}
	for have := 0; have < size; {
		l := sentence(r, words, 10+r.IntN(14)) + "."
		t.lines = append(t.lines, l)
		have += len(l)
	}
	return t
}

// The press's words: how many there are, and how steeply they grow rare. Natural texts have an exponent
// near 1 (Zipf 1949); rand.Zipf wants more than 1.
const (
	lexiconSize = 60_000
	zipf        = 1.07
)

func sentence(r *rand.Rand, words *rand.Zipf, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = word(words.Uint64())
		if r.IntN(3) == 0 {
			all[i] = "ال" + all[i]
		}
	}
	return strings.Join(all, " ")
}

// word is the n-th word of the press: letters that roots are made of, common words shorter than rare ones.
func word(n uint64) string {
	letters := []rune("بتثجحخدرزسشصضطظعغفقكلمنه")
	h := n*0x9e3779b97f4a7c15 + 0x632be59bd9b4e019
	length := 3 + int(n%3)
	if n < 100 {
		length = 2 + int(n%2)
	}
	w := make([]rune, 0, length)
	for range length {
		h ^= h >> 29
		h *= 0xbf58476d1ce4e5b9
		w = append(w, letters[(h>>33)%uint64(len(letters))])
	}
	return string(w)
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
