package arabic

import "testing"

func TestNumber(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     float64
		used     int
	}{
		{"nothing", "", 0, 0},
		{"no number", "قطار سريع", 0, 0},
		{"digits", "257 راكبا", 257, 1},
		{"zero", "0 نقطة", 0, 1},
		{"Arabic digits and thousands", "٤٤٬٨٠٠ جنيه", 44800, 1},
		{"decimal", "1.5 كلم", 1.5, 1},
		{"unit", "خمسة قتلى", 5, 1},
		{"feminine", "ثماني سفن", 8, 1},
		{"teen", "ثلاثة عشر لاعبا", 13, 2},
		{"eleven", "إحدى عشرة دولة", 11, 2},
		{"one of them is no number", "إحدى الدول", 0, 0},
		{"tens", "أربعين يوما", 40, 1},
		{"unit and ten", "ثلاثة وعشرين", 23, 2},
		{"hundred in one word", "ثلاثمئة", 300, 1},
		{"hundred in two words", "ثلاث مئة", 300, 2},
		{"hundred and the rest", "مئة وخمسة وعشرون", 125, 3},
		{"dual hundred before a scale", "مئتي ألف", 200000, 2},
		{"thousand alone", "ألف طن", 1000, 1},
		{"dual thousand", "ألفين وستة", 2006, 2},
		{"plural after a number", "خمسة آلاف", 5000, 2},
		{"plural alone is vague", "آلاف المتظاهرين", 0, 0},
		{"digits before a scale", "1.5 مليون", 1500000, 2},
		{"scales in a row", "مليون ومئتي ألف", 1200000, 3},
		{"thousands and hundreds", "ثلاثة آلاف وخمسمئة", 3500, 3},
		{"two numbers side by side are two", "خمسة ستة", 5, 1},
		{"digits side by side are two", "10 20", 10, 1},
		{"a name of a day is none", "الاثنين", 0, 0},
		{"a long code is none", "1234567890123456", 0, 0},
		{"dots are none", "1.2.3", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if v, n := Number(Words(tt.in)); v != tt.want || n != tt.used {
				t.Errorf("Number(%q) = %v, %d, want %v, %d", tt.in, v, n, tt.want, tt.used)
			}
		})
	}
}
