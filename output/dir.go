package output

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rafid"
)

// Written says what WriteDir did.
type Written struct {
	Files   int // written, because they are new or differ
	Kept    int // left untouched, because they are the same
	Removed int // ours of before, of something that is no more
}

// WriteDir writes everything that [Publisher.Handler] serves as files under dir, at the same addresses; a page
// is the index.html of a folder. A file is replaced in one step and only when its bytes differ, so readers and
// mirrors see either the old or the new one, whatever happens, and a run with nothing new touches nothing.
// Stories are written before the lists that lead to them.
//
// Files in dir that are not of ours stay. A story's page stays for as long as the store has the story, also
// when it has left every feed: links to it do not die.
func (p *Publisher) WriteDir(ctx context.Context, dir string) (Written, error) {
	if err := p.Publish(ctx, nil); err != nil {
		return Written{}, err
	}
	f, err := openFolder(dir)
	if err != nil {
		return Written{}, fmt.Errorf("output folder: %w", err)
	}
	ed := p.cur.Load()
	w := &dirWriter{edition: ed, folder: f, noted: make(map[string]bool), done: make(map[string]bool)}
	err = errors.Join(w.writeAll(ctx), f.close())
	return f.written, err
}

// dirWriter writes one edition into a folder.
type dirWriter struct {
	*edition
	*folder
	noted map[string]bool // ids of the stories that some page leads to
	done  map[string]bool // ids of the stories that are written
}

// writeAll writes in an order that leads nowhere wrong: first the stories, then what leads to them.
func (w *dirWriter) writeAll(ctx context.Context) error {
	if err := w.writeStories(ctx); err != nil {
		return err
	}
	pages, err := w.renderPages(ctx)
	if err != nil {
		return err
	}
	lives, err := w.formerStories(ctx)
	if err != nil {
		return err
	}
	if err := w.writeNoted(ctx); err != nil {
		return err
	}
	if err := w.writeFeeds(ctx); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		w.put(name, pages[name])
	}
	if err := w.settle(); err != nil {
		return err
	}
	return w.sweep(lives)
}

// formerStories looks for the stories that were written before and not now: those that live keep their files,
// and those that went into another get a page that leads there.
func (w *dirWriter) formerStories(ctx context.Context) (lives map[string]bool, err error) {
	lives = make(map[string]bool)
	looked := make(map[string]bool)
	for _, name := range w.before {
		id, ok := storyFile(name)
		if !ok || w.done[id] || looked[id] {
			continue
		}
		looked[id] = true
		var moved *movedError
		switch _, err := w.store.Entry(ctx, id); {
		case err == nil:
			lives[id] = true
		case errors.As(err, &moved):
			at := "/s/" + id
			m := w.medium(at)
			page, err := w.execute("moved", w.newPage(m, at, "انتقلت القصة", m.href("/s/"+moved.into)))
			if err != nil {
				return nil, err
			}
			w.put(m.file, page)
		case !errors.Is(err, rafid.ErrNotFound):
			return nil, err
		}
	}
	return lives, nil
}

// medium gives the medium of a page that becomes a file; the stories it leads to are noted.
func (w *dirWriter) medium(p string) medium {
	m := w.at(p, time.Time{})
	m.note = func(id string) { w.noted[id] = true }
	return m
}

// writeStories writes the page and the feed of every story that a channel carries.
func (w *dirWriter) writeStories(ctx context.Context) error {
	for _, c := range w.order {
		if c.Token != "" {
			continue
		}
		if c.digest != nil {
			if err := w.noteDigest(ctx, c); err != nil {
				return err
			}
			continue
		}
		entries, _, err := w.entries(ctx, c.Channel)
		if err != nil {
			return fmt.Errorf("channel %s: %w", c.Name, err)
		}
		for _, e := range entries {
			if err := w.writeStory(ctx, e); err != nil {
				return err
			}
		}
	}
	return w.settle()
}

// noteDigest notes the stories that digests lead to: what these tell of them is not what they are now.
func (w *dirWriter) noteDigest(ctx context.Context, c *channel) error {
	_, entries, _, err := w.composeDigest(ctx, c)
	if err != nil {
		return fmt.Errorf("channel %s: %w", c.Name, err)
	}
	for _, e := range entries {
		w.noted[e.Group.ID] = true
	}
	return nil
}

func (w *dirWriter) writeStory(ctx context.Context, e rafid.Entry) error {
	id := e.Group.ID
	if w.done[id] || !isSlug(id) {
		return nil
	}
	w.done[id] = true
	page, err := w.storyOf(ctx, w.medium("/s/"+id), e)
	if err != nil {
		return err
	}
	w.put(fileOf("/s/"+id), page)
	feed, err := w.encode(w.storyDocument(e), w.Formats[0])
	if err != nil {
		return err
	}
	w.put("s/"+id+"."+w.Formats[0], feed)
	return nil
}

// writeNoted writes the stories that pages lead to and no channel carries, and those that these lead to.
func (w *dirWriter) writeNoted(ctx context.Context) error {
	for {
		var missing []string
		for id := range w.noted {
			if !w.done[id] {
				missing = append(missing, id)
			}
		}
		clear(w.noted)
		if len(missing) == 0 {
			return w.settle()
		}
		slices.Sort(missing)
		for _, id := range missing {
			e, err := w.store.Entry(ctx, id)
			if errors.Is(err, rafid.ErrNotFound) {
				w.done[id] = true
				continue
			}
			if err != nil {
				return err
			}
			if err := w.writeStory(ctx, e); err != nil {
				return err
			}
		}
	}
}

func (w *dirWriter) writeFeeds(ctx context.Context) error {
	for _, c := range w.order {
		if c.Token != "" { // whoever reads the folder could read it
			continue
		}
		if err := w.writeFeed(ctx, c); err != nil {
			return err
		}
	}
	w.put("opml.xml", w.list.plain.body)
	sitemap, err := w.sitemap(ctx)
	if err != nil {
		return err
	}
	if len(sitemap) > 0 {
		w.put("sitemap.xml", sitemap)
	}
	for name, r := range w.assets {
		w.put(strings.TrimPrefix(name, "/"), r.plain.body)
	}
	return w.settle()
}

// writeFeed writes a channel in all its formats. One that is rendered on demand is not kept: nobody may ask.
func (w *dirWriter) writeFeed(ctx context.Context, c *channel) error {
	get := w.current
	if c.lazy {
		get = w.render
	}
	is, err := get(ctx, c)
	if err != nil {
		return fmt.Errorf("channel %s: %w", c.Name, err)
	}
	for format, r := range is.formats {
		if !c.offers(format) { // of before a reload
			continue
		}
		body, err := r.bytes()
		if err != nil {
			return fmt.Errorf("channel %s: %w", c.Name, err)
		}
		w.put("feeds/"+c.Name+"."+format, body)
	}
	return nil
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
