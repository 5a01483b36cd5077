package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/mmcdole/gofeed"

	"rafid/cmd/internal/newsroom"
)

// floor is the least that any aggregator on these libraries must spend: it polls feeds with net/http,
// parses them with gofeed and keeps the items in SQLite. Benchmarks run it beside Rafid in the same run;
// it does not clean, group, categorise or publish. With -alone it only polls and reads: net/http by itself.
func floor() {
	alone := flag.Bool("alone", false, "poll and read, no more")
	atOnce := flag.Int("at-once", 16, "polls side by side")
	path := flag.String("db", "", "database")
	flag.Parse()
	if err := runFloor(context.Background(), os.Stdin, os.Stdout, *path, *atOnce, *alone); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func runFloor(ctx context.Context, in io.Reader, out io.Writer, path string, atOnce int, alone bool) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)&_txlock=immediate")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, etag TEXT, modified TEXT);
		CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, url TEXT, guid TEXT, title TEXT, link TEXT, description TEXT, content TEXT, published TEXT, UNIQUE (url, guid))`); err != nil {
		return err
	}
	p := &poller{db: db, alone: alone, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce, DisableCompression: false}}}
	urls := make(chan string)
	var wg sync.WaitGroup
	errs := make(chan error, atOnce)
	for range atOnce {
		wg.Go(func() {
			for url := range urls {
				if err := p.poll(ctx, url); err != nil {
					errs <- fmt.Errorf("%s: %w", url, err)
					return
				}
			}
		})
	}
	for s := bufio.NewScanner(in); s.Scan(); {
		select {
		case urls <- s.Text():
		case err := <-errs:
			return err
		}
	}
	close(urls)
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
	}
	var items int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM items`).Scan(&items); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, items)
	return err
}

type poller struct {
	db     *sql.DB
	client *http.Client
	alone  bool
}

func (p *poller) poll(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	var etag, modified string
	_ = p.db.QueryRowContext(ctx, `SELECT etag, modified FROM feeds WHERE url = ?`, url).Scan(&etag, &modified)
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	if modified != "" {
		req.Header.Set("If-Modified-Since", modified)
	}
	res, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode == http.StatusNotModified {
		return err
	}
	if p.alone {
		_, err := p.db.ExecContext(ctx, `INSERT OR REPLACE INTO feeds VALUES (?, ?, ?)`, url, res.Header.Get("ETag"), res.Header.Get("Last-Modified"))
		return err
	}
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return p.save(ctx, url, res.Header, feed)
}

func (p *poller) save(ctx context.Context, url string, h http.Header, feed *gofeed.Feed) error {
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, it := range feed.Items {
		if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO items (url, guid, title, link, description, content, published) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			url, it.GUID, it.Title, it.Link, it.Description, it.Content, it.Published); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO feeds VALUES (?, ?, ?)`, url, h.Get("ETag"), h.Get("Last-Modified")); err != nil {
		return err
	}
	return tx.Commit()
}

// pressProcess serves the feeds of a benchmark in a process of its own, so that its work is not measured
// with the reader's: press FEEDS ITEMS DIR [LATENCY HANGSHARE NO304 EVERY]. Each line on the standard input brings a tenth of the feeds
// three new items.
func pressProcess() {
	if err := runPress(context.Background(), os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "press:", err)
		os.Exit(1)
	}
}

func runPress(ctx context.Context, args []string, in io.Reader, out io.Writer) (err error) {
	var o newsroom.BenchOptions
	var dir string
	latency, every := "0s", "10m"
	if n, err := fmt.Sscan(strings.Join(args, " "), &o.Feeds, &o.Items, &dir, &latency, &o.HangShare, &o.No304, &every); n < 3 {
		return err
	}
	if o.Latency, err = time.ParseDuration(latency); err != nil {
		return err
	}
	o.Hosts, o.Seed = 200, 1
	room, err := newsroom.Bench(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, room.Close()) }()
	p := press{Config: filepath.Join(dir, "feeds.yaml"), URLs: filepath.Join(dir, "urls")}
	if err := os.WriteFile(p.Config, []byte(strings.Replace(room.FeedsYAML(), "every: 10m", "every: "+every, 1)), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(p.URLs, []byte(strings.Join(room.URLs(), "\n")+"\n"), 0o644); err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(p); err != nil {
		return err
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		n, err := room.Tick(ctx, .1, 3)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, n)
	}
	return nil
}
