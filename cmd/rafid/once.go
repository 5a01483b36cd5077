package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"rafid/cmd/internal/config"
	"rafid/output"
)

func (a *app) onceCmd() *cobra.Command {
	var dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "once",
		Short: "One pass over all sources, then end",
		Long: "Once fetches every source one time, groups what is new and, with --out, writes the feeds and pages as\n" +
			"static files: whole or not at all, and only those that changed. It fails when no source could be read.",
		Example: "  rafid once --out public\n  rafid once --json | jq .",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.once(cmd.Context(), dir, asJSON)
		},
	}
	cmd.Flags().StringVar(&dir, "out", "", "folder for static feeds and pages")
	cmd.Flags().BoolVar(&asJSON, "json", false, "a JSON object a source, then one of the totals")
	return cmd
}

// onceLine is what once tells of a source.
type onceLine struct {
	Source  string   `json:"source"`
	Outcome string   `json:"outcome"`
	Items   int      `json:"items"`
	New     int      `json:"new"`
	Revised int      `json:"revised"`
	Held    int      `json:"held,omitempty"`
	Repairs []string `json:"repairs,omitempty"`
	Status  int      `json:"status"`
	Millis  int64    `json:"ms"`
	Error   string   `json:"error,omitempty"`
}

// onceTotal is what once tells at the end.
type onceTotal struct {
	Sources   int    `json:"sources"`
	Failed    int    `json:"failed"`
	Unchanged int    `json:"unchanged"` // those that are not to be asked yet included
	New       int    `json:"new"`
	Out       string `json:"out,omitempty"`
	Written   int    `json:"files_written"`
	Millis    int64  `json:"ms"`
}

func (a *app) once(ctx context.Context, dir string, asJSON bool) (err error) {
	begun := time.Now()
	cfg, err := a.load(a.config)
	if err != nil {
		return err
	}
	r, err := a.openRiver(ctx, cfg, "http://"+a.listen)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if dir != "" && cfg.Site.URL == "" {
		a.log.Warn("feeds.yaml names no site.url: links of the static files lead to this machine", "url", r.base)
	}
	tell := a.teller(len(r.plan.Load().sources()), asJSON)
	total := r.passAll(ctx, a.atOnce, tell.source)
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted; what was fetched is stored: %w", ctx.Err())
	}
	if err := r.flush(ctx); err != nil {
		return err
	}
	if err := r.settle(ctx, never); err != nil {
		return err
	}
	if dir != "" {
		var w output.Written
		if w, err = r.pub.WriteDir(ctx, dir); err != nil {
			return fmt.Errorf("write %s: %w", dir, err)
		}
		total.Out, total.Written = dir, w.Files
	}
	total.Millis = time.Since(begun).Milliseconds()
	if err := tell.total(total); err != nil {
		return err
	}
	if total.Failed > 0 && total.Failed == total.Sources {
		return errors.New("no source could be read; each line above says why")
	}
	return nil
}

// never is longer than any run: nobody reads the feeds before the end of it.
const never = 1000 * time.Hour

// passAll runs every source once, many side by side, and tells of each as it ends.
func (r *river) passAll(ctx context.Context, atOnce int, tell func(onceLine)) onceTotal {
	var mu sync.Mutex
	var total onceTotal
	var passes sync.WaitGroup
	l := newLanes(atOnce)
	for _, src := range r.plan.Load().sources() {
		leave, err := l.enter(ctx)
		if err != nil {
			break
		}
		passes.Go(func() {
			defer leave()
			t, err := r.pass(ctx, src)
			line := lineOf(src, t, err)
			mu.Lock()
			defer mu.Unlock()
			total.add(line)
			tell(line)
		})
	}
	passes.Wait()
	return total
}

func lineOf(src config.Source, t tide, err error) onceLine {
	l := onceLine{
		Source: src.ID, Outcome: string(t.Outcome), Items: t.State.Items, New: t.Receipt.New,
		Revised: t.Receipt.Revised, Held: t.Receipt.Held, Repairs: t.State.Repairs, Status: t.State.Status,
		Millis: t.State.Took.Milliseconds(),
	}
	if err != nil {
		l.Error, l.Outcome = err.Error(), "failed"
	}
	return l
}

func (t *onceTotal) add(l onceLine) {
	t.Sources++
	t.New += l.New
	switch l.Outcome {
	case "failed":
		t.Failed++
	case "unchanged", "same", "waiting":
		t.Unchanged++
	}
}

// teller prints the lines of once: JSON, or plain text, with a bar on a terminal.
type teller struct {
	a    *app
	json *json.Encoder
	bar  *progressbar.ProgressBar
}

func (a *app) teller(sources int, asJSON bool) *teller {
	t := &teller{a: a}
	if asJSON {
		t.json = json.NewEncoder(a.stdout)
		t.json.SetEscapeHTML(false)
	}
	if f, ok := a.stderr.(*os.File); ok && isTerminal(f) {
		t.bar = progressbar.NewOptions(sources, progressbar.OptionSetWriter(f), progressbar.OptionShowCount(),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetDescription("sources"))
	}
	return t
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// source tells of one source. A line that cannot be written is lost; the total then fails too.
func (t *teller) source(l onceLine) {
	if t.bar != nil {
		_ = t.bar.Clear()
		defer func() { _ = t.bar.Add(1) }()
	}
	switch {
	case t.json != nil:
		_ = t.json.Encode(l)
	case l.Error != "":
		fmt.Fprintf(t.a.stdout, "%-9s %-20s %s\n", l.Outcome, l.Source, l.Error)
	default:
		fmt.Fprintf(t.a.stdout, "%-9s %-20s %3d items, %d new, %d ms%s\n", l.Outcome, l.Source, l.Items, l.New,
			l.Millis, mended(l))
	}
}

func mended(l onceLine) string {
	s := ""
	if l.Held > 0 {
		s += fmt.Sprintf(", %d held by its limit", l.Held)
	}
	if len(l.Repairs) > 0 {
		s += fmt.Sprintf(", mended: %v", l.Repairs)
	}
	return s
}

func (t *teller) total(sum onceTotal) error {
	if t.bar != nil {
		_ = t.bar.Finish()
	}
	if t.json != nil {
		return t.json.Encode(sum)
	}
	_, err := fmt.Fprintf(t.a.stdout, "%d sources: %d failed, %d unchanged; %d new stories; %d ms\n", sum.Sources,
		sum.Failed, sum.Unchanged, sum.New, sum.Millis)
	if err == nil && sum.Out != "" {
		_, err = fmt.Fprintf(t.a.stdout, "%s: %d files written\n", sum.Out, sum.Written)
	}
	return err
}
