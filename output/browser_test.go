package output

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"rafid"
)

// browser starts a headless Chromium, or skips the test. What it is told of the machine is nothing: it has a
// profile of its own and asks nobody but us.
func browser(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes seconds: nothing shown with -short")
	}
	path := tool(t, "chromium", "chromium-browser", "google-chrome")
	ctx, cancel := chromedp.NewContext(t.Context(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true)))
	t.Cleanup(cancel)
	return ctx
}

// look is one way of looking at the pages.
type look struct {
	name          string
	width, height int64
	scheme        string
}

var looks = []look{
	{"wide", 1200, 1000, "light"}, {"phone", 375, 812, "light"},
	{"wide-dark", 1200, 1000, "dark"}, {"phone-dark", 375, 812, "dark"},
}

// set makes the browser look so.
func (l look) set(ctx context.Context) error {
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(l.width, l.height)); err != nil {
		return err
	}
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.scheme}}})
	return err
}

// browsed are the addresses of every kind of page.
var browsed = map[string]string{
	"home": "/", "category": "/c/sport", "story": "/s/g1port", "english": "/s/g5english", "hostile": "/s/g6hostile",
	"subscribe": "/subscribe", "status": "/status", "about": "/about", "policy": "/policy", "missing": "/nothing",
	"search": "/search?q=%D8%A7%D9%84%D9%85%D9%8A%D9%86%D8%A7%D8%A1",
}

// Screenshots go to the folder that RAFID_SHOTS names, for people to look at.
func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	srv := httptest.NewServer(publisher(t, worldOptions(), world()).Handler())
	defer srv.Close()
	shots := os.Getenv("RAFID_SHOTS")
	for _, l := range looks {
		for name, path := range browsed {
			if err := l.set(ctx); err != nil {
				t.Fatal(err)
			}
			if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+path)); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			over, err := chromedp.Run(ctx, chromedp.Evaluate[float64](`document.documentElement.scrollWidth - innerWidth`))
			if err != nil {
				t.Fatal(err)
			}
			if over > 0 {
				t.Errorf("%s %s: %v px wider than the window", name, l.name, over)
			}
			small, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](smallTargets))
			if err != nil {
				t.Fatal(err)
			}
			if len(small) > 0 {
				t.Errorf("%s %s: targets under 24 px: %s", name, l.name, strings.Join(small, ", "))
			}
			if shots != "" {
				shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(shots, name+"-"+l.name+".png"), shot, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// smallTargets lists links and controls under 24 by 24 px that do not stand in a line of text (WCAG 2.2, 2.5.8).
const smallTargets = `[...document.querySelectorAll('nav a, .btn, .tap, .sub, .logo, footer a, summary, h2 a, input, button')]
  .filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.height < 24 || r.width < 24) && !e.closest('.skip')})
  .map(e => e.textContent.trim().slice(0, 20) + ' ' + Math.round(e.getBoundingClientRect().height))`

func TestAxeFindsNothing(t *testing.T) {
	t.Parallel()
	_, dir := npm(t, "axe-core")
	axe, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	ctx := browser(t)
	srv := httptest.NewServer(publisher(t, worldOptions(), world()).Handler())
	defer srv.Close()
	for _, l := range looks {
		for name, path := range browsed {
			if err := l.set(ctx); err != nil {
				t.Fatal(err)
			}
			if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+path)); err != nil {
				t.Fatal(err)
			}
			if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](string(axe)+"; true")); err != nil {
				t.Fatal(err)
			}
			found, err := chromedp.Run(ctx, chromedp.Evaluate[string](`axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',
				'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => JSON.stringify(r.violations.map(v =>
				v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.html.slice(0, 120)).join(' | '))))`, chromedp.EvalAwaitPromise))
			if err != nil {
				t.Fatal(err)
			}
			if found != "[]" {
				t.Errorf("%s %s: %s", name, l.name, found)
			}
		}
	}
}

// A line is right when its first word stands at the right edge of the line and its last at the left; what is
// code runs the other way.
func TestBidiByGlyphPosition(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	s := world()
	titles := []struct{ name, text, right, left string }{
		{"Latin name first", "XTV تدشّن قناتها الجديدة", "XTV", "الجديدة"},
		{"Latin and digits inside", "عودة المسبار MH17 بـ2014 صورة", "عودة", "صورة"},
		{"question mark last", "هل يعود \"نجم\" الساحل إلى الملاعب؟", "هل", "؟"},
		{"quote last", "المدرب عن فريقه: \"لم نتعب\"", "المدرب", "\""},
		{"per cent first", "%2.3 نمو الحركة في الميناء", "%2.3", "الميناء"},
		{"range first", "10-15 عامًا لبناء الجسر", "10-15", "الجسر"},
		{"hyphen inside", "هبوط طائرة تدريب SU-30 في الوادي", "هبوط", "الوادي"},
		{"parentheses round Latin", "ضمّ طائرة (B777-300ER) إلى الأسطول", "ضمّ", "الأسطول"},
		{"score", "الساحل يتعادل 2-2 مع الجبل", "الساحل", "الجبل"},
		{"bracket first", "(صور) افتتاح المعرض", "(", "المعرض"},
	}
	for i, tt := range titles {
		s.set(group(fmt.Sprintf("bidi%d", i), "tech", told{"ntv", time.Hour, tt.text, ""}))
	}
	srv := httptest.NewServer(publisher(t, worldOptions(), s).Handler())
	defer srv.Close()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1200, 1000)); err != nil {
		t.Fatal(err)
	}
	check := func(name, path, selector, right, left string) {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+path)); err != nil {
			t.Fatal(err)
		}
		args, _ := json.Marshal([]string{selector, right, left})
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(glyphScript, args)))
		if err != nil {
			t.Fatal(err)
		}
		if got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
	for i, tt := range titles {
		check(tt.name, fmt.Sprintf("/s/bidi%d", i), "h1", tt.right, tt.left)
	}
	check("outlet that starts with Latin", "/s/bidi0", ".tl bdi", "NTV", "عربي")
	check("address on the status page", "/status", "td code", "json", "jabal")
}

// glyphScript says what is wrong with the place of the first and the last word of an element's line.
const glyphScript = `(([selector, right, left]) => {
  const e = document.querySelector(selector);
  if (!e) return 'no ' + selector;
  const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT), all = [];
  const rect = (n, from, to) => { const r = document.createRange(); r.setStart(n, from); r.setEnd(n, to); return r.getBoundingClientRect(); };
  let r, l;
  for (let n; n = walk.nextNode();) {
    const i = n.data.indexOf(right), j = n.data.lastIndexOf(left);
    if (i >= 0 && !r) r = rect(n, i, i + right.length);
    if (j >= 0) l = rect(n, j, j + left.length);
    all.push(rect(n, 0, n.length));
  }
  if (!r || !l) return 'words not found in ' + e.textContent;
  const edge = { right: Math.max(...all.map(b => b.right)), left: Math.min(...all.map(b => b.left)) };
  if (Math.abs(edge.right - r.right) > 1.5) return right + ' ends ' + (edge.right - r.right) + ' px from the right';
  if (Math.abs(edge.left - l.left) > 1.5) return left + ' starts ' + (l.left - edge.left) + ' px from the left';
  return '';
})(%s)`

// payloads are ways to run a script from a text; each sets window.xss if it runs.
var payloads = []string{
	`<script>xss=1</script>`, `"><img src=x onerror=xss=1>`, `'><svg onload=xss=1>`, `javascript:xss=1`,
	`</title><script>xss=1</script>`, `]]><script>xss=1</script>`, `<a href="javascript:xss=1">x</a>`,
	`" onmouseover="xss=1" x="`, `{{.}}${xss=1}`, `\u003cscript\u003exss=1\u003c/script\u003e`,
	`&lt;script&gt;xss=1&lt;/script&gt;`, `<iframe srcdoc="<script>parent.xss=1</script>">`,
}

// poisoned is a world in which a source writes the payload into everything it can write into.
func poisoned(payload string) (Options, *memory) {
	s, o := world(), worldOptions()
	e := group("bad", "tech", told{"wadi", time.Minute, payload, payload}, told{"ntv", time.Second, "عنوان " + payload, payload})
	for i := range e.Stories {
		r := &e.Stories[i]
		r.Author, r.Content, r.Link, r.GUID, r.Lang, r.Tags = payload, payload, payload, payload, payload, []string{payload}
		r.Labels, r.Image = []string{payload}, rafid.Image{URL: payload, Caption: payload}
	}
	e.Group.Members[1].Evidence = rafid.Evidence{Arabic: payload, Words: []string{payload}, Conflicts: []string{payload}}
	s.set(e)
	for i := range s.states {
		s.states[i].Error, s.states[i].Title, s.states[i].Repairs = payload, payload, []string{payload}
	}
	o.Content = ContentFull
	o.Sources = slices.Clone(o.Sources)
	o.Sources[2].Name, o.Sources[2].Home = "الوادي "+payload, payload
	o.Categories = append(slices.Clone(o.Categories), rafid.Category{Slug: "odd", Title: payload})
	return o, s
}

// Nothing that a source writes runs: not on our pages, and not in a reader that puts what our feeds carry into
// its own page without cleaning it.
func TestNoPayloadRuns(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	for _, payload := range []string{strings.Join(payloads, " "), "javascript:xss=1", payloads[1]} {
		o, s := poisoned(payload)
		srv := httptest.NewServer(publisher(t, o, s).Handler())
		for _, path := range []string{"/", "/c/tech", "/s/bad", "/status", "/subscribe", "/search?q=" + url.QueryEscape(payload)} {
			if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+path)); err != nil {
				t.Fatal(err)
			}
			found, err := chromedp.Run(ctx, chromedp.Evaluate[string](runsScript))
			if err != nil {
				t.Fatal(err)
			}
			if found != "" {
				t.Errorf("%s on %s: %s", payload, path, found)
			}
		}
		feed := body(t, get(t, publisher(t, o, s).Handler(), "GET", "/feeds/tech.json"))
		if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
			t.Fatal(err)
		}
		found, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(`(feed => {
			for (const i of feed.items) for (const text of [i.content_html, i.title, ...(i.tags || []), ...i.authors.map(a => a.name)]) {
				const d = document.createElement('div'); d.innerHTML = text; document.body.append(d);
			}
			return 0;
		})(%s), %s`, feed, runsScript)))
		if err != nil {
			t.Fatal(err)
		}
		if found != "" {
			t.Errorf("%s in a reader: %s", payload, found)
		}
		srv.Close()
	}
}

// runsScript says what on a page has run, or would.
const runsScript = `window.xss ? 'it ran' : [...document.querySelectorAll('*')].filter(e =>
  e.matches('script, iframe, object, embed, svg') || [...e.attributes].some(a => a.name.startsWith("on") || ["href", "src", "action", "formaction", "srcdoc", "data"].includes(a.name) && /^\s*(javascript|data|vbscript):/i.test(a.value)))
  .map(e => e.outerHTML.slice(0, 200)).join(' ')`

// TestFirstVisit holds the front page to site.md: what a first visit loads, from whom, and how much the page
// moves while it does.
func TestFirstVisit(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	h := publisher(t, worldOptions(), many(60)).Handler()
	srv := httptest.NewServer(h)
	defer srv.Close()
	for _, l := range looks[:2] {
		if err := l.set(ctx); err != nil {
			t.Fatal(err)
		}
		if err := chromedp.Do(ctx, chromedp.Navigate(srv.URL+"/")); err != nil {
			t.Fatal(err)
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[struct {
			Bytes, Shift float64
			Foreign      []string
		}](`document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
			const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
			let shift = 0;
			const o = new PerformanceObserver(list => list.getEntries().forEach(e => shift += e.value));
			o.observe({type: 'layout-shift', buffered: true});
			requestAnimationFrame(() => done({Bytes: all.reduce((n, e) => n + e.encodedBodySize, 0), Shift: shift,
				Foreign: all.map(e => e.name).filter(n => new URL(n).origin !== location.origin)}));
		}))))`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.0f bytes, layout shift %.4f", l.name, got.Bytes, got.Shift)
		if got.Bytes > 70_000 || got.Shift > 0.05 || len(got.Foreign) > 0 {
			t.Errorf("%s: %+v", l.name, got)
		}
	}
}
