// Package opml reads and writes lists of feeds as other programs exchange them.
//
// [Read] takes what real exports look like: folders in folders, outlines without a type, attributes in other
// letter cases, windows-1256, feeds that stand in two folders. It bounds what a hostile file can cost: depth,
// number of feeds, length of a text; entities of the file's own are never expanded. What is no feed is left
// out, not refused. It fetches nothing, and does not look whether an address is fit to be fetched.
package opml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"
)

// The bounds of [Read].
const (
	MaxFeeds = 10_000 // more than any reader's export; 100,000 outlines are an attack or a mistake
	maxDepth = 32     // folders in folders
	maxText  = 1_000  // bytes of a title or a folder's name
	maxURL   = 4_000  // bytes
	maxBytes = 64 << 20
)

// ErrNone says that a document has no feed in it.
var ErrNone = errors.New("no feed in it: want an OPML file with outlines that have an xmlUrl")

// Feed is one feed of a list.
type Feed struct {
	URL     string   // as written, spaces around it cut
	Title   string   // may be empty
	Site    string   // htmlUrl; may be empty
	Folders []string // from the outermost; the first place it stood at, when it stood at several
}

// List is what a file holds.
type List struct {
	Title string
	Feeds []Feed
	Twice int  // outlines whose address was there before
	Cut   bool // there were more than MaxFeeds
}

// Read reads an OPML document. It gives what it has read along with an error, so that a file that is broken at its
// end is not lost.
func Read(r io.Reader) (List, error) {
	d := xml.NewDecoder(io.LimitReader(r, maxBytes))
	d.Strict = false // bare & and unknown entities are common, and stay as they are
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	p := &parser{seen: make(map[string]bool)}
	err := p.read(d)
	switch {
	case err != nil:
		err = fmt.Errorf("opml: %w", err)
	case len(p.list.Feeds) == 0:
		err = fmt.Errorf("opml: %w", ErrNone)
	}
	return p.list, err
}

type parser struct {
	list    List
	seen    map[string]bool
	folders []string // by depth; "" for an outline that is a feed
	inTitle bool
}

func (p *parser) read(d *xml.Decoder) error {
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return fmt.Errorf("elements nested more than %d deep", maxDepth)
			}
			p.open(t)
		case xml.EndElement:
			depth--
			p.close(t)
		case xml.CharData:
			if p.inTitle && len(p.list.Title) < maxText {
				p.list.Title += clip(string(t), maxText)
			}
		}
		if p.list.Cut {
			return nil
		}
	}
}

func (p *parser) open(t xml.StartElement) {
	switch strings.ToLower(t.Name.Local) {
	case "title":
		p.inTitle = p.list.Title == ""
	case "outline":
		p.outline(t)
	}
}

func (p *parser) close(t xml.EndElement) {
	p.inTitle = false
	if strings.EqualFold(t.Name.Local, "outline") && len(p.folders) > 0 {
		p.folders = p.folders[:len(p.folders)-1]
	}
}

func (p *parser) outline(t xml.StartElement) {
	at := make(map[string]string, len(t.Attr))
	for _, a := range t.Attr {
		if name := strings.ToLower(a.Name.Local); at[name] == "" {
			at[name] = strings.TrimSpace(a.Value)
		}
	}
	title := clip(first(at["title"], at["text"]), maxText)
	url := at["xmlurl"]
	if url == "" || len(url) > maxURL {
		p.folders = append(p.folders, title)
		return
	}
	p.folders = append(p.folders, "")
	switch {
	case p.seen[url]:
		p.list.Twice++
	case len(p.list.Feeds) == MaxFeeds:
		p.list.Cut = true
	default:
		p.seen[url] = true
		in := slices.DeleteFunc(slices.Clone(p.folders), func(f string) bool { return f == "" })
		p.list.Feeds = append(p.list.Feeds, Feed{URL: url, Title: title, Site: clip(at["htmlurl"], maxURL), Folders: in})
	}
}

func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// clip cuts s to at most n bytes, at the end of a letter, and makes line ends spaces.
func clip(s string, n int) string {
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return strings.Join(strings.Fields(s), " ")
}

// outline is how a list is written.
type outline struct {
	XMLName  xml.Name  `xml:"outline"`
	Text     string    `xml:"text,attr"`
	Title    string    `xml:"title,attr"`
	Type     string    `xml:"type,attr,omitempty"`
	XMLURL   string    `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string    `xml:"htmlUrl,attr,omitempty"`
	Outlines []outline `xml:",omitempty"`
}

// Write writes the list as OPML 2.0 (http://opml.org/spec2.opml), each feed in a folder of its first Folders name;
// folders in the order in which they first come.
func Write(w io.Writer, l List) error {
	var top []outline
	at := make(map[string]int)
	for _, f := range l.Feeds {
		o := outline{Text: first(f.Title, f.URL), Title: first(f.Title, f.URL), Type: "rss", XMLURL: f.URL, HTMLURL: f.Site}
		if len(f.Folders) == 0 {
			top = append(top, o)
			continue
		}
		i, ok := at[f.Folders[0]]
		if !ok {
			i = len(top)
			at[f.Folders[0]] = i
			top = append(top, outline{Text: f.Folders[0], Title: f.Folders[0]})
		}
		top[i].Outlines = append(top[i].Outlines, o)
	}
	doc := struct {
		XMLName xml.Name  `xml:"opml"`
		Version string    `xml:"version,attr"`
		Title   string    `xml:"head>title"`
		Body    []outline `xml:"body>outline"`
	}{Version: "2.0", Title: l.Title, Body: top}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", " ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("opml: %w", err)
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}
