package replica_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

// look asks what needs a look, and gives the ids of it.
func (h *house) look(phones ...replica.Phone) (reply *wire.Attention, ids []string) {
	h.Helper()
	reply, err := h.r.Attention(context.Background(), townID, phones, true)
	if err != nil {
		h.Fatal(err)
	}
	for _, item := range reply.Items {
		ids = append(ids, item.ID)
	}
	if reply.Open != len(ids) {
		h.Errorf("%d wait, and %d are told of", reply.Open, len(ids))
	}
	return reply, ids
}

func (h *house) waits(want ...string) *wire.Attention {
	h.Helper()
	reply, ids := h.look()
	if !slices.Equal(ids, want) {
		h.Errorf("waiting are %q, want %q", ids, want)
	}
	return reply
}

// decide writes a decision as the desk does: on the entity that it was told of, with what stands there as base.
func (h *house) decide(item wire.AttentionItem, v event.Value) {
	h.Helper()
	reply, _ := h.look()
	var on *event.Event
	if reply.Decisions != nil {
		on = &event.Event{Entity: *reply.Decisions}
	}
	var fields []event.Field
	for _, w := range item.Write {
		fields = append(fields, event.Field{Name: w.F, Value: v, Base: w.Base})
	}
	e := h.write(desk, on, fields...)
	if on == nil {
		e.New = &event.Birth{Type: "decisions"}
	}
	if res := h.push(desk, e).Res[0]; res.C != wire.ResOK {
		h.Fatalf("%+v", res)
	}
}

func patrolAt(start string) event.Field { return started("2026-11-20T" + start + "+01:00") }

func (h *house) patrol(by event.ID) *event.Event {
	e := h.write(by, nil, set("minutes", event.Int(40)), patrolAt("21:10"))
	h.push(by, e)
	return e
}

func TestAConflictWaitsUntilAWriteNamesBothAnswers(t *testing.T) {
	h := newHouse(t)
	e := h.patrol(kim)
	a, b := h.write(kim, e, set("minutes", event.Int(45), e.ID)), h.write(desk, e, set("minutes", event.Int(60), e.ID))
	h.push(kim, a)
	h.push(desk, b)
	reply := h.waits("conflict:" + e.ID.String())
	if got := reply.Items[0]; !slices.Equal(got.Fields, []string{"minutes"}) || got.Kind != "foot_patrol" || got.Started != "2026-11-20T21:10+01:00" {
		t.Errorf("told of %+v", got)
	}
	settle := h.write(desk, e, set("minutes", event.Int(45), a.ID, b.ID))
	h.push(desk, settle)
	h.waits()
	hold := h.write(desk, nil, event.Field{Name: "verdict:" + settle.ID.String(), Value: event.Text(replica.Hold)})
	hold.New = &event.Birth{Type: "decisions"}
	h.push(desk, hold) // the settlement is undone by holding it
	h.waits("conflict:" + e.ID.String())
}

func TestWhatIsParkedWaitsUntilItIsLetInOrKeptOut(t *testing.T) {
	h := newHouse(t)
	e := h.patrol(kim)
	back := h.write(noor, e, set("retracted", event.Text("inte min")))
	h.push(noor, back)
	item := h.waits("parked:" + back.ID.String()).Items[0]
	if item.Why != "right" || item.Role != "field" || item.At != now.UnixMilli() {
		t.Errorf("told of %+v", item)
	}
	h.decide(item, event.Text(replica.Hold))
	reply := h.waits()
	if len(reply.Settled) != 1 || reply.Settled[0].Decided == nil || reply.Settled[0].Decided.Role != "coordinator" || reply.Settled[0].Why != "held" {
		t.Fatalf("decided are %+v", reply.Settled)
	}
	history, err := h.r.History(context.Background(), h.caller(desk), e.ID)
	if err != nil || len(history.Decisions) != 1 || history.Decisions[0].V != event.Text(replica.Hold) {
		t.Errorf("the history says %+v, %v", history, err)
	}
	h.decide(reply.Settled[0], event.Null)
	h.waits("parked:" + back.ID.String())
	h.decide(h.waits("parked:" + back.ID.String()).Items[0], event.Text(replica.Release))
	h.waits()
	if h.done(0) != 0 {
		t.Error("let in, and not folded")
	}
}

func TestAHoleWaitsWhenThePhoneHasNothingMoreToSendAndGoesWhenItIsFilled(t *testing.T) {
	h := newHouse(t)
	h.patrol(kim)
	lost := []*event.Event{h.write(kim, nil, patrolAt("10:00")), h.write(kim, nil, patrolAt("11:00")), h.write(kim, nil, patrolAt("12:00"))}
	last := h.write(kim, nil, patrolAt("13:00"))
	h.pending(kim, 3, last)
	h.waits()
	h.pending(kim, 0)
	hole := func(from int) string { return fmt.Sprintf("gap:%s:%d", inc(kim), from) }
	if item := h.waits(hole(2)).Items[0]; item.From != 2 || item.To != 4 || item.Account == nil || *item.Account != kim {
		t.Errorf("told of %+v", item)
	}
	h.pending(kim, 0, lost[1]) // in the middle
	items := h.waits(hole(4), hole(2)).Items
	h.decide(items[0], event.Text("lost Telefonen är borta"))
	h.waits(hole(2))
	h.pending(kim, 0, lost[0], lost[2])
	if reply := h.waits(); len(reply.Settled) != 0 {
		t.Errorf("filled, and still %+v", reply.Settled)
	}
}

// pending pushes and says how much more there is to send.
func (h *house) pending(as event.ID, more int, events ...*event.Event) {
	h.Helper()
	req := &wire.PushRequest{P: 1, Town: townID, Inc: inc(as), Pending: more + len(events)}
	for _, e := range events {
		req.Events = append(req.Events, wire.PushItem{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: string(e.Append(nil))})
	}
	if _, err := h.r.Push(context.Background(), h.caller(as), req); err != nil {
		h.Fatal(err)
	}
}

func TestAForkWaitsOnceForAllThatTheCopyWroteAndAgainWhenItWritesMore(t *testing.T) {
	h := newHouse(t)
	h.patrol(kim)
	h.patrol(kim)
	h.n[kim] = 0
	h.patrol(kim)
	h.patrol(kim)
	fork := "fork:" + inc(kim).String()
	item := h.waits(fork).Items[0]
	if len(item.Events) != 2 || item.Seq == 0 {
		t.Errorf("told of %+v", item)
	}
	h.decide(item, event.Text(fmt.Sprintf("seen %d", item.Seq)))
	h.waits()
	h.n[kim] = 0
	h.patrol(kim)
	h.waits(fork)
}

func TestAnEditOfWhatIsTakenBackWaitsUntilARetractionNamesItOrItCountsAgain(t *testing.T) {
	h := newHouse(t)
	e := h.patrol(kim)
	back := h.write(kim, e, set("retracted", event.Text("Fel dag.")))
	edit := h.write(kim, e, set("minutes", event.Int(15), e.ID))
	h.push(kim, back, edit)
	item := h.waits("edited:" + e.ID.String()).Items[0]
	if !slices.Equal(item.Events, []event.ID{edit.ID}) {
		t.Errorf("told of %+v", item)
	}
	unseen := h.write(kim, e, set("minutes", event.Int(20), edit.ID))
	h.push(kim, unseen) // comes while somebody looks at the first one
	keep := h.write(desk, e, set("retracted", event.Text("Fel dag."), back.ID, edit.ID))
	h.push(desk, keep)
	if item := h.waits("edited:" + e.ID.String()).Items[0]; !slices.Equal(item.Events, []event.ID{unseen.ID}) {
		t.Errorf("told of %+v", item)
	}
	h.push(desk, h.write(desk, e, event.Field{Name: "retracted", Value: event.Null, Base: []event.ID{keep.ID}}))
	h.waits()
}

func TestAStartByAWrongClockWaitsUntilItIsRightOrWrittenAnew(t *testing.T) {
	h := newHouse(t)
	off := int64(-3 * 3600 * 1000)
	wrong := func() *event.Event {
		e := h.write(kim, nil, patrolAt("21:10"))
		e.Off = &off
		h.push(kim, e)
		return e
	}
	first, second := wrong(), wrong()
	items := h.waits("clock:"+second.ID.String(), "clock:"+first.ID.String()).Items
	if items[0].Off != off {
		t.Errorf("told of %+v", items[0])
	}
	h.decide(items[0], event.Text("right"))
	h.push(desk, h.write(desk, first, event.Field{Name: "started_at", Value: event.Text("2026-11-20T18:10+01:00"), Base: []event.ID{first.ID}}))
	h.waits()
}

func TestWhatWaitsForItsFirstEventIsOneThing(t *testing.T) {
	h := newHouse(t)
	first := h.write(kim, nil, patrolAt("21:10"))
	h.push(kim, h.write(kim, first, set("minutes", event.Int(5))), h.write(kim, first, set("minutes", event.Int(6))))
	_, ids := h.look()
	if want := "waiting:" + first.ID.String(); !slices.Contains(ids, want) {
		t.Fatalf("waiting are %q", ids)
	}
	reply, _ := h.look()
	i := slices.IndexFunc(reply.Items, func(item wire.AttentionItem) bool { return item.Reason == replica.Waiting })
	if item := reply.Items[i]; len(item.Events) != 2 || len(item.Write) != 2 || item.Seen != now.UnixMilli() {
		t.Errorf("told of %+v", item)
	}
	h.push(kim, first)
	if _, ids := h.look(); slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(id, "waiting") }) {
		t.Errorf("its first event came, and waiting are %q", ids)
	}
}

func TestASilentPhoneRestsForAWeekWhenSomebodyIsInTouch(t *testing.T) {
	h := newHouse(t)
	phone := replica.Phone{Incs: []event.ID{inc(kim)}, Account: kim, Seen: now.Add(-9 * 24 * time.Hour).UnixMilli()}
	fresh := replica.Phone{Incs: []event.ID{inc(noor)}, Account: noor, Seen: now.Add(-24 * time.Hour).UnixMilli()}
	atDesk := replica.Phone{Incs: []event.ID{inc(desk)}, Account: desk, Seen: phone.Seen}
	reply, ids := h.look(phone, fresh, atDesk)
	if want := []string{"silent:" + inc(kim).String()}; !slices.Equal(ids, want) {
		t.Fatalf("waiting are %q, want %q", ids, want)
	}
	item := reply.Items[0]
	e := h.write(desk, nil, event.Field{Name: item.Write[0].F, Value: event.Text(replica.InTouch)})
	e.New, e.HLC = &event.Birth{Type: "decisions"}, stampAt(now)
	h.push(desk, e)
	if _, ids := h.look(phone); len(ids) != 0 {
		t.Errorf("waiting are %q", ids)
	}
	h.startAt(now.Add(8 * 24 * time.Hour))
	if _, ids := h.look(phone); len(ids) != 1 {
		t.Errorf("a week later waiting are %q", ids)
	}
}

func TestNoVerdictIsHeardAboutADecision(t *testing.T) {
	h := newHouse(t)
	e := h.patrol(kim)
	hold := h.write(desk, nil, event.Field{Name: "verdict:" + e.ID.String(), Value: event.Text(replica.Hold)})
	hold.New = &event.Birth{Type: "decisions"}
	h.push(desk, hold)
	h.push(desk, h.write(desk, hold, event.Field{Name: "verdict:" + hold.ID.String(), Value: event.Text(replica.Hold)}))
	if h.done(0) != 0 {
		t.Error("a decision about a decision had an effect")
	}
	forged := h.write(noor, hold, event.Field{Name: "verdict:" + e.ID.String(), Value: event.Text(replica.Release)})
	h.push(noor, forged)
	h.push(desk, h.write(desk, hold, event.Field{Name: "verdict:" + forged.ID.String(), Value: event.Text(replica.Release)}))
	if h.done(0) != 0 {
		t.Error("a decision was let in by a decision")
	}
	reply, _ := h.look()
	i := slices.IndexFunc(reply.Settled, func(item wire.AttentionItem) bool { return item.ID == "parked:"+forged.ID.String() })
	if i < 0 || reply.Settled[i].T != "decisions" || reply.Settled[i].Write[0].F != "noted:parked:"+forged.ID.String() {
		t.Errorf("%+v", reply)
	}
}

func TestWhatAShutPhoneSendsAsAnotherInstallationStaysParkedUntilThePhoneIsLetIn(t *testing.T) {
	h := newHouse(t)
	shut := map[event.ID]bool{inc(kim): true}
	r, err := replica.Open(context.Background(), h.engine, h.people, replica.Options{Clock: at{now}, Shut: func(_, inc event.ID) bool { return shut[inc] }})
	if err != nil {
		t.Fatal(err)
	}
	h.r = r
	other := event.MustID("01930000-0000-7000-8000-00000000cafe")
	first := h.write(kim, nil, patrolAt("20:10"))
	first.Inc, first.N = other, 1
	h.pushFrom(replica.Caller{Town: townID, Account: kim, Role: replica.Field, Phone: other}, first) // Kim's other phone
	forged := h.write(kim, nil, patrolAt("21:10"))
	forged.Inc, forged.N = other, 2
	lost := replica.Caller{Town: townID, Account: kim, Role: replica.Field, Phone: inc(kim), Revoked: true}
	if res := h.pushFrom(lost, forged).Res[0]; res.Why != "revoked" {
		t.Fatalf("%+v", res)
	}
	if err := r.JudgeWriters(context.Background(), townID); err != nil || h.done(0) != 1 {
		t.Errorf("judged again it counts: %d, %v", h.done(0), err)
	}
	delete(shut, inc(kim))
	if err := r.JudgeWriters(context.Background(), townID); err != nil || h.done(0) != 2 {
		t.Errorf("let in again it does not count: %d, %v", h.done(0), err)
	}
}

func (h *house) pushFrom(c replica.Caller, e *event.Event) *wire.PushReply {
	h.Helper()
	req := &wire.PushRequest{P: 1, Town: townID, Inc: e.Inc, Events: []wire.PushItem{{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: string(e.Append(nil))}}}
	reply, err := h.r.Push(context.Background(), c, req)
	if err != nil {
		h.Fatal(err)
	}
	return reply
}

func TestTwoEntriesOfDifferentWritersAtOnePlaceAndTimeMayBeOneWhateverTheirOrder(t *testing.T) {
	place := [2]event.ID{event.MustID("01930000-0000-7000-8000-00000000aa01"), event.MustID("01930000-0000-7000-8000-00000000aa02")}
	rapid.Check(t, func(rt *rapid.T) {
		h := newHouse(t)
		type entry struct {
			*event.Event
			start, minutes, where int
			kind                  string
			dup                   bool
		}
		var all []entry
		for range rapid.IntRange(0, 6).Draw(rt, "entries") {
			by := rapid.SampledFrom([]event.ID{kim, noor}).Draw(rt, "by")
			x := entry{start: rapid.IntRange(0, 12).Draw(rt, "start"), minutes: rapid.IntRange(0, 30).Draw(rt, "minutes"), where: rapid.IntRange(0, 2).Draw(rt, "place"), kind: rapid.SampledFrom([]string{"foot_patrol", "safety_walk"}).Draw(rt, "kind")}
			fields := []event.Field{set("minutes", event.Int(int64(x.minutes)))}
			if x.where < 2 {
				fields = append(fields, set("place", event.Text(place[x.where].String())))
			}
			x.Event = h.write(by, nil, append(fields, patrolAt(fmt.Sprintf("10:%02d", x.start)))...)
			x.New.Kind = x.kind
			h.push(by, x.Event)
			all = append(all, x)
		}
		if len(all) > 1 && rapid.Bool().Draw(rt, "link") {
			last := len(all) - 1
			h.push(desk, h.write(desk, all[last].Event, set("dup_of", event.Text(all[0].ID.String()))))
			all[last].dup = true
		}
		var want []string
		for i, a := range all {
			for _, b := range all[i+1:] { // ids grow with time
				apart := a.start >= b.start+max(b.minutes, 1) || b.start >= a.start+max(a.minutes, 1)
				if a.By != b.By && a.kind == b.kind && a.where == b.where && a.where < 2 && !apart && !a.dup && !b.dup {
					want = append(want, "dup:"+a.ID.String()+":"+b.ID.String())
				}
			}
		}
		_, got := h.look()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			rt.Fatalf("told of %q, want %q", got, want)
		}
	})
}

func TestWhatMayBeOneIsLetAloneWhenSomebodySaysSo(t *testing.T) {
	h := newHouse(t)
	place := set("place", event.Text("01930000-0000-7000-8000-00000000aa01"))
	h.push(kim, h.write(kim, nil, set("minutes", event.Int(30)), place, patrolAt("21:10")))
	h.push(noor, h.write(noor, nil, set("minutes", event.Int(30)), place, patrolAt("21:20")))
	reply, ids := h.look()
	if len(ids) != 1 {
		t.Fatalf("waiting are %q", ids)
	}
	h.decide(reply.Items[0], event.Text("apart"))
	if reply := h.waits(); len(reply.Settled) != 1 {
		t.Errorf("decided are %+v", reply.Settled)
	}
	h.startAt(now)
	if reply := h.waits(); len(reply.Settled) != 1 {
		t.Errorf("after a restart decided are %+v", reply.Settled)
	}
}

// startAt starts the server anew at another time.
func (h *house) startAt(when time.Time) {
	h.Helper()
	r, err := replica.Open(context.Background(), h.engine, h.people, replica.Options{Clock: at{when}})
	if err != nil {
		h.Fatal(err)
	}
	h.r = r
}

func stampAt(when time.Time) clock.Stamp { return clock.Of(when.UnixMilli(), 0) }
