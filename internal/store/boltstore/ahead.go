package boltstore

import (
	"context"
	"encoding/binary"
	"os"
	"sync"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// readers is how many pages are asked of the disk at once.
const readers = 16

// The form of bbolt's pages, which is that of its files and will not change: a header of id, flags, count and overflow,
// and in a branch one element of position, key size and page for each child.
const (
	headerSize = 16
	flagsAt    = 8
	countAt    = 10
	elemSize   = 16
	childAt    = 8
	branchFlag = 1
)

// ReadAhead brings the pages of a bucket into memory, many at a time, for who is about to scan all of it: bbolt would
// ask the disk for one after the other. It is a kindness to the disk and promises nothing; what it reads is not looked
// at but for where the next pages are.
func (e *Engine) ReadAhead(ctx context.Context, id event.ID, b store.Bucket) error {
	return e.read(ctx, id, func(tx *bolt.Tx, told *atomic.Bool) error {
		bucket := tx.Bucket([]byte(b))
		if bucket == nil || bucket.Root() == 0 {
			return nil
		}
		f, err := os.Open(tx.DB().Path())
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // it was only read
		a := ahead{file: f, size: tx.DB().Info().PageSize, pages: uint64(tx.Size()) / uint64(tx.DB().Info().PageSize)}
		for level := []uint64{uint64(bucket.Root())}; len(level) > 0 && ctx.Err() == nil && !told.Load(); {
			level = a.read(level)
		}
		return nil
	})
}

// ahead reads a tree level by level.
type ahead struct {
	file  *os.File
	size  int
	pages uint64
}

// read reads the pages of a level and gives those of the next, in no order.
func (a *ahead) read(level []uint64) (next []uint64) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	var at atomic.Int64
	for range min(readers, len(level)) {
		wait.Go(func() {
			page := make([]byte, a.size)
			var found []uint64
			for i := at.Add(1) - 1; i < int64(len(level)); i = at.Add(1) - 1 {
				found = a.children(level[i], page, found)
			}
			mu.Lock()
			defer mu.Unlock()
			next = append(next, found...)
		})
	}
	wait.Wait()
	if uint64(len(next)) > a.pages { // no tree has more: the page is damaged, and scanning will say so
		return nil
	}
	return next
}

func (a *ahead) children(id uint64, page []byte, found []uint64) []uint64 {
	if id >= a.pages {
		return found
	}
	if n, err := a.file.ReadAt(page, int64(id)*int64(a.size)); n < len(page) || err != nil {
		return found
	}
	if binary.LittleEndian.Uint16(page[flagsAt:]) != branchFlag {
		return found
	}
	for i := range int(binary.LittleEndian.Uint16(page[countAt:])) {
		if at := headerSize + i*elemSize; at+elemSize <= len(page) {
			found = append(found, binary.LittleEndian.Uint64(page[at+childAt:]))
		}
	}
	return found
}
