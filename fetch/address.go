package fetch

import (
	"net/url"
	"strings"
)

// against resolves a relative address; what cannot be resolved comes back as it is.
func against(base, ref string) string {
	ref = strings.TrimSpace(ref)
	if base == "" || ref == "" || absolute(ref) {
		return ref
	}
	b, err := url.Parse(strings.TrimSpace(base))
	if err != nil || b.Scheme == "" {
		return ref
	}
	r, err := url.Parse(ref)
	if err != nil {
		return ref
	}
	return b.ResolveReference(r).String()
}

// absolute says that ref begins with a scheme.
func absolute(ref string) bool {
	n := strings.IndexAny(ref, ":/?#")
	return n > 0 && ref[n] == ':'
}
