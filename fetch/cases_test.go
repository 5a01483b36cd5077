package fetch

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"rafid"
)

// told is what a case expects of a document: what was read of it, and its stories but for what follows
// from the rest (ids, hashes, times of the pass).
type told struct {
	Read    string      `json:"read"` // format, version, charset
	Repairs []string    `json:"repairs,omitempty"`
	Stories []toldStory `json:"stories"`
}

type toldStory struct {
	Title     string      `json:"title"`
	Link      string      `json:"link,omitempty"`
	URL       string      `json:"url,omitempty"`
	GUID      string      `json:"guid,omitempty"`
	Published string      `json:"published"`
	Author    string      `json:"author,omitempty"`
	Lang      string      `json:"lang"`
	Labels    []string    `json:"labels,omitempty"`
	Image     rafid.Image `json:"image,omitzero"`
	Summary   string      `json:"summary,omitempty"`
	Content   string      `json:"content,omitempty"`
}

func tellCase(doc []byte) (told, error) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	const address = "https://waha.example/feeds/all"
	r, err := read(doc, ParseOptions{URL: address})
	if err != nil {
		return told{}, err
	}
	tl := teller{
		source: rafid.Source{ID: "waha", Country: "SA"}, now: now, base: address,
		dates: r.dater(dater{country: "SA", now: now}), lang: r.language, title: line(r.title),
	}
	out := told{Read: strings.TrimSpace(r.format + " " + r.version), Repairs: r.repairs, Stories: []toldStory{}}
	for _, s := range tl.stories(r) {
		published := s.Published.Format(time.RFC3339)
		if s.Inferred {
			published = "unknown"
		}
		out.Stories = append(out.Stories, toldStory{
			Title: s.Title, Link: s.Link, URL: s.URL, GUID: s.GUID, Published: published, Author: s.Author, Lang: s.Lang,
			Labels: s.Labels, Image: s.Image, Summary: s.Summary, Content: s.Content,
		})
	}
	return out, nil
}

// TestCases compares the stories of invented documents, each with one thing that feeds do. Pairs of files
// name.in and name.want; RAFID_UPDATE=1 writes the second anew.
func TestCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "cases", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := make(map[string]string)
		for _, f := range ar.Files {
			want[f.Name] = string(f.Data)
		}
		fresh := &txtar.Archive{Comment: ar.Comment}
		for _, f := range ar.Files {
			name, ok := strings.CutSuffix(f.Name, ".in")
			if !ok {
				continue
			}
			got := caseJSON(t, f.Data)
			fresh.Files = append(fresh.Files, f, txtar.File{Name: name + ".want", Data: got})
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, func(t *testing.T) {
				if diff := cmp.Diff(want[name+".want"], string(got)); diff != "" && os.Getenv("RAFID_UPDATE") == "" {
					t.Error(diff)
				}
			})
		}
		if os.Getenv("RAFID_UPDATE") != "" {
			if err := os.WriteFile(file, txtar.Format(fresh), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func caseJSON(t *testing.T, doc []byte) []byte {
	t.Helper()
	got, err := tellCase(doc)
	if err != nil {
		return []byte(err.Error() + "\n")
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(got); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
