package replica_test

import (
	"context"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
)

func TestAPageThatOneSeqOverfillsIsNotTheLast(t *testing.T) {
	h := newHouse(t)
	h.people[noor] = replica.Person{Role: replica.Reader}
	for range 3 {
		h.push(noor, h.write(noor, nil, started("2026-11-20T21:10+01:00")))
	}
	reply, _ := h.page(desk, "", 1000)
	cursor := reply.Next
	h.people[noor] = replica.Person{Role: replica.Field}
	if err := h.r.JudgeAgain(context.Background(), townID, "right"); err != nil {
		t.Fatal(err)
	}
	h.push(noor, h.write(noor, nil, started("2026-11-20T21:10+01:00")))
	got := map[event.ID]int{}
	for more := true; more; {
		reply, _ := h.page(desk, cursor, 2)
		for _, e := range reply.Ents {
			got[e.E]++
		}
		cursor, more = reply.Next, reply.More
	}
	if len(got) != 4 {
		t.Errorf("%d of 4 entities came, three of them at one seq", len(got))
	}
}
