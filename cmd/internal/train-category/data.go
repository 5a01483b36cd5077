package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rafid/category"
)

// sample is one text as the model sees it.
type sample struct {
	set, source string    // held out by source in the first set, by set in the second
	section     int       // index in category.Sections
	place       int       // of news: 0 politics, 1 world, -1 not told apart there
	features    []feature // of title and summary: what feeds give, and what is judged
	short       []feature // of the title alone, or of the first words where there is none
	long        []feature // of title and article, to learn more words from; nil when there is no more
}

type feature struct {
	bucket uint32
	weight float32
}

// row is what both files have in common.
type row struct {
	Set, Source, Section, Category, Title, Summary, Text string
}

func load(dir string) ([]sample, error) {
	stories, err := read(filepath.Join(dir, "stories-2018.jsonl.gz"), func(r *row) {
		r.Set, r.Category = "stories", r.Section
	})
	if err != nil {
		return nil, err
	}
	texts, err := read(filepath.Join(dir, "categories.jsonl.gz"), func(r *row) {
		if r.Set == "newspapers2012" && len(r.Source) > 2 {
			r.Source = r.Source[:2] // the country; what follows is the category
		}
	})
	return append(stories, texts...), err
}

func read(path string, adapt func(*row)) (samples []sample, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	zip, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(zip)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, err
		}
		adapt(&r)
		if s, ok := r.sample(); ok {
			samples = append(samples, s)
		}
	}
	return samples, lines.Err()
}

// maxWords is how much of an article stands for the summary that its set does not have: as long as
// feeds' summaries are.
const maxWords = 45

// headlineWords is how long a headline is.
const headlineWords = 12

func (r *row) sample() (sample, bool) {
	s := sample{set: r.Set, source: r.Set + "/" + r.Source, place: -1}
	class := r.Category
	switch class {
	case "internationalNews", "world":
		class, s.place = "news", 1
	case "middleEast":
		class, s.place = "news", 0
	case "politics":
		class = "news"
		if r.Set == "sanad" {
			return s, false // most of what this sample of the set files here is business news
		}
	case "technology", "science":
		class = "tech"
	}
	if s.section = slices.Index(category.Sections(), class); s.section < 0 {
		return s, false // local and society: one outlet's alone, and no model can tell whose "local"
	}
	summary := r.Summary
	if summary == "" {
		words := strings.Fields(r.Text)
		summary = strings.Join(words[:min(len(words), maxWords)], " ")
	}
	s.features = features(r.Title, summary)
	if s.short = features(r.Title, ""); r.Title == "" {
		words := strings.Fields(summary)
		s.short = features(strings.Join(words[:min(len(words), headlineWords)], " "), "")
	}
	if len(r.Text) > len(summary)*3/2 {
		s.long = features(r.Title, r.Text)
	}
	return s, len(s.features) > 0
}

func features(title, text string) (out []feature) {
	category.Features(title, text, func(bucket uint32, weight float32) {
		out = append(out, feature{bucket, weight})
	})
	return out
}
