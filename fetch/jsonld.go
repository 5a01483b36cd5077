package fetch

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// maxLinkedData bounds a script of linked data; articles' have a few kilobytes.
const maxLinkedData = 256 << 10

// linked reads a script of linked data (JSON-LD with the words of schema.org): of its objects, the first
// that is an article. Only what the head has not told yet is taken.
func (h *pageHead) linked(script string) {
	if len(script) > maxLinkedData {
		return
	}
	var all any
	if json.Unmarshal([]byte(strings.TrimSpace(script)), &all) != nil {
		return
	}
	a := articleIn(all, 0)
	if a == nil {
		return
	}
	h.headline = cmp.Or(h.headline, word(a["headline"]))
	h.published = cmp.Or(h.published, word(a["datePublished"]))
	h.section = cmp.Or(h.section, word(a["articleSection"]))
	h.image = cmp.Or(h.image, word(a["image"], "url", "contentUrl", "@id"))
	if who := word(a["author"], "name"); !strings.Contains(who, "://") {
		h.author = cmp.Or(h.author, who)
	}
}

// articleTypes are the types of schema.org that a news article goes by.
var articleTypes = []string{"NewsArticle", "Article", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "BlogPosting", "LiveBlogPosting"}

// articleIn finds the first article in linked data: the object itself, in a list, or in an @graph.
func articleIn(v any, depth int) map[string]any {
	const deep = 4
	switch v := v.(type) {
	case map[string]any:
		if typed(v["@type"]) {
			return v
		}
		if depth < deep {
			return articleIn(v["@graph"], depth+1)
		}
	case []any:
		for _, one := range v {
			if depth >= deep {
				break
			}
			if a := articleIn(one, depth+1); a != nil {
				return a
			}
		}
	}
	return nil
}

func typed(t any) bool {
	switch t := t.(type) {
	case string:
		return slices.Contains(articleTypes, t)
	case []any:
		return slices.ContainsFunc(t, typed)
	}
	return false
}

// word is a value as text: a string, the first of a list, or that of an object's fields.
func word(v any, fields ...string) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		if len(v) > 0 {
			return word(v[0], fields...)
		}
	case map[string]any:
		for _, f := range fields {
			if s, ok := v[f].(string); ok && s != "" {
				return strings.TrimSpace(s)
			}
		}
	}
	return ""
}
