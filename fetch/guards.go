package fetch

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

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

// wish is how long the origin asks not to be asked again after a success: the longest of max-age and
// <ttl>, at most a day.
func wish(cacheControl, ttl string) time.Duration {
	longest := time.Duration(0)
	for part := range strings.SplitSeq(strings.ToLower(cacheControl), ",") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(part), "max-age="); ok {
			if n, err := strconv.ParseInt(strings.Trim(v, `"`), 10, 32); err == nil {
				longest = max(longest, time.Duration(n)*time.Second)
			}
		}
	}
	if n, err := strconv.ParseInt(strings.TrimSpace(ttl), 10, 32); err == nil {
		longest = max(longest, time.Duration(n)*time.Minute)
	}
	return min(longest, maxRetryAfter)
}
