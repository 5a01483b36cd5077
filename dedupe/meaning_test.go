package dedupe_test

import (
	"testing"

	"rafid"
	"rafid/dedupe"
)

// measured is what is measured of two lone headlines.
func measured(a, b string) (f dedupe.Features) {
	x := dedupe.New(dedupe.Options{Trace: func(_, _ string, seen *dedupe.Features, _ float64) { f = *seen }})
	x.Compare(rafid.Story{ID: "a", Source: "one", Title: a}, rafid.Story{ID: "b", Source: "two", Title: b})
	return f
}

// The table knows what words stand for: another word for the same thing is nearer than one for another.
func TestMeaningOfLoneHeadlines(t *testing.T) {
	t.Parallel()
	const headline = "مصرع خمسة في انقلاب حافلة"
	tests := []struct{ name, near, far string }{
		{"killed and slain, not wed", "مقتل خمسة في انقلاب حافلة", "زفاف خمسة في انقلاب حافلة"},
		{"a car, not a vote", "مصرع خمسة في انقلاب سيارة", "مصرع خمسة في انقلاب انتخابات"},
	}
	for _, tt := range tests {
		near, far := measured(headline, tt.near), measured(headline, tt.far)
		for _, m := range []dedupe.Feature{dedupe.MeaningTitle, dedupe.MeaningRest} {
			if near[m] <= far[m] {
				t.Errorf("%s: %s is %.2f to the near headline and %.2f to the far one", tt.name, m, near[m], far[m])
			}
		}
	}
}

func TestMeaningIsSymmetric(t *testing.T) {
	t.Parallel()
	const a, b = "الحكومة تعلن موازنة العام", "البرلمان يناقش الضرائب الجديدة"
	ab, ba := measured(a, b), measured(b, a)
	for _, m := range []dedupe.Feature{dedupe.MeaningTitle, dedupe.MeaningRest} {
		if d := ab[m] - ba[m]; d > 1e-6 || d < -1e-6 {
			t.Errorf("%s is %v one way and %v the other", m, ab[m], ba[m])
		}
	}
	if whole := measured(a, a)[dedupe.MeaningTitle]; whole < 0.999 {
		t.Errorf("a headline is %v like itself, want 1", whole)
	}
}

// Where there is a text, the meaning of the headlines is not asked for.
func TestMeaningKeepsOutOfTexts(t *testing.T) {
	t.Parallel()
	var f dedupe.Features
	x := dedupe.New(dedupe.Options{Trace: func(_, _ string, seen *dedupe.Features, _ float64) { f = *seen }})
	x.Compare(
		rafid.Story{ID: "a", Source: "one", Title: "مصرع خمسة في انقلاب حافلة", Summary: "انقلبت حافلة على الطريق الساحلي صباح اليوم."},
		rafid.Story{ID: "b", Source: "two", Title: "مقتل خمسة في انقلاب حافلة"},
	)
	if f[dedupe.MeaningTitle] != 0 || f[dedupe.MeaningRest] != 0 {
		t.Errorf("measured %v and %v, want nothing", f[dedupe.MeaningTitle], f[dedupe.MeaningRest])
	}
}

// A table that was packed says of words what it was given, up to a byte's precision; broken ones say nothing.
func TestPackMeanings(t *testing.T) {
	t.Parallel()
	vectors := make([]float32, 2*dedupe.MeaningSize)
	vectors[0], vectors[dedupe.MeaningSize+1] = 3, -0.5
	table := dedupe.PackMeanings([]uint32{7, 9}, vectors)
	if want := 4 + 2*4 + 2*dedupe.MeaningSize; len(table) != want {
		t.Fatalf("%d bytes, want %d", len(table), want)
	}
	first, second := table[12:], table[12+dedupe.MeaningSize:]
	if int8(first[0]) != 127 || int8(second[1]) != -127 || first[1] != 0 {
		t.Errorf("coordinates %d, %d and %d, want vectors of one length", int8(first[0]), int8(second[1]), int8(first[1]))
	}
}
