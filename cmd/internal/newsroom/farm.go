package newsroom

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// farm is a number of HTTP servers on loopback, each on a port of its own. All of them are on one address
// because macOS answers on 127.0.0.1 only, not on the rest of 127/8.
type farm struct {
	addrs     []string // host:port of each server
	listeners []net.Listener
	servers   []*http.Server

	running  sync.WaitGroup // servers
	cancel   context.CancelFunc
	detach   func() bool
	once     sync.Once
	closeErr error

	mu       sync.Mutex
	idle     *sync.Cond // on mu: handling has come down to 0
	handling int        // requests, hijacked ones included: a server does not wait for those
	closed   bool
}

// newFarm binds a port for each handler, the first to port unless that is 0; serve sets them going.
func newFarm(ctx context.Context, addr string, port int, handlers []http.Handler) (*farm, error) {
	if addr == "" {
		addr = "127.0.0.1"
	}
	f := &farm{}
	f.idle = sync.NewCond(&f.mu)
	ctx, f.cancel = context.WithCancel(ctx)
	var lc net.ListenConfig
	for i, h := range handlers {
		p := 0
		if port != 0 {
			p = port + i
		}
		l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(addr, strconv.Itoa(p)))
		if err != nil {
			f.cancel()
			return nil, errors.Join(fmt.Errorf("listen: %w", err), f.closeListeners())
		}
		f.listeners = append(f.listeners, l)
		f.addrs = append(f.addrs, l.Addr().String())
		f.servers = append(f.servers, &http.Server{
			Handler:           f.track(h),
			ReadHeaderTimeout: 10 * time.Second,
			ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // misbehaving is our trade
			BaseContext:       func(net.Listener) context.Context { return ctx },
		})
	}
	f.detach = context.AfterFunc(ctx, func() { f.shut() })
	return f, nil
}

// serve starts one goroutine a server; close waits for them.
func (f *farm) serve() {
	for i, s := range f.servers {
		f.running.Go(func() { _ = s.Serve(f.listeners[i]) }) // always ErrServerClosed after shut
	}
}

// shut closes listeners and connections, those in the middle of an answer too: a drip never ends by itself.
func (f *farm) shut() {
	f.once.Do(func() {
		var errs []error
		for _, s := range f.servers {
			errs = append(errs, s.Close())
		}
		f.closeErr = errors.Join(errs...)
		f.cancel()
	})
}

// track counts the requests in hand, and turns away those that come after close.
func (f *farm) track(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		if f.closed {
			f.mu.Unlock()
			return
		}
		f.handling++
		f.mu.Unlock()
		defer func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.handling--
			f.idle.Broadcast()
		}()
		h.ServeHTTP(w, r)
	})
}

func (f *farm) close() error {
	f.detach()
	f.shut()
	f.running.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for f.handling > 0 {
		f.idle.Wait()
	}
	return f.closeErr
}

func (f *farm) closeListeners() error {
	var errs []error
	for _, l := range f.listeners {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}
