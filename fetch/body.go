package fetch

import (
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// maxRatio is how much a body may grow by decompression. Feeds shrink to a fifth; those that repeat
// themselves most to a fiftieth. Small bodies may grow more: ratioFrom.
const (
	maxRatio  = 200
	ratioFrom = 1 << 20
)

// ErrTooLarge is what a document is refused with that exceeds the bounds on its size.
var ErrTooLarge = errors.New("document too large")

// body reads the body of an answer, decompressed, within the bounds.
func (c *Client) body(resp *http.Response) ([]byte, error) {
	if resp.ContentLength > c.opts.MaxBytes {
		return nil, fmt.Errorf("%d bytes announced: %w", resp.ContentLength, ErrTooLarge)
	}
	raw := &counter{r: resp.Body}
	r, err := decompressed(raw, resp.Header.Get("Content-Encoding"))
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	defer r.Close()
	var buf bytes.Buffer
	if resp.ContentLength > 0 {
		buf.Grow(int(min(resp.ContentLength, c.opts.MaxBytes)) + bytes.MinRead)
	}
	for {
		n, err := io.CopyN(&buf, r, 64<<10)
		size := int64(buf.Len())
		switch {
		case size > c.opts.MaxBytes:
			return nil, fmt.Errorf("more than %d bytes: %w", c.opts.MaxBytes, ErrTooLarge)
		case size > ratioFrom && size > maxRatio*raw.n:
			return nil, fmt.Errorf("%d bytes became %d: %w", raw.n, size, ErrTooLarge)
		case errors.Is(err, io.EOF):
			return buf.Bytes(), nil
		case errors.Is(err, io.ErrUnexpectedEOF) && n >= 0 && size > 0:
			return buf.Bytes(), nil // cut short: the whole items in it are worth having
		case err != nil:
			return nil, fmt.Errorf("body: %w", err)
		}
	}
}

// unpacked is a document that was saved as it was sent: in gzip. The error is [ErrTooLarge] or [ErrNoFeed],
// wrapped.
func unpacked(doc []byte) ([]byte, error) {
	if !bytes.HasPrefix(doc, []byte{0x1F, 0x8B, 8}) {
		return doc, nil
	}
	c := Client{opts: Options{MaxBytes: defaultMaxBytes}}
	out, err := c.body(&http.Response{Body: io.NopCloser(bytes.NewReader(doc)), Header: http.Header{"Content-Encoding": {"gzip"}}})
	if err != nil && !errors.Is(err, ErrTooLarge) {
		return nil, fmt.Errorf("%w: %w", ErrNoFeed, err)
	}
	return out, err
}

// counter counts what was read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// maxEncodings is how many encodings on top of each other are undone.
const maxEncodings = 2

// decompressed undoes the content encodings, the last one first. A body that says gzip and is none comes
// as it is: proxies forget to say that they unpacked it.
func decompressed(r io.Reader, encodings string) (io.ReadCloser, error) {
	names := strings.FieldsFunc(strings.ToLower(encodings), func(r rune) bool { return r == ',' || r == ' ' })
	if len(names) > maxEncodings {
		return nil, fmt.Errorf("%d content encodings: %w", len(names), ErrTooLarge)
	}
	out := io.NopCloser(r)
	for i := len(names) - 1; i >= 0; i-- {
		var err error
		if out, err = undo(bufio.NewReader(out), names[i]); err != nil {
			return nil, err
		}
	}
	br := bufio.NewReader(out) // gzip without a word: files served as they lie on disk, or packed twice
	if magic, _ := br.Peek(3); bytes.Equal(magic, []byte{0x1F, 0x8B, 8}) {
		return undo(br, "gzip")
	}
	return struct {
		io.Reader
		io.Closer
	}{br, out}, nil
}

func undo(br *bufio.Reader, name string) (io.ReadCloser, error) {
	switch name {
	case "gzip", "x-gzip":
		if magic, err := br.Peek(2); err != nil || magic[0] != 0x1F || magic[1] != 0x8B {
			return io.NopCloser(br), nil
		}
		return gzip.NewReader(br)
	case "br":
		return io.NopCloser(brotli.NewReader(br)), nil
	case "zstd":
		d, err := zstd.NewReader(br, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	case "deflate": // zlib by the letter, bare by custom
		if head, err := br.Peek(2); err == nil && head[0]&0x0F == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
			return zlib.NewReader(br)
		}
		return flate.NewReader(br), nil
	case "identity":
		return io.NopCloser(br), nil
	}
	return nil, fmt.Errorf("content encoding %q is not known", name)
}
