package output

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/zeebo/xxh3"
)

// rendering is a document as it goes over the wire: its bytes, plain and compressed, each with its strong
// validator. It never changes. A slim one keeps the compressed bytes alone and unpacks them for the few that
// take nothing else: of a thousand channels of sources, 20 MB stay instead of 200.
type rendering struct {
	plain, gzip variant
	mime        []string
	modified    time.Time
	size        int // of the plain bytes
}

// variant is one encoding of a rendering. The header values are kept as net/http wants them, so that a
// request allocates none.
type variant struct {
	body   []byte
	etag   []string
	length []string
}

func newVariant(body []byte, etag string) variant {
	return variant{body: body, etag: []string{etag}, length: []string{strconv.Itoa(len(body))}}
}

var gzipCoding = []string{"gzip"}

// compressor packs renderings; writers are used again, for each holds about a megabyte.
type compressor struct{ writers sync.Pool }

// pack gives the document with what it is served as. The validator is a hash of the bytes and nothing else:
// it survives restarts and is the same on every machine.
func (c *compressor) pack(body []byte, mime string, modified time.Time) *rendering {
	body = bytes.Clone(body) // it stays in memory: without the room that it grew into
	sum := xxh3.Hash128(body).Bytes()
	tag := fmt.Sprintf("%x", sum[:])
	return &rendering{
		plain:    newVariant(body, `"`+tag+`"`),
		gzip:     newVariant(bytes.Clone(c.gzip(body)), `"`+tag+`-gz"`),
		mime:     []string{mime},
		modified: modified.UTC().Truncate(time.Second),
		size:     len(body),
	}
}

// slim gives the rendering without its plain bytes.
func (r *rendering) slim() *rendering {
	if len(r.gzip.body) == 0 {
		return r
	}
	s := *r
	s.plain.body = nil
	return &s
}

// bytes gives the plain bytes.
func (r *rendering) bytes() ([]byte, error) {
	if r.plain.body != nil || len(r.gzip.body) == 0 {
		return r.plain.body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(r.gzip.body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func (c *compressor) gzip(body []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(body)/4 + 64)
	w, ok := c.writers.Get().(*gzip.Writer)
	if !ok {
		w = gzip.NewWriter(&b)
	}
	defer c.writers.Put(w)
	w.Reset(&b)
	// A bytes.Buffer takes everything; a writer that is not closed cleanly gives what does not unpack.
	if _, err := w.Write(body); err != nil {
		return nil
	}
	if err := w.Close(); err != nil {
		return nil
	}
	return b.Bytes()
}

// serve answers a GET or HEAD with the rendering. Conditional requests and ranges are the standard library's
// to judge; a plain GET, which is nearly all that is not a 304, is written straight from memory.
func (r *rendering) serve(w http.ResponseWriter, req *http.Request) {
	v := &r.plain
	h := w.Header()
	if req.Header.Get("Range") == "" && len(r.gzip.body) > 0 && acceptsGzip(req.Header.Values("Accept-Encoding")) {
		v = &r.gzip
		h["Content-Encoding"] = gzipCoding
	}
	h["Etag"] = v.etag
	if same := req.Header["If-None-Match"]; len(same) == 1 && same[0] == v.etag[0] && req.Header["Range"] == nil {
		delete(h, "Content-Encoding")
		w.WriteHeader(http.StatusNotModified) // what most pollers get: the rest is for the other cases
		return
	}
	body := v.body
	if body == nil {
		var err error
		if body, err = r.bytes(); err != nil { // our own bytes, in memory: cannot be
			http.Error(w, "500 internal server error", http.StatusInternalServerError)
			return
		}
	}
	h["Content-Type"] = r.mime
	if conditional(req.Header) {
		http.ServeContent(w, req, "", r.modified, bytes.NewReader(body))
		return
	}
	h.Set("Last-Modified", r.modified.Format(http.TimeFormat))
	h["Content-Length"] = v.length
	if req.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader that went away is no error of ours
	}
}

func conditional(h http.Header) bool {
	for _, name := range [...]string{"If-None-Match", "If-Modified-Since", "Range", "If-Match", "If-Unmodified-Since"} {
		if _, ok := h[name]; ok {
			return true
		}
	}
	return false
}

// acceptsGzip reads Accept-Encoding (RFC 9110 §12.5.3): gzip, x-gzip or * with a weight above 0; what names
// gzip itself counts before *.
func acceptsGzip(values []string) bool {
	star := false
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			coding, params, _ := strings.Cut(part, ";")
			switch coding = strings.ToLower(strings.TrimSpace(coding)); coding {
			case "gzip", "x-gzip":
				return weight(params) > 0
			case "*":
				star = weight(params) > 0
			}
		}
	}
	return star
}

// weight reads "q=0.5"; a missing or unreadable weight is 1.
func weight(params string) float64 {
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			if q, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil {
				return q
			}
		}
	}
	return 1
}
