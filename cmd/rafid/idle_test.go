package main

import (
	"path/filepath"
	"testing"
	"time"

	"rafid"
)

// Passes that bring nothing are stored together, and not lost when the program ends in good order.
func TestIdlePassesAreStoredTogether(t *testing.T) {
	t.Parallel()
	o := newOrigin(t, map[string][]byte{"/one": feed("الواحة", "افتتاح مكتبة عامة في حي النخيل")})
	dir := t.TempDir()
	cfg := write(t, filepath.Join(dir, "feeds.yaml"), "defaults: {allow_private: true, every: 1s}\nsources:\n  one: "+o.URL+"/one\n")
	data := filepath.Join(dir, "data")
	s := serve(t, "--config", cfg, "--data", data)
	eventually(t, "a few passes bring nothing", func() bool { return o.same.Load() >= 2 })
	before := time.Now()
	s.stop()
	st := remembered(t, data, "one", nil)
	if st.Status != 304 || before.Sub(st.LastOK) > 10*time.Second || st.Items != 1 {
		t.Errorf("remembered: %+v", st)
	}
	asked := o.same.Load()
	if r := execute(t.Context(), t, "once", "--config", cfg, "--data", data); r.code != 0 || o.same.Load() != asked+1 {
		t.Errorf("%d requests by 304, %v", o.same.Load()-asked, r)
	}
	if again := remembered(t, data, "one", nil); !again.LastOK.After(st.LastOK) {
		t.Errorf("once stored %v after %v", again.LastOK, st.LastOK)
	}
}

func TestIdle(t *testing.T) {
	t.Parallel()
	known := rafid.SourceState{Source: "a", ETag: `"1"`, Condition: rafid.Works, LastOK: time.Now(), Repairs: []string{"x"}, Items: 3}
	for name, c := range map[string]struct {
		change func(*rafid.SourceState)
		want   bool
	}{
		"nothing":       {func(*rafid.SourceState) {}, true},
		"the hour":      {func(s *rafid.SourceState) { s.LastOK, s.LastFetch, s.Took, s.Status = time.Now(), time.Now(), 5, 304 }, true},
		"a validator":   {func(s *rafid.SourceState) { s.ETag = `"2"` }, false},
		"the condition": {func(s *rafid.SourceState) { s.Condition = rafid.Quiet }, false},
		"a failure":     {func(s *rafid.SourceState) { s.Failures = 1 }, false},
		"repairs":       {func(s *rafid.SourceState) { s.Repairs = nil }, false},
		"a push":        {func(s *rafid.SourceState) { s.Push.Missed = 1 }, false},
		"a whole fetch": {func(s *rafid.SourceState) { s.LastFull = time.Now() }, false},
	} {
		now := known
		c.change(&now)
		if got := idle(known, now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
