package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stdin, end := io.Pipe()
	stdout, printed := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(t.Context(), []string{"-feeds", "20", "-items", "3", "-hosts", "2", "-out", dir}, stdin, printed, io.Discard)
	}()
	var o opened
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(line, &o); err != nil {
		t.Fatal(err)
	}
	urls, err := os.ReadFile(o.URLs)
	if err != nil || strings.Count(string(urls), "\n") != 20 {
		t.Errorf("%s, %v", urls, err)
	}
	if config, err := os.ReadFile(o.Config); err != nil || !strings.Contains(string(config), "sources:") {
		t.Error(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, tt := range []struct {
		name, method, path string
		status             int
		want               string
	}{
		{"a tenth of the feeds", "POST", "/tick?share=0.1&new=3", 200, `{"feeds":2}`},
		{"a share above all", "POST", "/tick?share=2&new=3", 400, "share is no number from 0 to 1"},
		{"nothing new", "POST", "/tick?share=1&new=0", 400, "new is no number above 0"},
		{"counts", "GET", "/requests", 200, `{"Total":0,"Conditional":0,"NotModified":0,"Bytes":0}`},
		{"ticking by GET", "GET", "/tick?share=1&new=1", 405, "Method Not Allowed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), tt.method, o.Control+tt.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			data, err := io.ReadAll(res.Body)
			if got := strings.TrimSpace(string(data)); err != nil || res.StatusCode != tt.status || got != tt.want {
				t.Errorf("%d %s, %v", res.StatusCode, got, err)
			}
		})
	}
	end.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestServeRefuses(t *testing.T) {
	t.Parallel()
	if err := run(t.Context(), []string{"-h"}, nil, io.Discard, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("help: %v", err)
	}
	if err := run(t.Context(), nil, nil, io.Discard, io.Discard); err == nil {
		t.Error("no directory is taken")
	}
	if err := run(t.Context(), []string{"-feeds", "1", "-out", t.TempDir() + "/missing"}, nil, io.Discard, io.Discard); err == nil {
		t.Error("a missing directory is taken")
	}
	dir := t.TempDir()
	if err := os.Mkdir(dir+"/urls.txt", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"-feeds", "1", "-out", dir}, nil, io.Discard, io.Discard); err == nil {
		t.Error("a list of addresses that cannot be written is taken")
	}
	_, shut := io.Pipe()
	shut.Close()
	if err := run(t.Context(), []string{"-feeds", "1", "-out", t.TempDir()}, nil, shut, io.Discard); err == nil {
		t.Error("a reader that is gone is taken")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, []string{"-feeds", "1", "-out", t.TempDir()}, nil, io.Discard, io.Discard); err == nil {
		t.Error("opens though it was told to end")
	}
}
