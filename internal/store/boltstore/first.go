package boltstore

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"os"
)

// Where bbolt keeps what on a first page, after the page's own head: format 2 of its file, which it promises not to change.
const (
	pageHead   = 16
	metaMagic  = 0xED0CDAED
	metaSize   = 56 // what its sum is of
	metaNumber = 48 // of the commit
)

// InRow tells whether a town's file has two whole first pages, of a commit and the one before it, as each commit leaves
// them. Where they are not, the newest commit may be missing, and what is there is whole all the same: a power cut tore
// the page of a commit that nobody was told of, or the disk lost or spoilt the page of one that somebody was. Nothing in
// the file tells these apart; a phone that was told shows a head that is not known then, and is asked for what it has. A
// file that does not exist or is empty is in a row.
func InRow(path string) (ok bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var numbers [2]uint64
	for i := range numbers {
		page := make([]byte, pageHead+metaSize+8)
		n, err := f.ReadAt(page, int64(i*os.Getpagesize()))
		if i == 0 && n == 0 {
			return true, nil
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return false, err
		}
		if numbers[i], ok = commitOf(page[pageHead:]); !ok {
			return false, nil
		}
	}
	return numbers[0]+1 == numbers[1] || numbers[1]+1 == numbers[0], nil
}

// commitOf gives the number of the commit that a first page is of, unless the page is not whole.
func commitOf(meta []byte) (number uint64, whole bool) {
	sum := fnv.New64a()
	_, _ = sum.Write(meta[:metaSize]) // it never fails
	whole = binary.NativeEndian.Uint32(meta) == metaMagic && binary.NativeEndian.Uint64(meta[metaSize:]) == sum.Sum64()
	return binary.NativeEndian.Uint64(meta[metaNumber:]), whole
}
