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
	return errors.Join(e.closeTowns(), e.lock.Close())
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

// close stops the committer when it has done what was accepted, and closes the file when its readers have left.
func (t *town) close(limit time.Duration) error {
	t.queue.close()
	closed := make(chan error, 1)
	go func() {
		<-t.done
		closed <- t.closeFile()
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-closed:
		return err
	case <-timer.C:
		return fault.New(fault.Busy, "", "town %s is still in use after %v", t.id, limit)
	}
}

func (t *town) closeFile() error {
	if t.db == nil || t.lost.Load() != nil {
		return nil
	}
	return t.db.Close()
}
