package arabic

import "strings"

// Key is what a word is matched by: folded, stop words out, light stem, skeleton of consonants, then
// the alias table for names that outlets spell in different ways. Numbers, in digits or as one number
// word, become ASCII digits. The key of a stop word, of punctuation and of "" is "".
//
// Keys are for comparing, not for reading: keep the surface word beside them.
func Key(word string) string { return shipped.Key(word) }

// Terms cuts a text into its telling words with their keys; see [Lexicon.Terms].
func Terms(s string) []Term { return shipped.Terms(s) }

// Term is a telling word of a text.
type Term struct {
	Surface string // as written; two words or more for numbers and joined names
	Key     string // what it is compared by, never empty
	Number  bool   // Key is a number in ASCII digits
}

// Lexicon gives keys by the shipped alias table and an operator's additions. It is read-only once made,
// so goroutines may share it.
type Lexicon struct {
	alias  map[string]string    // key → key it stands for
	phrase map[[2]string]string // keys of two words in a row → key they stand for
	memory *memory              // nil for one that goroutines share
}

// memory is what a lexicon has worked out for the words it met lately. Words come as often as Zipf says:
// a few thousand of them are most of any text.
type memory struct {
	size   int
	folded map[string]string // by word as written
	keys   map[string]string // plainKey by folded word
}

// Remembering gives the same lexicon with a memory for so many words. It answers alike, faster; one
// goroutine uses it at a time.
func (l *Lexicon) Remembering(words int) *Lexicon {
	return &Lexicon{alias: l.alias, phrase: l.phrase, memory: &memory{
		size: words, folded: make(map[string]string), keys: make(map[string]string),
	}}
}

// recall gives what do makes of a word, from memory when it is there.
func (m *memory) recall(known map[string]string, word string, do func(string) string) string {
	if v, ok := known[word]; ok {
		return v
	}
	if len(known) >= m.size {
		clear(known)
	}
	v := do(word)
	known[strings.Clone(word)] = v
	return v
}

func (l *Lexicon) fold(word string) string {
	if l.memory == nil {
		return Fold(word)
	}
	return l.memory.recall(l.memory.folded, word, Fold)
}

func (l *Lexicon) plainKey(folded string) string {
	if l.memory == nil {
		return plainKey(folded)
	}
	return l.memory.recall(l.memory.keys, folded, plainKey)
}

// shipped is the lexicon without additions.
var shipped = NewLexicon()

// NewLexicon makes a lexicon of the shipped aliases and the given groups, each a list of names for the
// same thing of one or two words, the first being the one whose key all take.
func NewLexicon(groups ...[]string) *Lexicon {
	l := &Lexicon{alias: make(map[string]string), phrase: make(map[[2]string]string)}
	for _, g := range aliases {
		l.add(g)
	}
	for _, p := range phrases {
		l.add([]string{p[1], p[0]})
	}
	for _, g := range groups {
		l.add(g)
	}
	return l
}

// add enters the names of one thing. A name of three words or more, or of stop words only, is left out.
func (l *Lexicon) add(names []string) {
	if len(names) == 0 {
		return
	}
	to := l.Key(names[0])
	if to == "" {
		return
	}
	for _, n := range names[1:] {
		words := Words(n)
		switch len(words) {
		case 1:
			if k := plainKey(Fold(words[0])); k != "" && k != to {
				l.alias[k] = to
			}
		case 2:
			l.phrase[[2]string{plainKey(Fold(words[0])), plainKey(Fold(words[1]))}] = to
		}
	}
}

// Key is [Key] with the additions of this lexicon.
func (l *Lexicon) Key(word string) string {
	folded := Fold(word)
	if v, n := number([]string{folded}); n == 1 {
		return figure(v)
	}
	return l.key(folded)
}

func (l *Lexicon) key(folded string) string {
	k := l.plainKey(folded)
	if to, ok := l.alias[k]; ok {
		return to
	}
	return k
}

// plainKey is the key of a folded word before aliases.
func plainKey(folded string) string {
	folded = strings.TrimFunc(folded, func(r rune) bool { return !inWord(r) || joins(r) })
	if folded == "" || stop(folded) {
		return ""
	}
	k := skeleton(Stem(folded))
	if len(k) <= 1 && k != "" && !isDigit(rune(k[0])) || len(k) == letter && arabicWord(k) {
		return "" // one letter tells nothing
	}
	return k
}

// Terms cuts a text into its telling words with their keys, in order. Stop words are left out; a number
// of several words is one term (ثلاثة وعشرين → 23); عبد takes its next word with it, as it is half a
// name; a name of two words that the lexicon knows as another gets that one's key.
func (l *Lexicon) Terms(s string) []Term {
	_, terms := l.Read(s)
	return terms
}

// Read gives all words of a text folded, stop words included, beside its [Lexicon.Terms].
func (l *Lexicon) Read(s string) (folded []string, terms []Term) {
	words := Words(s)
	folded = make([]string, len(words))
	for i, w := range words {
		folded[i] = l.fold(w)
	}
	terms = make([]Term, 0, len(words))
	for i := 0; i < len(words); {
		if v, n := number(folded[i:]); n > 0 {
			terms = append(terms, Term{join(words[i : i+n]), figure(v), true})
			i += n
			continue
		}
		k, n := l.at(folded[i:])
		if k != "" {
			terms = append(terms, Term{Surface: join(words[i : i+n]), Key: k})
		}
		i += n
	}
	return folded, terms
}

// join is strings.Join with a space, without copying a single word.
func join(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words, " ")
}

// at gives the key of what the folded words begin with and how many words it covers.
func (l *Lexicon) at(folded []string) (key string, used int) {
	w := folded[0]
	if len(folded) == 1 {
		return l.key(w), 1
	}
	if w == "عبد" || w == "لعبد" || w == "وعبد" {
		return plainKey("عبد" + strings.TrimPrefix(folded[1], "ال")), 2
	}
	k := l.plainKey(w)
	if k != "" {
		if to, ok := l.phrase[[2]string{k, l.plainKey(folded[1])}]; ok {
			return to, 2
		}
	}
	if to, ok := l.alias[k]; ok {
		k = to
	}
	return k, 1
}
