package newsroom

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// form says how a report's text is made.
type form struct {
	kind  formKind
	index int // which own text, or which headline of a copy
	cut   int // sentences left out at the end of a copy
	edit  bool
}

type formKind int

const (
	formWire   formKind = iota // the agency's text
	formCopy                   // the same, as another outlet prints it
	formOwn                    // own.N
	formNext                   // the development, as the agency tells it
	formSeries                 // a template
)

// rng is the source of chance for one act: the same for the same act in every world.
func rng(act int, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(worldSeed+purpose, uint64(int64(act))))
}

// Purposes keep the chances of one act independent of each other.
const (
	forScript uint64 = iota
	forFacts
	forSeries
	forPiece
	forFlash
)

// event is the news that an act tells in a slot: the written events first, after them and before the
// start composed ones. Singles are always composed.
func (w *world) event(act, slot int) event {
	if slot != slotSingle && act >= 0 && act < len(w.events) {
		return w.events[act]
	}
	return w.grammar.event(w.ordinal(act, slot))
}

// singleEvery is how many acts there are to a single.
const singleEvery = 4

// ordinal numbers the composed news in the order of the world, from 0: the backlog's, then the singles, and
// when the written events are over each act's own before its single.
func (w *world) ordinal(act, slot int) int {
	if act < 0 {
		return act + backlogActs
	}
	n := backlogActs + (act+singleEvery-1)/singleEvery + max(0, act-len(w.events))
	if slot == slotSingle && act >= len(w.events) {
		n++
	}
	return n
}

// act scripts one live act.
func (w *world) act(k int) []report {
	r := rng(k, forScript)
	start := time.Duration(k) * actEvery
	rs := w.cover(r, k, start, time.Second)
	if k%singleEvery == 0 {
		rs = append(rs, w.single(r, k, start+seconds(r, 2, 11)))
	}
	if r.Float64() < 0.4 {
		rs = append(rs, w.installment(r.IntN(len(w.series)), k, start+seconds(r, 1, 10)))
	}
	return rs
}

// backlog scripts what came before the start.
func (w *world) backlog() []report {
	var rs []report
	for k := -backlogActs; k < 0; k++ {
		r := rng(k, forScript)
		start := time.Duration(k) * backlogEvery
		rs = append(rs, w.cover(r, k, start, backlogSlow*time.Second)...)
	}
	for d := 1; d <= seriesDays; d++ {
		for i := range w.series {
			k := -backlogActs - d*len(w.series) - i
			rs = append(rs, w.installment(i, k, -time.Duration(d)*24*time.Hour-time.Duration(i)*7*time.Minute))
		}
	}
	return slices.DeleteFunc(rs, func(r report) bool { return r.offset >= 0 && r.act < 0 })
}

// copyCounts are how many outlets copy a wire, as often as they stand here.
var copyCounts = [...]int{1, 2, 2, 3, 3, 4}

// cover scripts the reports of one event: who has it first, who copies the wire, who was there, and what
// came of it. unit is what a second of live news takes.
func (w *world) cover(r *rand.Rand, k int, start, unit time.Duration) []report {
	e := w.event(k, slotEvent)
	id := fmt.Sprintf("%s.%d", e.id, k)
	desks := w.desks(r, k, e.category)
	at := func(min, max int) time.Duration {
		return start + time.Duration(float64(seconds(r, min, max))*unit.Seconds())
	}
	base := report{act: k, slot: slotEvent, event: id, category: e.category}
	var rs []report
	add := func(outlet int, offset time.Duration, rel Relation, f form) {
		n := base
		n.outlet, n.offset, n.relation, n.form = outlet, offset, rel, f
		rs = append(rs, n)
	}
	own := e.own
	wire := start
	if len(own) > 0 && r.Float64() < 0.3 { // somebody is faster than the agency
		add(desks[0], start, Lead, form{kind: formOwn})
		own, desks = own[1:], desks[1:]
		wire = at(3, 6)
		add(w.agency(), wire, Same, form{kind: formWire})
	} else {
		add(w.agency(), start, Lead, form{kind: formWire})
	}
	if k >= 0 && w.opts.Flash > rng(k, forFlash).Float64() {
		flash := &rs[len(rs)-1]
		flash.complete = flash.offset + seconds(rng(k, forFlash), 3, 8)
		wire = flash.complete // nobody copies what is not there yet
	}
	copies := min(copyCounts[r.IntN(len(copyCounts))], len(desks)-len(own))
	for range copies {
		add(desks[0], wire+at(2, 14)-start, Copy, w.copyForm(r, e))
		desks = desks[1:]
	}
	for i := range own {
		add(desks[0], at(4, 18), Same, form{kind: formOwn, index: len(e.own) - len(own) + i})
		desks = desks[1:]
	}
	if e.next != nil {
		rs = append(rs, w.develop(r, k, e, id, at(80, 150), unit)...)
	}
	return rs
}

// develop scripts the later development of an event: the agency, then perhaps two copies.
func (w *world) develop(r *rand.Rand, k int, e event, id string, start, unit time.Duration) []report {
	base := report{
		outlet: w.agency(), offset: start, act: k, slot: slotNext, event: id + ".next", category: e.category,
		relation: Follow, of: id, form: form{kind: formNext},
	}
	rs := []report{base}
	for _, o := range w.desks(r, k, e.category)[:r.IntN(3)] {
		n := base
		n.outlet, n.relation = o, Copy
		n.offset += time.Duration(float64(seconds(r, 3, 20)) * unit.Seconds())
		n.form.edit = r.Float64() < 0.5
		rs = append(rs, n)
	}
	return rs
}

// single scripts news that one outlet alone has.
func (w *world) single(r *rand.Rand, k int, offset time.Duration) report {
	e := w.event(k, slotSingle)
	return report{
		outlet: w.desks(r, k, e.category)[0], offset: offset, act: k, slot: slotSingle,
		event: fmt.Sprintf("single.%d", k), category: e.category, relation: Lead, form: form{kind: formOwn},
	}
}

// installment scripts the next number of a series.
func (w *world) installment(i, k int, offset time.Duration) report {
	s := w.series[i]
	return report{
		outlet: w.outletIndex(s.outlet), offset: offset, act: k, slot: slotSeries,
		event: fmt.Sprintf("%s.%d", s.id, k), category: s.category, relation: Series, of: s.id,
		form: form{kind: formSeries, index: i},
	}
}

func (w *world) copyForm(r *rand.Rand, e event) form {
	f := form{kind: formCopy, index: r.IntN(len(e.heads) + 1), edit: r.Float64() < 0.4}
	if r.Float64() < 0.4 {
		f.cut = 1 + r.IntN(2)
	}
	return f
}

// desks are the outlets other than the agency that report a category, in random order, but that those which
// report little else mostly come first. A feed without dates has little of the backlog: all of it would
// look new to a reader.
func (w *world) desks(r *rand.Rand, k int, category string) []int {
	var all, first []int
	for i, o := range w.outlets {
		switch {
		case o.Agency || !o.reports(category) || o.Wart == wartNoDates && k < 0 && k%8 != 0:
		case o.Only != nil && r.Float64() < 0.7:
			first = append(first, i)
		default:
			all = append(all, i)
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return append(first, all...)
}

func (w *world) agency() int {
	return slices.IndexFunc(w.outlets, func(o *outlet) bool { return o.Agency })
}

func (w *world) outletIndex(id string) int {
	return slices.IndexFunc(w.outlets, func(o *outlet) bool { return o.ID == id })
}

func seconds(r *rand.Rand, min, max int) time.Duration {
	return time.Duration(min)*time.Second + time.Duration(r.Float64()*float64(max-min)*float64(time.Second))
}
