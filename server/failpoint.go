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
func failpoints() boltstore.Options {
	n, err := strconv.ParseInt(os.Getenv("LOFTESLOGG_TEST_EXIT_AFTER_COMMIT"), 10, 64)
	if err != nil || n < 1 {
		return boltstore.Options{}
	}
	var left atomic.Int64
	left.Store(n)
	return boltstore.Options{AfterCommit: func(event.ID) {
		if left.Add(-1) == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
	}}
}
