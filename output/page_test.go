package output

import (
	"strings"
	"testing"
	"time"

	"rafid"
)

func TestServingPages(t *testing.T) {
	t.Parallel()
	s := world()
	for i := range 100 {
		id := "more" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		s.set(group(id, "sport", told{"wadi", 30*time.Hour + time.Duration(i/3)*time.Minute, "مباراة ودية " + id, ""}))
	}
	h := publisher(t, worldOptions(), s).Handler()
	for _, tt := range []struct {
		target string
		status int
		has    []string
	}{
		{"/", 200, []string{"آخر الأخبار", "قبل 5 دقائق", "4 مصادر", "NTV عربي", "الأوسع تغطية", "/feeds/all.atom", "أخبار أقدم", "7 أخبار من 6 مصادر"}},
		{"/c/sport", 200, []string{"رياضة", `aria-current="page"`, "/feeds/sport.atom"}},
		{"/c/other", 200, []string{"متفرقات", "لا أخبار هنا بعد"}},
		{"/c/nothing", 404, []string{"لا قسم بهذا العنوان"}},
		{"/s/g1port", 200, []string{"بعد 15 دقيقة", "خلال ساعة واحدة و23 دقيقة", "أول من نشر", "لماذا جُمعت", "0.87", "0.80", "الميناء", "/s/g1port.atom", "og:title", "ثم تطوّرت", "/s/g2crane"}},
		{"/s/g2crane", 200, []string{"تطوّرٌ لخبر سابق", "/s/g1port"}},
		{"/s/g5english", 200, []string{`dir="ltr">Harbour opens in Olive Bay`}},
		{"/s/none", 404, []string{"لا قصة بهذا العنوان"}},
		{"/s/%00", 404, nil},
		{"/subscribe", 200, []string{"feed://news.example.org/feeds/all.atom", "feedly.com", "inoreader.com", "نحو 3 قصص في اليوم", "source-ntv.rss"}},
		{"/status", 200, []string{"معطّل", "connection refused", "تكرر 7 مرات", "sahel.example/rss.xml", "بطيء", "bare &amp;"}},
		{"/about", 200, []string{"كيف يعمل"}},
		{"/policy", 200, []string{"للناشرين", "لا النص الكامل"}},
		{"/?before=2026-11-19T06:00:00Z", 200, []string{"ما نُشر قبل"}},
		{"/?before=yesterday", 404, nil},
		{"/style.css", 200, []string{"--acc"}},
		{"/robots.txt", 200, []string{"User-agent", "Sitemap: https://news.example.org/sitemap.xml"}},
		{"/sitemap.xml", 200, []string{"https://news.example.org/s/g1port", "<lastmod>2026-11-20T11:00:00Z"}},
		{"/status.json", 200, []string{`"condition":"broken"`, `"failures":7`, `"last_ok":"2026-11-20T11:57:00Z"`, `"feed":"sahel.example/rss.xml"`}},
		{"/site.webmanifest", 200, []string{`"dir":"rtl"`}},
		{"/nothing", 404, []string{"لا صفحة بهذا العنوان"}},
	} {
		r := get(t, h, "GET", tt.target)
		text := body(t, r)
		if r.StatusCode != tt.status {
			t.Errorf("%s: %d, want %d", tt.target, r.StatusCode, tt.status)
		}
		for _, want := range tt.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q", tt.target, want)
			}
		}
		if strings.Contains(text, "<script") || strings.Contains(text, "javascript:") || strings.Contains(text, "ZgotmplZ") {
			t.Errorf("%s: script, or a link that the templates refused", tt.target)
		}
		if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", tt.target, csp)
		}
	}
}

// Following "older" from page to page meets every story once.
func TestPagingMissesNothing(t *testing.T) {
	t.Parallel()
	s := &memory{}
	for i := range 130 {
		id := "p" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		s.set(group(id, "sport", told{"wadi", time.Duration(i/7) * time.Minute, "خبر " + id, ""}))
	}
	h := publisher(t, worldOptions(), s).Handler()
	seen := map[string]int{}
	for target, pages := "/", 0; target != ""; pages++ {
		if pages > 10 {
			t.Fatal("paging does not end")
		}
		text := body(t, get(t, h, "GET", target))
		for _, part := range strings.Split(text, `<h2><a href="/s/`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			seen[id]++
		}
		_, rest, found := strings.Cut(text, `<a class="btn" href="`)
		target = ""
		if found {
			target, _, _ = strings.Cut(rest, `"`)
		}
	}
	if len(seen) != 130 {
		t.Errorf("met %d stories of 130", len(seen))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was met %d times", id, n)
		}
	}
}

func TestHomeIsSmall(t *testing.T) {
	t.Parallel()
	s := &memory{}
	for i := range 60 {
		id := "home" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		ago := time.Duration(i) * 11 * time.Minute
		s.set(group(id, "politics", told{"wadi", ago, "عنوان متوسط الطول لخبر رقم " + id + " في يوم هادئ", ""},
			told{"ntv", ago - time.Minute, "عنوان آخر " + id, ""}, told{"bahr", ago - 2*time.Minute, "عنوان ثالث " + id, ""}))
	}
	h := publisher(t, worldOptions(), s).Handler()
	// site.md: at most 10 kB compressed for 40 stories.
	if n := len(body(t, get(t, h, "GET", "/", "Accept-Encoding: gzip"))); n > 10_000 {
		t.Errorf("the front page is %d bytes", n)
	}
}

func TestPagesAreKeptForAMinute(t *testing.T) {
	t.Parallel()
	s := world()
	now := noon
	o := worldOptions()
	o.Now = func() time.Time { return now }
	p := publisher(t, o, s)
	h := p.Handler()
	first := body(t, get(t, h, "GET", "/"))
	reads := s.reads
	if again := body(t, get(t, h, "GET", "/")); again != first || s.reads != reads {
		t.Error("the same minute reads the store again")
	}
	now = now.Add(time.Minute)
	if text := body(t, get(t, h, "GET", "/")); !strings.Contains(text, "قبل 6 دقائق") {
		t.Error("a minute later tells the old time")
	}
	s.remove("g2crane")
	if err := p.Publish(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if text := body(t, get(t, h, "GET", "/")); strings.Contains(text, "أول رافعة") {
		t.Error("a withdrawn story is still on the page")
	}
}

func TestSiteWithoutAddress(t *testing.T) {
	t.Parallel()
	o := worldOptions()
	o.Site.URL = ""
	p := publisher(t, o, world())
	text := string(rendered(t, p, "all", Atom))
	if !strings.Contains(text, "tag:rafid.invalid,2026:s/g1port") || strings.Contains(text, `href="/s/`) {
		t.Error("ids or links are not as they should be without an address")
	}
	if text := body(t, get(t, p.Handler(), "GET", "/subscribe")); !strings.Contains(text, `value="/feeds/all.atom"`) {
		t.Error("the page of channels has no address to copy")
	}
}

func TestSiteInASubfolder(t *testing.T) {
	t.Parallel()
	o := worldOptions()
	o.Site.URL = "https://example.org/news/"
	p := publisher(t, o, world())
	text := body(t, get(t, p.Handler(), "GET", "/"))
	for _, want := range []string{`href="/news/s/g1port"`, `href="/news/style.css?v=`, `href="/news/feeds/all.atom"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if feed := string(rendered(t, p, "all", Atom)); !strings.Contains(feed, `href="/news/feed.css"`) ||
		!strings.Contains(feed, `href="https://example.org/news/s/g1port"`) {
		t.Error("the feed leads elsewhere")
	}
}

func TestArabicNumerals(t *testing.T) {
	t.Parallel()
	o := worldOptions()
	o.Site.Numerals, o.Site.Months = "arab", "egypt"
	h := publisher(t, o, world()).Handler()
	if text := body(t, get(t, h, "GET", "/s/g1port")); !strings.Contains(text, "٤ مصادر") || !strings.Contains(text, "٢٠ نوفمبر ٢٠٢٦") {
		t.Error("digits or months are not the ones asked for")
	}
}

func TestStatusTellsEveryCondition(t *testing.T) {
	t.Parallel()
	s := world()
	s.states = nil
	conditions := []rafid.Condition{rafid.Works, rafid.Slow, rafid.Empty, rafid.Blocked, rafid.Moved, rafid.Gone}
	for i, c := range conditions {
		s.states = append(s.states, rafid.SourceState{Source: worldSources[i].ID, Condition: c, LastFetch: noon})
	}
	text := body(t, get(t, publisher(t, worldOptions(), s).Handler(), "GET", "/status"))
	last := 0
	for _, want := range []string{"زال", "محجوب", "فارغ", "انتقل", "بطيء", "لم يُجلب بعد", ">يعمل"} { // worst first
		at := strings.Index(text, want)
		if at < last {
			t.Errorf("%s stands at %d, after %d", want, at, last)
		}
		last = at
	}
	for _, want := range []string{"مصدر واحد يعمل", "4 مصادر تحتاج نظرًا", "مصدران معطّلان"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestPagesOfOtherOptions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		content string
		refresh time.Duration
		path    string
		want    string
	}{
		{ContentHeadline, 0, "/policy", "العنوان وحده"},
		{ContentFull, 0, "/policy", "نشره كاملًا"},
		{ContentSummary, time.Minute, "/subscribe", "كل دقيقة إن كان جديد"},
		{ContentSummary, 15 * time.Minute, "/subscribe", "كل 15 دقيقة إن كان جديد"},
	} {
		o := worldOptions()
		o.Content, o.Refresh = tt.content, tt.refresh
		if text := body(t, get(t, publisher(t, o, world()).Handler(), "GET", tt.path)); !strings.Contains(text, tt.want) {
			t.Errorf("%s %v: no %q on %s", tt.content, tt.refresh, tt.want, tt.path)
		}
	}
}
