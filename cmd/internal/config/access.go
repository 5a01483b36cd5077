package config

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// userAgent reads a name of one line.
func (r *reader) userAgent(n *yaml.Node, f *Fetching) {
	v, ok := r.exact(n, "user_agent")
	if !ok {
		return
	}
	if strings.ContainsFunc(v, unicode.IsControl) {
		r.report(n, "header", "write it on one line", "user_agent goes over several lines")
		return
	}
	f.UserAgent = v
}

// proxy reads an address, or none, which undoes a default.
func (r *reader) proxy(n *yaml.Node, f *Fetching) {
	v, ok := r.secret(n, "proxy")
	switch {
	case !ok:
		return
	case v == "none":
		f.Proxy = ""
		return
	case reVariable.ReplaceAllString(string(v), "") == "":
		f.Proxy = v
		return
	}
	const fix = "write http://HOST:PORT, https://… or socks5://…; a password in it as ${NAME}"
	u, err := url.Parse(reVariable.ReplaceAllString(string(v), "1"))
	switch {
	case err != nil || u.Hostname() == "":
		r.report(n, "url", fix, "the proxy is no address")
	case u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" && u.Scheme != "socks5h":
		r.report(n, "url", fix, "a proxy is reached by http, https or socks5")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		r.report(n, "url", fix, "a proxy's address ends behind its port")
	default:
		r.openPassword(n, v, u)
		f.Proxy = v
	}
}

// openPassword warns of a password that stands in a proxy's address itself.
func (r *reader) openPassword(n *yaml.Node, v Secret, filled *url.URL) {
	password, has := filled.User.Password()
	if has && strings.Contains(string(v), ":"+password+"@") {
		r.warn(n, "secret", "write ${NAME} in its place, and set NAME in the environment", "the proxy's password stands in the file for all to read")
	}
}

// reHeader is a name of RFC 9110, section 5.1.
var reHeader = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// headers reads names and values that are sent along.
func (r *reader) headers(n *yaml.Node, src *Source) {
	src.Headers = map[string]Secret{}
	for _, p := range r.pairs(n, "headers", "duplicate-key") {
		name := http.CanonicalHeaderKey(p.name)
		_, twice := src.Headers[name]
		switch {
		case !reHeader.MatchString(p.name):
			r.report(p.key, "header", "a name is of Latin letters, digits and -", "%q is no name of a header", visible(p.name))
			continue
		case ownHeader(name) != "":
			r.report(p.key, "header", ownHeader(name), "the program sends %s itself", name)
			continue
		case twice:
			r.report(p.key, "duplicate-key", "delete one of the two", "%s is there twice", name)
			continue
		}
		value := r.headerValue(p.value, name)
		if value != "" {
			src.Headers[name] = value
		}
	}
}

func (r *reader) headerValue(n *yaml.Node, name string) Secret {
	what := "the header " + name
	if name == "Authorization" || name == "Cookie" || name == "Proxy-Authorization" {
		return r.password(n, what)
	}
	v, _ := r.secret(n, what)
	if strings.ContainsFunc(string(v), unicode.IsControl) {
		r.report(n, "header", "write it on one line", "%s goes over several lines", what)
		return ""
	}
	return v
}

// ownHeader says what to do instead of setting a header that belongs to the client; empty for any other.
func ownHeader(name string) string {
	switch name {
	case "User-Agent":
		return "write user_agent: beside headers:"
	case "If-None-Match", "If-Modified-Since", "Accept-Encoding", "Content-Length", "Transfer-Encoding", "Connection", "Te", "Trailer", "Upgrade", "Range", "Host":
		return fmt.Sprintf("delete the line: without %s of its own the request would come out wrong", name)
	}
	return ""
}

func (r *reader) authKeys(a *Auth) []key {
	return []key{
		{"user", "Name for HTTP basic authentication.", textForm(), func(n *yaml.Node) { a.User, _ = r.secret(n, "user") }, false},
		{"password", "Its password: ${NAME}.", textForm(), func(n *yaml.Node) { a.Password = r.password(n, "the password") }, false},
		{"token", "Bearer token, instead of user and password: ${NAME}.", textForm(), func(n *yaml.Node) { a.Token = r.password(n, "the token") }, false},
	}
}

// auth reads user and password, or a token.
func (r *reader) auth(n *yaml.Node, src *Source) {
	before := len(r.problems)
	r.mapping(n, "auth", r.authKeys(&src.Auth))
	if r.problems[before:].Errors() {
		return
	}
	a := src.Auth
	switch {
	case a.Token != "" && a.User+a.Password != "":
		r.report(n, "auth", "delete token, or user and password", "auth has two ways to prove who asks")
	case a == Auth{}, a.Token == "" && a.User == "":
		r.report(n, "auth", "write user and password, or token", "auth does not say who asks")
	}
	r.later = append(r.later, func() { r.proofs(n, src) })
}

// proofs looks at what depends on the rest of the source: a proof of who asks beside another, or on a way
// that anyone can listen to.
func (r *reader) proofs(n *yaml.Node, src *Source) {
	if src.Headers["Authorization"] != "" {
		r.report(n, "auth", "delete auth, or the header Authorization", "the source has two ways to prove who asks")
		return
	}
	for _, address := range src.URLs {
		if strings.HasPrefix(address, "http:") && !src.AllowPrivate {
			r.warn(n, "auth", "does the source answer to https:// too?", "who asks is proved over http, where anyone on the way can read it")
			return
		}
	}
}
