package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"rafid/cmd/internal/config"
	"rafid/cmd/internal/sqlite"
)

func (a *app) doctorCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Examine what Rafid stands on: file, store, disk, names, clock, time zones",
		Long: "Doctor looks at everything that Rafid needs and prints a line each: ok, warn or fail, and what to do. It may run\n" +
			"beside a server. It changes nothing, and asks the network for nothing but the addresses of the sources' hosts.\n" +
			"Exit 1 when something fails.",
		Example: "  rafid doctor\n  rafid doctor --json | jq '.[] | select(.state != \"ok\")'",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.doctor(cmd.Context(), asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return cmd
}

// finding is what one examination found.
type finding struct {
	What  string `json:"what"`
	State string `json:"state"` // ok, warn or fail
	Found string `json:"found"`
	Fix   string `json:"fix,omitempty"`
}

func ok(what, found string) finding        { return finding{what, "ok", found, ""} }
func warn(what, found, fix string) finding { return finding{what, "warn", found, fix} }
func fail(what, found, fix string) finding { return finding{what, "fail", found, fix} }

func (a *app) doctor(ctx context.Context, asJSON bool) error {
	cfg, problems := config.Load(a.config)
	all := []finding{examineVersion(), examineConfig(a.config, cfg, problems)}
	all = append(all, a.examineStore(ctx)...)
	all = append(all, examineDisk(a.data), examineZones())
	if cfg != nil {
		all = append(all, examineNames(ctx, cfg))
	}
	if err := (&view{out: a.stdout}).findings(all, asJSON); err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(f finding) bool { return f.State == "fail" }) {
		return &exitError{code: exitFailed}
	}
	return nil
}

func (v *view) findings(all []finding, asJSON bool) error {
	if asJSON {
		return v.json(all)
	}
	var b strings.Builder
	for _, f := range all {
		fmt.Fprintf(&b, "%-4s  %-11s %s\n", f.State, f.What, oneLine(f.Found))
		if f.Fix != "" {
			fmt.Fprintf(&b, "                  fix: %s\n", f.Fix)
		}
	}
	_, err := v.out.Write([]byte(b.String()))
	return err
}

func examineVersion() finding {
	return ok("version", fmt.Sprintf("rafid %s, %s, %s/%s", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH))
}

func examineConfig(path string, cfg *config.Config, problems config.Problems) finding {
	switch {
	case problems.Errors():
		return fail("config", fmt.Sprintf("%s has mistakes", path), "rafid check lists them, each with a fix")
	case len(problems) > 0:
		return warn("config", fmt.Sprintf("%s: %d sources, %d warnings", path, len(cfg.Sources), len(problems)), "rafid check lists them")
	}
	return ok("config", fmt.Sprintf("%s: %d sources", path, len(cfg.Sources)))
}

// examineStore looks whether the store can be read, whether it is whole, and whether the clock has gone back
// behind what is stored.
func (a *app) examineStore(ctx context.Context) []finding {
	path := filepath.Join(a.data, "rafid.db")
	db, err := sqlite.View(ctx, path)
	switch {
	case errors.Is(err, sqlite.ErrNoStore):
		return []finding{warn("store", path+" is not there yet", "rafid run or rafid once makes it")}
	case errors.Is(err, sqlite.ErrOtherVersion):
		return []finding{warn("store", err.Error(), "start rafid run or rafid once of this version")}
	case err != nil:
		return []finding{fail("store", err.Error(), "see whether --data names the right folder and may be read")}
	}
	var all []finding
	if err := db.Check(ctx); err != nil {
		all = append(all, fail("store", err.Error(), "stop the server and put a backup in its place: rafid restore FILE"))
	} else {
		all = append(all, ok("store", path+" is whole"))
	}
	all = append(all, examineClock(ctx, db, time.Now()))
	if err := db.Close(); err != nil {
		all = append(all, fail("store", err.Error(), "see the system's log for errors of the disk"))
	}
	return all
}

// ahead is how far before what is stored a clock may be: servers' clocks differ by seconds.
const ahead = 5 * time.Minute

func examineClock(ctx context.Context, db *sqlite.DB, now time.Time) finding {
	states, err := db.States(ctx)
	if err != nil {
		return fail("clock", err.Error(), "see the finding about the store")
	}
	var last time.Time
	for _, st := range states {
		if st.LastFetch.After(last) {
			last = st.LastFetch
		}
	}
	if last.After(now.Add(ahead)) {
		return fail("clock", fmt.Sprintf("it is %s by this machine, but a source was fetched at %s", now.UTC().Format(time.RFC3339), last.Format(time.RFC3339)),
			"set the clock; until then no source is due")
	}
	return ok("clock", now.UTC().Format(time.RFC3339))
}

// zonesNeeded are where Arabic outlets write their dates.
func zonesNeeded() []string {
	return []string{"Asia/Riyadh", "Africa/Cairo", "Asia/Beirut", "Africa/Casablanca", "Asia/Baghdad", "Europe/London"}
}

func examineZones() finding {
	for _, name := range zonesNeeded() {
		if _, err := time.LoadLocation(name); err != nil {
			return fail("time zones", err.Error(), "the program was built without its zone data: use a released build")
		}
	}
	return ok("time zones", fmt.Sprintf("%d of %d known", len(zonesNeeded()), len(zonesNeeded())))
}

// roomNeeded is below what a day of a thousand sources fills.
const roomNeeded = 512 << 20

func examineDisk(dir string) finding {
	free, err := freeBytes(dir)
	switch {
	case err != nil:
		return warn("disk", err.Error(), "make the folder, or name another with --data")
	case free < roomNeeded:
		return fail("disk", fmt.Sprintf("%s has %d MB free", dir, free>>20), fmt.Sprintf("make room: below %d MB a store soon stops growing", roomNeeded>>20))
	}
	return ok("disk", fmt.Sprintf("%s has %.1f GB free", dir, float64(free)/(1<<30)))
}

// How the hosts of the sources are looked up.
const (
	lookups     = 16
	lookupLimit = 5 * time.Second
)

func examineNames(ctx context.Context, cfg *config.Config) finding {
	hosts := hostsOf(cfg)
	var mu sync.Mutex
	var lost []string
	var g errgroup.Group
	g.SetLimit(lookups)
	for _, host := range hosts {
		g.Go(func() error {
			ctx, cancel := context.WithTimeout(ctx, lookupLimit)
			defer cancel()
			if _, err := new(net.Resolver).LookupHost(ctx, host); err != nil {
				mu.Lock()
				defer mu.Unlock()
				lost = append(lost, host)
			}
			return nil
		})
	}
	_ = g.Wait() // a host that is not found is a finding
	slices.Sort(lost)
	switch {
	case len(lost) == 0:
		return ok("names", fmt.Sprintf("%d hosts of sources found", len(hosts)))
	case len(lost) == len(hosts):
		return fail("names", fmt.Sprintf("none of %d hosts of sources found", len(hosts)), "see whether this machine has a network and a name server (/etc/resolv.conf)")
	}
	return warn("names", fmt.Sprintf("%d of %d hosts not found: %s", len(lost), len(hosts), strings.Join(lost[:min(5, len(lost))], " ")),
		"see whether their addresses in feeds.yaml are still right")
}

// hostsOf are the names to be looked up, each once; numbers need no looking up.
func hostsOf(cfg *config.Config) []string {
	var hosts []string
	for _, s := range cfg.Sources {
		u, err := url.Parse(s.URL)
		if err != nil || !s.Enabled || net.ParseIP(u.Hostname()) != nil || slices.Contains(hosts, u.Hostname()) {
			continue
		}
		hosts = append(hosts, u.Hostname())
	}
	return hosts
}
