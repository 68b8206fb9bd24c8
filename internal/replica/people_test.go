package replica_test

import (
	"context"
	"testing"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

func TestWhatARevokedPhonePushesIsParkedUntilItIsLetInAgain(t *testing.T) {
	h := newHouse(t)
	shut := map[event.ID]bool{}
	r, err := replica.Open(context.Background(), h.engine, h.people, replica.Options{Clock: at{now}, Shut: func(_, inc event.ID) bool { return shut[inc] }})
	if err != nil {
		t.Fatal(err)
	}
	h.r = r
	h.push(kim, h.write(kim, nil, started("2026-11-20T21:10+01:00")))
	shut[inc(kim)] = true
	if res := h.push(kim, h.write(kim, nil, started("2026-11-20T22:10+01:00"))).Res[0]; res.C != wire.ResParked || res.Why != "revoked" {
		t.Errorf("%+v", res)
	}
	if n := h.done(0); n != 1 {
		t.Errorf("%d are counted; one came before", n)
	}
	delete(shut, inc(kim))
	if err := r.JudgeWriters(context.Background(), townID); err != nil || h.done(0) != 2 {
		t.Errorf("let in again: %v, %d are counted", err, h.done(0))
	}
}

func TestAReaderSeesWhatACoordinatorSeesAndWhatItWritesWaitsForItsRole(t *testing.T) {
	h := newHouse(t)
	h.push(kim, h.write(kim, nil, started("2026-11-20T21:10+01:00")))
	h.people[noor] = replica.Person{Role: replica.Reader}
	if res := h.push(noor, h.write(noor, nil, started("2026-11-20T22:10+01:00"))).Res[0]; res.C != wire.ResParked || res.Why != "right" {
		t.Errorf("%+v", res)
	}
	mine, err := h.r.Digest(context.Background(), h.caller(noor))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := h.r.Digest(context.Background(), h.caller(desk))
	if err != nil || mine.Count != theirs.Count || mine.Xor != theirs.Xor {
		t.Errorf("the reader sees %+v, the coordinator %+v: %v", mine, theirs, err)
	}
	h.people[noor] = replica.Person{Role: replica.Field}
	if err := h.r.JudgeWriters(context.Background(), townID); err != nil || h.done(0) != 2 {
		t.Errorf("after the change of role: %v, %d are counted", err, h.done(0))
	}
}

func TestTheQueuesAreAsThePhonesLastSaidWithoutWhatTheySent(t *testing.T) {
	h := newHouse(t)
	oldest := int64(7)
	says := func(want replica.Queue, pending int, events ...*event.Event) {
		t.Helper()
		req := &wire.PushRequest{P: 1, Town: townID, Inc: inc(kim), Pending: pending, Oldest: &oldest}
		for _, e := range events {
			req.Events = append(req.Events, wire.PushItem{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: string(e.Append(nil))})
		}
		if _, err := h.r.Push(context.Background(), h.caller(kim), req); err != nil {
			t.Fatal(err)
		}
		if all, err := h.r.Queues(context.Background(), townID); err != nil || all[inc(kim)] != want {
			t.Errorf("%v %+v", err, all)
		}
	}
	says(replica.Queue{Seen: now.UnixMilli(), Pending: 3, Oldest: 7}, 3)
	says(replica.Queue{Seen: now.UnixMilli(), Pending: 2, Oldest: 7}, 3, h.write(kim, nil, started(when)))
	says(replica.Queue{Seen: now.UnixMilli()}, 2, h.write(kim, nil, started(when)), h.write(kim, nil, started(when)))
}

func TestWhatAColleagueCarriesFromAPhoneThatNeverCalledItselfIsTheWritersAndCounts(t *testing.T) {
	h := newHouse(t)
	connected := map[event.ID]event.ID{}
	r, err := replica.Open(context.Background(), h.engine, h.people, replica.Options{Clock: at{now}, Connected: func(_, inc event.ID) event.ID { return connected[inc] }})
	if err != nil {
		t.Fatal(err)
	}
	h.r = r
	carried := func(e *event.Event) wire.PushResult {
		req := &wire.PushRequest{P: 1, Town: townID, Inc: inc(noor), Events: []wire.PushItem{{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: string(e.Append(nil))}}}
		reply, err := h.r.Push(context.Background(), h.caller(noor), req)
		if err != nil {
			t.Fatal(err)
		}
		return reply.Res[0]
	}
	if res := carried(h.write(kim, nil, started("2026-11-20T20:10+01:00"))); res.C != wire.ResParked || res.Why != "inc" {
		t.Errorf("from an installation that nobody knows: %+v", res)
	}
	connected[inc(kim)] = kim
	later := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	if res := carried(later); res.C != wire.ResOK {
		t.Errorf("%+v", res)
	}
	if n := h.done(0); n != 2 {
		t.Errorf("%d are counted, want both: the first was judged again", n)
	}
	history, err := h.r.History(context.Background(), h.caller(kim), later.Entity)
	if err != nil || len(history.Events) != 1 || history.Events[0].By != kim || history.Events[0].CarrierSame {
		t.Errorf("written by Kim, carried by Noor: %+v %v", history, err)
	}
}

func TestThePhoneThatWasLeftWithNothingToSendIsNotSilent(t *testing.T) {
	h := newHouse(t)
	left := map[event.ID]bool{}
	open := func(when time.Time) {
		r, err := replica.Open(context.Background(), h.engine, h.people, replica.Options{Clock: at{when}, Left: func(_, inc event.ID) bool { return left[inc] }})
		if err != nil {
			t.Fatal(err)
		}
		h.r = r
	}
	silent := func() int {
		s, err := h.r.Standing(context.Background(), townID, 0)
		if err != nil {
			t.Fatal(err)
		}
		return s.Silent
	}
	open(now)
	for account, pending := range map[event.ID]int{kim: 0, noor: 2} {
		req := &wire.PushRequest{P: 1, Town: townID, Inc: inc(account), Pending: pending}
		if _, err := h.r.Push(context.Background(), h.caller(account), req); err != nil {
			t.Fatal(err)
		}
	}
	open(now.Add(replica.SilentAfter + time.Hour))
	if n := silent(); n != 2 {
		t.Fatalf("%d are silent, want both", n)
	}
	left[inc(kim)], left[inc(noor)] = true, true
	if n := silent(); n != 1 {
		t.Errorf("%d are silent, want the one that has something to send", n)
	}
}
