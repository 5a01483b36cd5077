package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/spf13/cobra"

	"rafid/fetch"
)

func (a *app) parseCmd() *cobra.Command {
	var o fetch.ParseOptions
	var headers string
	cmd := &cobra.Command{
		Use:   "parse FILE",
		Short: "Read one feed document and print it as normalised JSON",
		Long: "Parse reads a feed document (RSS, Atom, RDF or JSON Feed, in whatever state) from FILE or, for -, from the\n" +
			"standard input, mends it as a fetch would, and prints one JSON object. What is no feed gives {\"error\":…} and exit 1.",
		Example: "  rafid parse saved.xml | jq .items[0].title\n  curl -s URL | rafid parse --content-type 'text/xml; charset=windows-1256' -",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) (err error) {
			if o.Header, err = answerHeader(headers); err != nil {
				return err
			}
			doc, err := a.readFile(args[0])
			if err != nil {
				return a.refuse(err)
			}
			return a.parse(doc, o)
		},
	}
	cmd.Flags().StringVar(&o.ContentType, "content-type", "", "the Content-Type header that came with it")
	cmd.Flags().StringVar(&headers, "headers", "", "all headers that came with it, as one JSON object: {\"Content-Language\": \"ar\"}")
	cmd.Flags().StringVar(&o.URL, "url", "", "the address it came from, for relative links")
	cmd.Flags().StringVar(&o.Charset, "charset", "", "read the bytes as this, whatever they say of themselves")
	return cmd
}

// answerHeader reads the headers of an answer from a JSON object whose values are strings or lists of them.
func answerHeader(s string) (http.Header, error) {
	if s == "" {
		return nil, nil
	}
	var given map[string]any
	if err := json.Unmarshal([]byte(s), &given); err != nil {
		return nil, fmt.Errorf("--headers: not a JSON object: %w", err)
	}
	h := make(http.Header, len(given))
	for name, value := range given {
		switch v := value.(type) {
		case string:
			h.Add(name, v)
		case []any:
			for _, one := range v {
				h.Add(name, fmt.Sprint(one))
			}
		default:
			return nil, fmt.Errorf("--headers: %s is neither a string nor a list of strings", name)
		}
	}
	return h, nil
}

func (a *app) parse(doc []byte, o fetch.ParseOptions) error {
	d, err := fetch.Parse(doc, o)
	if err != nil {
		return a.refuse(err)
	}
	return writeDocument(a.stdout, d)
}

// refuse prints what a document is refused with, and gives it on.
func (a *app) refuse(err error) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	return errors.Join(err, enc.Encode(map[string]string{"error": err.Error()}))
}

// writeDocument writes a document as one line of JSON, item by item: the encoder holds one at a time, not
// the whole once more.
func writeDocument(w io.Writer, d *fetch.Document) error {
	line := func(v any) ([]byte, error) {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		err := enc.Encode(v)
		return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
	}
	shell := *d
	shell.Items = []fetch.Item{}
	out, err := line(shell)
	if err != nil {
		return err
	}
	const tail = "]}" // of "items":[]}, the last field
	if _, err = w.Write(bytes.TrimSuffix(out, []byte(tail))); err != nil {
		return err
	}
	for i := range d.Items {
		if out, err = line(&d.Items[i]); err != nil {
			return err
		}
		if i > 0 {
			out = append([]byte(","), out...)
		}
		if _, err = w.Write(out); err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, tail+"\n")
	return err
}

// maxDocument bounds what is read from a file: what a fetch admits, and a little.
const maxDocument = 16 << 20

// readFile reads a file, or the standard input for "-".
func (a *app) readFile(name string) ([]byte, error) {
	in, err := a.open(name)
	if err != nil {
		return nil, err
	}
	doc, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	if err == nil && len(doc) > maxDocument {
		err = fmt.Errorf("%s: more than %d MB", name, maxDocument>>20)
	}
	return doc, errors.Join(err, in.Close())
}

func (a *app) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(a.stdin), nil
	}
	return os.Open(name)
}
