package dedupe_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rafid"
	"rafid/dedupe"
)

// vocabulary is a made-up language with the shape of a real one: word n of it is about as frequent as
// the n-th word of Arabic news (Zipf), so that posting lists are as long as real ones.
type vocabulary struct {
	words []string
	r     *rand.Rand
	zipf  *rand.Zipf
}

func newVocabulary(size int) *vocabulary {
	v := &vocabulary{r: rand.New(rand.NewPCG(1, 2))}
	v.zipf = rand.NewZipf(v.r, 1.07, 8, uint64(size-1))
	letters := []rune("ابتثجحخدذرزسشصضطظعغفقكلمنهوي")
	for range size {
		w := make([]rune, 4+v.r.IntN(4))
		for i := range w {
			w[i] = letters[v.r.IntN(len(letters))]
		}
		v.words = append(v.words, string(w))
	}
	return v
}

func (v *vocabulary) text(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = v.words[v.zipf.Uint64()]
	}
	return strings.Join(words, " ")
}

// wires makes n stories, title and summary, that arrive evenly within the window of 96 hours; every
// fifth retells one of the last hundred.
func wires(n int) []rafid.Story {
	v := newVocabulary(60_000)
	stories := make([]rafid.Story, 0, n)
	for i := range n {
		at := noon.Add(time.Duration(float64(i) / float64(n) * float64(96*time.Hour)))
		s := rafid.Story{
			ID: fmt.Sprintf("%026d", i), Source: fmt.Sprint("source", v.r.IntN(200)), Title: v.text(9), Summary: v.text(28),
			Published: at, FirstSeen: at,
		}
		if i%5 == 4 {
			told := stories[i-1-v.r.IntN(min(i, 100))]
			s.Title = strings.Join(strings.Fields(told.Title)[:6], " ") + " " + v.text(3)
			s.Summary = strings.Join(strings.Fields(told.Summary)[:14], " ") + " " + v.text(12)
		}
		stories = append(stories, s)
	}
	return stories
}

// cpu is the processor time that this process has used, garbage collection included: on a machine that
// others use too it says more than the clock.
func cpu() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// heap is how much memory is in use.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkAdd is the time of one story with so many active, and the memory each takes.
//
//	go test -run xxx -bench Add -benchtime 20000x ./dedupe
//	RAFID_ALL=1 go test -run xxx -bench Add/active=1000000 -benchtime 20000x ./dedupe
func BenchmarkAdd(b *testing.B) {
	for _, active := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint("active=", active), func(b *testing.B) {
			if active > 100_000 && os.Getenv("RAFID_ALL") == "" {
				b.Skip("takes minutes: set RAFID_ALL=1")
			}
			if b.N == 1 {
				return // the first try of the testing package
			}
			stories := wires(active + b.N)
			before := heap()
			x := dedupe.New(dedupe.Options{})
			for _, s := range stories[:active] {
				x.Add(s)
				if x.Due() {
					x.Recheck()
				}
			}
			used := heap() - before
			times := make([]time.Duration, 0, b.N)
			look := time.Duration(0)
			begun := cpu()
			b.ResetTimer()
			for _, s := range stories[active:] {
				start := time.Now()
				x.Add(s)
				times = append(times, time.Since(start))
				if x.Due() {
					start := time.Now()
					x.Recheck()
					look = max(look, time.Since(start))
				}
			}
			b.StopTimer()
			spent := cpu() - begun
			slices.Sort(times)
			b.ReportMetric(float64(b.N)/spent.Seconds(), "stories/CPU-s")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(float64(look.Milliseconds()), "look-ms")
			b.ReportMetric(float64(used)/float64(active), "B/story")
			runtime.KeepAlive(x)
		})
	}
}

// BenchmarkRestore is how long an index takes to come back from stored fingerprints, and from texts, and how
// large a fingerprint is. What reading the store takes is not in it.
//
//	go test -run xxx -bench Restore -benchtime 1x ./dedupe
//	RAFID_ALL=1 go test -run xxx -bench Restore/active=1000000 -benchtime 1x ./dedupe
func BenchmarkRestore(b *testing.B) {
	for _, active := range []int{10_000, 100_000, 1_000_000} {
		if active > 100_000 && os.Getenv("RAFID_ALL") == "" {
			continue
		}
		stories := sync.OnceValue(func() []rafid.Story { return wires(active) })
		places := sync.OnceValue(func() []rafid.Placement {
			x := dedupe.New(dedupe.Options{})
			all := make([]rafid.Placement, active)
			for i, s := range stories() {
				d := x.Add(s)
				all[i] = rafid.Placement{Member: d.Member(noon), Group: d.Group, Thread: d.Thread, Print: d.Print}
			}
			return all
		})
		b.Run(fmt.Sprint("active=", active), func(b *testing.B) {
			size := 0
			for _, p := range places() {
				size += len(p.Print)
			}
			restore(b, active, func(x *dedupe.Index, i int) bool { return x.Restore(stories()[i], places()[i]) })
			b.ReportMetric(float64(size)/float64(active), "B/print")
		})
		b.Run(fmt.Sprint("recall=", active), func(b *testing.B) {
			restore(b, active, func(x *dedupe.Index, i int) bool { return x.Recall(stories()[i], places()[i]) })
		})
		b.Run(fmt.Sprint("texts=", active), func(b *testing.B) {
			restore(b, active, func(x *dedupe.Index, i int) bool {
				p := places()[i]
				p.Print = nil
				return x.Restore(stories()[i], p)
			})
		})
	}
}

func restore(b *testing.B, active int, put func(x *dedupe.Index, i int) bool) {
	begun := cpu()
	b.ResetTimer()
	for range b.N {
		x := dedupe.New(dedupe.Options{})
		for i := range active {
			if !put(x, i) {
				b.Fatal("a story did not come back")
			}
		}
	}
	b.StopTimer()
	b.ReportMetric((cpu()-begun).Seconds()/float64(b.N), "CPU-s")
}
