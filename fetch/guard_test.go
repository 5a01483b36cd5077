package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rafid"
)

// special are the ranges of the IANA special-purpose registries of IPv4 and IPv6 (RFC 6890 and its updates to
// RFC 9637), and multicast. All are refused, those too that are reachable but hold no news.
var special = []string{
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
	"::/128", "::1/128", "::ffff:127.0.0.0/104", "::ffff:10.0.0.0/104", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23",
	"2001::/32", "2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48",
	"3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
	"64:ff9b::7f00:0/104", "64:ff9b::a00:0/104", "64:ff9b::a9fe:0/112", "64:ff9b::c0a8:0/112", // NAT64 of private addresses
}

// ends are the first, a middle and the last address of a range.
func ends(p netip.Prefix) []netip.Addr {
	first := p.Masked().Addr()
	last, middle := first.AsSlice(), first.AsSlice()
	for bit := p.Bits(); bit < len(last)*8; bit++ {
		last[bit/8] |= 0x80 >> (bit % 8)
		if bit%2 == 0 {
			middle[bit/8] |= 0x80 >> (bit % 8)
		}
	}
	a, _ := netip.AddrFromSlice(last)
	b, _ := netip.AddrFromSlice(middle)
	return []netip.Addr{first, b, a}
}

func judge(a netip.Addr, port uint16) error {
	network := "tcp6"
	if a.Is4() {
		network = "tcp4"
	}
	return guarded(network, netip.AddrPortFrom(a, port).String(), nil)
}

func TestSpecialAddressesAreRefused(t *testing.T) {
	t.Parallel()
	for _, r := range special {
		for _, a := range ends(netip.MustParsePrefix(r)) {
			if judge(a, 443) == nil || isPublic(a) {
				t.Errorf("%s of %s is admitted", a, r)
			}
		}
	}
	for _, a := range []string{"1.1.1.1", "93.184.215.14", "223.255.255.254", "11.0.0.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1", "64:ff9b::5db8:d70e"} {
		for port, fine := range map[uint16]bool{80: true, 443: true, 8080: true, 8443: true, 22: false, 25: false, 6379: false, 0: false} {
			if err := judge(netip.MustParseAddr(a), port); (err == nil) != fine {
				t.Errorf("%s port %d: %v", a, port, err)
			}
		}
	}
	if guarded("tcp6", "[fe80::1%eth0]:443", nil) == nil || guarded("udp4", "1.1.1.1:443", nil) == nil || guarded("tcp4", "nonsense", nil) == nil {
		t.Error("a zone, another protocol or nonsense is admitted")
	}
}

// lurer is a client for which one public address leads to a server of the test, and every other one goes the
// way that all clients go. alarm counts what reaches the addresses that it must not reach.
func lurer(t *testing.T, lure http.Handler) (c *Client, private string, alarm *atomic.Int32) {
	t.Helper()
	alarm = new(atomic.Int32)
	trap, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { _ = trap.Close(); <-done })
	go func() {
		defer close(done)
		for {
			conn, err := trap.Accept()
			if err != nil {
				return
			}
			alarm.Add(1) // a connection is enough: no byte need follow
			_ = conn.Close()
		}
	}()
	srv := httptest.NewServer(lure)
	t.Cleanup(srv.Close)
	c, _ = newClient(t)
	real := dialer(guarded).DialContext
	c.roads.all = map[road]*http.Transport{{}: transport(func(ctx context.Context, network, addr string) (net.Conn, error) {
		if addr == "93.184.215.14:80" {
			return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
		}
		return real(ctx, network, addr)
	})}
	return c, trap.Addr().String(), alarm
}

// Whatever a public server does to lead us to a private one, by redirects of any kind, on any hop, and by what
// is fetched in second place, no connection is made.
func TestNobodyLeadsInside(t *testing.T) {
	t.Parallel()
	var private string
	lure := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		port := private[strings.LastIndexByte(private, ':'):]
		switch path := r.URL.Path; {
		case path == "/robots.txt":
			http.Redirect(w, r, "http://"+private+"/robots.txt", http.StatusFound)
		case path == "/news":
			fmt.Fprintf(w, `<html><head><link rel="alternate" type="application/rss+xml" href="http://%s/feed"></head><a href="http://localhost%s/rss">rss</a></html>`, private, port)
		case strings.HasPrefix(path, "/hop/"):
			http.Redirect(w, r, "/to/"+strings.TrimPrefix(path, "/hop/"), http.StatusTemporaryRedirect)
		case strings.HasPrefix(path, "/to/"):
			w.Header().Set("Location", "http://"+strings.TrimPrefix(path, "/to/")+port+"/x")
			w.WriteHeader(http.StatusMovedPermanently)
		default:
			http.NotFound(w, r)
		}
	})
	c, address, alarm := lurer(t, lure)
	private = address
	const public = "http://93.184.215.14"
	tg := Target{Source: rafid.Source{ID: "x", URL: public + "/news"}, Timeout: 5 * time.Second}
	c.hosts.gap = 0
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "LOCALHOST", "127.0.0.1.", "%31%32%37.0.0.1", "１２７.0.0.1", "[64:ff9b::7f00:1]", "user@127.0.0.1"} {
		for _, way := range []string{"/to/", "/hop/"} {
			tg.Source.URL = public + way + host
			res, err := c.Fetch(t.Context(), tg, rafid.SourceState{})
			if err == nil || res.State.Move.To != "" || strings.Contains(res.State.URL, "127") {
				t.Errorf("%s%s: %v, %+v", way, host, err, res.State.Move)
			}
		}
	}
	tg.Source.URL = public + "/feed"
	if _, err := c.Page(t.Context(), tg, public+"/1"); err == nil {
		t.Error("a page was read whose robots.txt is inside")
	}
	if _, err := c.Page(t.Context(), tg, "http://"+private+"/1"); err == nil {
		t.Error("a page inside was read")
	}
	if found, err := c.Discover(t.Context(), tg, public+"/news"); err == nil {
		t.Errorf("found %v", found)
	}
	for _, hub := range []string{"http://" + private + "/", public + "/to/127.0.0.1"} {
		if err := c.Subscribe(t.Context(), tg, NewPush(hub, "t"), "https://news.example/x", false); err == nil {
			t.Errorf("the hub %s was asked", hub)
		}
	}
	if n := alarm.Load(); n > 0 {
		t.Errorf("%d connections were made inside", n)
	}
	if _, err := new(net.Dialer).DialContext(t.Context(), "tcp", private); err != nil {
		t.Fatal(err)
	}
	for alarm.Load() == 0 { // the alarm does ring
		runtime.Gosched()
	}
}

// A name that is public when it is looked up and private when it is dialled is judged when it is dialled.
func TestRebinding(t *testing.T) {
	t.Parallel()
	d := dialer(guarded)
	for _, a := range []string{"127.0.0.1:80", "[::1]:443", "10.1.2.3:80", "169.254.169.254:80"} {
		if c, err := d.DialContext(t.Context(), "tcp", a); !errors.Is(err, errRefused) {
			t.Errorf("%s: %v, %v", a, c, err)
		}
	}
}
