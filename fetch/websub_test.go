package fetch

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"rafid"
)

func TestHubOf(t *testing.T) {
	t.Parallel()
	const base = "https://waha.example/feed"
	rss := func(links string) string {
		return `<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>الواحة</title>` + links + `<item><title>خبر</title><atom:link rel="hub" href="https://in-an-item.example/"/></item></channel></rss>`
	}
	for _, c := range []struct {
		name, doc string
		links     []string
		hub, self string
	}{
		{"none", rss(""), nil, "", ""},
		{"only in an item", rss(`<link>https://waha.example/</link>`), nil, "", ""},
		{"in the document", rss(`<atom:link href="https://hub.example/?a=1&amp;b=2" rel="hub"/><atom:link rel="self" href="https://waha.example/self"/>`), nil, "https://hub.example/?a=1&b=2", "https://waha.example/self"},
		{"without self", rss(`<atom:link rel='hub' href='https://hub.example/'/>`), nil, "https://hub.example/", base},
		{"relative", rss(`<atom:link rel="hub" href="/hub"/><atom:link rel="self" href="self"/>`), nil, "https://waha.example/hub", "https://waha.example/self"},
		{"in Atom, two hubs", `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="https://one.example/"/><link rel="hub" href="https://two.example/"/><link rel="self" href="https://waha.example/atom"/><entry/></feed>`, nil, "https://one.example/", "https://waha.example/atom"},
		{"in the header, which goes first", rss(`<atom:link rel="hub" href="https://doc.example/"/>`), []string{`<https://hub.example/>; rel="hub", <https://waha.example/topic>; rel=self`}, "https://hub.example/", "https://waha.example/topic"},
		{"in two headers, several relations", rss(""), []string{`<https://hub.example/>; title="x"; rel="hub other"`, `</t>; rel="self"`}, "https://hub.example/", "https://waha.example/t"},
		{"in JSON", `{"version":"https://jsonfeed.org/version/1.1","feed_url":"https://waha.example/j","hubs":[{"type":"rssCloud","url":"https://no.example/"},{"type":"WebSub","url":"https://hub.example/"}],"items":[]}`, nil, "https://hub.example/", "https://waha.example/j"},
		{"no address of the web", rss(`<atom:link rel="hub" href="javascript:alert(1)"/>`), nil, "", ""},
		{"self alone", rss(`<atom:link rel="self" href="https://waha.example/self"/>`), nil, "", ""},
		{"nonsense", rss(""), []string{"<<>;;rel", "", `<>; rel=hub`}, "", ""},
	} {
		hub, self := hubOf(c.links, []byte(c.doc), base)
		if hub != c.hub || self != c.self {
			t.Errorf("%s: %q %q, want %q %q", c.name, hub, self, c.hub, c.self)
		}
	}
}

// The digests are those of RFC 2202 and 4231, test case 2.
func TestSigned(t *testing.T) {
	t.Parallel()
	const secret, body = "Jefe", "what do ya want for nothing?"
	for _, c := range []struct {
		name, signature string
		want            bool
	}{
		{"sha1", "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", true},
		{"sha256", "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", true},
		{"sha384", "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649", true},
		{"sha512", "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737", true},
		{"in capitals", "SHA256=5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843", true},
		{"one digit off", "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3844", false},
		{"cut", "sha256=5bdcc146", false}, {"empty digest", "sha256=", false}, {"none", "", false},
		{"another method's digest", "sha512=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", false},
		{"a method that is none of them", "md5=750c783e6ab0b503eaa86e310a5db738", false}, {"no hexadecimal", "sha1=زز", false},
	} {
		if got := Signed(secret, c.signature, []byte(body)); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if Signed("", "sha1=fbdb1d1b18aa6c08324b7d64b71fb76370690e1d", nil) {
		t.Error("an empty secret signs")
	}
}

func TestPushDue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	ago := func(h int) time.Time { return now.Add(-time.Duration(h) * time.Hour) }
	for _, c := range []struct {
		name string
		p    rafid.Push
		want bool
	}{
		{"no hub", rafid.Push{}, false},
		{"never asked", NewPush("https://hub.example/", "t"), true},
		{"asked an hour ago, no answer", rafid.Push{Hub: "h", Asked: ago(1)}, false},
		{"asked yesterday, no answer", rafid.Push{Hub: "h", Asked: ago(24)}, true},
		{"a third of the lease is over", rafid.Push{Hub: "h", Asked: ago(80), Until: ago(-160)}, false},
		{"two thirds of the lease are over", rafid.Push{Hub: "h", Asked: ago(160), Until: ago(-80)}, true},
		{"the lease is over", rafid.Push{Hub: "h", Asked: ago(240), Until: ago(1)}, true},
	} {
		if got := PushDue(c.p, now); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	a, b := NewPush("h", "t"), NewPush("h", "t")
	if a.Token == b.Token || a.Secret == b.Secret || a.Token == a.Secret || len(a.Token) < 26 || len(a.Secret) > 199 {
		t.Errorf("%+v %+v", a, b)
	}
}

// desk is a Desk of one subscription.
type desk struct {
	mu      sync.Mutex
	p       rafid.Push
	wanted  bool
	full    bool
	agreed  []time.Duration
	arrived []Delivery
}

func (d *desk) Subscription(token string) (rafid.Push, bool, bool) {
	return d.p, d.wanted, token == d.p.Token
}

func (d *desk) Agreed(_ string, lease time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.agreed = append(d.agreed, lease)
}

func (d *desk) Pushed(_ string, v Delivery) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.arrived = append(d.arrived, v)
	return !d.full
}

// What a hub may ask and push, and what it may not.
func TestCallback(t *testing.T) {
	t.Parallel()
	const topic = "https://waha.example/feed"
	sign := func(body string) string {
		mac := hmac.New(sha512.New, []byte("s"))
		mac.Write([]byte(body))
		return "sha512=" + hex.EncodeToString(mac.Sum(nil))
	}
	q := func(mode, topic, challenge, lease string) string {
		return url.Values{"hub.mode": {mode}, "hub.topic": {topic}, "hub.challenge": {challenge}, "hub.lease_seconds": {lease}}.Encode()
	}
	day := 24 * time.Hour
	for _, c := range []struct {
		name, method, token, query, body, signature string
		leaving, full                               bool
		status                                      int
		answer                                      string
		agreed                                      time.Duration
		arrives                                     bool
	}{
		{name: "agreed", method: "GET", query: q("subscribe", topic, "ch<al>", "86400"), status: 200, answer: "ch<al>", agreed: day},
		{name: "a lease of a year", method: "GET", query: q("subscribe", topic, "c", "31536000"), status: 200, answer: "c", agreed: 30 * day},
		{name: "no lease, of an old hub", method: "GET", query: q("subscribe", topic, "c", ""), status: 200, answer: "c", agreed: 10 * day},
		{name: "a lease of nothing", method: "GET", query: q("subscribe", topic, "c", "0"), status: 404},
		{name: "a lease below zero", method: "GET", query: q("subscribe", topic, "c", "-5"), status: 404},
		{name: "another topic", method: "GET", query: q("subscribe", topic+"2", "c", "86400"), status: 404},
		{name: "another token", method: "GET", token: "x", query: q("subscribe", topic, "c", "86400"), status: 404},
		{name: "no challenge", method: "GET", query: q("subscribe", topic, "", "86400"), status: 404},
		{name: "another mode", method: "GET", query: q("publish", topic, "c", "86400"), status: 404},
		{name: "an end that was not asked for", method: "GET", query: q("unsubscribe", topic, "c", ""), status: 404},
		{name: "an end that was", method: "GET", leaving: true, query: q("unsubscribe", topic, "c", ""), status: 200, answer: "c", agreed: -1},
		{name: "a beginning that was not asked for", method: "GET", leaving: true, query: q("subscribe", topic, "c", "60"), status: 404},
		{name: "denied", method: "GET", query: q("denied", topic, "", ""), status: 200, agreed: -1},
		{name: "nothing", method: "GET", status: 404},
		{name: "pushed", method: "POST", body: smallFeed, signature: sign(smallFeed), status: 202, arrives: true},
		{name: "pushed, and no room", method: "POST", full: true, body: smallFeed, signature: sign(smallFeed), status: 503, arrives: true},
		{name: "signed for another body", method: "POST", body: smallFeed + " ", signature: sign(smallFeed), status: 202},
		{name: "not signed", method: "POST", body: smallFeed, status: 202},
		{name: "pushed to a token that is none", method: "POST", token: "x", body: smallFeed, signature: sign(smallFeed), status: 410},
		{name: "pushed after the end", method: "POST", leaving: true, body: smallFeed, signature: sign(smallFeed), status: 410},
		{name: "too large", method: "POST", body: strings.Repeat("x", 3<<20), signature: sign(""), status: 413},
		{name: "another method", method: "DELETE", status: 405},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, _ := newClient(t)
			d := &desk{p: rafid.Push{Topic: topic, Token: "tok", Secret: "s"}, wanted: !c.leaving, full: c.full}
			mux := http.NewServeMux()
			mux.Handle("/in/{token}", client.Callback(d))
			token := c.token
			if token == "" {
				token = "tok"
			}
			req := httptest.NewRequestWithContext(t.Context(), c.method, "/in/"+token+"?"+c.query, strings.NewReader(c.body))
			req.Header.Set("X-Hub-Signature", c.signature)
			req.Header.Set("Content-Type", "application/rss+xml")
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, req)
			if w.Code != c.status || c.method == "GET" && c.status == 200 && w.Body.String() != c.answer {
				t.Errorf("%d %q, want %d %q", w.Code, w.Body, c.status, c.answer)
			}
			switch {
			case c.agreed == 0 && len(d.agreed) > 0, c.agreed != 0 && (len(d.agreed) != 1 || d.agreed[0] != max(0, c.agreed)):
				t.Errorf("agreed %v, want %v", d.agreed, c.agreed)
			}
			if (len(d.arrived) > 0) != c.arrives || c.arrives && (string(d.arrived[0].Body) != c.body || d.arrived[0].ContentType != "application/rss+xml") {
				t.Errorf("%d arrived", len(d.arrived))
			}
		})
	}
}

// A hub is asked by a form, through the guard, and told nothing that proves who asks the feed's own server.
func TestSubscribe(t *testing.T) {
	t.Parallel()
	client, _ := newClient(t)
	var got []url.Values
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the hub was told a secret")
		}
		switch r.URL.Path {
		case "/moved":
			w.Header().Set("Location", "/hub")
			w.WriteHeader(http.StatusTemporaryRedirect)
		case "/loop":
			w.Header().Set("Location", "/loop")
			w.WriteHeader(http.StatusPermanentRedirect)
		case "/no":
			http.Error(w, "topic not\nallowed", http.StatusForbidden)
		default:
			_ = r.ParseForm()
			got = append(got, r.PostForm)
			w.WriteHeader(http.StatusAccepted)
		}
	})
	tg := Target{Source: rafid.Source{ID: "x", URL: "https://waha.example/feed"}, AllowPrivate: true, Token: "tok"}
	p := NewPush(srv.URL+"/moved", "https://waha.example/feed")
	const callback = "https://news.example/websub/abc"
	if err := client.Subscribe(t.Context(), tg, p, callback, false); err != nil {
		t.Fatal(err)
	}
	if err := client.Subscribe(t.Context(), tg, p, callback, true); err != nil {
		t.Fatal(err)
	}
	want := []string{
		url.Values{"hub.mode": {"subscribe"}, "hub.topic": {p.Topic}, "hub.callback": {callback}, "hub.secret": {p.Secret}, "hub.lease_seconds": {"864000"}}.Encode(),
		url.Values{"hub.mode": {"unsubscribe"}, "hub.topic": {p.Topic}, "hub.callback": {callback}}.Encode(),
	}
	for i, f := range got {
		if f.Encode() != want[i] {
			t.Errorf("asked %s\nwant %s", f.Encode(), want[i])
		}
	}
	for path, want := range map[string]string{"/loop": "redirects", "/no": "topic not allowed"} {
		if err := client.Subscribe(t.Context(), tg, rafid.Push{Hub: srv.URL + path}, callback, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	tg.AllowPrivate = false
	if err := client.Subscribe(t.Context(), tg, p, callback, false); !errors.Is(err, errRefused) {
		t.Errorf("a hub on loopback: %v", err)
	}
	if err := client.Subscribe(t.Context(), tg, rafid.Push{Hub: "file:///etc/passwd"}, callback, false); err == nil {
		t.Error("a hub that is a file was asked")
	}
}

// What is pushed has the ids that polling gives, and leaves the validators as they were.
func TestReceive(t *testing.T) {
	t.Parallel()
	client, ck := newClient(t)
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Link", `<https://hub.example/>; rel="hub"`)
		fmt.Fprint(w, smallFeed)
	})
	tg := target(srv)
	polled, err := client.Fetch(t.Context(), tg, rafid.SourceState{})
	if err != nil {
		t.Fatal(err)
	}
	if st := polled.State; st.Hub != "https://hub.example/" || st.Topic != srv.URL+"/feed" {
		t.Errorf("%+v", st)
	}
	ck.forward(time.Minute)
	part := strings.Replace(smallFeed, "افتتاح سوق جديد في وادي النخيل", "افتتاح سوق جديد في وادي النخيل اليوم", 1)
	got, err := client.Receive(t.Context(), tg, polled.State, Delivery{Body: []byte(part), ContentType: "application/rss+xml"})
	if err != nil || got.Outcome != Pushed || len(got.Stories) != 2 {
		t.Fatalf("%v, %s, %d stories", err, got.Outcome, len(got.Stories))
	}
	for i := range got.Stories {
		if got.Stories[i].ID != polled.Stories[i].ID {
			t.Errorf("story %d has another id", i)
		}
	}
	a, b := got.State, polled.State
	if a.ETag != b.ETag || a.BodyHash != b.BodyHash || a.URL != b.URL || a.Items != b.Items || !a.LastFetch.Equal(b.LastFetch) || !a.LastOK.Equal(ck.now()) {
		t.Errorf("%+v", a)
	}
	for name, doc := range map[string]string{"no feed": "<html></html>", "a stranger's": `<?xml version="1.0"?><rss version="2.0"><channel><title>Best Casino</title><link>https://casino.example/</link><language>en</language><item><title>Win</title><guid>1</guid></item></channel></rss>`} {
		if got, err := client.Receive(t.Context(), tg, polled.State, Delivery{Body: []byte(doc)}); err == nil || len(got.Stories) > 0 || got.State.Condition != rafid.Works {
			t.Errorf("%s: %v, %s", name, err, got.State.Condition)
		}
	}
}

// While a hub pushes, polling is a safety net; a hub that is missing what polls bring is not relied upon.
func TestPollingBesideAHub(t *testing.T) {
	t.Parallel()
	client, ck := newClient(t)
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, smallFeed) })
	for name, c := range map[string]struct {
		p    rafid.Push
		want time.Duration
	}{
		"not asked": {rafid.Push{}, 0}, "in force": {rafid.Push{Until: ck.now().Add(time.Hour)}, pushedPoll - slack},
		"over": {rafid.Push{Until: ck.now().Add(-time.Hour)}, 0}, "misses": {rafid.Push{Until: ck.now().Add(time.Hour), Missed: missedMost}, 0},
	} {
		res, err := client.Fetch(t.Context(), target(srv), rafid.SourceState{Push: c.p})
		if err != nil || max(0, res.State.NotBefore.Sub(ck.now())) != c.want {
			t.Errorf("%s: next %v, %v", name, res.State.NotBefore, err)
		}
	}
}

func FuzzCallback(f *testing.F) {
	f.Add("GET", "hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=60", []byte(smallFeed), "sha1=00")
	f.Add("POST", "", []byte(smallFeed), "sha512=ff")
	client := New(Options{MaxBytes: 1 << 16})
	f.Fuzz(func(t *testing.T, method, query string, body []byte, signature string) {
		d := &desk{p: rafid.Push{Topic: "t", Token: "tok", Secret: "not to be guessed"}, wanted: true}
		r := &http.Request{Method: method, URL: &url.URL{Path: "/in/tok", RawQuery: query}, Header: http.Header{"X-Hub-Signature": {signature}}, Body: io.NopCloser(bytes.NewReader(body))}
		r.SetPathValue("token", "tok")
		client.Callback(d).ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithoutCancel(t.Context())))
		if len(d.arrived) > 0 {
			t.Error("a push was taken without a signature")
		}
		hubOf([]string{signature}, body, "https://waha.example/")
	})
}
