package arabic

import "strings"

// Stem cuts the light affixes off a folded Arabic word: the conjunction, the article with its
// prepositions and one suffix of each kind, after light10 (Larkey, Ballesteros and Connell 2007; the
// list of Lucene's ArabicStemmer), and besides a single ب ل ف س ك before words of five letters or more,
// a repeated article (الألمانية beside ألمانيا) and the country ending يا (روسيا beside روسي). A letter is
// cut off the front only where a word that news uses remains, and never where the word takes an article
// with it: فلسطيني keeps its ف as الفلسطيني does. It never cuts ت ي ن at the front: that would break
// names. Words in other scripts come back as they are.
//
// Against 242 human-scored article pairs the cosine of raw words correlates at .67 with the readers,
// that of light10 stems at .71 (Pearson). Asking for the remaining word raised the average precision of
// the link on days it had not seen from .815 to .820.
func Stem(folded string) string {
	w := cutPrefix(folded)
	return cutSuffix(w)
}

// articles are the prefixes light10 removes, longest first, each where two letters remain.
var articles = [...]string{"وال", "بال", "كال", "فال", "ولل", "ال", "لل"}

// prepositions are the letters that stand before a word as words of their own, the conjunction و first.
const prepositions = "وبلفسك"

// suffixes in the order light10 tries them, each once, each where two letters remain.
var suffixes = [...]string{"ها", "ان", "ات", "ون", "ين", "يا", "يه", "ه", "ي"}

// letter is the size of an Arabic letter in UTF-8. Folded Arabic words have no other.
const letter = 2

func cutPrefix(w string) string {
	if !arabicWord(w) || radical(w) {
		return w
	}
	cut := false
	for _, p := range articles {
		if strings.HasPrefix(w, p) && len(w) >= len(p)+2*letter {
			w, cut = w[len(p):], true
			break
		}
	}
	switch {
	case cut && strings.HasPrefix(w, "ال") && len(w) >= 5*letter:
		return w[2*letter:]
	case cut:
		return w
	case strings.HasPrefix(w, "و") && len(w) >= 4*letter && (known(w[letter:]) || !known(w)):
		return cutPrefix(w[letter:])
	case len(w) >= 5*letter && strings.Contains(prepositions[letter:], w[:letter]) && known(w[letter:]):
		return w[letter:]
	}
	return w
}

// radical says that the first letter of w is its own and no preposition, because w stands behind an article
// elsewhere: الفلسطيني shows it of فلسطيني.
func radical(w string) bool {
	return strings.Contains(prepositions, w[:letter]) && known("ال"+w)
}

func cutSuffix(w string) string {
	if !arabicWord(w) {
		return w
	}
	for _, s := range suffixes {
		if strings.HasSuffix(w, s) && len(w) >= len(s)+2*letter {
			w = w[:len(w)-len(s)]
		}
	}
	return w
}

// arabicWord says that w is written in two-byte Arabic letters throughout.
func arabicWord(w string) bool {
	if len(w)%letter != 0 {
		return false
	}
	for i := 0; i < len(w); i += letter {
		if w[i] < 0xD8 || w[i] > 0xDB {
			return false
		}
	}
	return true
}

// skeleton drops hamza and the long vowels ا و ي after the first letter for as long as three letters
// remain: house spellings differ in just these (أمريكا أميركا, بوتين بوتن, نتنياهو نتانياهو).
// On the same 242 pairs it raises the correlation of light10 from .705 to .716.
func skeleton(w string) string {
	if !arabicWord(w) {
		return w
	}
	runes := make([]rune, 0, 24)
	for _, r := range w {
		if r = foldHamza(r); r != drop {
			runes = append(runes, r)
		}
	}
	n := len(runes)
	kept := runes[:0]
	for i, r := range runes {
		if i > 0 && n > 3 && (r == alef || r == waw || r == yeh) {
			n--
			continue
		}
		kept = append(kept, r)
	}
	return string(kept)
}
