package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rafid/arabic"
	"rafid/cmd/internal/config"
	"rafid/cmd/internal/opml"
)

func (a *app) opmlCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "opml",
		Short:   "Exchange the list of sources with other programs",
		Long:    "Opml out writes the sources of feeds.yaml as OPML; opml in adds those of an OPML file to feeds.yaml.",
		Example: "  rafid opml out > sources.opml\n  rafid opml in exported.opml",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.opmlOutCmd(), a.opmlInCmd())
	for _, c := range cmd.Commands() {
		c.Args = usageArgs(c.Args)
	}
	return cmd
}

func (a *app) opmlOutCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "out",
		Short: "Write the sources as OPML",
		Long: "Out writes the sources that are enabled, in folders by their fixed category, to the standard output. User names,\n" +
			"passwords and headers are left out.",
		Example: "  rafid opml out > sources.opml",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := a.load(a.config)
			if err != nil {
				return err
			}
			return opml.Write(a.stdout, outgoing(cfg))
		},
	}
}

// outgoing is the list of a configuration's sources, without what is secret.
func outgoing(cfg *config.Config) opml.List {
	list := opml.List{Title: cfg.Site.Title}
	for _, s := range cfg.Sources {
		u, err := url.Parse(s.URL)
		if err != nil || !s.Enabled {
			continue
		}
		u.User = nil
		f := opml.Feed{URL: u.String(), Title: s.Name, Site: s.Home}
		if c, ok := cfg.Category(s.Category); ok {
			f.Folders = []string{cmp.Or(c.Title, c.Slug)}
		}
		list.Feeds = append(list.Feeds, f)
	}
	return list
}

func (a *app) opmlInCmd() *cobra.Command {
	var yes, asJSON bool
	cmd := &cobra.Command{
		Use:   "in FILE",
		Short: "Add the feeds of an OPML file to feeds.yaml",
		Long: "In reads an OPML file, or the standard input for -, and prints what it would add, what is there already and what\n" +
			"it leaves out. With --yes it adds: behind the last source, comments and order kept. Doing it twice adds nothing.\n" +
			"A folder that is named like a category gives its feeds that category.",
		Example: "  rafid opml in exported.opml\n  rafid opml in --yes exported.opml",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.opmlIn(args[0], yes, asJSON)
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do it")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return cmd
}

// incoming is what is done with one feed of a list.
type incoming struct {
	Action   string `json:"action"` // add, there or skip
	ID       string `json:"id,omitempty"`
	URL      string `json:"url"`
	Name     string `json:"name,omitempty"`
	Category string `json:"category,omitempty"`
	Why      string `json:"why,omitempty"` // of skip
}

func (a *app) opmlIn(file string, yes, asJSON bool) error {
	cfg, err := a.load(a.config)
	if err != nil {
		return err
	}
	in, err := a.open(file)
	if err != nil {
		return err
	}
	list, err := opml.Read(in)
	if closing := in.Close(); err == nil {
		err = closing
	}
	if err != nil && len(list.Feeds) == 0 {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err != nil {
		fmt.Fprintf(a.stderr, "%s: %v; what stands before it is taken\n", file, err)
	}
	if list.Cut {
		fmt.Fprintf(a.stderr, "%s: more than %d feeds; the first are taken\n", file, opml.MaxFeeds)
	}
	plan, err := planOf(cfg, list)
	if err != nil {
		return err
	}
	if yes {
		if err := a.writeIncoming(plan); err != nil {
			return err
		}
	}
	if asJSON {
		return (&view{out: a.stdout}).json(plan)
	}
	return tellIncoming(a.stdout, plan, a.config, yes)
}

func (a *app) writeIncoming(plan []incoming) error {
	var add []config.NewSource
	for _, p := range plan {
		if p.Action == "add" {
			add = append(add, config.NewSource{ID: p.ID, URL: p.URL, Name: p.Name, Category: p.Category})
		}
	}
	if len(add) == 0 {
		return nil
	}
	_, err := config.Write(a.config, config.AddSources(add...))
	return err
}

// planOf says of each feed of the list what is to be done with it.
func planOf(cfg *config.Config, list opml.List) ([]incoming, error) {
	var addresses []string
	for _, f := range list.Feeds {
		if address, why := feedAddress(f.URL); why == "" {
			addresses = append(addresses, address)
		}
	}
	unfit, err := unfit(addresses)
	if err != nil {
		return nil, err
	}
	there := make(map[string]string) // id by address
	ids := make(map[string]bool)
	for _, s := range cfg.Sources {
		ids[s.ID] = true
		for _, u := range s.URLs {
			there[sameAddress(u)] = s.ID
		}
	}
	plan := []incoming{}
	for _, f := range list.Feeds {
		p := incoming{URL: f.URL}
		address, why := feedAddress(f.URL)
		why = cmp.Or(why, unfit[address])
		id, known := there[sameAddress(address)]
		switch {
		case why != "":
			p.Action, p.Why = "skip", why
		case known:
			p.Action, p.ID = "there", id
		default:
			p.Action, p.URL, p.Name = "add", address, oneLine(f.Title)
			p.ID = guessID(address, func(id string) bool { return ids[id] })
			p.Category = categoryOf(cfg, f.Folders)
			ids[p.ID], there[sameAddress(address)] = true, p.ID
		}
		plan = append(plan, p)
	}
	return plan, nil
}

// feedAddress is the address as it would be fetched, or why it cannot be.
func feedAddress(raw string) (address, why string) {
	raw = strings.TrimPrefix(raw, "feed:")
	if strings.HasPrefix(raw, "//") {
		raw = "http:" + raw
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return "", "no address"
	case u.Scheme != "http" && u.Scheme != "https":
		return "", "neither http nor https"
	case u.Hostname() == "":
		return "", "no host"
	}
	return u.String(), ""
}

// together is how many addresses are judged at once: fewer than check reports of one file.
const together = 400

// unfit says what rafid check would say of sources with these addresses, by address.
func unfit(addresses []string) (map[string]string, error) {
	why := make(map[string]string)
	for some := range slices.Chunk(addresses, together) {
		var file strings.Builder
		file.WriteString("sources:\n")
		for i, address := range some {
			quoted, err := json.Marshal(address) // JSON is YAML
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&file, "  source%d: %s\n", i, quoted)
		}
		_, problems := config.Parse("", []byte(file.String()))
		for _, p := range problems {
			if i := p.Line - 2; i >= 0 && i < len(some) && why[some[i]] == "" {
				why[some[i]] = strings.TrimPrefix(p.What, fmt.Sprintf("source %q ", fmt.Sprint("source", i)))
			}
		}
	}
	return why, nil
}

// sameAddress is equal for addresses that lead to one feed: scheme, letter case of the host, www and a final slash
// do not matter.
func sameAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	key := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimSuffix(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		key += "?" + u.RawQuery
	}
	return key
}

// categoryOf is the category that the innermost folder of that name means, in whatever spelling; empty if none does.
func categoryOf(cfg *config.Config, folders []string) string {
	for _, folder := range slices.Backward(folders) {
		key := arabic.Fold(strings.ToLower(folder))
		for _, c := range cfg.Categories {
			names := append([]string{c.Slug, c.Title}, c.From...)
			if slices.ContainsFunc(names, func(n string) bool { return arabic.Fold(strings.ToLower(n)) == key }) {
				return c.Slug
			}
		}
	}
	return ""
}

func tellIncoming(w io.Writer, plan []incoming, path string, done bool) error {
	var b strings.Builder
	count := make(map[string]int)
	for _, p := range plan {
		count[p.Action]++
		switch p.Action {
		case "add":
			fmt.Fprintf(&b, "add    %-20s %-10s %s  %s\n", p.ID, p.Category, p.URL, p.Name)
		case "there":
			fmt.Fprintf(&b, "there  %-20s            %s\n", p.ID, p.URL)
		default:
			fmt.Fprintf(&b, "skip   %-20s            %s (%s)\n", "", oneLine(p.URL), p.Why)
		}
	}
	fmt.Fprintf(&b, "%d to add, %d there already, %d left out", count["add"], count["there"], count["skip"])
	switch {
	case count["add"] == 0:
		b.WriteString("\n")
	case done:
		fmt.Fprintf(&b, "; written to %s\n", path)
	default:
		b.WriteString("; nothing is written without --yes\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
