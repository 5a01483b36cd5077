package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"rafid/arabic"
)

// ErrNoUnit says that a duration is a bare number.
var ErrNoUnit = errors.New("a duration needs a unit")

// errDuration is for all other texts that are no duration.
var errDuration = errors.New("not a duration")

// maxDuration is a bound against overflow and slips of the pen: longer than any window or interval.
const maxDuration = 366 * 24 * time.Hour

// ParseDuration reads 90s, 10m, 1h30m, 2d, 1w and the same in Arabic words: «10 دقائق», «ساعتان»,
// «ساعة ونصف», «نصف ساعة». Whether zero or a negative makes sense is the caller's business.
func ParseDuration(s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, errDuration
	}
	if _, err := strconv.ParseFloat(asciiDigits(s), 64); err == nil {
		return 0, ErrNoUnit
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r) }) {
		return arabicDuration(s)
	}
	return latinDuration(s)
}

// latinDuration is Go's syntax with days and weeks.
func latinDuration(s string) (time.Duration, error) {
	rest, sign := strings.TrimPrefix(s, "-"), time.Duration(1)
	if rest != s {
		sign = -1
	}
	var total time.Duration
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		letters := digits + len(rest[digits:]) - len(strings.TrimLeft(rest[digits:], "abcdefghijklmnopqrstuvwxyz"))
		n, err := strconv.ParseFloat(rest[:digits], 64)
		unit := latinUnit(rest[digits:letters])
		if err != nil || unit == 0 || n*float64(unit) > float64(maxDuration) {
			return 0, errDuration
		}
		total += time.Duration(n * float64(unit))
		rest = strings.TrimSpace(rest[letters:])
	}
	if total > maxDuration {
		return 0, errDuration
	}
	return sign * total, nil
}

func latinUnit(word string) time.Duration {
	switch word {
	case "ms":
		return time.Millisecond
	case "s":
		return time.Second
	case "m":
		return time.Minute
	case "h":
		return time.Hour
	case "d":
		return 24 * time.Hour
	case "w":
		return 7 * 24 * time.Hour
	}
	return 0
}

// arabicDuration reads a number and a unit, a dual, a bare unit, and joins such parts with و.
func arabicDuration(s string) (time.Duration, error) {
	var total, last time.Duration
	number := -1.0
	for word := range strings.FieldsSeq(arabic.Fold(s)) {
		if n, ok := arabicNumber(word, last); ok && number < 0 {
			number = n
			continue
		}
		unit, count := arabicUnit(word, last)
		if unit == 0 {
			return 0, errDuration
		}
		if number >= 0 {
			count, number = number, -1
		}
		if last = unit; count != 0 {
			total += time.Duration(count * float64(unit))
		}
		if total > maxDuration || total < 0 {
			return 0, errDuration
		}
	}
	if number >= 0 {
		return 0, fmt.Errorf("%w: the number stands alone", errDuration)
	}
	return total, nil
}

// arabicNumber reads digits, and a half or a quarter that stands before its unit: «نصف ساعة».
func arabicNumber(word string, last time.Duration) (float64, bool) {
	switch {
	case word == "نصف" && last == 0:
		return 0.5, true
	case word == "ربع" && last == 0:
		return 0.25, true
	}
	n, err := strconv.ParseFloat(strings.TrimPrefix(word, "و"), 64)
	return n, err == nil && n >= 0 && n <= 1e6
}

// arabicUnit says what a folded word stands for, and how many of it when no number stands before it.
// Half and quarter after a unit are parts of it: «ساعة ونصف».
func arabicUnit(word string, last time.Duration) (unit time.Duration, count float64) {
	if last > 0 {
		switch strings.TrimPrefix(word, "و") {
		case "نصف":
			return last, 0.5
		case "ربع":
			return last, 0.25
		}
		word = strings.TrimPrefix(word, "و")
	}
	switch word {
	case "ثانيه", "ثواني", "ثوان":
		return time.Second, 1
	case "ثانيتان", "ثانيتين":
		return time.Second, 2
	case "دقيقه", "دقايق", "دقائق":
		return time.Minute, 1
	case "دقيقتان", "دقيقتين":
		return time.Minute, 2
	case "ساعه", "ساعات":
		return time.Hour, 1
	case "ساعتان", "ساعتين":
		return time.Hour, 2
	case "يوم", "يوما", "ايام":
		return 24 * time.Hour, 1
	case "يومان", "يومين":
		return 24 * time.Hour, 2
	case "اسبوع", "اسبوعا", "اسابيع":
		return 7 * 24 * time.Hour, 1
	case "اسبوعان", "اسبوعين":
		return 7 * 24 * time.Hour, 2
	}
	return 0, 0
}

// asciiDigits writes Arabic-Indic and Persian digits as ASCII ones.
func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r == '٫':
			return '.'
		}
		return r
	}, s)
}

// formatDuration writes d as a file would: 48h and not 48h0m0s.
func formatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
