package output

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"time"

	"rafid"
)

// A sitemap (sitemaps.org, 0.9) names the pages that are worth a visit: it lists no page that changes with
// every visit, as searches.
type (
	sitemap struct {
		XMLName xml.Name     `xml:"urlset"`
		Xmlns   string       `xml:"xmlns,attr"`
		URLs    []sitemapURL `xml:"url"`
	}
	sitemapURL struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod,omitempty"`
	}
)

// sitemapStories is how many of the newest stories are listed.
const sitemapStories = 1000

// sitemap writes the list; a site without an address has none.
func (ed *edition) sitemap(ctx context.Context) ([]byte, error) {
	if ed.Site.URL == "" {
		return nil, nil
	}
	entries, err := ed.store.Entries(ctx, rafid.Query{Max: min(sitemapStories, ed.Max)})
	if err != nil {
		return nil, err
	}
	m := sitemap{Xmlns: "http://www.sitemaps.org/schemas/sitemap/0.9"}
	for _, p := range [...]string{"/", "/subscribe", "/status", "/about", "/policy"} {
		m.URLs = append(m.URLs, sitemapURL{Loc: ed.url(p)})
	}
	for _, c := range ed.Categories {
		m.URLs = append(m.URLs, sitemapURL{Loc: ed.url("/c/" + c.Slug)})
	}
	for _, e := range entries {
		m.URLs = append(m.URLs, sitemapURL{ed.url("/s/" + e.Group.ID), rfc3339(ed.item(e).updated)})
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(m); err != nil {
		return nil, fmt.Errorf("sitemap: %w", err)
	}
	return b.Bytes(), nil
}

func (ed *edition) serveSitemap(w http.ResponseWriter, r *http.Request) {
	ed.serveMade(w, r, "application/xml; charset=utf-8", ed.sitemap)
}

// serveMade answers with a document that is no page, from memory while it is true.
func (ed *edition) serveMade(w http.ResponseWriter, r *http.Request, mime string, make func(context.Context) ([]byte, error)) {
	now := ed.Now()
	made, generation := ed.pages.get(r.URL.Path, now)
	if made == nil {
		body, err := make(r.Context())
		if err != nil {
			ed.failed(w, r, err)
			return
		}
		if len(body) == 0 {
			ed.notFound(w, r, "لا صفحة بهذا العنوان")
			return
		}
		made = ed.pack(body, mime, now)
		ed.pages.put(r.URL.Path, made, generation, now)
	}
	h := w.Header()
	h["Vary"] = varyPage
	h.Set("Cache-Control", pageCaching)
	made.serve(w, r)
}

// sourceStatus is a source in /status.json: what the page of sources tells, for programs.
type sourceStatus struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Feed      string     `json:"feed"` // without its query
	Condition string     `json:"condition"`
	Status    int        `json:"http_status,omitempty"`
	Error     string     `json:"error,omitempty"`
	Failures  int        `json:"failures,omitempty"`
	LastFetch *time.Time `json:"last_fetch,omitempty"`
	LastOK    *time.Time `json:"last_ok,omitempty"`
	LastFull  *time.Time `json:"last_full,omitempty"`
	Items     int        `json:"items"`
	Today     int        `json:"stories_24h"`
	Millis    int64      `json:"took_ms"`
	Repairs   []string   `json:"repairs,omitempty"`
}

// statusJSON writes the states in the order of feeds.yaml.
func (ed *edition) statusJSON(ctx context.Context) ([]byte, error) {
	list, err := ed.store.States(ctx)
	if err != nil {
		return nil, err
	}
	stats, err := ed.store.Stats(ctx, ed.Now().Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	states := make(map[string]rafid.SourceState, len(list))
	for _, st := range list {
		states[st.Source] = st
	}
	out := struct {
		Version string         `json:"version"`
		Sources []sourceStatus `json:"sources"`
	}{Version: ed.Site.Version, Sources: []sourceStatus{}}
	for _, src := range ed.Sources {
		st := states[src.ID]
		out.Sources = append(out.Sources, sourceStatus{
			ID: src.ID, Name: untagged(src.Name), Feed: plainAddress(src.URL), Condition: string(st.Condition),
			Status: st.Status, Error: withoutQuery(line(st.Error), src.URL), Failures: st.Failures,
			LastFetch: known(st.LastFetch), LastOK: known(st.LastOK), LastFull: known(st.LastFull),
			Items: st.Items, Today: stats.BySource[src.ID], Millis: st.Took.Milliseconds(), Repairs: lines(st.Repairs),
		})
	}
	return json.Marshal(out)
}

// known gives a time, or nil for the zero one.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func (ed *edition) serveStates(w http.ResponseWriter, r *http.Request) {
	w.Header()["Access-Control-Allow-Origin"] = everyone
	ed.serveMade(w, r, "application/json", ed.statusJSON)
}
