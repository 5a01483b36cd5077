package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"rafid/fetch"
)

func (a *app) parseCmd() *cobra.Command {
	var o fetch.ParseOptions
	cmd := &cobra.Command{
		Use:   "parse FILE",
		Short: "Read one feed document and print it as normalised JSON",
		Long: "Parse reads a feed document (RSS, Atom, RDF or JSON Feed, in whatever state) from FILE or, for -, from the\n" +
			"standard input, mends it as a fetch would, and prints one JSON object. What is no feed gives {\"error\":…} and exit 1.",
		Example: "  rafid parse saved.xml | jq .items[0].title\n  curl -s URL | rafid parse --content-type 'text/xml; charset=windows-1256' -",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			doc, err := a.readFile(args[0])
			if err != nil {
				return err
			}
			return a.parse(doc, o)
		},
	}
	cmd.Flags().StringVar(&o.ContentType, "content-type", "", "the Content-Type header that came with it")
	cmd.Flags().StringVar(&o.URL, "url", "", "the address it came from, for relative links")
	cmd.Flags().StringVar(&o.Charset, "charset", "", "read the bytes as this, whatever they say of themselves")
	return cmd
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
