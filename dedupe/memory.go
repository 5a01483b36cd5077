package dedupe

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// memoryVersion opens what [Boilerplate.Memory] gives. It changes when lines are hashed otherwise.
const memoryVersion = 1

// ErrMemory says that bytes given to [Boilerplate.Recall] are not what Memory of this version gave.
// Nothing is lost but some days' learning.
var ErrMemory = errors.New("no memory of this version")

// Changed names the sources of which something has been learnt since their last Memory, in order.
func (b *Boilerplate) Changed() []string {
	var ids []string
	for id, h := range b.sources {
		if h.changed {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Memory is what is to be kept of a source across a restart: the lines met more than once, some hundreds of
// bytes. It is nil when nothing is known of the source.
func (b *Boilerplate) Memory(source string) []byte {
	h := b.sources[source]
	if h == nil {
		return nil
	}
	h.changed = false
	out := binary.AppendUvarint([]byte{memoryVersion}, uint64(h.items))
	for _, key := range slices.Sorted(maps.Keys(h.lines)) {
		l := h.lines[key]
		if l.items < 2 {
			continue
		}
		out = binary.BigEndian.AppendUint64(out, key)
		for _, n := range [...]uint16{l.items, l.titles, l.day} {
			out = binary.AppendUvarint(out, uint64(n))
		}
		text := h.texts[key]
		out = binary.AppendUvarint(out, uint64(len(text)))
		out = append(out, text...)
	}
	return out
}

// Recall puts a source back to what Memory gave. Bytes that it did not give are refused with an error that
// is [ErrMemory], and change nothing.
func (b *Boilerplate) Recall(source string, memory []byte) error {
	d := decoder{rest: memory}
	if d.byte() != memoryVersion {
		return fmt.Errorf("boilerplate of %s: %w", source, ErrMemory)
	}
	h := &habits{items: int(d.number(keptItems)), lines: make(map[uint64]habit), texts: make(map[uint64]string)}
	for last := uint64(0); len(d.rest) > 0 && !d.bad; {
		key := d.key()
		l := habit{items: uint16(d.number(keptItems)), titles: uint16(d.number(1<<16 - 1)), day: uint16(d.number(1<<16 - 1))}
		if text := d.text(shownBytes); text != "" {
			h.texts[key] = text
		}
		d.bad = d.bad || key <= last || l.items < 2 || int(l.items) > h.items || len(h.lines) == keptLines
		last, h.lines[key] = key, l
	}
	if d.bad {
		return fmt.Errorf("boilerplate of %s: %w", source, ErrMemory)
	}
	b.sources[source] = h
	return nil
}

// decoder reads what AppendUvarint and its like wrote. Once it has met what cannot be, bad stays true and
// all it gives is zero.
type decoder struct {
	rest []byte
	bad  bool
}

func (d *decoder) take(n int) []byte {
	if d.bad || n > len(d.rest) {
		d.bad = true
		return make([]byte, min(n, 8))
	}
	part := d.rest[:n]
	d.rest = d.rest[n:]
	return part
}

func (d *decoder) byte() byte { return d.take(1)[0] }

func (d *decoder) key() uint64 { return binary.BigEndian.Uint64(d.take(8)) }

// number reads a number of at most most, written in the shortest way.
func (d *decoder) number(most uint64) uint64 {
	v, n := binary.Uvarint(d.rest)
	if d.bad || n <= 0 || v > most || n != len(binary.AppendUvarint(nil, v)) {
		d.bad = true
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) text(most int) string {
	part := d.take(int(d.number(uint64(most))))
	if d.bad {
		return ""
	}
	return string(part)
}
