package fetch

import (
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/purell"
)

// canonicalFlags are the normalisations of RFC 3986, section 6, that keep what an address means, and
// those that news sites' own addresses allow: order of parameters, doubled slashes.
const canonicalFlags = purell.FlagsSafe | purell.FlagRemoveDotSegments | purell.FlagRemoveFragment |
	purell.FlagRemoveDuplicateSlashes | purell.FlagSortQuery

// tracking are parameters that say where a reader came from, not what is read. Exact names, and
// prefixes that end in _.
var tracking = map[string]bool{
	"fbclid": true, "gclid": true, "dclid": true, "gclsrc": true, "gbraid": true, "wbraid": true, "msclkid": true, "yclid": true, "twclid": true, "igshid": true, "igsh": true, "ttclid": true, "li_fat_id": true,
	"mc_cid": true, "mc_eid": true, "mkt_tok": true, "_hsenc": true, "_hsmi": true, "vero_id": true, "oly_anon_id": true, "oly_enc_id": true, "wickedid": true, "s_cid": true, "cmpid": true, "cmp": true, "ncid": true, "sr_share": true, "ito": true, "ocid": true, "smid": true, "xtor": true, "rss": true,
	"at_medium": true, "at_campaign": true, "at_custom1": true, "at_custom2": true, "at_custom3": true, "at_custom4": true, "at_creation": true, "at_link_id": true, "at_link_type": true, "at_link_origin": true, "at_bbc_team": true, "at_format": true, "at_ptr_name": true, "at_campaign_type": true,
	"maca": true, "traffic_source": true, "source": true, "ref": true, "ref_src": true, "ref_url": true, "referrer": true, "campaign": true, "share": true, "shared": true, "amp": true, "outputtype": true, "_ga": true, "_gl": true, "spm": true, "feature": true, "guccounter": true, "hss_channel": true, "trk": true, "fb_ref": true, "fb_source": true,
}

// canonical is the form of an address that two links to one article share: for comparing only, never to
// be fetched. What is no web address has none. canonical(canonical(s)) == canonical(s).
func canonical(address string) string {
	s := normal(strings.TrimSpace(address))
	for range 4 { // what one step takes off may bare what another takes off
		again := normal(s)
		if again == s {
			return s
		}
		s = again
	}
	return ""
}

func normal(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	u.Scheme, u.User = "https", nil
	u.Host = bareHost(strings.TrimSuffix(strings.TrimSuffix(u.Host, ":443"), ":80"))
	if u.Hostname() == "" {
		return ""
	}
	u.RawQuery = telling(u.RawQuery)
	s := purell.NormalizeURL(u, canonicalFlags)
	s = strings.TrimSuffix(strings.TrimSuffix(s, "/amp/"), "/amp")
	return strings.TrimRight(s, "/? ")
}

// bareHost drops the part of a host that names an edition of the same page.
func bareHost(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, p := range []string{"www.", "m.", "amp.", "mobile."} {
		if rest, ok := strings.CutPrefix(host, p); ok && strings.Contains(rest, ".") {
			return rest
		}
	}
	return host
}

// telling drops the parameters that track. It works on the raw query: what cannot be decoded stays.
func telling(query string) string {
	if query == "" {
		return ""
	}
	parts := strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' })
	parts = slices.DeleteFunc(parts, func(p string) bool {
		key, _, _ := strings.Cut(p, "=")
		key = strings.ToLower(key)
		return tracking[key] || strings.HasPrefix(key, "utm_") || strings.HasPrefix(key, "pk_") || strings.HasPrefix(key, "mtm_") || strings.HasPrefix(key, "wt_")
	})
	return strings.Join(parts, "&")
}
