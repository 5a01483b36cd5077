package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"syscall"
	"time"
)

// roads are the ways to the servers: direct ones and one for each proxy, each with the guard and without.
// No way looks at the proxies of the environment: they would carry requests around the guard.
type roads struct {
	mu  sync.Mutex
	all map[road]*http.Transport
}

// road tells the ways apart.
type road struct {
	proxy   string // empty for the direct way
	private bool   // unguarded
}

// to gives the way for a target.
func (r *roads) to(t Target) (*http.Transport, error) {
	key := road{t.Proxy, t.AllowPrivate}
	r.mu.Lock()
	defer r.mu.Unlock()
	if tr := r.all[key]; tr != nil {
		return tr, nil
	}
	g := guard(guarded)
	if t.AllowPrivate {
		g = unguarded
	}
	dial := dialer(g).DialContext
	if t.Proxy != "" {
		p, err := newProxy(t.Proxy, t.AllowPrivate)
		if err != nil {
			return nil, err
		}
		dial = p.dial
	}
	if r.all == nil {
		r.all = make(map[road]*http.Transport)
	}
	r.all[key] = transport(dial)
	return r.all[key], nil
}

func (r *roads) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, tr := range r.all {
		tr.CloseIdleConnections()
	}
}

// dialer opens connections to the addresses that a guard admits.
func dialer(g guard) *net.Dialer {
	return &net.Dialer{
		Timeout: dialPatience, KeepAlive: 30 * time.Second,
		Control: func(network, address string, c syscall.RawConn) error {
			if err := g(network, address, c); err != nil {
				return errors.Join(errRefused, err)
			}
			return nil
		},
	}
}

const dialPatience = 10 * time.Second

// transport makes a transport over a way of dialling.
func transport(dial func(ctx context.Context, network, addr string) (net.Conn, error)) *http.Transport {
	return &http.Transport{
		DialContext:            dial,
		DisableCompression:     true, // the body counts its own bytes
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  15 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 128 << 10,
		ReadBufferSize:         16 << 10,
	}
}

// proxy carries connections through a server that the operator named. The names of servers are looked up
// here and judged by the guard, and the proxy is told the address that was judged: it cannot be led
// elsewhere by another answer to the same question. What private is true for goes by name.
type proxy struct {
	tunnel  func(ctx context.Context, addr string) (net.Conn, error)
	private bool
}

// newProxy reads the address of a proxy. Its password is in no error.
func newProxy(address string, private bool) (*proxy, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("proxy: the address cannot be read")
	}
	p := &proxy{private: private}
	switch u.Scheme {
	case "http", "https":
		p.tunnel = httpTunnel(u)
	case "socks5", "socks5h":
		p.tunnel, err = socksTunnel(u)
	default:
		err = fmt.Errorf("proxy %s: want http, https or socks5", u.Redacted())
	}
	return p, err
}

// dial opens a connection to addr, host:port, through the proxy.
func (p *proxy) dial(ctx context.Context, _, addr string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialPatience)
	defer cancel()
	if p.private {
		return p.tunnel(ctx, addr)
	}
	admitted, err := judged(ctx, addr)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, a := range admitted {
		c, err := p.tunnel(ctx, a)
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// judged looks a host up and gives those of its addresses that the guard admits.
func judged(ctx context.Context, addr string) ([]string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	var none net.Resolver
	ips, err := none.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	var admitted []string
	var refused error
	for _, ip := range ips {
		ip = ip.Unmap()
		network, a := "tcp6", net.JoinHostPort(ip.String(), port)
		if ip.Is4() {
			network = "tcp4"
		}
		if err := guarded(network, a, nil); err != nil {
			refused = cmp.Or(refused, errors.Join(errRefused, err))
			continue
		}
		admitted = append(admitted, a)
	}
	if len(admitted) == 0 {
		return nil, cmp.Or(refused, errRefused)
	}
	return admitted, nil
}
