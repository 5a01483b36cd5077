package newsroom

import (
	"context"
	"errors"
	"fmt"
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

	running  sync.WaitGroup
	detach   func() bool
	once     sync.Once
	closeErr error
}

// newFarm binds a port for each handler, the first to port unless that is 0; serve sets them going.
func newFarm(ctx context.Context, addr string, port int, handlers []http.Handler) (*farm, error) {
	if addr == "" {
		addr = "127.0.0.1"
	}
	f := &farm{}
	var lc net.ListenConfig
	for i, h := range handlers {
		p := 0
		if port != 0 {
			p = port + i
		}
		l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(addr, strconv.Itoa(p)))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("listen: %w", err), f.closeListeners())
		}
		f.listeners = append(f.listeners, l)
		f.addrs = append(f.addrs, l.Addr().String())
		f.servers = append(f.servers, &http.Server{
			Handler:           h,
			ReadHeaderTimeout: 10 * time.Second,
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
	})
}

func (f *farm) close() error {
	f.detach()
	f.shut()
	f.running.Wait()
	return f.closeErr
}

func (f *farm) closeListeners() error {
	var errs []error
	for _, l := range f.listeners {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}
