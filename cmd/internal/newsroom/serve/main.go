// Serve runs a benchmark's newsroom as a process of its own, so that its work is not measured with that
// of the reader. It prints one line of JSON when all is being served: where its feeds.yaml and the list of
// addresses are, and the address that controls it. It ends on SIGINT, SIGTERM or the end of standard input.
//
//	serve [-feeds 1000] [-items 30] [-hosts 200] [-latency 0] [-hang 0] [-no304] [-seed 1] -out DIR
//
// The control address answers POST /tick?share=0.1&new=3 with the number of feeds that have new items, and
// GET /requests with the counts of requests, both as JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"rafid/cmd/internal/newsroom"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

// opened is what serve prints.
type opened struct {
	Config  string // path of feeds.yaml
	URLs    string // path of a file with an address a line
	Control string // http://host:port
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	var o newsroom.BenchOptions
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&o.Feeds, "feeds", 1000, "feeds in all")
	flags.IntVar(&o.Items, "items", 30, "items in a feed")
	flags.IntVar(&o.Hosts, "hosts", 200, "ports that the feeds are spread over")
	flags.DurationVar(&o.Latency, "latency", 0, "before each answer")
	flags.Float64Var(&o.HangShare, "hang", 0, "share of hosts that hang")
	flags.BoolVar(&o.No304, "no304", false, "answer all requests in full")
	flags.Int64Var(&o.Seed, "seed", 1, "another seed is another press")
	dir := flags.String("out", "", "directory for feeds.yaml and urls.txt")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *dir == "" {
		return errors.New("-out names no directory")
	}
	room, err := newsroom.Bench(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(control(ctx, room, *dir, stdin, stdout), room.Close())
}

// control writes the files, answers on the control address and waits for the end.
func control(ctx context.Context, room *newsroom.BenchRoom, dir string, stdin io.Reader, stdout io.Writer) error {
	out := opened{Config: filepath.Join(dir, "feeds.yaml"), URLs: filepath.Join(dir, "urls.txt")}
	if err := os.WriteFile(out.Config, []byte(room.FeedsYAML()), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(out.URLs, []byte(strings.Join(room.URLs(), "\n")+"\n"), 0o644); err != nil {
		return err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	out.Control = "http://" + l.Addr().String()
	s := &http.Server{Handler: handler(room), ReadHeaderTimeout: 5 * time.Second}
	var running sync.WaitGroup
	running.Go(func() { _ = s.Serve(l) }) // ErrServerClosed
	defer running.Wait()
	defer s.Close()
	line, err := json.Marshal(out)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(stdout, "%s\n", line); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { // ends with the program when nobody closes standard input: reads cannot be called off
		_, _ = io.Copy(io.Discard, stdin)
		close(ended)
	}()
	select {
	case <-ctx.Done():
	case <-ended:
	}
	return nil
}

func handler(room *newsroom.BenchRoom) http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("POST /tick", func(w http.ResponseWriter, r *http.Request) {
		share, err := strconv.ParseFloat(r.FormValue("share"), 64)
		if err != nil || share < 0 || share > 1 {
			http.Error(w, "share is no number from 0 to 1", http.StatusBadRequest)
			return
		}
		n, err := strconv.Atoi(r.FormValue("new"))
		if err != nil || n < 1 {
			http.Error(w, "new is no number above 0", http.StatusBadRequest)
			return
		}
		feeds, err := room.Tick(r.Context(), share, n)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, map[string]int{"feeds": feeds})
	})
	m.HandleFunc("GET /requests", func(w http.ResponseWriter, r *http.Request) { answer(w, room.Requests()) })
	return m
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // fails only when the reader went away
}
