//go:build failpoint

package main

import (
	"os"
	"strconv"
	"sync/atomic"
	"syscall"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store/boltstore"
)

// failpoints kills the process after the n-th commit since it started, when that is on disk and nobody was answered:
// LOFTESLOGG_TEST_EXIT_AFTER_COMMIT=n. Making the example town at the first start takes commits too.
//
// LOFTESLOGG_TEST_NO_SYNC leaves out every fsync, for the controls of tests that take the power away.
func failpoints() boltstore.Options {
	o := boltstore.Options{UnsafeNoSync: os.Getenv("LOFTESLOGG_TEST_NO_SYNC") != ""}
	n, err := strconv.ParseInt(os.Getenv("LOFTESLOGG_TEST_EXIT_AFTER_COMMIT"), 10, 64)
	if err != nil || n < 1 {
		return o
	}
	var left atomic.Int64
	left.Store(n)
	o.AfterCommit = func(event.ID) {
		if left.Add(-1) == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
	}
	return o
}
