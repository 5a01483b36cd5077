package output

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rafid"
)

// tree gives the files of a folder with their contents.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		files[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestWriteDir(t *testing.T) {
	t.Parallel()
	s, dir := world(), t.TempDir()
	p := publisher(t, worldOptions(), s)
	first, err := p.WriteDir(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	files := tree(t, dir)
	if first.Files != len(files)-1 || first.Kept != 0 || first.Removed != 0 { // less the list of files
		t.Errorf("%+v of %d files", first, len(files))
	}
	for _, name := range []string{"index.html", "c/sport/index.html", "s/g1port/index.html", "s/g1port.atom", "feeds/all.atom",
		"feeds/source-ntv.json", "feeds/top.opml", "opml.xml", "style.css", "404.html", "status/index.html", "robots.txt"} {
		if files[name] == "" {
			t.Errorf("no %s", name)
		}
	}
	if want := string(rendered(t, p, "all", RSS)); files["feeds/all.rss"] != want {
		t.Error("the file is not what is served")
	}
	if strings.Contains(files["index.html"], "قبل 5 دقائق") {
		t.Error("a file tells a time that will not stay true")
	}

	// Another process, later, with sources that were asked again and had nothing new.
	for i := range s.states {
		s.states[i].LastFetch, s.states[i].Took = noon.Add(time.Hour), time.Second
	}
	o := worldOptions()
	o.Now = func() time.Time { return noon.Add(24 * time.Hour) }
	again, err := publisher(t, o, s).WriteDir(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if again.Files != 0 || again.Removed != 0 {
		t.Errorf("nothing new wrote %+v: %s", again, cmp.Diff(files, tree(t, dir)))
	}
}

func TestWriteDirLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	s, dir := world(), t.TempDir()
	o := worldOptions()
	o.Channels = o.Channels[1:2] // only the widest: what the pages list is in no channel
	if _, err := publisher(t, o, s).WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	files := tree(t, dir)
	links := regexp.MustCompile(`(?:href|src)="([^"#?]*)`)
	for name, text := range files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, m := range links.FindAllStringSubmatch(text, -1) {
			if m[1] == "" || strings.Contains(m[1], ":") {
				continue
			}
			target := filepath.ToSlash(filepath.Join(filepath.Dir(name), m[1]))
			if _, ok := files[target]; !ok {
				t.Errorf("%s leads to %s, which is not there", name, target)
			}
		}
	}
}

func TestWriteDirRemovesOnlyItsOwn(t *testing.T) {
	t.Parallel()
	s, dir := world(), t.TempDir()
	if _, err := publisher(t, worldOptions(), s).WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"CNAME", "feeds/mine.txt", tempDir + "/17"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s.remove("g4chip") // withdrawn
	o := worldOptions()
	o.Channels = slices.DeleteFunc(o.Channels, func(c rafid.Channel) bool { return c.Name == "sport" || c.Name == "all" })
	w, err := publisher(t, o, s).WriteDir(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	files := tree(t, dir)
	for name, there := range map[string]bool{
		"CNAME": true, "feeds/mine.txt": true, tempDir + "/17": false,
		"feeds/sport.atom": false, "feeds/all.json": false, "s/g4chip/index.html": false, "s/g4chip.atom": false,
		"s/g3match/index.html": true, "s/g1port.atom": true,
	} {
		if _, ok := files[name]; ok != there {
			t.Errorf("%s there: %v, want %v", name, ok, there)
		}
	}
	if w.Removed != 10 {
		t.Errorf("removed %d files, want two channels of four and a story of two", w.Removed)
	}
	if _, err := os.Stat(filepath.Join(dir, "s/g4chip")); err == nil {
		t.Error("an empty folder is left")
	}
}

func TestWriteDirStaysInside(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "feeds")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if _, err := publisher(t, worldOptions(), world()).WriteDir(t.Context(), dir); err == nil {
		t.Error("wrote through a link that leads outside")
	}
	if files := tree(t, outside); len(files) > 0 {
		t.Errorf("wrote outside: %d files", len(files))
	}
}

func TestWriteDirFailures(t *testing.T) {
	t.Parallel()
	s := world()
	p := publisher(t, worldOptions(), s)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := p.WriteDir(t.Context(), file); err == nil {
		t.Error("a file for a folder")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.WriteDir(ctx, t.TempDir()); err == nil {
		t.Error("went on when told to stop")
	}
	s.fail(errStore)
	if _, err := p.WriteDir(t.Context(), t.TempDir()); err == nil {
		t.Error("nothing said of a failing store")
	}
}

// TestUpdatedFolderIsAsIfWrittenAnew shows that writing what changed comes to the same as writing everything,
// and touches nothing else.
func TestUpdatedFolderIsAsIfWrittenAnew(t *testing.T) {
	t.Parallel()
	s, dir := world(), t.TempDir()
	for i := range 50 { // so that there is something to leave alone
		s.set(group(fmt.Sprintf("old%02d", i), "politics", told{"bahr", time.Duration(30+i) * time.Hour, fmt.Sprintf("خبر قديم رقم %d", i), ""}))
	}
	o := worldOptions()
	o.Precompress = true
	o.Channels = append(o.Channels, rafid.Channel{Name: "ports", Query: rafid.Query{Words: []string{"ميناء"}}})
	p := publisher(t, o, s)
	if _, err := p.WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	later := group("g9later", "economy", told{"ntv", time.Minute, "الميناء يعود إلى العمل", "عادت الرافعة."})
	later.Group.Thread = "g2crane"
	grown := s.entries[2]
	grown.Stories = append(slices.Clone(grown.Stories), later.Stories[0])
	grown.Stories[2].ID = "g3match2"
	grown.Group.Members = append(slices.Clone(grown.Group.Members), rafid.Member{Story: "g3match2", Relation: rafid.Same, Joined: noon})
	moved := rafid.Entry{Group: rafid.Group{ID: "g4chip", Into: "g5english", Published: noon.Add(-26 * time.Hour)}}
	for _, changed := range [][]rafid.Entry{{later}, {grown, moved}} {
		for _, e := range changed {
			s.set(e)
		}
		if err := p.Publish(t.Context(), changed); err != nil {
			t.Fatal(err)
		}
		before := modified(t, dir)
		w, err := p.UpdateDir(t.Context(), dir, changed)
		if err != nil {
			t.Fatal(err)
		}
		fresh := t.TempDir()
		if _, err := publisher(t, o, s).WriteDir(t.Context(), fresh); err != nil {
			t.Fatal(err)
		}
		want, got := tree(t, fresh), tree(t, dir)
		for _, files := range []map[string]string{want, got} {
			delete(files, ".rafid-files")
			delete(files, "s/g4chip/index.html") // a folder that never had the story has no page that leads on
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
			t.Fatalf("names (-anew +updated):\n%s", diff)
		}
		for name := range want {
			if want[name] != got[name] {
				t.Errorf("%s differs", name)
			}
		}
		touched := 0
		for name, at := range modified(t, dir) {
			if at != before[name] {
				touched++
			}
		}
		if touched > w.Files+1 || touched > len(got)/2 {
			t.Errorf("%d of %d files touched, %+v", touched, len(got), w)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "s", "g4chip.atom")); err == nil {
		t.Error("the feed of a story that moved is still there")
	}
}

// modified gives when the files of a folder were last written.
func modified(t *testing.T, dir string) map[string]time.Time {
	t.Helper()
	out := make(map[string]time.Time)
	for name := range tree(t, dir) {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = info.ModTime()
	}
	return out
}

func TestPackedFiles(t *testing.T) {
	t.Parallel()
	o, dir := worldOptions(), t.TempDir()
	o.Precompress = true
	s := world()
	p := publisher(t, o, s)
	if _, err := p.WriteDir(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	packed := 0
	files := tree(t, dir)
	for name, text := range files {
		for suffix, coding := range map[string]string{".gz": "gzip", ".br": "br"} {
			if plain, ok := strings.CutSuffix(name, suffix); ok {
				packed++
				if unpack(t, coding, strings.NewReader(text)) != files[plain] || len(text) >= len(files[plain]) {
					t.Errorf("%s is not %s, or no smaller", name, plain)
				}
			}
		}
		if strings.Contains(name, ".woff2.") || strings.Contains(name, ".png.") {
			t.Errorf("%s is packed twice", name)
		}
	}
	if packed < 40 || files["feeds/all.atom.gz"] == "" || files["index.html.br"] == "" || files["robots.txt.gz"] != "" {
		t.Errorf("%d packed files", packed)
	}
	if w, err := p.WriteDir(t.Context(), dir); err != nil || w.Files != 0 {
		t.Errorf("nothing new wrote %+v, %v", w, err)
	}
	o.Precompress = false
	if w, err := publisher(t, o, s).WriteDir(t.Context(), dir); err != nil || w.Removed != packed {
		t.Errorf("packed files that nobody wants any more: %+v, %v", w, err)
	}
}
