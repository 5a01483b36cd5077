package fetch

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"rafid"
)

// Desk keeps the subscriptions that a callback is asked about. It is safe for concurrent use.
type Desk interface {
	// Subscription gives the one of a token; wanted is false when it is being ended.
	Subscription(token string) (p rafid.Push, wanted, ok bool)
	// Agreed notes that the hub pushes for so long from now on; after 0 it does not push any more.
	Agreed(token string, lease time.Duration)
	// Pushed takes what the hub pushed; false asks it to push that again later.
	Pushed(token string, d Delivery) bool
}

// Callback answers hubs under addresses that end in {token}. It agrees to what was asked for and to nothing
// else, takes only what is signed, and tells nobody which tokens there are.
func (c *Client) Callback(desk Desk) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		switch r.Method {
		case http.MethodGet:
			intent(desk, w, r)
		case http.MethodPost:
			c.delivery(desk, w, r)
		default:
			w.Header().Set("Allow", "GET, POST")
			http.Error(w, "GET to verify, POST to push", http.StatusMethodNotAllowed)
		}
	})
}

// intent answers a hub that asks whether a request was meant (WebSub, section 5.3): by its challenge, if so.
func intent(desk Desk, w http.ResponseWriter, r *http.Request) {
	q, token := r.URL.Query(), r.PathValue("token")
	p, wanted, ok := desk.Subscription(token)
	mode := q.Get("hub.mode")
	if !ok || q.Get("hub.topic") != p.Topic {
		http.NotFound(w, r)
		return
	}
	switch {
	case mode == "denied":
		desk.Agreed(token, 0)
		w.WriteHeader(http.StatusOK)
		return
	case q.Get("hub.challenge") == "", mode == "subscribe" && !wanted, mode == "unsubscribe" && wanted,
		mode != "subscribe" && mode != "unsubscribe":
		http.NotFound(w, r)
		return
	}
	lease := time.Duration(0)
	if mode == "subscribe" {
		if lease = leaseOf(q.Get("hub.lease_seconds")); lease <= 0 {
			http.NotFound(w, r)
			return
		}
	}
	desk.Agreed(token, lease)
	w.Header().Set("Content-Type", "application/octet-stream") // what a stranger sent is no page
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, q.Get("hub.challenge"))
}

// leaseMost bounds what a hub may promise: a subscription is looked at once a month at least.
const leaseMost = 30 * 24 * time.Hour

// leaseOf reads a lease. Hubs of the old protocol give none: they keep to what they were asked for.
func leaseOf(s string) time.Duration {
	if s == "" {
		return pushLease
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0
	}
	return time.Duration(min(n, int64(leaseMost/time.Second))) * time.Second
}

// delivery takes what a hub pushes. What is not signed as it should be is dropped without a word, as WebSub
// has it (section 7.1): an answer would help whoever tries signatures.
func (c *Client) delivery(desk Desk, w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	p, wanted, ok := desk.Subscription(token)
	if !ok || !wanted {
		http.Error(w, "nothing is subscribed to here", http.StatusGone)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, c.opts.MaxBytes))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "the body ends too early", http.StatusBadRequest)
		return
	}
	if !Signed(p.Secret, r.Header.Get("X-Hub-Signature"), body) {
		c.opts.Logger.WarnContext(r.Context(), "a push without a right signature was dropped", "url", p.Hub)
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if !desk.Pushed(token, Delivery{Body: body, ContentType: r.Header.Get("Content-Type")}) {
		w.Header().Set("Retry-After", "60")
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}
