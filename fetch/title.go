package fetch

import (
	"slices"
	"strings"

	"rafid/arabic"
)

// decorations are words that outlets put before a headline to say what comes with it or how urgent it
// is, as arabic.FoldKey leaves them.
var decorations = map[string]bool{
	"عاجل": true, "خبر عاجل": true, "بالصور": true, "صور": true, "بالفيديو": true, "فيديو": true, "بالصور والفيديو": true, "بالفيديو والصور": true, "فيديو وصور": true, "صور وفيديو": true,
	"شاهد": true, "بالاسما": true, "بالارقام": true, "بالوثايق": true, "بالوثيقه": true, "وثيقه": true, "انفوغراف": true, "انفوجراف": true, "انفوغرافيك": true, "انفوجرافيك": true, "بالانفوغراف": true, "مباشر": true, "بث مباشر": true, "خاص": true, "حصري": true, "محدث": true, "تحديث": true, "الان": true, "video": true, "exclusive": true, "breaking": true,
}

// marks are what stands between a decoration and the headline.
const marks = "|:-–—.…!؛/،«»[]()\"*•🔴⚡️ "

// decorationWords is the most words of a decoration.
const decorationWords = 3

// headline takes a cleaned title apart: the headline, and the decorations around it («عاجل |»,
// «بالصور..», one of the outlets' names behind a bar).
func headline(title string, outlets ...string) (bare string, decoration []string) {
	bare = title
	for {
		d, rest, ok := leading(bare)
		if !ok {
			break
		}
		decoration = append(decoration, d)
		bare = rest
	}
	if rest, d, ok := trailing(bare, outlets); ok {
		decoration = append(decoration, d)
		bare = rest
	}
	return bare, decoration
}

// leading cuts a decoration off the front. It must be set off by a mark: «شاهد الرئيس» is a sentence.
func leading(s string) (decoration, rest string, ok bool) {
	s = strings.TrimLeft(s, marks)
	at := strings.IndexAny(s, "|:–—.…!؛/،[]()-")
	if at <= 0 {
		return "", "", false
	}
	word := s[:at]
	if strings.Count(strings.TrimSpace(word), " ") >= decorationWords || !decorations[arabic.FoldKey(word)] {
		return "", "", false
	}
	rest = strings.TrimLeft(s[at:], marks)
	if open := strings.IndexAny(s[at:], "«\"(["); open >= 0 && open <= len(s[at:])-len(rest) { // a quote opens the headline
		rest = s[at+open:]
	}
	if strings.Count(rest, " ") < 1 {
		return "", "", false
	}
	return strings.TrimSpace(word), rest, true
}

// trailing cuts the outlet's name, or a decoration, off the end: «… | العربية», «… (فيديو)».
func trailing(s string, outlets []string) (rest, decoration string, ok bool) {
	if strings.HasSuffix(s, ")") || strings.HasSuffix(s, "]") {
		if at := strings.LastIndexAny(s, "(["); at > 0 && decorations[arabic.FoldKey(s[at:])] {
			return strings.TrimRight(s[:at], " -–—|.…"), strings.Trim(s[at:], "()[]"), true
		}
	}
	for _, bar := range []string{" | ", " - ", " – ", " — "} {
		at := strings.LastIndex(s, bar)
		if at <= 0 {
			continue
		}
		key := arabic.FoldKey(s[at:])
		if decorations[key] || slices.ContainsFunc(outlets, func(name string) bool { return name != "" && key == arabic.FoldKey(name) }) {
			return strings.TrimSpace(s[:at]), strings.TrimSpace(s[at+len(bar):]), true
		}
	}
	return s, "", false
}

// line is a text as one line: no tags, references decoded, no invisible marks, no decorative tatweel.
func line(t text) string {
	t.value = remade(t.value)
	v := t.value
	if !t.plain && strings.ContainsAny(v, "<&") {
		blocks, _ := blocksOf(unwrap(t))
		parts := make([]string, len(blocks))
		for i, b := range blocks {
			parts[i] = b.text
		}
		v = strings.Join(parts, " ")
	} else if strings.ContainsRune(v, '&') {
		v = unescape(v)
	}
	return arabic.Clean(arabic.Tighten(v))
}
