package access

import (
	"maps"
	"net/netip"
	"sync"
	"time"

	"lofteslogg/internal/fault"
)

// Limits of guessing at typed codes. Codes in links cannot be guessed and are never held back, so there is a way in
// for honest people whatever is going on.
const (
	GuessWindow   = 15 * time.Minute
	GuessesPerNet = 5    // unknown codes from one network in a window
	guessesInAll  = 2000 // from all networks together in a window
)

// guesses counts unknown typed codes. All networks together are limited too: with a hundred invitations open, a window
// of guessing finds one with a chance of less than one in five thousand million. The count starts anew with each
// window, so nobody is locked out for good, and the map never holds more than twice guessesInAll networks.
type guesses struct {
	mu  sync.Mutex
	all window
	of  map[netip.Prefix]window
}

type window struct {
	began time.Time
	n     int
}

func (w window) at(now time.Time) window {
	if w.n == 0 || now.Sub(w.began) >= GuessWindow {
		return window{began: now}
	}
	return w
}

// try calls look, which says whether a typed code is known, unless the network or all of them have used up their
// guesses (fault.TooMany). One that is not known is a guess. Tries wait for each other, so that many at once are
// counted as they come.
func (g *guesses) try(from netip.Addr, now time.Time, look func() bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	net := Network(from)
	of := g.of[net].at(now)
	if all := g.all.at(now); all.n == 0 {
		maps.DeleteFunc(g.of, func(_ netip.Prefix, w window) bool { return w.at(now).n == 0 })
		g.all = all
	}
	if g.all.n >= guessesInAll || of.n >= GuessesPerNet {
		return fault.New(fault.TooMany, "code-attempts", "too many unknown codes were typed")
	}
	if look() {
		return nil
	}
	if g.of == nil {
		g.of = map[netip.Prefix]window{}
	}
	of.n++
	g.all.n++
	g.of[net] = of
	return nil
}

// Network is the part of an address that one party has: a whole address of version 4, the first half of version 6.
func Network(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // no address: all who have none share their guesses
	}
	return p
}
