package replica_test

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

// saved is a patrol that was saved on the phone at a moment, and not sent.
func (h *house) saved(by event.ID, moment string) *event.Event {
	h.Helper()
	at, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		h.Fatal(err)
	}
	e := h.write(by, nil, started(when))
	e.HLC = clock.At(at)
	return e
}

func (h *house) slip(as, of event.ID, from, to string) *wire.Slip {
	h.Helper()
	first, _ := activity.ParseDay(from)
	last, _ := activity.ParseDay(to)
	slip, err := h.r.Slip(context.Background(), h.caller(as), inc(of), first, last)
	if err != nil {
		h.Fatal(err)
	}
	return slip
}

const friday = "2026-11-20"

func TestASlipHasWhatCameByTheLocalDayItWasSaved(t *testing.T) {
	h := newHouse(t)
	late, early := h.saved(kim, "2026-11-20T23:59:00+01:00"), h.saved(kim, "2026-11-21T00:01:00+01:00")
	h.push(kim, late, early)
	days := h.slip(desk, kim, "2026-11-01", "2026-11-30").Days
	if len(days) != 2 || days[0].Day != "2026-11-21" || days[1].Day != friday {
		t.Fatalf("%+v", days)
	}
	for i, e := range []*event.Event{early, late} {
		if days[i].Received != 1 || days[i].ReceivedSum != event.Sum([]event.ID{e.ID}) || days[i].CountedSum != days[i].ReceivedSum {
			t.Errorf("%+v", days[i])
		}
	}
}

func TestASlipSaysOfEachEventWhyItDoesNotCount(t *testing.T) {
	h := newHouse(t)
	moment := "2026-11-20T12:00:00+01:00"
	counts, back, gone, parked, twice := h.saved(kim, moment), h.saved(kim, moment), h.saved(kim, moment), h.saved(kim, moment), h.saved(kim, moment)
	parked.New.Kind = "unheard_of"
	change := h.write(kim, back, set("retracted", event.Text("Fel dag.")))
	link := h.write(kim, twice, set("dup_of", event.Text(counts.ID.String())))
	place := h.saved(kim, moment)
	place.New = &event.Birth{Type: "place"}
	for _, e := range []*event.Event{change, link} {
		e.HLC = counts.HLC
	}
	h.push(kim, counts, back, gone, parked, twice, change, link, place)
	h.erase(gone)
	want := map[event.ID]string{
		counts.ID: "", back.ID: "retracted", gone.ID: "erased", parked.ID: "kind", twice.ID: "double", change.ID: "change", link.ID: "change", place.ID: "right",
	}
	slip := h.slip(desk, kim, friday, friday)
	for _, e := range slip.Events {
		if e.Why != want[e.ID] {
			t.Errorf("number %d: %q, want %q", e.N, e.Why, want[e.ID])
		}
	}
	if d := slip.Days[0]; len(slip.Events) != len(want) || d.Received != len(want) || d.Counted != 1 || d.CountedSum != event.Sum([]event.ID{counts.ID}) {
		t.Errorf("%+v", d)
	}
}

func TestTheCountedOfASlipAreTheFigures(t *testing.T) {
	h := newHouse(t)
	for range 3 {
		h.push(kim, h.saved(kim, "2026-11-20T12:00:00+01:00"))
	}
	if d := h.slip(desk, kim, friday, friday).Days[0]; d.Counted != h.done(0) || d.Counted != 3 {
		t.Errorf("%d are counted on the slip, %d in the figure", d.Counted, h.done(0))
	}
}

func TestASlipNamesTheNumbersThatNeverCame(t *testing.T) {
	h := newHouse(t)
	var all []*event.Event
	for range 6 {
		all = append(all, h.saved(kim, "2026-11-20T12:00:00+01:00"))
	}
	h.push(kim, all[0], all[3], all[5])
	slip := h.slip(desk, kim, friday, friday)
	if want := []wire.Span{{From: 2, To: 3}, {From: 5, To: 5}}; slip.Max != 6 || !slices.Equal(slip.Days[0].Missing, want) {
		t.Errorf("%d, %v", slip.Max, slip.Days[0].Missing)
	}
	h.push(noor, all[1], all[2], all[4]) // a colleague brings them
	if slip = h.slip(desk, kim, friday, friday); len(slip.Days[0].Missing) != 0 || slip.Days[0].Received != 6 {
		t.Errorf("%+v", slip.Days[0])
	}
}

func TestASlipHasBothEventsOfANumberThatWasGivenTwice(t *testing.T) {
	h := newHouse(t)
	one := h.saved(kim, "2026-11-20T12:00:00+01:00")
	h.n[kim] = 0
	two := h.saved(kim, "2026-11-20T12:00:00+01:00")
	h.push(kim, one, two)
	if d := h.slip(desk, kim, friday, friday).Days[0]; d.ReceivedSum != event.Sum([]event.ID{one.ID, two.ID}) || len(d.Missing) != 0 {
		t.Errorf("%+v", d)
	}
}

func TestAFieldWorkerIsToldOfOwnEventsAlone(t *testing.T) {
	h := newHouse(t)
	h.push(kim, h.saved(kim, "2026-11-20T12:00:00+01:00"))
	if mine := h.slip(kim, kim, friday, friday); len(mine.Events) != 1 {
		t.Errorf("%+v", mine)
	}
	if others := h.slip(noor, kim, friday, friday); len(others.Events) != 0 || len(others.Days) != 0 || others.Max != 0 {
		t.Errorf("%+v", others)
	}
}

func TestASlipOfAnUnknownInstallationIsEmpty(t *testing.T) {
	h := newHouse(t)
	if slip := h.slip(desk, noor, friday, friday); len(slip.Days) != 0 || slip.Said != nil {
		t.Errorf("%+v", slip)
	}
}

func TestTheDayOfAStampIsAsTheVectorsSay(t *testing.T) {
	b, err := os.ReadFile("../../docs/api/vectors/slip/days.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name string
		HLC  clock.Stamp
		Day  string
	}
	if err := json.Unmarshal(b, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for _, c := range cases {
		if got := replica.DayOf(c.HLC).String(); got != c.Day {
			t.Errorf("%s: got %s, want %s", c.Name, got, c.Day)
		}
	}
}

func BenchmarkSlipOfAThousandEvents(b *testing.B) {
	h := newHouse(b)
	for range 10 {
		var batch []*event.Event
		for range 100 {
			batch = append(batch, h.saved(kim, "2026-11-20T12:00:00+01:00"))
		}
		h.push(kim, batch...)
	}
	for b.Loop() {
		h.slip(desk, kim, "2026-11-01", friday)
	}
}
