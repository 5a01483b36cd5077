package arabic

import (
	"fmt"
	"testing"
)

var sourceNoun = Noun{Zero: "لا مصادر", One: "مصدر واحد", Two: "مصدران", Dual: "مصدرين",
	Few: "مصادر", Many: "مصدرًا", Other: "مصدر"}

func TestCount(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		n    int
		want string
	}{
		{0, "لا مصادر"}, {1, "مصدر واحد"}, {2, "مصدران"}, {3, "3 مصادر"}, {10, "10 مصادر"},
		{11, "11 مصدرًا"}, {99, "99 مصدرًا"}, {100, "100 مصدر"}, {101, "101 مصدر"}, {102, "102 مصدر"},
		{103, "103 مصادر"}, {110, "110 مصادر"}, {111, "111 مصدرًا"}, {199, "199 مصدرًا"}, {200, "200 مصدر"},
		{1000, "1,000 مصدر"}, {1003, "1,003 مصادر"}, {1011, "1,011 مصدرًا"}, {-3, "-3 مصادر"},
	} {
		if got := Count(tt.n, sourceNoun); got != tt.want {
			t.Errorf("%d: got %q, want %q", tt.n, got, tt.want)
		}
	}
	if got := (Style{}).CountOf(2, sourceNoun) + "، " + (Style{}).CountOf(3, sourceNoun); got != "مصدرين، 3 مصادر" {
		t.Errorf("after a preposition: got %q", got)
	}
}

func ExampleCount() {
	stories := Noun{Zero: "لا أخبار", One: "خبر واحد", Two: "خبران", Dual: "خبرين",
		Few: "أخبار", Many: "خبرًا", Other: "خبر"}
	for _, n := range []int{1, 2, 7, 45, 1000} {
		fmt.Println(Count(n, stories))
	}
	// Output:
	// خبر واحد
	// خبران
	// 7 أخبار
	// 45 خبرًا
	// 1,000 خبر
}
