package websub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"rafid"
)

// The bounds of a request to subscribe.
const (
	maxForm     = 8 << 10
	maxCallback = 2048
	maxSecret   = 199 // "less than 200 bytes" (§5.1)
)

// The bounds of a lease. A subscriber that says nothing gets ten days, as the Recommendation suggests.
const (
	leastLease   = time.Hour
	defaultLease = 10 * 24 * time.Hour
	mostLease    = 30 * 24 * time.Hour
)

// statusError is a refusal: a status, and why in words.
type statusError struct {
	status int
	why    string
}

func (e *statusError) Error() string { return e.why }

func refuse(status int, format string, args ...any) error {
	return &statusError{status, fmt.Sprintf(format, args...)}
}

// ServeHTTP takes requests to subscribe and unsubscribe (§5.1): a POST of a form. It answers 202 when the
// callback is going to be asked.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := h.receive(w, r)
	var refused *statusError
	switch {
	case err == nil:
		w.WriteHeader(http.StatusAccepted)
	case errors.As(err, &refused):
		if refused.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodPost)
		}
		if refused.status == http.StatusServiceUnavailable || refused.status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "60")
		}
		http.Error(w, refused.why, refused.status)
	case r.Context().Err() == nil:
		h.Logger.ErrorContext(r.Context(), "hub: topic not looked up", "err", err)
		http.Error(w, "the topic could not be looked up", http.StatusInternalServerError)
	}
}

// receive reads a request and queues what it wants to be verified.
func (h *Hub) receive(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		return refuse(http.StatusMethodNotAllowed, "this is a WebSub hub: POST hub.mode, hub.topic and hub.callback")
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return refuse(http.StatusBadRequest, "the form cannot be read: %v", err)
	}
	in, err := readIntent(r.PostForm)
	if err != nil {
		return err
	}
	if in.mode == "subscribe" {
		if _, _, err := h.Fetch(r.Context(), in.sub.Topic); errors.Is(err, rafid.ErrNotFound) {
			return refuse(http.StatusNotFound, "hub.topic is no feed of this site: use the address that it gives as rel=self")
		} else if err != nil {
			return err
		}
	}
	return h.queue(in)
}

// readIntent reads the form of a request.
func readIntent(form url.Values) (intent, error) {
	in := intent{mode: form.Get("hub.mode"), sub: subscription{Topic: form.Get("hub.topic"),
		Callback: form.Get("hub.callback"), Secret: form.Get("hub.secret")}}
	if in.mode != "subscribe" && in.mode != "unsubscribe" {
		return in, refuse(http.StatusBadRequest, "hub.mode must be subscribe or unsubscribe")
	}
	if len(in.sub.Secret) > maxSecret {
		return in, refuse(http.StatusBadRequest, "hub.secret must be shorter than 200 bytes")
	}
	u, err := url.Parse(in.sub.Callback)
	if err != nil || len(in.sub.Callback) > maxCallback || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" ||
		u.User != nil || u.Fragment != "" || strings.ContainsAny(in.sub.Callback, " \r\n\t") {
		return in, refuse(http.StatusBadRequest, "hub.callback must be an address of the web, at most %d bytes long", maxCallback)
	}
	in.lease = defaultLease
	if text := form.Get("hub.lease_seconds"); text != "" {
		seconds, err := strconv.ParseInt(text, 10, 32)
		if err != nil || seconds <= 0 {
			return in, refuse(http.StatusBadRequest, "hub.lease_seconds must be a number of seconds above 0")
		}
		in.lease = min(max(time.Duration(seconds)*time.Second, leastLease), mostLease)
	}
	return in, nil
}

// queue keeps an intent until it can be verified, in place of an older one of the same subscription.
func (h *Hub) queue(in intent) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	host, waiting := hostOf(in.sub.Callback), 0
	for i, other := range h.intents {
		if other.sub.Topic == in.sub.Topic && other.sub.Callback == in.sub.Callback {
			h.intents[i] = in
			return nil
		}
		if hostOf(other.sub.Callback) == host {
			waiting++
		}
	}
	if waiting >= hostQueue {
		return refuse(http.StatusTooManyRequests, "too many requests for callbacks at %s", host)
	}
	if len(h.intents) >= maxIntents || in.mode == "subscribe" && len(h.subs) >= maxSubs {
		return refuse(http.StatusServiceUnavailable, "the hub has all the subscriptions that it can serve")
	}
	h.intents = append(h.intents, in)
	signal(h.wake)
	return nil
}

// verify asks the callback whether it meant the request (§5.3), and does what it wants when it did.
func (h *Hub) verify(ctx context.Context, in intent) {
	log := h.Logger.With("url", hostOf(in.sub.Callback), "mode", in.mode)
	if err := h.ask(ctx, in); err != nil {
		h.sent.WithLabelValues("verify", "failed").Inc()
		log.Info("hub: not confirmed by the callback", "err", err)
		return
	}
	h.sent.WithLabelValues("verify", "ok").Inc()
	h.mu.Lock()
	defer h.mu.Unlock()
	k := key{in.sub.Topic, in.sub.Callback}
	if in.mode == "unsubscribe" {
		delete(h.subs, k)
	} else {
		s := in.sub
		s.Expires = h.Now().Add(in.lease).UTC()
		if old := h.subs[k]; old != nil { // what it still has to be sent, it has to be sent
			s.due, s.failures, s.next = old.due || old.busy, old.failures, old.next
		}
		h.subs[k] = &s
	}
	if err := h.save(); err != nil {
		log.Error("hub: subscriptions not kept; they are lost at the next start", "err", err)
	}
}
