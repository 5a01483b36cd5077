package arabic

import (
	"strings"
	"time"
)

// months are the Gregorian month names in use, by month, as [FoldKey] leaves them. Each line holds the
// names of Egypt and the Gulf, of the Levant and Iraq, of Tunisia and Algeria, and of Morocco and
// Mauritania, with the spellings that outlets print beside them. Libya's names of 1969–2011 are left
// out: they are ordinary words (الماء, الطير) and no outlet prints them today.
var months = monthIndex(
	"يناير|كانون الثاني|كانون ثاني|كانون ثان|كانون 2|جانفي",
	"فبراير|شباط|اشباط|فيفري|فيبراير",
	"مارس|اذار|مارث",
	"ابريل|نيسان|افريل|ابرايل",
	"مايو|ايار|مايس|ماي|نوار",
	"يونيو|يونيه|حزيران|جوان",
	"يوليو|يوليه|تموز|جويليه|يوليوز|جوييه",
	"اغسطس|اب|اوت|غشت|اغشت|اوغست|اغوسطوس",
	"سبتمبر|ايلول|شتنبر|شتمبر|سيبتمبر|سبتنبر",
	"اكتوبر|تشرين الاول|تشرين اول|تشرين 1|اوكتوبر",
	"نوفمبر|تشرين الثاني|تشرين ثاني|تشرين ثان|تشرين 2|نونبر|نوفنبر|نوفمر",
	"ديسمبر|كانون الاول|كانون اول|كانون 1|دجنبر|دجمبر|ديسيمبر|دسمبر",
)

// hijriMonths are the months of the Hijri year in the same way.
var hijriMonths = monthIndex(
	"محرم|المحرم|محرم الحرام",
	"صفر|صفر الخير",
	"ربيع الاول|ربيع اول|ربيع 1",
	"ربيع الثاني|ربيع الاخر|ربيع ثاني|ربيع اخر|ربيع 2",
	"جمادي الاولي|جمادي الاول|جمادي اولي|جمادي اول|جماد الاول|جماد اول|جماد الاولي|جمادي 1",
	"جمادي الاخره|جمادي الثانيه|جمادي الاخر|جمادي الثاني|جمادي ثاني|جمادي اخر|جماد الثاني|جماد الاخر|جماد ثاني|جماد الاخره|جماد الثانيه|جمادي 2",
	"رجب|رجب المرجب|رجب الفرد|رجب الاصب",
	"شعبان|شعبان المعظم",
	"رمضان|رمضان المبارك",
	"شوال|شوال المكرم",
	"ذو القعده|ذي القعده|ذوالقعده|ذيالقعده|ذا القعده",
	"ذو الحجه|ذي الحجه|ذوالحجه|ذيالحجه|ذا الحجه",
)

// Month reads the name of a Gregorian month in any of the Arabic systems, in one word or two
// (تشرين الثاني), whatever its spelling. The names of the Hijri months are none: see [HijriMonth].
func Month(word string) (time.Month, bool) {
	m, ok := months[FoldKey(word)]
	return time.Month(m), ok
}

// HijriMonth reads the name of a month of the Hijri year, 1 (محرم) to 12 (ذو الحجة).
func HijriMonth(word string) (int, bool) {
	m, ok := hijriMonths[FoldKey(word)]
	return m, ok
}

func monthIndex(lines ...string) map[string]int {
	index := make(map[string]int, 6*len(lines))
	for i, line := range lines {
		for name := range strings.SplitSeq(line, "|") {
			index[name] = i + 1
		}
	}
	return index
}
