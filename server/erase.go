package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

// erasure is what is to be erased, why, and who says so.
type erasure struct {
	Town     string     `json:"town"`
	Events   []event.ID `json:"events"`
	Entities []event.ID `json:"entities"`
	Reason   string     `json:"reason"`
	Decision string     `json:"decision"`
	Who      string     `json:"who"`
}

// erased is what came of it.
type erased struct {
	Town     wire.Town `json:"town"`
	Events   int       `json:"events"`
	Entities int       `json:"entities"`
	swept
}

// swept is what became of what was made of a town before.
type swept struct {
	Backups []string `json:"backups"` // written anew
	Removed []string `json:"removed"` // that could not be written anew, and why
}

// Erase takes away what people wrote, for good: from the town and its file, from every backup on the shelf, and from phones when
// they next call. The ledger has it first, so that an erasure which stops at any moment is finished later, at the latest
// by the next start.
func (h *house) Erase(ctx context.Context, e erasure) (out erased, err error) {
	ctx, cancel := h.while(ctx)
	defer cancel()
	h.shelf.making.Lock()
	defer h.shelf.making.Unlock()
	if out.Town, err = h.town(ctx, e.Town); err != nil {
		return out, err
	}
	if e.Reason == "" {
		return out, fault.New(fault.Invalid, "", "say why, without saying what is erased").At("reason")
	}
	gone, err := h.replica.Erasable(ctx, out.Town.ID, e.Events, e.Entities)
	if err != nil || len(gone) == 0 && !h.unfinished(out.Town.ID) {
		return out, err
	}
	if err := h.writeDown(out.Town.ID, gone, e); err != nil {
		return out, fmt.Errorf("nothing was erased yet: %w", err)
	}
	for _, g := range gone {
		if g.Event.IsZero() {
			out.Entities++
		} else {
			out.Events++
		}
	}
	if out.swept, err = h.takeAway(ctx, out.Town.ID); err != nil {
		return out, fmt.Errorf("it is in the ledger, and not everything is gone yet: a running server tries again every minute, and the next start does: %w", err)
	}
	return out, nil
}

// takeAway does what the ledger says to the town and to everything that was made of it, and takes the mark away. The caller
// holds shelf.making. It may be done again from the beginning after it stopped anywhere.
func (h *house) takeAway(ctx context.Context, town event.ID) (out swept, err error) {
	gone, err := h.goneFrom(town)
	if err != nil {
		return out, err
	}
	if err := errors.Join(h.eraseLacking(ctx, town, gone), h.reached("town")); err != nil {
		return out, err
	}
	if err := errors.Join(h.copies.Purge(town, among(gone)), h.reached("copies")); err != nil {
		return out, err
	}
	if err := h.engine.Compact(ctx, town); err != nil {
		return out, err
	}
	if err := errors.Join(h.reached("file"), h.removeScraps(town)); err != nil {
		return out, err
	}
	strip := func(file string) error { return h.strip(ctx, file, town, gone) }
	if err := h.rewrite(ctx, town, strip, &out); err != nil {
		return out, err
	}
	if err := errors.Join(h.asides(ctx, town, strip, &out), h.reached("former")); err != nil {
		return out, err
	}
	return out, h.unmark(town)
}

// among tells whether an event, or all of its entity, is gone.
func among(gone []replica.Gone) func(*event.Event) bool {
	ids := map[event.ID]bool{}
	for _, g := range gone {
		if g.Event.IsZero() {
			ids[g.Entity] = true
		} else {
			ids[g.Event] = true
		}
	}
	return func(e *event.Event) bool { return ids[e.ID] || ids[e.Entity] }
}

// eraseLacking erases of this what the town has not erased yet.
func (h *house) eraseLacking(ctx context.Context, town event.ID, gone []replica.Gone) error {
	left, err := h.replica.Lacks(ctx, town, gone)
	if err != nil || len(left) == 0 {
		return err
	}
	return h.replica.Erase(ctx, town, left)
}

// removeScraps removes what an ended process may have left half made of a town, and the copy of its table.
func (h *house) removeScraps(town event.ID) error {
	var all []string
	for _, pattern := range []string{
		tables{h.data}.path(town), filepath.Join(h.data, "."+town.String()+".*"),
		filepath.Join(h.data, copiesName, "*", town.String()+".*"), filepath.Join(h.data, copiesName, "*", "."+town.String()+".*"),
		filepath.Join(h.shelf.dir, partialBackup+"*"),
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	for _, path := range all {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// strip takes out of a copy of a town's file, in a folder of its own, what is gone.
func (h *house) strip(ctx context.Context, file string, town event.ID, gone []replica.Gone) error {
	return h.inFolder(ctx, filepath.Dir(file), func(r *replica.Replica) error { return r.EraseKept(ctx, town, gone) }, town)
}

// eraseAgain does to a file, before it takes a town's place, all that the ledger says, and has it tell every device.
func (h *house) eraseAgain(ctx context.Context, file string, town event.ID) error {
	gone, err := h.goneFrom(town)
	if err != nil || len(gone) == 0 {
		return err
	}
	return h.inFolder(ctx, filepath.Dir(file), func(r *replica.Replica) error { return r.Erase(ctx, town, gone) }, town)
}

// reached tells who watches that a step of erasing is done.
func (h *house) reached(step string) error {
	if h.outside.reached == nil {
		return nil
	}
	return h.outside.reached(step)
}
