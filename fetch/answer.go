package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rafid"
)

// maxRedirects is how many hops a request follows.
const maxRedirects = 5

// accept prefers what a feed is served as.
const accept = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.6, */*;q=0.1"

// StatusError is an answer that is no document.
type StatusError struct{ Code int }

// Error tells the status in words.
func (e *StatusError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("the server answers %d %s", e.Code, http.StatusText(e.Code)))
}

// answer is what a server said in the end, after redirects.
type answer struct {
	url          string // that answered
	status       int
	contentType  string
	etag         string // as sent
	lastModified string // as sent
	retryAfter   time.Duration
	cacheControl string
	age          string
	links        []string // Link headers
	moved        bool     // every redirect on the way was a permanent one
	body         []byte
}

// wait is how long the answer itself asks to wait: an address that is gone for good is asked once a day,
// to tell a mistake from the end.
func (a answer) wait() time.Duration {
	if a.status == http.StatusGone {
		return maxRetryAfter
	}
	return a.retryAfter
}

// get asks for url, following redirects. Each hop is judged by the guard, takes its host's turn, and is
// sent the validators only where they belong.
func (c *Client) get(ctx context.Context, t Target, address string, last rafid.SourceState) (answer, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return answer{}, fmt.Errorf("address: %w", bare(err))
	}
	left, moved := t.Timeout, true
	for hop := 0; ; hop++ {
		if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return answer{}, fmt.Errorf("address %q: only http and https are fetched", u.Redacted())
		}
		req := c.request(t, u, last)
		a, to, took, err := c.hop(ctx, t, req, left)
		if err != nil || to == "" {
			a.moved = moved && hop > 0
			return a, err
		}
		if hop == maxRedirects {
			return a, fmt.Errorf("more than %d redirects", maxRedirects)
		}
		if u, err = u.Parse(to); err != nil {
			return a, fmt.Errorf("redirect: %w", bare(err))
		}
		moved = moved && (a.status == http.StatusMovedPermanently || a.status == http.StatusPermanentRedirect)
		if left -= took; left <= 0 {
			return a, fmt.Errorf("redirects: %w", context.DeadlineExceeded)
		}
	}
}

// request is a GET of u, conditional when u is the address that the validators belong to and it is not
// time to ask for the whole again.
func (c *Client) request(t Target, u *url.URL, last rafid.SourceState) *http.Request {
	req := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	req.Header.Set("User-Agent", cmp.Or(t.UserAgent, c.opts.UserAgent))
	req.Header.Set("Accept", accept)
	req.Header.Set("Accept-Encoding", "gzip, br, zstd")
	t.prove(req)
	fresh := c.opts.Now().Sub(last.LastFull) < fullEvery
	if last.URL != u.String() || last.BodyHash == "" || !fresh {
		return req
	}
	if last.ETag != "" {
		req.Header.Set("If-None-Match", last.ETag)
	}
	if last.LastModified != "" {
		req.Header.Set("If-Modified-Since", last.LastModified)
	}
	return req
}

// hop makes one request in its host's turn. to is where it redirects. The wait for the turn does not
// count as time taken.
func (c *Client) hop(ctx context.Context, t Target, req *http.Request, left time.Duration) (a answer, to string, took time.Duration, err error) {
	done, err := c.hosts.turn(ctx, hostKey(req.URL), t.AllowPrivate && isLoopback(req.URL.Hostname()))
	if err != nil {
		return a, "", 0, err
	}
	defer done()
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	rt, err := c.roads.to(t)
	if err != nil {
		return a, "", 0, err
	}
	resp, err := rt.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return a, "", 0, late(bare(err), "no answer", left)
	}
	defer resp.Body.Close()
	a = answer{
		url: req.URL.String(), status: resp.StatusCode, contentType: resp.Header.Get("Content-Type"),
		etag: resp.Header.Get("ETag"), lastModified: resp.Header.Get("Last-Modified"),
		cacheControl: resp.Header.Get("Cache-Control"), age: resp.Header.Get("Age"),
		links:      resp.Header.Values("Link"),
		retryAfter: retryAfter(resp.Header.Get("Retry-After"), c.opts.Now()),
	}
	to, err = c.judge(&a, resp)
	return a, to, time.Since(began), late(err, "the answer has no end", left)
}

// judge reads what the status promises.
func (c *Client) judge(a *answer, resp *http.Response) (to string, err error) {
	switch resp.StatusCode {
	case http.StatusOK, http.StatusNonAuthoritativeInfo:
		a.body, err = c.body(resp)
		return "", err
	case http.StatusNotModified:
		drain(resp.Body)
		if resp.Request.Header.Get("If-None-Match") == "" && resp.Request.Header.Get("If-Modified-Since") == "" {
			return "", errors.New("the server answers 304 to a request without conditions")
		}
		return "", nil
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		drain(resp.Body)
		if to = resp.Header.Get("Location"); to == "" {
			return "", fmt.Errorf("a redirect to nowhere: %w", &StatusError{resp.StatusCode})
		}
		return to, nil
	}
	return "", unmasked(&StatusError{resp.StatusCode}, excuse(resp))
}

// excuse reads what a server says along with a refusal, as far as that is worth looking at.
func excuse(resp *http.Response) []byte {
	r, err := decompressed(io.LimitReader(resp.Body, drainBytes), resp.Header.Get("Content-Encoding"))
	if err != nil {
		return nil
	}
	defer r.Close()
	said, _ := io.ReadAll(io.LimitReader(r, impostorHead)) // cut short is enough
	return said
}

// drainBytes is how much of an unwanted body is read so that its connection can be used again.
const drainBytes = 16 << 10

func drain(r io.Reader) { _, _ = io.CopyN(io.Discard, r, drainBytes) }

// late says of an error that time is over what was missing then.
func late(err error, what string, after time.Duration) error {
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%s within %v: %w", what, after.Round(time.Millisecond), context.DeadlineExceeded)
}

// bare takes the address off an error of net/http: the log has it already.
func bare(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}
