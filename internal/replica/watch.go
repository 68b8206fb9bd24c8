package replica

import (
	"sync"

	"lofteslogg/internal/event"
)

// watchers are those who want to know that something changed. A poke that is not taken yet is not doubled.
type watchers struct {
	mu   sync.Mutex
	open map[chan struct{}]struct{}
}

func (w *watchers) poke() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.open {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Watch gives a channel that gets something after each commit that changed the town, and the way to stop. The channel
// of a town that is not here never gets anything.
func (r *Replica) Watch(id event.ID) (pokes <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	t, err := r.town(id)
	if err != nil {
		return c, func() {}
	}
	t.watch.mu.Lock()
	defer t.watch.mu.Unlock()
	t.watch.open[c] = struct{}{}
	return c, func() {
		t.watch.mu.Lock()
		defer t.watch.mu.Unlock()
		delete(t.watch.open, c)
	}
}
