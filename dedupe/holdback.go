package dedupe

import (
	"iter"
	"time"

	"rafid"
)

// holdback keeps decisions back until looking again can change them no more, and lets them out in the
// order they came.
type holdback struct {
	x       *Index
	write   func(Decision) error
	waiting []heldDecision
	at      map[string]int // story → its place in waiting, counted from the first ever
	gone    int            // let out so far
}

// Regroup groups stories, in order of arrival, from nothing, and tells of each where it stands once looking again
// can change it no more, in the same order. The first error of tell ends it. The same stories give the same
// decisions.
func Regroup(stories iter.Seq[rafid.Story], o Options, tell func(Decision) error) error {
	x := New(o)
	held := &holdback{x: x, at: make(map[string]int), write: tell}
	for s := range stories {
		if err := held.add(x.Add(s)); err != nil {
			return err
		}
	}
	return held.flush()
}

type heldDecision struct {
	Decision
	when int64
}

// lookEvery is how often it is worth looking again, in seconds of the stories' time.
const lookEvery = int64(time.Hour / time.Second)

// Due says that something came since the last [Index.Recheck] and a new hour has begun. Hours are those of
// the stories, so that the same stories are looked at again at the same moments, whoever asks and however
// often the index was restarted.
func (x *Index) Due() bool { return x.serial > x.rechecked && x.clock/lookEvery > x.looked/lookEvery }

func (h *holdback) add(d Decision) error {
	h.at[d.Story] = h.gone + len(h.waiting)
	h.waiting = append(h.waiting, heldDecision{d, h.x.clock})
	if !h.x.Due() {
		return nil
	}
	h.look()
	settled := h.x.clock - int64(settleFor/time.Second)
	n := 0
	for n < len(h.waiting) && h.waiting[n].when < settled {
		n++
	}
	return h.release(n)
}

// look applies what looking again changes.
func (h *holdback) look() {
	for _, d := range h.x.Recheck() {
		if i, ok := h.at[d.Story]; ok {
			h.waiting[i-h.gone].Decision = d
		}
	}
}

// release lets the first n decisions out.
func (h *holdback) release(n int) error {
	for _, d := range h.waiting[:n] {
		if err := h.write(d.Decision); err != nil {
			return err
		}
		delete(h.at, d.Story)
	}
	h.waiting = append(h.waiting[:0], h.waiting[n:]...)
	h.gone += n
	return nil
}

// flush looks a last time and lets everything out.
func (h *holdback) flush() error {
	h.look()
	return h.release(len(h.waiting))
}
