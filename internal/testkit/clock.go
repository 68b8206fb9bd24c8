package testkit

import (
	"math/rand/v2"
	"time"

	"lofteslogg/internal/event"
)

// Clock is a clock that a test turns.
type Clock struct{ At time.Time }

// Now is the time that the test set.
func (c *Clock) Now() time.Time { return c.At }

// Turn moves the clock, forwards or back.
func (c *Clock) Turn(by time.Duration) { c.At = c.At.Add(by) }

// Skewed is another clock as a phone has it: wrong by a constant.
type Skewed struct {
	Of *Clock
	By time.Duration
}

// Now is what the phone believes.
func (s *Skewed) Now() time.Time { return s.Of.At.Add(s.By) }

// NewID makes a version 7 id of the moment and of chance.
func NewID(at time.Time, r *rand.Rand) (id event.ID) {
	ms := uint64(max(at.UnixMilli(), 0)) // #nosec G115 -- not negative
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	high, low := r.Uint64(), r.Uint64()
	id[6], id[7] = 0x70|byte(high)&0x0f, byte(high>>8)
	for i := range 8 {
		id[8+i] = byte(low >> (8 * i))
	}
	id[8] = id[8]&0x3f | 0x80
	return id
}
