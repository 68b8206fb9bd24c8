package boltstore

import (
	"os"

	"golang.org/x/sys/unix"
)

// forget has the kernel drop what it remembers of a file and has on disk.
func forget(f *os.File) error {
	return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}
