package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rafid/dedupe"
)

func TestRunSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	err := run([]string{"-data", t.TempDir(), "-out", t.TempDir()}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "stories-2018") {
		t.Errorf("error %v, want one that names the missing file", err)
	}
}

// What is committed is what the command writes.
func TestFrequenciesAreReproducible(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("reads 45,000 texts")
	}
	data := filepath.Join("..", "..", "..", shared())
	if os.Getenv("RAFID_SHARED") != "" {
		data = shared()
	}
	set, err := load(data)
	if err != nil {
		t.Skip("no labelled data at ../shared/data: ", err)
	}
	committed, err := os.ReadFile(filepath.Join("..", "..", "..", "dedupe", "frequencies.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if string(dedupe.PackFrequencies(set.shares())) != string(committed) {
		t.Error("dedupe/frequencies.bin is not what the data give: run train-link -frequencies, then train-link")
	}
}

// So are the tables that take longer to make.
func TestTablesAreReproducible(t *testing.T) {
	t.Parallel()
	if os.Getenv("RAFID_ALL") == "" {
		t.Skip("makes every table anew, which takes a minute: set RAFID_ALL=1")
	}
	root := filepath.Join("..", "..", "..")
	data := filepath.Join(root, shared())
	if os.Getenv("RAFID_SHARED") != "" {
		data = shared()
	}
	if _, err := os.Stat(data); err != nil {
		t.Skip("no labelled data at ../shared/data: ", err)
	}
	out := t.TempDir()
	for _, args := range [][]string{{"-words"}, {"-meanings"}, {}} {
		if err := run(append(args, "-data", data, "-out", out), io.Discard, io.Discard); err != nil {
			t.Fatalf("%v: %v", args, err)
		}
	}
	for name, folder := range map[string]string{"words.bin": "arabic", "meanings.bin": "dedupe", "link.json": "dedupe", "title.json": "dedupe"} {
		made, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		if committed, err := os.ReadFile(filepath.Join(root, folder, name)); err != nil || string(made) != string(committed) {
			t.Errorf("%s/%s is not what the data give (%v): make the tables anew as the command's comment says", folder, name, err)
		}
	}
}

// A small invented press, labelled, goes through everything: counting, training, holding days out.
func TestRunOnAnInventedPress(t *testing.T) {
	t.Parallel()
	data, out := t.TempDir(), t.TempDir()
	var stories, days, pairs, headlines, stances, texts []any
	for day := range 2 {
		for event := range 12 {
			for outlet := range 3 {
				id := fmt.Sprintf("%d-%d-%d", day, event, outlet)
				name := fmt.Sprintf("حي%c%c", 'ا'+rune(event+7), 'ب'+rune(day+outlet/3))
				stories = append(stories, map[string]string{
					"id": id, "source": fmt.Sprint("o", outlet), "published": fmt.Sprintf("2018-04-%02dT%02d:00:00Z", 4+5*day, event),
					"title": fmt.Sprintf("افتتاح سوق %s رقم %d", name, event), "summary": fmt.Sprintf("افتتحت البلدية سوق %s بعد ترميم دام %d شهرا بمشاركة %d تاجرا.", name, event+3, outlet),
				})
				days = append(days, map[string]string{"day": fmt.Sprintf("2018-04-%02d", 4+5*day), "id": id, "story": fmt.Sprintf("%d-%d", day, event)})
			}
			a, b := fmt.Sprintf("افتتاح سوق %d", event), fmt.Sprintf("إغلاق متحف %d", event)
			headlines = append(headlines, map[string]any{"a": a, "b": a + " الجديد", "same": true}, map[string]any{"a": a, "b": b, "same": false})
			stances = append(stances, map[string]any{"a": a, "b": a, "stance": "agree"}, map[string]any{"a": a, "b": b, "stance": "disagree"})
			texts = append(texts, map[string]any{"title": a, "text": strings.Repeat(b+" ", 200)})
		}
	}
	pairs = append(pairs, map[string]any{"a": "0-0-0", "b": "1-0-0", "label": "DIFF", "stratum": "x", "weight": 3})
	for name, rows := range map[string][]any{"stories-2018": stories, "days-2018": days, "pairs-2018": pairs, "headlines-same": headlines, "headlines-contradict": stances, "categories": texts} {
		pack(t, filepath.Join(data, name+".jsonl.gz"), rows)
	}
	for _, args := range [][]string{{"-words"}, {"-frequencies"}, {"-meanings"}, {}, {"-holdout"}} {
		var printed strings.Builder
		if err := run(append(args, "-data", data, "-out", out), &printed, io.Discard); err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		if slices.Contains(args, "-holdout") && !strings.Contains(printed.String(), "mean of unseen days") {
			t.Errorf("printed %q, want the mean of the days", printed.String())
		}
	}
	for _, name := range []string{"link.json", "title.json"} {
		packed, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := dedupe.ReadForest(packed); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func pack(t *testing.T, name string, rows []any) {
	t.Helper()
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	enc := json.NewEncoder(z)
	for _, r := range rows {
		if err := enc.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
