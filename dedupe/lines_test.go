package dedupe_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rafid"
	"rafid/dedupe"

	"github.com/google/go-cmp/cmp"
)

// asLine is the story as the line commands read it.
func asLine(s rafid.Story) string {
	b, err := json.Marshal(map[string]string{
		"id": s.ID, "source": s.Source, "url": s.URL, "published": s.Published.Format(time.RFC3339), "title": s.Title, "summary": s.Summary, "text": s.Content,
	})
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestGroupLines(t *testing.T) {
	t.Parallel()
	in := strings.Join([]string{asLine(bridge), asLine(dates), "", asLine(bridgeCopy), asLine(bridgeOwn)}, "\n")
	var out, faults bytes.Buffer
	if err := dedupe.GroupLines(strings.NewReader(in), &out, &faults, dedupe.Options{}); err != nil || faults.Len() > 0 {
		t.Fatalf("error %v, faults %q", err, faults.String())
	}
	type row struct{ ID, Group, Relation, Of string }
	var got []row
	for dec := json.NewDecoder(&out); ; {
		var r row
		if err := dec.Decode(&r); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	want := []row{
		{"bridge", "bridge", "lead", ""},
		{"dates", "dates", "lead", ""},
		{"bridge-copy", "bridge", "copy", "bridge"},
		{"bridge-own", "bridge", "same", "bridge"},
	}
	for i := range got {
		if i == 3 {
			got[i].Of = "bridge" // the copy is as close
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLinesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, line, want string }{
		{"broken JSON", `{"id":"x",`, "not a JSON object of the expected form"},
		{"another JSON value", `[1]`, "not a JSON object of the expected form"},
		{"two objects", asLine(dates) + asLine(dates), "not a JSON object of the expected form"},
		{"no id", `{"title":"خبر"}`, "no id"},
		{"an empty title", `{"id":"x","title":" ","text":"نص"}`, `story "x": the title is empty`},
		{"not Arabic", `{"id":"x","title":"Breaking news","text":"from abroad"}`, `story "x": no Arabic letter in it`},
		{"a date that is none", `{"id":"x","title":"خبر","published":"أمس"}`, "published is"},
		{"not UTF-8", "{\"id\":\"x\",\"title\":\"خب\xff\"}", "not UTF-8"},
		{"an id that was there", asLine(bridge), `id "bridge" was there before, as story 1`},
		{"longer than 5 MB", `{"id":"x","title":"خبر","text":"` + strings.Repeat("نص ", dedupe.MaxLine/5+1) + `"}`, "longer than 5242880 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := asLine(bridge) + "\n" + tt.line + "\r\n" + asLine(dates) + "\n"
			var out, faults bytes.Buffer
			err := dedupe.GroupLines(strings.NewReader(in), &out, &faults, dedupe.Options{})
			var bad *dedupe.InputError
			if !errors.As(err, &bad) || bad.Bad != 1 || bad.Lines != 3 {
				t.Errorf("error %v, want 1 of 3 lines", err)
			}
			if n := strings.Count(out.String(), "\n"); n != 2 {
				t.Errorf("%d stories came out, want the 2 good ones", n)
			}
			if got := faults.String(); !strings.HasPrefix(got, "line 2: ") || !strings.Contains(got, tt.want) || strings.Count(got, "\n") != 1 {
				t.Errorf("fault %q, want one line 2 with %q", got, tt.want)
			}
		})
	}
}

func TestCompareLines(t *testing.T) {
	t.Parallel()
	pair := func(a, b rafid.Story) string { return `{"a":` + asLine(a) + `,"b":` + asLine(b) + `}` }
	in := strings.Join([]string{
		pair(bridge, bridgeCopy), pair(bridge, bridgeOwn), `{"a":` + asLine(bridge) + `}`, pair(bridge, dates),
		`{"a":{"id":"x"},"b":` + asLine(bridge) + `}`, `{"b":{"id":"x"},"a":` + asLine(bridge) + `}`,
	}, "\n")
	var out, faults bytes.Buffer
	err := dedupe.CompareLines(strings.NewReader(in), &out, &faults, dedupe.Options{})
	var bad *dedupe.InputError
	if !errors.As(err, &bad) || bad.Bad != 3 || bad.Error() != "3 of 6 lines could not be used" {
		t.Errorf("error %v, want 3 of 6 lines", err)
	}
	var relations []string
	last := 2.0
	for line := range strings.Lines(out.String()) {
		var r struct {
			Relation string
			Score    float64
			Why      []string
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		relations = append(relations, r.Relation)
		if r.Score > last || len(r.Why) == 0 {
			t.Errorf("%s: score %v after %v, why %v", r.Relation, r.Score, last, r.Why)
		}
		last = r.Score
	}
	if diff := cmp.Diff([]string{"copy", "same", "different"}, relations); diff != "" {
		t.Errorf("relations (-want +got):\n%s", diff)
	}
	for _, want := range []string{`line 3: needs both "a" and "b"`, `line 5: a: story "x"`, `line 6: b: story "x"`} {
		if !strings.Contains(faults.String(), want) {
			t.Errorf("faults %q lack %q", faults.String(), want)
		}
	}
}

// What goes in before the window goes out before the end: memory does not grow with the input.
func TestGroupLinesStreams(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	var out counter
	done := make(chan error)
	go func() { done <- dedupe.GroupLines(r, &out, io.Discard, dedupe.Options{}) }()
	for i := range 2000 {
		s := dates
		s.ID = fmt.Sprint("s", i)
		s.Title = fmt.Sprintf("مهرجان رقم %d في الواحة", i)
		s.Summary = strings.Repeat(fmt.Sprintf("وصف المهرجان %d. ", i), 8)
		s.Published = noon.Add(time.Duration(i) * time.Hour)
		if _, err := io.WriteString(w, asLine(s)+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	early := out.n.Load()
	w.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if early < out.n.Load()/2 {
		t.Errorf("%d of %d bytes were out before the input ended", early, out.n.Load())
	}
}

func TestReadAndWriteFaults(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	if err := dedupe.GroupLines(failing{broken}, io.Discard, io.Discard, dedupe.Options{}); !errors.Is(err, broken) {
		t.Errorf("reading: error %v, want %v", err, broken)
	}
	if err := dedupe.GroupLines(strings.NewReader(asLine(bridge)), failing{broken}, io.Discard, dedupe.Options{}); !errors.Is(err, broken) {
		t.Errorf("writing: error %v, want %v", err, broken)
	}
}

// counter counts what is written to it.
type counter struct{ n atomic.Int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error)  { return 0, f.err }
func (f failing) Write([]byte) (int, error) { return 0, f.err }

func FuzzGroupLines(f *testing.F) {
	f.Add(asLine(bridge) + "\n" + asLine(bridgeOwn) + "\n" + asLine(bridgeCopy))
	f.Add(`{"id":"a","title":"عاجل | بالصور","text":"<p>اقرأ أيضا:</p><br>- (د ب أ) -","published":"2026-11-23"}`)
	f.Add(`{"id":"a","title":"خبر","published":"9999-12-31"}` + "\n" + `{"id":"b","title":"خبر","published":"0001-01-01"}`)
	f.Fuzz(func(t *testing.T, in string) {
		var first, second bytes.Buffer
		var bad *dedupe.InputError
		if err := dedupe.GroupLines(strings.NewReader(in), &first, io.Discard, dedupe.Options{}); err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		if err := dedupe.GroupLines(strings.NewReader(in), &second, io.Discard, dedupe.Options{}); err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		if first.String() != second.String() {
			t.Fatalf("two runs differ:\n%s\n%s", first.String(), second.String())
		}
	})
}

func ExampleGroupLines() {
	in := strings.NewReader(asLine(bridge) + "\nnot a story\n" + asLine(dates) + "\n")
	err := dedupe.GroupLines(in, io.Discard, os.Stdout, dedupe.Options{})
	fmt.Println(err)
	// Output:
	// line 2: not a JSON object of the expected form: invalid character 'o' in literal null (expecting 'u')
	// 1 of 3 lines could not be used
}
