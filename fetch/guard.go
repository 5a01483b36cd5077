package fetch

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
)

// guard says whether an address may be dialled.
type guard func(network, address string, _ syscall.RawConn) error

// guarded admits public addresses on the ports of the web only, whatever name or notation led to them.
// The names of NAT64 are judged by the address inside.
func guarded(network, address string, c syscall.RawConn) error {
	g := ssrf.New(ssrf.WithPorts(80, 443, 8080, 8443))
	if ap, err := netip.ParseAddrPort(address); err == nil {
		if inner, ok := embedded(ap.Addr()); ok {
			return g.SafeAddrPort(netip.AddrPortFrom(inner, ap.Port()))
		}
	}
	return g.Safe(network, address, c)
}

// embedded gives the IPv4 address inside one of the well-known prefix of NAT64 (RFC 6052).
func embedded(a netip.Addr) (netip.Addr, bool) {
	if !netip.MustParsePrefix("64:ff9b::/96").Contains(a) {
		return a, false
	}
	b := a.As16()
	return netip.AddrFrom4([4]byte(b[12:])), true
}

// isPublic says that the guard admits an address.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	network := "tcp6"
	if a.Is4() {
		network = "tcp4"
	}
	return guarded(network, netip.AddrPortFrom(a, 443).String(), nil) == nil
}

func unguarded(string, string, syscall.RawConn) error { return nil }

// errRefused is what dialling a private address ends in.
var errRefused = errors.New("the address is not public (allow_private: true admits it)")

// isLoopback says that a host is this machine, by its name alone.
func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// hostKey is what the limit per host counts by.
func hostKey(u *url.URL) string {
	if u.Port() != "" {
		return strings.ToLower(u.Host)
	}
	if u.Scheme == "http" {
		return strings.ToLower(u.Host) + ":80"
	}
	return strings.ToLower(u.Host) + ":443"
}
