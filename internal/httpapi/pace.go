package httpapi

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"lofteslogg/internal/fault"
)

// The pace of one phone or desk. A phone with a year's backlog on a fast network asks for a few hundred things; only a
// program that has run wild meets the limit, and it meets it alone.
const (
	paceEach  = rate.Limit(20) // a second
	paceBurst = 400
	pacesKept = 10_000
)

type paces struct {
	mu sync.Mutex
	of map[[32]byte]*rate.Limiter
}

func (p *paces) take(key [32]byte, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.of[key]
	if l == nil {
		if p.of == nil || len(p.of) >= pacesKept {
			p.of = map[[32]byte]*rate.Limiter{} // everybody starts rested; nobody is worse off
		}
		l = rate.NewLimiter(paceEach, paceBurst)
		p.of[key] = l
	}
	if !l.AllowN(now, 1) {
		return fault.New(fault.TooMany, "", "more than %v requests a second", paceEach)
	}
	return nil
}

// streamsEach is how many streams one phone or desk may have open: a tab each, and some that died unnoticed.
const streamsEach = 8

type streams struct {
	mu sync.Mutex
	of map[[32]byte]int
}

// enter counts a stream until leave is called.
func (s *streams) enter(key [32]byte) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[key] >= streamsEach {
		return nil, fault.New(fault.TooMany, "streams", "more than %d streams", streamsEach)
	}
	if s.of == nil {
		s.of = map[[32]byte]int{}
	}
	s.of[key]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.of[key]--; s.of[key] == 0 {
			delete(s.of, key)
		}
	}, nil
}
