// Package storetest is the suite that every store of Rafid passes: it says, by examples, what the stages
// may rely on. A store's own tests call [Run] with a function that opens it.
//
// It tests what is kept and in which order it comes back, not speed and not how a store survives power
// loss.
package storetest

import (
	"context"
	"time"

	"rafid"
)

// Store is what all stages together ask of a store. Its methods are safe for concurrent use.
type Store interface {
	State(ctx context.Context, source string) (rafid.SourceState, error)
	States(ctx context.Context) ([]rafid.SourceState, error)
	SavePass(ctx context.Context, p rafid.Pass) (rafid.Receipt, error)
	Known(ctx context.Context, source string, max int) ([]rafid.Story, error)
	Sights(ctx context.Context, ids []string) (map[string]rafid.Sight, error)
	SaveStates(ctx context.Context, states []rafid.SourceState) error
	Waiting(ctx context.Context, max int) ([]rafid.Story, error)
	Window(ctx context.Context, since time.Time, texts bool, do func(rafid.Story, rafid.Placement) error) error
	Place(ctx context.Context, ps []rafid.Placement) (changed []string, err error)
	Stories(ctx context.Context, since time.Time, do func(s rafid.Story, group string) error) error
	Refile(ctx context.Context, filings []rafid.Filing) (changed []string, err error)
	Boilerplate(ctx context.Context) (map[string][]byte, error)
	SaveBoilerplate(ctx context.Context, learnt map[string][]byte) error
	Ordered(ctx context.Context) ([]rafid.Placement, error)
	Story(ctx context.Context, id string) (s rafid.Story, group string, err error)
	Entries(ctx context.Context, q rafid.Query) ([]rafid.Entry, error)
	EntriesByID(ctx context.Context, ids []string) ([]rafid.Entry, error)
	Entry(ctx context.Context, group string) (rafid.Entry, error)
	Stats(ctx context.Context, since time.Time) (rafid.Stats, error)
	Ping(ctx context.Context) error
	Close() error
}
