package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rafid"
	"rafid/arabic"
	"rafid/dedupe"
)

// dataset is the labelled data as it is read.
type dataset struct {
	stories    []story
	days       []dayLabel
	pairs      []pairLabel
	headlines  []headlinePair
	stances    []headlinePair
	background []string // further texts that only count words
}

type story struct {
	ID, Source, URL, Published, Title, Summary, Text string
}

type dayLabel struct{ Day, ID, Story, Thread string }

type pairLabel struct {
	A, B, Label, Stratum string
	Weight               float64
}

type headlinePair struct {
	A, B   string
	Same   bool
	Stance string
}

// load reads the files of the data folder.
func load(dir string) (*dataset, error) {
	var d dataset
	var texts []story
	for _, step := range []func() error{
		func() (err error) { d.stories, err = rows[story](dir, "stories-2018"); return },
		func() (err error) { d.days, err = rows[dayLabel](dir, "days-2018"); return },
		func() (err error) { d.pairs, err = rows[pairLabel](dir, "pairs-2018"); return },
		func() (err error) { d.headlines, err = rows[headlinePair](dir, "headlines-same"); return },
		func() (err error) { d.stances, err = rows[headlinePair](dir, "headlines-contradict"); return },
		func() (err error) { texts, err = rows[story](dir, "categories"); return },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	for _, t := range texts {
		d.background = append(d.background, t.Title+"\n"+t.Summary+"\n"+t.Text)
	}
	return &d, nil
}

// rows reads a gzipped file of JSON lines.
func rows[T any](dir, name string) ([]T, error) {
	f, err := os.Open(filepath.Join(dir, name+".jsonl.gz"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var all []T
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, dedupe.MaxLine)
	for lines.Scan() {
		var row T
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("%s: row %d: %w", name, len(all)+1, err)
		}
		all = append(all, row)
	}
	return all, lines.Err()
}

// rafid is the story as the engine takes it.
func (s story) rafid() rafid.Story {
	at, err := time.Parse(time.RFC3339, s.Published)
	if err != nil {
		at = time.Time{}
	}
	return rafid.Story{ID: s.ID, Source: s.Source, URL: s.URL, Title: s.Title, Summary: s.Summary, Content: s.Text, Published: at}
}

// countWords is how far into a text words are counted: as far as a feed's summary goes.
const countWords = 60

// shares counts in what share of the texts each key stands. Keys of fewer than three texts are left out:
// they weigh what a word never seen weighs.
func (d *dataset) shares() map[uint32]float64 {
	df := make(map[uint32]int)
	docs := 0
	count := func(text string) {
		docs++
		seen := make(map[uint32]bool)
		for i, t := range arabic.Terms(text) {
			if k := dedupe.KeyHash(t.Key); i < countWords && !seen[k] {
				seen[k] = true
				df[k]++
			}
		}
	}
	for _, s := range d.stories {
		count(s.Title + "\n" + s.Summary)
	}
	for _, t := range d.background {
		count(firstBytes(t, 16*countWords))
	}
	share := make(map[uint32]float64)
	for k, n := range df {
		if n >= 3 {
			share[k] = float64(n) / float64(docs)
		}
	}
	return share
}

func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
