package arabic

import (
	"strconv"
	"strings"
)

// units are the number words below a hundred, folded. Both genders, both cases. The Monday الاثنين has
// an article and is therefore none of them; أحد means "someone" too often to be read as 1.
var units = map[string]int{
	"واحد": 1, "واحده": 1, "اثنان": 2, "اثنين": 2, "اثنتان": 2, "اثنتين": 2, "اثنا": 2, "اثني": 2, "اثنتا": 2, "اثنتي": 2,
	"ثلاثه": 3, "ثلاث": 3, "اربعه": 4, "اربع": 4, "خمسه": 5, "خمس": 5, "سته": 6, "ست": 6,
	"سبعه": 7, "سبع": 7, "ثمانيه": 8, "ثماني": 8, "ثمان": 8, "تسعه": 9, "تسع": 9, "عشره": 10, "عشر": 10,
	"احدعشر": 11, "احدي": 1, "احد": 1, // only before عشر or و: see startsNumber
	"عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30, "اربعون": 40, "اربعين": 40, "خمسون": 50, "خمسين": 50,
	"ستون": 60, "ستين": 60, "سبعون": 70, "سبعين": 70, "ثمانون": 80, "ثمانين": 80, "تسعون": 90, "تسعين": 90,
}

// hundreds are the words for whole hundreds; both مئة and مائة are in print.
var hundreds = map[string]int{
	"مئه": 100, "مائه": 100, "مايه": 100, "مئتان": 200, "مئتين": 200, "مئتي": 200, "مائتان": 200, "مائتين": 200, "مائتي": 200,
	"ثلاثمئه": 300, "ثلاثمائه": 300, "اربعمئه": 400, "اربعمائه": 400, "خمسمئه": 500, "خمسمائه": 500, "ستمئه": 600, "ستمائه": 600,
	"سبعمئه": 700, "سبعمائه": 700, "ثمانمئه": 800, "ثمانمائه": 800, "ثمانيمئه": 800, "تسعمئه": 900, "تسعمائه": 900,
}

// scales multiply what stands before them. The plurals آلاف ملايين مليارات need something before them:
// alone they say "thousands of", which is no number.
var scales = map[string]scale{
	"الف": {1e3, 1}, "الفا": {1e3, 1}, "الفان": {1e3, 2}, "الفين": {1e3, 2}, "الفي": {1e3, 2}, "الاف": {1e3, 0},
	"مليون": {1e6, 1}, "مليونا": {1e6, 1}, "مليونان": {1e6, 2}, "مليونين": {1e6, 2}, "مليوني": {1e6, 2}, "ملايين": {1e6, 0},
	"مليار": {1e9, 1}, "مليارا": {1e9, 1}, "مليارين": {1e9, 2}, "ملياري": {1e9, 2}, "مليارات": {1e9, 0}, "بليون": {1e9, 1},
	"تريليون": {1e12, 1}, "تريليونا": {1e12, 1}, "تريليونات": {1e12, 0},
}

type scale struct {
	by    float64
	alone float64 // how many it says when nothing stands before it; 0: then it is no number
}

// Number reads the number that words begin with, in digits of any script or in Arabic number words
// (خمسة, ثلاثة وعشرين, مئتي ألف, 1.5 مليون), and says how many of the words it took; 0 when they do not
// begin with a number. Words with an article are no numbers (الخمسة are "the five").
func Number(words []string) (value float64, used int) {
	folded := make([]string, 0, 8)
	for _, w := range words[:min(len(words), cap(folded))] {
		folded = append(folded, Fold(w))
	}
	return number(folded)
}

// number is Number for folded words.
func number(words []string) (value float64, used int) {
	if len(words) == 0 || !startsNumber(words) {
		return 0, 0
	}
	r := reader{}
	for used < len(words) && r.take(words[used], used == 0) {
		used++
	}
	value = r.total + r.part
	if value == 0 && words[0] != "0" && !isDigit(rune(words[0][0])) {
		return 0, 0
	}
	return value, used
}

// startsNumber keeps words apart that are numbers only in company: احدى is 1 in احدى عشرة and in احدى
// وعشرين, and "one of the" elsewhere.
func startsNumber(words []string) bool {
	if words[0] == "" {
		return false
	}
	if words[0] != "احد" && words[0] != "احدي" {
		return true
	}
	if len(words) < 2 {
		return false
	}
	next := words[1]
	return next == "عشر" || next == "عشره" || strings.HasPrefix(next, "و") && units[strings.TrimPrefix(next, "و")] >= 20
}

// reader adds number words up. part is what the next scale would multiply.
type reader struct {
	total, part float64
	last        float64 // value of the word taken last
}

// take adds the word w and says whether it belongs to the number.
func (r *reader) take(w string, first bool) bool {
	bare, and := w, false
	if !first {
		bare, and = strings.CutPrefix(w, "و")
	}
	if v, ok := digits(bare); ok {
		return first && r.add(v)
	}
	if s, ok := scales[bare]; ok {
		return r.scale(s, first || and)
	}
	if v, ok := hundreds[bare]; ok {
		if v == 100 && !and && r.last >= 3 && r.last <= 9 { // ثلاث مئة
			r.part, r.last = r.part*100, 100
			return true
		}
		return (first || and) && r.add(float64(v))
	}
	v, ok := units[bare]
	if !ok {
		return false
	}
	teen := v == 10 && !and && r.last >= 1 && r.last <= 9 && r.last == r.part // ثلاثة عشر
	if !first && !and && !teen {
		return false
	}
	return r.add(float64(v))
}

func (r *reader) add(v float64) bool {
	r.part += v
	r.last = v
	return true
}

// scale multiplies the part before it, or stands alone where fresh says a new part may begin.
func (r *reader) scale(s scale, fresh bool) bool {
	switch {
	case r.part > 0 && s.alone != 2:
		r.total += r.part * s.by
	case fresh && s.alone > 0:
		r.total += s.alone * s.by
	default:
		return false
	}
	r.part, r.last = 0, s.by
	return true
}

// digits reads a folded word of ASCII digits with at most one decimal point.
func digits(w string) (float64, bool) {
	if w == "" || !isDigit(rune(w[0])) || len(w) > 15 {
		return 0, false
	}
	for i := range len(w) {
		if w[i] != '.' && (w[i] < '0' || w[i] > '9') {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(w, 64)
	return v, err == nil
}

// figure writes v the way keys carry numbers: no exponent, no trailing zeros.
func figure(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
