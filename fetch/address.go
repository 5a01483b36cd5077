package fetch

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"unicode"
)

// against resolves a relative address; what cannot be resolved comes back as it is.
func against(base, ref string) string {
	ref = strings.TrimSpace(ref)
	if rest, ok := strings.CutPrefix(ref, "http:///"); ok { // a slash too many: no site has an empty name
		ref = "http://" + rest
	}
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

// below resolves an xml:base against the one around it, which may be relative itself: then both are, until
// the address of the document is known.
func below(base, ref string) string {
	ref = strings.TrimSpace(ref)
	if base == "" || absolute(ref) || absolute(base) || strings.HasPrefix(ref, "/") {
		return against(base, ref)
	}
	return base[:strings.LastIndexByte(base, '/')+1] + ref
}

// absolute says that ref begins with a scheme.
func absolute(ref string) bool {
	n := strings.IndexAny(ref, ":/?#")
	return n > 0 && ref[n] == ':'
}

// written is an address as its writer meant it: references decoded where they end in a semicolon («&copy=»
// is a parameter), marks of direction and order around it left out, a scheme put before «www.».
func written(ref string) string {
	ref = strings.TrimFunc(references(ref), func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
	if len(ref) > 4 && strings.EqualFold(ref[:4], "www.") {
		return "https://" + ref
	}
	return ref
}

// invisible are the marks that texts bring along and no address is meant to have.
func invisible(r rune) bool {
	return r == 0x200B || r == 0x200E || r == 0x200F || r == 0xFEFF || r == 0x061C || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// references decodes the references of an attribute that holds an address.
func references(s string) string {
	if !strings.ContainsRune(s, '&') {
		return s
	}
	var out strings.Builder
	for {
		n := strings.IndexByte(s, '&')
		if n < 0 {
			break
		}
		out.WriteString(s[:n])
		s = s[n:]
		end := strings.IndexByte(s[:min(len(s), 34)], ';')
		if whole := end > 0 && (named([]byte(s[:end+1])) || strings.HasPrefix(s, "&#")); !whole {
			out.WriteByte('&')
			s = s[1:]
			continue
		}
		out.WriteString(html.UnescapeString(s[:end+1]))
		s = s[end+1:]
	}
	out.WriteString(s)
	return out.String()
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
