package replica

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"io"

	"lofteslogg/internal/store"
)

// fromKept fills the table from the copy, when there is one that can be believed.
func (f *filler) fromKept(ctx context.Context) (bool, error) {
	if f.r.tables == nil {
		return false, nil
	}
	file, err := f.r.tables.Open(f.t.id)
	if err != nil {
		return false, nil // a copy that cannot be opened is none; the rows are there
	}
	defer file.Close() //nolint:errcheck // it was only read
	seal := believe(ctx, file)
	if seal == nil || seal.town != f.t.id {
		return false, nil
	}
	if fits, err := f.fits(ctx, seal); !fits || err != nil {
		return false, err
	}
	f.t.table.Grow(int(seal.rows))
	if err := f.catchUp(ctx, seal.low); err != nil {
		return false, err
	}
	if err := f.addPacks(ctx, file); err != nil {
		return false, nil // what was added is right, and the rows that lack are read one by one
	}
	f.t.keptAt.Store(seal.low)
	return true, nil
}

// believe reads all of a copy and gives what it is of; nil when a single byte is not as it was written.
func believe(ctx context.Context, file io.ReadSeeker) *keptSeal {
	size, err := file.Seek(-keptTrailer, io.SeekEnd)
	if err != nil || size < int64(len(keptName)) {
		return nil
	}
	trailer := make([]byte, keptTrailer)
	if _, err := io.ReadFull(file, trailer); err != nil {
		return nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil
	}
	sum, body := sha256.New(), size+keptTrailer-sha256.Size
	if n, err := io.CopyBuffer(hashing{sum, ctx}, io.LimitReader(file, body), make([]byte, 1<<20)); n != body || err != nil {
		return nil
	}
	if !bytes.Equal(sum.Sum(nil), trailer[keptTrailer-sha256.Size:]) {
		return nil
	}
	return readSeal(trailer)
}

// hashing hashes until nobody waits for the result any more.
type hashing struct {
	hash.Hash
	ctx context.Context
}

func (w hashing) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.Hash.Write(p)
}

// fits tells whether the copy is of a beginning of this history, and of this feed.
func (f *filler) fits(ctx context.Context, seal *keptSeal) (fits bool, err error) {
	err = f.view(ctx, func(tx store.Tx) error {
		h, err := readHead(tx)
		if err != nil || h.generation != seal.generation || seal.low > seal.high {
			return err
		}
		chain, ok, err := h.chainAt(tx, seal.high)
		fits = ok && chain == seal.chain
		return err
	})
	return fits, err
}

func (f *filler) addPacks(ctx context.Context, file io.ReadSeeker) error {
	if _, err := file.Seek(int64(len(keptName)), io.SeekStart); err != nil {
		return err
	}
	in := bufio.NewReaderSize(file, 1<<20)
	for {
		var n [4]byte
		if _, err := io.ReadFull(in, n[:]); err != nil {
			return err
		}
		size := binary.BigEndian.Uint32(n[:])
		if size == 0 {
			return nil
		}
		f.pack = append(f.pack[:0], make([]byte, min(size, longestPack))...)
		if _, err := io.ReadFull(in, f.pack); err != nil {
			return err
		}
		if err := f.add(); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}
