package main

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"rafid"
	"rafid/cmd/internal/config"
	"rafid/fetch"
	"rafid/output"
)

// Store is what the pipeline asks of a store, beside what the pages ask of it. It is safe for concurrent
// use, and what it has acknowledged survives a crash.
type Store interface {
	output.Store
	State(ctx context.Context, source string) (rafid.SourceState, error)
	SavePass(ctx context.Context, p rafid.Pass) (rafid.Receipt, error)
	Known(ctx context.Context, source string, max int) ([]rafid.Story, error)
	Sights(ctx context.Context, ids []string) (map[string]rafid.Sight, error)
	SaveStates(ctx context.Context, states []rafid.SourceState) error
	Waiting(ctx context.Context, max int) ([]rafid.Story, error)
	Window(ctx context.Context, since time.Time, texts bool, do func(rafid.Story, rafid.Placement) error) error
	Place(ctx context.Context, ps []rafid.Placement) (changed []string, err error)
	Boilerplate(ctx context.Context) (map[string][]byte, error)
	SaveBoilerplate(ctx context.Context, learnt map[string][]byte) error
	Ordered(ctx context.Context) ([]rafid.Placement, error)
	Story(ctx context.Context, id string) (s rafid.Story, group string, err error)
	EntriesByID(ctx context.Context, ids []string) ([]rafid.Entry, error)
	Ping(ctx context.Context) error
	Close() error
}

// river is the program at work: the stages joined, in their order. A pass takes a source through fetch,
// category and store; settle takes what has gathered there through dedupe and output. Passes may run at
// once, settle has one caller.
type river struct {
	store   Store
	client  *fetch.Client
	grouper *grouper
	pub     *output.Publisher
	log     *slog.Logger
	metrics *metrics
	base    string // address of links when feeds.yaml names none
	config  string // path of feeds.yaml; empty when it is not to be changed
	now     func() time.Time

	ready atomic.Bool // the first publication is done
	plan  atomic.Pointer[plan]
	wake  chan struct{} // of capacity 1: something waits to be settled

	outage  outage
	pushes  *pushes
	files   *files
	errands sync.WaitGroup // what is under way beside passes

	announcer *announcer // nil while nobody is told of changed feeds

	mu        sync.Mutex
	changed   map[string]bool              // groups not yet published as they now are
	names     map[string]string            // what unnamed sources call themselves, as last published
	renamed   bool                         // one of the names is new
	known     map[string]rafid.SourceState // what is remembered of each source, as stored
	turns     map[string]*sync.Mutex       // held while a source is worked on
	postponed map[string]bool              // sources whose state is remembered, and to be stored at the next flush
}

// tide is what one pass brought.
type tide struct {
	Outcome fetch.Outcome
	Receipt rafid.Receipt
	Dropped int // by the operator's rules
	Was     rafid.Condition
	State   rafid.SourceState
}

// pass runs one source: fetch, clean, categorise, store. It is the job that a schedule or a queue calls.
func (r *river) pass(ctx context.Context, src config.Source) (tide, error) {
	defer r.turn(src.ID)()
	p := r.plan.Load()
	last, err := r.recall(ctx, src.ID)
	if err != nil {
		return tide{}, err
	}
	target := p.target(src)
	res, fetchErr := r.client.Fetch(ctx, target, last)
	if res.Outcome == fetch.Waiting || ctx.Err() != nil {
		return tide{Outcome: res.Outcome, Was: last.Condition, State: res.State}, fetchErr
	}
	if fetchErr == nil {
		if err := r.prove(ctx, last, &res); err != nil {
			return tide{}, err
		}
		r.adopt(ctx, src, &res.State)
	}
	t, err := r.land(ctx, p, src, target, last, res)
	if err != nil {
		return t, err
	}
	r.pushes.polled(src.ID, t.Receipt.New)
	return t, fetchErr
}

// land takes what was fetched, or pushed, through category and store.
func (r *river) land(ctx context.Context, p *plan, src config.Source, target fetch.Target, last rafid.SourceState, res fetch.Result) (t tide, err error) {
	t = tide{Outcome: res.Outcome, Was: last.Condition, State: res.State}
	r.readPages(ctx, target, res.Stories)
	stories, dropped := p.file(src.Source, res.Stories)
	t.Dropped = dropped
	if t.Receipt, err = r.save(ctx, rafid.Pass{State: res.State, Stories: stories, Limit: rafid.Limit(src.Limit)}); err != nil {
		return t, err
	}
	r.metrics.pass(src.ID, t)
	if !src.Named {
		r.learn(src.ID, res.State.Title)
	}
	if t.Receipt.New > 0 || t.Receipt.Revised > 0 {
		r.touch(t.Receipt.Groups...)
	}
	return t, nil
}

// recall gives what is remembered of a source: from memory, for no other process writes to the store, or
// from the store at first.
func (r *river) recall(ctx context.Context, source string) (rafid.SourceState, error) {
	r.mu.Lock()
	st, ok := r.known[source]
	r.mu.Unlock()
	if ok {
		return st, nil
	}
	return r.store.State(ctx, source)
}

// save stores a pass, and remembers its state.
func (r *river) save(ctx context.Context, p rafid.Pass) (rafid.Receipt, error) {
	p.State.Push = r.pushes.save(p.State.Source)
	if r.postpone(p) {
		return rafid.Receipt{}, nil
	}
	receipt, err := r.store.SavePass(ctx, p)
	if err == nil {
		r.mu.Lock()
		r.known[p.State.Source] = p.State
		r.mu.Unlock()
	}
	return receipt, err
}

// turn waits until nobody else is at work on a source; done lets the next one.
func (r *river) turn(source string) (done func()) {
	r.mu.Lock()
	m := r.turns[source]
	if m == nil {
		m = new(sync.Mutex)
		r.turns[source] = m
	}
	r.mu.Unlock()
	m.Lock()
	return m.Unlock
}

// amend changes what is remembered of a source outside of a pass.
func (r *river) amend(ctx context.Context, source string, change func(rafid.SourceState) rafid.SourceState) error {
	defer r.turn(source)()
	st, err := r.recall(ctx, source)
	if err != nil {
		return err
	}
	_, err = r.save(ctx, rafid.Pass{State: change(st)})
	return err
}

// file gives each story its categories, drops what the operator's rules drop, and puts the rest in order
// of publication.
func (p *plan) file(src rafid.Source, stories []rafid.Story) (kept []rafid.Story, dropped int) {
	kept = make([]rafid.Story, 0, len(stories))
	for _, s := range stories {
		v := p.classifier.Classify(src, s)
		if v.Drop {
			dropped++
			continue
		}
		s.Categories, s.Tags, s.Why = v.Categories, v.Tags, v.Why
		kept = append(kept, s)
	}
	slices.SortStableFunc(kept, func(a, b rafid.Story) int { return a.Published.Compare(b.Published) })
	return kept, dropped
}

// learn takes the name that an unnamed source gives itself; outputs carry it from the next publishing on.
func (r *river) learn(id, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if name != "" && r.names[id] != name {
		r.names[id], r.renamed = name, true
	}
}

// rename gives the publisher the names learnt since the last time.
func (r *river) rename(ctx context.Context) error {
	r.mu.Lock()
	renamed := r.renamed
	r.renamed = false
	r.mu.Unlock()
	if !renamed {
		return nil
	}
	if err := r.pub.Reload(r.outputs(r.plan.Load())); err != nil {
		r.mu.Lock()
		r.renamed = true
		r.mu.Unlock()
		return err
	}
	return r.show(ctx, nil)
}

// touch marks groups as changed and wakes whoever settles.
func (r *river) touch(groups ...string) {
	r.change(groups)
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// publishEvery bounds how long a story waits for its feed while others still pour in: publishing less
// often spares work in a flood, and two seconds from fetch to feed is what readers are promised.
const publishEvery = time.Second

// settle does what the operator ordered, groups what waits, publishing what changed every so often, and at the end
// when nothing waits. What was grouped may be moved against an order; so orders are obeyed at the end again.
func (r *river) settle(ctx context.Context, every time.Duration) error {
	r.grouper.configure(r.plan.Load().dedupe())
	changed, err := r.grouper.obey(ctx)
	if err != nil {
		return err
	}
	r.change(changed)
	published := r.now()
	for {
		changed, placed, err := r.grouper.step(ctx)
		if err != nil {
			return err
		}
		r.change(changed)
		if placed == 0 {
			break
		}
		if r.now().Sub(published) < every {
			continue
		}
		if err := r.publish(ctx); err != nil {
			return err
		}
		published = r.now()
	}
	if changed, err = r.grouper.obey(ctx); err != nil {
		return err
	}
	r.change(changed)
	if err := r.grouper.keepLearnt(ctx); err != nil {
		return err
	}
	return r.publish(ctx)
}

// change marks groups as changed: the next publishing takes them.
func (r *river) change(groups []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range groups {
		r.changed[g] = true
	}
}

// manyChanged is from how many groups on all channels are rendered rather than looked for: the groups of
// a cold start touch every channel anyway.
const manyChanged = 500

// publish brings the renderings up to date. What it was publishing when it failed stays marked as changed.
func (r *river) publish(ctx context.Context) error {
	if err := r.rename(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	ids := make([]string, 0, len(r.changed))
	for id := range r.changed {
		ids = append(ids, id)
	}
	r.changed = make(map[string]bool)
	r.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	err := r.publishGroups(ctx, ids)
	if err != nil {
		r.touch(ids...)
	}
	return err
}

func (r *river) publishGroups(ctx context.Context, ids []string) error {
	begun := r.now()
	defer func() { r.metrics.publishing.Observe(r.now().Sub(begun).Seconds()) }()
	if len(ids) > manyChanged {
		return r.show(ctx, nil)
	}
	slices.Sort(ids)
	entries, err := r.store.EntriesByID(ctx, ids)
	if err != nil {
		return err
	}
	return r.show(ctx, entries)
}

// retryAfter is how long settling rests after a failure of the store or of a rendering.
const retryAfter = 5 * time.Second

// flow settles whenever something waits, until ctx ends.
func (r *river) flow(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		}
		err := r.settle(ctx, publishEvery)
		if err == nil || ctx.Err() != nil {
			continue
		}
		r.log.Error("grouping and publishing stopped short; trying again", "err", err, "dur", retryAfter)
		select {
		case <-ctx.Done():
			return
		case <-time.After(retryAfter):
			r.touch()
		}
	}
}
