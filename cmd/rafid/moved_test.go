package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rafid"
	"rafid/cmd/internal/sqlite"
)

// remembered changes what a store remembers of a source, and gives what it was.
func remembered(t *testing.T, data, id string, change func(*rafid.SourceState)) rafid.SourceState {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(data, "rafid.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	st, err := db.State(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	was := st
	if change != nil {
		change(&st)
		if _, err := db.SavePass(t.Context(), rafid.Pass{State: st}); err != nil {
			t.Fatal(err)
		}
	}
	return was
}

// A source whose address has led elsewhere for three days, to items that were known before, gets the other
// address in feeds.yaml; every other byte of the file stays. One that leads to strangers keeps its own.
func TestMovesAreAdoptedByProof(t *testing.T) {
	t.Parallel()
	const mine, theirs = "/mine", "/theirs"
	for _, c := range []struct {
		name, to string
		days     int
		adopted  bool
	}{
		{"three days, the same items", mine, 3, true},
		{"two days, the same items", mine, 2, false},
		{"a week, other items", theirs, 7, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			moved := false
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/old" && moved:
					http.Redirect(w, r, c.to, http.StatusMovedPermanently)
				case r.URL.Path == theirs:
					_, _ = w.Write([]byte(strings.ReplaceAll(string(feed("الواحة", "خبر من مكان لا نعرفه")), "<guid>", "<guid>other-")))
				default:
					_, _ = w.Write(feed("الواحة", "افتتاح مكتبة عامة في حي النخيل", "سوق أسبوعية للكتب المستعملة"))
				}
			}))
			t.Cleanup(srv.Close)
			dir := t.TempDir()
			file := "# ما نقرؤه\ndefaults: {allow_private: true}\nsources:\n  waha:   %s   # الواحة\n\n  # النهاية\n"
			cfg := write(t, filepath.Join(dir, "feeds.yaml"), fmt.Sprintf(file, srv.URL+"/old"))
			data := filepath.Join(dir, "data")
			once := func() {
				t.Helper()
				if r := execute(t.Context(), t, "once", "--config", cfg, "--data", data); r.code != 0 {
					t.Fatal(r)
				}
			}
			once()
			moved = true
			once()
			st := remembered(t, data, "waha", func(st *rafid.SourceState) {
				st.Move.Since = st.Move.Since.Add(-time.Duration(c.days) * 24 * time.Hour)
			})
			if st.Condition != rafid.Moved || st.Move.To != srv.URL+c.to || st.Move.Shared != (c.to == mine) {
				t.Fatalf("%s, %+v", st.Condition, st.Move)
			}
			once()
			want := fmt.Sprintf(file, srv.URL+"/old")
			if c.adopted {
				want = fmt.Sprintf(file, srv.URL+c.to)
			}
			got, err := os.ReadFile(cfg)
			if err != nil || string(got) != want {
				t.Errorf("feeds.yaml is\n%s\nwant\n%s\n%v", got, want, err)
			}
			once()
			st = remembered(t, data, "waha", nil)
			if c.adopted && (st.Condition != rafid.Works || st.Move != rafid.Move{} || st.Failures != 0) {
				t.Errorf("afterwards %s, %+v", st.Condition, st.Move)
			}
		})
	}
}

// A file that cannot be changed is told, and tried again a day later, not at every pass.
func TestAMoveThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	r := &river{log: slog.New(slog.DiscardHandler), now: time.Now, config: filepath.Join(t.TempDir(), "none.yaml")}
	st := rafid.SourceState{Move: rafid.Move{From: "https://a.example/", To: "https://b.example/", Shared: true, Since: time.Now().Add(-100 * time.Hour)}}
	r.adopt(t.Context(), source(t, "waha", "10m"), &st)
	if left := moveProof - time.Since(st.Move.Since); left < 23*time.Hour || left > 25*time.Hour {
		t.Errorf("tried again in %v", left)
	}
	src := source(t, "waha", "10m")
	src.AllowPrivate = true
	st.Move = rafid.Move{From: "https://1.1.1.1/", To: "http://127.0.0.1/", Shared: true, Since: time.Now().Add(-100 * time.Hour)}
	r.adopt(t.Context(), src, &st)
	if left := moveProof - time.Since(st.Move.Since); left < 23*time.Hour {
		t.Errorf("a move inside is tried again in %v", left)
	}
}
