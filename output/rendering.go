package output

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/zeebo/xxh3"
)

// rendering is a document as it goes over the wire: its bytes, plain and compressed, each with its strong
// validator. It never changes. Most readers take gzip, so that is made at once; what packs better is made when
// it is first asked for. A slim one keeps the compressed bytes alone and unpacks them for the few that take
// nothing else: of a thousand channels of sources, 20 MB stay instead of 200.
type rendering struct {
	plain, gzip variant
	br, zstd    func() variant
	mime        []string
	modified    time.Time // to the second
	since       []string  // the same as Last-Modified tells it
	size        int       // of the plain bytes
}

// changedAt says when the rendering was last changed.
func (r *rendering) changedAt(t time.Time) {
	r.modified = t.UTC().Truncate(time.Second)
	r.since = []string{r.modified.Format(http.TimeFormat)}
}

// variant is one coding of a rendering. The header values are kept as net/http wants them, so that a
// request allocates none.
type variant struct {
	body   []byte
	etag   []string
	length []string
	coding []string // nil for identity
}

func newVariant(body []byte, tag string, c coding) variant {
	name := codingNames[c]
	return variant{body: body, etag: []string{`"` + tag + name.tag + `"`}, length: []string{strconv.Itoa(len(body))},
		coding: name.header}
}

// pack gives the document with what it is served as. The validator is a hash of the bytes and nothing else:
// it survives restarts and is the same on every machine.
func (c *compressor) pack(body []byte, mime string, modified time.Time) *rendering {
	body = bytes.Clone(body) // it stays in memory: without the room that it grew into
	sum := xxh3.Hash128(body).Bytes()
	tag := fmt.Sprintf("%x", sum[:])
	r := &rendering{
		plain: newVariant(body, tag, identity),
		gzip:  newVariant(c.compress(body, gzipCoding), tag, gzipCoding),
		mime:  []string{mime},
		size:  len(body),
	}
	r.changedAt(modified)
	packed := r.slim() // so that a slim one does not keep the plain bytes alive
	later := func(with coding) func() variant {
		return sync.OnceValue(func() variant {
			body, err := packed.bytes()
			if err != nil { // our own bytes, in memory: cannot be
				return packed.gzip
			}
			return newVariant(c.compress(body, with), tag, with)
		})
	}
	r.br, r.zstd = later(brotliCoding), later(zstdCoding)
	return r
}

// in gives the rendering in a coding.
func (r *rendering) in(c coding) variant {
	switch c {
	case brotliCoding:
		return r.br()
	case zstdCoding:
		return r.zstd()
	case gzipCoding:
		return r.gzip
	}
	return r.plain
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

// serve answers a GET or HEAD with the rendering. Conditional requests and ranges are the standard library's
// to judge; a plain GET, which is nearly all that is not a 304, is written straight from memory.
//
// It gives the status, for who counts them.
func (r *rendering) serve(w http.ResponseWriter, req *http.Request) (status int) {
	v := r.plain
	h := w.Header()
	if req.Header["Range"] == nil {
		v = r.in(negotiate(req.Header["Accept-Encoding"]))
	}
	if v.coding != nil {
		h["Content-Encoding"] = v.coding
	}
	h["Etag"] = v.etag
	if same := req.Header["If-None-Match"]; len(same) == 1 && same[0] == v.etag[0] && req.Header["Range"] == nil {
		delete(h, "Content-Encoding")
		delete(h, "Content-Security-Policy") // what a client has, it has with its own (RFC 9110 §15.4.5)
		delete(h, "X-Content-Type-Options")
		w.WriteHeader(http.StatusNotModified) // what most pollers get: the rest is for the other cases
		return http.StatusNotModified
	}
	body := v.body
	if body == nil {
		var err error
		if body, err = r.bytes(); err != nil { // our own bytes, in memory: cannot be
			http.Error(w, "500 internal server error", http.StatusInternalServerError)
			return http.StatusInternalServerError
		}
	}
	h["Content-Type"] = r.mime
	if conditional(req.Header) {
		watched := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		http.ServeContent(watched, req, "", r.modified, bytes.NewReader(body))
		return watched.status
	}
	h["Last-Modified"] = r.since
	h["Content-Length"] = v.length
	if req.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader that went away is no error of ours
	}
	return http.StatusOK
}

// statusWriter remembers the status that was sent.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func conditional(h http.Header) bool {
	for _, name := range [...]string{"If-None-Match", "If-Modified-Since", "Range", "If-Match", "If-Unmodified-Since"} {
		if _, ok := h[name]; ok {
			return true
		}
	}
	return false
}
