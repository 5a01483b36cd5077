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

// WriteDir publishes all and writes everything that [Publisher.Handler] serves as files under dir, at the same
// addresses; a page is the index.html of a folder. A file is replaced in one step and only when its bytes
// differ, so readers and mirrors see either the old or the new one, whatever happens, and a run with nothing new
// touches nothing. Stories are written before the lists that lead to them. Private channels are not written.
//
// Files in dir that are not of ours stay. A story's page stays for as long as the store has the story, also
// when it has left every feed: links to it do not die. One that went into another leads there.
func (p *Publisher) WriteDir(ctx context.Context, dir string) (Written, error) {
	if err := p.Publish(ctx, nil); err != nil {
		return Written{}, err
	}
	return p.UpdateDir(ctx, dir, nil)
}

// UpdateDir brings the files of WriteDir up to what is published now, where these groups have changed since it
// was last called; nil stands for all, as it must after a [Publisher.Reload]. A folder has one writer at a time.
func (p *Publisher) UpdateDir(ctx context.Context, dir string, changed []rafid.Entry) (Written, error) {
	f, err := openFolder(dir)
	if err != nil {
		return Written{}, fmt.Errorf("output folder: %w", err)
	}
	ed := p.cur.Load()
	if ed.Precompress {
		f.packer = p.packer
	}
	w := &dirWriter{edition: ed, folder: f, noted: make(map[string]bool), done: make(map[string]bool)}
	if changed == nil || len(f.before) == 0 {
		err = w.writeAll(ctx)
	} else {
		err = w.writeChanged(ctx, changed)
	}
	err = errors.Join(err, f.close())
	return f.written, err
}

// dirWriter writes one edition into a folder.
type dirWriter struct {
	*edition
	*folder
	noted map[string]bool // ids of the stories that some page leads to
	done  map[string]bool // ids of the stories that need not be written (any more)
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
	if err := w.writeLists(ctx, pages, func(*channel) bool { return true }); err != nil {
		return err
	}
	return w.sweep(lives)
}

// writeChanged writes the changed stories, those that they follow, for these tell of it, and the lists that
// have changed. Everything else stays as it is.
func (w *dirWriter) writeChanged(ctx context.Context, changed []rafid.Entry) error {
	for name := range w.was {
		w.ours[name] = true
		if id, ok := storyFile(name); ok {
			w.done[id] = true
		}
	}
	for _, e := range changed {
		for _, id := range [...]string{e.Group.ID, e.Group.Thread} {
			if err := w.rewriteStory(ctx, id); err != nil {
				return err
			}
		}
	}
	if err := w.settle(); err != nil {
		return err
	}
	pages, err := w.renderPages(ctx)
	if err != nil {
		return err
	}
	if err := w.writeNoted(ctx); err != nil {
		return err
	}
	if err := w.writeLists(ctx, pages, func(c *channel) bool { return c.unfiled.Load() }); err != nil {
		return err
	}
	return w.sweep(nil)
}

// rewriteStory writes a story anew, or what is left to say of it.
func (w *dirWriter) rewriteStory(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	e, err := w.store.Entry(ctx, id)
	var moved *movedError
	switch {
	case errors.As(err, &moved):
		w.forget(id)
		return w.writeMoved(id, moved.into)
	case errors.Is(err, rafid.ErrNotFound):
		w.forget(id)
		return nil
	case err != nil:
		return err
	}
	delete(w.done, id)
	return w.writeStory(ctx, e)
}

// writeLists writes what leads to stories: feeds and pages.
func (w *dirWriter) writeLists(ctx context.Context, pages map[string][]byte, wants func(*channel) bool) error {
	if err := w.writeFeeds(ctx, wants); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		w.put(name, pages[name])
	}
	return w.settle()
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
			if err := w.writeMoved(id, moved.into); err != nil {
				return nil, err
			}
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

func (w *dirWriter) writeFeeds(ctx context.Context, wants func(*channel) bool) error {
	for _, c := range w.order {
		if c.Token != "" || !wants(c) { // whoever reads the folder could read what is private
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
	c.unfiled.Store(false)
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
