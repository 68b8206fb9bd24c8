package access

import (
	"sync/atomic"
	"time"

	"lofteslogg/internal/event"
)

// Who is one that was let in.
type Who struct {
	Person  Person
	Inc     event.ID // that a phone was connected with; zero at a desk
	Desk    bool
	Revoked bool // may only send what the phone still holds

	key  digest
	seen *atomic.Int64
}

// Key tells this phone or session from any other. It is no secret.
func (w Who) Key() [32]byte { return w.key }

// Heard notes that the phone or the desk asked for something. It is written down by the next Flush.
func (s *Store) Heard(w Who) {
	if w.seen != nil {
		w.seen.Store(s.clock.Now().UnixMilli())
	}
}

// Flush writes down when phones and desks were last heard from, and sweeps out sessions that are over and codes older
// than CodeMemory. The server calls it every few minutes; what a power cut loses is no more than that.
func (s *Store) Flush() error {
	s.write.Lock()
	defer s.write.Unlock()
	now := s.clock.Now()
	s.mu.RLock()
	w := sweep{now: now}
	w.phones(s.phones)
	w.desks(s.desks)
	w.invitations(s.codes)
	s.mu.RUnlock()
	if len(w.changes) == 0 || s.db.IsReadOnly() {
		return nil
	}
	if err := s.commit(w.changes...); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, apply := range w.after {
		apply(s)
	}
	return nil
}

// sweep gathers what to write, and what to change in memory when it is written.
type sweep struct {
	now     time.Time
	changes []change
	after   []func(*Store)
}

func (w *sweep) phones(all map[digest]*phone) {
	for key, ph := range all {
		r := ph.phoneRecord
		if r.Seen = ph.seen.Load(); r.Seen == ph.Seen && !ph.said {
			continue
		}
		w.changes = append(w.changes, change{phoneBucket, key[:], r})
		w.after = append(w.after, func(*Store) {
			ph.Seen, ph.said = r.Seen, ph.App != r.App || ph.Persisted != r.Persisted || len(ph.Also) != len(r.Also)
		})
	}
}

func (w *sweep) desks(all map[digest]*desk) {
	for key, d := range all {
		r := d.deskRecord
		r.Seen = d.seen.Load()
		switch {
		case d.over(w.now):
			w.changes = append(w.changes, change{deskBucket, key[:], nil})
			w.after = append(w.after, func(s *Store) { delete(s.desks, key) })
		case r.Seen != d.Seen:
			w.changes = append(w.changes, change{deskBucket, key[:], r})
			w.after = append(w.after, func(*Store) { d.Seen = r.Seen })
		}
	}
}

func (w *sweep) invitations(all map[digest]*invitation) {
	for key, i := range all {
		if key != i.Link || w.now.Sub(time.UnixMilli(i.Until)) < CodeMemory {
			continue
		}
		w.changes = append(w.changes, change{inviteBucket, i.ID[:], nil})
		w.after = append(w.after, func(s *Store) {
			delete(s.codes, i.Link)
			delete(s.codes, i.Short)
		})
	}
}
