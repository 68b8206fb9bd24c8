package replay

import (
	"fmt"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// maxTold is how many differences a report spells out.
const maxTold = 50

// Report is what a check found.
type Report struct {
	Town        event.ID    `json:"town"`
	Head        wire.Head   `json:"head"`
	High        clock.Stamp `json:"high"` // the largest stamp stored
	Events      int         `json:"events"`
	Entities    int         `json:"entities"`
	Parked      int         `json:"parked"`
	Rows        int         `json:"rows"`
	Differences []string    `json:"differences,omitempty"`
	Untold      int         `json:"untold,omitempty"` // differences beyond those
}

// OK tells whether all that is stored follows from the log.
func (r *Report) OK() bool { return len(r.Differences) == 0 }

// Differ adds a difference.
func (r *Report) Differ(format string, args ...any) {
	if len(r.Differences) >= maxTold {
		r.Untold++
		return
	}
	r.Differences = append(r.Differences, fmt.Sprintf(format, args...))
}
