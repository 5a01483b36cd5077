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

// corpus is the labelled texts. Features are numbered in order of appearance: telling apart all that hash to
// one bucket is what shows which of them only one source uses.
type corpus struct {
	samples []sample
	ids     map[uint32]uint32 // by hash
	buckets []int             // by id
}

// sample is one text as the model sees it.
type sample struct {
	set, source string      // held out by source in the first set, by set in the second
	section     int         // index in category.Sections
	place       int         // of news: 0 politics, 1 world, -1 not told apart there
	features    []feature   // of title and summary: what feeds give, and what is judged
	short       []feature   // of the title alone, or of the first words where there is none
	long        []feature   // of title and article; nil when there is no more than the summary
	parts       [][]feature // of what follows in the article, cut to the length of summaries
}

// texts are all texts of a sample that are learned from.
func (s *sample) texts() [][]feature {
	return append([][]feature{s.features, s.short, s.long}, s.parts...)
}

type feature struct {
	id     uint32
	weight float32
}

// row is what both files have in common.
type row struct {
	Set, Source, Section, Category, Title, Summary, Text string
}

func load(dir string) (*corpus, error) {
	c := &corpus{ids: make(map[uint32]uint32)}
	err := c.read(filepath.Join(dir, "stories-2018.jsonl.gz"), func(r *row) {
		r.Set, r.Category = "stories", r.Section
	})
	if err != nil {
		return nil, err
	}
	err = c.read(filepath.Join(dir, "categories.jsonl.gz"), func(r *row) {
		if r.Set == "newspapers2012" && len(r.Source) > 2 {
			r.Source = r.Source[:2] // the country; what follows is the category
		}
	})
	c.placeWhereBothAre()
	return c, err
}

// placeWhereBothAre leaves the side of the world only to sources that tell both sides apart: where all news from
// abroad is one section, it says nothing of where abroad is.
func (c *corpus) placeWhereBothAre() {
	sides := make(map[string][2]bool)
	for _, s := range c.samples {
		if s.place >= 0 {
			seen := sides[s.source]
			seen[s.place] = true
			sides[s.source] = seen
		}
	}
	for i := range c.samples {
		if s := &c.samples[i]; sides[s.source] != [2]bool{true, true} {
			s.place = -1
		}
	}
}

func (c *corpus) read(path string, adapt func(*row)) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	zip, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(zip)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return err
		}
		adapt(&r)
		if s, ok := c.sample(&r); ok {
			c.samples = append(c.samples, s)
		}
	}
	return lines.Err()
}

// How texts are cut.
const (
	maxWords      = 45 // of an article, for the summary that its set does not have: as long as feeds' are
	minWords      = 20 // of a part: the last words of an article say little
	maxParts      = 8  // of an article: the most that the longest of the data have
	headlineWords = 12
)

func (c *corpus) sample(r *row) (sample, bool) {
	s := sample{set: r.Set, source: r.Set + "/" + r.Source}
	if s.section, s.place = r.section(); s.section < 0 {
		return s, false
	}
	words := strings.Fields(r.Text)
	summary := r.Summary
	if summary == "" {
		summary = strings.Join(words[:min(len(words), maxWords)], " ")
	}
	s.features = c.features(r.Title, summary)
	if s.short = c.features(r.Title, ""); r.Title == "" {
		words := strings.Fields(summary)
		s.short = c.features(strings.Join(words[:min(len(words), headlineWords)], " "), "")
	}
	if len(r.Text) > len(summary)*3/2 {
		s.long = c.features(r.Title, r.Text)
	}
	for i := maxWords; i+minWords < len(words) && len(s.parts) < maxParts; i += maxWords {
		s.parts = append(s.parts, c.features("", strings.Join(words[i:min(i+maxWords, len(words))], " ")))
	}
	return s, len(s.features) > 0
}

// section gives the index of the section in category.Sections, -1 for none, and on which side of the world it
// lies.
func (r *row) section() (section, place int) {
	class, place := r.Category, -1
	switch class {
	case "internationalNews", "world":
		class, place = "news", 1
	case "middleEast":
		class, place = "news", 0
	case "politics":
		class = "news"
		if r.Set == "sanad" {
			return -1, -1 // most of what this sample of the set files here is business news
		}
	case "technology", "science":
		class = "tech"
	}
	// Local and society are one outlet's alone, and no model can tell whose "local" it is.
	return slices.Index(category.Sections(), class), place
}

func (c *corpus) features(title, text string) (out []feature) {
	category.Features(title, text, func(hash uint32, weight float32) {
		id, known := c.ids[hash]
		if !known {
			id = uint32(len(c.buckets))
			c.ids[hash] = id
			c.buckets = append(c.buckets, category.Bucket(hash))
		}
		out = append(out, feature{id, weight})
	})
	return out
}
