package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiscover(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/announced":
			fmt.Fprint(w, `<html><head><link rel="alternate" type="application/rss+xml" href="/a"><link rel="alternate" type="application/rss+xml" href="/comments/feed"><link rel="alternate" hreflang="en" href="/en"></head></html>`)
		case "/linked":
			fmt.Fprint(w, `<html><body><a href="/politics/rss.xml">RSS</a><a href="/feedback">رأيك</a><a href="/gone/rss">RSS</a></body></html>`)
		case "/silent", "/none":
			fmt.Fprint(w, "<html><body>الواحة</body></html>")
		case "/a", "/politics/rss.xml", "/silent/feed":
			fmt.Fprint(w, smallFeed)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
	c, _ := newClient(t)
	for _, d := range []struct{ name, path, want string }{
		{"a feed itself", "/a", "/a"},
		{"announced in the head", "/announced", "/a"},
		{"linked in the text", "/linked", "/politics/rss.xml"},
		{"at a usual path", "/silent", "/silent/feed"},
		{"none", "/none", ""},
	} {
		t.Run(d.name, func(t *testing.T) {
			got, err := c.Discover(t.Context(), target(srv), srv.URL+d.path)
			if d.want == "" {
				if !errors.Is(err, ErrNoFeed) {
					t.Errorf("%v %v", got, err)
				}
				return
			}
			want := []Found{{URL: srv.URL + d.want, Title: "صحيفة الواحة", Items: 2, Headlines: []string{"افتتاح سوق جديد في وادي النخيل", "مطر غزير على الساحل"}}}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
	if _, err := c.Discover(t.Context(), target(srv), srv.URL+"/404"); err == nil || errors.Is(err, ErrNoFeed) || !strings.Contains(err.Error(), "404") {
		t.Errorf("a page that is not there: %v", err)
	}
}
