package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rafid"
	"rafid/cmd/internal/config"
)

func (a *app) statusCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status [ID]",
		Short: "Say how each source fares, the ill ones first",
		Long: "Status prints a line a source from the store, also beside a running server: its state, when it was last read, what\n" +
			"it brought. With an id it prints all that is known of that source. The states: works, slow, quiet, empty, blocked,\n" +
			"moved, gone, hijacked, broken; new for one not fetched yet, off for one that is not enabled.",
		Example: "  rafid status\n  rafid status bbc\n  rafid status --json | jq '.[] | select(.state == \"broken\") | .id'",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withView(cmd.Context(), func(v *view) error {
				list, err := v.sources(cmd.Context(), time.Now())
				if err != nil {
					return err
				}
				if len(args) == 1 {
					i := slices.IndexFunc(list, func(s sourceStatus) bool { return s.ID == args[0] })
					if i < 0 {
						return usage(fmt.Errorf("no source %q in %s; rafid status lists them", args[0], a.config))
					}
					list = list[i : i+1]
				}
				switch {
				case asJSON && len(args) == 1:
					return v.json(list[0])
				case asJSON:
					return v.json(list)
				case len(args) == 1:
					return tellSource(v.out, list[0], time.Now())
				}
				return tellSources(v.out, list, time.Now(), colourful(a.stdout))
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array, or with an ID an object")
	return cmd
}

func (a *app) topCmd() *cobra.Command {
	var every time.Duration
	cmd := &cobra.Command{
		Use:   "top",
		Short: "Show how the sources fare, live",
		Long: "Top prints what rafid status prints, again and again, until Ctrl-C. Where its output is no terminal it prints\n" +
			"it once.",
		Example: "  rafid top\n  rafid top --every 10s",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if every < 100*time.Millisecond {
				return usage(fmt.Errorf("--every %v: want 100ms or more", every))
			}
			return a.withView(cmd.Context(), func(v *view) error { return v.top(cmd.Context(), every, a.stdout) })
		},
	}
	cmd.Flags().DurationVar(&every, "every", 2*time.Second, "how often")
	return cmd
}

// top prints the sources until ctx ends.
func (v *view) top(ctx context.Context, every time.Duration, out io.Writer) error {
	f, ok := out.(*os.File)
	live := ok && isTerminal(f)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		now := time.Now()
		list, err := v.sources(ctx, now)
		if err != nil {
			return err
		}
		var b strings.Builder
		if live {
			b.WriteString("\x1b[H\x1b[2J") // home, and clear
		}
		if err := tellSources(&b, list, now, colourful(out)); err != nil {
			return err
		}
		if _, err := io.WriteString(out, b.String()); err != nil || !live {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// sourceStatus is a source as status tells of it.
type sourceStatus struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	URL      string    `json:"url"`
	State    string    `json:"state"`
	HTTP     int       `json:"http,omitempty"`
	Error    string    `json:"error,omitempty"`
	Failures int       `json:"failures"`
	Fetched  time.Time `json:"fetched,omitzero"`
	Read     time.Time `json:"read,omitzero"` // last success, "nothing new" included
	Waits    time.Time `json:"not_before,omitzero"`
	Newest   time.Time `json:"newest,omitzero"`
	Items    int       `json:"items"`
	Today    int       `json:"stories_24h"`
	Every    string    `json:"every"`
	TookMS   int64     `json:"took_ms"`
	Bytes    int64     `json:"bytes"`
	Encoding string    `json:"encoding,omitempty"`
	Repairs  []string  `json:"repairs,omitempty"`
}

// sources gives the state of every source of the file, the ill ones first, then in the file's order.
func (v *view) sources(ctx context.Context, now time.Time) ([]sourceStatus, error) {
	states, err := v.States(ctx)
	if err != nil {
		return nil, err
	}
	stats, err := v.Stats(ctx, now.Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	known := make(map[string]rafid.SourceState, len(states))
	for _, st := range states {
		known[st.Source] = st
	}
	list := make([]sourceStatus, 0, len(v.plan.cfg.Sources))
	for _, src := range v.plan.cfg.Sources {
		s := statusOf(src, known[src.ID])
		s.Today = stats.BySource[src.ID]
		list = append(list, s)
	}
	slices.SortStableFunc(list, func(a, b sourceStatus) int { return cmp.Compare(urgency(a.State), urgency(b.State)) })
	return list, nil
}

func statusOf(src config.Source, st rafid.SourceState) sourceStatus {
	s := sourceStatus{
		ID: src.ID, Name: src.Name, URL: src.URL, State: string(st.Condition), HTTP: st.Status, Error: st.Error,
		Failures: st.Failures, Fetched: st.LastFetch, Read: st.LastOK, Waits: st.NotBefore, Newest: st.Newest, Items: st.Items,
		Every: src.Every.String(), TookMS: st.Took.Milliseconds(), Bytes: st.Bytes, Encoding: st.Encoding, Repairs: st.Repairs,
	}
	if !src.Named && st.Title != "" {
		s.Name = st.Title
	}
	switch {
	case !src.Enabled:
		s.State = "off"
	case s.State == "":
		s.State = "new"
	}
	return s
}

// states are in the order in which they ask for somebody to look.
func stateOrder() []string {
	return []string{
		string(rafid.Hijacked), string(rafid.Broken), string(rafid.Gone), string(rafid.Blocked), string(rafid.Empty), string(rafid.Moved),
		string(rafid.Slow), string(rafid.Quiet), "new", string(rafid.Works), "off",
	}
}

func urgency(state string) int { return slices.Index(stateOrder(), state) }

// colourful says whether to colour: on a terminal, unless NO_COLOR is set (no-color.org).
func colourful(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && isTerminal(f) && os.Getenv("NO_COLOR") == ""
}

// paint colours a state: red for what brings nothing, yellow for what needs a look, green for what works.
func paint(state, text string) string {
	colour := "32"
	switch i := urgency(state); {
	case i <= urgency(string(rafid.Blocked)):
		colour = "31"
	case i < urgency("new"):
		colour = "33"
	case state != string(rafid.Works):
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// tellSources prints a table of 80 columns and the names behind them: a name in Arabic would turn the line round.
func tellSources(w io.Writer, list []sourceStatus, now time.Time, colour bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%-8s  %-20s %7s %7s %5s %5s %5s  %s\n", "STATE", "SOURCE", "READ", "NEWEST", "ITEMS", "24H", "FAILS", "NAME")
	counts := make(map[string]int)
	for _, s := range list {
		counts[s.State]++
		state := fmt.Sprintf("%-8s", s.State)
		if colour {
			state = paint(s.State, state)
		}
		fmt.Fprintf(&b, "%s  %-20s %7s %7s %5d %5d %5d  %s\n", state, cut(s.ID, 20), ago(now, s.Read), ago(now, s.Newest), s.Items, s.Today, s.Failures, oneLine(s.Name))
	}
	fmt.Fprintf(&b, "\n%d sources:", len(list))
	for _, state := range stateOrder() {
		if counts[state] > 0 {
			fmt.Fprintf(&b, " %d %s", counts[state], state)
		}
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// tellSource prints all that is known of one source.
func tellSource(w io.Writer, s sourceStatus, now time.Time) error {
	var b strings.Builder
	row := func(name, value string) {
		if value != "" && value != "0" {
			fmt.Fprintf(&b, "%-10s %s\n", name, oneLine(value))
		}
	}
	when := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format("2006-01-02 15:04:05 MST") + " (" + ago(now, t) + ")"
	}
	row("source", s.ID)
	row("state", s.State)
	row("error", s.Error)
	row("failures", fmt.Sprint(s.Failures))
	row("address", s.URL)
	row("every", s.Every)
	row("fetched", when(s.Fetched))
	row("read", when(s.Read))
	row("newest", when(s.Newest))
	if s.Waits.After(now) {
		row("waits till", when(s.Waits))
	}
	row("http", fmt.Sprint(s.HTTP))
	row("items", fmt.Sprint(s.Items))
	row("last 24 h", fmt.Sprintf("%d stories", s.Today))
	row("took", fmt.Sprintf("%d ms, %d bytes", s.TookMS, s.Bytes))
	row("encoding", s.Encoding)
	row("mended", strings.Join(s.Repairs, ", "))
	row("name", s.Name)
	_, err := io.WriteString(w, b.String())
	return err
}

// ago is the time since t in at most seven characters, "-" for never; a time to come has a plus.
func ago(now, t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	d, sign := now.Sub(t), ""
	if d < 0 {
		d, sign = -d, "+"
	}
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%s%ds", sign, int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%s%dm", sign, int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%s%dh", sign, int(d.Hours()))
	}
	return fmt.Sprintf("%s%dd", sign, int(d.Hours()/24))
}

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n-1] + "~"
	}
	return s
}

// oneLine keeps what a feed says of itself from writing to the terminal as it likes.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}
