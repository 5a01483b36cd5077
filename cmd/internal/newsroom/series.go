package newsroom

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// series is a template that returns with other numbers.
type series struct {
	id, outlet, category string
	places               []string
	numbers              map[string]span
	text                 text
}

// span is what a number of a series moves in.
type span struct {
	low, high float64
	decimals  int
}

func loadSeries() ([]series, error) {
	parts, err := loadArchive("series.txt")
	if err != nil {
		return nil, err
	}
	var all []series
	for _, f := range parts {
		id, part, _ := strings.Cut(f.Name, "/")
		switch part {
		case "vars":
			s := series{id: id, numbers: map[string]span{}}
			for _, l := range lines(f.Data) {
				if err := s.set(l); err != nil {
					return nil, fmt.Errorf("world/series.txt: %s: %w", id, err)
				}
			}
			all = append(all, s)
		case "text":
			all[len(all)-1].text = parseText(f.Data)
		default:
			return nil, fmt.Errorf("world/series.txt: %s: unknown part", f.Name)
		}
	}
	return all, nil
}

func (s *series) set(line string) error {
	key, value, ok := strings.Cut(line, ": ")
	if !ok {
		return fmt.Errorf("%q: want NAME: VALUE", line)
	}
	switch key {
	case "outlet":
		s.outlet = value
	case "category":
		s.category = value
	case "place":
		s.places = strings.Split(value, "|")
	default:
		var n span
		if _, err := fmt.Sscanf(value, "%f %f %d", &n.low, &n.high, &n.decimals); err != nil {
			return fmt.Errorf("%q: want LOW HIGH DECIMALS: %w", line, err)
		}
		s.numbers[key] = n
	}
	return nil
}

// at fills the template for a moment in the outlet's own zone.
func (s *series) at(r *rand.Rand, t time.Time) text {
	pairs := []string{
		"{place}", s.places[r.IntN(len(s.places))],
		"{weekday}", weekday(t), "{date}", day(t), "{time}", t.Format("15:04"),
	}
	for _, name := range []string{"a", "b", "c"} {
		n, ok := s.numbers[name]
		if !ok {
			continue
		}
		v := n.low + r.Float64()*(n.high-n.low)
		pairs = append(pairs, "{"+name+"}", strconv.FormatFloat(v, 'f', n.decimals, 64))
	}
	fill := strings.NewReplacer(pairs...)
	filled := text{head: fill.Replace(s.text.head)}
	for _, l := range s.text.lines {
		filled.lines = append(filled.lines, fill.Replace(l))
	}
	return filled
}

func weekday(t time.Time) string {
	return [...]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"}[t.Weekday()]
}

// day is a date as Gulf and Egyptian outlets write it.
func day(t time.Time) string {
	months := [...]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"}
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}
