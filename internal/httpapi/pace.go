package httpapi

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"lofteslogg/internal/fault"
)

// pace is how often somebody may ask.
type pace struct {
	limit rate.Limit // a second
	burst int
	kept  int // of how many it is remembered
}

var (
	// each is the pace of one phone or desk. A phone with a year's backlog on a fast network asks for a few hundred
	// things; only a program that has run wild meets the limit, and it meets it alone.
	each = pace{20, 400, 10_000}

	// ofStrangers is that of a network, by those in it who are not signed in: a station's phones that are all connected
	// in one minute, behind one address, stay far below it. Whoever is signed in never meets it.
	ofStrangers = pace{20, 400, 10_000}
)

// paces remembers who asked lately. Of more than it can remember, those who were quiet the longest start rested.
type paces[K comparable] struct {
	pace
	mu    sync.Mutex
	of    map[K]*list.Element
	order list.List // of paced[K], who asked last in front
}

type paced[K comparable] struct {
	key     K
	limiter *rate.Limiter
}

func (p *paces[K]) take(key K, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.find(key).AllowN(now, 1) {
		return fault.New(fault.TooMany, "", "more than %v requests a second", p.limit)
	}
	return nil
}

func (p *paces[K]) find(key K) *rate.Limiter {
	if at := p.of[key]; at != nil {
		p.order.MoveToFront(at)
		return at.Value.(paced[K]).limiter
	}
	if p.of == nil {
		p.of = map[K]*list.Element{}
	}
	if len(p.of) >= p.kept {
		delete(p.of, p.order.Remove(p.order.Back()).(paced[K]).key)
	}
	l := rate.NewLimiter(p.limit, p.burst)
	p.of[key] = p.order.PushFront(paced[K]{key, l})
	return l
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
