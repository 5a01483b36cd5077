package fetch

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
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

// webAddress is an address that a reader may follow, written so that it can stand in an attribute or a
// header: no blanks, quotes, brackets or line ends, and no password. It is empty for other kinds of
// addresses.
func webAddress(base, ref string) string {
	if strings.ContainsAny(ref, "\t\r\n") {
		ref = strings.Join(strings.FieldsFunc(ref, func(r rune) bool { return r == '\t' || r == '\r' || r == '\n' }), "")
	}
	u := link(base, ref)
	if !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") {
		return ""
	}
	authority := u[strings.Index(u, "//")+2:]
	authority = authority[:len(authority)-len(strings.TrimLeftFunc(authority, func(r rune) bool { return !strings.ContainsRune("/?#", r) }))]
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		u = strings.Replace(u, authority[:at+1], "", 1)
	}
	if strings.IndexFunc(u, unfit) < 0 {
		return u
	}
	var out strings.Builder
	for _, r := range u {
		if unfit(r) {
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&out, "%%%02X", c)
			}
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// unfit are the characters that no address holds as they are (RFC 3986, section 2), and those that show
// nothing or turn what is read around. Letters of all scripts are fit: readers see them.
func unfit(r rune) bool {
	return r <= ' ' || r == 0x7F || strings.ContainsRune("\"<>`\\{}|^", r) || r >= 0x80 && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsPunct(r) && !unicode.IsSymbol(r) && !unicode.IsMark(r)
}
