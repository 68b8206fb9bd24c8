package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"lofteslogg/internal/durable"
	"lofteslogg/internal/event"
	"lofteslogg/internal/ledger"
	"lofteslogg/internal/replica"
)

func ledgerIn(data string, town event.ID) string {
	return filepath.Join(data, town.String()+".erased.jsonl")
}

// underWay is there from before the ledger says more than the files do until they say the same.
func underWay(data string, town event.ID) string {
	return filepath.Join(data, town.String()+".erasing")
}

func (h *house) unfinished(town event.ID) bool {
	_, err := os.Lstat(underWay(h.data, town))
	return err == nil
}

func (h *house) mark(town event.ID) error {
	return errors.Join(os.WriteFile(underWay(h.data, town), nil, 0o600), durable.SyncFolder(h.data))
}

func (h *house) unmark(town event.ID) error {
	return errors.Join(os.Remove(underWay(h.data, town)), durable.SyncFolder(h.data))
}

// writeDown puts in the ledger what it does not have yet, behind the mark.
func (h *house) writeDown(town event.ID, gone []replica.Gone, e erasure) error {
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
	if err := h.learn(town, lines); err != nil {
		return err
	}
	return h.reached("ledger")
}

// learn adds to a town's ledger what it lacks of these lines, and marks that the files are behind it.
func (h *house) learn(town event.ID, lines []ledger.Line) error {
	l, err := ledger.Open(ledgerIn(h.data, town))
	if err != nil || len(lines) == 0 {
		return err
	}
	if err := h.mark(town); err != nil {
		return err
	}
	return l.Learn(lines)
}

// goneFrom reads a town's ledger.
func (h *house) goneFrom(town event.ID) ([]replica.Gone, error) {
	lines, err := ledger.Read(ledgerIn(h.data, town))
	if err != nil {
		return nil, err
	}
	return goneOf(lines)
}

func goneOf(lines []ledger.Line) ([]replica.Gone, error) {
	out := make([]replica.Gone, 0, len(lines))
	for i, line := range lines {
		g := replica.Gone{Event: line.Event, Entity: line.Entity, Skeleton: []byte(line.Skeleton)}
		if n, err := hex.Decode(g.Digest[:], []byte(line.Digest)); err != nil || n != len(g.Digest) && !g.Event.IsZero() {
			return nil, fmt.Errorf("the ledger, line %d: %q is no digest of event %s", i+1, line.Digest, line.Event)
		}
		out = append(out, g)
	}
	return out, nil
}

// keepLedger copies a town's ledger into a backup as it is; nil when nothing was ever erased.
func (h *house) keepLedger(dir string, town event.ID) (*filed, error) {
	in, err := os.Open(ledgerIn(h.data, town))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing was erased
	}
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // it was only read
	f, err := fileAway(dir, filepath.Base(in.Name()), func(w io.Writer) error { _, err := io.Copy(w, in); return err })
	return &f, err
}

// learnFrom adds to a town's ledger what that of a backup has more: this server may be a new one, or put back itself.
func (h *house) learnFrom(m *manifest, kept *keptTown, scratch string) error {
	if kept.Ledger == nil {
		return nil
	}
	path := filepath.Join(scratch, kept.Ledger.File)
	if err := kept.Ledger.take(m.dir, path); err != nil {
		return err
	}
	lines, err := ledger.Read(path)
	if err == nil {
		_, err = goneOf(lines)
	}
	if err != nil {
		return err
	}
	had, err := ledger.Read(ledgerIn(h.data, kept.Town))
	if err != nil || len(lines) == 0 || len(had) >= len(lines) && had[len(lines)-1] == lines[len(lines)-1] {
		return err // it goes on from there
	}
	return h.learn(kept.Town, lines)
}

// eraseLeft does in the towns what the ledgers say and a stop left undone, so that nobody is handed it.
func (h *house) eraseLeft(ctx context.Context, log *slog.Logger) {
	for _, town := range h.replica.Towns() {
		if !h.unfinished(town) {
			continue
		}
		gone, err := h.goneFrom(town)
		if err == nil {
			err = h.eraseLacking(ctx, town, gone)
		}
		if err != nil {
			log.ErrorContext(ctx, "what was erased is still in the town", "town", town, "err", err)
		}
	}
}

// finishErasing finishes erasures that were broken off, at once and every minute, until ctx ends.
func (h *house) finishErasing(ctx context.Context, log *slog.Logger) {
	finish := func() {
		for _, town := range h.replica.Towns() {
			h.finishIn(ctx, town, log)
		}
	}
	finish()
	everyMinute(ctx, finish)
}

func (h *house) finishIn(ctx context.Context, town event.ID, log *slog.Logger) {
	h.shelf.making.Lock()
	defer h.shelf.making.Unlock()
	if !h.unfinished(town) {
		return
	}
	out, err := h.takeAway(ctx, town)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		log.ErrorContext(ctx, "an erasure is not finished yet", "town", town, "err", err)
	default:
		log.InfoContext(ctx, "an erasure that was broken off is finished", "town", town, "backups", len(out.Backups), "removed", out.Removed)
	}
}
