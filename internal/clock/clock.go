package clock

import "time"

// Clock tells the time. Tests and the simulator bring their own.
type Clock interface{ Now() time.Time }

// Wall is the machine's clock.
type Wall struct{}

// Now reads the machine's clock.
func (Wall) Now() time.Time { return time.Now() }

// Next is the stamp of the next thing a writer does, given the last one it used: never the same, never earlier,
// and the wall clock's as soon as that is ahead.
func Next(last Stamp, now time.Time) Stamp { return max(Of(now.UnixMilli(), 0), last+1) }
