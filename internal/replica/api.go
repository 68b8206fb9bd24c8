// Package replica takes in batches of events, numbers and folds them in one transaction, and hands out what changed.
//
// It keeps the promises of docs/api/protocol.md: an event that was answered is on disk, exactly once; a result is
// per event; a page of changes is of one moment. It judges what a writer may do through People and never knows names.
package replica

import (
	"lofteslogg/internal/event"
)

// Role is what a person may do.
type Role string

// The roles. A field worker writes and sees own activities; a coordinator the town's all; a reader sees what a
// coordinator sees and writes nothing.
const (
	Field       Role = "field"
	Coordinator Role = "coordinator"
	Reader      Role = "reader"
)

// readsAll tells whether the role sees every class.
func (r Role) readsAll() bool { return r == Coordinator || r == Reader }

// Caller is who asks: a signed-in person of one town.
type Caller struct {
	Town    event.ID
	Account event.ID
	Role    Role
	Phone   event.ID // the installation that the phone was connected as; zero at a desk
	Revoked bool     // may only push, and what the person wrote is parked
}

// Person is what judging needs to know of an account.
type Person struct {
	Role    Role
	Party   string // slug
	Revoked bool
}

// People knows accounts and installations; access.Store is one. Both methods are called within transactions, must
// answer from memory, and may be called concurrently.
type People interface {
	// Person finds an account of a town.
	Person(town, account event.ID) (Person, bool)
}
