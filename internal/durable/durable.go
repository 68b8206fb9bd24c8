// Package durable has names and lengths of files on the disk before it returns, not only on their way there.
package durable

import (
	"errors"
	"os"
)

// SyncFolder has the names in a folder on disk: a file that was made or renamed is there after a power cut only then.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Cut makes a file so long and no longer.
func Cut(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Sync(), f.Close())
}
