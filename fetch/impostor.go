package fetch

import (
	"bytes"
	"errors"
	"fmt"
)

// What stands where a feed should be. All of them are [ErrPage] too.
var (
	ErrWall   = fmt.Errorf("%w: a wall for robots", ErrPage)
	ErrLogin  = fmt.Errorf("%w: a login form", ErrPage)
	ErrParked = fmt.Errorf("%w: a domain for sale", ErrPage)
)

// impostorHead is how much of a page is looked at: walls, logins and parked domains are small.
const impostorHead = 32 << 10

// impostor names the page that was found where a feed should be; what it does not know stays a page.
func impostor(page []byte) error {
	low := bytes.ToLower(page[:min(len(page), impostorHead)])
	has := func(marks ...string) bool {
		for _, m := range marks {
			if bytes.Contains(low, []byte(m)) {
				return true
			}
		}
		return false
	}
	switch {
	case has("captcha", "cf-challenge", "challenge-form", "challenge-platform", "cf_chl_", "_incapsula_", "ddos-guard", "verify you are human", "checking your browser", "لست روبوت", "just a moment"):
		return ErrWall
	case has(`type="password"`, `type='password'`, "type=password"):
		return ErrLogin
	case has("domain is for sale", "buy this domain", "this domain may be for sale", "domain parking", "sedoparking", "parkingcrew", "hugedomains", "النطاق للبيع"):
		return ErrParked
	}
	return ErrPage
}

// unmasked says more about a page that was no feed, or that came with a refusal.
func unmasked(err error, body []byte) error {
	var refused *StatusError
	switch {
	case errors.Is(err, ErrPage):
		return impostor(body)
	case errors.As(err, &refused):
		if what := impostor(body); what != ErrPage {
			return fmt.Errorf("%w (%w)", err, what)
		}
	}
	return err
}
