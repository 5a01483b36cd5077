package dedupe

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rafid"
)

// MaxLine is the longest line that [GroupLines] and [CompareLines] read, in bytes.
const MaxLine = 5 << 20

// InputError says that some lines of the input could not be used. The others were.
type InputError struct {
	Bad   int // lines that could not be used
	Lines int // lines in all, empty ones not counted
}

func (e *InputError) Error() string {
	return fmt.Sprintf("%d of %d lines could not be used", e.Bad, e.Lines)
}

// line is a story as these commands read it.
type line struct {
	ID        string `json:"id"`
	Source    string `json:"source"`
	URL       string `json:"url"`
	Published string `json:"published"`
	Title     string `json:"title"`
	Summary   string `json:"summary"`
	Text      string `json:"text"`
}

// grouped is a line that GroupLines writes.
type grouped struct {
	ID       string         `json:"id"`
	Group    string         `json:"group"`
	Relation rafid.Relation `json:"relation"`
	Of       string         `json:"of,omitempty"`
	Score    float64        `json:"score"`
	Thread   string         `json:"thread,omitempty"`
	Why      []string       `json:"why"`
}

// compared is a line that CompareLines writes.
type compared struct {
	Relation string   `json:"relation"`
	Score    float64  `json:"score"`
	Why      []string `json:"why"`
}

// GroupLines reads stories from r, one JSON object a line in order of arrival, groups them and writes
// one JSON object a story to w, in the same order. A line that cannot be used gets one line on errw,
// with its number, and the rest goes on; then the error is an *[InputError]. Memory is bounded by the
// window, not by the input.
func GroupLines(r io.Reader, w io.Writer, errw io.Writer, o Options) error {
	x := New(o)
	out := newWriter(w)
	ids := newRecent(recentIDs)
	held := &holdback{x: x, at: make(map[string]int), write: func(d Decision) error { return out.write(groupedLine(d)) }}
	err := eachLine(r, errw, func(raw []byte) error {
		var l line
		if err := decode(raw, &l); err != nil {
			return err
		}
		s, err := l.story()
		if err != nil {
			return err
		}
		if first := ids.add(l.ID); first > 0 {
			return fmt.Errorf("id %q was there before, as story %d", clip(l.ID), first)
		}
		return held.add(x.Add(s))
	})
	return errors.Join(err, held.flush(), out.flush())
}

func groupedLine(d Decision) grouped {
	g := grouped{ID: d.Story, Group: d.Group, Relation: d.Relation, Of: d.Of, Score: round(d.Score), Thread: d.Thread, Why: []string{}}
	if d.Relation != rafid.Lead {
		g.Why = why(string(d.Relation), &d.Evidence)
	}
	return g
}

// CompareLines reads pairs of stories from r, one JSON object {"a":story,"b":story} a line, and writes
// what they are to each other, one JSON object a line. Bad lines are treated as in [GroupLines].
func CompareLines(r io.Reader, w io.Writer, errw io.Writer, o Options) error {
	x := New(o)
	out := newWriter(w)
	err := eachLine(r, errw, func(raw []byte) error {
		var l struct{ A, B *line }
		if err := decode(raw, &l); err != nil {
			return err
		}
		if l.A == nil || l.B == nil {
			return errors.New(`needs both "a" and "b"`)
		}
		a, err := l.A.story()
		if err != nil {
			return fmt.Errorf("a: %w", err)
		}
		b, err := l.B.story()
		if err != nil {
			return fmt.Errorf("b: %w", err)
		}
		c := x.Compare(a, b)
		return out.write(compared{Relation: c.Relation, Score: c.Score, Why: c.Why})
	})
	return errors.Join(err, out.flush())
}

// decode reads one JSON object and nothing behind it.
func decode(raw []byte, to any) error {
	if !utf8.Valid(raw) {
		return errors.New("not UTF-8")
	}
	if err := json.Unmarshal(raw, to); err != nil {
		return fmt.Errorf("not a JSON object of the expected form: %w", err)
	}
	return nil
}

// story checks a line and makes the story of it.
func (l *line) story() (rafid.Story, error) {
	var none rafid.Story
	switch {
	case l.ID == "":
		return none, errors.New("no id")
	case strings.TrimSpace(l.Title) == "":
		return none, fmt.Errorf("story %q: the title is empty", clip(l.ID))
	case !hasArabic(l.Title) && !hasArabic(l.Summary) && !hasArabic(l.Text):
		return none, fmt.Errorf("story %q: no Arabic letter in it", clip(l.ID))
	}
	at, err := parseTime(l.Published)
	if err != nil {
		return none, fmt.Errorf("story %q: %w", clip(l.ID), err)
	}
	return rafid.Story{
		ID: l.ID, Source: l.Source, Link: l.URL, URL: l.URL,
		Title: l.Title, Summary: l.Summary, Content: l.Text, Published: at, FirstSeen: at,
	}, nil
}

func hasArabic(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x0600 && unicode.Is(unicode.Arabic, r) })
}

// layouts are the forms of time that are read; those without a zone are UTC.
var layouts = [...]string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"}

// parseTime reads when a story was published; "" is the zero time.
func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("published is %q, not a time like 2006-01-02T15:04:05Z", clip(s))
}

// clip shortens what an error message quotes.
func clip(s string) string {
	if n := runeCut(s, 60); n < len(s) {
		return s[:n] + "…"
	}
	return s
}

// lineError is a fault of one line; every other error ends the run.
func eachLine(r io.Reader, errw io.Writer, use func([]byte) error) error {
	in := bufio.NewReaderSize(r, 1<<16)
	bad, lines := 0, 0
	for n := 1; ; n++ {
		raw, tooLong, err := readLine(in)
		if len(bytes.TrimSpace(raw)) > 0 || tooLong {
			lines++
			fault := error(nil)
			if tooLong {
				fault = fmt.Errorf("longer than %d bytes", MaxLine)
			} else {
				fault = use(raw)
			}
			var wrote *writeError
			if errors.As(fault, &wrote) {
				return wrote.err
			}
			if fault != nil {
				bad++
				fmt.Fprintf(errw, "line %d: %s\n", n, oneLine(fault))
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if bad > 0 {
		return &InputError{Bad: bad, Lines: lines}
	}
	return nil
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// readLine reads up to the next line end. A line longer than [MaxLine] is read past and reported.
func readLine(in *bufio.Reader) (raw []byte, tooLong bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if !tooLong {
			raw = append(raw, part...)
		}
		if len(raw) > MaxLine {
			raw, tooLong = nil, true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return raw, tooLong, err
		}
	}
}

// writer writes JSON lines and tells its own faults from those of the input.
type writer struct {
	buf *bufio.Writer
	enc *json.Encoder
}

type writeError struct{ err error }

func (e *writeError) Error() string { return e.err.Error() }
func (e *writeError) Unwrap() error { return e.err }

func newWriter(w io.Writer) *writer {
	buf := bufio.NewWriter(w)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	return &writer{buf: buf, enc: enc}
}

func (w *writer) write(v any) error {
	if err := w.enc.Encode(v); err != nil {
		return &writeError{err}
	}
	return nil
}

func (w *writer) flush() error { return w.buf.Flush() }

// recentIDs is how many ids are remembered to find duplicates: 16 bytes each.
const recentIDs = 1 << 20

// recent remembers the last ids.
type recent struct {
	at    map[uint64]int // hash of the id → its story number
	ring  []uint64
	count int
}

func newRecent(size int) *recent {
	return &recent{at: make(map[uint64]int), ring: make([]uint64, 0, min(size, 1024))}
}

// add remembers id; it gives the number of the story that had it before, or 0.
func (r *recent) add(id string) int {
	h := hash64(id)
	if n := r.at[h]; n > 0 {
		return n
	}
	r.count++
	if len(r.ring) == recentIDs {
		i := r.count % recentIDs
		delete(r.at, r.ring[i])
		r.ring[i] = h
	} else {
		r.ring = append(r.ring, h)
	}
	r.at[h] = r.count
	return 0
}
