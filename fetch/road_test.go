package fetch

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"rafid"
)

// carrier is a proxy that carries every connection to one server, whatever it is asked for, and notes what
// that was.
type carrier struct {
	addr string
	mu   sync.Mutex
	seen []string
}

func (c *carrier) asked() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.seen, " ")
}

// newCarrier speaks HTTP, or SOCKS5 without names and passwords.
func newCarrier(t *testing.T, to string, socks bool) *carrier {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &carrier{addr: l.Addr().String()}
	var all sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	all.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer in.Close()
				br := bufio.NewReader(in)
				ask := askedByHTTP
				if socks {
					ask = askedBySOCKS
				}
				what, ok := ask(br, in)
				c.mu.Lock()
				c.seen = append(c.seen, what)
				c.mu.Unlock()
				if ok {
					carry(in, br, to)
				}
			})
		}
	})
	return c
}

func askedByHTTP(br *bufio.Reader, w io.Writer) (string, bool) {
	req, err := http.ReadRequest(br)
	if err != nil {
		return err.Error(), false
	}
	what := req.Method + " " + req.RequestURI + " " + req.Header.Get("Proxy-Authorization")
	if req.Method != http.MethodConnect {
		fmt.Fprint(w, "HTTP/1.1 403 Forbidden\r\n\r\n")
		return what, false
	}
	fmt.Fprint(w, "HTTP/1.1 200 OK\r\n\r\n")
	return what, true
}

func askedBySOCKS(br *bufio.Reader, w io.Writer) (string, bool) {
	hello := make([]byte, 2)
	if _, err := io.ReadFull(br, hello); err != nil {
		return err.Error(), false
	}
	_, _ = br.Discard(int(hello[1]))
	_, _ = w.Write([]byte{5, 0})
	head := make([]byte, 4)
	if _, err := io.ReadFull(br, head); err != nil || head[3] != 1 {
		return fmt.Sprint("no IPv4 address: ", head, err), false
	}
	addr := make([]byte, 6)
	_, _ = io.ReadFull(br, addr)
	_, _ = w.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	return fmt.Sprintf("%v:%d", net.IP(addr[:4]), int(addr[4])<<8|int(addr[5])), true
}

func carry(in io.Writer, br io.Reader, to string) {
	out, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer out.Close()
	go func() { _, _ = io.Copy(out, br) }()
	_, _ = io.Copy(in, out)
}

func origin(t *testing.T) *httptest.Server {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		fmt.Fprint(w, smallFeed)
	})
}

// A proxy is told the address that the guard has judged, and is not asked at all for one that it refuses.
func TestProxies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, url   string
		socks, fine bool
		asked       string
	}{
		{"a public address by HTTP", "http://93.184.215.14/feed", false, true, "CONNECT 93.184.215.14:80 Basic dTpw"},
		{"a public address by SOCKS", "http://93.184.215.14:8080/feed", true, true, "93.184.215.14:8080"},
		{"loopback by HTTP", "http://127.0.0.1/feed", false, false, ""},
		{"loopback by SOCKS", "http://127.0.0.1/feed", true, false, ""},
		{"a name of loopback", "http://localhost/feed", false, false, ""},
		{"a private address", "https://10.0.0.1/feed", false, false, ""},
		{"the metadata of clouds", "http://169.254.169.254/latest/", true, false, ""},
		{"an IPv4 address in IPv6", "http://[::ffff:127.0.0.1]/", false, false, ""},
		{"one for NAT64", "http://[64:ff9b::7f00:1]/", false, false, ""},
		{"a port that is not the web's", "http://93.184.215.14:25/feed", false, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newCarrier(t, strings.TrimPrefix(origin(t).URL, "http://"), c.socks)
			tg := Target{Source: rafid.Source{ID: "x", URL: c.url}, Timeout: 3 * time.Second, Proxy: "http://u:p@" + p.addr}
			if c.socks {
				tg.Proxy = "socks5://" + p.addr
			}
			client, _ := newClient(t)
			res, err := client.Fetch(t.Context(), tg, rafid.SourceState{})
			if (err == nil) != c.fine || c.fine && len(res.Stories) != 2 {
				t.Errorf("%d stories, %v", len(res.Stories), err)
			}
			if got := p.asked(); got != c.asked {
				t.Errorf("the proxy was asked %q, want %q", got, c.asked)
			}
		})
	}
}

// Where private addresses are admitted, a proxy finds names itself: an intranet may have its own.
func TestProxyOfAnIntranet(t *testing.T) {
	t.Parallel()
	p := newCarrier(t, strings.TrimPrefix(origin(t).URL, "http://"), false)
	client, _ := newClient(t)
	tg := Target{Source: rafid.Source{ID: "x", URL: "http://news.intranet.invalid/feed"}, Timeout: 3 * time.Second, Proxy: "http://" + p.addr, AllowPrivate: true}
	if _, err := client.Fetch(t.Context(), tg, rafid.SourceState{}); err != nil {
		t.Error(err)
	}
	if got := p.asked(); got != "CONNECT news.intranet.invalid:80 " {
		t.Errorf("asked %q", got)
	}
}

// A proxy that refuses, is silent or is none ends in an error that names it.
func TestProxiesThatDoNotCarry(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"refuses":      "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
		"is no proxy":  "220 mail.example.org ESMTP ready\r\n",
		"speaks first": "HTTP/1.1 200 OK\r\n\r\nhello",
		"hangs up":     "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan struct{})
			t.Cleanup(func() { _ = l.Close(); <-done })
			go func() {
				defer close(done)
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					_, _ = http.ReadRequest(bufio.NewReader(c))
					_, _ = io.WriteString(c, answer)
					_ = c.Close()
				}
			}()
			client, _ := newClient(t)
			tg := Target{Source: rafid.Source{ID: "x", URL: "http://93.184.215.14/feed"}, Timeout: 3 * time.Second, Proxy: "http://" + l.Addr().String()}
			res, err := client.Fetch(t.Context(), tg, rafid.SourceState{})
			if err == nil || !strings.Contains(err.Error(), "proxy") || res.State.Condition != rafid.Broken {
				t.Errorf("%v, %s", err, res.State.Condition)
			}
		})
	}
}
