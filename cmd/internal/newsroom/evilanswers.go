package newsroom

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// refuse answers with a status and header fields, name after value.
func refuse(status int, body string, fields ...string) deed {
	return func(w http.ResponseWriter, _ *http.Request, _ int) {
		for i := 0; i < len(fields); i += 2 {
			w.Header().Set(fields[i], fields[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func refusals() map[Behaviour]deed {
	return map[Behaviour]deed{
		Unauthorized:   refuse(401, "", "WWW-Authenticate", `Basic realm="feeds"`),
		Forbidden:      refuse(403, "ممنوع"),
		NotFound:       refuse(404, "الصفحة غير موجودة"),
		Gone:           refuse(410, ""),
		TooMany:        refuse(429, "", "Retry-After", "120"),
		TooManyForever: refuse(429, "", "Retry-After", strconv.Itoa(100*365*24*3600)),
		TooManyUntil: func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusTooManyRequests)
		},
		ServerError:       refuse(500, "خطأ داخلي"),
		BadGateway:        refuse(502, "<html><h1>502 Bad Gateway</h1></html>", "Content-Type", "text/html"),
		Unavailable:       refuse(503, "", "Retry-After", "3600"),
		NoContent:         refuse(204, ""),
		OddStatus:         refuse(999, "denied"),
		AlwaysNotModified: refuse(304, ""),
	}
}

func redirect(status int, to string) deed {
	return refuse(status, "", "Location", to)
}

func redirects() map[Behaviour]deed {
	return map[Behaviour]deed{
		MovedForGood:    redirect(301, string(Good)),
		MovedForGood308: redirect(308, string(Good)),
		MovedForNow:     redirect(302, string(Good)),
		RedirectLoop:    redirect(302, string(RedirectLoop)),
		RedirectChain:   chain,
		RedirectNowhere: refuse(302, ""),
		// A reader without a guard meets silence there: nobody has these addresses.
		RedirectToPrivate:  redirect(302, "http://[fd00::1]/rss.xml"),
		RedirectToLink:     redirect(302, "http://169.254.0.1/rss.xml"),
		RedirectToReserved: redirect(302, "http://192.0.2.1/rss.xml"),
		RedirectToFile:     redirect(302, "file:///etc/passwd"),
	}
}

// chainHops is more than any reader should follow: browsers stop at 20.
const chainHops = 20

func chain(w http.ResponseWriter, r *http.Request, n int) {
	hop, err := strconv.Atoi(r.PathValue("hop"))
	if err != nil {
		hop = 0
	}
	to := string(RedirectChain) + "/" + strconv.Itoa(hop+1)
	if hop == chainHops {
		to = string(Good)
	}
	redirect(http.StatusFound, to)(w, r, n)
}

// delays are the answers that take their time: all end when the reader goes away.
func (e *EvilRoom) delays() map[Behaviour]deed {
	return map[Behaviour]deed{
		Timeout: func(_ http.ResponseWriter, r *http.Request, _ int) {
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		},
		Drip: func(w http.ResponseWriter, r *http.Request, _ int) {
			w.Header().Set("Content-Type", rssType)
			flow := http.NewResponseController(w)
			doc := sample(evilItems(3))
			for i := 0; wait(r.Context(), e.pace); i++ {
				if _, err := io.WriteString(w, byteAt(doc, i)); err != nil || flow.Flush() != nil {
					return
				}
			}
		},
		Stall: func(w http.ResponseWriter, r *http.Request, _ int) {
			doc := sample(evilItems(3))
			w.Header().Set("Content-Type", rssType)
			w.Header().Set("Content-Length", strconv.Itoa(len(doc)))
			_, _ = io.WriteString(w, doc[:len(doc)/2])
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		},
		Endless: func(w http.ResponseWriter, r *http.Request, _ int) {
			w.Header().Set("Content-Type", rssType)
			_, err := io.WriteString(w, evilHead)
			for i := 0; err == nil && r.Context().Err() == nil; i++ {
				_, err = io.WriteString(w, evilItem(i))
			}
		},
		SlowHeader: raw(func(c net.Conn, r *http.Request) {
			doc := "HTTP/1.1 200 OK\r\nX-Slow: "
			for i := 0; wait(r.Context(), e.pace); i++ {
				if _, err := io.WriteString(c, byteAt(doc, i)); err != nil {
					return
				}
			}
		}),
	}
}

// byteAt is the ith byte of a document, and a letter for ever after its end.
func byteAt(doc string, i int) string {
	if i < len(doc)-len(evilTail) {
		return doc[i : i+1]
	}
	return "a"
}

// raw takes the connection over; it is closed when the deed returns.
func raw(do func(net.Conn, *http.Request)) deed {
	return func(w http.ResponseWriter, r *http.Request, _ int) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer c.Close()
		do(c, r)
	}
}

// say sends bytes as they are, then closes the connection.
func say(answer string) deed {
	return raw(func(c net.Conn, _ *http.Request) { _, _ = io.WriteString(c, answer) })
}

// reset sends bytes, then resets the connection.
func reset(answer string) deed {
	return raw(func(c net.Conn, _ *http.Request) {
		_, _ = io.WriteString(c, answer)
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // close with RST instead of FIN
		}
	})
}

// floodFields are 12 MB of header: net/http takes 10 MB unless told otherwise.
const floodFields = 12_000

func raws() map[Behaviour]deed {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: " + rssType + "\r\n"
	doc := sample(evilItems(3))
	size := strconv.Itoa(len(doc))
	return map[Behaviour]deed{
		LengthTooLong: say(head + "Content-Length: " + strconv.Itoa(len(doc)+5000) + "\r\n\r\n" + doc),
		LengthShort:   say(head + "Content-Length: " + strconv.Itoa(len(doc)/2) + "\r\n\r\n" + doc),
		Reset:         reset(head + "Content-Length: " + size + "\r\n\r\n" + doc[:len(doc)/2]),
		ResetAtOnce:   reset(""),
		Hangup:        say(""),
		BadChunk:      say(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + doc + "\r\n0\r\n\r\n"),
		NotHTTP:       say("220 mail.example.org ESMTP ready\r\n"),
		HeaderFlood: raw(func(c net.Conn, _ *http.Request) {
			_, err := io.WriteString(c, head)
			for i := 0; err == nil && i < floodFields; i++ {
				_, err = io.WriteString(c, "X-Flood: "+strings.Repeat("a", 990)+"\r\n")
			}
			if err == nil {
				_, _ = io.WriteString(c, "\r\n"+doc)
			}
		}),
		StatusOnly:    say("HTTP/1.1 200 OK\r\n"),
		TwoLengths:    say(head + "Content-Length: " + size + "\r\nContent-Length: 7\r\n\r\n" + doc),
		LengthAndMore: say(head + "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n" + strconv.FormatInt(int64(len(doc)), 16) + "\r\n" + doc + "\r\n0\r\n\r\n"),
		ManyCookies: func(w http.ResponseWriter, r *http.Request, n int) {
			for i := range 100 {
				w.Header().Add("Set-Cookie", "c"+strconv.Itoa(i)+"="+strings.Repeat("x", 40))
			}
			body(doc)(w, r, n)
		},
	}
}
