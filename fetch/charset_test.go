package fetch

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Texts of the matrix: a short and a long feed in Arabic, and controls that are not Arabic at all.
const (
	shortArabic = "انقطاع المياه عن الحي"
	longArabic  = "قالت البلدية إن السوق المغطى سيفتح أبوابه أمام المزارعين مطلع الأسبوع المقبل، بعد عامين من الأعمال. وأوضح رئيسها أن الدكاكين وزعت بالقرعة بين أصحاب المزارع؛ فهل تكفي؟"
	french      = "L'été s'achève à Orléans : le marché couvert rouvrira dès le début de la semaine, après dix années d'études et de débats. Où iront les maraîchers évincés ?"
	english     = "The café’s owner said “we reopen on Monday” – for £5 you get the naïve tourist’s breakfast."
)

func feedWith(title, label string) string {
	decl := `<?xml version="1.0"?>`
	if label != "" {
		decl = `<?xml version="1.0" encoding="` + label + `"?>`
	}
	return decl + `<rss version="2.0"><channel><title>` + title + `</title><item><title>` + title + `</title><link>https://waha.example/1</link></item></channel></rss>`
}

func encodeIn(t *testing.T, s, enc string) ([]byte, bool) {
	t.Helper()
	single := func(cm *charmap.Charmap) ([]byte, bool) {
		b, err := cm.NewEncoder().Bytes([]byte(s))
		return b, err == nil
	}
	wideIn := func(order binary.AppendByteOrder) []byte {
		var out []byte
		for _, u := range utf16.Encode([]rune(s)) {
			out = order.AppendUint16(out, u)
		}
		return out
	}
	switch enc {
	case "utf-8":
		return []byte(s), true
	case "windows-1256":
		return single(charmap.Windows1256)
	case "iso-8859-6":
		return single(charmap.ISO8859_6)
	case "windows-1252":
		return single(charmap.Windows1252)
	case "utf-16le":
		return wideIn(binary.LittleEndian), true
	case "utf-16be":
		return wideIn(binary.BigEndian), true
	case "twice by 1252":
		return again(s, charmap.Windows1252), true
	case "twice by 1256":
		return again(s, charmap.Windows1256), true
	}
	t.Fatalf("encoding %q", enc)
	return nil, false
}

// again takes the UTF-8 of s for a charset of single bytes and encodes it once more.
func again(s string, cm *charmap.Charmap) []byte {
	var out []byte
	for i := range len(s) {
		r := cm.DecodeByte(s[i])
		if r == utf8.RuneError {
			r = rune(s[i])
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// TestCharsetMatrix reads each text in each charset under each label. What cannot be told at all is not in
// it: a Latin text whose only high bytes mean different letters in windows-1252 and in windows-1256, under
// the label of the other one.
func TestCharsetMatrix(t *testing.T) {
	t.Parallel()
	read, wrong := 0, 0
	for _, txt := range []struct{ name, value string }{
		{"short Arabic", shortArabic}, {"long Arabic", longArabic}, {"French", french}, {"English", english},
		{"one word", "مطر"}, {"two words", "فوز الواحة"}, {"three words", "ارتفاع أسعار الزيتون"}, {"a word and a name", "Radio 24 عربي"},
		{"French before Arabic", "Météo: أمطار في Oran"}, {"French and Arabic", "Le maire à Oran : افتتاح السوق الجديد في وهران"},
		{"Persian", "گزارش پليس از تصادف در جاده"}, {"Urdu", "پاکستان میں بارش کی پیش گوئی"},
	} {
		encodings := []string{"utf-8", "windows-1256", "iso-8859-6", "utf-16le", "utf-16be", "twice by 1252", "twice by 1256"}
		if strings.HasPrefix(txt.value, "L'") || strings.HasPrefix(txt.value, "The") {
			encodings = []string{"utf-8", "windows-1252", "utf-16le", "utf-16be"}
		}
		for _, enc := range encodings {
			right := strings.TrimSuffix(strings.TrimSuffix(enc, "le"), "be")
			if strings.HasPrefix(enc, "twice") {
				right = "utf-8"
			}
			for _, l := range labelsFor(right) {
				doc, ok := encodeIn(t, feedWith(txt.value, l.xml), enc)
				if !ok {
					continue
				}
				read++
				d, err := Parse(doc, ParseOptions{ContentType: l.header})
				if err != nil || len(d.Items) != 1 || !strings.Contains(unescape(d.Items[0].Title), strings.TrimSpace(txt.value)) {
					wrong++
					got := ""
					if err == nil && len(d.Items) == 1 {
						got = d.Encoding + ": " + d.Items[0].Title
					}
					t.Logf("%s in %s, %s: %v %.90s", txt.name, enc, l.name, err, got)
				}
			}
		}
	}
	t.Logf("%d of %d read right", read-wrong, read)
	if wrong > 0 {
		t.Errorf("%d of %d are read wrong", wrong, read)
	}
}

type labelling struct{ name, header, xml string }

func labelsFor(right string) []labelling {
	out := []labelling{
		{"no label", "", ""},
		{"right in the header", "text/xml; charset=" + right, ""},
		{"right in XML", "text/xml", right},
	}
	for _, wrong := range []string{"utf-8", "windows-1256", "iso-8859-6", "iso-8859-1", "windows-1252", "iso-8859-15", "windows-1251", "koi8-r", "gb2312", "shift_jis", "euc-kr", "big5", "utf-16", "utf-16le", "us-ascii", "x-unknown"} {
		if wrong == right {
			continue
		}
		out = append(out,
			labelling{wrong + " in the header", "text/xml; charset=" + wrong, ""},
			labelling{wrong + " in XML", "", wrong},
			labelling{wrong + " in both", "text/xml; charset=" + wrong, wrong})
	}
	return out
}

func TestCharsetEvidence(t *testing.T) {
	t.Parallel()
	enc := func(s, in string) []byte {
		b, ok := encodeIn(t, s, in)
		if !ok {
			t.Fatal(in)
		}
		return b
	}
	for _, c := range []struct {
		name, contentType, override string
		doc                         []byte
		encoding, repair            string
	}{
		{"UTF-8", "", "", []byte(feedWith(shortArabic, "")), "utf-8", ""},
		{"mark of UTF-8 against a label", "text/xml; charset=windows-1256", "", append([]byte("\xef\xbb\xbf"), feedWith(shortArabic, "")...), "utf-8", ""},
		{"UTF-8 under another label", "", "", []byte(feedWith(shortArabic, "windows-1256")), "utf-8", "labelled windows-1256, is utf-8"},
		{"one bad byte in UTF-8", "", "", []byte(strings.Replace(feedWith(longArabic, ""), " ", "\xe9 ", 1)), "utf-8", "no UTF-8"},
		{"quotes of a word processor in UTF-8", "", "", []byte(feedWith(longArabic+" \x93ن\x94", "")), "utf-8", "no UTF-8"},
		{"a label that names nothing", "text/xml; charset=foo", "", enc(feedWith(longArabic, ""), "windows-1256"), "windows-1256", "no usable label"},
		{"the operator knows better", "", "iso-8859-6", enc(feedWith(shortArabic, "windows-1256"), "iso-8859-6"), "iso-8859-6", ""},
		{"UTF-16 with its mark", "", "", append([]byte{0xFF, 0xFE}, enc(feedWith(shortArabic, "utf-8"), "utf-16le")...), "utf-16le", ""},
		{"Arabic under a Latin label", "text/xml; charset=iso-8859-1", "", enc(feedWith(longArabic, ""), "windows-1256"), "windows-1256", "labelled iso-8859-1"},
		{"two charsets in one", "text/xml; charset=utf-8", "", []byte(strings.Replace(string(enc(feedWith(longArabic, ""), "windows-1256")), "<channel>", "<channel><description>"+shortArabic+"</description>", 1)), "utf-8", "mixed with windows-1256"},
		{"quoted strangely", `text/xml; charset = 'windows-1256'`, "", enc(feedWith(longArabic, ""), "windows-1256"), "windows-1256", ""},
	} {
		d, err := decode(c.doc, c.contentType, c.override)
		if err != nil || d.encoding != c.encoding {
			t.Errorf("%s: %s, %v", c.name, d.encoding, err)
		}
		if !strings.Contains(string(d.doc), "ن") {
			t.Errorf("%s: no Arabic in %s", c.name, d.doc)
		}
		if got := strings.Join(d.repairs, "; "); (got == "") != (c.repair == "") || !strings.Contains(got, c.repair) {
			t.Errorf("%s: repairs %q", c.name, got)
		}
	}
	if _, err := decode([]byte("<rss/>"), "", "no-such"); err == nil {
		t.Error("an unknown override is accepted")
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{feedWith(shortArabic, ""), feedWith("\xc7\xe1\xd3\xe6\xde", "windows-1256"), "\xff\xfe<\x00r\x00", "\x00\x00\x00<", "\xef\xbb\xbf{}", "Ø§Ù„", "don\xc2\x92t"} {
		f.Add([]byte(s), "text/xml; charset=utf-8")
	}
	f.Fuzz(func(t *testing.T, doc []byte, contentType string) {
		d, err := decode(doc, contentType, "")
		if err == nil && !utf8.Valid(d.doc) {
			t.Errorf("not UTF-8: %q", d.doc)
		}
		if err == nil && d.encoding == "" {
			t.Error("no encoding")
		}
	})
}

func ExampleParse() {
	doc, err := charmap.Windows1256.NewEncoder().Bytes([]byte(`<rss version="2.0"><channel><title>الواحة</title><item><title>مطر & ريح</title></item>`))
	if err != nil {
		fmt.Println(err)
	}
	d, err := Parse(bytes.TrimSpace(doc), ParseOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Encoding, d.Items[0].Title)
	// Output: windows-1256 مطر &amp; ريح
}

func TestForeignScripts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		enc      encoding.Encoding
		want     string
	}{
		{"Russian", "Правительство объявило о новых мерах поддержки экономики", charmap.KOI8R, "koi8-r"},
		{"Russian, Windows", "Правительство объявило о новых мерах поддержки экономики", charmap.Windows1251, "windows-1251"},
		{"Hebrew", "הממשלה הודיעה על צעדים חדשים לתמיכה בכלכלה", charmap.Windows1255, "windows-1255"},
		{"Thai", "รัฐบาลประกาศมาตรการใหม่เพื่อสนับสนุนเศรษฐกิจ", charmap.Windows874, "windows-874"},
		{"Japanese", "政府は経済を支援する新しい対策を発表しました", japanese.ShiftJIS, "shift_jis"},
		{"Japanese, EUC", "政府は経済を支援する新しい対策を発表しました", japanese.EUCJP, "euc-jp"},
		{"Korean", "정부는 경제를 지원하기 위한 새로운 대책을 발표했다", korean.EUCKR, "euc-kr"},
		{"Chinese", "政府宣布了支持经济发展的新措施和计划", simplifiedchinese.GBK, "gbk"},
		{"Chinese, Taiwan", "政府宣布了支持經濟發展的新措施和計畫", traditionalchinese.Big5, "big5"},
		{"French", french, charmap.Windows1252, "windows-1252"},
	} {
		doc, err := c.enc.NewEncoder().String("<rss><channel><title>" + c.in + "</title></channel></rss>")
		if err != nil {
			t.Fatal(c.name, err)
		}
		d, err := decode([]byte(doc), "", "")
		if err != nil || d.encoding != c.want || !strings.Contains(string(d.doc), c.in) {
			t.Errorf("%s: %s, %v: %s", c.name, d.encoding, err, d.doc)
		}
	}
}
