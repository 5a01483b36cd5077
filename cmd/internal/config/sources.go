package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/language"

	"rafid/arabic"
)

// sources reads the section of that name.
type sources struct {
	*reader
	config *Config
	exact  map[string]used // by address: two enabled sources with the same one are a mistake
	near   map[string]used // by address without scheme, www and final slash: probably one
}

// used remembers where an address was met.
type used struct {
	id   string
	line int
}

func (s *sources) read(n *yaml.Node) {
	s.exact, s.near = map[string]used{}, map[string]used{}
	for _, p := range s.pairs(n, "sources", "duplicate-id") {
		if !s.id(p.key, p.name, "source id") {
			continue
		}
		src, ok := s.source(p)
		if !ok {
			s.refused = append(s.refused, p.name)
			continue
		}
		s.config.Sources = append(s.config.Sources, src)
	}
	s.nameOutlets()
}

// source reads the short form (an address), a list of addresses, or the long form.
func (s *sources) source(p pair) (Source, bool) {
	src := Source{Fetching: s.config.Defaults, Enabled: true, Line: p.key.Line}
	src.ID, src.Name = p.name, p.name
	v := target(p.value)
	switch {
	case isNull(v):
		s.report(p.key, "no-url", "write its address on the same line", "source %q has no address", p.name)
		return src, false
	case v.Kind == yaml.MappingNode:
		ok := s.long(p, &src)
		return src, ok
	}
	ok := s.urls(v, &src) && s.unused(&src, p.value)
	return src, ok
}

// long reads a source in the long form.
func (s *sources) long(p pair, src *Source) bool {
	asked, at := false, p.key
	keys := append(s.sourceKeys(src), key{
		name: "url", about: "Address of the feed, or a list: the first, then what to try when it fails.",
		form: anyOf(urlForm(), listForm(urlForm())),
		read: func(n *yaml.Node) { asked, at = true, n; s.urls(n, src) },
	})
	before, referred := len(s.problems), len(s.variables)
	s.mapping(p.value, "source "+p.name, keys)
	if !src.Enabled {
		s.variables = s.variables[:referred] // nobody asks for them
	}
	if !asked && !s.spoiled(before) {
		s.report(p.key, "no-url", "add url: below it", "source %q has no address", p.name)
	}
	return src.URL != "" && s.unused(src, at)
}

// spoiled says that a problem since the given one may have hidden a key.
func (s *sources) spoiled(before int) bool {
	for _, p := range s.problems[before:] {
		switch p.Code {
		case "unknown-key", "no-value", "type", "space", "dash":
			return true
		}
	}
	return s.damaged
}

func (s *sources) sourceKeys(src *Source) []key {
	return append(s.fetchKeys(&src.Fetching), []key{
		{"name", "The outlet's name as readers see it; feeds with one name are one outlet.", textForm(), func(n *yaml.Node) {
			if v, ok := s.label(n, "name"); ok {
				src.Name, src.Named = v, true
			}
		}, false},
		{"category", "Everything in this feed belongs to it: a slug of categories.", idForm(),
			func(n *yaml.Node) { s.category(n, &src.Category) }, false},
		{"country", "ISO 3166 code, as in SA; gives dates without a zone theirs.", form{"type": "string", "pattern": "^[A-Z]{2}$"},
			func(n *yaml.Node) { s.country(n, &src.Country) }, false},
		{"enabled", "false keeps the source in the file without fetching it.", boolForm(),
			func(n *yaml.Node) { s.flag(n, "enabled", &src.Enabled) }, false},
		{"content", "The most text of it that its licence lets you publish.", choiceForm(contentNames()),
			func(n *yaml.Node) { s.word(n, "content", contentNames(), &src.Content) }, false},
		{"headers", "Sent along to the source's own hosts; a value may hold ${NAME}.", form{"type": "object", "additionalProperties": textForm()},
			func(n *yaml.Node) { s.headers(n, src) }, true},
		{"auth", "Proves who asks: user and password, or token; each may be ${NAME}.", objectForm(s.authKeys(&src.Auth)),
			func(n *yaml.Node) { s.auth(n, src) }, false},
	}...)
}

// form describes the section for the schema.
func (s *sources) form() form {
	long := objectForm(append(s.sourceKeys(&Source{}), key{
		name: "url", about: "Address of the feed, or a list: the first, then what to try when it fails.",
		form: anyOf(urlForm(), listForm(urlForm())),
	}), "url")
	return namedForm(anyOf(urlForm(), listForm(urlForm()), long))
}

// urls reads one address or several into src.
func (s *sources) urls(n *yaml.Node, src *Source) bool {
	t := target(n)
	nodes := []*yaml.Node{n}
	if t.Kind == yaml.SequenceNode {
		nodes = s.items(t, "url")
	}
	for _, n := range nodes {
		if u, ok := s.address(n, "the address"); ok {
			src.URLs = append(src.URLs, u)
		}
	}
	if len(src.URLs) == 0 {
		if t.Kind == yaml.SequenceNode && len(nodes) == 0 {
			s.report(n, "no-url", "write at least one address", "the list of addresses is empty")
		}
		return false
	}
	src.URL = src.URLs[0]
	return true
}

// unused reports an address that another enabled source fetches too. It never costs the source itself.
func (s *sources) unused(src *Source, at *yaml.Node) bool {
	if !src.Enabled {
		return true
	}
	for i, address := range src.URLs {
		n := at
		if t := target(at); t.Kind == yaml.SequenceNode && i < len(t.Content) {
			n = t.Content[i]
		}
		if !src.AllowPrivate && isPrivate(address) {
			s.warn(n, "private", "if it is meant, add allow_private: true to the source",
				"source %q is on this machine or an intranet, and will be refused", src.ID)
		}
		same, alike := canonical(address)
		if first, taken := s.exact[same]; taken {
			s.report(n, "duplicate-url", "delete one of the two, or set enabled: false",
				"source %q at line %d has the same address", first.id, first.line)
			continue
		}
		if first, taken := s.near[alike]; taken {
			s.warn(n, "similar-url", "if both answer with the same items, delete one",
				"source %q at line %d has nearly the same address", first.id, first.line)
		}
		here := used{src.ID, n.Line}
		s.exact[same], s.near[alike] = here, here
	}
	return true
}

// isPrivate says that an address names, without any look-up, a place that the fetcher refuses.
func isPrivate(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsUnspecified() || ip.IsLinkLocalUnicast() || ip.IsMulticast()
	}
	name := host[strings.LastIndexByte(host, '.')+1:]
	return name == "localhost" || name == "local" || name == "internal" || name == "lan" || reOddIP.MatchString(host)
}

// reOddIP is an IPv4 address in one of the notations that some resolvers take: 2130706433, 0x7f.1, 127.1.
var reOddIP = regexp.MustCompile(`^(0x[0-9a-f]+|[0-9]+)(\.(0x[0-9a-f]+|[0-9]+))*$`)

// canonical gives the forms of an address by which it is compared: what is certainly the same document,
// and what very probably is.
func canonical(address string) (same, alike string) {
	u, err := url.Parse(address)
	if err != nil {
		return address, address
	}
	host := strings.TrimSuffix(strings.ToLower(u.Host), ":"+map[string]string{"http": "80", "https": "443"}[u.Scheme])
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	rest := path
	if u.RawQuery != "" {
		rest += "?" + u.RawQuery
	}
	return u.Scheme + "://" + host + rest, strings.TrimPrefix(host, "www.") + strings.TrimRight(rest, "/")
}

// nameOutlets gives all sources of one name one outlet: the id of the first of them.
func (s *sources) nameOutlets() {
	first := map[string]string{}
	for i := range s.config.Sources {
		src := &s.config.Sources[i]
		name := arabic.FoldKey(src.Name)
		if first[name] == "" {
			first[name] = src.ID
		}
		src.Outlet = first[name]
	}
}

var reLimit = regexp.MustCompile(`^([0-9]+)\s*/\s*([^\s]+)$`)

func limitForm() form {
	return form{"type": "string", "pattern": "^[0-9]+ */ *[^ ]+$", "examples": []string{"200/day", "50/hour"}}
}

// limit reads 200/day.
func (r *reader) limit(n *yaml.Node, l *Limit) {
	v, ok := r.digits(n, "limit")
	if !ok {
		return
	}
	m := reLimit.FindStringSubmatch(v)
	if m == nil {
		r.report(n, "limit", "write a number, a slash and a time: 200/day", "%q is no limit", visible(v))
		return
	}
	count, err := strconv.Atoi(m[1])
	per := limitUnit(m[2])
	switch {
	case per == 0:
		r.report(n, "limit", didYouMean(m[2], []string{"hour", "day", "week"}), "a limit cannot be per %q", visible(m[2]))
	case err != nil || count < 1 || count > 1_000_000:
		r.report(n, "range", "from 1 to 1000000; without a limit delete the line", "limit cannot be %s", m[1])
	default:
		*l = Limit{N: count, Per: per}
	}
}

func limitUnit(word string) time.Duration {
	switch word {
	case "hour", "h":
		return time.Hour
	case "day", "d":
		return 24 * time.Hour
	case "week", "w":
		return 7 * 24 * time.Hour
	}
	if d, err := ParseDuration(word); err == nil && d > 0 {
		return d
	}
	return 0
}

// country reads an ISO 3166 code.
func (r *reader) country(n *yaml.Node, code *string) {
	v, ok := r.exact(n, "country")
	if !ok {
		return
	}
	region, err := language.ParseRegion(v)
	if err != nil || !region.IsCountry() || len(region.String()) != 2 || len(v) > 3 {
		r.report(n, "country", "write the two letters of ISO 3166: SA, EG, MA …", "%q is no country code", visible(v))
		return
	}
	if region.String() != v {
		r.report(n, "country", fmt.Sprintf("write %s", region), "a country is two capital letters, not %q", visible(v))
		return
	}
	*code = v
}

// charset checks a name of an encoding and keeps its usual form.
func (r *reader) charset(n *yaml.Node, name *string) {
	v, ok := r.exact(n, "charset")
	if !ok {
		return
	}
	enc, usual := charset.Lookup(v)
	if enc == nil || usual == "replacement" {
		r.report(n, "charset", didYouMean(v, []string{"windows-1256", "iso-8859-6", "utf-8", "utf-16le", "utf-16be", "windows-1252"}),
			"no encoding is called %q", visible(v))
		return
	}
	*name = usual
}
