package boltstore

import (
	"sync"
	"sync/atomic"
	"time"

	"lofteslogg/internal/fault"
)

// gate counts those who read a town, and can have them leave.
type gate struct {
	mu     sync.Mutex
	inside int
	shut   error         // why nobody is let in; nil when all are
	told   *atomic.Bool  // those inside now are to leave
	empty  chan struct{} // closed when the last one leaves; nil when nobody waits for that
}

var (
	errShut = fault.New(fault.Busy, "", "another file takes the town's place")
	errTold = fault.New(fault.Busy, "", "told to stop reading, since another file takes the town's place")
)

// enter lets a reader in, who is to look at told now and then.
func (g *gate) enter() (told *atomic.Bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut != nil {
		return nil, g.shut
	}
	if g.told == nil {
		g.told = &atomic.Bool{}
	}
	g.inside++
	return g.told, nil
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside--; g.inside == 0 && g.empty != nil {
		close(g.empty)
		g.empty = nil
	}
}

// clear lets nobody in and says why, has those inside told to leave after the grace, and tells whether all had left within the limit.
// When they had not, the gate is open again.
func (g *gate) clear(why error, grace, limit time.Duration) bool {
	left := g.shutDown(why)
	if within(left, grace) {
		return true
	}
	g.mu.Lock()
	g.told.Store(true)
	g.mu.Unlock()
	if within(left, limit-grace) {
		return true
	}
	g.open()
	return false
}

func (g *gate) shutDown(why error) (left <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = why
	if g.empty == nil {
		g.empty = make(chan struct{})
	}
	left = g.empty
	if g.inside == 0 {
		close(g.empty)
		g.empty = nil
	}
	return left
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut, g.told = nil, nil // those who were told stay told
}

func within(done <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}
