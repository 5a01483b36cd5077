package fetch

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
)

// picture finds the picture of an item among its extensions and enclosures: media:content (the widest,
// inside groups too), media:thumbnail, an enclosure, itunes:image. Media of other kinds become
// enclosures.
func (it *item) picture(e ext.Extensions, itunes *ext.ITunesItemExtension) {
	m := e["media"]
	groups := []map[string][]ext.Extension{m}
	for _, g := range m["group"] {
		groups = append(groups, g.Children)
	}
	best := -1
	for _, g := range groups {
		for _, c := range g["content"] {
			u := strings.TrimSpace(c.Attrs["url"])
			if u == "" {
				continue
			}
			if !pictured(c.Attrs, u) {
				it.enclosures = append(it.enclosures, Enclosure{URL: u, Type: c.Attrs["type"], Length: c.Attrs["fileSize"]})
				continue
			}
			if w, _ := strconv.Atoi(c.Attrs["width"]); w > best {
				best = w
				it.image = Picture{URL: u}
				it.caption = cmp.Or(text1(c.Children, "description"), text1(c.Children, "title"), text1(g, "description"))
			}
		}
	}
	for _, g := range groups {
		for _, t := range g["thumbnail"] {
			it.image.URL = cmp.Or(it.image.URL, t.Attrs["url"], t.Value)
		}
	}
	for _, c := range it.enclosures {
		if it.image.URL == "" && pictured(map[string]string{"type": c.Type}, c.URL) {
			it.image.URL = c.URL
		}
	}
	if itunes != nil {
		it.image.URL = cmp.Or(it.image.URL, itunes.Image)
	}
	for _, i := range append(e["itunes"]["image"], e["itunes"]["link"]...) {
		if i.Name == "image" || i.Attrs["rel"] == "image" {
			it.image.URL = cmp.Or(it.image.URL, i.Attrs["href"], i.Attrs["url"], i.Value)
		}
	}
}

// elementAddress reads the address in an <image> of an item: bare, or in a <url> as in that of a channel.
func elementAddress(raw string) string {
	doc := []byte(raw)
	for i := 0; ; {
		m, ok := next(doc, i)
		if !ok {
			return address(raw[i:])
		}
		switch {
		case m.kind == cdata:
			return address(raw[m.start+len("<![CDATA[") : m.end-len("]]>")])
		case m.kind == open && !equal(m.name, "url"):
			m.end = skipElement(raw, m.end, string(m.name))
		case m.kind == closing:
			return address(raw[i:m.start])
		}
		i = m.end
	}
}

// address is s if that may be an address of a file on the web.
func address(s string) string {
	if s = strings.TrimSpace(s); strings.ContainsAny(s, "<> \n") || !strings.ContainsAny(s, "/.") {
		return ""
	}
	return s
}

// media adds what media:* tells about the item itself: its categories, and its description where the
// item has none of its own.
func (it *item) media(e ext.Extensions) {
	m := e["media"]
	if m == nil {
		return
	}
	groups := []map[string][]ext.Extension{m}
	for _, g := range m["group"] {
		groups = append(groups, g.Children)
	}
	for _, g := range groups {
		it.summary.or(text1(g, "description"))
		for _, c := range g["category"] {
			if c.Value != "" {
				it.categories = append(it.categories, Category{Term: c.Value, Scheme: cmp.Or(c.Attrs["scheme"], mediaScheme), Label: c.Attrs["label"]})
			}
		}
	}
}

// mediaScheme is the scheme of media:category that names none (Media RSS 1.5.1).
const mediaScheme = "http://search.yahoo.com/mrss/category_schema"

// podcastScheme marks the categories of Apple's directory, which are not the outlet's sections.
const podcastScheme = "http://www.itunes.com/"

// podcastCategories reads itunes:category, nested ones too, and itunes:keywords, each once.
func podcastCategories(it map[string][]ext.Extension) []Category {
	var out []Category
	add := func(term string) {
		c := Category{Term: strings.TrimSpace(term), Scheme: podcastScheme}
		if c.Term != "" && len(out) < maxPeople && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	for _, c := range it["category"] {
		add(cmp.Or(c.Attrs["text"], c.Value))
		for _, sub := range c.Children["category"] {
			add(sub.Attrs["text"])
		}
	}
	for _, k := range it["keywords"] {
		for term := range strings.SplitSeq(k.Value, ",") {
			add(term)
		}
	}
	return out
}

// pictured says that a medium is an image, by its type, its medium or, when both are silent, its name.
func pictured(attrs map[string]string, address string) bool {
	switch t := strings.ToLower(attrs["type"]); {
	case attrs["medium"] != "":
		return strings.EqualFold(attrs["medium"], "image")
	case t != "":
		return strings.HasPrefix(t, "image")
	}
	path, _, _ := strings.Cut(strings.ToLower(address), "?")
	for _, suffix := range []string{".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"} {
		if strings.HasSuffix(path, suffix) {
			return true
		}
	}
	return false
}
