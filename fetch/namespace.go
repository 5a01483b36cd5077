package fetch

import (
	"bytes"
	"maps"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
)

// The namespaces of Atom, of now and of the draft that the first feeds were made after.
const (
	atomSpace  = "http://www.w3.org/2005/Atom"
	draftSpace = "http://purl.org/atom/ns#"
)

// vocabularies are namespaces as gofeed knows them, by what their variants have in common: see plainSpace. Under
// another name it would take the prefix for the name of the vocabulary, and prefixes are anyone's choice.
var vocabularies = map[string]string{
	"www.w3.org/2005/atom":                   atomSpace,
	"purl.org/atom/ns":                       draftSpace,
	"www.itunes.com/dtds/podcast-1.0.dtd":    "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
	"purl.org/dc/elements/1.0":               "http://purl.org/dc/elements/1.1/",
	"purl.org/dc/elements/1.1":               "http://purl.org/dc/elements/1.1/",
	"purl.org/dc/terms":                      "http://purl.org/dc/terms/",
	"purl.org/rss/1.0/modules/content":       "http://purl.org/rss/1.0/modules/content/",
	"search.yahoo.com/mrss":                  "http://search.yahoo.com/mrss/",
	"video.search.yahoo.com/mrss":            "http://search.yahoo.com/mrss/",
	"search.yahoo.com/rss":                   "http://search.yahoo.com/mrss/",
	"www.rssboard.org/media-rss":             "http://search.yahoo.com/mrss/",
	"rssnamespace.org/feedburner/ext/1.0":    "http://rssnamespace.org/feedburner/ext/1.0",
	"purl.org/rss/1.0/modules/slash":         "http://purl.org/rss/1.0/modules/slash/",
	"purl.org/rss/1.0":                       "http://purl.org/rss/1.0/",
	"www.w3.org/1999/02/22-rdf-syntax-ns":    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
	"my.netscape.com/rdf/simple/0.9":         "http://my.netscape.com/rdf/simple/0.9/",
	"channel.netscape.com/rdf/simple/0.9":    "http://channel.netscape.com/rdf/simple/0.9/",
	"www.georss.org/georss":                  "http://www.georss.org/georss",
	"purl.org/rss/1.0/modules/syndication":   "http://purl.org/rss/1.0/modules/syndication/",
	"wellformedweb.org/commentapi":           "http://wellformedweb.org/commentAPI/",
	"podlove.org/simple-chapters":            "http://podlove.org/simple-chapters",
	"backend.userland.com/blogchannelmodule": "http://backend.userland.com/blogChannelModule",
}

// plainSpace is a namespace without what careless hands change about it: scheme, case, marks at the end.
func plainSpace(uri string) string {
	uri = strings.TrimRight(strings.ToLower(strings.TrimSpace(uri)), "/#")
	return strings.TrimPrefix(strings.TrimPrefix(uri, "https://"), "http://")
}

// namespaced gives the namespaces that the root declares the names that gofeed knows. The default one of an
// Atom document that is nobody's becomes that of Atom 1.0: gofeed would take every element for an extension.
func namespaced(doc []byte, isAtom bool) []byte {
	m, ok := next(doc, 0)
	if !ok || m.kind != open {
		return doc
	}
	head, changed := bytes.Clone(doc[:m.end]), false
	attributes(m.attrs, func(name, value []byte) {
		bound := equal(name, "xmlns")
		if !bound && !bytes.HasPrefix(name, []byte("xmlns:")) || len(value) == 0 {
			return
		}
		to := vocabularies[plainSpace(string(value))]
		if isAtom && bound && to != draftSpace && !bytes.Contains(m.name, []byte(":")) {
			to = atomSpace
		}
		if to != "" && to != string(value) {
			head, changed = rebound(head, name, value, to), true
		}
	})
	if !changed {
		return doc
	}
	return append(head, doc[m.end:]...)
}

// rebound writes another value for one attribute of a tag.
func rebound(tag, name, value []byte, to string) []byte {
	for _, quote := range []string{`"`, `'`} {
		for _, equals := range []string{"=", " = ", "= ", " ="} {
			is := string(name) + equals + quote + string(value) + quote
			if at := bytes.Index(tag, []byte(is)); at >= 0 {
				return append(append(bytes.Clone(tag[:at]), string(name)+`="`+to+`"`...), tag[at+len(is):]...)
			}
		}
	}
	return tag
}

// draftNames are the elements of Atom 0.3 that have another name in 1.0.
var draftNames = map[string]string{"tagline": "subtitle", "issued": "published", "created": "published", "modified": "updated", "copyright": "rights", "url": "uri"}

// atomIn gives the elements of Atom in a document of another format, of either version, by their names in 1.0.
func atomIn(e ext.Extensions) map[string][]ext.Extension {
	draft := e["atom03"]
	if draft == nil {
		return e["atom"]
	}
	all := make(map[string][]ext.Extension, len(draft))
	maps.Copy(all, e["atom"])
	for name, es := range draft {
		if newer, ok := draftNames[name]; ok {
			name = newer
		}
		all[name] = append(all[name], es...)
	}
	return all
}

// atomCategories reads atom:category.
func atomCategories(es []ext.Extension) []Category {
	var out []Category
	for _, c := range es {
		out = append(out, Category{Term: c.Attrs["term"], Scheme: c.Attrs["scheme"], Label: c.Attrs["label"]})
	}
	return out
}
