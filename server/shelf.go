package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"lofteslogg/internal/config"
	"lofteslogg/internal/durable"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// policy is what an operator chooses about the server's own backups.
type policy struct {
	BackupEvery time.Duration `help:"How often the server makes a backup; 0 for never." default:"24h"`
	BackupKeep  int           `help:"How many backups are kept. The last two that were verified stay whatever this says." default:"14"`
	BackupTo    string        `help:"Folder of the server's own backups; when left out, backups in the data folder." placeholder:"FOLDER"`
}

// Validate says what cannot be meant.
func (p *policy) Validate() error {
	if p.BackupEvery < 0 || p.BackupKeep < 1 {
		return fmt.Errorf("--backup-every wants 0 or more, --backup-keep 1 or more")
	}
	return nil
}

func (p *policy) dir(c *config.Config) string {
	if p.BackupTo != "" {
		return p.BackupTo
	}
	return filepath.Join(c.Data, "backups")
}

// leastKept is how many verified backups of a town are never removed.
const leastKept = 2

// shelf is the folder of the server's own backups.
type shelf struct {
	dir    string
	every  time.Duration
	keep   int
	making sync.Mutex // held by who makes a backup or puts one back
	seen   atomic.Pointer[seen]
}

// seen is which backups there were when it was last looked.
type seen struct {
	count int
	heads map[event.ID][]wire.Head // of the verified ones
	last  map[event.ID]time.Time   // when the newest verified one was made
}

func newShelf(c *config.Config, p *policy) (*shelf, error) {
	dir, err := filepath.Abs(p.dir(c))
	if err != nil {
		return nil, err
	}
	s := &shelf{dir: dir, every: p.BackupEvery, keep: p.BackupKeep}
	return s, s.look()
}

// look reads which verified backups there are.
func (s *shelf) look() error {
	all, _, err := backupsIn(s.dir)
	if err != nil {
		return fmt.Errorf("read the backups in %s: %w", s.dir, err)
	}
	now := seen{count: len(all), heads: map[event.ID][]wire.Head{}, last: map[event.ID]time.Time{}}
	for _, m := range all {
		for _, t := range m.Towns {
			if t.Verified {
				now.heads[t.Town] = append(now.heads[t.Town], t.Head)
				now.last[t.Town] = m.Made
			}
		}
	}
	s.seen.Store(&now)
	return nil
}

// kept lists the heads of a town's verified backups: what phones may let go of depends on them.
func (s *shelf) kept(town event.ID) []wire.Head {
	if seen := s.seen.Load(); seen != nil {
		return seen.heads[town]
	}
	return nil
}

// verified is when the newest verified backup of a town was made, or zero.
func (s *shelf) verified(town event.ID) (at time.Time) {
	if seen := s.seen.Load(); seen != nil {
		at = seen.last[town]
	}
	return at
}

// count is how many backups there are.
func (s *shelf) count() int {
	if seen := s.seen.Load(); seen != nil {
		return seen.count
	}
	return 0
}

// rotate removes the oldest backups beyond those to keep, and never one of the last two verified of any town.
func (s *shelf) rotate() error {
	all, _, err := backupsIn(s.dir)
	if err != nil {
		return err
	}
	seen := map[event.ID]int{}
	for i := len(all) - 1; i >= 0; i-- {
		needed := len(all)-i <= s.keep
		for _, t := range all[i].Towns {
			if t.Verified {
				seen[t.Town]++
				needed = needed || seen[t.Town] <= leastKept
			}
		}
		if !needed {
			if err := removeBackup(all[i].dir); err != nil {
				return err
			}
		}
	}
	return s.look()
}

// removeBackup first gives it the name of one that is not whole: what is left when the power goes meanwhile is no backup, and
// is cleared away by the next that is made and by the next erasure. It is gone for good when this returns nil.
func removeBackup(dir string) error {
	shelf := filepath.Dir(dir)
	going := filepath.Join(shelf, partialBackup+filepath.Base(dir))
	return errors.Join(os.RemoveAll(going), os.Rename(dir, going), durable.SyncFolder(shelf), os.RemoveAll(going), durable.SyncFolder(shelf))
}

// clear takes away what ended processes left half made or half removed. The caller holds making.
func (s *shelf) clear() error {
	left, err := filepath.Glob(filepath.Join(s.dir, partialBackup+"*"))
	for _, path := range left {
		err = errors.Join(err, os.RemoveAll(path))
	}
	return err
}

// due tells whether it is time for the next backup. One from the future was made by a clock that was wrong.
func (s *shelf) due(now time.Time) (bool, error) {
	if s.every == 0 {
		return false, nil
	}
	all, _, err := backupsIn(s.dir)
	if err != nil || len(all) == 0 {
		return err == nil, err
	}
	age := now.Sub(all[len(all)-1].Made)
	return age >= s.every || age < 0, nil
}

// lookEvery is how often the server looks whether a backup is due and which are there, and tries again what did not succeed.
const lookEvery = time.Minute

// keepBackups makes backups when they are due, until ctx ends.
func (h *house) keepBackups(ctx context.Context, log *slog.Logger) {
	everyMinute(ctx, func() { h.backupIfDue(ctx, log) })
}

// everyMinute does what is done again and again, for the first time in a minute, until ctx ends.
func everyMinute(ctx context.Context, do func()) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do()
		}
	}
}

func (h *house) backupIfDue(ctx context.Context, log *slog.Logger) {
	due, err := h.shelf.due(h.outside.clock.Now())
	if err == nil {
		err = h.shelf.look()
	}
	if err != nil {
		log.ErrorContext(ctx, "backups cannot be read", "err", err)
		return
	}
	if !due {
		return
	}
	began := h.outside.clock.Now()
	made, err := h.Backup(ctx, newBackup{})
	switch {
	case ctx.Err() != nil:
		return // the server stops
	case err != nil:
		log.ErrorContext(ctx, "no backup was made", "err", err)
	case made.Manifest.failed() != nil:
		log.ErrorContext(ctx, "backup is not verified", "dir", made.Dir, "err", made.Manifest.failed())
	default:
		log.InfoContext(ctx, "backup made", "dir", made.Dir, "towns", len(made.Manifest.Towns), "ms", h.outside.clock.Now().Sub(began).Milliseconds())
	}
}
