package output

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// unpack undoes a coding by the library's reader.
func unpack(t *testing.T, coding string, packed io.Reader) string {
	t.Helper()
	var r io.Reader
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(packed)
	case "br":
		r = brotli.NewReader(packed)
	case "zstd":
		r, err = zstd.NewReader(packed)
	default:
		r = packed
	}
	if err != nil {
		t.Fatalf("%s: %v", coding, err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", coding, err)
	}
	return string(b)
}

func TestCompressedBytesAreTheSame(t *testing.T) {
	t.Parallel()
	h := publisher(t, worldOptions(), world()).Handler()
	tags := map[string]bool{}
	for _, at := range []string{"/feeds/all.rss", "/feeds/source-ntv.atom", "/", "/s/g1port", "/style.css", "/opml.xml"} {
		plain := body(t, get(t, h, "GET", at))
		for _, coding := range []string{"", "gzip", "br", "zstd"} {
			r := get(t, h, "GET", at, "Accept-Encoding: "+coding)
			if got := r.Header.Get("Content-Encoding"); got != coding {
				t.Fatalf("%s: asked for %q, got %q", at, coding, got)
			}
			if unpack(t, coding, r.Body) != plain {
				t.Errorf("%s: %s unpacks to something else", at, coding)
			}
			etag := r.Header.Get("Etag")
			if tags[etag] || !strings.HasPrefix(etag, `"`) {
				t.Errorf("%s: %s has the validator %s of other bytes, or a weak one", at, coding, etag)
			}
			tags[etag] = true
			if r := get(t, h, "GET", at, "Accept-Encoding: "+coding, "If-None-Match: "+etag); r.StatusCode != 304 || r.Header.Get("Content-Encoding") != "" {
				t.Errorf("%s: %s asked for again: %d", at, coding, r.StatusCode)
			}
		}
	}
}

// TestPackingIsTheSameEverywhere shows that two programs, and a thousand readers at once, get the same bytes
// under one validator.
func TestPackingIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	text := bytes.Repeat([]byte("خبر من البلد، وخبر من الجوار. "), 2000)
	one, two := must(newCompressor()), must(newCompressor())
	for c := brotliCoding; c < codings; c++ {
		want := two.compress(text, c)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if !bytes.Equal(one.compress(text, c), want) {
					t.Errorf("%s: other bytes", codingNames[c].header)
				}
			})
		}
		wg.Wait()
	}
}

func FuzzNegotiate(f *testing.F) {
	for _, s := range []string{"", "gzip", "br;q=0.5, gzip", "*;q=0", "identity;q=0, zstd;q=1e-3", ";;;,,q=", "gzip;q=NaN"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		c := negotiate([]string{accept})
		if c < identity || c >= codings {
			t.Fatalf("%q: coding %d", accept, c)
		}
		if c != identity && !strings.Contains(accept, "*") && !strings.Contains(strings.ToLower(accept), codingNames[c].header[0]) {
			t.Errorf("%q: %s was not asked for", accept, codingNames[c].header[0])
		}
		for _, name := range []string{"gzip", "br", "zstd"} {
			if got := negotiate([]string{name + ";q=0"}); got != identity {
				t.Errorf("%s refused: got %d", name, got)
			}
		}
	})
}
