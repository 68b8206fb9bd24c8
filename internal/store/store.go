// Package store says what an engine that keeps towns must do. Engines live in sub-packages and pass storetest.
//
// An engine keeps, for each town, ordered buckets of keys and values, and changes them in transactions. It knows
// nothing of events; the records that replica keeps are coded in this package's other files.
package store

import (
	"context"
	"io"

	"lofteslogg/internal/event"
)

// Bucket is one ordered key space of a town.
type Bucket string

// The buckets of a town, as in docs/api/protocol.md. An engine creates them all when it creates a town.
//
// They are the version of what is stored too: a program that finds one more than it knows leaves the file alone. So whoever
// changes how a record is spelt, or what must be kept in step with what, adds a bucket named for that.
const (
	Meta     Bucket = "meta" // name → value
	Events   Bucket = "ev"   // seq → record of the log
	IDs      Bucket = "id"   // event id → seq, entity, standing
	ByEntity Bucket = "eev"  // entity, seq → nothing
	Incs     Bucket = "inc"  // installation, n → seq
	IncMeta  Bucket = "incm" // installation → person, gaps, last seen
	Entities Bucket = "ent"  // entity → state
	Changes  Bucket = "chg"  // class, seq, entity → nothing
	Rows     Bucket = "row"  // counted entity → row of facts
	Attn     Bucket = "attn" // reason, number, subject → what needs a look
	Gone     Bucket = "gone" // seq, erased event → nothing
)

// Buckets lists every bucket there is, in a fixed order.
func Buckets() []Bucket {
	return []Bucket{Meta, Events, IDs, ByEntity, Incs, IncMeta, Entities, Changes, Rows, Attn, Gone}
}

// Engine keeps towns. All methods may be called concurrently.
type Engine interface {
	// Create makes an empty town. fault.Conflict when it exists.
	Create(ctx context.Context, town event.ID) error

	// Towns lists the towns there are, in order of id.
	Towns(ctx context.Context) ([]event.ID, error)

	// Update runs fn in one transaction on a town: everything fn wrote becomes durable together, or nothing does.
	//
	// When Update returns nil, what fn wrote survives a power cut. Concurrent calls may share one commit, but each fn
	// runs alone and sees what the earlier ones of the same commit wrote. fn may be run more than once, so it must not
	// change anything outside the transaction but what it sets anew each time. An error or panic from fn leaves the
	// town as it was and fails this call alone (a panic comes back as an error). fault.NotFound when there is no such
	// town, fault.Full when the disk is full, fault.Busy when the engine is closing or ctx ended before fn had its turn;
	// in each of these cases nothing was written and the caller may try again. When the commit itself failed in a way
	// that leaves its outcome unknown, the error says so (fault.Internal) and the engine refuses every later Update
	// with fault.Busy until the town has been reopened.
	Update(ctx context.Context, town event.ID, fn func(Tx) error) error

	// View runs fn on a consistent picture of a town, the latest commit or later than it was when View was called.
	// Writing in fn is an error, and a panic in fn comes back as one. A View may wait for the fsync under way, so that it
	// never shows what a power cut could still take back.
	View(ctx context.Context, town event.ID, fn func(Tx) error) error

	// Copy writes a consistent copy of a town, in the engine's own format, while it is in use.
	Copy(ctx context.Context, town event.ID, w io.Writer) error

	// Close ends accepting work, finishes what was accepted and closes the files. Close twice is harmless.
	Close() error
}

// Tx is one transaction on one town. It is for one goroutine, and only until fn returns; fn and what it gave to
// OnCommit must not call Update of the same town. Keys have 1 to 1024 bytes.
type Tx interface {
	// Get gives the value at key, or nil when there is none. The bytes are valid until fn returns and must not be
	// changed. A stored value whose checksum does not fit its bucket, key and bytes is an error (fault.Internal that
	// wraps ErrDamaged), never a value.
	Get(b Bucket, key []byte) ([]byte, error)

	// Put stores value at key. The engine keeps its own copies. An empty value is a value.
	Put(b Bucket, key, value []byte) error

	// Delete removes key; removing what is not there is no error.
	Delete(b Bucket, key []byte) error

	// Scan calls fn for each key from ≤ key < to in byte order until fn returns false; a nil to means the end. The
	// same rule about checksums and lifetime as for Get. fn must not write.
	Scan(b Bucket, from, to []byte, fn func(key, value []byte) bool) error

	// OnCommit has f run after this transaction is durable, before its Update returns and before any later
	// transaction runs, in the order of commits. f must be quick and must not use the transaction. On rollback f does not run.
	OnCommit(f func())
}
