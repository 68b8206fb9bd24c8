package boltstore

import (
	"context"
	"errors"
	"time"

	"lofteslogg/internal/event"
)

// patience is how long a call waits for a town whose file is being written anew, before it is fault.Busy.
const patience = 5 * time.Second

// away is why a town takes nobody in while its file is written anew. What was in it is in it afterwards, so whoever comes
// meanwhile had better wait than be told to come again.
type away struct {
	back chan struct{} // closed when the town is there again
}

func (*away) Error() string { return "the town's file is being written anew" }

// Unwrap makes it fault.Busy for those whose patience ended.
func (*away) Unwrap() error { return errShut }

// over waits until the town is back, and tells whether it is.
func (a *away) over(ctx context.Context) bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-a.back:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// admitted gives the town that let the caller in; one that is away, as soon as it is back.
func (e *Engine) admitted(ctx context.Context, id event.ID, enter func(*town) error) (*town, error) {
	for waited := (*away)(nil); ; {
		t, err := e.town(id)
		if err != nil {
			return nil, err
		}
		var gone *away
		if err = enter(t); err == nil || !errors.As(err, &gone) || gone == waited || !gone.over(ctx) {
			return t, err // gone once more is one that could not be opened again
		}
		waited = gone
	}
}
