package farm_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"rafid/cmd/internal/newsroom/farm"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func ask(t *testing.T, addr string) (string, error) {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	return string(data), err
}

func says(word string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, word) })
}

func TestEveryHandlerHasAPort(t *testing.T) {
	t.Parallel()
	f, err := farm.New(t.Context(), "", 0, []http.Handler{says("one"), says("two")})
	if err != nil {
		t.Fatal(err)
	}
	f.Serve()
	for i, want := range []string{"one", "two"} {
		if got, err := ask(t, f.Addr(i)); err != nil || got != want {
			t.Errorf("%q, %v", got, err)
		}
		if !strings.HasPrefix(f.Addr(i), "127.0.0.1:") {
			t.Error(f.Addr(i))
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if got, err := ask(t, f.Addr(0)); err == nil {
		t.Errorf("says %q after its end", got)
	}
}

// Close ends handlers that wait for ever, those that took their connection over too.
func TestCloseEndsWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	begun := make(chan bool)
	waits := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		begun <- true
		<-r.Context().Done()
	})
	takesOver := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		begun <- err == nil
		<-r.Context().Done()
		_ = c.Close()
	})
	f, err := farm.New(t.Context(), "", 0, []http.Handler{waits, takesOver})
	if err != nil {
		t.Fatal(err)
	}
	f.Serve()
	ended := make(chan error, 2)
	for i := range 2 {
		go func() {
			_, err := ask(t, f.Addr(i))
			ended <- err
		}()
		if !<-begun {
			t.Error("not begun")
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := <-ended; err == nil {
			t.Error("answered")
		}
	}
}

func TestNeverServed(t *testing.T) {
	t.Parallel()
	f, err := farm.New(t.Context(), "", 0, []http.Handler{says("one")})
	if err != nil {
		t.Fatal(err)
	}
	addr := f.Addr(0)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := ask(t, addr); err == nil {
		t.Error("still listening")
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	if _, err := farm.New(t.Context(), "no.such.host.invalid", 0, []http.Handler{says("")}); err == nil {
		t.Error("a host that does not exist is taken")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if f, err := farm.New(ctx, "", 0, []http.Handler{says("")}); err == nil {
		t.Error("opens though it was told to end")
		_ = f.Close()
	}
}
