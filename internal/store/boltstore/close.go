package boltstore

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"lofteslogg/internal/fault"
)

// closeLimit is how long Close gives a town to finish what it accepted.
const closeLimit = 5 * time.Second

// Close ends accepting work, finishes what was accepted, in at most five seconds, and gives the folder back. Work that
// takes longer is named in the error and ends with the process.
func (e *Engine) Close() error {
	e.mu.Lock()
	first := !e.closed
	e.closed = true
	e.mu.Unlock()
	if !first {
		return nil
	}
	e.making.Lock()
	defer e.making.Unlock()
	err := e.closeTowns()
	if e.lock != nil {
		err = errors.Join(err, e.lock.Close())
	}
	return err
}

func (e *Engine) closeTowns() error {
	var wg sync.WaitGroup
	towns := slices.Collect(maps.Values(e.towns))
	errs := make([]error, len(towns))
	for i, t := range towns {
		wg.Go(func() { errs[i] = t.close(closeLimit) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// close stops the committer when it has done what was accepted, and closes the file when its readers have left. What is
// not done within the limit goes on, and ends with t.closed.
func (t *town) close(limit time.Duration) error {
	t.queue.close()
	t.closing.Do(func() {
		go func() {
			<-t.done
			t.closeErr = t.closeFile()
			close(t.closed)
		}()
	})
	if !within(t.closed, limit) {
		return fault.New(fault.Busy, "", "town %s is still in use after %v", t.id, limit)
	}
	return t.closeErr
}

// vacate closes the town when its readers have left: by themselves, or because they were told to. Writers are served
// until then; whoever comes later is told why not. When the readers do not leave in time, the town is open as before. When
// the last commit takes too long the town stays closed, and late, if there is one, waits for it.
func (e *Engine) vacate(t *town, why error, late func(*town)) error {
	if !t.readers.clear(why, e.opts.graceOr(), e.opts.drainOr()) {
		return fault.New(fault.Busy, "", "town %s is still being read after %v", t.id, e.opts.drainOr())
	}
	t.queue.refuse(why)
	err := t.close(e.opts.drainOr())
	if fault.KindOf(err) == fault.Busy && late != nil {
		go late(t)
	}
	return err
}

// comeBack opens a town again that took too long to close, when it has. One whose last commit failed waits for Reopen.
func (e *Engine) comeBack(old *town) {
	<-old.closed
	e.making.Lock()
	defer e.making.Unlock()
	if now, err := e.town(old.id); err != nil || now != old || old.trouble() != nil {
		return
	}
	if t, err := openTown(old.id, old.path, &e.opts); err == nil {
		e.put(old.id, t)
	}
}

func (t *town) closeFile() error {
	if t.db == nil || t.lost.Load() != nil {
		return nil
	}
	return t.db.Close()
}
