package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rafid"
	"rafid/cmd/internal/sqlite"
)

func (d *desk) findings(code int) map[string]string {
	d.Helper()
	r := execute(d.Context(), d.T, "doctor", "--json", "--config", d.cfg, "--data", d.data)
	if r.code != code {
		d.Errorf("exit %d, want %d\n%s%s", r.code, code, r.stdout, r.stderr)
	}
	var all []finding
	if err := json.Unmarshal([]byte(r.stdout), &all); err != nil {
		d.Fatal(err)
	}
	states := make(map[string]string)
	for _, f := range all {
		states[f.What] = f.State
		if (f.State == "ok") != (f.Fix == "") {
			d.Errorf("%+v: want a fix exactly where something is to be done", f)
		}
	}
	return states
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if got := d.findings(0); got["store"] != "warn" || got["config"] != "ok" {
		t.Errorf("before the first run: %v", got)
	}
	d.once()
	for what, state := range d.findings(0) {
		if state != "ok" {
			t.Errorf("after a run %s is %s", what, state)
		}
	}
	if said := d.run("doctor"); !strings.Contains(said, "is whole") {
		t.Errorf("said\n%s", said)
	}

	db, err := sqlite.Open(t.Context(), filepath.Join(d.data, "rafid.db"))
	if err != nil {
		t.Fatal(err)
	}
	later := rafid.Pass{State: rafid.SourceState{Source: "one", LastFetch: time.Now().Add(time.Hour)}}
	if _, err := db.SavePass(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	if got := d.findings(exitFailed); got["clock"] != "fail" || got["store"] != "ok" {
		t.Errorf("with a fetch that is to come: %v", got)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestDoctorFindsDamage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.once()
	path := filepath.Join(d.data, "rafid.db")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b = slices.Clone(b)
	for i := len(b) / 2; i < len(b)*3/4; i++ {
		b[i] ^= 0x5a
	}
	write(t, path, string(b))
	if got := d.findings(exitFailed); got["store"] != "fail" {
		t.Errorf("a damaged store: %v", got)
	}
	write(t, d.cfg, "sources:\n  a: not an address\n")
	if got := d.findings(exitFailed); got["config"] != "fail" {
		t.Errorf("a file with a mistake: %v", got)
	}
	write(t, d.cfg, "sources:\n  a: https://does-not-exist.invalid/rss\n")
	if got := d.findings(exitFailed); got["names"] != "fail" {
		t.Errorf("hosts that nobody knows: %v", got)
	}
}
