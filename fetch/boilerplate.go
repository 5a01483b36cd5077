package fetch

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rafid/arabic"
)

// All phrases here are as arabic.FoldKey leaves them: written with any hamza, teh marbuta or punctuation
// they match. They are what outlets print around a text, not in it.

// related open a line that leads to another article. The first group does so in any line, the second
// only in a short one, as sentences may begin with the same words.
var (
	related = []string{
		"اقرا ايضا", "اقرا المزيد", "اقرا كذلك", "اقرووا ايضا", "اقراوا ايضا", "اقري ايضا", "اقرا من هنا", "طالع ايضا", "طالع المزيد", "شاهد ايضا", "شاهدوا ايضا", "انظر ايضا", "تابع ايضا", "تابعوا ايضا", "قد يهمك ايضا", "قد يعجبك ايضا",
		"مواضيع ذات صله", "موضوعات ذات صله", "اخبار ذات صله", "مقالات ذات صله", "مواد ذات صله", "مواضيع متعلقه", "اخبار متعلقه", "روابط ذات صله", "اقرا الخبر كاملا", "لقراه المزيد", "لقراه الخبر", "لمتابعه القراه", "اكمل القراه", "read more", "read also", "lire aussi", "lire la suite",
	}
	relatedShort = []string{
		"اقرا", "للمزيد", "لمزيد من", "المزيد من", "المزيد", "قد يهمك", "قد يعجبك", "تابعونا", "تابعنا", "تابعوا اخر", "تابع اخر", "لمتابعه", "اشترك", "اشتركوا", "حمل تطبيق", "حملوا تطبيق", "شاهد بالفيديو", "شاهد الفيديو", "اضغط هنا", "انضم الي", "للتواصل", "نسخ الرابط", "رابط مختصر", "الرابط المختصر", "شارك الخبر", "شارك المقال", "شارك هذا", "شاركها", "شاركه", "طباعه",
	}
	// appeared is the line that WordPress adds to each item.
	appeared = []string{"the post", "ظهرت المقاله", "ظهر المقال", "ظهرت التدوينه", "l article", "cet article"}
	firstOn  = []string{"appeared first on", "اولا علي", "ظهرت اولا", "est apparu en premier", "first appeared on"}
)

// headings are lines over lists of other articles, whole.
var headings = map[string]bool{"مرتبط": true, "ذات صله": true, "related": true, "related posts": true, "مقالات مشابهه": true, "مواضيع مشابهه": true, "اخبار مشابهه": true, "الوسوم": true, "كلمات مفتاحيه": true, "كلمات دلاليه": true, "شارك": true}

// pointers end a summary and lead to the article itself, whole words and in folded form.
var pointers = map[string]bool{
	"اقرا المزيد": true, "المزيد": true, "اقرا المزيد هنا": true, "لقراه المزيد": true, "لقراه المزيد اضغط هنا": true, "متابعه القراه": true, "تابع القراه": true, "اكمل القراه": true, "التفاصيل": true, "للمزيد": true, "اقرا الخبر كاملا": true, "اقرا التفاصيل": true,
	"continue reading": true, "read more": true, "lire la suite": true, "more": true,
}

// pointerWords is the most words of a pointer.
const pointerWords = 4

// withoutPointer takes the pointer off the end of a text: «… اقرأ المزيد». What stands before must have
// ended, with a stop or with the mark of a cut; a sentence may end in the same words.
func withoutPointer(s string) string {
	rest := strings.TrimRightFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsSymbol(r) || unicode.IsPunct(r) && r != ']' })
	for range pointerWords {
		at := strings.LastIndexFunc(rest, unicode.IsSpace)
		if at < 0 {
			break
		}
		rest = rest[:at]
		if !pointers[arabic.FoldKey(s[at:])] {
			continue
		}
		before := strings.TrimRight(rest, " \n([«")
		if last, _ := utf8.DecodeLastRuneInString(before); strings.ContainsRune(".…!؟?»\"])", last) {
			return before
		}
	}
	return s
}

// shareWords make a line of share buttons when it holds nothing else.
var shareWords = wordSet("شارك شاركنا مشاركه انشر نشر ارسل ارسال طباعه اطبع نسخ الرابط رابط عبر علي الخبر المقال فيسبوك فايسبوك تويتر اكس واتساب واتس اب تيليغرام تلغرام تليجرام لينكدان لينكد ان انستغرام انستقرام بريد البريد الالكتروني ايميل بنترست ماسنجر " +
	"share facebook twitter x whatsapp telegram linkedin email e mail print copy link pinterest messenger tweet send")

// platforms are those of the share words that no sentence is made of.
var platforms = wordSet("فيسبوك فايسبوك تويتر واتساب تيليغرام تلغرام تليجرام لينكدان انستغرام ماسنجر facebook twitter whatsapp telegram linkedin pinterest messenger")

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// shortLine is the most words of a line that only leads elsewhere: headlines end before.
const shortLine = 22

// commentHead says that a line opens the comments of readers: «التعليقات (3)», «3 تعليقات», «أضف تعليقا».
func commentHead(key string) bool {
	if len(key) > 80 { // four words are fewer bytes
		return false
	}
	words := strings.Fields(key)
	if len(words) == 0 || len(words) > 4 {
		return false
	}
	rest := words[:0:0]
	for _, w := range words {
		if strings.Trim(w, "0123456789") != "" {
			rest = append(rest, w)
		}
	}
	switch strings.Join(rest, " ") {
	case "التعليقات", "تعليقات", "تعليق", "التعليق", "تعليقات القراء", "تعليقات الزوار", "اضف تعليقا", "اضف تعليق", "اضف تعليقك", "اترك تعليقا", "اترك تعليق", "اكتب تعليقا", "اكتب تعليقك", "شارك برايك", "comments", "comment", "leave a comment", "add comment", "commentaires":
		return true
	}
	return false
}

// furnitureLine says that a line is no part of what is told: it leads to other articles, offers to share
// or to subscribe, or says where the text appeared first.
func furnitureLine(key string) bool {
	if key == "" {
		return true // rules and stars
	}
	if hasAnyPrefix(key, related) || headings[key] || disclaimer(key) {
		return true
	}
	if len(key) > foldedBytes {
		return false
	}
	words := strings.Count(key, " ") + 1
	if words <= shortLine && hasAnyPrefix(key, relatedShort) && leadsAway(key, words) {
		return true
	}
	if hasAnyPrefix(key, appeared) {
		for _, f := range firstOn {
			if strings.Contains(key, f) {
				return true
			}
		}
	}
	return words <= 12 && shareLine(key)
}

// disclaimers open lines that only tell whose opinions these are, or what may be commented; the second
// list is what such a line goes on to say.
var (
	disclaimers = []string{"الارا", "المقالات", "المقال", "التعليقات", "المواد", "ما ينشر", "ما يرد", "جميع الارا", "كل الارا", "جميع المقالات", "ترحب", "جميع الحقوق محفوظه", "حقوق النشر محفوظه"}
	disclaimed  = []string{"لا تعبر عن راي", "لا يعبر عن راي", "لا تعبر بالضروره", "لا يعبر بالضروره", "التعليقات قبل نشرها", "لا تعبر الا عن", "حقوق النشر محفوظه", "جميع الحقوق محفوظه"}
)

func disclaimer(key string) bool {
	if !hasAnyPrefix(key, disclaimers) {
		return false
	}
	for _, w := range disclaimed {
		if strings.Contains(key, w) {
			return true
		}
	}
	return false
}

// dateLine says that a line is a date and nothing else: it stands beside a text, not in it.
func dateLine(s string) bool {
	if len(s) > 120 || strings.IndexFunc(s, unicode.IsDigit) < 0 {
		return false
	}
	_, ok := arabic.ParseDate(s, arabic.DateOptions{})
	return ok
}

// leadsAway keeps sentences that only begin like a pointer: a pointer is a few words, or speaks of news,
// pages and channels.
func leadsAway(key string, words int) bool {
	if words <= 4 {
		return true
	}
	for _, w := range []string{"اخبار", "الاخبار", "موقعنا", "صفحتنا", "صفحاتنا", "قناتنا", "حسابنا", "تطبيق", "تويتر", "فيسبوك", "واتساب", "تلغرام", "تيليغرام", "يوتيوب", "النشره", "المقالات", "التفاصيل", "هنا", "ايضا"} {
		if strings.Contains(key, w) {
			return true
		}
	}
	return false
}

func shareLine(key string) bool {
	named := false
	for w := range strings.FieldsSeq(key) {
		if !shareWords[w] && !shareWords[strings.TrimPrefix(w, "و")] {
			return false
		}
		named = named || platforms[w] || platforms[strings.TrimPrefix(w, "و")]
	}
	return named || strings.Count(key, " ") < 2 && key != "علي" && key != "عبر"
}

func hasAnyPrefix(key string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(key, p) && (len(key) == len(p) || key[len(p)] == ' ') {
			return true
		}
	}
	return false
}

// body is what is left of an item's text when the furniture is out.
type body struct {
	paragraphs []block
	caption    string // of the picture, when the text told it
	label      string // a section that the text began with
	keys       []string
}

// strip takes out of the blocks of an item what is not its text: the section and the headline repeated
// in front, captions printed twice, pointers, share lines, and the comments with all that follows.
func strip(blocks []block, pictures []figure, title string, labels []string) body {
	b := body{}
	titleKey := arabic.FoldKey(title)
	for _, bl := range blocks {
		key := blockKey(bl.text)
		if commentHead(key) && len(b.paragraphs) > 0 {
			break
		}
		if bl.caption {
			b.caption = longer(b.caption, bl.text)
			continue
		}
		if furnitureLine(key) || dateLine(bl.text) {
			continue
		}
		b.paragraphs = append(b.paragraphs, bl)
		b.keys = append(b.keys, key)
	}
	b.dropAlts(pictures)
	b.dropSection(titleKey, labels)
	if len(b.keys) > 0 && titleKey != "" && b.keys[0] == titleKey && len(b.keys) > 1 {
		b.cut(0)
	}
	b.dropTwice()
	return b
}

// foldedBytes is the longest block that is folded to be compared: pointers, captions and headlines are
// shorter. Longer ones are compared as they are.
const foldedBytes = 400

func blockKey(s string) string {
	if len(s) > foldedBytes {
		return s
	}
	return arabic.FoldKey(s)
}

func longer(a, b string) string {
	if len(b) > len(a) {
		return b
	}
	return a
}

// dropAlts takes the text of a picture that stands as a line in front for its caption.
func (b *body) dropAlts(pictures []figure) {
	for _, p := range pictures {
		if p.alt == "" {
			continue
		}
		key := blockKey(p.alt)
		for i := min(4, len(b.keys)) - 1; i >= 0 && len(b.keys) > 1; i-- {
			if b.keys[i] == key {
				b.caption = longer(b.caption, b.paragraphs[i].text)
				b.cut(i)
			}
		}
	}
}

// sectionWords is the most words of the name of a section.
const sectionWords = 4

// dropSection takes a section's name off the front: a label of the item, or a line of few words before
// the headline.
func (b *body) dropSection(titleKey string, labels []string) {
	if len(b.keys) < 2 || strings.Count(b.keys[0], " ") >= sectionWords {
		return
	}
	for _, l := range labels {
		if arabic.FoldKey(l) == b.keys[0] {
			b.cut(0)
			return
		}
	}
	if titleKey != "" && b.keys[1] == titleKey && b.keys[0] != titleKey {
		b.label = b.paragraphs[0].text
		b.cut(0)
	}
}

// captionWords is the most words of a caption.
const captionWords = 40

// dropTwice keeps a line that is told twice once: as the caption when it stands in front and is short
// enough for one, as a paragraph otherwise.
func (b *body) dropTwice() {
	seen := make(map[string]int, len(b.keys))
	for i, key := range b.keys {
		first, twice := seen[key]
		if !twice {
			seen[key] = i
		} else if first <= 2 && b.caption == "" && strings.Count(key, " ") < captionWords {
			b.caption = b.paragraphs[first].text
		}
	}
	captionKey := ""
	if b.caption != "" {
		captionKey = blockKey(b.caption)
	}
	if _, ok := seen[captionKey]; ok && len(seen) == 1 {
		captionKey = "" // a text of one line: it stays
	}
	kept := 0
	for i, key := range b.keys {
		if seen[key] != i || key == captionKey {
			continue
		}
		b.paragraphs[kept], b.keys[kept] = b.paragraphs[i], key
		kept++
	}
	b.paragraphs, b.keys = b.paragraphs[:kept], b.keys[:kept]
}

func (b *body) cut(i int) {
	b.paragraphs = append(b.paragraphs[:i], b.paragraphs[i+1:]...)
	b.keys = append(b.keys[:i], b.keys[i+1:]...)
}

// text is the paragraphs, a line each.
func (b *body) text() string {
	var s strings.Builder
	for i, p := range b.paragraphs {
		if i > 0 {
			s.WriteByte('\n')
		}
		s.WriteString(p.text)
	}
	return s.String()
}
