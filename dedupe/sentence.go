package dedupe

import (
	"fmt"
	"math"
	"strings"

	"rafid"
)

// sentences say in Arabic and in English why a story stands beside another, for readers: no ids, no
// figures that need explaining. outlet is the name of the other story's outlet, "" if not known.
func sentences(ev *rafid.Evidence, best link, outlet string) (ar, en string) {
	switch {
	case best.exact:
		return exactSentence(outlet)
	case best.copy:
		return copySentence(ev.Copied, outlet)
	}
	return sameSentence(ev, outlet)
}

func exactSentence(outlet string) (ar, en string) {
	if outlet == "" {
		return "النص نفسه كلمةً بكلمة في خبر آخر.", "The same text, word for word, as another report."
	}
	return "النص نفسه كلمةً بكلمة في خبر " + outlet + ".", "The same text, word for word, as the report of " + outlet + "."
}

func copySentence(copied float64, outlet string) (ar, en string) {
	share := int(math.Round(100 * copied))
	of, from := "خبر آخر", "another report"
	if outlet != "" {
		of, from = "خبر "+outlet, "the report of "+outlet
	}
	return fmt.Sprintf("النص نفسه تقريبًا: %d%% من عباراته في %s.", share, of),
		fmt.Sprintf("Nearly the same text: %d%% of its wording stands in %s.", share, from)
}

// sentenceWords is how many shared words a sentence names.
const sentenceWords = 3

func sameSentence(ev *rafid.Evidence, outlet string) (ar, en string) {
	of, from := "خبر آخر", "another report"
	if outlet != "" {
		of, from = "خبر "+outlet, "the report of "+outlet
	}
	ar, en = "الحدث نفسه في "+of, "The same event as in "+from
	if words := ev.Words[:min(sentenceWords, len(ev.Words))]; len(words) > 0 {
		ar += "، ومما يجمعهما: «" + strings.Join(words, "» و«") + "»"
		en += "; both tell of “" + strings.Join(words, "”, “") + "”"
	}
	if len(ev.Numbers) > 0 {
		ar += "، والرقم " + ev.Numbers[0]
		en += ", and of the number " + ev.Numbers[0]
	}
	apartAr, apartEn := hoursApart(ev.Hours)
	return ar + "، وبينهما " + apartAr + ".", en + "; " + apartEn + " apart."
}

// hoursApart says a span in words. The counted noun of 3 to 10 is plural, from 11 on singular and in
// the accusative.
func hoursApart(hours float64) (ar, en string) {
	switch n := int(math.Round(hours)); {
	case n == 0:
		return "أقل من ساعة", "less than an hour"
	case n == 1:
		return "نحو ساعة", "about an hour"
	case n == 2:
		return "نحو ساعتين", "about two hours"
	case n%100 >= 3 && n%100 <= 10:
		return fmt.Sprintf("نحو %d ساعات", n), fmt.Sprintf("about %d hours", n)
	default:
		return fmt.Sprintf("نحو %d ساعة", n), fmt.Sprintf("about %d hours", n)
	}
}
