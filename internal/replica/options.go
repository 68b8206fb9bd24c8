package replica

import (
	"io"
	"time"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// Options are what a Replica may be given; zero values mean the machine's own.
type Options struct {
	Clock  clock.Clock
	Random io.Reader // of nonces, salts and epochs
	// Kept lists the heads of the backups of a town that are still offered for restore; nil means none.
	Kept func(town event.ID) []wire.Head
	// Shut tells whether the phone of an installation is revoked; nil means that none ever is. Like People it is called
	// within transactions.
	Shut func(town, inc event.ID) bool
	// Tables keeps copies of the tables of facts for the next start; nil keeps none.
	Tables Tables
	// Filled is told of each town whose figures were read in the background.
	Filled func(Filled)
	// Slice is how many rows are read in one view while a table is filled; 0 means 4096.
	Slice int
	// Left tells whether the person of an installation has signed out of it, so that its silence means nothing. Nil means
	// that nobody ever does.
	Left func(town, inc event.ID) bool
	// Connected says who connected a phone as an installation, zero when nobody is known to have: what somebody else
	// carries from there is the writer's all the same. Like Shut it is called within transactions.
	Connected func(town, inc event.ID) event.ID
	// Copies keeps a second copy of what is pushed from a desk, which keeps none itself; nil keeps none.
	Copies Copies
}

// Copies is where else than in the town it stands what a desk wrote; carbon.Copies is one. Keep has events on disk, then has
// commit store them, and gives its error; when it fails nothing is kept. Strike takes out for good what is gone. Both may be
// called concurrently.
type Copies interface {
	Keep(town, account, inc event.ID, events []string, commit func() error) error
	Strike(town event.ID, gone func(*event.Event) bool) error
}

// Filled says that the figures of a town are there, or why they will not be.
type Filled struct {
	Town event.ID
	Rows int
	Kept bool // from the copy that was kept
	Took time.Duration
	Err  error
}
