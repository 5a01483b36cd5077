package newsroom

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"rafid/cmd/internal/newsroom/farm"
)

// HubOptions say how a [Hub] behaves. The zero HubOptions are those of a good hub.
type HubOptions struct {
	Lease  time.Duration // granted, whatever was asked for; 0 is what was asked for
	Sign   string        // sha1, sha256, sha384, sha512, or "none"; sha256 when empty
	Forge  bool          // signs with another secret
	Deny   bool          // denies what is asked for
	Refuse int           // a status to answer every request with; 0 is 202
}

// Hub is a WebSub hub on loopback (https://www.w3.org/TR/websub/). It verifies who subscribes before the
// request to subscribe is answered, as hubs may. Its methods may be called from several goroutines.
type Hub struct {
	opts   HubOptions
	farm   *farm.Farm
	client *http.Client

	mu   sync.Mutex
	subs map[[2]string]subscription // by topic and callback
	asks []url.Values
}

// subscription is one that was verified.
type subscription struct {
	secret string
	until  time.Time
}

// OpenHub opens a hub. It closes when ctx ends or [Hub.Close] is called; Close must be called in either case.
func OpenHub(ctx context.Context, o HubOptions) (*Hub, error) {
	h := &Hub{opts: o, subs: map[[2]string]subscription{}, client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}}
	var err error
	if h.farm, err = farm.New(ctx, "", 0, []http.Handler{http.HandlerFunc(h.ask)}); err != nil {
		return nil, fmt.Errorf("newsroom: %w", err)
	}
	h.farm.Serve()
	return h, nil
}

// URL is the address of the hub.
func (h *Hub) URL() string { return "http://" + h.farm.Addr(0) + "/" }

// Close ends every answer and waits for every goroutine of the hub.
func (h *Hub) Close() error { return h.farm.Close() }

// Asks lists the forms that were sent to the hub, in order.
func (h *Hub) Asks() []url.Values {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]url.Values(nil), h.asks...)
}

// Subscribers counts those of a topic whose lease is not over.
func (h *Hub) Subscribers(topic string) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for k, s := range h.subs {
		if k[0] == topic && time.Now().Before(s.until) {
			n++
		}
	}
	return n
}

// ask takes a request to subscribe or to end a subscription.
func (h *Hub) ask(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		http.Error(w, "a form is expected", http.StatusBadRequest)
		return
	}
	f := r.PostForm
	h.mu.Lock()
	h.asks = append(h.asks, f)
	h.mu.Unlock()
	if h.opts.Refuse != 0 {
		http.Error(w, "not here", h.opts.Refuse)
		return
	}
	if err := h.verify(r.Context(), f); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// verify asks the callback whether the request was meant, and keeps it if so.
func (h *Hub) verify(ctx context.Context, f url.Values) error {
	topic, callback := f.Get("hub.topic"), f.Get("hub.callback")
	lease := h.opts.Lease
	if asked, err := strconv.Atoi(f.Get("hub.lease_seconds")); lease == 0 && err == nil {
		lease = time.Duration(asked) * time.Second
	}
	challenge := rand.Text()
	q := url.Values{"hub.mode": {f.Get("hub.mode")}, "hub.topic": {topic}, "hub.challenge": {challenge}, "hub.lease_seconds": {strconv.Itoa(int(lease / time.Second))}}
	if h.opts.Deny {
		q = url.Values{"hub.mode": {"denied"}, "hub.topic": {topic}, "hub.reason": {"closed"}}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, callback+"?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	res, err := h.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil || h.opts.Deny {
		return err
	}
	if res.StatusCode/100 != 2 || string(body) != challenge {
		return fmt.Errorf("the callback answers %s", res.Status)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if f.Get("hub.mode") == "unsubscribe" {
		delete(h.subs, [2]string{topic, callback})
		return nil
	}
	h.subs[[2]string{topic, callback}] = subscription{f.Get("hub.secret"), time.Now().Add(lease)}
	return nil
}

// Publish pushes a document to all subscribers of a topic, and gives the statuses they answer with.
func (h *Hub) Publish(ctx context.Context, topic, contentType string, doc []byte) (statuses []int, err error) {
	h.mu.Lock()
	to := map[string]string{}
	for k, s := range h.subs {
		if k[0] == topic {
			to[k[1]] = s.secret
		}
	}
	h.mu.Unlock()
	for callback, secret := range to {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, callback, bytes.NewReader(doc))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", contentType)
		req.Header.Set("Link", "<"+h.URL()+`>; rel="hub", <`+topic+`>; rel="self"`)
		if s := h.signature(secret, doc); s != "" {
			req.Header.Set("X-Hub-Signature", s)
		}
		res, err := h.client.Do(req)
		if err != nil {
			return nil, err
		}
		statuses = append(statuses, res.StatusCode)
		if err := res.Body.Close(); err != nil {
			return nil, err
		}
	}
	return statuses, nil
}

// signature is that of a document; empty when there is to be none.
func (h *Hub) signature(secret string, doc []byte) string {
	method := h.opts.Sign
	if method == "" {
		method = "sha256"
	}
	kind := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}[method]
	if kind == nil || secret == "" {
		return ""
	}
	if h.opts.Forge {
		secret += "?"
	}
	mac := hmac.New(kind, []byte(secret))
	mac.Write(doc)
	return method + "=" + hex.EncodeToString(mac.Sum(nil))
}
