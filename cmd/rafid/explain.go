package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rafid"
	"rafid/cmd/internal/sqlite"
	"rafid/dedupe"
)

func (a *app) explainCmd() *cobra.Command {
	var near float64
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain A [B]",
		Short: "Say why stories are together, or why two are apart",
		Long: "Explain prints the group of a story with the evidence for each member, or, given two stories, what is between\n" +
			"them: together, why; apart, what they lack. A story is named by its id, by the address of its page here, or by\n" +
			"the link of the outlet's article. --near says what another dedupe.near would do.",
		Example: "  rafid explain https://news.example.org/s/k2v5x7q3nqtb5cdx4m6yzr2hdu\n  rafid explain A B --near 0.7",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("near") && (near <= 0 || near > 1) {
				return usage(fmt.Errorf("--near %v: want above 0, at most 1", near))
			}
			return a.withView(cmd.Context(), func(v *view) error {
				return v.explain(cmd.Context(), args, near, asJSON)
			})
		},
	}
	cmd.Flags().Float64Var(&near, "near", 0, "another value of dedupe.near to ask about")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

// view is the store as the reading commands see it, beside a running server too.
type view struct {
	*sqlite.DB
	plan *plan
	out  io.Writer
}

// withView opens the store for reading, by the settings of feeds.yaml.
func (a *app) withView(ctx context.Context, do func(*view) error) (err error) {
	cfg, err := a.load(a.config)
	if err != nil {
		return err
	}
	p, err := newPlan(cfg)
	if err != nil {
		return err
	}
	db, err := sqlite.View(ctx, filepath.Join(a.data, "rafid.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return do(&view{DB: db, plan: p, out: a.stdout})
}

// find gives the group that a reference means, and the story in it: one that is named, or the group's lead.
func (v *view) find(ctx context.Context, ref string) (rafid.Entry, rafid.Story, error) {
	id := ref
	if u, err := url.Parse(ref); err == nil && u.Host != "" {
		id = path.Base(strings.TrimSuffix(u.Path, ".html"))
		if path.Base(path.Dir(u.Path)) != "s" {
			if id, err = v.Find(ctx, ref); err != nil {
				return rafid.Entry{}, rafid.Story{}, notStored(ref, err)
			}
		}
	}
	e, err := groupOf(ctx, v.DB, id)
	if err != nil {
		return e, rafid.Story{}, err
	}
	for _, s := range e.Stories {
		if s.ID == id {
			return e, s, nil
		}
	}
	if len(e.Stories) == 0 {
		return e, rafid.Story{}, notStored(ref, rafid.ErrNotFound)
	}
	return e, e.Lead(), nil
}

// notStored says what to do about a story that the store does not have.
func notStored(ref string, err error) error {
	if !errors.Is(err, rafid.ErrNotFound) {
		return err
	}
	return fmt.Errorf("no story %q: name it by its id, by the address of its page (…/s/ID), or by the link of the article", ref)
}

// explained is what explain prints as JSON of one story.
type explained struct {
	Group     string            `json:"group"`
	Title     string            `json:"title"`
	Published time.Time         `json:"published"`
	Thread    string            `json:"thread,omitempty"`
	Members   []explainedMember `json:"members"`
}

type explainedMember struct {
	Story     string         `json:"story"`
	Source    string         `json:"source"`
	Title     string         `json:"title"`
	Link      string         `json:"link"`
	Published time.Time      `json:"published"`
	Relation  rafid.Relation `json:"relation"`
	Of        string         `json:"of,omitempty"`
	Near      float64        `json:"near,omitempty"`  // highest dedupe.near at which it stands here
	Order     []string       `json:"order,omitempty"` // the operator's pair that put it here
	Evidence  rafid.Evidence `json:"evidence,omitzero"`
}

// explainedPair is what explain prints as JSON of two stories.
type explainedPair struct {
	A        string         `json:"a"`
	B        string         `json:"b"`
	Together bool           `json:"together"`
	Groups   [2]string      `json:"groups"`
	Relation string         `json:"relation"`
	Reason   string         `json:"reason"`
	Score    float64        `json:"score"`
	Needed   float64        `json:"threshold"`
	Near     float64        `json:"near"` // highest dedupe.near at which they would be together, by the score alone
	Asked    *nearAnswer    `json:"asked,omitempty"`
	Evidence rafid.Evidence `json:"evidence"`
}

// nearAnswer is what another dedupe.near would do.
type nearAnswer struct {
	Near     float64 `json:"near"`
	Together bool    `json:"together"`
}

func (v *view) explain(ctx context.Context, refs []string, near float64, asJSON bool) error {
	e, s, err := v.find(ctx, refs[0])
	if err != nil {
		return err
	}
	if len(refs) == 1 {
		x := v.members(e)
		if asJSON {
			return v.json(x)
		}
		return v.tellGroup(x, near)
	}
	other, t, err := v.find(ctx, refs[1])
	if err != nil {
		return err
	}
	if s.ID == t.ID {
		return usage(fmt.Errorf("%s and %s are the same story", refs[0], refs[1]))
	}
	pair, err := v.between(ctx, e, s, other, t)
	if err != nil {
		return err
	}
	if near > 0 {
		pair.Asked = &nearAnswer{Near: near, Together: near <= pair.Near}
	}
	if asJSON {
		return v.json(pair)
	}
	return v.tellPair(pair, s, t)
}

func (v *view) json(what any) error {
	enc := json.NewEncoder(v.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(what)
}

func (v *view) members(e rafid.Entry) explained {
	x := explained{Group: e.Group.ID, Title: e.Group.Title, Published: e.Group.Published, Thread: e.Group.Thread}
	o := v.plan.dedupe()
	for i, m := range e.Group.Members {
		s := e.Stories[i]
		em := explainedMember{
			Story: s.ID, Source: s.Source, Title: s.Title, Link: s.Link, Published: s.Published, Relation: m.Relation,
			Of: m.Of, Evidence: m.Evidence,
		}
		if m.Order != (rafid.Order{}) {
			em.Order = m.Order.Pair[:]
		} else if m.Relation != rafid.Lead {
			em.Near = o.NearFor(m.Evidence)
		}
		x.Members = append(x.Members, em)
	}
	return x
}

// between says what two stories are to each other: by what is stored when one is linked by the other, else by asking
// the index, else, when it holds one of them no longer, by comparing the two alone.
func (v *view) between(ctx context.Context, e rafid.Entry, s rafid.Story, other rafid.Entry, t rafid.Story) (p explainedPair, err error) {
	p = explainedPair{A: s.ID, B: t.ID, Groups: [2]string{e.Group.ID, other.Group.ID}, Together: e.Group.ID == other.Group.ID}
	o := v.plan.dedupe()
	if o.Boilerplate, err = recalled(ctx, v.DB); err != nil {
		return p, err
	}
	x, err := restored(ctx, v.DB, o, time.Now())
	if err != nil {
		return p, err
	}
	if p.Together {
		c := x.Compare(s, t)
		p.Relation, p.Evidence, p.Score, p.Needed, p.Reason = c.Relation, c.Evidence, c.Evidence.Score, c.Evidence.Threshold, "together"
		for i, m := range e.Group.Members {
			if linked := m.Story == s.ID && m.Of == t.ID || m.Story == t.ID && m.Of == s.ID; linked {
				m = e.Group.Members[i]
				p.Relation, p.Evidence, p.Score, p.Needed, p.Reason = string(m.Relation), m.Evidence, m.Evidence.Score, m.Evidence.Threshold, "linked"
				if m.Order != (rafid.Order{}) {
					p.Reason = "ordered"
				}
			}
		}
		p.Near = v.plan.dedupe().NearFor(p.Evidence)
		return p, nil
	}
	answer, ok := x.Ask(s, other.Group.ID)
	if !ok {
		c := x.Compare(s, t)
		answer = dedupe.Answer{Score: c.Evidence.Score, Threshold: c.Evidence.Threshold, Relation: c.Relation, Evidence: c.Evidence}
		answer.Near, answer.Closed = v.plan.dedupe().NearFor(c.Evidence), true
	}
	p.Relation, p.Evidence, p.Score, p.Needed, p.Near = answer.Relation, answer.Evidence, answer.Score, answer.Threshold, answer.Near
	p.Evidence.Arabic, p.Evidence.English = "", "" // they say why two are together
	p.Reason = reasonApart(answer)
	return p, nil
}

func reasonApart(a dedupe.Answer) string {
	switch {
	case a.Forbidden:
		return "ordered"
	case a.Score < a.Threshold:
		return "score"
	case a.Closed:
		return "closed"
	}
	return "later"
}
