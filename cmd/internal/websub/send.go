package websub

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"rafid"
)

// maxAnswer is how much of an answer is read: a challenge, or whatever else before the connection is used again.
const maxAnswer = 4 << 10

// ask sends a callback the challenge of an intent, and gives nil when it comes back.
func (h *Hub) ask(ctx context.Context, in intent) error {
	challenge := rand.Text()
	v := url.Values{"hub.mode": {in.mode}, "hub.topic": {in.sub.Topic}, "hub.challenge": {challenge}}
	if in.mode == "subscribe" {
		v.Set("hub.lease_seconds", strconv.Itoa(int(in.lease/time.Second)))
	}
	status, answer, err := h.get(ctx, in.sub.Callback, v)
	if err != nil {
		return err
	}
	if status < 200 || status > 299 {
		return fmt.Errorf("status %d", status)
	}
	if subtle.ConstantTimeCompare(answer, []byte(challenge)) != 1 {
		return errors.New("the challenge did not come back")
	}
	return nil
}

// get asks a callback, with the parameters beside those that it brings itself.
func (h *Hub) get(ctx context.Context, callback string, v url.Values) (status int, answer []byte, err error) {
	u, err := url.Parse(callback)
	if err != nil {
		return 0, nil, err
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += v.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return 0, nil, err
	}
	return h.do(r)
}

func (h *Hub) do(r *http.Request) (status int, answer []byte, err error) {
	r.Header.Set("User-Agent", h.UserAgent)
	res, err := h.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return res.StatusCode, answer, err
}

// send posts a topic to a subscriber (§7), and notes how that went.
func (h *Hub) send(ctx context.Context, s *subscription) {
	body, mime, err := h.Fetch(ctx, s.Topic)
	if errors.Is(err, rafid.ErrNotFound) {
		h.deny(ctx, s)
		return
	}
	status := 0
	if err == nil {
		status, err = h.post(ctx, s, body, mime)
	}
	if err == nil && status != http.StatusGone && (status < 200 || status > 299) {
		err = fmt.Errorf("status %d", status)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	s.busy = false
	switch {
	case status == http.StatusGone: // "the hub MAY terminate the subscription"
		h.sent.WithLabelValues("send", "gone").Inc()
		h.drop(s)
	case err != nil:
		s.failures++
		s.due, s.next = true, h.Now().Add(after(s.failures))
		h.sent.WithLabelValues("send", "failed").Inc()
		h.Logger.Info("hub: subscriber not reached", "url", hostOf(s.Callback), "status", status, "failures", s.failures, "err", err)
	default:
		s.failures, s.next = 0, h.Now().Add(calm)
		h.sent.WithLabelValues("send", "ok").Inc()
	}
}

// post sends the bytes of a topic, signed when the subscriber gave a secret (§7.1).
func (h *Hub) post(ctx context.Context, s *subscription, body []byte, mime string) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Callback, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", mime)
	r.Header.Set("Link", fmt.Sprintf("<%s>; rel=\"hub\", <%s>; rel=\"self\"", h.Address(), s.Topic))
	if s.Secret != "" {
		r.Header.Set("X-Hub-Signature", "sha256="+signature(s.Secret, body))
	}
	status, _, err = h.do(r)
	return status, err
}

// signature is the keyed hash of a body, in hexadecimal digits.
func signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// deny ends the subscription to a topic that is no more, and says so (§5.2); whether that is heard does not
// matter.
func (h *Hub) deny(ctx context.Context, s *subscription) {
	result := "ok"
	if _, _, err := h.get(ctx, s.Callback, url.Values{"hub.mode": {"denied"}, "hub.topic": {s.Topic},
		"hub.reason": {"the feed is no more"}}); err != nil {
		result = "failed"
	}
	h.sent.WithLabelValues("deny", result).Inc()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(s)
}

// drop ends a subscription, unless it has been made anew meanwhile. The lock is held.
func (h *Hub) drop(s *subscription) {
	k := key{s.Topic, s.Callback}
	if h.subs[k] != s {
		return
	}
	delete(h.subs, k)
	if err := h.save(); err != nil {
		h.Logger.Error("hub: subscriptions not kept; they are as before at the next start", "err", err)
	}
}
