package manners

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Hosts tells how each host was asked, in order.
func (g *Origin) Hosts() []Host {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := make([]Host, g.opts.Hosts)
	for h := range all {
		all[h] = Host{Addr: g.farm.Addr(h), InFlight: g.most[h]}
		var at []time.Time
		for _, v := range g.visits {
			if v.host != h {
				continue
			}
			all[h].Requests++
			all[h].count(v)
			at = append(at, v.at)
		}
		all[h].Gap, all[h].PerMinute = pace(at)
	}
	return all
}

// count adds a request.
func (h *Host) count(v visit) {
	h.Bytes += v.sent
	if v.tag != "" {
		h.Conditional++
	}
	switch v.status {
	case http.StatusNotModified:
		h.NotModified++
	case http.StatusTooManyRequests:
		h.Busy++
	}
}

// pace is the least time between two requests, and the most requests in a minute.
func pace(at []time.Time) (gap time.Duration, perMinute int) {
	slices.SortFunc(at, time.Time.Compare)
	first := 0
	for i, t := range at {
		for t.Sub(at[first]) >= time.Minute {
			first++
		}
		perMinute = max(perMinute, i-first+1)
		if i == 0 {
			continue
		}
		if d := t.Sub(at[i-1]); i == 1 || d < gap {
			gap = d
		}
	}
	return gap, perMinute
}

// Complaints says what was against good manners, in sentences, the hosts' before the requests'. None is
// the praise.
func (g *Origin) Complaints(c Custom) []string {
	var all []string
	for _, h := range g.Hosts() {
		if c.InFlight > 0 && h.InFlight > c.InFlight {
			all = append(all, fmt.Sprintf("%s: %d requests at a time, want at most %d", h.Addr, h.InFlight, c.InFlight))
		}
		if h.Requests > 1 && h.Gap < c.Gap {
			all = append(all, fmt.Sprintf("%s: a gap of %v, want at least %v", h.Addr, h.Gap, c.Gap))
		}
		if c.PerMinute > 0 && h.PerMinute > c.PerMinute {
			all = append(all, fmt.Sprintf("%s: %d requests in a minute, want at most %d", h.Addr, h.PerMinute, c.PerMinute))
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, v := range g.visits {
		all = append(all, v.complaints()...)
	}
	return all
}

func (v visit) complaints() []string {
	var all []string
	add := func(format string, args ...any) {
		all = append(all, fmt.Sprintf("feed %d: ", v.feed)+fmt.Sprintf(format, args...))
	}
	if v.full {
		add("asked for in full a second time, without its validator")
	}
	if v.tag != "" && !strings.HasPrefix(v.tag, fmt.Sprintf(`"feed-%d-v`, v.feed)) {
		add("asked for by %s, which is not its validator byte for byte", v.tag)
	}
	if v.early > 0 {
		add("asked for again %v before Retry-After was over", v.early)
	}
	switch {
	case v.agent == "" || strings.HasPrefix(v.agent, "Go-http-client"):
		add("the guest does not give a name")
	case !strings.Contains(v.agent, "http"):
		add("the guest's name %q has no address", v.agent)
	}
	return all
}
