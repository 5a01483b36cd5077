package fetch

import (
	"errors"
	"strings"
	"testing"
)

// TestCutAtEveryByte cuts documents of each format behind every byte: what was whole is kept as it was, and
// nothing is made up.
func TestCutAtEveryByte(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, doc, end string }{
		{"RSS", head + "<link>https://waha.example/</link>" + one + `<item><title><![CDATA[ريح "في" الجبل]]></title><link>https://waha.example/2?a=1&amp;b=2</link><description>&lt;p&gt;هبت&lt;/p&gt;</description></item>` + one + foot, "</item>"},
		{"RSS with Windows line ends and a comment", strings.ReplaceAll(head+"\n<!-- أخبار -->\n"+one+"\n"+two+"\n"+foot, "\n", "\r\n"), "</item>"},
		{"RDF", `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>الواحة</title></channel>` + one + two + `</rdf:RDF>`, "</item>"},
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom"><title>الواحة</title><entry><title>مطر على الساحل</title><id>1</id><link href="https://waha.example/1"/></entry><entry><title type="html">ريح في الجبل</title><id>2</id><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>هبت</p></div></content></entry></feed>`, "</entry>"},
		{"JSON", `{"version":"https://jsonfeed.org/version/1.1","title":"الواحة","items":[{"id":"1","title":"مطر على الساحل"},{"id":"2","title":"ريح في الجبل","tags":["طقس"]}]}`, "}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			whole, err := Parse([]byte(c.doc), ParseOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for n := range len(c.doc) {
				ended := min(strings.Count(c.doc[:n], c.end), len(whole.Items))
				d, err := Parse([]byte(c.doc[:n]), ParseOptions{})
				if err != nil {
					if !errors.Is(err, ErrNoFeed) || ended > 0 {
						t.Errorf("cut at %d, %d items ended: %v", n, ended, err)
					}
					continue
				}
				if len(d.Items) < ended {
					t.Errorf("cut at %d: %d items of %d", n, len(d.Items), ended)
					continue
				}
				for i := range ended {
					if d.Items[i].Title != whole.Items[i].Title || d.Items[i].Link != whole.Items[i].Link || d.Items[i].Summary != whole.Items[i].Summary {
						t.Errorf("cut at %d: item %d is %+v", n, i, d.Items[i])
					}
				}
				if len(d.Items) > ended && ended > 0 {
					t.Errorf("cut at %d: an item more than ended", n)
				}
			}
		})
	}
}
