package fetch

import "testing"

func TestWebAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"as it is", "https://waha.example/سوق?a=1&b=%20", "https://waha.example/سوق?a=1&b=%20"},
		{"quotes and brackets", `http://waha.example/"><img src=x>`, "http://waha.example/%22%3E%3Cimg%20src=x%3E"},
		{"line ends", "http://waha.example/a\r\nSet-Cookie: x", "http://waha.example/aSet-Cookie:%20x"},
		{"a password", "https://user:secret@waha.example/1?m=a@b", "https://waha.example/1?m=a@b"},
		{"marks of direction", "https://waha.example/\u202ecod", "https://waha.example/%E2%80%AEcod"},
		{"without a scheme", "//waha.example/1", "https://waha.example/1"},
		{"code", "java\nscript:alert(1)", ""},
		{"mail", "mailto:a@b.example", ""},
		{"nothing", "", ""},
	} {
		if got := webAddress("https://base.example/feed", c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
