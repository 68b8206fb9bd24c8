package httpapi

import (
	"io"
	"iter"
	"net/http"
	"time"

	"lofteslogg/internal/clock"
)

const (
	pokeApart  = 250 * time.Millisecond // pokes that come closer are one
	heartbeat  = 15 * time.Second
	pokePlaced = 10 * time.Second // to take one line, or be taken for gone
)

// live tells that something changed, never what. It ends when the server stops, when the asker hangs up or does not
// take what is sent, and when who asked may no longer come in.
func (a *api) live(c *call) error {
	if q := c.query(); q.err != nil {
		return q.err
	}
	leave, err := a.streams.enter(c.who.Key())
	if err != nil {
		return err
	}
	defer leave()
	pokes, stop := a.Sync.Watch(c.who.Person.Town)
	defer stop()
	noteOf(c.Request).stream = true
	a.Meter.Stream(1)
	defer a.Meter.Stream(-1)
	_ = http.NewResponseController(c.w).SetReadDeadline(time.Time{}) // there is nothing left to read
	h := c.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	for line := range a.lines(c, pokes) {
		if !a.mayStay(c) || !send(c.w, line) {
			break
		}
	}
	return nil
}

// lines gives what to send until the stream is over. While it rests after a poke, the next one waits in the channel,
// where it is not doubled.
func (a *api) lines(c *call, pokes <-chan struct{}) iter.Seq[string] {
	return func(yield func(string) bool) {
		beat, rest := time.NewTicker(heartbeat), time.NewTimer(pokeApart)
		defer beat.Stop()
		defer rest.Stop()
		var listen <-chan struct{}
		for line := ": welcome\n\n"; line == "" || yield(line); {
			line = ""
			select {
			case <-c.Context().Done():
				return
			case <-a.Closing:
				return
			case <-beat.C:
				line = ": here\n\n"
			case <-rest.C:
				listen = pokes
			case <-listen:
				line, listen = "event: poke\ndata:\n\n", nil
				rest.Reset(pokeApart)
			}
		}
	}
}

func (a *api) mayStay(c *call) bool {
	who, err := a.identify(c.Request)
	return err == nil && permit(who, everyone) == nil
}

func send(w http.ResponseWriter, line string) bool {
	c := http.NewResponseController(w)
	_ = c.SetWriteDeadline(clock.Wall{}.Now().Add(pokePlaced)) // a recorder in a test has none
	if _, err := io.WriteString(w, line); err != nil {
		return false
	}
	return c.Flush() == nil
}
