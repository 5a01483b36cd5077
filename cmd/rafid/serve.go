package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"rafid"
)

func (a *app) runCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Fetch the sources on schedule, group, publish and serve",
		Long: "Run fetches the sources of feeds.yaml on their schedules and serves the pages and feeds. It takes over\n" +
			"changes of the file by itself and on SIGHUP; a file with mistakes leaves the last good one in force.\n" +
			"SIGTERM and Ctrl-C end it: passes under way are given up, nothing stored is lost.",
		Example: "  rafid run\n  rafid run --config /etc/rafid/feeds.yaml --data /var/lib/rafid --listen :8080",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.serve(cmd.Context(), func(string) {})
		},
	}
}

// serve runs the whole program until ctx ends. ready is told the public address once it is served.
func (a *app) serve(ctx context.Context, ready func(base string)) (err error) {
	cfg, err := a.load(a.config)
	if err != nil {
		return err
	}
	public, base, err := listen(ctx, "listen", a.listen)
	if err != nil {
		return err
	}
	defer public.Close()
	r, err := a.openRiver(ctx, cfg, base)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if a.watching != nil {
		count := r.grouper.seen
		r.grouper.seen = func(s rafid.Story, p rafid.Placement) { count(s, p); a.watching(s, p) }
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	if err := a.start(ctx, g, r, public); err != nil {
		cancel()
		return errors.Join(err, g.Wait())
	}
	ready(base)
	return g.Wait()
}

// receivers is how many deliveries of hubs are worked on at once: one that reads pages, or waits for a fetch of
// its source, should not hold up the others.
const receivers = 4

// start starts all that runs beside each other, in the order in which each needs the others.
func (a *app) start(ctx context.Context, g *errgroup.Group, r *river, public net.Listener) error {
	admin, err := a.serveAdmin(ctx, g, r)
	if err != nil {
		return err
	}
	if err := a.announce(ctx, g, r); err != nil {
		return err
	}
	if err := r.begin(ctx); err != nil {
		return err
	}
	g.Go(func() error { return serveHTTP(ctx, public, r.withPushes(r.withHub(r.pub.Handler()))) })
	for _, do := range []func(context.Context){r.flow, r.keepTime, r.keepFiles} {
		g.Go(func() error { do(ctx); return nil })
	}
	g.Go(func() error { r.flushing(ctx); return nil })
	for range receivers {
		g.Go(func() error { r.receiving(ctx); return nil })
	}
	a.keep(ctx, g, r)
	a.log.Info("serving", "url", r.base, "admin", admin, "sources", len(r.plan.Load().sources()))
	return nil
}

// serveAdmin serves the operator's address, if there is to be one, and gives it.
func (a *app) serveAdmin(ctx context.Context, g *errgroup.Group, r *river) (string, error) {
	if a.admin == "" {
		return "", nil
	}
	l, base, err := listen(ctx, "admin", a.admin)
	if err != nil {
		return "", err
	}
	g.Go(func() error { return serveHTTP(ctx, l, r.admin()) })
	return base, nil
}

// keep starts the schedule and the watch over the source list.
func (a *app) keep(ctx context.Context, g *errgroup.Group, r *river) {
	s := newSchedule(a.log, r.now, a.atOnce, r.scheduled)
	r.planInto(ctx, s)
	g.Go(func() error { s.run(ctx); return nil })
	g.Go(func() error {
		return watch(ctx, a.config, a.log, func() { r.reload(ctx, a.config, s) })
	})
}

// planInto gives the schedule the sources in force.
func (r *river) planInto(ctx context.Context, s *schedule) {
	states := r.states()
	s.set(ctx, r.plan.Load().sources(), func(id string) time.Time { return states[id].LastFetch })
}

func listen(ctx context.Context, flag, addr string) (net.Listener, string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, "", fmt.Errorf("%w; another --%s makes room, as in --%s 127.0.0.1:0", err, flag, flag)
	}
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return nil, "", errors.Join(err, l.Close())
	}
	if ip := net.ParseIP(host); ip.IsUnspecified() {
		host = "localhost"
	}
	return l, "http://" + net.JoinHostPort(host, port), nil
}

// The server's patience: enough for a slow phone, not enough to be held up.
const (
	headerPatience = 5 * time.Second
	readPatience   = 10 * time.Second
	writePatience  = time.Minute
	idlePatience   = 2 * time.Minute
	stopPatience   = 5 * time.Second
	maxHeader      = 64 << 10
)

// serveHTTP serves until ctx ends, then lets requests under way finish.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: headerPatience, ReadTimeout: readPatience, WriteTimeout: writePatience,
		IdleTimeout: idlePatience, MaxHeaderBytes: maxHeader,
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		quiet, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
		defer cancel()
		stopped <- srv.Shutdown(quiet)
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	if err := <-stopped; err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// admin serves what only the operator should see.
func (r *river) admin() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(r.metrics.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, req *http.Request) {
		if err := r.store.Ping(req.Context()); err != nil {
			http.Error(w, "the store does not answer: "+err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !r.ready.Load() {
			http.Error(w, "the first publication is under way", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	mux.HandleFunc("POST /sources/{id}/confirm", r.confirmed)
	mux.HandleFunc("GET /debug/pprof/", func(w http.ResponseWriter, req *http.Request) {
		switch strings.TrimPrefix(req.URL.Path, "/debug/pprof/") {
		case "profile":
			pprof.Profile(w, req)
		case "trace":
			pprof.Trace(w, req)
		default:
			pprof.Index(w, req)
		}
	})
	return new(http.CrossOriginProtection).Handler(mux) // no page in the operator's browser speaks for them
}
