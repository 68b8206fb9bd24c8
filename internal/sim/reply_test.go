package sim

import (
	"bytes"
	"encoding/hex"
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/store"
	"lofteslogg/internal/testkit"
	"lofteslogg/internal/wire"
)

// checkReply checks what the server says against the engine below it, as it says it.
func (w *world) checkReply(r *testkit.Request, status int, body []byte) {
	switch {
	case status == 200 && pulls(r):
		page := &wire.ChangesReply{}
		if err := wire.Read(bytes.NewReader(body), 1<<30, page); err != nil {
			w.fail("a page that cannot be read: %v", err)
			return
		}
		w.checkPage(r, w.people.find(r.Person).Role, page)
	case status == 200 && pushes(r):
		reply := &wire.PushReply{}
		if err := wire.Read(bytes.NewReader(body), 1<<30, reply); err != nil {
			w.fail("a reply that cannot be read: %v", err)
			return
		}
		w.checkResults(r, reply)
	case status == 400 && pushes(r) && readable(r):
		w.fail("rule 8: one event failed its batch: %s", body)
	case status == 500:
		w.fail("server: it broke a promise: %s", body)
	}
}

// checkResults: what was answered is stored, each event has its own result, and the head is the log's.
func (w *world) checkResults(r *testkit.Request, reply *wire.PushReply) {
	if len(reply.Res) != len(r.Events) || reply.Limits != limits {
		w.fail("I4: %d results for %d events", len(reply.Res), len(r.Events))
		return
	}
	w.view(func(tx store.Tx) {
		for i, res := range reply.Res {
			if res.ID != r.Events[i].String() {
				w.fail("I4: results out of order")
			}
			stored, err := tx.Get(store.IDs, store.IDKey(r.Events[i]))
			must(err)
			if stored == nil != (res.C == wire.ResRefused) {
				w.fail("I4: event %s was answered %q, and stored is %v", short(r.Events[i]), res.C, stored != nil)
				continue
			}
			if stored != nil && !w.shared {
				w.checkResult(stored, res)
			}
		}
		checkHead(w, tx, &reply.Head)
	})
}

func checkHead(w *world, tx store.Tx, h *wire.Head) {
	if h.Seq == 0 {
		return
	}
	raw, err := tx.Get(store.Events, store.SeqKey(h.Seq))
	must(err)
	rec, err := store.ReadRecord(raw)
	if err != nil || hex.EncodeToString(rec.Chain[:]) != h.Chain {
		w.fail("I4: the head of a reply, %d, is not of the log", h.Seq)
	}
}

func (w *world) checkResult(stored []byte, res wire.PushResult) {
	p, err := store.ReadPlace(stored)
	must(err)
	said := map[string]store.Place{wire.ResOK: {Standing: store.Folded}, wire.ResParked: {Standing: store.Parked, Reason: res.Why}, wire.ResErased: {Erased: true}}[res.C]
	if p.Erased {
		p.Standing, p.Reason = 0, "" // which phones are not told
	}
	if said.Seq, said.Entity = res.Seq, p.Entity; said != p {
		w.fail("I4: event %s was answered %+v and stands as %+v", res.ID, res, p)
	}
}

// checkPage: nobody gets what is not theirs (I12), an entity comes once (I14), and a page ends where a seq ends.
func (w *world) checkPage(r *testkit.Request, role replica.Role, page *wire.ChangesReply) {
	seen := map[event.ID]bool{}
	last := uint64(0)
	for i := range page.Ents {
		e := &page.Ents[i]
		if seen[e.E] || e.Seq < last {
			w.fail("I14: entity %s came twice or out of order in one page", short(e.E))
		}
		seen[e.E], last = true, e.Seq
		if !w.mayKnow(r.Person, role, e.E) {
			w.fail("I12: %s got entity %s", short(r.Person), short(e.E))
		}
	}
	if !page.More {
		return
	}
	w.view(func(tx store.Tx) {
		must(tx.Scan(store.Changes, nil, nil, func(k, _ []byte) bool {
			if _, seq, e, _ := store.FeedOf(k); seq == last && !seen[e] && w.mayKnow(r.Person, role, e) {
				w.fail("I3: a page ended inside seq %d", seq)
			}
			return true
		}))
	})
}

// mayKnow says who may see an entity, from its first event as it is stored and nothing else.
func (w *world) mayKnow(person event.ID, role replica.Role, entity event.ID) (may bool) {
	if readsAll(role) {
		return true
	}
	w.view(func(tx store.Tx) {
		stored, err := tx.Get(store.IDs, store.IDKey(entity))
		must(err)
		if stored == nil {
			return
		}
		p, err := store.ReadPlace(stored)
		must(err)
		raw, err := tx.Get(store.Events, store.SeqKey(p.Seq))
		must(err)
		rec, err := store.ReadRecord(raw)
		must(err)
		first, err := event.Decode(rec.Bytes)
		must(err)
		may = classOf(first, func(string) bool { return true }) != activity.ClassDesk && sees(person, first)
	})
	return may
}

// readsAll tells whether the role sees every class.
func readsAll(r replica.Role) bool { return r == replica.Coordinator || r == replica.Reader }

// classOf is the class of an entity by its first event and what the catalogue knew.
func classOf(first *event.Event, knows func(kind string) bool) string {
	switch {
	case first == nil || first.New == nil:
		return activity.ClassDesk
	case slices.Contains([]string{activity.TypeTown, activity.TypeCatalog, activity.TypePlace, activity.TypePledge, activity.TypeMeasure}, first.New.Type):
		return activity.ClassRef
	case first.New.Type != activity.TypeActivity || !knows(first.New.Kind):
		return activity.ClassDesk
	case sightOf[first.New.Kind] == "own":
		return activity.ClassOwn(first.By)
	}
	return sightOf[first.New.Kind]
}

func sees(person event.ID, first *event.Event) bool {
	switch first.New.Type {
	case activity.TypeActivity:
		sight := sightOf[first.New.Kind]
		return sight == "field" || sight == "own" && first.By == person
	case activity.TypeDecisions:
		return false
	}
	return true
}
