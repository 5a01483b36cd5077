package output

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rafid"
)

// BenchmarkLoad has wrk ask three servers for a merged feed of 100 items: ours, which publishes every second
// meanwhile; the least that net/http can do, a handler that holds the bytes; and nginx, where it is installed,
// with the files that WriteDir writes. They are asked in turn, several times, so that what else the machine does
// falls on all; the client runs on the same cores. Rates are the best of the turns, the one that others disturbed
// least; p99 is the median of them. /least is ours as a share of the least server's.
//
//	CGO_ENABLED=0 go test -run '^$' -bench Load -benchtime 1x ./output
func BenchmarkLoad(b *testing.B) {
	if _, err := exec.LookPath("wrk"); err != nil {
		b.Skip("wrk is not here: apt-get install wrk")
	}
	o := worldOptions()
	o.Precompress, o.Max = true, 100
	s := varied(400)
	p := publisher(b, o, s)
	h := p.Handler()
	feed := get(b, h, "GET", "/feeds/all.atom?", "Accept-Encoding: gzip")
	packed := []byte(body(b, feed))
	etag, plain := feed.Header.Get("Etag"), len(body(b, get(b, h, "GET", "/feeds/all.atom")))
	dir := b.TempDir()
	if _, err := p.WriteDir(b.Context(), dir); err != nil {
		b.Fatal(err)
	}
	servers := []loaded{{"ours", listenAndServe(b, h)}, {"least", listenAndServe(b, leastServer(packed, etag))}}
	if at := nginx(b, dir); at != "" {
		servers = append(servers, loaded{"nginx", at})
	}
	stop := publishEverySecond(b, p, s)
	defer stop()
	b.Logf("%d items, %d bytes, %d with gzip", len(p.cur.Load().channels["all"].issue.Load().groups), plain, len(packed))
	for b.Loop() {
		for _, kind := range []string{"304", "gzip"} {
			compareLoad(b, kind, servers)
		}
	}
}

// varied is many with texts that do not pack better than news do, to an eighth of their size: words and numbers in an order of chance.
func varied(n int) *memory {
	s := many(n)
	words := strings.Fields("قال وزير المدينة إن الحكومة تعمل مع الشركات على خطة جديدة لتحسين الطرق والمدارس خلال العام المقبل بعد اجتماع طويل شارك فيه خبراء من دول الجوار وممثلون عن النقابات التي طالبت بزيادة الأجور وتقليل ساعات العمل في المصانع القريبة من النهر")
	r := rand.New(rand.NewPCG(1, 2))
	for i := range s.entries {
		for j := range s.entries[i].Stories {
			text := make([]string, 0, 40)
			for range cap(text) {
				text = append(text, words[r.IntN(len(words))]+strconv.Itoa(r.IntN(1000)))
			}
			s.entries[i].Stories[j].Summary, s.entries[i].Stories[j].Title = strings.Join(text, " "), strings.Join(text[:10], " ")
		}
	}
	return s
}

// loaded is a server under load.
type loaded struct{ name, url string }

// compareLoad asks the servers in turn and reports what each did.
func compareLoad(b *testing.B, kind string, servers []loaded) {
	rates, tails := map[string][]float64{}, map[string][]float64{}
	for range 5 {
		for _, srv := range servers {
			rate, p99 := wrk(b, srv.url+"/feeds/all.atom", kind)
			rates[srv.name], tails[srv.name] = append(rates[srv.name], rate), append(tails[srv.name], p99)
		}
	}
	for _, srv := range servers {
		b.ReportMetric(slices.Max(rates[srv.name]), kind+"-"+srv.name+"/s")
		b.ReportMetric(median(tails[srv.name]), kind+"-"+srv.name+"-p99-ms")
	}
	b.ReportMetric(slices.Max(rates["ours"])/slices.Max(rates["least"]), kind+"/least")
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// leastServer is what any server in front of net/http has to do.
func leastServer(packed []byte, etag string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "application/atom+xml")
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(packed)))
		_, _ = w.Write(packed)
	})
}

func listenAndServe(b *testing.B, h http.Handler) string {
	b.Helper()
	l, err := new(net.ListenConfig).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() { _ = srv.Serve(l); close(done) }()
	b.Cleanup(func() { _ = srv.Close(); <-done })
	return "http://" + l.Addr().String()
}

// publishEverySecond changes a story of the last page of a channel once a second: the feed that is asked for stays
// as it is for readers that have it, and every publication renders what it touches.
func publishEverySecond(b *testing.B, p *Publisher, s *memory) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-quit:
				return
			case <-tick.C:
			}
			e := group("late", "sport", told{"bahr", 23 * time.Hour, fmt.Sprintf("خبر يتغير للمرة %d", n), ""})
			s.set(e)
			if err := p.Publish(b.Context(), []rafid.Entry{e}); err != nil {
				b.Error(err)
			}
		}
	}()
	return func() { close(quit); <-done }
}

var (
	reRate = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	reTail = regexp.MustCompile(`99%\s+([0-9.]+)(us|ms|s)`)
)

// wrk asks an address for two seconds, and gives the answers a second and how long 99 of 100 took at most, in
// milliseconds.
func wrk(b *testing.B, url, kind string) (rate, p99 float64) {
	b.Helper()
	args := []string{"-t1", "-c32", "-d2s", "--latency", "-H", "Accept-Encoding: gzip"}
	if kind == "304" {
		args = append(args, "-H", "If-None-Match: "+currentTag(b, url))
	}
	out, err := exec.CommandContext(b.Context(), "wrk", append(args, url)...).CombinedOutput()
	m, t := reRate.FindSubmatch(out), reTail.FindSubmatch(out)
	if err != nil || m == nil || t == nil || bytes.Contains(out, []byte("Non-2xx")) {
		b.Fatalf("wrk %s %v: %v\n%s", url, args, err, out)
	}
	rate, p99 = must(strconv.ParseFloat(string(m[1]), 64)), must(strconv.ParseFloat(string(t[1]), 64))
	switch string(t[2]) {
	case "us":
		p99 /= 1000
	case "s":
		p99 *= 1000
	}
	return rate, p99
}

// currentTag gives the validator that a client has after asking.
func currentTag(b *testing.B, url string) string {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		b.Fatal(err)
	}
	return res.Header.Get("Etag")
}

// nginx serves a folder of static files and gives its address; "" when it is not installed.
func nginx(b *testing.B, dir string) string {
	b.Helper()
	path, err := exec.LookPath("nginx")
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			return ""
		}
	}
	l, err := new(net.ListenConfig).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	at := l.Addr().String()
	_ = l.Close()
	home := b.TempDir()
	user := ""
	if os.Getuid() == 0 { // else its workers are nobody, who may not read the folder
		user = "user root;"
	}
	conf := strings.NewReplacer("HOME", home, "AT", at, "DIR", dir, "USER", user).Replace(`
USER daemon off; worker_processes 1; pid HOME/pid; error_log HOME/error.log;
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path HOME/b; proxy_temp_path HOME/p; fastcgi_temp_path HOME/f; uwsgi_temp_path HOME/u; scgi_temp_path HOME/s;
  types { application/atom+xml atom; }
  gzip_static on; sendfile on; keepalive_requests 1000000;
  server { listen AT; root DIR; }
}`)
	file := filepath.Join(home, "nginx.conf")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), path, "-e", filepath.Join(home, "error.log"), "-p", home, "-c", file)
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() })
	for range 100 {
		if c, err := new(net.Dialer).DialContext(b.Context(), "tcp", at); err == nil {
			_ = c.Close()
			return "http://" + at
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.Fatal("nginx does not listen")
	return ""
}
