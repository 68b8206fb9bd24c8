package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/ledger"
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
	Backups  []string  `json:"backups"` // written anew
	Removed  []string  `json:"removed"` // that could not be written anew
}

// Erase takes away what people wrote, for good: from the town and its file, from every backup on the shelf, and from phones when
// they next call. The ledger has it first, so that a stop at any moment leaves it to the next start.
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
	if err != nil || len(gone) == 0 {
		return out, err
	}
	if err := h.writeDown(out.Town.ID, gone, e); err != nil {
		return out, fmt.Errorf("nothing was erased: %w", err)
	}
	for _, g := range gone {
		if g.Event.IsZero() {
			out.Entities++
		} else {
			out.Events++
		}
	}
	out.Backups, out.Removed, err = h.takeAway(ctx, out.Town.ID)
	if err != nil {
		return out, fmt.Errorf("it is in the ledger, and the next start of the server finishes it: %w", err)
	}
	return out, nil
}

func (h *house) ledgerOf(town event.ID) string {
	return filepath.Join(h.data, town.String()+".erased.jsonl")
}

// underWay is there from the moment the ledger says more than the files do.
func (h *house) underWay(town event.ID) string {
	return filepath.Join(h.data, town.String()+".erasing")
}

// writeDown puts it in the ledger, behind a mark that says that it is not done.
func (h *house) writeDown(town event.ID, gone []replica.Gone, e erasure) error {
	l, err := ledger.Open(h.ledgerOf(town))
	if err != nil {
		return err
	}
	lines := make([]ledger.Line, len(gone))
	for i, g := range gone {
		lines[i] = ledger.Line{
			Event: g.Event, Entity: g.Entity, Skeleton: string(g.Skeleton),
			Reason: e.Reason, Decision: e.Decision, Who: e.Who, At: h.outside.clock.Now().UnixMilli(),
		}
		if !g.Event.IsZero() {
			lines[i].Digest = hex.EncodeToString(g.Digest[:])
		}
	}
	if err := errors.Join(os.WriteFile(h.underWay(town), nil, 0o600), syncFolder(h.data)); err != nil {
		return err
	}
	return l.Append(lines...)
}

// goneFrom reads a town's ledger.
func (h *house) goneFrom(town event.ID) ([]replica.Gone, error) {
	l, err := ledger.Open(h.ledgerOf(town))
	if err != nil {
		return nil, err
	}
	out := make([]replica.Gone, 0, len(l.Lines()))
	for _, line := range l.Lines() {
		g := replica.Gone{Event: line.Event, Entity: line.Entity, Skeleton: []byte(line.Skeleton)}
		if _, err := hex.Decode(g.Digest[:], []byte(line.Digest)); err != nil {
			return nil, fmt.Errorf("the ledger %s: digest of event %s: %w", h.ledgerOf(town), line.Event, err)
		}
		out = append(out, g)
	}
	return out, nil
}

// takeAway does what the ledger says to the town and to everything that was made of it, and takes the mark away.
func (h *house) takeAway(ctx context.Context, town event.ID) (backups, removed []string, err error) {
	gone, err := h.goneFrom(town)
	if err != nil {
		return nil, nil, err
	}
	left, err := h.replica.Lacks(ctx, town, gone)
	if err == nil && len(left) > 0 {
		err = h.replica.Erase(ctx, town, left)
	}
	if err != nil {
		return nil, nil, err
	}
	if err := h.engine.Compact(ctx, town); err != nil {
		return nil, nil, err
	}
	if err := os.Remove(tables{h.data}.path(town)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, err
	}
	strip := func(file string) error { return h.strip(ctx, file, town, gone) }
	if backups, removed, err = h.rewrite(ctx, town, strip); err != nil {
		return backups, removed, err
	}
	aside, err := h.asides(town, strip)
	if err != nil {
		return backups, removed, err
	}
	return backups, append(removed, aside...), errors.Join(os.Remove(h.underWay(town)), syncFolder(h.data))
}

// strip takes out of a copy of a town's file, in a folder of its own, what is gone.
func (h *house) strip(ctx context.Context, file string, town event.ID, gone []replica.Gone) error {
	return h.inFolder(ctx, filepath.Dir(file), func(r *replica.Replica) error { return r.EraseKept(ctx, town, gone) }, town)
}

// finishErasing does at a start what was broken off.
func (h *house) finishErasing(ctx context.Context) error {
	for _, town := range h.replica.Towns() {
		if _, err := os.Lstat(h.underWay(town)); errors.Is(err, os.ErrNotExist) {
			continue
		}
		if _, _, err := h.takeAway(ctx, town); err != nil {
			return fmt.Errorf("finish erasing in town %s: %w", town, err)
		}
	}
	return nil
}

// eraseAgain does to a file, before it takes a town's place, all that the ledger says, and has it tell every device.
func (h *house) eraseAgain(ctx context.Context, file string, town event.ID) error {
	gone, err := h.goneFrom(town)
	if err != nil || len(gone) == 0 {
		return err
	}
	return h.inFolder(ctx, filepath.Dir(file), func(r *replica.Replica) error { return r.Erase(ctx, town, gone) }, town)
}
