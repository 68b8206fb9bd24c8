// Package access knows who may come in: people and their roles, the codes that invite them, phones and desks.
//
// It keeps one file of its own, apart from every town's log. Secrets are stored as SHA-256 alone, so the file opens no
// door. Everything is answered from memory; what changes is on disk before it is in memory and before the caller is
// told. Only when a phone or a desk was last heard from may be lost in a power cut, and then by a few minutes.
package access

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

// How long things last.
const (
	CodeLife     = 15 * time.Minute    // an invitation, from when it was made
	CodeMemory   = 30 * 24 * time.Hour // how long a used or old code is told apart from one that never was
	PhoneSilence = 90 * 24 * time.Hour // a phone that is silent for longer must sign in again
	DeskLife     = 12 * time.Hour      // a desk's session, whatever it does
	DeskIdle     = 8 * time.Hour       // a desk's session that asks for nothing
)

// Role is what a person may do.
type Role string

// The roles. A field worker writes and sees own activities; a coordinator the town's all; a reader sees what a
// coordinator sees of the log, and writes nothing.
const (
	Field       Role = "field"
	Coordinator Role = "coordinator"
	Reader      Role = "reader"
)

// Valid tells whether the role is one of the three.
func (r Role) Valid() bool { return r == Field || r.AtDesk() }

// AtDesk tells whether the role may sign in at a desk.
func (r Role) AtDesk() bool { return r == Coordinator || r == Reader }

// Store is the file and what it says. All methods may be called concurrently.
type Store struct {
	db    *bolt.DB
	clock clock.Clock

	write sync.Mutex // held by the one who decides and commits

	mu     sync.RWMutex // guards the maps and what they point to
	people map[event.ID]Person
	codes  map[digest]*invitation // two for each invitation
	phones map[digest]*phone
	desks  map[digest]*desk

	guesses guesses
}

// Open opens the file, or makes it, and reads all of it. On a disk that can only be read everybody is known and nothing can
// be changed: that is fault.Busy with the code read-only. A file that another process holds is fault.Busy; one that
// a newer version wrote is fault.Conflict.
func Open(path string, c clock.Clock) (*Store, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second})
	if errors.Is(err, syscall.EROFS) {
		db, err = bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second, ReadOnly: true})
	}
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, fault.New(fault.Busy, "data-folder-in-use", "%s is in use by another process", path)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s := &Store{
		db: db, clock: c,
		people: map[event.ID]Person{}, codes: map[digest]*invitation{}, phones: map[digest]*phone{}, desks: map[digest]*desk{},
	}
	if err := s.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("read %s: %w", path, err), db.Close())
	}
	return s, nil
}

// Close writes down who was last heard from when, and closes the file.
func (s *Store) Close() error {
	err := s.Flush()
	return errors.Join(err, s.db.Close())
}

// classify gives an error of the file its kind.
func classify(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fault.New(fault.Full, "", "write access: %w", err)
	case errors.Is(err, berrors.ErrDatabaseReadOnly):
		return fault.New(fault.Busy, "read-only", "write access: %w", err)
	case errors.Is(err, berrors.ErrDatabaseNotOpen):
		return fault.New(fault.Busy, "closing", "write access: %w", err)
	}
	return fmt.Errorf("write access: %w", err)
}
