package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rafid"
	"rafid/cmd/internal/sqlite"
	"rafid/fetch"
)

func (a *app) confirmCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "confirm ID",
		Short: "Take a source for what it is now: end its quarantine, pause or back-off",
		Long: "Confirm says that you have looked at a source that is quarantined because its title, language and site\n" +
			"changed at once, or paused because its address said twice that it is gone for good. It is asked again at\n" +
			"once, and taken for what it then is. A running server is told by its --admin address.",
		Example: "  rafid confirm bbc",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.confirm(cmd.Context(), args[0])
		},
	}
}

func (a *app) confirm(ctx context.Context, id string) error {
	cfg, err := a.load(a.config)
	if err != nil {
		return err
	}
	if _, ok := cfg.Source(id); !ok {
		return fmt.Errorf("%s has no source %q", a.config, id)
	}
	store, err := sqlite.Open(ctx, filepath.Join(a.data, "rafid.db"))
	if errors.Is(err, sqlite.ErrInUse) {
		err = a.confirmThere(ctx, id)
	} else if err == nil {
		err = errors.Join(confirmIn(ctx, store, id), store.Close())
	}
	if err == nil {
		_, err = fmt.Fprintf(a.stdout, "%s: taken for what it is from the next fetch on\n", id)
	}
	return err
}

// confirmIn changes what a store remembers of a source.
func confirmIn(ctx context.Context, store Store, id string) error {
	st, err := store.State(ctx, id)
	if err != nil {
		return err
	}
	_, err = store.SavePass(ctx, rafid.Pass{State: fetch.Confirmed(st)})
	return err
}

// confirmThere asks the running server to do it.
func (a *app) confirmThere(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // a fetch under way is waited for
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+a.admin+"/sources/"+url.PathEscape(id)+"/confirm", nil)
	if err != nil {
		return usage(fmt.Errorf("--admin %s: %w", a.admin, err))
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("the running server does not answer at --admin %s: %w", a.admin, err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNoContent {
		return nil
	}
	why, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	return errors.Join(fmt.Errorf("the running server answers %s: %s", res.Status, strings.TrimSpace(string(why))), err)
}

// confirmed serves what confirmThere asks for.
func (r *river) confirmed(w http.ResponseWriter, req *http.Request) {
	id := req.PathValue("id")
	src, ok := r.plan.Load().cfg.Source(id)
	if !ok {
		http.Error(w, "no such source", http.StatusNotFound)
		return
	}
	if err := r.amend(req.Context(), src.ID, fetch.Confirmed); err != nil {
		r.log.Error("confirm", "source", src.ID, "err", err)
		http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
		return
	}
	r.log.Info("source confirmed by the operator", "source", src.ID)
	w.WriteHeader(http.StatusNoContent)
}
