package fetch

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"html"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"rafid"
)

// This file is the subscriber's side of WebSub (https://www.w3.org/TR/websub/): a feed names a hub, the hub is
// asked to push what is new, asks back whether that was meant, and pushes, signed with a secret of ours.

// pushLease is how long a hub is asked to push; it decides itself, and is asked again before the end.
const pushLease = 10 * 24 * time.Hour

// pushedPoll is how often a source is asked that a hub pushes: the safety net.
const pushedPoll = time.Hour

// missedMost is from how many polls in a row that bring what was not pushed a hub is not relied upon.
const missedMost = 3

// relied says that a hub pushes the source's news.
func relied(p rafid.Push, now time.Time) bool { return p.Until.After(now) && p.Missed < missedMost }

// NewPush prepares a subscription to a topic at a hub: its token and secret are new, and cannot be guessed.
func NewPush(hub, topic string) rafid.Push {
	return rafid.Push{Hub: hub, Topic: topic, Token: rand.Text(), Secret: rand.Text()}
}

// PushDue says that a hub is to be asked: for the first time, before its lease ends, or again when it has not
// answered, which it is given six hours for.
func PushDue(p rafid.Push, now time.Time) bool {
	switch {
	case p.Hub == "":
		return false
	case p.Until.After(now):
		return now.Sub(p.Asked) >= p.Until.Sub(p.Asked)*2/3
	}
	return now.Sub(p.Asked) >= 6*time.Hour
}

// Subscribe asks a hub to push to the callback address, or, to end it, no longer to. That it agrees it says
// later, to the callback. The request goes through the guard like any other, and tells the hub no secret of
// the source's own server.
func (c *Client) Subscribe(ctx context.Context, t Target, p rafid.Push, callback string, end bool) error {
	form := url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {p.Topic}, "hub.callback": {callback},
		"hub.secret": {p.Secret}, "hub.lease_seconds": {strconv.Itoa(int(pushLease / time.Second))},
	}
	if end {
		form = url.Values{"hub.mode": {"unsubscribe"}, "hub.topic": {p.Topic}, "hub.callback": {callback}}
	}
	t.Timeout = cmp.Or(t.Timeout, defaultTimeout)
	ctx, cancel := context.WithTimeout(ctx, t.Timeout)
	defer cancel()
	u, err := url.Parse(p.Hub)
	for hop := 0; err == nil && hop <= maxRedirects; hop++ {
		var to string
		if to, err = c.post(ctx, t, u, form.Encode()); err == nil && to == "" {
			return nil
		}
		if err == nil {
			u, err = u.Parse(to)
		}
	}
	return fmt.Errorf("hub: %w", cmp.Or(bare(err), fmt.Errorf("more than %d redirects", maxRedirects)))
}

// post sends a form. to is where the server wants it sent instead (307 and 308 only).
func (c *Client) post(ctx context.Context, t Target, u *url.URL, form string) (to string, err error) {
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("address %q: only http and https are asked", u.Redacted())
	}
	done, err := c.hosts.turn(ctx, hostKey(u), t.AllowPrivate && isLoopback(u.Hostname()))
	if err != nil {
		return "", err
	}
	defer done()
	rt, err := c.roads.to(t)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(form))
	if err != nil {
		return "", err
	}
	req.Header.Set("User-Agent", cmp.Or(t.UserAgent, c.opts.UserAgent))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return "", bare(err)
	}
	defer resp.Body.Close()
	why, _ := io.ReadAll(io.LimitReader(resp.Body, 200)) // of a refusal
	switch code := resp.StatusCode; {
	case code >= 200 && code < 300:
		return "", nil
	case code == http.StatusTemporaryRedirect || code == http.StatusPermanentRedirect:
		return resp.Header.Get("Location"), nil
	}
	return "", fmt.Errorf("%w: %s", &StatusError{resp.StatusCode}, line(text{value: string(why), plain: true}))
}

// Signed says whether a body carries the signature of the secret, in the form of X-Hub-Signature: the name of
// one of the four methods of WebSub, "=", and the digest in hexadecimal digits. It takes the same time
// wherever the signatures differ.
func Signed(secret, signature string, body []byte) bool {
	method, digits, _ := strings.Cut(signature, "=")
	kind := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}[strings.ToLower(strings.TrimSpace(method))]
	got, err := hex.DecodeString(strings.TrimSpace(digits))
	if kind == nil || err != nil || secret == "" {
		return false
	}
	mac := hmac.New(kind, []byte(secret))
	mac.Write(body)
	return hmac.Equal(got, mac.Sum(nil))
}

// Delivery is what a hub pushed: the feed, or as much of it as is new.
type Delivery struct {
	Body        []byte
	ContentType string
}

// Receive reads what a hub pushed as [Client.Fetch] would have read it. The state it gives keeps the
// validators of the last poll: the next one finds out by itself what it missed.
func (c *Client) Receive(ctx context.Context, t Target, last rafid.SourceState, d Delivery) (Result, error) {
	now := c.opts.Now().UTC()
	res, err := c.received(ctx, t, last, d, now)
	if err != nil {
		return Result{State: last, Outcome: Failed}, fmt.Errorf("pushed to %s: %w", t.Source.ID, err)
	}
	return res, nil
}

func (c *Client) received(ctx context.Context, t Target, last rafid.SourceState, d Delivery, now time.Time) (Result, error) {
	address := cmp.Or(last.URL, t.addresses()[0])
	r, err := read(d.Body, ParseOptions{ContentType: d.ContentType, URL: address, Charset: t.Charset})
	if err != nil {
		return Result{}, err
	}
	tell := c.teller(t, r, address, now)
	if taken(last, tell.title, webAddress(address, r.link), r) {
		return Result{}, ErrHijacked
	}
	_, ledger := c.memory.recall(t.Source.ID, last.BodyHash)
	if tell.ledger, err = c.ledger(ctx, t.Source.ID, ledger); err != nil {
		return Result{}, err
	}
	res := Result{State: last, Outcome: Pushed, Stories: tell.stories(r), Repairs: r.repairs}
	listen(&res.State, res.Stories, 0, now)
	res.State.Source, res.State.LastOK = t.Source.ID, now
	return res, nil
}

// hubOf finds the hub that a feed names, and what it calls itself there: in the Link header (RFC 8288) first,
// then in the document before its items, then in the "hubs" of a JSON Feed.
func hubOf(links []string, doc []byte, base string) (hub, self string) {
	for _, l := range links {
		for part := range strings.SplitSeq(l, ",") {
			target, params, _ := strings.Cut(part, ";")
			target = strings.Trim(strings.TrimSpace(target), "<>")
			noteHub(&hub, &self, relOf(params), target)
		}
	}
	if doc = bytes.TrimSpace(doc); bytes.HasPrefix(doc, []byte("{")) {
		hubInJSON(doc, &hub, &self)
	} else {
		hubInMarkup(doc, &hub, &self)
	}
	hub, self = webAddress(base, hub), webAddress(base, self)
	if hub == "" {
		return "", ""
	}
	return hub, cmp.Or(self, base)
}

// relOf gives the relations of one link of a Link header.
func relOf(params string) string {
	for p := range strings.SplitSeq(params, ";") {
		if name, value, _ := strings.Cut(p, "="); strings.EqualFold(strings.TrimSpace(name), "rel") {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return ""
}

// noteHub keeps the first link of each relation.
func noteHub(hub, self *string, rel, href string) {
	for r := range strings.FieldsSeq(strings.ToLower(rel)) {
		switch {
		case r == "hub" && *hub == "":
			*hub = href
		case r == "self" && *self == "":
			*self = href
		}
	}
}

// hubInMarkup reads the link elements of a feed's head.
func hubInMarkup(doc []byte, hub, self *string) {
	if !bytes.Contains(doc, []byte("hub")) {
		return
	}
	for i := 0; ; {
		m, ok := next(doc, i)
		if !ok || m.kind == open && isItem(m.name) {
			return
		}
		i = m.end
		if m.kind != open || !equal(local(m.name), "link") {
			continue
		}
		var rel, href string
		attributes(m.attrs, func(name, value []byte) {
			switch {
			case equal(name, "rel"):
				rel = string(value)
			case equal(name, "href"):
				href = html.UnescapeString(string(value))
			}
		})
		noteHub(hub, self, rel, href)
	}
}

// hubInJSON reads the hubs of a JSON Feed 1.1.
func hubInJSON(doc []byte, hub, self *string) {
	var f struct {
		FeedURL string                       `json:"feed_url"`
		Hubs    []struct{ Type, URL string } `json:"hubs"`
	}
	if !bytes.Contains(doc, []byte(`"hubs"`)) || json.Unmarshal(doc, &f) != nil {
		return
	}
	for _, h := range f.Hubs {
		if strings.EqualFold(h.Type, "WebSub") || strings.EqualFold(h.Type, "PubSubHubbub") {
			noteHub(hub, self, "hub", h.URL)
		}
	}
	noteHub(hub, self, "self", f.FeedURL)
}
