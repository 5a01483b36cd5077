package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunWithoutData(t *testing.T) {
	t.Parallel()
	if err := run(t.Context(), []string{"-shared", t.TempDir()}, io.Discard, io.Discard); !os.IsNotExist(err) {
		t.Errorf("error %v, want that the data do not exist", err)
	}
}

func TestAlike(t *testing.T) {
	t.Parallel()
	set := func(words ...string) map[string]bool {
		m := make(map[string]bool)
		for _, w := range words {
			m[w] = true
		}
		return m
	}
	tests := []struct {
		name string
		a, b map[string]bool
		want bool
	}{
		{"nothing in common", set("a"), set("b"), false},
		{"both empty", set(), set(), false},
		{"half", set("a", "b", "c"), set("a", "b", "d"), true},
		{"less than half", set("a", "b", "c"), set("a", "d"), false},
	}
	for _, tt := range tests {
		if got := alike(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A shared folder of two stories and a stand-in for score.py: every line of the table is printed.
func TestRunPrintsATable(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3, which score.py needs")
	}
	shared := t.TempDir()
	stories := `{"id":"a","source":"x","published":"2018-04-04","title":"سعر القمح اليوم 4 أبريل","text":"بلغ السعر 12 دينارا"}` + "\n" +
		`{"id":"b","source":"x","published":"2018-04-05","title":"سعر القمح اليوم 5 أبريل","text":"بلغ السعر 13 دينارا"}` + "\n"
	for name, rows := range map[string]string{"stories-2018": stories, "series-2025": stories, "pairs-2018": `{"a":"a","b":"b","label":"DUP"}`} {
		var buf bytes.Buffer
		z := gzip.NewWriter(&buf)
		_, _ = io.WriteString(z, rows)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(shared, "data", name+".jsonl.gz"), buf.String())
	}
	var labels bytes.Buffer
	z := gzip.NewWriter(&labels)
	_, _ = io.WriteString(z, `{"day":"d","id":"a","thread":"t"}`+"\n"+`{"day":"d","id":"b","thread":"t"}`+"\n"+`{"day":"e","id":"c"}`+"\n")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(shared, "data", "days-2018.jsonl.gz"), labels.String())
	write(t, filepath.Join(shared, "tools", "score.py"), `import sys
if sys.argv[1] == "inputs":
    print('{"a":{"id":"a","title":"خبر"},"b":{"id":"b","title":"خبر"}}')
else:
    print({"groups": '{"day": {"b3_f": 0.5}, "pairs": {"weighted_r": 0.5}}', "headlines": '{"auc": 0.5}', "contradict": '{"disagree": {"called_same": 0.1}}', "semeval": '{"pearson": 0.5}'}[sys.argv[2]])
`)
	var out, faults strings.Builder
	if err := run(t.Context(), []string{"-shared", shared}, &out, &faults); err != nil {
		t.Fatal(err, faults.String())
	}
	for _, want := range []string{"| day: B-cubed F", "| pairs: weighted", "called copies: precision / recall | 0.000 of 0 / 0.000 of 1 |", "pairs that change | 0.000 of 0 |", "AUC | 0.500", "same (agreeing ones) | 0.100", "Pearson; Spearman | 0.500", "different days merged | 0 of 1 |", "| threads of d: B-cubed F"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
}

func TestApart(t *testing.T) {
	t.Parallel()
	ordered := map[string]string{"a": "1", "b": "1", "c": "1", "d": "2"}
	tests := []struct {
		name  string
		other map[string]string
		want  float64
	}{
		{"the same under other names", map[string]string{"a": "x", "b": "x", "c": "x", "d": "y"}, 0},
		{"one moved: two pairs lost, one won", map[string]string{"a": "x", "b": "x", "c": "y", "d": "y"}, 0.75},
		{"each alone", map[string]string{"a": "w", "b": "x", "c": "y", "d": "z"}, 1},
	}
	for _, tt := range tests {
		if got := apart(ordered, tt.other); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if got := apart(map[string]string{"a": "1"}, map[string]string{"a": "2"}); got != 0 {
		t.Errorf("no pairs at all: %v, want 0", got)
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestThreadsOf(t *testing.T) {
	t.Parallel()
	got, err := threadsOf([]byte(`{"id":"a","group":"a"}
{"id":"b","group":"b","thread":"a"}
{"id":"c","group":"b"}
{"id":"d","group":"d","thread":"b"}
{"id":"e","group":"e","thread":"f"}
`))
	want := map[string]string{"a": "a", "b": "a", "c": "a", "d": "a", "e": "f"}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if _, err := threadsOf([]byte("no JSON\n")); err == nil {
		t.Error("no error for a line that is no JSON")
	}
}

func TestAgreement(t *testing.T) {
	t.Parallel()
	labels := []label{{ID: "a", Thread: "1"}, {ID: "b", Thread: "1"}, {ID: "c", Thread: "2"}, {ID: "d", Thread: "2"}}
	tests := []struct {
		name  string
		found map[string]string
		want  accord
	}{
		{"as labelled", map[string]string{"a": "x", "b": "x", "c": "y", "d": "y"}, accord{1, 1, 1}},
		{"all in one", map[string]string{"a": "x", "b": "x", "c": "x", "d": "x"}, accord{2.0 / 3, 1.0 / 3, 1}},
		{"each alone", map[string]string{"a": "a", "b": "b", "c": "c", "d": "d"}, accord{2.0 / 3, 0, 0}},
	}
	for _, tt := range tests {
		if got := agreement(labels, tt.found); math.Abs(got.b3-tt.want.b3) > 1e-9 || math.Abs(got.p-tt.want.p) > 1e-9 || got.r != tt.want.r {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
