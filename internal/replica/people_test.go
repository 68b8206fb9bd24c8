package replica_test

import (
	"context"
	"testing"

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

func TestTheQueuesAreAsThePhonesLastSaid(t *testing.T) {
	h := newHouse(t)
	oldest := int64(7)
	req := &wire.PushRequest{P: 1, Town: townID, Inc: inc(kim), Pending: 3, Oldest: &oldest}
	if _, err := h.r.Push(context.Background(), h.caller(kim), req); err != nil {
		t.Fatal(err)
	}
	all, err := h.r.Queues(context.Background(), townID)
	if err != nil || all[inc(kim)] != (replica.Queue{Seen: now.UnixMilli(), Pending: 3, Oldest: 7}) {
		t.Errorf("%v %+v", err, all)
	}
}
