package dedupe

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rafid"
)

// tell has b learn from n stories of a source that share a line, beside lines of their own.
func tell(b *Boilerplate, from, n, own int, line string) {
	for i := from; i < from+n; i++ {
		text := line
		for j := range own {
			text += fmt.Sprintf("\nسطر %s لا يعود", letters(i*own+j))
		}
		b.strip(rafid.Story{Source: "nahr", Title: "خبر " + letters(i), Published: time.Unix(1_700_000_000, 0)}, true, &text)
	}
}

// letters spells a number in letters, for digits count as one another.
func letters(n int) string {
	var out []rune
	for _, d := range fmt.Sprint(n) {
		out = append(out, []rune("ابتثجحخدذر")[d-'0'])
	}
	return string(out)
}

func TestMemoryOutlivesARestart(t *testing.T) {
	t.Parallel()
	b := NewBoilerplate()
	tell(b, 0, 40, 3, "حمّلوا تطبيق نهر الأخبار")
	if got := b.Changed(); len(got) != 1 || got[0] != "nahr" {
		t.Errorf("changed %v", got)
	}
	kept := b.Memory("nahr")
	if len(kept) == 0 || len(kept) > 200 || b.Changed() != nil {
		t.Errorf("%d bytes; changed %v", len(kept), b.Changed())
	}
	again := NewBoilerplate()
	if err := again.Recall("nahr", kept); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Memory("nahr"), kept) || fmt.Sprint(again.Lines("nahr")) != fmt.Sprint(b.Lines("nahr")) {
		t.Errorf("recalled %v, was %v", again.Lines("nahr"), b.Lines("nahr"))
	}
	tell(b, 40, 20, 0, "حمّلوا تطبيق نهر الأخبار")
	tell(again, 40, 20, 0, "حمّلوا تطبيق نهر الأخبار")
	if !bytes.Equal(again.Memory("nahr"), b.Memory("nahr")) {
		t.Errorf("after a restart it learns otherwise")
	}
	if NewBoilerplate().Memory("nahr") != nil {
		t.Error("a memory of nothing")
	}
}

func TestRecallRefuses(t *testing.T) {
	t.Parallel()
	b := NewBoilerplate()
	tell(b, 0, 9, 0, "سطر أول\nسطر ثان")
	good := b.Memory("nahr")
	changed := func(at int, v byte) []byte {
		bad := bytes.Clone(good)
		bad[at] = v
		return bad
	}
	for name, memory := range map[string][]byte{
		"nothing":                      nil,
		"another version":              changed(0, memoryVersion+1),
		"the end cut off":              good[:len(good)-1],
		"a byte too many":              append(bytes.Clone(good), 0),
		"lines without stories":        changed(1, 0),
		"lines in another order":       append(bytes.Clone(good), good[2:]...),
		"a number written at length":   {memoryVersion, 0x80, 0x00},
		"a number without an end":      {memoryVersion, 0x80},
		"more stories than are kept":   {memoryVersion, 0xff, 0x7f},
		"a text longer than its bytes": append(bytes.Clone(good[:10]), 9, 1, 1, 100, 'a'),
	} {
		before := NewBoilerplate()
		tell(before, 0, 9, 0, "ما كان معروفا")
		if err := before.Recall("nahr", memory); !errors.Is(err, ErrMemory) {
			t.Errorf("%s: %v", name, err)
		}
		if got := before.Lines("nahr"); len(got) != 1 {
			t.Errorf("%s: what was known became %v", name, got)
		}
	}
}

// A line of one story in thirty is found among hundreds of others, in memory that does not grow.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	b := NewBoilerplate()
	for i := range 400 {
		tell(b, 30*i, 1, 8, "جميع الحقوق لأصحابها")
		tell(b, 30*i+1, 29, 8, "")
		if n := len(b.sources["nahr"].lines); n > keptLines {
			t.Fatalf("%d lines after %d stories", n, 30*i)
		}
	}
	lines := b.Lines("nahr")
	if len(lines) != 1 || lines[0].Share < 0.03 || lines[0].Share > 0.04 {
		t.Errorf("lines %v", lines)
	}
	tell(b, 20_000, 6*keptItems, 8, "")
	if lines := b.Lines("nahr"); len(lines) != 0 {
		t.Errorf("given up for long, and still there: %v", lines)
	}
}

// Names of sources without end do not fill the memory, and the sources at work are not what is forgotten.
func TestSourcesAreBounded(t *testing.T) {
	t.Parallel()
	b := NewBoilerplate()
	for i := range 3 * keptSources {
		if i%100 == 0 {
			tell(b, i, 1, 0, "حمّلوا تطبيق نهر الأخبار")
		}
		text := "سطر"
		b.strip(rafid.Story{Source: fmt.Sprint(i), Title: "خبر"}, true, &text)
	}
	if n := len(b.sources); n > keptSources {
		t.Errorf("%d sources are remembered", n)
	}
	if lines := b.Lines("nahr"); len(lines) != 1 {
		t.Errorf("of a source at work is known %v", lines)
	}
}

func TestWithoutUnits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, drop, want string }{
		{"nothing to leave out", "أول. ثان.", "ثالث.", "أول. ثان."},
		{"a sentence in the middle", "أول. ثان. ثالث.", "ثان.", "أول.\n ثالث."},
		{"without a space behind the dot", "أول.ثان.ثالث", "ثان.", "أول.\nثالث"},
		{"a dot between digits ends nothing", "بلغ 3.5 بالمئة. ثان", "ثان", "بلغ 3.5 بالمئة.\n"},
		{"an address is one word", "زوروا nahr.example اليوم! ثان", "زوروا nahr.example اليوم!", "\n ثان"},
		{"numbers of what is left out", "السعر ٣٫٥ للشراء و4 للبيع! ثان", "السعر ٣٫٥ للشراء و4 للبيع!", "٣٫٥ 4\n ثان"},
		{"all of it", "أول\n", "أول", "\n"},
	} {
		left := unitsRead
		got := withoutUnits(tt.in, &left, func(unit string) bool { return unit == tt.drop })
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// FuzzRecall: bytes are refused, or they are just what Memory gives back.
func FuzzRecall(f *testing.F) {
	b := NewBoilerplate()
	tell(b, 0, 9, 2, "سطر أول\nسطر ثان")
	f.Add(b.Memory("nahr"))
	f.Add([]byte{memoryVersion, 5})
	f.Fuzz(func(t *testing.T, memory []byte) {
		b := NewBoilerplate()
		if err := b.Recall("nahr", memory); err != nil {
			return
		}
		if again := b.Memory("nahr"); !bytes.Equal(again, memory) {
			t.Errorf("%x came back as %x", memory, again)
		}
		tell(b, 0, 3, 1, "سطر")
		b.Lines("nahr")
	})
}

// FuzzStrip: any text is cut into its lines without losing a byte, and keys do not depend on a second reading.
func FuzzStrip(f *testing.F) {
	f.Add("أول. ثان!\nثالث 3.5 | رابع")
	f.Add("\xff.\xff…")
	f.Fuzz(func(t *testing.T, s string) {
		left, whole := 1<<20, ""
		got := withoutUnits(s, &left, func(string) bool { return false })
		for rest := s; rest != ""; {
			n := unitEnd(rest)
			if n < 1 || n > len(rest) {
				t.Fatalf("%q is cut at %d", rest, n)
			}
			whole, rest = whole+rest[:n], rest[n:]
		}
		if got != s || whole != s {
			t.Errorf("%q became %q and %q", s, got, whole)
		}
		all := unitsRead
		if out := withoutUnits(s, &all, func(string) bool { return true }); len(out) > 2*len(s)+1 {
			t.Errorf("%q grew to %q", s, out)
		}
		unitKey(s)
	})
}

// TestBoilerplateOfRealStories prints what is learnt of the five outlets of 2018, for reading:
//
//	RAFID_ALL=1 go test -run BoilerplateOfRealStories -v ./dedupe
func TestBoilerplateOfRealStories(t *testing.T) {
	if os.Getenv("RAFID_ALL") != "1" {
		t.Skip("slow; RAFID_ALL=1 runs it")
	}
	shared := cmp.Or(os.Getenv("RAFID_SHARED"), "../../shared")
	f, err := os.Open(filepath.Join(shared, "data", "stories-2018.jsonl.gz"))
	if err != nil {
		t.Skip("needs ../shared/data:", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var stories []rafid.Story
	err = eachLine(z, t.Output(), func(raw []byte) error {
		var l line
		if err := decode(raw, &l); err != nil {
			return err
		}
		s, err := l.story()
		stories = append(stories, s)
		return err
	})
	slices.SortStableFunc(stories, func(a, b rafid.Story) int { return a.Published.Compare(b.Published) })
	b, changed, learnt := NewBoilerplate(), 0, map[string]BoilerplateLine{}
	for i, s := range stories {
		lead, body := cleanBody(plainText(s.Summary)), cleanBody(plainText(s.Content))
		before := lead + body
		if b.strip(s, true, &lead, &body); lead+body != before {
			changed++
		}
		for _, l := range b.Lines(s.Source) {
			learnt[s.Source+": "+l.Text] = l
		}
		if n := len(b.sources[s.Source].lines); n > keptLines {
			t.Fatalf("%s: %d lines are remembered after %d stories", s.Source, n, i)
		}
	}
	for _, text := range slices.Sorted(maps.Keys(learnt)) {
		t.Logf("%3d stories, %4.1f %%: %s", learnt[text].Items, 100*learnt[text].Share, text)
	}
	t.Logf("%d lines; something was left out of %d of %d stories; %v", len(learnt), changed, len(stories), err)
	if len(stories) < 10_000 || len(learnt) == 0 || changed == 0 {
		t.Error("nothing was learnt")
	}
}
