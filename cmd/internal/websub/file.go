package websub

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// load reads the subscriptions that the file holds. Those whose lease is over are dropped when they are met.
func (h *Hub) load() error {
	if h.File == "" {
		return nil
	}
	text, err := os.ReadFile(h.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("subscriptions: %w", err)
	}
	var subs []*subscription
	if err := json.Unmarshal(text, &subs); err != nil {
		return fmt.Errorf("subscriptions in %s cannot be read; without the file subscribers come back when their leases end: %w", h.File, err)
	}
	for _, s := range subs[:min(len(subs), maxSubs)] {
		if s != nil {
			h.subs[key{s.Topic, s.Callback}] = s
		}
	}
	return nil
}

// save writes the subscriptions to the file, in one step: after a crash it holds the old ones or the new. The
// lock is held.
func (h *Hub) save() error {
	if h.File == "" {
		return nil
	}
	subs := make([]*subscription, 0, len(h.subs))
	for _, s := range h.subs {
		subs = append(subs, s)
	}
	slices.SortFunc(subs, func(a, b *subscription) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Callback, b.Callback))
	})
	text, err := json.MarshalIndent(subs, "", " ")
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(h.File), filepath.Base(h.File)+".*") // mode 0600: it holds secrets
	if err != nil {
		return err
	}
	_, err = temp.Write(append(text, '\n'))
	if err = errors.Join(err, temp.Sync(), temp.Close()); err == nil {
		err = os.Rename(temp.Name(), h.File)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}
