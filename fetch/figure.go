package fetch

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"rafid/arabic"
)

// figure is a picture inside a text.
type figure struct {
	url, alt string
}

// figure notes the picture of an img element, unless it is there for something else than to be looked at.
func (b *blockReader) figure(attrs []byte) {
	f := figure{}
	tiny := false
	attributes(attrs, func(name, value []byte) {
		v := strings.TrimSpace(references(string(value)))
		switch n := strings.ToLower(string(name)); n {
		case "src":
			if !strings.HasPrefix(v, "data:") {
				f.url = cmp.Or(f.url, v)
			}
		case "data-src", "data-lazy-src", "data-original", "data-lazy", "data-original-src":
			if !strings.HasPrefix(v, "data:") {
				f.url = cmp.Or(v, f.url)
			}
		case "srcset", "data-srcset":
			f.url = cmp.Or(f.url, widest(v))
		case "alt":
			f.alt = arabic.Clean(v)
		case "class":
			tiny = tiny || strings.Contains(v, "wp-smiley") || strings.Contains(v, "emoji")
		case "width", "height":
			tiny = tiny || v == "0" || v == "1" || v == "1px"
		}
	})
	if f.url != "" && !tiny && !ornament(f.url) {
		b.figures = append(b.figures, f)
	}
}

// widest is the address with the greatest descriptor in a srcset.
func widest(set string) (address string) {
	most := -1.0
	for one := range strings.SplitSeq(set, ", ") {
		fields := strings.Fields(one)
		if len(fields) == 0 {
			continue
		}
		n := 0.0
		if len(fields) > 1 {
			n, _ = strconv.ParseFloat(strings.TrimRight(fields[1], "wx,"), 64) // 0 when it is none
		}
		if n > most {
			address, most = strings.Trim(fields[0], ","), n
		}
	}
	return address
}

// ornaments are parts of the addresses of pictures that count readers, or stand for a letter.
var ornaments = []string{"/~ff/", "/~r/", "/~4/", "/emoji/", "/smilies/", "stats.wordpress.com", "pixel.wp.com", "feedburner.com/~", "feeds.feedburner", "doubleclick.net", "/spacer.", "/blank.gif", "/pixel.", "1x1."}

func ornament(address string) bool {
	return slices.ContainsFunc(ornaments, func(part string) bool { return strings.Contains(address, part) })
}

// within counts the elements of the caption's name; with the last one the caption ends at i. A paragraph
// holds no paragraph: the next one ends it.
func (b *blockReader) within(k kind, i int) {
	if k == open && b.caption != "p" {
		b.nested++
		return
	}
	if b.nested--; b.nested <= 0 || k == open {
		b.flush(i)
		b.caption = ""
	}
}

// captions says that an element holds the caption of a picture, by its kind or its class.
func captions(name string, attrs []byte) (is bool) {
	switch name {
	case "figcaption":
		return true
	case "p", "div", "span", "dd", "small":
		attributes(attrs, func(key, value []byte) {
			is = is || equal(key, "class") && bytes.Contains(bytes.ToLower(value), []byte("caption"))
		})
	}
	return is
}
