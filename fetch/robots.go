package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"

	"rafid"
)

// Reasons not to ask for a page.
var (
	ErrRobots = errors.New("robots.txt forbids it")
	ErrBudget = errors.New("enough pages of this host for now")
)

// Bounds of the pages asked of one host.
const (
	pagesPerHour = 120
	robotsFresh  = 24 * time.Hour // RFC 9309, section 2.4
	robotsRetry  = time.Hour      // after a robots.txt that could not be read
)

// robots remembers what hosts let robots do, and how many pages they were asked for.
type robots struct {
	mu   sync.Mutex
	host map[string]*manners
}

// manners are those that one host asks for.
type manners struct {
	mu    sync.Mutex // held while robots.txt is asked for
	rules *robotstxt.RobotsData
	until time.Time
	pages int // in the running hour
	hour  time.Time
}

// admit says whether a page may be asked for now, and counts it.
func (r *robots) admit(ctx context.Context, c *Client, t Target, u *url.URL) error {
	m := r.of(u.Scheme + "://" + u.Host)
	m.mu.Lock()
	defer m.mu.Unlock()
	now := c.opts.Now()
	if m.rules == nil || now.After(m.until) {
		if err := m.ask(ctx, c, t, u, now); err != nil {
			return err
		}
	}
	agent, _, _ := strings.Cut(cmp.Or(t.UserAgent, c.opts.UserAgent), "/")
	if !m.rules.TestAgent(u.RequestURI(), agent) {
		return ErrRobots
	}
	if hour := now.Truncate(time.Hour); !m.hour.Equal(hour) {
		m.hour, m.pages = hour, 0
	}
	if m.pages >= pagesPerHour {
		return ErrBudget
	}
	m.pages++
	return nil
}

func (r *robots) of(origin string) *manners {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.host == nil {
		r.host = make(map[string]*manners)
	}
	m := r.host[origin]
	if m == nil {
		m = &manners{}
		r.host[origin] = m
	}
	return m
}

// ask reads robots.txt. A host without one allows all; one that cannot say forbids all for a while
// (RFC 9309, section 2.3.1).
func (m *manners) ask(ctx context.Context, c *Client, t Target, u *url.URL, now time.Time) error {
	a, err := c.get(ctx, t, u.Scheme+"://"+u.Host+"/robots.txt", rafid.SourceState{})
	var status *StatusError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil:
		a.status = http.StatusOK
	case errors.As(err, &status) && status.Code >= 400 && status.Code < 500:
		a.status, a.body = status.Code, nil
	default:
		a.status, a.body = http.StatusServiceUnavailable, nil
	}
	rules, err := robotstxt.FromStatusAndBytes(a.status, a.body)
	if err != nil {
		return fmt.Errorf("robots.txt: %w", err)
	}
	m.rules, m.until = rules, now.Add(robotsFresh)
	if a.status == http.StatusServiceUnavailable {
		m.until = now.Add(robotsRetry)
	}
	return nil
}
