package replica

import (
	"bytes"
	"context"
	"slices"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// prepared is a pushed event after what can be found out without the log.
type prepared struct {
	item   *wire.PushItem
	ev     *event.Event
	refuse string
	detail string
}

// Push takes in a batch. When it returns a reply, every event that the reply does not call later or refused is on
// disk. One event never fails a batch. fault.Invalid, Denied or TooLarge for the batch as a whole; fault.Busy and Full
// as store.Engine has them.
func (r *Replica) Push(ctx context.Context, caller Caller, req *wire.PushRequest) (*wire.PushReply, error) {
	if err := check(caller, req); err != nil {
		return nil, err
	}
	t, err := r.town(req.Town)
	if err != nil {
		return nil, err
	}
	list := make([]prepared, len(req.Events))
	for i := range req.Events {
		list[i] = prepare(req.Town, &req.Events[i])
	}
	var reply *wire.PushReply
	if len(list) == 0 {
		if reply, err = r.ask(ctx, t, caller, req); reply != nil || err != nil {
			return reply, err
		}
	}
	commit := func() error {
		return r.engine.Update(ctx, t.id, func(tx store.Tx) (err error) {
			reply, err = r.push(t, tx, caller, req, list)
			return err
		})
	}
	if r.copies != nil && caller.Phone.IsZero() {
		err = r.copies.Keep(t.id, caller.Account, req.Inc, wellFormed(list), commit)
	} else {
		err = commit()
	}
	if err == nil && r.copies != nil && caller.Phone.IsZero() {
		err = r.strike(t.id, list, reply.Res)
	}
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// wellFormed is what of a batch is kept beside the town too when it comes from a desk. A phone has its own until every
// backup has it.
func wellFormed(list []prepared) (events []string) {
	for i := range list {
		if list[i].refuse == "" {
			events = append(events, list[i].item.Ev)
		}
	}
	return events
}

// strike takes out of the copies what the town did not take: what came for an entry that is erased is kept nowhere, and other
// bytes under an id that is stored must not come first when the town is put back to before it.
func (r *Replica) strike(town event.ID, list []prepared, results []wire.PushResult) error {
	gone := map[string]bool{}
	for i := range list {
		if c := results[i].C; list[i].refuse == "" && (c == wire.ResErased || c == wire.ResRefused) {
			gone[list[i].item.Ev] = true
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return r.copies.Strike(town, func(e *event.Event) bool { return gone[string(e.Append(nil))] })
}

// ask answers a push without events from a view, when there is nothing new to note about the phone: asking costs no
// fsync. The reply is nil when there is.
func (r *Replica) ask(ctx context.Context, t *town, caller Caller, req *wire.PushRequest) (reply *wire.PushReply, err error) {
	err = r.engine.View(ctx, t.id, func(tx store.Tx) error {
		b, err := r.begin(t, tx, caller)
		if err != nil {
			return err
		}
		if i, err := b.installation(req.Inc); err != nil || !caller.Revoked && !b.heard(&i.Installation, req) {
			return err
		}
		known, err := b.head.knows(tx, req.Head)
		if err != nil {
			return err
		}
		reply = empty(known, 0)
		b.finish(reply, nil)
		reply.Safe, err = r.safe(b.head, tx)
		return err
	})
	return reply, err
}

func empty(known bool, results int) *wire.PushReply {
	return &wire.PushReply{Reoffer: !known, Fork: []event.ID{}, Contig: map[string]uint64{}, Need: []string{}, Res: make([]wire.PushResult, results)}
}

func check(caller Caller, req *wire.PushRequest) error {
	switch {
	case req.P != 1:
		return fault.New(fault.Invalid, "protocol", "protocol %d is not known here", req.P).At("p")
	case req.Town != caller.Town:
		return fault.New(fault.Denied, "town", "signed in for another town").At("town")
	case len(req.Events) > wire.MaxEvents:
		return fault.New(fault.TooLarge, "events", "%d events; at most %d", len(req.Events), wire.MaxEvents).At("events")
	case req.Pending < 0:
		return fault.New(fault.Invalid, "body", "less than nothing").At("pending")
	}
	return nil
}

func prepare(town event.ID, item *wire.PushItem) prepared {
	p := prepared{item: item}
	switch {
	case item.Seal != "none":
		p.refuse, p.detail = "seal", "only seal none is known here"
		return p
	case len(item.Ev) > event.MaxBytes:
		p.refuse, p.detail = "too-large", "more than 65536 bytes"
		return p
	}
	e, err := event.Decode([]byte(item.Ev))
	switch {
	case err != nil:
		p.refuse, p.detail = "malformed", err.Error()
	case e.ID.String() != item.ID || e.Inc.String() != item.Inc || int64(e.N) != item.N:
		p.refuse, p.detail = "envelope", "id, inc or n differ from those in ev"
	case e.Town != town:
		p.refuse, p.detail = "town", "the event is of another town"
	}
	p.ev = e
	return p
}

func (r *Replica) push(t *town, tx store.Tx, caller Caller, req *wire.PushRequest, list []prepared) (*wire.PushReply, error) {
	b, err := r.begin(t, tx, caller)
	if err != nil {
		return nil, err
	}
	known, err := b.head.knows(tx, req.Head)
	if err != nil {
		return nil, err
	}
	if !caller.Revoked {
		if err := b.greet(req); err != nil {
			return nil, err
		}
	}
	reply := empty(known, len(list))
	for i := range list {
		if reply.Res[i], err = b.take(&list[i]); err != nil {
			return nil, err
		}
	}
	if err := b.restate(reply.Res, list); err != nil {
		return nil, err
	}
	if err := b.flush(); err != nil {
		return nil, err
	}
	b.finish(reply, list)
	reply.Safe, err = r.safe(b.head, tx)
	return reply, err
}

// take stores one event, or finds it stored.
func (b *batch) take(p *prepared) (wire.PushResult, error) {
	res := wire.PushResult{ID: p.item.ID}
	if p.refuse != "" {
		res.C, res.Why, res.Detail = wire.ResRefused, p.refuse, p.detail
		return res, nil
	}
	place, known, err := placeOf(b.tx, p.ev.ID)
	if err != nil {
		return res, err
	}
	if known {
		return b.again(res, p, place)
	}
	if err := b.enrolled(p.ev); err != nil {
		return res, err
	}
	if s, err := b.state(p.ev.Entity); err != nil {
		return res, err
	} else if s.Erased {
		place, err := b.bury(s, p.ev, []byte(p.item.Ev))
		return standing(res, place), err
	}
	rec, err := b.append(p.ev, []byte(p.item.Ev), p.item.Again)
	if err != nil {
		return res, err
	}
	if err := b.number(p.ev); err != nil {
		return res, err
	}
	if place, err = b.stand(p.ev, rec); err != nil {
		return res, err
	}
	return standing(res, place), nil
}

// restate answers how each event stands after the whole batch: a later one may be what an earlier one waited for.
func (b *batch) restate(results []wire.PushResult, list []prepared) error {
	for i := range results {
		if results[i].C == wire.ResRefused {
			continue
		}
		p, _, err := placeOf(b.tx, list[i].ev.ID)
		if err != nil {
			return err
		}
		results[i] = standing(wire.PushResult{ID: results[i].ID}, p)
	}
	return nil
}

// enrolled binds an installation that is new here to the writer, when it is the writer who calls or who is known to have
// connected it: somebody else may carry the first that is heard of it.
func (b *batch) enrolled(e *event.Event) error {
	calls := e.By == b.caller.Account && !b.caller.Revoked
	if !calls && b.r.connected(b.t.id, e.Inc) != e.By {
		return nil
	}
	_, err := b.bind(e.Inc, e.By)
	return err
}

// again answers an event that is stored with its present standing, or refuses other bytes under its id.
func (b *batch) again(res wire.PushResult, p *prepared, place store.Place) (wire.PushResult, error) {
	if _, err := b.installation(p.ev.Inc); err != nil {
		return res, err
	}
	if !place.Erased {
		rec, err := recordAt(b.tx, place.Seq)
		if err != nil {
			return res, err
		}
		if !bytes.Equal(rec.Bytes, []byte(p.item.Ev)) {
			res.C, res.Why, res.Detail = wire.ResRefused, "other-bytes", "an event of this id is stored with other bytes"
			return res, nil
		}
	}
	return standing(res, place), b.remind(p.ev, place)
}

// remind tells of a fork again, for the reply that told of it may have been lost.
func (b *batch) remind(e *event.Event, p store.Place) error {
	bound, err := b.tx.Get(store.Incs, store.IDSeqKey(e.Inc, e.N))
	if bound != nil && store.SeqOf(bound) != p.Seq {
		b.forks[e.Inc] = true
	}
	return err
}

func standing(res wire.PushResult, p store.Place) wire.PushResult {
	res.Seq = p.Seq
	switch {
	case p.Erased:
		res.C = wire.ResErased
	case p.Standing == store.Folded:
		res.C = wire.ResOK
	case p.Standing == store.Parked:
		res.C, res.Why = wire.ResParked, p.Reason
	}
	return res
}

func (b *batch) finish(reply *wire.PushReply, list []prepared) {
	reply.Head = b.head.wire()
	reply.Now = b.now.UnixMilli()
	reply.Limits = wire.Limits{Events: wire.MaxEvents, Bytes: wire.MaxBytes}
	for id := range b.forks {
		reply.Fork = append(reply.Fork, id)
	}
	slices.SortFunc(reply.Fork, event.ID.Compare)
	for i := range list {
		if list[i].refuse == "" {
			reply.Contig[list[i].item.Inc] = b.incs[list[i].ev.Inc].Contig
		}
	}
}
