package config

import (
	"errors"
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       time.Duration
		err        error
	}{
		{"minutes", "10m", 10 * time.Minute, nil},
		{"hours and minutes", "1h30m", 90 * time.Minute, nil},
		{"parts with a space", "1h 30m", 90 * time.Minute, nil},
		{"days and weeks", "1w2d", 9 * 24 * time.Hour, nil},
		{"a fraction", "1.5h", 90 * time.Minute, nil},
		{"milliseconds", "250ms", 250 * time.Millisecond, nil},
		{"negative", "-5m", -5 * time.Minute, nil},
		{"zero", "0s", 0, nil},
		{"ten minutes in Arabic", "10 دقائق", 10 * time.Minute, nil},
		{"ten minutes in Arabic digits", "١٠ دقائق", 10 * time.Minute, nil},
		{"accusative with tashkeel", "20 دقيقةً", 20 * time.Minute, nil},
		{"an hour", "ساعة", time.Hour, nil},
		{"two hours, dual", "ساعتان", 2 * time.Hour, nil},
		{"an hour and a half", "ساعة ونصف", 90 * time.Minute, nil},
		{"an hour and a quarter", "ساعة وربع", 75 * time.Minute, nil},
		{"half an hour", "نصف ساعة", 30 * time.Minute, nil},
		{"a quarter of an hour", "ربع ساعة", 15 * time.Minute, nil},
		{"two days and three hours", "يومان و3 ساعات", 51 * time.Hour, nil},
		{"a week", "أسبوع", 7 * 24 * time.Hour, nil},
		{"thirty seconds", "30 ثانية", 30 * time.Second, nil},
		{"no unit", "10", 0, ErrNoUnit},
		{"no unit in Arabic digits", "١٠", 0, ErrNoUnit},
		{"nothing", " ", 0, errDuration},
		{"an unknown unit", "10 minutes", 0, errDuration},
		{"a unit without a number", "m", 0, errDuration},
		{"an unknown word", "كل ساعة", 0, errDuration},
		{"a number at the end", "ساعة 10", 0, errDuration},
		{"far too long", "999999h", 0, errDuration},
		{"far too long in parts", "300d300d", 0, errDuration},
		{"far too long in Arabic", "999999 يوم", 0, errDuration},
		{"overflow", "99999999999999999999h", 0, errDuration},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseDuration(tt.text)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("%q: got %v, %v; want %v, %v", tt.text, got, err, tt.want, tt.err)
			}
		})
	}
}

func TestParseSchedule(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 10, 7, 0, 0, time.UTC)
	tests := []struct {
		name, text string
		next       time.Duration // after start
		bad        bool
	}{
		{"an interval", "10m", 10 * time.Minute, false},
		{"an interval in Arabic", "نصف ساعة", 30 * time.Minute, false},
		{"a cron line", "*/10 * * * *", 3 * time.Minute, false},
		{"a descriptor", "@hourly", 53 * time.Minute, false},
		{"every with a duration", "@every 90s", 90 * time.Second, false},
		{"a zone", "CRON_TZ=Asia/Riyadh 30 13 * * *", 23 * time.Minute, false},
		{"29 February", "0 0 29 2 *", time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC).Sub(start), false},
		{"30 February never comes", "0 0 30 2 *", 0, true},
		{"a zone alone makes the library panic", "TZ=Asia/Riyadh", 0, true},
		{"a zone and a space", "CRON_TZ= ", 0, true},
		{"an unknown zone", "TZ=Mars/Base 0 0 * * *", 0, true},
		{"every zero", "@every 0s", 0, true},
		{"every nothing", "@every", 0, true},
		{"six fields", "0 0 0 * * *", 0, true},
		{"reboot is no time", "@reboot", 0, true},
		{"minute 60", "60 * * * *", 0, true},
		{"a range backwards", "0 9-7 * * *", 0, true},
		{"a step of zero", "*/0 * * * *", 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := ParseSchedule(tt.text)
			if (err != nil) != tt.bad {
				t.Fatalf("%q: %v", tt.text, err)
			}
			if err != nil {
				return
			}
			if got := s.Cron().Next(start.In(time.UTC)).Sub(start); got != tt.next {
				t.Errorf("next after %v, want %v", got, tt.next)
			}
		})
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{"10m", "TZ=", "CRON_TZ=x ", "*/10 * * * *", "@every 1h", "0 0 30 2 *", "ساعة ونصف", "و", "٣ أيام"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		schedule, err := ParseSchedule(s)
		if err != nil {
			return
		}
		if schedule.Cron().Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
			t.Errorf("%q never fires", s)
		}
		if again, err := ParseSchedule(schedule.String()); err != nil || !again.Equal(schedule) {
			t.Errorf("%q: its own text is read as %v, %v", s, again, err)
		}
	})
}

func TestFormatDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		48 * time.Hour: "48h", 90 * time.Minute: "1h30m", 20 * time.Second: "20s", 61 * time.Second: "1m1s", 10 * time.Minute: "10m",
	} {
		if got := formatDuration(d); got != want {
			t.Errorf("%v: %s", d, got)
		}
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	words := []string{"every", "enabled", "allow_private", "سياسة", "اقتصاد", "رياضة", "tech"}
	tests := []struct{ name, word, want string }{
		{"a letter left out", "evry", "every"},
		{"a letter doubled", "everry", "every"},
		{"two letters swapped", "eveyr", "every"},
		{"another separator", "allow-private", "allow_private"},
		{"capitals", "Enabled", "enabled"},
		{"teh marbuta written as heh", "سياسه", "سياسة"},
		{"article and tashkeel", "اقتِصاد", "اقتصاد"},
		{"two slips in a long word", "alow_privat", "allow_private"},
		{"one slip in a short word", "teck", "tech"},
		{"two slips in a short word are too many", "tack", ""},
		{"nothing near", "منوعات", ""},
		{"far too long", string(make([]byte, 500)), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := suggest(tt.word, words); got != tt.want {
				t.Errorf("%q: got %q, want %q", tt.word, got, tt.want)
			}
		})
	}
}
