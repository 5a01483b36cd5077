package main

import (
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
				return err
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
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	d, err := fetch.Parse(doc, o)
	if err != nil {
		return errors.Join(err, enc.Encode(map[string]string{"error": err.Error()}))
	}
	return enc.Encode(d)
}

// maxDocument bounds what is read from a file: a little above what a fetch admits, so that it is the parser
// that refuses.
const maxDocument = 64 << 20

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
