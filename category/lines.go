package category

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"rafid"
)

// MaxLine is the longest line that [Classifier.Lines] reads, in bytes.
const MaxLine = 5 << 20

// InputError says that some lines of the input could not be used. The others were.
type InputError struct {
	Bad   int // lines that could not be used
	Lines int // lines in all, empty ones not counted
}

func (e *InputError) Error() string {
	return fmt.Sprintf("%d of %d lines could not be used", e.Bad, e.Lines)
}

// line is a story as Lines reads it.
type line struct {
	ID        string   `json:"id"`
	Source    string   `json:"source"`
	URL       string   `json:"url"`
	Published string   `json:"published"`
	Title     string   `json:"title"`
	Summary   string   `json:"summary"`
	Text      string   `json:"text"`
	Lang      string   `json:"lang"`
	Labels    []string `json:"labels"`
}

// filed is a line that Lines writes.
type filed struct {
	ID         string  `json:"id"`
	Category   string  `json:"category"`
	Confidence float64 `json:"confidence"`
	Why        string  `json:"why"`
	Drop       bool    `json:"drop,omitempty"`
}

// Lines reads stories from r, one JSON object a line, and writes where each belongs to w, one JSON object a
// line in the same order. sources tells what is known of a story's source by its id; nil: nothing. A line
// that cannot be used gets one line on errw, with its number, and the rest goes on; then the error is an
// [*InputError]. Memory is bounded by the longest line.
func (c *Classifier) Lines(r io.Reader, w, errw io.Writer, sources func(id string) rafid.Source) error {
	in, out := bufio.NewReaderSize(r, 1<<16), bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	told := &InputError{}
	for n := 1; ; n++ {
		raw, end := readLine(in)
		if end != nil && !errors.Is(end, io.EOF) {
			return errors.Join(fmt.Errorf("line %d: %w", n, end), out.Flush())
		}
		if len(bytes.TrimSpace(raw)) > 0 {
			told.Lines++
			f, err := c.line(raw, sources)
			if err == nil {
				if err := enc.Encode(f); err != nil {
					return err
				}
			} else {
				told.Bad++
				fmt.Fprintf(errw, "line %d: %s\n", n, strings.Join(strings.Fields(err.Error()), " "))
			}
		}
		if end != nil {
			break
		}
	}
	if told.Bad > 0 {
		return errors.Join(told, out.Flush())
	}
	return out.Flush()
}

// readLine reads up to the next line end. Of a line longer than [MaxLine] it gives one byte more than that.
func readLine(in *bufio.Reader) (raw []byte, err error) {
	for {
		part, err := in.ReadSlice('\n')
		raw = append(raw, part[:min(len(part), MaxLine+1-len(raw))]...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return raw, err
		}
	}
}

func (c *Classifier) line(raw []byte, sources func(string) rafid.Source) (filed, error) {
	var l line
	switch {
	case len(raw) > MaxLine:
		return filed{}, fmt.Errorf("longer than %d bytes", MaxLine)
	case !utf8.Valid(raw):
		return filed{}, errors.New("not UTF-8")
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		return filed{}, fmt.Errorf("not a JSON object of the expected form: %w", err)
	}
	s, err := l.story()
	if err != nil {
		return filed{}, err
	}
	src := rafid.Source{ID: l.Source}
	if sources != nil {
		src = sources(l.Source)
	}
	s.Outlet = src.Outlet
	v := c.Classify(src, s)
	return filed{ID: l.ID, Category: v.Categories[0], Confidence: math.Round(1000*v.Confidence) / 1000, Why: v.Why, Drop: v.Drop}, nil
}

func (l *line) story() (rafid.Story, error) {
	if l.ID == "" {
		return rafid.Story{}, errors.New("no id")
	}
	s := rafid.Story{
		ID: l.ID, Source: l.Source, Link: l.URL, URL: l.URL, Title: l.Title, Summary: l.Summary, Lang: l.Lang, Labels: l.Labels,
	}
	if strings.TrimSpace(s.Summary) == "" {
		s.Summary = clip(l.Text)
	}
	if l.Published != "" {
		at, err := time.Parse(time.RFC3339, l.Published)
		if err != nil {
			return s, fmt.Errorf("story %q: published is %q, not a time like 2026-01-02T15:04:05Z", clip(l.ID), clip(l.Published))
		}
		s.Published, s.FirstSeen = at.UTC(), at.UTC()
	}
	return s, nil
}
