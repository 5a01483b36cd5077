package fetch

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	socks "golang.org/x/net/proxy"
)

// socksTunnel makes connections through a SOCKS5 server (RFC 1928, 1929).
func socksTunnel(u *url.URL) (func(context.Context, string) (net.Conn, error), error) {
	var auth *socks.Auth
	if u.User != nil {
		password, _ := u.User.Password()
		auth = &socks.Auth{User: u.User.Username(), Password: password}
	}
	d, err := socks.SOCKS5("tcp", withPort(u, "1080"), auth, dialer(unguarded))
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	through, ok := d.(socks.ContextDialer)
	if !ok {
		return nil, errors.New("proxy: the dialer takes no context")
	}
	return func(ctx context.Context, addr string) (net.Conn, error) {
		c, err := through.DialContext(ctx, "tcp", addr)
		if err != nil {
			return nil, fmt.Errorf("proxy: %w", err)
		}
		return c, nil
	}, nil
}

// httpTunnel makes connections through an HTTP proxy by CONNECT (RFC 9110, section 9.3.6), those of plain
// http too: only so is the proxy told the very address that was judged.
func httpTunnel(u *url.URL) func(context.Context, string) (net.Conn, error) {
	return func(ctx context.Context, addr string) (net.Conn, error) {
		c, err := dialer(unguarded).DialContext(ctx, "tcp", withPort(u, map[string]string{"https": "443"}[u.Scheme]))
		if err != nil {
			return nil, fmt.Errorf("proxy: %w", err)
		}
		stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
		tunnel, err := connect(ctx, c, u, addr)
		if err == nil && !stop() {
			err = context.Cause(ctx)
		}
		if err != nil {
			stop()
			return nil, errors.Join(fmt.Errorf("proxy: %w", err), c.Close())
		}
		return tunnel, nil
	}
}

// connect asks the proxy at the other end of c for a tunnel to addr.
func connect(ctx context.Context, c net.Conn, u *url.URL, addr string) (net.Conn, error) {
	if u.Scheme == "https" {
		secure := tls.Client(c, &tls.Config{ServerName: u.Hostname()})
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		c = secure
	}
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr, Header: http.Header{}}
	if u.User != nil {
		password, _ := u.User.Password()
		req.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password)))
	}
	if err := req.Write(c); err != nil {
		return nil, err
	}
	br := bufio.NewReader(c)
	resp, err := http.ReadResponse(br, req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("a tunnel to %s is answered by %s", addr, resp.Status)
	}
	if br.Buffered() > 0 {
		return nil, errors.New("it speaks before the server does")
	}
	return c, nil
}

// withPort is the host and port of a proxy; port, or 80, when its address names none.
func withPort(u *url.URL, port string) string {
	if u.Port() != "" {
		return u.Host
	}
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}
