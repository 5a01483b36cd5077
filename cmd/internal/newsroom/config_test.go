package newsroom_test

import (
	"os"
	"testing"

	"rafid/cmd/internal/config"
	"rafid/cmd/internal/newsroom"
)

// The files that the newsroom writes are files that the program takes without a word.
func TestFeedsYAMLIsTaken(t *testing.T) {
	t.Parallel()
	r := open(t, newClock(), newsroom.Options{})
	c, problems := config.Parse("feeds.yaml", []byte(r.FeedsYAML("http://127.0.0.1:8080")))
	for _, p := range problems {
		t.Errorf("%+v", p)
	}
	if c == nil || len(c.Sources) != len(r.Outlets()) {
		t.Fatal("not all outlets are sources")
	}
	if len(r.Outlets()) < 12 {
		t.Errorf("%d outlets", len(r.Outlets()))
	}
	b := bench(t, newsroom.BenchOptions{Feeds: 1500, Items: 1, Hosts: 2})
	if c, problems = config.Parse("feeds.yaml", []byte(b.FeedsYAML())); c == nil || len(c.Sources) != 1500 {
		_ = problems.WriteText(os.Stderr)
		t.Error("the benchmark's feeds are not taken")
	}
}
