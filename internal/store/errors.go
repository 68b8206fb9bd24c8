package store

import (
	"errors"

	"lofteslogg/internal/fault"
)

// What an engine's errors wrap, so that callers can tell them apart with errors.Is.
var (
	// ErrDamaged is wrapped by every error about stored bytes that do not fit their checksum, or that cannot be read
	// as what they should be.
	ErrDamaged = errors.New("stored bytes do not fit their checksum")

	// ErrReadOnly is wrapped by the error of a write inside View.
	ErrReadOnly = errors.New("a view cannot write")

	// ErrEnded is wrapped by the error of using a Tx after its fn returned.
	ErrEnded = errors.New("the transaction has ended")

	// ErrUnknown is wrapped by the error of an Update whose commit failed so that nobody can tell whether it is stored.
	ErrUnknown = errors.New("the outcome of the commit is unknown")
)

// MaxKey is the longest key, in bytes, that every engine takes.
const MaxKey = 1024

// CheckKey says why key cannot be stored: keys have 1 to MaxKey bytes. Engines call it from Put, so that a key which
// one of them takes is taken by all.
func CheckKey(b Bucket, key []byte) error {
	if len(key) == 0 || len(key) > MaxKey {
		return fault.New(fault.Internal, "", "key of %d bytes in bucket %s: 1 to %d are stored", len(key), b, MaxKey)
	}
	return nil
}

// NoBucket is the error for a bucket that Buckets does not list.
func NoBucket(b Bucket) error {
	return fault.New(fault.Internal, "", "there is no bucket %q", string(b))
}

// NoTown is the error for a town that an engine does not keep.
func NoTown(town interface{ String() string }) error {
	return fault.New(fault.NotFound, "town", "there is no town %s", town)
}
