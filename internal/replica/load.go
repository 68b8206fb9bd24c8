package replica

import (
	"context"
	"fmt"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

// sliceRows is how many rows are read in one view while a town's table is filled: few enough that nobody waits for it,
// and more than most towns have, so that theirs are there at once.
const sliceRows = 4096

// filling is how far a town's table is. Pushes and pulls do not wait for it: what they commit meanwhile goes into the
// table first, and what is read from the file is added only where there is nothing yet.
type filling struct {
	done chan struct{} // closed when the table has every row, or will not get them
	err  error         // why it will not; to be read when done is closed
	stop context.CancelFunc
}

// over tells whether the filling has ended.
func (f *filling) over() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// Filled waits until the town's figures are there. It fails when they cannot be read, or ctx ends first.
func (r *Replica) Filled(ctx context.Context, id event.ID) error {
	t, err := r.town(id)
	if err != nil {
		return err
	}
	select {
	case <-t.filling.done:
		return t.filling.err
	case <-ctx.Done():
		return fault.New(fault.Busy, "figures", "the figures of town %s are still being read: %w", id, ctx.Err())
	}
}

// Filling lists the towns whose figures are still being read, and those whose figures cannot be, with the reason.
func (r *Replica) Filling() (under []event.ID, failed map[event.ID]error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	failed = map[event.ID]error{}
	for id, t := range r.towns {
		switch {
		case !t.filling.over():
			under = append(under, id)
		case t.filling.err != nil:
			failed[id] = t.filling.err
		}
	}
	return under, failed
}

// Close ends what is read in the background and waits for it. The engine stays open.
func (r *Replica) Close() {
	r.mu.RLock()
	for _, t := range r.towns {
		t.filling.stop()
	}
	r.mu.RUnlock()
	r.fillers.Wait()
}

// filler reads a town's rows into its table, a slice at a time.
type filler struct {
	r    *Replica
	t    *town
	head head   // when the filling began
	from []byte // the first row that was not read; nil when all were
	pack []byte
}

// readSlice packs the rows from f.from on. What it packed is to be added when the view is over.
func (f *filler) readSlice(tx store.Tx) error {
	n, from := 0, f.from
	f.pack, f.from = f.pack[:0], nil
	return tx.Scan(store.Rows, from, nil, func(k, v []byte) bool {
		if n == f.r.slice {
			f.from = append(f.from, k...)
			return false
		}
		f.pack, n = activity.AppendPacked(f.pack, v), n+1
		return true
	})
}

func (f *filler) add() error {
	if err := f.t.table.Add(f.pack); err != nil {
		return fmt.Errorf("rows of town %s: %w: %w", f.t.id, err, store.ErrDamaged)
	}
	return nil
}

// fill does what is left when the town is open already: from the table that was kept, or else row by row.
func (f *filler) fill(ctx context.Context) (fromKept bool, err error) {
	if fromKept, err = f.fromKept(ctx); fromKept || err != nil {
		return fromKept, err
	}
	f.readAhead(ctx)
	for f.from != nil {
		if err := f.view(ctx, f.readSlice); err != nil {
			return false, err
		}
		if err := f.add(); err != nil {
			return false, err
		}
	}
	return false, nil
}

// readAhead has an engine that can bring in the rows' pages many at a time. Without it the disk is asked for one after
// the other, and whoever waits for a page holds up others.
func (f *filler) readAhead(ctx context.Context) {
	if e, ok := f.r.engine.(interface {
		ReadAhead(ctx context.Context, town event.ID, b store.Bucket) error
	}); ok {
		_ = e.ReadAhead(ctx, f.t.id, store.Rows) // what is wrong with the file shows when it is read
	}
}

func (f *filler) view(ctx context.Context, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return fault.New(fault.Busy, "closing", "stopped reading the rows of town %s: %w", f.t.id, err)
	}
	return f.r.engine.View(ctx, f.t.id, fn)
}

// background fills the table while the town is in use.
func (f *filler) background(ctx context.Context) {
	began := f.r.clock.Now()
	fromKept, err := f.fill(ctx)
	f.finish(err)
	if f.r.filled != nil && ctx.Err() == nil {
		f.r.filled(Filled{Town: f.t.id, Rows: f.t.table.Len(), Kept: fromKept, Took: f.r.clock.Now().Sub(began), Err: err})
	}
}

func (f *filler) finish(err error) {
	f.t.table.Stand(f.head.seq)
	f.t.filling.err = err
	close(f.t.filling.done)
	f.t.watch.poke() // a desk that waits for the figures asks again
}
