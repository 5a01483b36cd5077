package dedupe

import "time"

// holdback keeps decisions back until looking again can change them no more, and lets them out in the
// order they came.
type holdback struct {
	x       *Index
	write   func(Decision) error
	waiting []heldDecision
	at      map[string]int // story → its place in waiting, counted from the first ever
	gone    int            // let out so far
	looked  int64
}

type heldDecision struct {
	Decision
	when int64
}

// lookEvery is how often the line commands look again, in seconds of the stories' time.
const lookEvery = int64(time.Hour / time.Second)

func (h *holdback) add(d Decision) error {
	h.at[d.Story] = h.gone + len(h.waiting)
	h.waiting = append(h.waiting, heldDecision{d, h.x.clock})
	if h.x.clock-h.looked < lookEvery {
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
	h.looked = h.x.clock
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
