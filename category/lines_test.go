package category_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"rafid"
	"rafid/category"
)

func full(t testing.TB, rules ...category.Rule) *category.Classifier {
	t.Helper()
	c, err := category.New(category.Options{Categories: category.Default(), Rules: rules, Model: shippedModel(t)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLines(t *testing.T) {
	t.Parallel()
	in := strings.Join([]string{
		`{"id":"a","title":"عنوان","labels":["سياسة عربية"]}`,
		``,
		`{"id":"b","title":"عنوان","url":"https://a.example/sport/1"}`,
		`{"id":"c","title":"عنوان","source":"market"}`,
		`{"id":`,
		`{"title":"بلا معرف"}`,
		`{"id":"d","text":"المنتخب يفوز بهدفين ويتأهل إلى نصف نهائي البطولة بعد مباراة مثيرة في الملعب سجل فيها المهاجم هدفين"}`,
		`{"id":"e"}`,
		"{\"id\":\"\xff\"}",
		`{"id":"f","published":"أمس"}`,
		`[1]`,
		`{"id":"g","title":"حظك اليوم"}`,
		`{"id":"h","title":"` + strings.Repeat("ا", category.MaxLine/2) + `"}`,
		`{"id":"i","title":"عنوان","labels":["رياضة"],"published":"2026-11-22T08:00:00Z"}`,
	}, "\n")
	var out, errs bytes.Buffer
	c := full(t, category.Rule{Title: "حظك اليوم", Drop: true, Line: 3})
	err := c.Lines(strings.NewReader(in), &out, &errs, func(id string) rafid.Source {
		return rafid.Source{ID: id, Category: map[string]string{"market": "economy"}[id]}
	})
	var bad *category.InputError
	if !errors.As(err, &bad) || err.Error() != "6 of 13 lines could not be used" {
		t.Errorf("got %v", err)
	}
	got := out.String()
	for _, want := range []string{
		`{"id":"a","category":"politics","confidence":1,"why":"label \"سياسة عربية\" is known → politics"}`,
		`{"id":"b","category":"sport","confidence":1,"why":"path \"sport\" → sport"}`,
		`{"id":"c","category":"economy","confidence":1,"why":"source market → economy"}`,
		`{"id":"d","category":"sport","confidence":0.`,
		`{"id":"e","category":"other","confidence":0,"why":"nothing places it → other"}`,
		`{"id":"g","category":"other","confidence":0,"why":"rule at line 3: title like \"حظك اليوم\" → drop","drop":true}`,
		`{"id":"i","category":"sport","confidence":1,"why":"label \"رياضة\" → sport"}`,
	} {
		at := strings.Index(got, want)
		if at < 0 {
			t.Errorf("%s is not there, or before another, in\n%s", want, out.String())
			continue
		}
		got = got[at:]
	}
	want := []string{"line 5", "line 6", "line 9", "line 10", "line 11", "line 13"}
	var told []string
	for l := range strings.Lines(errs.String()) {
		told = append(told, l[:strings.Index(l, ":")])
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("lines told (-want +got):\n%s\n%s", diff, errs.String())
	}
}

func TestLinesOfAStreamThatBreaks(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	in := iotest.TimeoutReader(strings.NewReader(`{"id":"a","labels":["رياضة"]}` + "\n" + strings.Repeat(" ", 1<<17)))
	if err := full(t).Lines(in, &out, &out, nil); !errors.Is(err, iotest.ErrTimeout) || !strings.Contains(out.String(), `"sport"`) {
		t.Errorf("%v after %s", err, out.String())
	}
	if err := full(t).Lines(strings.NewReader(`{"id":"a"}`), failing{}, &out, nil); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }

func FuzzLines(f *testing.F) {
	f.Add([]byte(`{"id":"a","title":"خبر","labels":["رياضة"],"published":"2026-01-02T15:04:05Z"}`))
	f.Add([]byte("{\"id\":\"a\"}\n\n{}\n\"x\""))
	c := full(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		var out, errs bytes.Buffer
		err := c.Lines(bytes.NewReader(in), &out, &errs, nil)
		var bad *category.InputError
		if err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		told := strings.Count(errs.String(), "\n")
		if bad != nil && told != bad.Bad || bad == nil && told > 0 {
			t.Fatalf("%d lines told, %v", told, err)
		}
		for line := range strings.Lines(out.String()) {
			var l struct{ ID, Category, Why string }
			if err := json.Unmarshal([]byte(line), &l); err != nil || l.ID == "" || l.Category == "" || l.Why == "" {
				t.Fatalf("%q: %v", line, err)
			}
		}
	})
}

func ExampleClassifier_Lines() {
	c, err := category.New(category.Options{Categories: category.Default()})
	if err != nil {
		fmt.Println(err)
		return
	}
	in := strings.NewReader(`{"id":"1","title":"اجتماع في العاصمة","labels":["شرق أوسط"]}`)
	if err := c.Lines(in, os.Stdout, os.Stderr, nil); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"id":"1","category":"politics","confidence":1,"why":"label \"شرق أوسط\" is known → politics"}
}
