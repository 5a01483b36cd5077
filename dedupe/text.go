package dedupe

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rafid"
	"rafid/arabic"
)

// How much of a text is compared. A feed's summary is seldom longer; of a full text the opening tells
// what the news is, and the rest repeats the background.
const (
	leadWords = 60
	bodyWords = 180
)

// text is a story as it is compared: three parts of falling weight, without boilerplate.
type text struct {
	title, lead, body string
}

// text takes the comparable text out of a story: the title, then the summary, or, where the feed gave
// none, the content. With learn the story's lines count as one more example of its source's.
func (r *reader) text(s rafid.Story, learn bool) text {
	t := text{title: cleanTitle(s.Title), lead: cleanBody(plainText(s.Summary))}
	body := cleanBody(plainText(s.Content))
	r.boilerplate.strip(s, learn, &t.lead, &body)
	if t.lead == "" {
		t.lead, body = splitWords(body, leadWords)
	}
	var rest string
	t.lead, rest = splitWords(t.lead, leadWords)
	t.body, _ = splitWords(rest+"\n"+body, bodyWords)
	return t
}

// plainText removes the tags of s when it has any.
func plainText(s string) string {
	if !strings.ContainsRune(s, '<') {
		return unescape(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		before, rest, found := strings.Cut(s, "<")
		b.WriteString(before)
		if !found {
			break
		}
		if !tagLike(rest) {
			b.WriteByte('<')
			s = rest
			continue
		}
		tag, after, closed := strings.Cut(rest, ">")
		if !closed {
			break
		}
		b.WriteByte(tagGap(tag))
		s = after
	}
	return unescape(b.String())
}

func unescape(s string) string {
	if strings.ContainsRune(s, '&') {
		return html.UnescapeString(s)
	}
	return s
}

// tagLike says that what follows a "<" opens a tag and not a comparison.
func tagLike(rest string) bool {
	if rest == "" {
		return false
	}
	c := rest[0]
	return c == '/' || c == '!' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// tagGap is what stands for a tag: a new line where the element is a block.
func tagGap(tag string) byte {
	name := strings.ToLower(strings.TrimPrefix(tag, "/"))
	for _, block := range [...]string{"p", "br", "div", "li", "h1", "h2", "h3", "h4", "figcaption", "blockquote", "tr"} {
		if rest, ok := strings.CutPrefix(name, block); ok && (rest == "" || strings.ContainsRune(" /\t\n", rune(rest[0]))) {
			return '\n'
		}
	}
	return ' '
}

// decorations are words that open a headline without belonging to it, folded. They count only before a
// separator: «شاهد.. …» is decoration, «شاهد عيان يروي» is not.
var decorations = map[string]bool{
	"عاجل": true, "شاهد": true, "بالصور": true, "بالصوره": true, "بالفيديو": true, "فيديو": true, "صور": true, "صوره": true,
	"والصور": true, "والفيديو": true, "وفيديو": true, "وصور": true, "خاص": true, "مباشر": true, "حصري": true, "حصريا": true, "انفوغراف": true,
	"انفوجراف": true, "انفوغرافيك": true, "انفوجرافيك": true, "تحديث": true, "متجدد": true, "لحظه": true, "بلحظه": true, "شاهدوا": true, "تغطيه": true, "مستمره": true,
}

// cleanTitle takes opening decorations, a closing outlet name behind a bar and bracketed media notes off
// a headline. A headline of nothing else stays as it is.
func cleanTitle(s string) string {
	t := strings.TrimSpace(s)
	for range 3 {
		i := strings.IndexAny(t, ".:|!-–—…")
		if i <= 0 || i > 60 || !decorated(t[:i]) {
			break
		}
		rest := strings.TrimLeftFunc(t[i:], func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '"' && r != '«' && r != '('
		})
		if rest == "" {
			break
		}
		t = rest
	}
	if i := strings.LastIndex(t, " | "); i > len(t)/2 {
		t = t[:i]
	}
	if i := strings.LastIndexAny(t, "(["); i > len(t)/2 && decorated(strings.Trim(t[i:], "()[] ")) {
		t = t[:i]
	}
	return strings.TrimSpace(t)
}

func decorated(s string) bool {
	words := arabic.Words(s)
	for _, w := range words {
		if !decorations[arabic.Fold(w)] {
			return false
		}
	}
	return len(words) > 0 && len(words) <= 4
}

// asides open lines that point elsewhere, folded.
var asides = [...]string{
	"اقرا ايضا", "اقرا المزيد", "اقراوا ايضا", "اقرا كذلك", "شاهد ايضا", "شاهدوا ايضا", "طالع ايضا", "للمزيد", "لمزيد من", "المزيد من",
	"المصدر:", "المصدر :", "تابعونا", "تابعنا", "اشترك", "مواضيع ذات صله", "اخبار ذات صله", "قد يهمك", "موضوعات متعلقه", "شارك",
	"حقوق النشر", "جميع الحقوق", "appeared first", "the post ",
}

// cleanBody takes datelines, pointers elsewhere and lines that stand twice off a text.
func cleanBody(s string) string {
	s = strings.TrimSpace(s)
	if !strings.ContainsRune(s, '\n') {
		if aside(s) {
			return ""
		}
		return cutDateline(s)
	}
	var b strings.Builder
	seen := make(map[string]bool)
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if line == "" || seen[line] || aside(line) {
			continue
		}
		seen[line] = true
		if b.Len() == 0 {
			line = cutDateline(line)
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String()
}

func aside(line string) bool {
	folded := strings.TrimLeft(arabic.Fold(line[:runeCut(line, 48)]), " \t-–—•*«\"(>")
	for _, a := range asides {
		if strings.HasPrefix(folded, a) {
			return true
		}
	}
	return false
}

// runeCut is the largest length of at most n bytes that does not split a rune of s.
func runeCut(s string, n int) int {
	if n >= len(s) {
		return len(s)
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// A dateline is at most so long; longer openings before a dash are sentences.
const (
	datelineBytes = 110 // «دبي، الإمارات العربية المتحدة (CNN) --» takes 60
	datelineWords = 4   // with a bracketed agency twice as many
)

// cutDateline removes an opening like «القاهرة (رويترز) -» or «واس –».
func cutDateline(s string) string {
	head := s[:runeCut(s, datelineBytes)]
	i, n := firstDash(head)
	if i < 0 {
		return s
	}
	if !dateline(head[:i]) {
		return s
	}
	rest := strings.TrimLeft(s[i+n:], " -–—:")
	if len(arabic.Words(rest)) < datelineWords {
		return s
	}
	return rest
}

// dateline says that what stands before a dash names a place or an agency: in brackets, or by up to four
// words of which each tells something, as a sentence's do not.
func dateline(s string) bool {
	words := arabic.Words(s)
	if strings.ContainsAny(s, "()") {
		return len(words) <= 2*datelineWords
	}
	telling := !slices.ContainsFunc(words, func(w string) bool { return arabic.Key(w) == "" })
	return telling && len(words) <= datelineWords && !strings.ContainsAny(s, ".؟!\"«»")
}

// firstDash finds a dash that stands between spaces or behind a bracket.
func firstDash(s string) (at, size int) {
	for _, d := range [...]string{" - ", " – ", " — ", " -- ", ")--", ") --", "--", ")-", "): "} {
		if i := strings.Index(s, d); i > 0 && (at == 0 || i < at) {
			if strings.HasPrefix(d, ")") {
				i, size = i+1, len(d)-1
			} else {
				size = len(d)
			}
			at = i
		}
	}
	if at == 0 {
		return -1, 0
	}
	return at, size
}

// splitWords cuts s behind its n-th word.
func splitWords(s string, n int) (head, tail string) {
	words, in := 0, false
	for i, r := range s {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if letter && !in {
			if words == n {
				return s[:i], s[i:]
			}
			words++
		}
		in = letter || in && unicode.In(r, unicode.Mn, unicode.Cf)
	}
	return s, ""
}
