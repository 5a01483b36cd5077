package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// cost is what a process took, the whole of it.
type cost struct {
	wall, cpu time.Duration
	peakMB    float64
	out       string
}

// spend runs a process to its end.
func spend(b *testing.B, stdin io.Reader, exe string, args ...string) cost {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), exe, args...)
	cmd.Stdin = stdin
	cmd.Stderr = os.Stderr
	begun := time.Now()
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%s %v: %v\n%s", exe, args, err, out)
	}
	use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		b.Fatal("the system does not tell what a process used")
	}
	return cost{
		wall: time.Since(begun), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		peakMB: float64(use.Maxrss) / 1024, out: string(out),
	}
}

// press is a process that serves the feeds of a benchmark.
type press struct {
	Config string // feeds.yaml
	URLs   string // a file with an address a line
	in     io.Writer
	out    *bufio.Scanner
}

// tick gives a tenth of the feeds three new items each.
func (p *press) tick(b *testing.B) {
	b.Helper()
	fmt.Fprintln(p.in, "tick")
	if !p.out.Scan() {
		b.Fatal("the press is gone")
	}
}

// openPress starts a press; more are its further arguments.
func openPress(b *testing.B, feeds, items int, more ...string) *press {
	b.Helper()
	args := append([]string{fmt.Sprint(feeds), fmt.Sprint(items), b.TempDir()}, more...)
	cmd := exec.CommandContext(b.Context(), program(b, "press"), args...)
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	p := &press{in: in, out: bufio.NewScanner(out)}
	if !p.out.Scan() {
		b.Fatal("the press did not open")
	}
	if err := json.Unmarshal(p.out.Bytes(), p); err != nil {
		b.Fatal(err)
	}
	return p
}

// BenchmarkRiver measures the whole program against the least that it could cost, in one run: cold (all
// is new), idle (nothing is), tick (a tenth of the feeds have three new items). It prints the table of
// docs/performance.md.
//
//	go test -run '^$' -bench River -benchtime 1x ./cmd/rafid
func BenchmarkRiver(b *testing.B) {
	const feeds, items, ticked = 1000, 30, 1000 / 10 * 3
	for b.Loop() {
		p := openPress(b, feeds, items)
		dir := b.TempDir()
		var table strings.Builder
		table.WriteString("\n| | at once | cold wall s | cold CPU s | idle CPU s | tick CPU s | peak MB | kept |\n|---|---|---|---|---|---|---|---|\n")
		var alone, floor, river [3]cost
		type runner struct {
			name string
			at   int
			into *[3]cost
			run  func() cost
		}
		var runners []runner
		for _, at := range []int{16, 64} {
			ats := fmt.Sprint(at)
			for _, mode := range []string{"-alone=true", "-alone=false"} {
				db := filepath.Join(dir, "floor"+ats+mode+".db")
				r := runner{name: "net/http + gofeed + SQLite", at: at, into: &floor}
				if mode == "-alone=true" {
					r.name, r.into = "net/http alone", &alone
				}
				exe := program(b, "floor")
				r.run = func() cost {
					urls, err := os.Open(p.URLs)
					if err != nil {
						b.Fatal(err)
					}
					defer urls.Close()
					return spend(b, urls, exe, "-db", db, "-at-once", ats, mode)
				}
				runners = append(runners, r)
			}
			data := filepath.Join(dir, "rafid"+ats)
			exe := program(b, "rafid")
			runners = append(runners, runner{name: "rafid", at: at, into: &river, run: func() cost {
				return spend(b, nil, exe, "once", "--json", "--config", p.Config, "--data", data, "--at-once", ats)
			}})
		}
		costs := make([][3]cost, len(runners))
		for phase := range 3 {
			if phase == 2 {
				p.tick(b)
			}
			for i, r := range runners {
				costs[i][phase] = r.run()
			}
		}
		for i, r := range runners {
			c := costs[i]
			*r.into = c
			fmt.Fprintf(&table, "| %s | %d | %.2f | %.2f | %.2f | %.2f | %.0f | %s |\n", r.name, r.at, c[0].wall.Seconds(),
				c[0].cpu.Seconds(), c[1].cpu.Seconds(), c[2].cpu.Seconds(), max(c[0].peakMB, c[1].peakMB, c[2].peakMB), keptOf(b, r.name, c))
			if r.name == "rafid" {
				b.ReportMetric(c[0].cpu.Seconds()/floor[0].cpu.Seconds(), fmt.Sprintf("cold/floor@%d", r.at))
				b.ReportMetric(c[1].cpu.Seconds()/alone[1].cpu.Seconds(), fmt.Sprintf("idle/alone@%d", r.at))
				b.ReportMetric(c[2].cpu.Seconds()/floor[2].cpu.Seconds(), fmt.Sprintf("tick/floor@%d", r.at))
				b.ReportMetric(c[0].peakMB, fmt.Sprintf("MB@%d", r.at))
				if want, got := feeds*items+ticked, keptOf(b, r.name, c); got != fmt.Sprint(want) {
					b.Errorf("%d at once: kept %s of %d items", r.at, got, want)
				}
			}
		}
		b.Log(table.String())
	}
}

// keptOf gives the number of items kept after the three phases.
func keptOf(b *testing.B, name string, c [3]cost) string {
	b.Helper()
	if name != "rafid" {
		return strings.TrimSpace(c[2].out)
	}
	sum := 0
	for _, phase := range c {
		var total onceTotal
		all := strings.Split(strings.TrimSpace(phase.out), "\n")
		if err := json.Unmarshal([]byte(all[len(all)-1]), &total); err != nil {
			b.Fatal(err)
		}
		sum += total.New
	}
	return fmt.Sprint(sum)
}
