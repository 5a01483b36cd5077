package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkFetching holds fetching against the floors of design/performance.md in one run: feeds that answer
// after 50 ms, feeds that never answer 304, hosts that hang, and the CPU of a server that goes on running. It
// prints the table of docs/performance.md.
//
//	go test -run '^$' -bench Fetching -benchtime 1x ./cmd/rafid
func BenchmarkFetching(b *testing.B) {
	const feeds, items, few = 1000, 30, 5 // few where only requests count
	for b.Loop() {
		var table strings.Builder
		table.WriteString("\n| what | the least | rafid | ratio |\n|---|---|---|---|\n")
		row := func(what, metric string, least, ours float64, unit string) {
			b.Helper()
			b.Logf("%s: %.2f and %.2f %s", what, least, ours, unit) // the table is lost when a later part fails
			fmt.Fprintf(&table, "| %s | %.2f %s | %.2f %s | %.2f |\n", what, least, unit, ours, unit, ours/least)
			b.ReportMetric(ours/least, metric)
		}
		benchLatency(b, feeds, items, row)
		benchNo304(b, feeds, items, row)
		benchHanging(b, feeds, few, row)
		benchRunning(b, feeds, few, row)
		b.Log(table.String())
	}
}

type tableRow func(what, metric string, least, ours float64, unit string)

// once runs one pass of the program, and poll one of the floor, over the feeds of a press.
func (p *press) once(b *testing.B, data string) cost {
	b.Helper()
	return spend(b, nil, program(b, "rafid"), "once", "--json", "--config", p.Config, "--data", data, "--at-once", "64")
}

func (p *press) poll(b *testing.B, db string, alone bool) cost {
	b.Helper()
	urls, err := os.Open(p.URLs)
	if err != nil {
		b.Fatal(err)
	}
	defer urls.Close()
	return spend(b, urls, program(b, "floor"), "-db", db, "-at-once", "64", fmt.Sprintf("-alone=%v", alone))
}

// benchLatency polls feeds that have nothing new and answer after 50 ms.
func benchLatency(b *testing.B, feeds, items int, row tableRow) {
	b.Helper()
	p, dir := openPress(b, feeds, items, "50ms"), b.TempDir()
	alone, ours := cost{}, cost{}
	for range 2 { // the first round brings all, the second nothing
		alone = p.poll(b, filepath.Join(dir, "alone.db"), true)
		ours = p.once(b, filepath.Join(dir, "rafid"))
	}
	row("nothing new, 50 ms latency, 64 at once: wall, against net/http alone", "wall/alone", alone.wall.Seconds(), ours.wall.Seconds(), "s")
	row("nothing new: CPU from start to exit, against net/http alone", "idle/alone", alone.cpu.Seconds(), ours.cpu.Seconds(), "s")
}

// benchNo304 polls feeds that have nothing new and send all of it, three times.
func benchNo304(b *testing.B, feeds, items int, row tableRow) {
	b.Helper()
	p, dir := openPress(b, feeds, items, "0s", "0", "true"), b.TempDir()
	data := filepath.Join(dir, "rafid")
	p.poll(b, filepath.Join(dir, "floor.db"), false)
	p.once(b, data)
	p.once(b, data)
	before := sizeOf(b, data)
	var floor, ours cost
	for range 3 {
		f, o := p.poll(b, filepath.Join(dir, "floor.db"), false), p.once(b, data)
		floor.cpu, ours.cpu = floor.cpu+f.cpu, ours.cpu+o.cpu
	}
	row("nothing new, never 304: CPU, against the floor", "full/floor", floor.cpu.Seconds()/3, ours.cpu.Seconds()/3, "s")
	row("nothing new, never 304: store after three passes, against before", "disk", before, sizeOf(b, data), "MB")
}

// sizeOf is what the files of a folder take, in MB.
func sizeOf(b *testing.B, dir string) (mb float64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			mb += float64(info.Size()) / (1 << 20)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return mb
}

// benchHanging measures when nine tenths of the feeds that answer have been read, with no host hanging and with
// a twentieth of them.
func benchHanging(b *testing.B, feeds, items int, row tableRow) {
	b.Helper()
	ninety := func(share string) float64 {
		p, dir := openPress(b, feeds, items, "50ms", share), b.TempDir()
		args := []string{"once", "--json", "--config", p.Config, "--data", dir, "--at-once", "64"}
		var at []time.Duration
		for range 2 {
			at = arrivals(b, args)
		}
		slices.Sort(at)
		return at[len(at)*9/10].Seconds()
	}
	row("5 % of hosts hang 10 s: until 90 % of the others are read, against none hanging", "hang/none", ninety("0"), ninety("0.05"), "s")
}

// arrivals are the times from the start of the program to the line of each source that answered in time.
func arrivals(b *testing.B, args []string) (at []time.Duration) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), program(b, "rafid"), args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	for s := bufio.NewScanner(out); s.Scan(); {
		var l onceLine
		if json.Unmarshal(s.Bytes(), &l) == nil && l.Source != "" && l.Millis < 5000 {
			at = append(at, time.Since(begun))
		}
	}
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	return at
}

// benchRunning measures the CPU of a server that runs on: over intervals in which nothing is new, and over one in
// which a tenth of the feeds have three new items.
func benchRunning(b *testing.B, feeds, items int, row tableRow) {
	b.Helper()
	const every, idles = 20 * time.Second, 2
	p, dir := openPress(b, feeds, items, "0s", "0", "false", every.String()), b.TempDir()
	cmd := exec.CommandContext(b.Context(), program(b, "rafid"), "run", "--config", p.Config, "--data", filepath.Join(dir, "rafid"), "--listen", "127.0.0.1:0", "--admin", "", "--log-level", "error")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
	used := cpuOf(b, cmd.Process.Pid)
	for calm := 0; calm < 2; { // the first import is over when two intervals cost alike
		time.Sleep(every)
		now := cpuOf(b, cmd.Process.Pid)
		if now-used < 2*time.Second {
			calm++
		}
		used = now
	}
	time.Sleep(idles * every)
	idle := (cpuOf(b, cmd.Process.Pid) - used) / idles
	for range 2 {
		p.poll(b, filepath.Join(dir, "alone.db"), true)
		p.poll(b, filepath.Join(dir, "floor.db"), false)
	}
	alone := p.poll(b, filepath.Join(dir, "alone.db"), true)
	p.tick(b)
	used = cpuOf(b, cmd.Process.Pid)
	time.Sleep(every + every/2)
	tick := cpuOf(b, cmd.Process.Pid) - used - idle/2
	floor := p.poll(b, filepath.Join(dir, "floor.db"), false)
	row("nothing new, running on: CPU of a round, against net/http alone", "running-idle/alone", alone.cpu.Seconds(), idle.Seconds(), "s")
	row("300 new items, running on: CPU of a round, against the floor", "running-tick/floor", floor.cpu.Seconds(), tick.Seconds(), "s")
}

// cpuOf is the CPU that a process has used so far, by proc(5): in hundredths of a second.
func cpuOf(b *testing.B, pid int) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skip("what a running process has used is told by proc(5) only: ", err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	var user, system int64
	fields := strings.Fields(rest)
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		b.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}
