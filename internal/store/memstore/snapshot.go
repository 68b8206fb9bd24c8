package memstore

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// Snapshot gives the town as it is now, at no cost; nil when there is no such town. What it gives is good for Restore
// only, on any Engine of this package and as often as one likes.
func (e *Engine) Snapshot(id event.ID) any {
	t, err := e.town(context.Background(), id)
	if err != nil {
		return nil
	}
	return t.now.Load()
}

// Restore puts the town back to what Snapshot gave, at no cost; nil takes the town away. Updates that wait for their
// turn run on the restored town, or find none.
func (e *Engine) Restore(id event.ID, snapshot any) {
	e.mu.Lock()
	t := e.towns[id]
	switch {
	case snapshot == nil:
		delete(e.towns, id)
	case t == nil:
		e.towns[id] = newTown(snapshot.(*picture))
	}
	e.mu.Unlock()
	if t != nil && snapshot != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.now.Store(snapshot.(*picture))
	}
}

// Copy writes, for each key of each bucket in order: the bucket's number in one byte, the lengths of key and value as
// uvarints, and both. See store.Engine.
func (e *Engine) Copy(ctx context.Context, id event.ID, w io.Writer) error {
	t, err := e.town(ctx, id)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for i, root := range t.now.Load() {
		root.walk(nil, nil, func(k, v []byte) bool {
			head := binary.AppendUvarint([]byte{byte(i)}, uint64(len(k)))
			_, err = out.Write(append(append(binary.AppendUvarint(head, uint64(len(v))), k...), v...))
			return err == nil && ctx.Err() == nil
		})
	}
	if ctx.Err() != nil {
		return fault.New(fault.Busy, "", "copy: %w", ctx.Err())
	}
	return errors.Join(err, out.Flush())
}

// Paste makes a town of what Copy wrote. fault.Conflict when the town exists.
func (e *Engine) Paste(ctx context.Context, id event.ID, r io.Reader) error {
	if err := e.Create(ctx, id); err != nil {
		return err
	}
	in := bufio.NewReader(r)
	return e.Update(ctx, id, func(x store.Tx) error {
		for {
			if err := paste(x, in); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return fmt.Errorf("paste town %s: %w", id, err)
			}
		}
	})
}

// paste reads one record; io.EOF when there is no more.
func paste(x store.Tx, in *bufio.Reader) error {
	b, err := in.ReadByte()
	if err != nil {
		return err
	}
	k, err1 := binary.ReadUvarint(in)
	v, err2 := binary.ReadUvarint(in)
	if int(b) >= len(names) || err1 != nil || err2 != nil || k > store.MaxKey || v > 1<<30 {
		return store.ErrDamaged
	}
	both := make([]byte, k+v)
	if _, err := io.ReadFull(in, both); err != nil {
		return store.ErrDamaged
	}
	return x.Put(names[b], both[:k], both[k:])
}
