package fetch

import (
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"rafid"
)

// Pages where a feed should be are named, whatever status they come with, and all of them block.
func TestImpostors(t *testing.T) {
	t.Parallel()
	const (
		wall   = `<!doctype html><html lang="ar"><title>لحظة</title><div class="g-recaptcha"></div></html>`
		login  = `<html><form><input type="password" name="p"></form></html>`
		parked = `<html><title>x.example</title><body>This domain is for sale</body></html>`
		page   = `<!doctype html><html><title>الرئيسية</title><body>أهلا</body></html>`
	)
	for _, c := range []struct {
		name, body string
		status     int
		want       error
		condition  rafid.Condition
	}{
		{"a wall", wall, 200, ErrWall, rafid.Blocked}, {"a wall that refuses", wall, 403, ErrWall, rafid.Blocked},
		{"a wall that says it is busy", wall, 503, ErrWall, rafid.Blocked},
		{"a login", login, 200, ErrLogin, rafid.Blocked}, {"a login that refuses", login, 401, ErrLogin, rafid.Blocked},
		{"a domain for sale", parked, 200, ErrParked, rafid.Blocked}, {"one that is not found", parked, 404, ErrParked, rafid.Gone},
		{"a page", page, 200, ErrPage, rafid.Blocked},
		{"an error page", page, 503, &StatusError{}, rafid.Broken}, {"a refusal", page, 403, &StatusError{}, rafid.Blocked},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, _ := newClient(t)
			srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				w.WriteHeader(c.status)
				z := gzip.NewWriter(w)
				fmt.Fprint(z, c.body)
				_ = z.Close()
			})
			res, err := client.Fetch(t.Context(), target(srv), rafid.SourceState{})
			var status *StatusError
			if c.status == 200 && !errors.Is(err, c.want) || c.status != 200 && (!errors.As(err, &status) || status.Code != c.status) {
				t.Errorf("%v", err)
			}
			if sentinel := errors.Is(c.want, ErrPage); sentinel && !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			} else if !sentinel && errors.Is(err, ErrPage) {
				t.Errorf("%v is no impostor", err)
			}
			if res.State.Condition != c.condition {
				t.Errorf("%s", res.State.Condition)
			}
		})
	}
}

// What a server sends that is no feed is told in words of ours.
func TestWordsOfFailures(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"status":"ok","items":7}`:                       "JSON, but no JSON Feed",
		`{"status":"ok"}`:                                 "JSON, but no JSON Feed",
		`<?xml version="1.0"?><catalog><book/></catalog>`: `its root is "catalog"`,
		`<` + strings.Repeat("x", 500) + `/>`:             `its root is "xxx`,
		"Error establishing a database connection":        "not a feed",
	} {
		client, _ := newClient(t)
		srv := serve(t, text200(body))
		_, err := client.Fetch(t.Context(), target(srv), rafid.SourceState{})
		if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 150 || strings.Contains(err.Error(), "Go struct") {
			t.Errorf("%.60s: %v", body, err)
		}
	}
}
