package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
)

// tables keeps copies of the towns' tables of facts in the data folder, as <town>.rows. They save time at the next
// start; nothing is lost with them.
type tables struct{ dir string }

func (t tables) path(town event.ID) string { return filepath.Join(t.dir, town.String()+".rows") }

// Open gives the copy of a town. See replica.Tables.
func (t tables) Open(town event.ID) (io.ReadSeekCloser, error) { return os.Open(t.path(town)) }

// Write replaces the copy of a town. It is not waited for until it is on disk: a torn one is not believed.
func (t tables) Write(town event.ID, fill func(io.Writer) error) error {
	f, err := os.CreateTemp(t.dir, "."+town.String()+".rows.*") // of mode 0600
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(&paced{file: f}, 1<<20)
	err = fill(w)
	if err == nil {
		err = w.Flush()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), t.path(town))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

const (
	keepEvery = time.Hour
	keepLimit = 2 * time.Second // at the end
)

// keepTables keeps the tables for the next start: when all rows had to be read, and every hour.
func (h *house) keepTables(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case f := <-h.filled:
			told(ctx, log, f)
			if f.Err == nil && !f.Kept {
				h.keepTable(ctx, log, f.Town)
			}
		case <-tick.C:
			h.keepAllTables(ctx, log)
		}
	}
}

func told(ctx context.Context, log *slog.Logger, f replica.Filled) {
	if f.Err != nil {
		log.ErrorContext(ctx, "figures cannot be read", "town", f.Town, "err", f.Err)
		return
	}
	log.InfoContext(ctx, "figures read", "town", f.Town, "rows", f.Rows, "from_copy", f.Kept, "ms", f.Took.Milliseconds())
}

func (h *house) keepAllTables(ctx context.Context, log *slog.Logger) {
	for _, id := range h.replica.Towns() {
		h.keepTable(ctx, log, id)
	}
}

func (h *house) keepTable(ctx context.Context, log *slog.Logger, id event.ID) {
	if err := h.replica.Keep(ctx, id); err != nil && ctx.Err() == nil {
		log.WarnContext(ctx, "no copy of the table is kept, so the next start takes longer", "town", id, "err", err)
	}
}

// keepAtEnd keeps the tables of a server that stops, as far as the time goes.
func (h *house) keepAtEnd(log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), keepLimit)
	defer cancel()
	h.keepAllTables(ctx, log)
}
