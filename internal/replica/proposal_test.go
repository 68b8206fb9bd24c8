package replica_test

import (
	"context"
	"strconv"
	"testing"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/report"
	"lofteslogg/internal/wire"
)

// bridge is a place that Kim proposes, and a patrol that Kim logs there.
func (h *house) bridge() (place, patrol *event.Event) {
	place = h.write(kim, nil, set("form", event.Text("tunnel")), set("name", event.Text("Bron")))
	place.New = &event.Birth{Type: "place"}
	patrol = h.write(kim, nil, set("place", event.Text(place.ID.String())), started("2026-11-20T21:10+01:00"))
	if r := h.push(kim, place, patrol).Res; r[0].Why != "right" || r[1].C != wire.ResOK {
		h.Fatalf("%+v", r)
	}
	return place, patrol
}

func (h *house) proposals() []wire.PlaceProposal {
	h.Helper()
	list, err := h.r.Proposals(context.Background(), townID)
	if err != nil {
		h.Fatal(err)
	}
	return list
}

// answer writes of a proposal and lets it in, as the desk does: what is written waits, and both hold at once.
func (h *house) answer(place *event.Event, fields ...event.Field) {
	h.Helper()
	if before, err := h.r.Decisions(context.Background(), townID); before != nil || err != nil {
		h.Fatalf("%v %v", before, err)
	}
	verdict := h.write(desk, nil, set("verdict:"+place.ID.String(), event.Text(replica.Release)))
	verdict.New = &event.Birth{Type: "decisions"}
	events := []*event.Event{verdict}
	if len(fields) > 0 {
		events = append([]*event.Event{h.write(desk, place, fields...)}, events...)
		events[0].HLC = clock.At(now)
	}
	for _, r := range h.push(desk, events...).Res {
		if r.C != wire.ResOK {
			h.Fatalf("%+v", r)
		}
	}
	if after, err := h.r.Decisions(context.Background(), townID); after == nil || *after != verdict.ID || err != nil {
		h.Fatalf("%v %v", after, err)
	}
}

// places are the figures by place, by what the place is called.
func (h *house) places() map[string]wire.PlaceFigures {
	h.Helper()
	reply, err := report.New(h.r, at{now}).Places(context.Background(), townID)
	if err != nil {
		h.Fatal(err)
	}
	out := map[string]wire.PlaceFigures{}
	for _, p := range reply.Places {
		name, _ := p.St.F["name"].H[len(p.St.F["name"].H)-1].V.AsText()
		out[name] = p
	}
	return out
}

// entries are what a query for a place's entries totals, and what the place is called there.
func (h *house) entries(place event.ID) (total int, name string) {
	h.Helper()
	reply, err := report.New(h.r, at{now}).Entries(context.Background(), townID, wire.EntriesQuery{Place: place})
	if err != nil {
		h.Fatal(err)
	}
	return reply.Total, reply.Places[place.String()]
}

func TestAProposedPlaceIsReadAsItsWriterWroteItAndItsEntriesCount(t *testing.T) {
	h := newHouse(t)
	place, _ := h.bridge()
	list := h.proposals()
	if len(list) != 1 || list[0].E != place.ID || list[0].Why != "right" || list[0].Role != "field" || list[0].Party != "police" {
		t.Fatalf("%+v", list)
	}
	if v, _ := list[0].St.F["name"].H[0].V.AsText(); v != "Bron" {
		t.Errorf("it is called %q", v)
	}
	if total, name := h.entries(place.ID); total != 1 || name != "Bron" || h.done(0) != 1 {
		t.Errorf("%d entries at %q, %d patrols", total, name, h.done(0))
	}
	if _, there := h.places()["Bron"]; there {
		t.Error("it is among the town's places")
	}
}

func TestAProposalThatItsWriterTookBackIsNone(t *testing.T) {
	h := newHouse(t)
	place, _ := h.bridge()
	h.push(kim, h.write(kim, place, set("retracted", event.Text("undo"))))
	if list := h.proposals(); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

func TestNobodyElseChangesHowAProposalReads(t *testing.T) {
	h := newHouse(t)
	place, _ := h.bridge()
	h.push(noor, h.write(noor, place, set("name", event.Text("Noors bro")), set("retracted", event.Text("undo"))))
	if list := h.proposals(); len(list) != 1 || len(list[0].St.F["name"].H) != 1 {
		t.Errorf("%+v", list)
	}
}

func TestAnAcceptedPlaceKeepsItsIdentityAndReachesEveryPhone(t *testing.T) {
	h := newHouse(t)
	place, _ := h.bridge()
	before, err := h.r.Changes(context.Background(), h.caller(noor), "", "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	named := set("name", event.Text("Gångbron"))
	named.Base = []event.ID{place.ID}
	h.answer(place, named, set("order", event.Int(5)))
	head := before.Head
	page, err := h.r.Changes(context.Background(), h.caller(noor), before.Next, head.Epoch.String()+":"+strconv.FormatUint(head.Seq, 10)+":"+head.Chain, 1000)
	if err != nil || len(page.Ents) != 1 || page.Ents[0].E != place.ID || page.Ents[0].St == nil || len(page.Ents[0].Parked) != 0 {
		t.Fatalf("%+v %v", page, err)
	}
	if got := h.places()["Gångbron"]; got.Done != 1 || got.E != place.ID || len(got.St.F["name"].H) != 1 {
		t.Errorf("%+v", got)
	}
	if len(h.proposals()) != 0 {
		t.Error("it is still a proposal")
	}
}

func TestAPlaceThatIsTheSameAsAnotherCountsAndReadsAsThat(t *testing.T) {
	h := newHouse(t)
	place, _ := h.bridge()
	square := h.places()["Torget"].E
	patrol := h.write(kim, nil, set("place", event.Text(square.String())), started("2026-11-20T20:10+01:00"))
	h.push(kim, patrol)
	h.answer(place, set("same_as", event.Text(square.String())))
	if total, name := h.entries(place.ID); total != 2 || name != "Torget" {
		t.Errorf("%d entries at %q", total, name)
	}
	if total, _ := h.entries(square); total != 2 || h.places()["Torget"].Done != 2 || h.places()["Bron"].Done != 0 {
		t.Errorf("%d entries, %+v", total, h.places())
	}
}

func TestAClosedPlaceStillNamesItsEntries(t *testing.T) {
	h := newHouse(t)
	place, _ := h.bridge()
	h.answer(place, set("retracted", event.Text("Skriv Torget i stället.")))
	if total, name := h.entries(place.ID); total != 1 || name != "Bron" || h.done(0) != 1 {
		t.Errorf("%d entries at %q", total, name)
	}
	if len(h.proposals()) != 0 {
		t.Error("it is still a proposal")
	}
}
