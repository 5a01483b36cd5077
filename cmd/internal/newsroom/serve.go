package newsroom

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/png"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zeebo/xxh3"
)

// document is a rendering ready to be sent.
type document struct {
	version     int // what it was rendered from: a number that grows
	contentType string
	plain, zip  []byte
	etag        string
	modified    time.Time
}

// newDocument keeps data with its validators and its compressed form.
func newDocument(data []byte, contentType string, modified time.Time, level int) (*document, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(data); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return &document{
		contentType: contentType, plain: data, zip: b.Bytes(),
		etag: fmt.Sprintf(`"%016x"`, xxh3.Hash(data)), modified: modified,
	}, nil
}

// send answers a request with the document, and says what it did. A validator by entity tag goes before
// one by date (RFC 9110, section 13.2.2).
func (d *document) send(w http.ResponseWriter, r *http.Request, conditions bool) (status, sent int) {
	h := w.Header()
	h.Set("Etag", d.etag)
	h.Set("Last-Modified", d.modified.UTC().Format(http.TimeFormat))
	h.Set("Vary", "Accept-Encoding")
	if conditions && d.fresh(r) {
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified, 0
	}
	h.Set("Content-Type", d.contentType)
	body := d.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = d.zip
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return http.StatusOK, 0
	}
	n, _ := w.Write(body) // a reader that went away is no matter of ours
	return http.StatusOK, n
}

func (d *document) fresh(r *http.Request) bool {
	if tags := r.Header.Get("If-None-Match"); tags != "" {
		return slices.Contains(strings.Split(strings.ReplaceAll(tags, " ", ""), ","), d.etag)
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !d.modified.Truncate(time.Second).After(since)
}

func conditional(r *http.Request) bool {
	return r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != ""
}

// handler serves one outlet: its feed, its articles, its pictures.
func (r *Room) handler(i int) http.Handler {
	o := r.world.outlets[i]
	m := http.NewServeMux()
	m.HandleFunc("GET "+o.feedPath(), func(w http.ResponseWriter, q *http.Request) { r.feed(w, q, i) })
	m.HandleFunc("GET /img/{name}", picture)
	m.HandleFunc("GET /{$}", func(w http.ResponseWriter, q *http.Request) { r.article(w, q, i) })
	m.HandleFunc("GET /{category}/{number}", func(w http.ResponseWriter, q *http.Request) { r.article(w, q, i) })
	return m
}

func (r *Room) feed(w http.ResponseWriter, q *http.Request, i int) {
	o := r.world.outlets[i]
	d, err := r.document(i)
	if err != nil {
		r.log.Error("render", "source", o.ID, "err", err)
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	status, sent := d.send(w, q, true)
	r.mu.Lock()
	c := r.counts[o.ID]
	c.Total++
	c.Bytes += int64(sent)
	if conditional(q) {
		c.Conditional++
	}
	if status == http.StatusNotModified {
		c.NotModified++
	}
	r.counts[o.ID] = c
	r.mu.Unlock()
	r.log.Debug("feed", "source", o.ID, "status", status, "bytes", sent)
}

// document renders the outlet's feed as it is now, or takes the last rendering when nothing came since.
func (r *Room) document(i int) (*document, error) {
	o := r.world.outlets[i]
	now := r.world.elapsed()
	seen := r.world.until(now)[i]
	version, changed := latestChange(seen, now)
	r.mu.Lock()
	d := r.docs[o.ID]
	r.mu.Unlock()
	if d != nil && d.version == version {
		return d, nil
	}
	latest := seen[max(0, len(seen)-feedItems):]
	items := make([]piece, 0, len(latest))
	for _, rep := range slices.Backward(latest) {
		items = append(items, r.world.piece(rep, now))
	}
	doc, err := o.render(items, r.world.desk)
	if err != nil {
		return nil, err
	}
	data, err := o.encode(doc)
	if err != nil {
		return nil, err
	}
	modified := r.world.opts.Start
	if len(items) > 0 {
		modified = r.world.date(changed)
	}
	if d, err = newDocument(data, o.contentType(), modified, gzip.DefaultCompression); err != nil {
		return nil, err
	}
	d.version = version
	r.mu.Lock()
	defer r.mu.Unlock()
	r.docs[o.ID] = d
	return d, nil
}

// latestChange numbers the states of a feed and tells when the last of them came about: with a new item, or
// with the text of a flash.
func latestChange(seen []report, now time.Duration) (version int, at time.Duration) {
	at = math.MinInt64
	for _, r := range seen {
		version++
		at = max(at, r.offset)
		if r.complete > 0 && !r.flash(now) {
			version++
			at = max(at, r.complete)
		}
	}
	return version, at
}

func (o *outlet) contentType() string {
	switch {
	case o.Kind == "json":
		return "application/feed+json"
	case o.Kind == "atom":
		return "application/atom+xml; charset=utf-8"
	case o.Kind == "rdf":
		return "application/rdf+xml"
	case o.Wart == wartMislabelled:
		return "text/xml; charset=utf-8"
	case o.Charset != "":
		return "application/rss+xml; charset=" + o.Charset
	}
	return "application/rss+xml; charset=utf-8"
}

// page is what a reader gets who follows a link of a feed.
var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{{.Title}}</title>
<link rel="alternate" type="{{.Type}}" href="{{.Feed}}"></head>
<body><p>{{.Outlet}} · منبر متخيل لعرض رافد، وكل ما فيه مختلق</p>
<article><h1>{{.Title}}</h1>{{range .Lines}}<p>{{.}}</p>{{end}}</article></body></html>
`))

// article serves the page of an item that has appeared, or the front page.
func (r *Room) article(w http.ResponseWriter, q *http.Request, i int) {
	o := r.world.outlets[i]
	data := struct {
		Title, Outlet, Feed, Type string
		Lines                     []string
	}{Title: o.Name, Outlet: o.Name, Feed: o.feedPath(), Type: o.contentType()}
	if number := q.PathValue("number"); number != "" {
		now := r.world.elapsed()
		seen := r.world.until(now)[i]
		at := slices.IndexFunc(seen, func(rep report) bool { return strconv.Itoa(rep.number()) == number })
		if at < 0 || seen[at].category != q.PathValue("category") {
			http.NotFound(w, q)
			return
		}
		p := r.world.piece(seen[at], now)
		data.Title, data.Lines = p.title, p.lines
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := page.Execute(w, data); err != nil {
		r.log.Debug("page", "source", o.ID, "err", err)
	}
}

// picture draws a small image for a number: two colours that are the same every time.
func picture(w http.ResponseWriter, q *http.Request) {
	seed := xxh3.HashString(q.PathValue("name"))
	img := image.NewRGBA(image.Rect(0, 0, 160, 90))
	for y := range 90 {
		for x := range 160 {
			img.SetRGBA(x, y, color.RGBA{R: uint8(seed) / 2, G: uint8(seed>>8)/2 + uint8(y), B: uint8(seed>>16)/2 + uint8(x/2), A: 255})
		}
	}
	w.Header().Set("Content-Type", "image/png")
	_ = png.Encode(w, img) // fails only when the reader went away
}
