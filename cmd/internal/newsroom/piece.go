package newsroom

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// piece is an item as its outlet means it, before the feed's format and warts.
type piece struct {
	guid, link string
	title      string
	lines      []string
	label      string // the outlet's section; empty when its feed gives none
	image      string // address; empty when the outlet has none
	byline     string
	at         time.Time
	number     int
}

// piece makes the item of a report as it is at a time of the world.
func (w *world) piece(r report, now time.Duration) piece {
	o := w.outlets[r.outlet]
	rnd := rand.New(rand.NewPCG(worldSeed+forPiece, uint64(r.number()*len(w.outlets)+r.outlet)))
	t := w.text(r, rnd)
	if r.flash(now) {
		t = text{head: "عاجل | " + t.head, lines: t.lines[:1]}
	}
	p := piece{
		guid: w.guid(r), title: t.head, lines: t.lines, at: w.date(r.offset), number: r.number(),
		link: fmt.Sprintf("%s/%s/%d", o.base, r.category, r.number()),
	}
	if o.Section == "label" {
		p.label = o.Labels[r.category]
	}
	if o.Image {
		p.image = fmt.Sprintf("%s/img/%d.png", o.base, r.number())
	}
	if o.Agency || r.form.kind == formCopy && rnd.Float64() < 0.5 {
		p.byline = w.outlets[w.agency()].Name
	}
	return p
}

// text is what the report says.
func (w *world) text(r report, rnd *rand.Rand) text {
	if r.form.kind == formSeries {
		zone := time.FixedZone("", 60*w.outlets[r.outlet].Zone)
		s := &w.series[r.form.index]
		return s.at(rand.New(rand.NewPCG(worldSeed+forSeries, uint64(r.number()))), w.date(r.offset).In(zone))
	}
	e := w.event(r.act, r.slot)
	switch r.form.kind {
	case formWire:
		return dateline(e.wire)
	case formNext:
		t := dateline(*e.next)
		if r.form.edit {
			t = w.edited(t, rnd)
		}
		return t
	case formOwn:
		return e.own[r.form.index]
	}
	return w.copied(e, r.form, rnd)
}

// dateline puts the agency's mark before the first sentence.
func dateline(t text) text {
	lines := append([]string{"(سنونو) - " + t.lines[0]}, t.lines[1:]...)
	return text{head: t.head, lines: lines}
}

// copied is the wire as another outlet prints it.
func (w *world) copied(e event, f form, rnd *rand.Rand) text {
	t := e.wire
	if rnd.Float64() < 0.3 {
		t = dateline(t)
	}
	if f.index < len(e.heads) {
		t.head = e.heads[f.index]
	}
	if keep := len(t.lines) - f.cut; keep >= 2 {
		t.lines = t.lines[:keep:keep]
	}
	if f.edit {
		t = w.edited(t, rnd)
	}
	return t
}

// edited changes a few words, and sometimes adds the sentence that says nothing.
func (w *world) edited(t text, rnd *rand.Rand) text {
	all := make([]string, len(t.lines))
	for i, l := range t.lines {
		all[i] = strings.TrimSpace(w.desk.edits.Replace(" " + l + " "))
	}
	if rnd.Float64() < 0.4 {
		all = append(all, w.desk.tails[rnd.IntN(len(w.desk.tails))])
	}
	return text{head: t.head, lines: all}
}

// lead is what the outlet gives as the item's description, body what it gives as its content, if anything.
func (o *outlet) lead(p piece) []string {
	if o.Body == "full" || len(p.lines) < 2 {
		return p.lines
	}
	return p.lines[:2]
}

func paragraphs(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString("<p>" + escape(l) + "</p>")
	}
	return b.String()
}
