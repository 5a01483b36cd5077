package output

import (
	"mime"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/idna"
)

// webLink gives the address in the form that every reader takes: http or https, ASCII only, no user name, no
// line break. What is anything else gives "", and the link is left out.
func webLink(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Opaque != "" {
		return ""
	}
	if s := strings.ToLower(u.Scheme); s != "http" && s != "https" {
		return ""
	}
	host := u.Hostname()
	if !isASCII(host) {
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return ""
		}
		if port := u.Port(); port != "" {
			host += ":" + port
		}
		u.Host = host
	}
	if host == "" || strings.ContainsAny(u.Host, " <>\"'\\%") {
		return ""
	}
	u.User = nil
	u.RawQuery = escapeQuery(u.RawQuery)
	return strings.ReplaceAll(u.String(), "'", "%27")
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// escapeQuery percent-encodes what may not stand in a query (RFC 3986 §3.4) and leaves what does.
func escapeQuery(q string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(q) {
		if c := q[i]; c <= ' ' || c >= 0x7F || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// imageType guesses the media type of a picture from its address; most that name none are JPEG.
func imageType(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return "image/jpeg"
	}
	switch ext := strings.ToLower(path.Ext(u.Path)); ext {
	case ".webp":
		return "image/webp"
	case ".avif":
		return "image/avif"
	case ".png", ".gif", ".svg":
		t, _, _ := mime.ParseMediaType(mime.TypeByExtension(ext))
		return t
	}
	return "image/jpeg"
}

// hostOf names a link to people who know no addresses: its host without "www.".
func hostOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// neutral is the authority of ids when the site's address names nobody. RFC 6761 keeps it free for ever.
const neutral = "rafid.invalid"

// tagYear is the date of every tag: URI, when the authority held its name (RFC 4151 §2.1). It belongs to the
// scheme of ids, not to an item, and never changes.
const tagYear = "2026"

// authority gives the DNS name that ids are minted under.
func authority(site string) string {
	u, err := url.Parse(site)
	if err != nil {
		return neutral
	}
	host := strings.ToLower(u.Hostname())
	if a, err := idna.Lookup.ToASCII(host); err == nil {
		host = a
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if !strings.Contains(host, ".") || strings.Contains(host, ":") || strings.Trim(last, "0123456789") == "" {
		return neutral
	}
	return host
}
