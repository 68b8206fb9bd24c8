package replica

import (
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// installation finds what is known of an installation, or begins it without a person.
func (b *batch) installation(id event.ID) (*installation, error) {
	if i := b.incs[id]; i != nil {
		return i, nil
	}
	i := &installation{}
	raw, err := b.tx.Get(store.IncMeta, store.IDKey(id))
	if err != nil {
		return nil, err
	}
	if raw != nil {
		if i.Installation, err = store.ReadInstallation(raw); err != nil {
			return nil, err
		}
	}
	b.incs[id] = i
	return i, nil
}

// greet notes who is calling from the installation, and what is left of the phone's queue when this push is answered: a phone
// that has sent everything may be silent for long. The first person seen on an
// installation is its person for good; what came before from others' phones is judged again.
func (b *batch) greet(req *wire.PushRequest) error {
	i, err := b.bind(req.Inc, b.caller.Account)
	if err != nil {
		return err
	}
	i.LastSeen, i.Pending, i.Oldest, i.dirty = b.now.UnixMilli(), int64(max(0, req.Pending-len(req.Events))), 0, true
	if req.Oldest != nil && i.Pending > 0 {
		i.Oldest = *req.Oldest
	}
	return nil
}

// heard tells whether the town knows already what an empty push has to say; then it need not be written.
func (b *batch) heard(i *store.Installation, req *wire.PushRequest) bool {
	return i.Person == b.caller.Account && i.Pending == int64(req.Pending) && b.now.UnixMilli()-i.LastSeen < hearEvery.Milliseconds()
}

const hearEvery = 10 * time.Minute

func (b *batch) bind(id, person event.ID) (*installation, error) {
	i, err := b.installation(id)
	if err != nil || !i.Person.IsZero() {
		return i, err
	}
	i.Person, i.dirty = person, true
	if i.Max == 0 {
		return i, nil
	}
	if err := b.tick(); err != nil {
		return nil, err
	}
	return i, b.judgeAgainAll(inc)
}

// number notes that the event has its place in the installation's row, or that the place is another's.
func (b *batch) number(e *event.Event) error {
	i, err := b.installation(e.Inc)
	if err != nil {
		return err
	}
	key := store.IDSeqKey(e.Inc, e.N)
	taken, err := b.tx.Get(store.Incs, key)
	if err != nil {
		return err
	}
	if taken != nil {
		b.forks[e.Inc] = true
		return b.attend(store.FeedKey(Fork, b.head.seq, e.Inc), e.ID[:])
	}
	if err := b.tx.Put(store.Incs, key, store.SeqKey(b.head.seq)); err != nil {
		return err
	}
	if err := b.hole(e.Inc, i.Max, e.N); err != nil {
		return err
	}
	i.Max, i.dirty = max(i.Max, e.N), true
	return b.closeGap(e.Inc, i)
}

func (b *batch) closeGap(id event.ID, i *installation) error {
	for i.Contig < i.Max {
		next, err := b.tx.Get(store.Incs, store.IDSeqKey(id, i.Contig+1))
		if err != nil || next == nil {
			return err
		}
		i.Contig++
	}
	return nil
}

func (b *batch) flushInstallations() error {
	for id, i := range b.incs {
		if !i.dirty {
			continue
		}
		if err := b.tx.Put(store.IncMeta, store.IDKey(id), i.Append(make([]byte, 0, 64))); err != nil {
			return err
		}
	}
	return nil
}
