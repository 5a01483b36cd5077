package fetch

import (
	"maps"
	"slices"
	"testing"

	"rafid/arabic"
)

// What is compared with folded text must be folded itself: a phrase written otherwise never matches.
func TestPhrasesAreFolded(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]string{
		"related": related, "relatedShort": relatedShort, "appeared": appeared, "firstOn": firstOn,
		"disclaimers": disclaimers, "disclaimed": disclaimed,
		"shareWords": slices.Collect(maps.Keys(shareWords)), "platforms": slices.Collect(maps.Keys(platforms)),
		"headings": slices.Collect(maps.Keys(headings)), "pointers": slices.Collect(maps.Keys(pointers)),
		"decorations": slices.Collect(maps.Keys(decorations)),
	} {
		for _, phrase := range list {
			if key := arabic.FoldKey(phrase); key != phrase {
				t.Errorf("%s: %q folds to %q", name, phrase, key)
			}
		}
	}
}

func TestPointersAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"behind a full stop", "أغلقت ثلاث طرق. اقرأ المزيد", "أغلقت ثلاث طرق."},
		{"behind the mark of a cut, with an arrow", "أغلقت ثلاث طرق… Continue reading →", "أغلقت ثلاث طرق…"},
		{"behind brackets", "أغلقت ثلاث طرق [...] المزيد »", "أغلقت ثلاث طرق [...]"},
		{"in brackets", "أغلقت ثلاث طرق. (اقرأ المزيد...)", "أغلقت ثلاث طرق."},
		{"on a line of its own", "أغلقت ثلاث طرق.\nالمزيد", "أغلقت ثلاث طرق."},
		{"words of the sentence", "طلب المعلم من التلاميذ أن يبذلوا المزيد", "طلب المعلم من التلاميذ أن يبذلوا المزيد"},
		{"words of the sentence, with a stop", "وعد الوزير بكشف التفاصيل.", "وعد الوزير بكشف التفاصيل."},
		{"nothing else", "اقرأ المزيد", "اقرأ المزيد"},
		{"nothing", "", ""},
	} {
		if got := withoutPointer(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
