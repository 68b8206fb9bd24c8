package replica_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/replica/replay"
	"lofteslogg/internal/store"
)

// slowly is an engine under which whoever read rows goes on only when given a turn: what it read is old by then. The
// first time, when the town opens, is free.
type slowly struct {
	store.Engine
	turn  chan struct{}
	views atomic.Int64
}

func (s *slowly) View(ctx context.Context, town event.ID, fn func(store.Tx) error) error {
	rows := false
	err := s.Engine.View(ctx, town, func(tx store.Tx) error { return fn(noting{tx, &rows}) })
	if rows && s.views.Add(1) > 1 {
		<-s.turn
	}
	return err
}

type noting struct {
	store.Tx
	rows *bool
}

func (n noting) Scan(b store.Bucket, from, to []byte, fn func(k, v []byte) bool) error {
	*n.rows = *n.rows || b == store.Rows
	return n.Tx.Scan(b, from, to, fn)
}

func (n noting) Get(b store.Bucket, key []byte) ([]byte, error) {
	*n.rows = *n.rows || b == store.Rows
	return n.Tx.Get(b, key)
}

// shelf keeps tables in memory.
type shelf struct{ kept []byte }

func (s *shelf) Open(event.ID) (io.ReadSeekCloser, error) {
	if s.kept == nil {
		return nil, errors.New("none is kept")
	}
	return file{bytes.NewReader(s.kept)}, nil
}

func (s *shelf) Write(_ event.ID, fill func(io.Writer) error) error {
	var b bytes.Buffer
	err := fill(&b)
	if err == nil {
		s.kept = b.Bytes()
	}
	return err
}

type file struct{ *bytes.Reader }

func (file) Close() error { return nil }

func TestATableThatIsFilledWhilePeoplePushIsTheOneThatARecountGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := tell(t, 12)
		slow := &slowly{Engine: s.h.engine, turn: make(chan struct{})}
		o := replica.Options{Clock: at{later}, Slice: rapid.IntRange(1, 3).Draw(t, "slice")}
		if rapid.Bool().Draw(t, "a copy is kept") {
			kept := &shelf{}
			s.keep(t, kept, o.Slice)
			o.Tables = kept
		}
		r, err := replica.Open(context.Background(), slow, s.h.people, o)
		if err != nil {
			t.Fatal(err)
		}
		s.h.r = r
		filled := make(chan error, 1)
		go func() { filled <- r.Filled(context.Background(), townID) }()
		for range rapid.IntRange(0, 12).Draw(t, "batches meanwhile") {
			s.goOn(t)
			for range rapid.IntRange(0, 3).Draw(t, "turns") {
				select {
				case slow.turn <- struct{}{}:
				case err := <-filled:
					filled <- err
				}
			}
		}
		close(slow.turn)
		if err := <-filled; err != nil {
			t.Fatal(err)
		}
		s.agrees(t)
		s.end()
		s.agrees(t)
		s.compare(t)
	})
}

// keep keeps the town's table, and has things happen while it is written and after.
func (s *story) keep(t *rapid.T, to *shelf, slice int) {
	s.h.atLater(replica.Options{Tables: during{to, func() { s.goOn(t) }}, Slice: slice})
	if err := s.h.r.Filled(context.Background(), townID); err != nil {
		t.Fatal(err)
	}
	if err := s.h.r.Keep(context.Background(), townID); err != nil {
		t.Fatal(err)
	}
	for range rapid.IntRange(0, 4).Draw(t, "batches after it was kept") {
		s.goOn(t)
	}
}

// during has something happen while a table is written.
type during struct {
	replica.Tables
	happen func()
}

func (d during) Write(town event.ID, fill func(io.Writer) error) error {
	return d.Tables.Write(town, func(w io.Writer) error { return fill(eventful{w, d.happen}) })
}

type eventful struct {
	io.Writer
	happen func()
}

func (e eventful) Write(p []byte) (int, error) {
	e.happen()
	return e.Writer.Write(p)
}

// agrees replays the log as verify does, and compares the table with one that is made at once of all rows.
func (s *story) agrees(t *rapid.T) {
	want := activity.NewTable()
	err := s.h.engine.View(context.Background(), townID, func(tx store.Tx) error {
		if report := replay.Check(tx, townID); !report.OK() {
			t.Fatalf("verify: %v", report.Differences)
		}
		var rows []activity.Row
		err := tx.Scan(store.Rows, nil, nil, func(_, v []byte) bool {
			row, err := activity.ReadRow(v)
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, row)
			return true
		})
		want.Put(1, rows)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.h.r.Table(townID)
	if err != nil {
		t.Fatal(err)
	}
	compareFacts(t, factsOf(got), factsOf(want))
}

func compareFacts(t *rapid.T, got, want map[event.ID]string) {
	for e, fact := range want {
		if got[e] != fact {
			t.Fatalf("%s is %s, should be %s", e, got[e], fact)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d rows, should be %d", len(got), len(want))
	}
}

// factsOf spells a table's facts, but for those that stand for a row that is gone.
func factsOf(t *activity.Table) map[event.ID]string {
	out := map[event.ID]string{}
	t.Scan(func(v activity.View, facts []activity.Fact) {
		for i := range facts {
			f := &facts[i]
			if v.Name(f.Kind) != "" {
				out[f.Entity] = fmt.Sprintf("seq %d, %s at %s, %d min × %d, %v, place %s, flags %b, counted %t", f.Seq, v.Name(f.Kind), f.Start, f.Minutes, f.Number, v.Parties(f.Parties), v.Place(f.Place), f.Flags, f.Counted)
			}
		}
	})
	return out
}

// many opens a town of some patrols whose table is filled by twos and threes.
func many(t *testing.T, o replica.Options) (*house, *slowly) {
	h := newHouse(t)
	for range 5 {
		h.push(kim, h.write(kim, nil, started("2026-11-20T21:10+01:00")))
	}
	slow := &slowly{Engine: h.engine, turn: make(chan struct{})}
	o.Clock, o.Slice = at{now}, 2
	r, err := replica.Open(t.Context(), slow, h.people, o)
	if err != nil {
		t.Fatal(err)
	}
	h.r = r
	return h, slow
}

func TestWhileFiguresAreReadPhonesPushAndPullAndTheDeskIsToldToWait(t *testing.T) {
	h, slow := many(t, replica.Options{})
	if _, err := h.r.Table(townID); fault.KindOf(err) != fault.Busy {
		t.Errorf("the desk gets %v", err)
	}
	if res := h.push(kim, h.write(kim, nil, started("2026-11-20T22:10+01:00"))).Res[0]; res.Why != "" {
		t.Errorf("the push: %+v", res)
	}
	reply, err := h.r.Changes(t.Context(), h.caller(kim), "", "", 1000)
	if err != nil || reply.Tally != nil || len(reply.Ents) == 0 {
		t.Errorf("the pull: %v, %d entities, tally %v", err, len(reply.Ents), reply.Tally)
	}
	if under, failed := h.r.Filling(); len(under) != 1 || len(failed) != 0 {
		t.Errorf("filling %v, failed %v", under, failed)
	}
	pokes, stop := h.r.Watch(townID)
	defer stop()
	close(slow.turn)
	<-pokes // the desk hears that the figures are there
	if err := h.r.Filled(t.Context(), townID); err != nil || h.done(0) != 6 {
		t.Errorf("%v, %d are counted", err, h.done(0))
	}
	if reply, err := h.r.Changes(t.Context(), h.caller(kim), "", "", 1000); err != nil || reply.Tally == nil {
		t.Errorf("no tally: %v", err)
	}
}

func TestFiguresThatCannotBeReadAreSaidAndPhonesStillPush(t *testing.T) {
	h := newHouse(t)
	var last *event.Event
	for range 5 {
		last = h.write(kim, nil, started("2026-11-20T21:10+01:00"))
		h.push(kim, last)
	}
	err := h.engine.Update(t.Context(), townID, func(tx store.Tx) error { return tx.Put(store.Rows, last.ID[:], []byte("torn")) })
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan replica.Filled, 1)
	h.r, err = replica.Open(t.Context(), h.engine, h.people, replica.Options{Clock: at{now}, Slice: 2, Filled: func(f replica.Filled) { told <- f }})
	if err != nil {
		t.Fatal(err)
	}
	if f := <-told; !errors.Is(f.Err, store.ErrDamaged) || f.Town != townID {
		t.Errorf("told %+v", f)
	}
	if _, failed := h.r.Filling(); !errors.Is(failed[townID], store.ErrDamaged) {
		t.Errorf("failed: %v", failed)
	}
	if _, err := h.r.Table(townID); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("the desk gets %v", err)
	}
	if res := h.push(kim, h.write(kim, nil, started("2026-11-20T22:10+01:00"))).Res[0]; res.Why != "" {
		t.Errorf("the push: %+v", res)
	}
}

func TestCloseEndsAFillingThatIsUnderWay(t *testing.T) {
	h, slow := many(t, replica.Options{})
	close(slow.turn)
	h.r.Close()
	if err := h.r.Filled(t.Context(), townID); err != nil && fault.KindOf(err) != fault.Busy {
		t.Error(err)
	}
}
