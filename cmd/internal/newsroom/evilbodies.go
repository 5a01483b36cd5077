package newsroom

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const rssType = "application/rss+xml; charset=utf-8"

const (
	evilHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + rssOpen +
		"\n<channel>\n<title>منبر الأذى</title>\n<link>http://evil.invalid/</link>\n<description>تجربة</description>\n<language>ar</language>\n"
	evilTail = "</channel>\n</rss>\n"
)

// evilDate is the date of the first item; the others are a minute apart.
var evilDate = time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)

// evilItem is item i of a sound feed.
func evilItem(i int) string {
	return itemWith(fmt.Sprintf("الخبر رقم %d من منبر الأذى", i), fmt.Sprintf("evil-%d", i), evilDate.Add(time.Duration(-i)*time.Minute).Format(time.RFC1123Z))
}

func itemWith(title, guid, date string) string {
	return fmt.Sprintf("<item>\n<title>%s</title>\n<link>http://evil.invalid/n/%s</link>\n<guid isPermaLink=\"false\">%[2]s</guid>\n<pubDate>%s</pubDate>\n<description>نص قصير لخبر لا يراد منه إلا أن يقرأ كما هو.</description>\n</item>\n", title, guid, date)
}

func evilItems(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(evilItem(i))
	}
	return b.String()
}

// sample is a feed with the items given.
func sample(items string) string { return evilHead + items + evilTail }

// body answers 200 with a document that is called RSS.
func body(doc string) deed { return typed(rssType, doc) }

func typed(contentType, doc string) deed {
	return func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(doc)))
		_, _ = io.WriteString(w, doc)
	}
}

// zipped compresses in memory, which cannot fail.
func zipped(data string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, data)
	_ = z.Close()
	return b.String()
}

func packed(name, doc string) deed {
	return func(w http.ResponseWriter, r *http.Request, n int) {
		w.Header().Set("Content-Encoding", name)
		body(doc)(w, r, n)
	}
}

// impostors are pages where a feed should be.
func impostors() map[Behaviour]deed {
	const html = "text/html; charset=utf-8"
	wall := `<!doctype html><html lang="ar"><head><title>لحظة من فضلك</title><meta name="robots" content="noindex"></head>` +
		`<body><h1>تحقق من أنك لست روبوتا</h1><div id="challenge-form" class="g-recaptcha"></div><noscript>Enable JavaScript and cookies to continue</noscript></body></html>`
	page := `<!doctype html><html lang="ar" dir="rtl"><head><title>الرئيسية</title></head><body><h1>أهلا بكم</h1><p>صفحة لا خلاصة.</p></body></html>`
	return map[Behaviour]deed{
		HTMLPage: body(page),
		Captcha:  typed(html, wall),
		CaptchaWall: func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Content-Type", html)
			w.Header().Set("Cf-Mitigated", "challenge")
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, wall)
		},
		Login:      typed(html, `<!doctype html><html lang="ar"><title>تسجيل الدخول</title><form method="post" action="/login"><input name="user"><input type="password" name="pass"><button>دخول</button></form></html>`),
		Parked:     typed(html, `<!doctype html><html><title>evil.invalid</title><body><h1>This domain is for sale</h1><a href="http://parking.invalid/">Buy this domain</a></body></html>`),
		Empty:      body(""),
		Blank:      body(" \r\n\t\n  "),
		NoItems:    body(sample("")),
		PlainError: body("Error establishing a database connection\n"),
		OtherXML:   typed("application/xml", `<?xml version="1.0"?><catalog><book id="1"><title>كتاب</title></book></catalog>`),
		OtherJSON:  typed("application/json", `{"status":"ok","items":7}`),
		Picture: func(w http.ResponseWriter, r *http.Request, n int) {
			body("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"+strings.Repeat("\x00\xff", 200))(w, r, n)
		},
	}
}

// packings are feeds in a wrapping that is not what it says.
func packings() map[Behaviour]deed {
	doc := sample(evilItems(3))
	z := zipped(doc)
	return map[Behaviour]deed{
		UnknownCode: packed("zzz", doc),
		LyingGzip:   packed("gzip", doc),
		CutGzip:     packed("gzip", z[:len(z)/2]),
		TwiceGzip:   packed("gzip", zipped(z)),
		UnsaidGzip:  body(z),
	}
}

// wounds are feeds that can be mended.
func wounds() map[Behaviour]deed {
	doc := sample(evilItems(3))
	in := func(old, new string) deed { return body(strings.Replace(doc, old, new, 1)) }
	const second = "الخبر رقم 1"
	return map[Behaviour]deed{
		Truncated:     body(doc[:strings.LastIndex(doc, "<description>")+20]),
		NotUTF8:       in(second, "الخبر\xff\xfe رقم 1"),
		Nul:           in(second, "الخبر\x00\x0b\x1f رقم 1"),
		JunkBefore:    body("\r\n<br />\n<b>Warning</b>: headers already sent in <b>/var/www/feed.php</b>\n" + doc),
		BareAmpersand: in(second, "الخبر & رقم 1 < 2 & الباقي"),
		UnknownEntity: in(second, "&laquo;الخبر&raquo;&nbsp;رقم&hellip; 1"),
		OpenCDATA:     body(doc[:strings.LastIndex(doc, "<description>")] + "<description><![CDATA[<p>نص بلا نهاية"),
		BOMTwice:      body("\ufeff\ufeff" + doc),
		UTF16:         body(encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(doc))),
		Windows1256:   body(encoded(charmap.Windows1256.NewEncoder().String(doc))),
	}
}

// encoded drops the error of encoding a document that has no letter outside of the charset.
func encoded(doc string, _ error) string { return doc }

// contents are feeds that can be read and should not be believed.
func contents() map[Behaviour]deed {
	dated := func(date string) deed {
		return body(sample(itemWith("خبر أول", "dated-0", date) + itemWith("خبر ثان", "dated-1", date)))
	}
	return map[Behaviour]deed{
		Good: func(w http.ResponseWriter, r *http.Request, _ int) {
			d, err := newDocument([]byte(sample(evilItems(3))), rssType, evilDate, gzip.DefaultCompression)
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			d.send(w, r, true)
		},
		SameGUIDs: body(sample(itemWith("خبر أول", "same", "") + itemWith("خبر ثان", "same", "") + itemWith("خبر ثالث", "same", ""))),
		NoGUIDs:   body(sample("<item><title>خبر بلا هوية</title><description>أ</description></item><item><title>خبر آخر بلا هوية</title><description>ب</description></item>")),
		NewGUIDs: func(w http.ResponseWriter, r *http.Request, n int) {
			body(sample(strings.ReplaceAll(evilItems(3), "evil-", fmt.Sprintf("evil-%d-", n))))(w, r, n)
		},
		NewTag: func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Etag", fmt.Sprintf(`"%d"`, n))
			body(sample(evilItems(3)))(w, r, n)
		},
		StaleTag: func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Etag", `"always"`)
			if r.Header.Get("If-None-Match") == `"always"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			body(sample(evilItem(-n)+evilItems(3)))(w, r, n)
		},
		Shuffled: func(w http.ResponseWriter, r *http.Request, n int) {
			body(sample(evilItem(n%3)+evilItem((n+1)%3)+evilItem((n+2)%3)))(w, r, n)
		},
		FutureDates:   dated("Fri, 13 Mar 2099 10:00:00 +0000"),
		Epoch:         dated("Thu, 01 Jan 1970 00:00:00 +0000"),
		NonsenseDates: dated("Tue, 31 Feb 2026 25:61:00 غدا"),
		Takeover: func(w http.ResponseWriter, r *http.Request, n int) {
			doc := sample(evilItems(3))
			if n > 1 {
				doc = strings.NewReplacer("منبر الأذى", "Best Casino Bonus", ">ar<", ">en<", "evil.invalid", "casino.invalid", "evil-", "casino-").Replace(doc)
			}
			body(doc)(w, r, n)
		},
		Flapping: func(w http.ResponseWriter, r *http.Request, n int) {
			if n%2 == 0 {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			body(sample(evilItems(3)))(w, r, n)
		},
	}
}
