package output

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// tempDir holds files until they are whole. It lies in the output folder, for a rename must not cross file
// systems, and is emptied at every start: a kill leaves temporary files behind.
const tempDir = ".rafid-temp"

// listFile names, a line each, the files that we wrote: nothing else is ever removed.
const listFile = ".rafid-files"

// atOnce is how many files are written at a time. On the disks tried, waiting for fsync is nearly all of the
// time a file takes, and eight waits overlap.
const atOnce = 8

// folder replaces files one by one, each in one step. os.Root keeps every path inside it.
type folder struct {
	root   *os.Root
	g      *errgroup.Group
	packer *compressor // nil when files have no packed ones beside them

	mu      sync.Mutex
	ours    map[string]bool // files that belong there now
	before  []string        // files of the former run
	was     map[string]bool // the same
	dirs    map[string]bool // folders whose entries changed
	n       int             // temporary files so far
	written Written
}

func openFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	f := &folder{root: root, ours: make(map[string]bool), was: make(map[string]bool), dirs: make(map[string]bool)}
	f.begin()
	err = errors.Join(root.RemoveAll(tempDir), root.MkdirAll(tempDir, 0o755))
	list, readErr := root.ReadFile(listFile)
	if readErr != nil && !errors.Is(readErr, fs.ErrNotExist) {
		err = errors.Join(err, readErr)
	}
	f.before = strings.Fields(string(list))
	for _, name := range f.before {
		f.was[name] = true
	}
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return f, nil
}

func (f *folder) begin() {
	f.g = new(errgroup.Group)
	f.g.SetLimit(atOnce)
}

// put writes a file unless it has these bytes already, and its packed ones. It returns at once; settle gives
// the error.
func (f *folder) put(name string, body []byte) {
	packs := f.packs(name, body)
	f.mu.Lock()
	f.ours[name] = true
	for c := brotliCoding; c < codings; c++ { // a file that has become small loses its packed ones
		f.ours[name+codingNames[c].suffix] = slices.Contains(packs, c)
	}
	f.mu.Unlock()
	f.g.Go(func() error {
		same, err := f.write(name, body)
		if err != nil {
			return err
		}
		for _, c := range packs {
			packed := name + codingNames[c].suffix
			if same && f.was[packed] {
				f.count(func(w *Written) { w.Kept++ })
				continue
			}
			if _, err := f.write(packed, f.packer.compress(body, c)); err != nil {
				return err
			}
		}
		return nil
	})
}

// leastPacked is the size from which a file is packed: what fits into a packet of the network gains nothing.
const leastPacked = 1400

// packs gives the codings that a file is packed in: none when it is small or packed already.
func (f *folder) packs(name string, body []byte) []coding {
	if f.packer == nil || len(body) < leastPacked || slices.Contains([]string{".png", ".woff2"}, path.Ext(name)) {
		return nil
	}
	return []coding{gzipCoding, brotliCoding}
}

// write writes a file unless it has these bytes already, and says whether it had.
func (f *folder) write(name string, body []byte) (same bool, err error) {
	if old, err := f.root.ReadFile(name); err == nil && bytes.Equal(old, body) {
		f.count(func(w *Written) { w.Kept++ })
		return true, nil
	}
	f.mu.Lock()
	f.n++
	temp := fmt.Sprintf("%s/%d", tempDir, f.n)
	f.mu.Unlock()
	if err := f.replace(name, temp, body); err != nil {
		return false, err
	}
	f.count(func(w *Written) { w.Files++ })
	return false, nil
}

func (f *folder) count(add func(*Written)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	add(&f.written)
}

// replace writes to a temporary file, makes it last, and renames it: a file that was renamed before it was
// synced is empty after a power cut.
func (f *folder) replace(name, temp string, body []byte) error {
	file, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(body)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	dir := path.Dir(name)
	if err := f.root.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := f.root.Rename(temp, name); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for ; dir != "."; dir = path.Dir(dir) {
		f.dirs[dir] = true
	}
	f.dirs["."] = true
	return nil
}

// settle waits until everything put so far is in its place for good.
func (f *folder) settle() error {
	err := f.g.Wait()
	f.begin()
	f.mu.Lock()
	defer f.mu.Unlock()
	for dir := range f.dirs {
		err = errors.Join(err, f.syncDir(dir))
	}
	clear(f.dirs)
	return err
}

func (f *folder) syncDir(name string) error {
	d, err := f.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// sweep removes what we wrote before and did not write now, but not the stories that live. It then keeps the
// list of what is ours.
func (f *folder) sweep(lives map[string]bool) error {
	for _, name := range f.before {
		if f.ours[name] || !fs.ValidPath(name) {
			continue
		}
		if id, ok := storyFile(name); ok && lives[id] {
			f.ours[name] = true
			continue
		}
		if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		f.removeEmpty(path.Dir(name))
		f.written.Removed++
	}
	return f.keepList()
}

// removeEmpty removes a folder that has lost its last file; one that has not stays.
func (f *folder) removeEmpty(dir string) {
	for ; dir != "."; dir = path.Dir(dir) {
		if f.root.Remove(dir) != nil {
			return
		}
	}
}

// forget gives up the files of a story; sweep removes them.
func (f *folder) forget(story string) {
	for _, name := range f.before {
		if id, ok := storyFile(name); ok && id == story {
			f.ours[name] = false
		}
	}
}

// storyFile gives the id of the story that a file is the page or feed of.
func storyFile(name string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(name, "s/")
	if !ok {
		return "", false
	}
	if i := strings.IndexAny(rest, "/."); i > 0 {
		return rest[:i], true
	}
	return "", false
}

func (f *folder) keepList() error {
	var names []string
	for name, ours := range f.ours {
		if ours {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	list := []byte(strings.Join(names, "\n") + "\n")
	if old, err := f.root.ReadFile(listFile); err == nil && bytes.Equal(old, list) {
		return nil
	}
	if err := f.replace(listFile, tempDir+"/list", list); err != nil {
		return err
	}
	return f.settle()
}

// close leaves no temporary file.
func (f *folder) close() error {
	return errors.Join(f.g.Wait(), f.root.RemoveAll(tempDir), f.root.Close())
}
