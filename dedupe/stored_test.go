package dedupe

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"rafid"
	"rafid/arabic"

	"github.com/google/go-cmp/cmp"
	"github.com/zeebo/xxh3"
)

// probes are invented stories whose reading is pinned.
func probes() []rafid.Story {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	long := strings.Repeat("وقال المهندس المشرف إن الفريق أنجز المرحلة الثالثة من ترميم السور القديم قبل موعدها بشهرين. ", 30)
	return []rafid.Story{
		{ID: "1", Outlet: "nahr", Published: at, Title: "افتتاح مكتبة الواحة بعد 12 عاما من الإغلاق", Summary: "المرجان (وكالات) - افتتحت بلدية المرجان مكتبة الواحة أمام 300 قارئ، ولم تحدد موعد افتتاح الجناح الثاني."},
		{ID: "2", Source: "bahr", FirstSeen: at, URL: "https://a.example/2", Title: "عاجل | هبوط أسعار الورد"},
		{ID: "3", Source: "jabal", Title: "ترميم السور القديم", Content: "<p>" + long + "</p>"},
	}
}

func readProbe(s rafid.Story) *stored {
	r := reader{lexicon: arabic.NewLexicon()}
	p := &stored{print: *r.read(s, false), best: 0.5, begun: followed{thread: s.Outlet, first: vector{{7, 0.5}, {9, 0.25}}}, ties: []tie{{to: 7, score: 0.25, copied: true}, {to: 1 << 60, rival: 0.75}}}
	p.mark(func(pair uint64) bool { return pair%3 == 0 })
	p.narrow()
	p.weigh(newStats())
	return p
}

func TestStoredPrintComesBackWhole(t *testing.T) {
	t.Parallel()
	for _, s := range probes() {
		want := readProbe(s)
		var got stored
		if !got.decode(want.encode(5), 5) {
			t.Fatalf("story %s: not read back", s.ID)
		}
		got.source, got.now = want.source, want.now // not stored
		if diff := cmp.Diff(*want, got, cmp.AllowUnexported(stored{}, followed{}, component{}, print{}, facts{}, num{}, tie{}), equalEmpty); diff != "" {
			t.Errorf("story %s (-written +read):\n%s", s.ID, diff)
		}
	}
}

var equalEmpty = cmp.FilterValues(func(a, b any) bool { return length0(a) && length0(b) }, cmp.Ignore())

func length0(v any) bool {
	switch v := v.(type) {
	case []uint32:
		return len(v) == 0
	case []uint64:
		return len(v) == 0
	case []uint16:
		return len(v) == 0
	case []num:
		return len(v) == 0
	}
	return false
}

// The hashes of the probes as this version reads them, weights aside, as those come from tables that are
// trained anew. When this fails, raise printVersion and put the new hash here: fingerprints in stores
// were made by the former reading.
func TestStoredPrintIsTheOneOfItsVersion(t *testing.T) {
	t.Parallel()
	const version, want = 4, "77b8069a2129e0c1"
	var all []byte
	for _, s := range probes() {
		p := readProbe(s)
		p.w, p.norm[ofNow] = make([]uint8, len(p.keys)), 0
		all = append(all, p.encode(0)...)
	}
	if got := fmt.Sprintf("%016x", xxh3.Hash(all)); printVersion != version || got != want {
		t.Errorf("version %d reads the probes as %s, want version %d and %s: raise printVersion", printVersion, got, version, want)
	}
}

func TestStoredPrintOfOthersIsRefused(t *testing.T) {
	t.Parallel()
	good := readProbe(probes()[0]).encode(stampOf(nil))
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 4
	tests := []struct {
		name  string
		blob  []byte
		stamp uint64
	}{
		{"nothing", nil, stampOf(nil)},
		{"less than a seal", good[:3], stampOf(nil)},
		{"cut", good[:len(good)-1], stampOf(nil)},
		{"longer", append(bytes.Clone(good), 0), stampOf(nil)},
		{"one bit flipped", flipped, stampOf(nil)},
		{"read with other aliases", good, stampOf([][]string{{"ترمب", "ترامب"}})},
		{"far too long", make([]byte, maxStored+1), stampOf(nil)},
	}
	for _, tt := range tests {
		if new(stored).decode(tt.blob, tt.stamp) {
			t.Errorf("%s: taken for a fingerprint", tt.name)
		}
	}
}

// Whatever the bytes, decoding does not panic, and what it takes is written back as it was.
func FuzzStoredPrint(f *testing.F) {
	for _, s := range probes() {
		f.Add(readProbe(s).encode(0)[sealSize:])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		blob := binary.LittleEndian.AppendUint32(nil, seal(body, 0))
		blob = append(blob, body...)
		var s stored
		if !s.decode(blob, 0) {
			return
		}
		e := newPage(1).add(&s.print, "id")
		x := New(Options{})
		x.measure(e, e)
		again := s.encode(0)
		var back stored
		if !back.decode(again, 0) || !bytes.Equal(back.encode(0), again) {
			t.Error("what was read is not written back")
		}
	})
}
