package replica

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// change is an entity at its latest seq in a feed.
type change struct {
	seq uint64
	e   event.ID
}

// Changes hands out each entity that the caller may see and that changed since the cursor, once, at its latest seq.
// An empty cursor begins at the beginning, an empty head means that the device never had one. A page never ends
// inside one seq, so it can hold more than limit. fault.Invalid when cur or head is not what this API handed out.
func (r *Replica) Changes(ctx context.Context, caller Caller, cur, shown string, limit int) (*wire.ChangesReply, error) {
	t, err := r.town(caller.Town)
	if err != nil {
		return nil, err
	}
	c, err := readCursor(cur)
	if err != nil {
		return nil, err
	}
	theirs, err := ParseHead(shown)
	if err != nil {
		return nil, err
	}
	reply := &wire.ChangesReply{Ents: []wire.Entity{}, Erased: []event.ID{}, Now: r.clock.Now().UnixMilli()}
	err = r.engine.View(ctx, t.id, func(tx store.Tx) error {
		h, err := readHead(tx)
		if err != nil {
			return err
		}
		h.town = t.id
		reply.Head = h.wire()
		if reply.Safe, err = r.safe(*h, tx); err != nil {
			return err
		}
		if reply.Reset, err = h.reset(tx, c, theirs, caller); err != nil || reply.Reset != "" {
			return err
		}
		return r.page(t, tx, h, caller, c, limit, reply)
	})
	return reply, err
}

// reset says whether the device's cache is void: its head is of another history, or its cursor of other classes,
// another history or a feed that was rebuilt since.
func (h *head) reset(tx store.Tx, c cursor, theirs *wire.Head, caller Caller) (string, error) {
	if known, err := h.knows(tx, theirs); err != nil || !known {
		return wire.ResetHead, err
	}
	if c.zero() {
		return "", nil
	}
	chain, ok, err := h.chainAt(tx, c.seq)
	if err != nil {
		return "", err
	}
	if !ok || [16]byte(chain[:16]) != c.chain {
		return wire.ResetHead, nil
	}
	if c.scope != scopeOf(caller) || c.generation != [8]byte(h.generation[:8]) {
		return wire.ResetScope, nil
	}
	return "", nil
}

func (r *Replica) page(t *town, tx store.Tx, h *head, caller Caller, c cursor, limit int, reply *wire.ChangesReply) error {
	list, more, err := changesSince(tx, caller, c.seq, limit)
	if err != nil {
		return err
	}
	for _, ch := range list {
		s, err := readState(tx, ch.e)
		if err != nil {
			return err
		}
		reply.Ents = append(reply.Ents, wire.EntityOf(s))
	}
	next := cursor{seq: h.seq, generation: [8]byte(h.generation[:8]), scope: scopeOf(caller)}
	if reply.More = more; more {
		next.seq = list[len(list)-1].seq
	} else {
		reply.Tally = r.tally(t)
	}
	chain, _, err := h.chainAt(tx, next.seq)
	copy(next.chain[:], chain[:16])
	reply.Next = next.String()
	return err
}

// changesSince merges the feeds of the caller's classes.
func changesSince(tx store.Tx, caller Caller, after uint64, limit int) (list []change, more bool, err error) {
	classes, err := classesOf(tx, caller)
	if err != nil {
		return nil, false, err
	}
	for _, class := range classes {
		n, last := 0, uint64(0)
		err := scanFeed(tx, class, after, func(seq uint64, e event.ID) (bool, error) {
			if n >= limit+1 && seq != last {
				return false, nil
			}
			list = append(list, change{seq, e})
			n, last = n+1, seq
			return true, nil
		})
		if err != nil {
			return nil, false, err
		}
	}
	slices.SortFunc(list, func(a, b change) int { return cmp.Or(cmp.Compare(a.seq, b.seq), a.e.Compare(b.e)) })
	if len(list) <= limit {
		return list, false, nil
	}
	end := limit
	for end < len(list) && list[end].seq == list[limit-1].seq {
		end++
	}
	return list[:end], end < len(list), nil
}

// classesOf lists the classes that the caller sees: a field worker the fixed three, a coordinator those that there are.
func classesOf(tx store.Tx, caller Caller) (classes []string, err error) {
	if !caller.Role.readsAll() {
		return []string{activity.ClassRef, activity.ClassField, activity.ClassOwn(caller.Account)}, nil
	}
	from := []byte{}
	for from != nil {
		class := ""
		err = tx.Scan(store.Changes, from, nil, func(k, _ []byte) bool {
			class, _, _, _ = store.FeedOf(k)
			return false
		})
		if err != nil || class == "" {
			break
		}
		classes = append(classes, class)
		from = store.After(append([]byte(class), 0))
	}
	return classes, err
}

// sees tells whether an entity is the caller's to see.
func sees(caller Caller, class string) bool {
	return caller.Role.readsAll() || class == activity.ClassRef || class == activity.ClassField || class == activity.ClassOwn(caller.Account)
}

// tally is how far the pledge has come, from the one table that every figure is counted from; nil while that is filled.
func (r *Replica) tally(t *town) *wire.Tally {
	book := t.book.Load()
	if book.Pledge == nil || !t.filling.over() || t.filling.err != nil {
		return nil
	}
	year, ok := book.Pledge.YearAt(pledge.Today(r.clock.Now()))
	if !ok {
		return nil
	}
	done, at := book.Done(t.table, year)
	out := &wire.Tally{At: at, Year: year.N, From: year.From.String(), To: year.To.String(), Measures: make([]wire.TallyMeasure, len(done))}
	for i := range done {
		out.Measures[i].E = book.Measures[i].Entity
		if !book.Restricted(&book.Measures[i]) {
			out.Measures[i].Done = &done[i]
		}
	}
	return out
}

// ParseHead reads a head from a query: epoch, seq and chain with colons between them; nil for an empty text.
func ParseHead(text string) (*wire.Head, error) {
	if text == "" {
		return nil, nil
	}
	parts := strings.Split(text, ":")
	if len(parts) == 3 {
		epoch, err1 := event.ParseID(parts[0])
		seq, err2 := parseSeq(parts[1])
		if err1 == nil && err2 == nil && len(parts[2]) == 64 {
			return &wire.Head{Epoch: epoch, Seq: seq, Chain: parts[2]}, nil
		}
	}
	return nil, fault.New(fault.Invalid, "head", "want epoch:seq:chain").At("head")
}
