// Package farm runs a number of HTTP servers on loopback, each on a port of its own, and ends them with all
// that they are in the middle of: what its handlers do may never end by itself.
//
// All servers are on one address, because macOS answers on 127.0.0.1 only, not on the rest of 127/8.
package farm

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

// Farm is a number of HTTP servers. Its methods may be called from several goroutines.
type Farm struct {
	addrs     []string
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

// New binds a port of addr for each handler; addr is 127.0.0.1 when empty, and the first port is port unless
// that is 0. Nothing is answered before Serve. Close must be called, also when ctx, whose end ends the
// servers, is over.
func New(ctx context.Context, addr string, port int, handlers []http.Handler) (*Farm, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if addr == "" {
		addr = "127.0.0.1"
	}
	f := &Farm{}
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

// Addr is the host:port of the server of handler i.
func (f *Farm) Addr(i int) string { return f.addrs[i] }

// Serve starts the servers; it is called once.
func (f *Farm) Serve() {
	for i, s := range f.servers {
		f.running.Go(func() { _ = s.Serve(f.listeners[i]) }) // always ErrServerClosed after shut
	}
}

// shut closes listeners and connections, those in the middle of an answer too: a drip never ends by itself.
func (f *Farm) shut() {
	f.once.Do(func() {
		var errs []error
		for _, s := range f.servers {
			errs = append(errs, s.Close())
		}
		errs = append(errs, f.closeListeners()) // servers that were never set going do not know theirs
		f.closeErr = errors.Join(errs...)
		f.cancel()
	})
}

// track counts the requests in hand, and turns away those that come after close.
func (f *Farm) track(h http.Handler) http.Handler {
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

// Close ends the servers and every answer in the making, and waits for them.
func (f *Farm) Close() error {
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

func (f *Farm) closeListeners() error {
	var errs []error
	for _, l := range f.listeners {
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
