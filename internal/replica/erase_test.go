package replica_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

const when = "2026-11-20T21:10+01:00"

// erase erases events, as whoever runs the server does.
func (h *house) erase(events ...*event.Event) {
	h.Helper()
	var ids []event.ID
	for _, e := range events {
		ids = append(ids, e.ID)
	}
	gone, err := h.r.Erasable(context.Background(), townID, ids, nil)
	if err == nil {
		err = h.r.Erase(context.Background(), townID, gone)
	}
	if err != nil {
		h.Fatal(err)
	}
}

// page is what a device is sent from a cursor on, as it is sent.
func (h *house) page(as event.ID, cursor string, limit int) (*wire.ChangesReply, string) {
	h.Helper()
	reply, err := h.r.Changes(context.Background(), h.caller(as), cursor, "", limit)
	if err != nil {
		h.Fatal(err)
	}
	var b strings.Builder
	if err := wire.Write(&b, reply); err != nil {
		h.Fatal(err)
	}
	return reply, b.String()
}

func TestWhatWasTakenBackStaysSoWhenItsReasonIsErased(t *testing.T) {
	h := newHouse(t)
	first := h.write(kim, nil, started(when))
	back := h.write(kim, first, set("retracted", event.Text("SECRET")))
	h.push(kim, first, back)
	h.erase(back)
	if got := h.done(0); got != 0 {
		t.Errorf("it counts again: %d", got)
	}
	if _, text := h.page(kim, "", 1000); strings.Contains(text, "SECRET") {
		t.Error("the reason is still sent")
	}
}

func TestAPatrolThatWasLoggedTwiceCountsOnceWhenTheNoteBesideTheLinkIsErased(t *testing.T) {
	h := newHouse(t)
	one, two := h.write(kim, nil, started(when)), h.write(kim, nil, started(when))
	link := h.write(kim, two, set("dup_of", event.Text(one.ID.String())), set("note", event.Text("SECRET")))
	h.push(kim, one, two, link)
	if h.done(0) != 1 {
		t.Fatalf("linked they count as %d", h.done(0))
	}
	h.erase(link)
	if got := h.done(0); got != 1 {
		t.Errorf("they count as %d", got)
	}
	if _, text := h.page(kim, "", 1000); strings.Contains(text, "SECRET") {
		t.Error("the note is still sent")
	}
}

func TestWhatAnErasedCorrectionSupersededDoesNotComeBack(t *testing.T) {
	h := newHouse(t)
	first := h.write(kim, nil, set("note", event.Text("FORMER")), started(when))
	then := h.write(kim, first, event.Field{Name: "note", Value: event.Text("SECRET"), Base: []event.ID{first.ID}})
	h.push(kim, first, then)
	h.erase(then)
	if _, text := h.page(kim, "", 1000); strings.Contains(text, "SECRET") || strings.Contains(text, "FORMER") {
		t.Errorf("it is sent: %s", text)
	}
	if res := h.push(kim, first, then).Res; res[0].C != wire.ResOK || res[1].C != wire.ResErased {
		t.Errorf("offered again: %+v", res)
	}
}

func TestErasedIDsAreToldOnceEachToEveryoneInBoundedPages(t *testing.T) {
	h := newHouse(t)
	var all []*event.Event
	for i := range 12 {
		all = append(all, h.write(kim, nil, set("note", event.Text(fmt.Sprint("SECRET", i))), started(when)))
	}
	h.push(kim, all...)
	reply, _ := h.page(noor, "", 1000)
	cursor := reply.Next
	h.erase(all[0], all[1], all[2])
	for _, e := range all[3:] {
		h.erase(e)
	}
	told := map[event.ID]int{}
	for more := true; more; {
		reply, _ := h.page(noor, cursor, 2) // who never saw any of them
		if len(reply.Ents) != 0 || len(reply.Erased) > 3 {
			t.Errorf("a page of 2 has %d entities and %d ids", len(reply.Ents), len(reply.Erased))
		}
		for _, id := range reply.Erased {
			told[id]++
		}
		cursor, more = reply.Next, reply.More
	}
	for _, e := range all {
		if told[e.ID] != 1 {
			t.Errorf("event %s is told %d times", e.ID, told[e.ID])
		}
	}
}

func TestWhatIsNamedTwiceIsErasedOnce(t *testing.T) {
	h := newHouse(t)
	first := h.write(kim, nil, started(when))
	then := h.write(kim, first, set("minutes", event.Int(45)))
	h.push(kim, first, then)
	gone, err := h.r.Erasable(context.Background(), townID, []event.ID{then.ID, then.ID, first.ID}, []event.ID{first.Entity, first.Entity})
	if err != nil || len(gone) != 3 {
		t.Fatalf("%d things, %v", len(gone), err)
	}
	if err := h.r.Erase(context.Background(), townID, gone); err != nil {
		t.Fatal(err)
	}
	reply, text := h.page(kim, "", 1000)
	i := slices.IndexFunc(reply.Ents, func(e wire.Entity) bool { return e.E == first.Entity })
	if i < 0 || reply.Ents[i].St != nil || !slices.Equal(reply.Ents[i].Flags, []string{"erased"}) || h.done(0) != 0 {
		t.Errorf("it stands as %s", text)
	}
	if again, err := h.r.Erasable(context.Background(), townID, []event.ID{then.ID}, []event.ID{first.Entity}); err != nil || len(again) != 0 {
		t.Errorf("again: %d things, %v", len(again), err)
	}
}

func TestAnEntityThatEverythingNeedsIsNotErased(t *testing.T) {
	h := newHouse(t)
	reply, _ := h.page(desk, "", 1000)
	tried := 0
	for _, e := range reply.Ents {
		if e.St == nil || e.St.T != "catalog" && e.St.T != "town" {
			continue
		}
		tried++
		if _, err := h.r.Erasable(context.Background(), townID, nil, []event.ID{e.E}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: %v", e.St.T, err)
		}
	}
	if tried < 2 {
		t.Errorf("only %d were tried", tried)
	}
}

func TestWhatIsErasedWhereItsKindIsNotKnownYetIsItsWritersAloneOnceItIs(t *testing.T) {
	lost, h := newHouse(t), newHouse(t)
	lost.push(desk, kindNight(lost, catalogOf(lost)))
	first := lost.night()
	then := lost.write(kim, first, set("minutes", event.Int(45)))
	lost.push(kim, first, then)
	gone, err := lost.r.Erasable(context.Background(), townID, []event.ID{first.ID}, nil)
	if err != nil {
		t.Fatal(err)
	}
	h.push(kim, first, then) // the town was lost, and is told anew by the phones
	if err := h.r.Erase(context.Background(), townID, gone); err != nil {
		t.Fatal(err)
	}
	h.push(desk, kindNight(h, catalogOf(h)))
	sees := func(who event.ID) bool {
		reply, _ := h.page(who, "", 1000)
		return slices.ContainsFunc(reply.Ents, func(e wire.Entity) bool { return e.E == first.Entity && e.St != nil })
	}
	if !sees(kim) || sees(noor) {
		t.Errorf("the writer sees it: %v, a colleague: %v", sees(kim), sees(noor))
	}
}
