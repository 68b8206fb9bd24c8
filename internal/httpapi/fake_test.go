package httpapi_test

import (
	"context"
	"strings"
	"sync"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

// fake stands for replica and report. Each town has one entity, and every reply holds the town it is of, so that a
// reply of the wrong town shows.
type fake struct {
	mu      sync.Mutex
	pushed  []*wire.PushRequest
	callers []replica.Caller
	queries []wire.EntriesQuery
	limits  []int
	judged  []event.ID
	slips   [][2]string // days from and to
	phones  []replica.Phone
	err     error // given instead of an answer
	slow    time.Duration
	panics  bool
	pokes   chan struct{}
	stopped bool
}

func (f *fake) head(town event.ID) wire.Head {
	return wire.Head{Epoch: town, Seq: 3, Chain: strings.Repeat("ab", 32)}
}

func (f *fake) called(c replica.Caller) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.panics {
		panic("canary-panic")
	}
	f.callers = append(f.callers, c)
	return f.err
}

func (f *fake) Push(_ context.Context, c replica.Caller, req *wire.PushRequest) (*wire.PushReply, error) {
	if err := f.called(c); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pushed = append(f.pushed, req)
	reply := &wire.PushReply{
		Head: f.head(c.Town), Now: 1, Fork: []event.ID{}, Contig: map[string]uint64{}, Need: []string{},
		Limits: wire.Limits{Events: wire.MaxEvents, Bytes: wire.MaxBytes}, Res: []wire.PushResult{},
	}
	for _, e := range req.Events {
		reply.Contig[e.Inc] = 1
		reply.Res = append(reply.Res, wire.PushResult{ID: e.ID, C: wire.ResParked, Seq: 3, Why: "waiting"})
	}
	return reply, nil
}

func (f *fake) Changes(_ context.Context, c replica.Caller, _, _ string, limit int) (*wire.ChangesReply, error) {
	if err := f.called(c); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.limits = append(f.limits, limit)
	done := 2
	return &wire.ChangesReply{
		Ents: []wire.Entity{f.entity(c.Town)}, Erased: []event.ID{}, Next: "3", Head: f.head(c.Town), Now: 1, Reset: wire.ResetScope,
		Tally: &wire.Tally{At: 3, Year: 1, From: "2026-01-01", To: "2026-12-31", Measures: []wire.TallyMeasure{{E: c.Town, Done: &done}, {E: c.Town}}},
	}, nil
}

func (f *fake) Slip(_ context.Context, c replica.Caller, inc event.ID, from, to activity.Day) (*wire.Slip, error) {
	if err := f.called(c); err != nil {
		return nil, err
	}
	f.slips = append(f.slips, [2]string{from.String(), to.String()})
	day := wire.SlipDay{Day: to.String(), Received: 1, ReceivedSum: event.Sum(nil), CountedSum: event.Sum(nil), Missing: []wire.Span{{From: 1, To: 2}}}
	return &wire.Slip{Inc: inc, Now: 1, Max: 3, Days: []wire.SlipDay{day}, Events: []wire.SlipEvent{{ID: c.Town, E: c.Town, N: 3, Received: 1, Why: "change"}}}, nil
}

func (f *fake) Catalog(_ context.Context, c replica.Caller) (*wire.CatalogReply, error) {
	if err := f.called(c); err != nil {
		return nil, err
	}
	e := f.entity(c.Town)
	return &wire.CatalogReply{Catalog: &e}, nil
}

func (f *fake) entity(town event.ID) wire.Entity {
	kind := "foot_patrol"
	return wire.Entity{E: entityOf(town), Seq: 3, Parked: []wire.Parked{{ID: town, Why: "guard"}}, St: &wire.State{
		T: "activity", Kind: &kind, By: town, F: map[string]wire.Register{
			"minutes": {H: []wire.HeadWrite{{ID: town, Eff: clock.Of(1, 0), Inc: town, N: 1, V: event.Int(40)}}, D: []event.ID{town}},
			"parties": {H: []wire.HeadWrite{{ID: town, Eff: clock.Of(1, 0), Inc: town, N: 1, V: event.Texts("police", "municipality")}}},
		},
	}}
}

func (f *fake) Queues(_ context.Context, town event.ID) (map[event.ID]replica.Queue, error) {
	return map[event.ID]replica.Queue{inc: {Seen: 1, Pending: 2, Oldest: 1}}, f.err
}

func (f *fake) JudgeWriters(_ context.Context, town event.ID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.judged = append(f.judged, town)
	return f.err
}

func (f *fake) Poke(event.ID) {}

func (f *fake) Attention(_ context.Context, town event.ID, phones []replica.Phone, list bool) (*wire.Attention, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.phones = phones
	out := &wire.Attention{Open: 1, Items: []wire.AttentionItem{}, Settled: []wire.AttentionItem{}, Decisions: &town, Now: 1}
	if list {
		e := entityOf(town)
		out.Items = append(out.Items, wire.AttentionItem{
			ID: "parked:" + e.String(), Reason: "parked", Why: "right", E: &e, Events: []event.ID{e}, T: "activity", Kind: "foot_patrol", Inc: &e, Account: &e, Role: "field", At: 1,
			Write: []wire.Deciding{{F: "verdict:" + e.String(), Base: []event.ID{e}}}, Decided: &wire.Decision{F: "verdict:" + e.String(), V: event.Text("hold"), At: 1, By: e},
		})
	}
	return out, f.err
}

// entityOf is the one entity of a town.
func entityOf(town event.ID) event.ID {
	town[15] |= 0x80
	return town
}

func (f *fake) Digest(ctx context.Context, c replica.Caller) (*wire.DigestReply, error) {
	if f.slow > 0 {
		select {
		case <-ctx.Done():
			return nil, fault.New(fault.Busy, "", "gave up: %w", ctx.Err())
		case <-time.After(f.slow):
		}
	}
	if err := f.called(c); err != nil {
		return nil, err
	}
	return &wire.DigestReply{Head: f.head(c.Town), Count: 1, Xor: strings.Repeat("0f", 16)}, nil
}

func (f *fake) History(_ context.Context, c replica.Caller, e event.ID) (*wire.HistoryReply, error) {
	if err := f.called(c); err != nil {
		return nil, err
	}
	if e != entityOf(c.Town) {
		return nil, fault.New(fault.NotFound, "entity", "no such entity").At("e")
	}
	return &wire.HistoryReply{E: e, State: f.entity(c.Town), Events: []wire.HistoryEvent{
		{Seq: 1, Standing: "folded", ID: e, HLC: clock.Of(1, 0), By: c.Town, Role: "field", Party: "police", Ev: wire.Raw(`{"v":1}`)},
		{Seq: 2, Standing: "erased", ID: e, HLC: clock.Of(1, 0), By: c.Town},
	}, Decisions: []wire.Decision{{F: "verdict:" + e.String(), V: event.Null, At: 1, By: c.Town}}}, nil
}

func (f *fake) Watch(event.ID) (pokes <-chan struct{}, stop func()) {
	return f.pokes, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.stopped = true
	}
}

func (f *fake) FollowUp(_ context.Context, town event.ID, year int) (*wire.FollowUp, error) {
	if year == 9 {
		return nil, fault.New(fault.NotFound, "", "no such year").At("year")
	}
	at, expected := int64(1), 12
	y := wire.Year{N: 1, From: "2026-01-01", To: "2026-12-31"}
	return &wire.FollowUp{
		Town: f.Town(town), Year: y, Years: []wire.Year{y}, Parties: f.Parties(town), Entries: 2, Head: f.head(town), Received: &at,
		Pledge: &wire.Pledge{E: town, SignedOn: "2026-01-01", From: "2026-01-01", To: "2027-12-31", Surveys: []string{}},
		Measures: []wire.MeasureFigures{{
			E: town, Responsible: []string{"police"}, Kinds: []string{"foot_patrol"}, Target: wire.Target{Type: "count", Min: 24, Per: "year"}, Expected: &expected,
			Verdict: "on_track", Months: []wire.MonthFigure{{Month: "2026-01", Done: 2}}, Parties: []wire.PartyFigure{{Party: "joint", Done: 2}},
		}},
	}, f.err
}

func (f *fake) Entries(_ context.Context, town event.ID, q wire.EntriesQuery) (*wire.EntriesReply, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries = append(f.queries, q)
	return &wire.EntriesReply{
		Total: 1, Next: "x", Parties: f.Parties(town), Kinds: map[string]wire.KindName{"foot_patrol": {SV: "Fotpatrull", EN: "Foot patrol", Icon: "walk"}},
		Places: map[string]string{town.String(): "Torget"}, Entries: []wire.Entry{{E: town, Kind: "foot_patrol", Parties: []string{}, Flags: []string{"late"}}},
	}, f.err
}

func (f *fake) Places(_ context.Context, town event.ID) (*wire.PlacesReply, error) {
	st := *f.entity(town).St
	return &wire.PlacesReply{
		Places:    []wire.PlaceFigures{{E: town, St: st, StandsFor: town, Done: 2}},
		Proposals: []wire.PlaceProposal{{E: town, St: st, Why: "right", Received: 1, Role: "field", Party: "police", Done: 1}},
		Parties:   f.Parties(town), Now: 1,
	}, f.err
}

func (f *fake) Parties(event.ID) []wire.Party {
	return []wire.Party{{Slug: "police", SV: "Polisen", EN: "Police"}}
}

func (f *fake) Town(town event.ID) wire.Town {
	return wire.Town{ID: town, Name: "Munkfors", Slug: "munkfors"}
}
