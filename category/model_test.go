package category_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"rafid"
	"rafid/category"
)

func shippedModel(t testing.TB) *category.Model {
	t.Helper()
	m, err := category.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestShippedModelReadsPlainCases(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, title, summary, want string }{
		{"a match", "المنتخب يفوز بهدفين ويتأهل إلى نصف نهائي البطولة", "سجل المهاجم هدفي المباراة في الشوط الثاني أمام جماهير ملأت الملعب، وقال المدرب إن اللاعبين استحقوا التأهل.", "sport"},
		{"markets", "أسعار النفط ترتفع والأسهم تغلق على مكاسب", "صعد سعر البرميل في ختام التداولات، وارتفع مؤشر البورصة مع تراجع الدولار وترقب المستثمرين قرار البنك المركزي بشأن الفائدة.", "economy"},
		{"a telephone", "شركة تكشف عن هاتف ذكي جديد بشاشة قابلة للطي", "يعمل الهاتف بمعالج أسرع ونظام تشغيل جديد، وتتيح تطبيقاته للمستخدمين ميزات الذكاء الاصطناعي.", "tech"},
		{"a film", "فيلم روائي طويل يفتتح مهرجان السينما", "يعرض المخرج فيلمه الجديد من بطولة ممثلة شابة، وتتنافس أفلام عدة على جوائز المهرجان وسط حضور نجوم الفن.", "culture"},
		{"a sermon", "فضل الصدقة في القرآن الكريم والسنة النبوية", "بين العلماء أن الصدقة من أعظم العبادات، واستدلوا بأحاديث رسول الله صلى الله عليه وسلم وبآيات من كتاب الله تعالى.", "religion"},
		{"diplomacy", "رئيس الوزراء يبحث مع وزير الخارجية وقف إطلاق النار", "أجرى الجانبان محادثات بشأن الهدنة، وأكدت الحكومة أن المفاوضات مع المعارضة مستمرة برعاية أممية.", "politics"},
	}
	m := shippedModel(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := m.Guess(tt.title, tt.summary)
			if g.Class == "world" {
				g.Class = "politics" // the line between the two is the outlet's
			}
			if g.Class != tt.want || !g.Sure {
				t.Errorf("%+v, want %s", g, tt.want)
			}
		})
	}
}

func TestModelIsSilentWithoutWords(t *testing.T) {
	t.Parallel()
	m := shippedModel(t)
	for _, text := range []string{"", "خبر", "تغطية مباشرة", "123 – 456", "！", "\xff\xfe", "а"} {
		if g := m.Guess(text, ""); g.Sure {
			t.Errorf("%q: %+v", text, g)
		}
	}
}

func TestClassifierUsesTheModelLast(t *testing.T) {
	t.Parallel()
	s := rafid.Story{Title: "المنتخب يفوز بهدفين ويتأهل إلى نصف نهائي البطولة", Summary: "سجل المهاجم هدفي المباراة في الشوط الثاني أمام جماهير ملأت الملعب."}
	c, err := category.New(category.Options{Categories: sections(), Model: shippedModel(t)})
	if err != nil {
		t.Fatal(err)
	}
	if v := c.Classify(rafid.Source{}, s); v.Categories[0] != "sport" || !strings.HasPrefix(v.Why, "text, ") {
		t.Errorf("%+v", v)
	}
	s.Labels = []string{"اقتصاد"}
	if v := c.Classify(rafid.Source{}, s); v.Categories[0] != "economy" || len(v.Categories) != 1 {
		t.Errorf("%+v", v)
	}
	// A section that the operator has no category for.
	film := rafid.Story{Title: "فيلم روائي طويل يفتتح مهرجان السينما", Summary: "يعرض المخرج فيلمه الجديد من بطولة ممثلة شابة."}
	if v := c.Classify(rafid.Source{}, film); v.Categories[0] != rafid.Other {
		t.Errorf("%+v", v)
	}
}

func TestPackAndRead(t *testing.T) {
	t.Parallel()
	w := &category.Weights{Rows: make([]float32, category.Buckets*category.Columns), Heat: category.Heat{Headline: 1, Summary: 1, Split: 1}, Least: 0.5}
	category.Features("ملعب كبير جديد", "", func(feature uint32, weight float32) {
		w.Rows[category.Bucket(feature)*category.Columns+2] = 4 * weight
	})
	packed, err := w.Pack()
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.Pack()
	if err != nil || !bytes.Equal(packed, again) {
		t.Errorf("packed twice, two results: %v", err)
	}
	m, err := category.ReadModel(packed)
	if err != nil {
		t.Fatal(err)
	}
	want := math.Exp(4) / (math.Exp(4) + 6)
	if g := m.Guess("ملعب كبير جديد", ""); g.Class != "sport" || math.Abs(g.Confidence-want) > 0.01 || !g.Sure {
		t.Errorf("%+v, want %.3f", g, want)
	}
	if g := m.Guess("مطر", ""); g.Sure {
		t.Errorf("%+v of a word never seen", g)
	}
	for name, bad := range map[string][]byte{"nothing": nil, "no gzip": []byte("model"), "cut short": packed[:len(packed)/2]} {
		if _, err := category.ReadModel(bad); !errors.Is(err, category.ErrModel) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (&category.Weights{}).Pack(); !errors.Is(err, category.ErrModel) {
		t.Errorf("no weights: %v", err)
	}
}

func TestFeaturesHaveLengthOne(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"كرة", "اجتماع وزاري يبحث خطة الطاقة", strings.Repeat("نص طويل جدا ", 1000)} {
		var sum float64
		n := 0
		category.Features(text, text, func(feature uint32, weight float32) {
			if b := category.Bucket(feature); b < 0 || b >= category.Buckets {
				t.Fatalf("bucket %d", b)
			}
			sum += float64(weight) * float64(weight)
			n++
		})
		if math.Abs(sum-1) > 1e-3 || n > 4000 {
			t.Errorf("%.20q: %d features, length %v", text, n, sum)
		}
	}
}

// TestGuessIsQuick holds the time of one story to its aim of 50 µs, with room for a slow machine.
func TestGuessIsQuick(t *testing.T) {
	t.Parallel()
	m := shippedModel(t)
	start := time.Now()
	const stories = 2000
	for range stories {
		m.Guess(benchTitle, benchSummary)
	}
	if took := time.Since(start) / stories; took > time.Millisecond {
		t.Errorf("a story takes %v", took)
	}
}

const (
	benchTitle   = "اجتماع وزاري يبحث خطة الطاقة للعام المقبل في العاصمة"
	benchSummary = "عقد وزراء الطاقة في المنطقة اجتماعا موسعا لبحث الخطة المشتركة للعام المقبل وسط توقعات بارتفاع الطلب على الكهرباء خلال الصيف، وقال مصدر مسؤول إن الاجتماع ناقش سبل تمويل مشاريع الربط الكهربائي وتوسيع الاعتماد على الطاقة الشمسية في المدن الجديدة"
)

func BenchmarkGuess(b *testing.B) {
	m := shippedModel(b)
	b.ReportAllocs()
	for b.Loop() {
		m.Guess(benchTitle, benchSummary)
	}
}

func BenchmarkShipped(b *testing.B) {
	for b.Loop() {
		shippedModel(b)
	}
}

func FuzzGuess(f *testing.F) {
	f.Add("كرة القدم", "هدف")
	f.Add("\xd9", "\u0640\u0640")
	m := shippedModel(f)
	f.Fuzz(func(t *testing.T, title, summary string) {
		g := m.Guess(title, summary)
		if g.Confidence < 0 || g.Confidence > 1 || math.IsNaN(g.Confidence) {
			t.Errorf("%+v", g)
		}
	})
}

func ExampleShipped() {
	m, err := category.Shipped()
	if err != nil {
		fmt.Println(err)
		return
	}
	g := m.Guess("المنتخب يفوز بهدفين ويتأهل إلى نصف نهائي البطولة", "سجل المهاجم هدفي المباراة في الشوط الثاني.")
	fmt.Println(g.Class, g.Sure)
	// Output:
	// sport true
}
