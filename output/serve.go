package output

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"rafid"
)

// pageCaching lets pages be kept for half of the minute that their relative times are true for.
const pageCaching = "public, max-age=30"

// policy is the Content-Security-Policy of pages: nothing but our own style, fonts, icons and forms. Pages
// need no script, so none runs, whatever a source writes.
const policy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; manifest-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// feedPolicy is that of feeds: a browser shows them with our own sheet, and runs nothing that a source wrote.
const feedPolicy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"

// Handler serves everything public: pages, feeds, lists and assets. It answers GET and HEAD.
func (p *Publisher) Handler() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, do func(ed *edition, w http.ResponseWriter, r *http.Request)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { do(p.cur.Load(), w, r) })
	}
	handle("/feeds/{file}", (*edition).serveFeed)
	handle("/s/{story}", (*edition).serveStory)
	handle("/c/{slug}", (*edition).serveCategory)
	handle("/search", (*edition).serveSearch)
	handle("/opml.xml", (*edition).serveChannels)
	handle("/status.json", (*edition).serveStates)
	handle("/sitemap.xml", (*edition).serveSitemap)
	handle("/{$}", (*edition).serveHome)
	for name, render := range map[string]pageFunc{
		"/subscribe": func(ed *edition, _ context.Context, m medium) ([]byte, error) { return ed.subscribe(m) },
		"/status":    (*edition).status,
		"/about":     (*edition).aboutPage,
		"/policy":    (*edition).policyPage,
	} {
		handle(name, func(ed *edition, w http.ResponseWriter, r *http.Request) {
			ed.servePage(w, r, name, func(ctx context.Context, m medium) ([]byte, error) { return render(ed, ctx, m) })
		})
	}
	handle("/", (*edition).serveAsset)
	return guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ed := p.cur.Load()
		if f, ok := ed.feeds[r.URL.Path]; ok && admits(f.Channel, r) { // what nearly all ask for
			ed.serveChannel(w, r, f.channel, f.format)
			return
		}
		mux.ServeHTTP(w, r)
	}))
}

// pageFunc renders one page.
type pageFunc func(ed *edition, ctx context.Context, m medium) ([]byte, error)

// guard answers other methods than GET and HEAD, and sets what every answer carries.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["X-Content-Type-Options"] = noSniff
		h["Content-Security-Policy"] = pagePolicy
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "405 method not allowed: GET and HEAD only", http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Header values as net/http keeps them, shared by all answers.
var (
	noSniff    = []string{"nosniff"}
	pagePolicy = []string{policy}
	xmlPolicy  = []string{feedPolicy}
	everyone   = []string{"*"}
	varyFeed   = []string{"Accept-Encoding, Sec-Fetch-Dest"}
	varyPage   = []string{"Accept-Encoding"}
)

func (ed *edition) serveHome(w http.ResponseWriter, r *http.Request) { ed.serveList(w, r, "") }

func (ed *edition) serveCategory(w http.ResponseWriter, r *http.Request) {
	slug := r.PathValue("slug")
	if _, known := ed.titles[slug]; !known {
		ed.notFound(w, r, "لا قسم بهذا العنوان")
		return
	}
	ed.serveList(w, r, slug)
}

// serveList answers for the front page or a category's, of now or before a time.
func (ed *edition) serveList(w http.ResponseWriter, r *http.Request, slug string) {
	var before time.Time
	if text := r.URL.Query().Get("before"); text != "" {
		var err error
		if before, err = time.Parse(time.RFC3339Nano, text); err != nil {
			ed.notFound(w, r, "لا صفحة بهذا التاريخ")
			return
		}
	}
	key := r.URL.Path
	if !before.IsZero() {
		key += "?" + before.UTC().Format(time.RFC3339Nano)
	}
	ed.servePage(w, r, key, func(ctx context.Context, m medium) ([]byte, error) {
		return ed.home(ctx, m, slug, before)
	})
}

// serveStory answers for /s/ID and for the feeds /s/ID.FORMAT.
func (ed *edition) serveStory(w http.ResponseWriter, r *http.Request) {
	id, format, isFeed := cutLast(r.PathValue("story"), '.')
	if !isSlug(id) || isFeed && (format == "opml" || !ed.offers(format)) {
		ed.notFound(w, r, "لا قصة بهذا العنوان")
		return
	}
	if !isFeed {
		ed.servePage(w, r, r.URL.Path, func(ctx context.Context, m medium) ([]byte, error) {
			return ed.story(ctx, m, id)
		})
		return
	}
	if ed.turnsToPage(w, r, "/s/"+id) {
		return
	}
	ed.serveDocument(w, r, format, func(ctx context.Context) (document, error) {
		e, err := ed.store.Entry(ctx, id)
		if err != nil {
			return document{}, err
		}
		return ed.storyDocument(e), nil
	})
}

// servePage answers with a page, from memory while it is still true.
func (ed *edition) servePage(w http.ResponseWriter, r *http.Request, key string, render func(context.Context, medium) ([]byte, error)) {
	now := ed.Now()
	page, generation := ed.pages.get(key, now)
	if page == nil {
		body, err := render(r.Context(), ed.at(r.URL.Path, now))
		if err != nil {
			ed.failed(w, r, err)
			return
		}
		page = ed.pack(body, "text/html; charset=utf-8", now)
		ed.pages.put(key, page, generation, now)
	}
	h := w.Header()
	h["Vary"] = varyPage
	h.Set("Cache-Control", pageCaching)
	page.serve(w, r)
}

func (ed *edition) aboutPage(_ context.Context, m medium) ([]byte, error) {
	return ed.execute("about", ed.newPage(m, "/about", "كيف يعمل", nil))
}

func (ed *edition) policyPage(_ context.Context, m medium) ([]byte, error) {
	shown := "العنوان وأول الملخص كما وردا في خلاصتكم، لا النص الكامل."
	switch ed.Content {
	case ContentHeadline:
		shown = "العنوان وحده، من دون نص."
	case ContentFull:
		shown = "ما تضعونه أنتم في خلاصتكم، وقد اختار مشرف هذا الموقع نشره كاملًا."
	}
	return ed.execute("policy", ed.newPage(m, "/policy", "للناشرين", shown))
}

// serveAsset answers for files of ours, and for every path that nothing else answers for.
func (ed *edition) serveAsset(w http.ResponseWriter, r *http.Request) {
	a := ed.assets[r.URL.Path]
	if a == nil {
		ed.notFound(w, r, "لا صفحة بهذا العنوان")
		return
	}
	h := w.Header()
	h["Vary"] = varyPage
	h.Set("Cache-Control", "public, max-age=86400")
	if r.URL.Query().Get("v") == ed.version || strings.HasPrefix(r.URL.Path, "/fonts/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	a.serve(w, r)
}

// errorPage is the body of a page that says what is wrong, and what there is instead.
type errorPage struct {
	Heading, Text string
	Links         []navLink
}

// maxOffered bounds what a page of an error lists: the sources are on the page of all channels.
const maxOffered = 30

func (ed *edition) notFound(w http.ResponseWriter, r *http.Request, heading string) {
	m := ed.at("/", ed.Now())
	body := &errorPage{Heading: heading, Text: "ربما نُقلت الصفحة أو انتهى وقتها، أو في العنوان خطأ."}
	for _, c := range ed.order[:min(maxOffered, len(ed.order))] {
		if c.Query.Source == "" && c.Token == "" {
			at := feedPath(c.Channel, c.Formats[0])
			body.Links = append(body.Links, navLink{Title: ed.channelTitle(c.Channel), Href: m.href(at)})
		}
	}
	body.Links = append(body.Links, navLink{Title: "كل الخلاصات", Href: m.href("/subscribe")},
		navLink{Title: "آخر الأخبار", Href: m.href("/")})
	ed.sayError(w, r, http.StatusNotFound, body)
}

// redirectStory sends a reader of a story, or of its feed, to the one that it went into.
func (ed *edition) redirectStory(w http.ResponseWriter, r *http.Request, into string) {
	w.Header().Set("Cache-Control", pageCaching)
	http.Redirect(w, r, ed.path+"/s/"+into+path.Ext(r.URL.Path), http.StatusMovedPermanently)
}

// failed answers when the store gives an error: what is not there is 404, what was withdrawn 410, what went
// into another story is there, everything else is our fault.
func (ed *edition) failed(w http.ResponseWriter, r *http.Request, err error) {
	var moved *movedError
	switch {
	case errors.As(err, &moved):
		ed.redirectStory(w, r, moved.into)
		return
	case errors.Is(err, errGone):
		ed.sayError(w, r, http.StatusGone, &errorPage{Heading: "سُحب هذا الخبر", Text: "نُشر هنا ثم سُحب، ولن يعود.",
			Links: []navLink{{Title: "آخر الأخبار", Href: ed.at("/", ed.Now()).href("/")}}})
		return
	case errors.Is(err, rafid.ErrNotFound):
		ed.notFound(w, r, "لا قصة بهذا العنوان")
		return
	case r.Context().Err() != nil:
		return // the reader went away
	}
	ed.Logger.ErrorContext(r.Context(), "page or feed not rendered", "url", path.Clean(r.URL.Path), "err", err)
	w.Header().Set("Retry-After", "30")
	ed.sayError(w, r, http.StatusServiceUnavailable, &errorPage{Heading: "الخدمة متوقفة قليلًا",
		Text: "تعذّر عرض هذه الصفحة الآن. أعد المحاولة بعد دقيقة."})
}

func (ed *edition) sayError(w http.ResponseWriter, r *http.Request, status int, body *errorPage) {
	text, err := ed.execute("error", ed.newPage(ed.at("/", ed.Now()), r.URL.Path, body.Heading, body))
	if err != nil {
		text = fmt.Appendf(nil, "<!DOCTYPE html><title>%d</title>", status)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(text)
	}
}

// cutLast cuts s at its last sep.
func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}
