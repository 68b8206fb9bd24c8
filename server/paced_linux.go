package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// settle waits until a part of a file is on disk, and has the kernel forget it. Where that cannot be asked for nothing is
// lost: whoever needs the file on disk syncs it at the end.
func settle(f *os.File, from, n int64) {
	_ = unix.SyncFileRange(int(f.Fd()), from, n, unix.SYNC_FILE_RANGE_WAIT_BEFORE|unix.SYNC_FILE_RANGE_WRITE|unix.SYNC_FILE_RANGE_WAIT_AFTER)
	_ = unix.Fadvise(int(f.Fd()), from, n, unix.FADV_DONTNEED)
}
