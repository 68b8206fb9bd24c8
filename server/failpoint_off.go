//go:build !failpoint

package main

import "lofteslogg/internal/store/boltstore"

// failpoints are there in builds for tests alone.
func failpoints() boltstore.Options { return boltstore.Options{} }
