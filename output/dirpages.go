package output

import (
	"context"
	"errors"
	"time"
)

// writeMoved writes a page that leads from a story to the one that it went into.
func (w *dirWriter) writeMoved(id, into string) error {
	at := "/s/" + id
	m := w.medium(at)
	page, err := w.execute("moved", w.newPage(m, at, "انتقلت القصة", m.href("/s/"+into)))
	if err == nil {
		w.put(m.file, page)
	}
	return err
}

// renderPages renders every page that is not a story's, by the name of its file.
func (w *dirWriter) renderPages(ctx context.Context) (map[string][]byte, error) {
	pages := make(map[string][]byte)
	render := func(p string, do func(m medium) ([]byte, error)) error {
		m := w.medium(p)
		body, err := do(m)
		pages[m.file] = body
		return err
	}
	errs := []error{
		render("/", func(m medium) ([]byte, error) { return w.home(ctx, m, "", time.Time{}) }),
		render("/subscribe", w.subscribe),
		render("/status", func(m medium) ([]byte, error) { return w.status(ctx, m) }),
		render("/about", func(m medium) ([]byte, error) { return w.aboutPage(ctx, m) }),
		render("/policy", func(m medium) ([]byte, error) { return w.policyPage(ctx, m) }),
	}
	for slug := range w.titles {
		if isSlug(slug) {
			errs = append(errs, render("/c/"+slug, func(m medium) ([]byte, error) {
				return w.home(ctx, m, slug, time.Time{})
			}))
		}
	}
	body, err := w.errorFile()
	pages["404.html"] = body
	return pages, errors.Join(append(errs, err)...)
}

// errorFile is the page that static servers show for addresses that are not there.
func (w *dirWriter) errorFile() ([]byte, error) {
	m := w.at("/404.html", time.Time{})
	body := &errorPage{Heading: "لا صفحة بهذا العنوان", Text: "ربما نُقلت الصفحة أو انتهى وقتها، أو في العنوان خطأ.",
		Links: []navLink{{Title: "آخر الأخبار", Href: m.href("/")}, {Title: "كل الخلاصات", Href: m.href("/subscribe")}}}
	return w.execute("error", w.newPage(m, "/404.html", body.Heading, body))
}
