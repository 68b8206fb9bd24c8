package replica

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// Why a received event is not counted by itself, where it is not parked; then it is the reason.
const (
	slipErased    = "erased"
	slipChange    = "change" // it changes an entry, which is counted by its first event
	slipOther     = "other"  // no activity: a place
	slipRetracted = "retracted"
	slipDouble    = "double" // it is logged twice, and the other one counts
	slipUndated   = "undated"
)

// DayOf is the local day of a stamp: for an event's own, the day that it was saved by its writer's clock, which the phone
// and the server read alike.
func DayOf(s clock.Stamp) activity.Day { return activity.DayOf(time.UnixMilli(s.Millis())) }

// slipEvent is an event with the local day that it was saved, by its writer's clock.
type slipEvent struct {
	wire.SlipEvent
	day activity.Day
}

// Slip lists what came from an installation, by the local day that it was saved on its phone, from one day to another. A
// field worker is told of own events alone. fault.Busy while the figures are read after a start. Its cost follows the
// number of events of the installation.
func (r *Replica) Slip(ctx context.Context, caller Caller, inc event.ID, from, to activity.Day) (*wire.Slip, error) {
	table, err := r.Table(caller.Town)
	if err != nil {
		return nil, err
	}
	out := &wire.Slip{Inc: inc, Now: r.clock.Now().UnixMilli(), Days: []wire.SlipDay{}}
	var list []slipEvent
	err = r.engine.View(ctx, caller.Town, func(tx store.Tx) (err error) {
		if list, err = slipEvents(tx, table, caller, inc); err != nil {
			return err
		}
		return slipQueue(tx, inc, out)
	})
	if err != nil {
		return nil, err
	}
	fillSlip(out, list, from, to)
	return out, nil
}

// slipEvents reads what the caller may know of the installation's events, in no order.
func slipEvents(tx store.Tx, table *activity.Table, caller Caller, inc event.ID) (list []slipEvent, err error) {
	seqs, err := seqsFrom(tx, inc)
	if err != nil {
		return nil, err
	}
	for _, seq := range seqs {
		e, err := slipEventAt(tx, table, caller, seq)
		if err != nil {
			return nil, err
		}
		if e != nil {
			list = append(list, *e)
		}
	}
	return list, nil
}

// seqsFrom lists where the installation's events are, those whose number is another's too.
func seqsFrom(tx store.Tx, inc event.ID) (seqs []uint64, err error) {
	err = tx.Scan(store.Incs, inc[:], store.After(inc[:]), func(_, v []byte) bool {
		seqs = append(seqs, store.SeqOf(v))
		return true
	})
	if err != nil {
		return nil, err
	}
	forks := append([]byte(Fork), 0)
	err = tx.Scan(store.Attn, forks, store.After(forks), func(k, _ []byte) bool {
		if _, seq, of, ok := store.FeedOf(k); ok && of == inc {
			seqs = append(seqs, seq)
		}
		return true
	})
	return seqs, err
}

// slipEventAt reads the event at a seq; nil when the caller may not know of it.
func slipEventAt(tx store.Tx, table *activity.Table, caller Caller, seq uint64) (*slipEvent, error) {
	rec, err := recordAt(tx, seq)
	if err != nil {
		return nil, err
	}
	e, err := event.Decode(rec.Bytes)
	if err != nil {
		return nil, err
	}
	if !caller.Role.readsAll() && e.By != caller.Account {
		return nil, nil
	}
	p, _, err := placeOf(tx, e.ID)
	if err != nil {
		return nil, err
	}
	out := &slipEvent{day: DayOf(e.HLC)}
	out.SlipEvent = wire.SlipEvent{ID: e.ID, E: e.Entity, N: e.N, Received: rec.Received, Why: uncounted(e, p, table)}
	return out, nil
}

func uncounted(e *event.Event, p store.Place, table *activity.Table) string {
	switch {
	case p.Erased:
		return slipErased
	case p.Standing == store.Parked:
		return p.Reason
	case e.New == nil:
		return slipChange
	case e.New.Type != activity.TypeActivity:
		return slipOther
	}
	f, ok := table.Fact(e.Entity)
	switch {
	case !ok: // it came since the table was asked
		return slipChange
	case f.Flags.Has(activity.Voided):
		return slipRetracted
	case !f.Counted:
		return slipDouble
	case !f.Flags.Has(activity.Dated):
		return slipUndated
	}
	return ""
}

func slipQueue(tx store.Tx, inc event.ID, out *wire.Slip) error {
	raw, err := tx.Get(store.IncMeta, store.IDKey(inc))
	if err != nil || raw == nil {
		return err
	}
	i, err := store.ReadInstallation(raw)
	if err == nil && i.LastSeen > 0 {
		out.Unsent, out.Said = &i.Pending, &i.LastSeen
	}
	return err
}

// fillSlip sums the days up. A number that never came belongs to the day of the next one that did.
func fillSlip(out *wire.Slip, list []slipEvent, from, to activity.Day) {
	slices.SortFunc(list, func(a, b slipEvent) int { return cmp.Or(cmp.Compare(a.N, b.N), a.ID.Compare(b.ID)) })
	days, missing := map[activity.Day][]slipEvent{}, map[activity.Day][]wire.Span{}
	for _, e := range list {
		if e.N > out.Max+1 {
			missing[e.day] = append(missing[e.day], wire.Span{From: out.Max + 1, To: e.N - 1})
		}
		days[e.day], out.Max = append(days[e.day], e), e.N
	}
	for _, day := range slices.Backward(slices.Sorted(maps.Keys(days))) {
		if day < from || day > to {
			continue
		}
		out.Days = append(out.Days, slipDay(day, days[day], missing[day]))
		for _, e := range days[day] {
			if from == to {
				out.Events = append(out.Events, e.SlipEvent)
			}
		}
	}
}

func slipDay(day activity.Day, list []slipEvent, missing []wire.Span) wire.SlipDay {
	var received, counted []event.ID
	for _, e := range list {
		received = append(received, e.ID)
		if e.Why == "" {
			counted = append(counted, e.ID)
		}
	}
	return wire.SlipDay{
		Day: day.String(), Received: len(received), ReceivedSum: event.Sum(received),
		Counted: len(counted), CountedSum: event.Sum(counted), Missing: append([]wire.Span{}, missing...),
	}
}
