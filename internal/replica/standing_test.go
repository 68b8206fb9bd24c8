package replica_test

import (
	"context"
	"strings"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

func set(name string, v event.Value, base ...event.ID) event.Field {
	return event.Field{Name: name, Value: v, Base: base}
}

func TestEveryReasonToParkIsFoundAndNothingIsLost(t *testing.T) {
	h := newHouse(t)
	own := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	h.push(kim, own)
	youth := func(fields ...event.Field) *event.Event {
		e := h.write(kim, nil, fields...)
		e.New.Kind = "youth_collaboration"
		return e
	}
	typed := func(kind, typ string) *event.Event {
		e := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
		e.New = &event.Birth{Type: typ, Kind: kind}
		return e
	}
	foreign := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	foreign.Inc = inc(noor)
	h.push(noor)
	for why, e := range map[string]*event.Event{
		replica.Waiting: h.write(kim, typed("foot_patrol", "activity"), set("minutes", event.Int(5))),
		"type":          typed("", "dream"),
		"kind":          typed("ghost_hunt", "activity"),
		"right":         typed("", "pledge"),
		"inc":           foreign,
		"future":        h.write(kim, nil, started("2026-11-22T22:11+01:00")),
		"guard":         youth(set("note", event.Text("about a person"))),
		"link":          h.write(kim, own, set("dup_of", event.Text(own.ID.String()))),
		"":              youth(set("forum", event.Text("sspf")), set("meetings", event.Int(2)), started("2026-11-20T21:10+01:00")),
	} {
		res := h.push(kim, e).Res[0]
		want := wire.ResParked
		if why == "" {
			want = wire.ResOK
		}
		if res.C != want || res.Why != why || res.Seq == 0 {
			t.Errorf("%q: %+v", why, res)
		}
		if again := h.push(kim, e).Res[0]; again != res {
			t.Errorf("%q again: %+v, first %+v", why, again, res)
		}
	}
	if got := h.done(4); got != 2 {
		t.Errorf("two youth meetings count as %d", got)
	}
}

func TestAPhotoOfALaterAppIsParkedAsItsTypeAndHoldsUpNothing(t *testing.T) {
	h := newHouse(t)
	walk := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	photo := h.write(kim, nil, set("sha", event.Text(strings.Repeat("ab", 32))))
	photo.New = &event.Birth{Type: "photo", Parent: walk.ID}
	caption := h.write(kim, photo, set("caption", event.Text("trasig lampa")))
	after := h.write(kim, nil, started("2026-11-20T22:10+01:00"))
	reply := h.push(kim, walk, photo, caption, after)
	for i, want := range []wire.PushResult{{C: wire.ResOK}, {C: wire.ResParked, Why: "type"}, {C: wire.ResParked, Why: replica.Waiting}, {C: wire.ResOK}} {
		if got := reply.Res[i]; got.C != want.C || got.Why != want.Why || got.Seq == 0 {
			t.Errorf("event %d: %+v, want %+v", i, got, want)
		}
	}
	if len(reply.Need) != 0 {
		t.Errorf("a server without photos asks for %v", reply.Need)
	}
}

func TestWhatIsNotAnEventIsRefusedAloneAndNamed(t *testing.T) {
	h := newHouse(t)
	good := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	item := func(change func(*wire.PushItem)) wire.PushItem {
		e := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
		i := wire.PushItem{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: string(e.Append(nil))}
		change(&i)
		return i
	}
	cases := []struct {
		why  string
		item wire.PushItem
	}{
		{"malformed", item(func(i *wire.PushItem) { i.Ev = `{"a":1}` })},
		{"malformed", item(func(i *wire.PushItem) { i.Ev = i.Ev + " " })},
		{"malformed", item(func(i *wire.PushItem) { i.Ev = strings.Replace(i.Ev, `"cat":1`, `"cat":1.0`, 1) })},
		{"malformed", item(func(i *wire.PushItem) { i.Ev = strings.Repeat("[", 60_000) })},
		{"too-large", item(func(i *wire.PushItem) { i.Ev = strings.Repeat("x", 65_537) })},
		{"seal", item(func(i *wire.PushItem) { i.Seal = "hpke" })},
		{"envelope", item(func(i *wire.PushItem) { i.N++ })},
		{"envelope", item(func(i *wire.PushItem) { i.ID = "x" })},
		{"town", item(func(i *wire.PushItem) { i.Ev = strings.ReplaceAll(i.Ev, townID.String(), desk.String()) })},
	}
	req := &wire.PushRequest{P: 1, Town: townID, Inc: inc(kim)}
	for _, c := range cases {
		req.Events = append(req.Events, c.item)
	}
	req.Events = append(req.Events, wire.PushItem{ID: good.ID.String(), Inc: good.Inc.String(), N: int64(good.N), Seal: "none", Ev: string(good.Append(nil))})
	reply, err := h.r.Push(context.Background(), h.caller(kim), req)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		if r := reply.Res[i]; r.C != wire.ResRefused || r.Why != c.why || r.Detail == "" || r.Seq != 0 {
			t.Errorf("%d: %+v, want %s", i, r, c.why)
		}
	}
	if r := reply.Res[len(cases)]; r.C != wire.ResOK || h.done(0) != 1 {
		t.Errorf("the good one: %+v", r)
	}
}

func TestOtherBytesUnderAKnownIDAreRefused(t *testing.T) {
	h := newHouse(t)
	e := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	h.push(kim, e)
	e.Set = append([]event.Field{set("minutes", event.Int(1))}, e.Set...)
	if r := h.push(kim, e).Res[0]; r.C != wire.ResRefused || r.Why != "other-bytes" {
		t.Errorf("%+v", r)
	}
}

func TestALaterVersionIsKeptAndParked(t *testing.T) {
	h := newHouse(t)
	e := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	later := strings.Replace(string(e.Append(nil)), `"town"`, `"shape":{"x":[1]},"town"`, 1)
	later = strings.Replace(later, `"v":1}`, `"v":2}`, 1)
	req := &wire.PushRequest{P: 1, Town: townID, Inc: inc(kim), Events: []wire.PushItem{{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: later}}}
	reply, err := h.r.Push(context.Background(), h.caller(kim), req)
	if err != nil {
		t.Fatal(err)
	}
	if r := reply.Res[0]; r.C != wire.ResParked || r.Why != "version" {
		t.Errorf("%+v", r)
	}
	history, err := h.r.History(context.Background(), h.caller(desk), e.ID)
	if err != nil || string(history.Events[0].Ev) != later {
		t.Errorf("%v %v", history, err)
	}
}

func TestABatchThatMeansNothingIsRefusedAsAWhole(t *testing.T) {
	h := newHouse(t)
	for want, req := range map[fault.Kind]*wire.PushRequest{
		fault.Invalid:  {P: 2, Town: townID},
		fault.Denied:   {P: 1, Town: desk},
		fault.TooLarge: {P: 1, Town: townID, Events: make([]wire.PushItem, 501)},
	} {
		if _, err := h.r.Push(context.Background(), h.caller(kim), req); fault.KindOf(err) != want {
			t.Errorf("want %v, got %v", want, err)
		}
	}
}

func TestAHeadOfAnotherHistoryIsNotKnown(t *testing.T) {
	h := newHouse(t)
	head := h.push(kim).Head
	for name, c := range map[string]struct {
		change  func(*wire.Head)
		reoffer bool
	}{
		"the same":          {func(*wire.Head) {}, false},
		"another epoch":     {func(x *wire.Head) { x.Epoch = kim }, false},
		"another chain":     {func(x *wire.Head) { x.Chain = strings.Repeat("0", 64) }, true},
		"beyond the end":    {func(x *wire.Head) { x.Seq++ }, true},
		"the wrong seq":     {func(x *wire.Head) { x.Seq-- }, true},
		"before everything": {func(x *wire.Head) { x.Seq, x.Chain = 0, strings.Repeat("0", 64) }, false},
	} {
		shown := head
		c.change(&shown)
		reply, err := h.r.Push(context.Background(), h.caller(kim), &wire.PushRequest{P: 1, Town: townID, Inc: inc(kim), Head: &shown})
		if err != nil || reply.Reoffer != c.reoffer {
			t.Errorf("%s: reoffer %v, %v", name, reply.Reoffer, err)
		}
	}
}

func TestAnEventOfAnyCatalogueIsTakenWhenItsKindIsKnown(t *testing.T) {
	h := newHouse(t)
	for _, cat := range []int64{0, 1, 7, 1 << 40} {
		e := h.write(kim, nil, set("of_a_later_form", event.Text("kept")), started("2026-11-20T21:10+01:00"))
		e.Catalog = cat
		if r := h.push(kim, e).Res[0]; r.C != wire.ResOK {
			t.Errorf("catalogue %d: %+v", cat, r)
		}
	}
	if h.done(0) != 4 {
		t.Errorf("%d are counted", h.done(0))
	}
}

func TestTheCatalogueIsHandedOutAsItIsNow(t *testing.T) {
	h := newHouse(t)
	had, err := h.r.CatalogState(context.Background(), townID)
	if err != nil || had == nil {
		t.Fatalf("%v %v", had, err)
	}
	first := &event.Event{Entity: had.Entity}
	h.push(desk, h.write(desk, first, event.Field{Name: "version", Value: event.Int(2), Base: []event.ID{had.Register("version").Heads[0].ID}}))
	got, err := h.r.Catalog(context.Background(), h.caller(kim))
	if err != nil || got.Catalog == nil || got.Catalog.E != had.Entity || len(got.Catalog.St.F["version"].H) != 1 || got.Catalog.St.F["version"].H[0].V != event.Int(2) {
		t.Errorf("%+v %v", got, err)
	}
	if n, _ := had.Value("version").AsInt(); n != 1 {
		t.Errorf("the state that was kept became version %d", n)
	}
}

func TestACatalogueThatLearnsAKindReleasesWhatWaitedForIt(t *testing.T) {
	h := newHouse(t)
	e := h.write(kim, nil, started("2026-11-20T21:10+01:00"))
	e.New.Kind = "night_walk"
	if r := h.push(kim, e).Res[0]; r.Why != "kind" {
		t.Fatalf("%+v", r)
	}
	book, err := h.r.Changes(context.Background(), h.caller(desk), "", "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, ent := range book.Ents {
		if ent.St != nil && ent.St.T == "catalog" {
			first := &event.Event{Entity: ent.E}
			h.push(desk, h.write(desk, first, set("kind:night_walk", event.Text(`{"sv":{"name":"Nattvandring"},"en":{"name":"Night walk"},"sight":"own"}`))))
		}
	}
	if r := h.push(kim, e).Res[0]; r.C != wire.ResOK {
		t.Errorf("%+v", r)
	}
	page, err := h.r.Changes(context.Background(), h.caller(kim), "", "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	last := page.Ents[len(page.Ents)-1]
	if last.E != e.ID || len(last.Parked) != 0 {
		t.Errorf("the phone is not told: %+v", last)
	}
}
