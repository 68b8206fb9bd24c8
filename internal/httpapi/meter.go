package httpapi

import (
	"time"

	"lofteslogg/internal/wire"
)

// Meter is told what the API answers, in words of its tables alone; metrics.Metrics is one. Its methods are called
// concurrently and must be quick.
type Meter interface {
	// Request is told of each answer. route is a template, "file" or "other"; took is negative for a stream.
	Request(route, method string, status int, took time.Duration)
	Stream(change int)
	Pushed(events int)
	Event(outcome, why string)
}

// nobody measures nothing.
type nobody struct{}

// Request forgets it.
func (nobody) Request(string, string, int, time.Duration) {}

// Stream forgets it.
func (nobody) Stream(int) {}

// Pushed forgets it.
func (nobody) Pushed(int) {}

// Event forgets it.
func (nobody) Event(string, string) {}

func (a *api) measure(reply *wire.PushReply) {
	a.Meter.Pushed(len(reply.Res))
	for i := range reply.Res {
		a.Meter.Event(reply.Res[i].C, reply.Res[i].Why)
	}
}
