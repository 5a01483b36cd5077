package arabic

// Plural is one of the six classes that Arabic puts a counted noun in (CLDR, plural rules of ar).
type Plural int8

// The classes.
const (
	PluralZero Plural = iota
	PluralOne
	PluralTwo
	PluralFew   // 3–10, 103–110, 1003 …
	PluralMany  // 11–99, 111–199, 1011 …
	PluralOther // 100–102, 200–202, 1000 …
)

// PluralOf gives the class of n; a negative number stands like its positive.
func PluralOf(n int) Plural {
	if n < 0 {
		n = -n
	}
	switch {
	case n == 0:
		return PluralZero
	case n == 1:
		return PluralOne
	case n == 2:
		return PluralTwo
	case 3 <= n%100 && n%100 <= 10:
		return PluralFew
	case n%100 >= 11:
		return PluralMany
	}
	return PluralOther
}

// Noun holds the forms of a noun that is counted. Zero, One and Two stand alone, the others follow the
// number. After a preposition ([Style.CountOf]) Dual takes the place of Two.
type Noun struct {
	Zero  string // لا مصادر
	One   string // مصدر واحد
	Two   string // مصدران
	Dual  string // مصدرين
	Few   string // مصادر
	Many  string // مصدرًا
	Other string // مصدر
}

// Count writes n things in Latin digits, as "5 مصادر" or "مصدران".
func Count(n int, noun Noun) string { return Style{}.Count(n, noun) }

// Count writes n things as the subject of a sentence.
func (s Style) Count(n int, noun Noun) string {
	switch PluralOf(n) {
	case PluralZero:
		return noun.Zero
	case PluralOne:
		return noun.One
	case PluralTwo:
		return noun.Two
	case PluralFew:
		return s.Number(n) + " " + noun.Few
	case PluralMany:
		return s.Number(n) + " " + noun.Many
	}
	return s.Number(n) + " " + noun.Other
}

// CountOf writes n things as they stand after a preposition or in a genitive, as in "من مصدرين".
func (s Style) CountOf(n int, noun Noun) string {
	if PluralOf(n) == PluralTwo {
		return noun.Dual
	}
	return s.Count(n, noun)
}
