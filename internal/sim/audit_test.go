package sim

import (
	"bytes"
	"fmt"
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/testkit"
	"lofteslogg/internal/wire"
)

// audit lets the weather end, everyone talk, and checks what must hold then.
func (w *world) audit() {
	w.step(-1)
	w.calm = true
	w.net = nil
	for range 2 { // the first round tells everyone of a restore, and brings what the last one had to say
		for _, p := range w.alive() {
			w.settle(p)
		}
	}
	if w.broken != "" {
		return
	}
	l := w.readLedger()
	l.checkStates()
	l.checkStandings()
	l.checkIndexes()
	l.checkAttention()
	l.checkFigures()
	for _, p := range w.alive() {
		l.checkPhone(p)
	}
	l.checkAcked()
	l.checkGone()
	l.checkApps()
}

// checkStates: every state is what the rule says (I5), and a conflict is there until a write names both (I17).
func (l *ledger) checkStates() {
	for _, e := range l.entities() {
		want, got := l.rule(e).Clone(), l.states[e]
		if got == nil {
			l.w.fail("I5: entity %s has events and no state", short(e))
			continue
		}
		want.Seq, want.Class = got.Seq, classOf(l.first(e), func(k string) bool { return l.kinds[k] })
		if got.Erased {
			want.Class = got.Class // its kind may have been unknown when it was erased, and is nobody's business now
		}
		if a, b := store.AppendState(nil, want), store.AppendState(nil, got); !bytes.Equal(a, b) {
			l.w.fail("I5: entity %s is\n  %+v\nand by the rule\n  %+v", short(e), *got, *want)
		}
		if last := l.by[e][len(l.by[e])-1].seq; got.Seq < last {
			l.w.fail("I3: entity %s changed at %d and is in the feed at %d", short(e), last, got.Seq)
		}
	}
	if len(l.by) != len(l.states) {
		l.w.fail("I5: %d entities have events, %d have states", len(l.by), len(l.states))
	}
}

// checkIndexes: the feed has every entity once, and gaps are where they are.
func (l *ledger) checkIndexes() {
	feed := map[event.ID]int{}
	l.w.view(func(tx store.Tx) {
		must(tx.Scan(store.Changes, nil, nil, func(k, _ []byte) bool {
			class, seq, e, _ := store.FeedOf(k)
			if s := l.states[e]; s == nil || s.Class != class || s.Seq != seq {
				l.w.fail("I3: the feed has %s at %d in %s", short(e), seq, class)
			}
			feed[e]++
			return true
		}))
	})
	if len(feed) != len(l.states) {
		l.w.fail("I3: the feed has %d of %d entities", len(feed), len(l.states))
	}
	l.checkGaps()
}

func (l *ledger) checkGaps() {
	numbers := map[event.ID]map[uint64]bool{}
	for _, x := range l.log {
		if numbers[x.Inc] == nil {
			numbers[x.Inc] = map[uint64]bool{}
		}
		numbers[x.Inc][x.N] = true
	}
	for inc, have := range numbers {
		contig := uint64(0)
		for have[contig+1] {
			contig++
		}
		if l.incs[inc].Contig != contig {
			l.w.fail("gaps: installation %s has everything up to %d, and is said to up to %d", short(inc), contig, l.incs[inc].Contig)
		}
	}
}

// checkPhone: the server has all that the phone holds (I1), nothing waits (I2), and what was pulled is what is (I3).
func (l *ledger) checkPhone(p *phone) {
	for _, o := range p.Own() {
		x := l.log[o.ID]
		switch {
		case o.Refused != "":
			continue
		case x == nil:
			l.w.fail("I1: event %s is on phone %d and not on the server", short(o.ID), p.name)
		case o.Seq != x.seq:
			l.w.fail("I2: event %s is at %d on phone %d and at %d on the server", short(o.ID), o.Seq, p.name, x.seq)
		}
		for _, i := range p.Installations() {
			if x != nil && x.Inc == i.Inc && l.bound[[24]byte(store.IDSeqKey(x.Inc, x.N))] != x.seq {
				l.w.fail("I9: phone %d was never told that another writes under its installation", p.name)
			}
		}
	}
	if a := l.w.personOn(p); a != nil && !a.Revoked {
		l.checkCache(p, a)
		l.checkHistory(p, a)
	}
}

func (l *ledger) checkCache(p *phone, a *account) {
	c := p.Cache()
	n := 0
	for e, s := range l.states {
		if !readsAll(a.Role) && !visible(s.Class, a.id) {
			if c.Ents[e] != nil {
				l.w.fail("I12: phone %d has entity %s of class %s", p.name, short(e), s.Class)
			}
			continue
		}
		n++
		want := *s
		want.Class = ""
		if want.Birth == nil {
			want.By, want.Fields = event.ID{}, nil
		}
		if c.Ents[e] == nil || !bytes.Equal(store.AppendState(nil, &want), store.AppendState(nil, c.Ents[e])) {
			l.w.fail("I3: phone %d has of entity %s\n  %+v\nand the server\n  %+v", p.name, short(e), c.Ents[e], want)
		}
	}
	if n != len(c.Ents) {
		l.w.fail("I3: phone %d has %d entities of %d", p.name, len(c.Ents), n)
	}
	l.checkDigest(p, c)
	l.checkTally(p, c)
}

func visible(class string, account event.ID) bool {
	return slices.Contains([]string{activity.ClassRef, activity.ClassField, activity.ClassOwn(account)}, class)
}

func (l *ledger) checkDigest(p *phone, c *testkit.Cache) {
	status, body := l.w.serve(&testkit.Request{Method: "GET", Path: "/api/v1/sync/digest", Person: p.Person()}, nil)
	reply := &wire.DigestReply{}
	if err := wire.Read(bytes.NewReader(body), 1<<20, reply); status != 200 || err != nil {
		l.w.fail("digest: %d %v", status, err)
	}
	if n, xor := c.Digest(); reply.Count != n || reply.Xor != xor {
		l.w.fail("I3: the digest of phone %d differs from the server's", p.name)
	}
}

// checkHistory asks for the history of everything, and must get that of what may be seen alone (I12).
func (l *ledger) checkHistory(p *phone, a *account) {
	for i, e := range l.entities() {
		if i%5 != p.name%5 {
			continue // a fifth on each phone is enough
		}
		status, _ := l.w.serve(&testkit.Request{Method: "GET", Path: fmt.Sprintf("/api/v1/entities/%s/events", e), Person: a.id}, nil)
		may := readsAll(a.Role) || visible(l.states[e].Class, a.id)
		if may != (status == 200) {
			l.w.fail("I12: the history of entity %s of class %s was answered %d to %s", short(e), l.states[e].Class, status, short(a.id))
		}
	}
}

// checkAcked: what a phone was told is stored, is (I8), unless the phone threw it away and the server was lost with
// every backup, or its entity was erased as a whole.
func (l *ledger) checkAcked() {
	for id, a := range l.w.acked {
		if l.log[id] == nil && !a.phone.dead && !(a.purged && l.w.emptied) && !l.erasedUnseen(a) {
			l.w.fail("I8: event %s was acknowledged to phone %d and is gone", short(id), a.phone.name)
		}
	}
}

// erasedUnseen tells whether what was acknowledged may have left no skeleton: its entity was erased as a whole, and the server
// was put back to before it came. The ledger names the entity alone then, and the phones have thrown the event away as they
// were told to.
func (l *ledger) erasedUnseen(a *ack) bool { return l.w.restored && l.w.wasErased(a.entity) }
