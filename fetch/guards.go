package fetch

import (
	"errors"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"rafid"
	"rafid/arabic"
)

// ErrHijacked is what the document of a hijacked source is refused with.
var ErrHijacked = errors.New("the feed's title, site and language changed all at once: someone else's?")

// taken says that a document is not the known source's any more.
func taken(last rafid.SourceState, title, home string, r *reading) bool {
	if last.Title == "" || last.Home == "" || title == "" || home == "" || last.LastOK.IsZero() {
		return false
	}
	if arabic.FoldKey(last.Title) == arabic.FoldKey(title) || site(last.Home) == site(home) {
		return false
	}
	before, _ := arabic.Share(last.Title)
	after, _ := arabic.Share(title)
	named := strings.ToLower(strings.TrimSpace(r.language))
	foreign := named != "" && !strings.HasPrefix(named, "ar")
	return before > 0.5 && after < 0.5 && (foreign || !mostlyArabic(r))
}

// mostlyArabic looks at the titles of the items; a feed without letters passes.
func mostlyArabic(r *reading) bool {
	var s strings.Builder
	for i := range r.items {
		s.WriteString(r.items[i].title.value)
		s.WriteByte(' ')
	}
	share, letters := arabic.Share(s.String())
	return letters == 0 || share > 0.3
}

// site is the part of an address that one owner holds.
func site(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	host := strings.ToLower(u.Hostname())
	if own, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return own
	}
	return host
}
