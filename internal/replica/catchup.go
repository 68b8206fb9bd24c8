package replica

import (
	"context"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// catchUp adds the rows of all that changed after a seq. What changes while it reads comes with its commit.
func (f *filler) catchUp(ctx context.Context, after uint64) error {
	var classes []string
	err := f.view(ctx, func(tx store.Tx) (err error) {
		classes, err = classesOf(tx, Caller{Role: Coordinator})
		return err
	})
	for _, class := range classes {
		for at, more := after, true; more && err == nil; {
			f.pack = f.pack[:0]
			err = f.view(ctx, func(tx store.Tx) (err error) {
				at, more, err = f.changed(tx, class, at)
				return err
			})
			if err == nil {
				err = f.add()
			}
		}
	}
	return err
}

// changed packs the rows of a class that changed after a seq, as many as make a slice, and says up to which seq it got.
func (f *filler) changed(tx store.Tx, class string, after uint64) (last uint64, more bool, err error) {
	var list []event.ID
	last = after
	err = scanFeed(tx, class, after, func(seq uint64, e event.ID) (bool, error) {
		if len(list) >= f.r.slice && seq != last {
			more = true
			return false, nil
		}
		list, last = append(list, e), seq
		return true, nil
	})
	for _, e := range list {
		if err == nil {
			err = f.packRow(tx, e)
		}
	}
	return last, more, err
}

// packRow packs an entity's row, or that it has none any more.
func (f *filler) packRow(tx store.Tx, e event.ID) error {
	stored, err := tx.Get(store.Rows, store.IDKey(e))
	if err != nil {
		return err
	}
	if stored == nil {
		s, err := readState(tx, e)
		if err != nil || s == nil || s.Birth != nil {
			return err
		}
		gone := activity.Row{Entity: e, Flags: activity.Voided}
		stored = gone.Append(nil)
	}
	f.pack = activity.AppendPacked(f.pack, stored)
	return nil
}
