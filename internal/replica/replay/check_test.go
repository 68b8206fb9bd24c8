package replay_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica/replay"
	"lofteslogg/internal/store"
)

func TestATownThatLivedIsWhatItsLogSays(t *testing.T) {
	w := newTown(t).live()
	report := check(t, w.engine, townID)
	if !report.OK() {
		t.Errorf("differences:\n%s", strings.Join(report.Differences, "\n"))
	}
	if want := w.push(kim).Head; report.Head != want || report.Parked < 3 || report.Rows < 4 || report.High == 0 {
		t.Errorf("got %+v, head %+v", report, want)
	}
}

func TestALivedInTownHasEveryReasonForAttentionThatVerifyKnows(t *testing.T) {
	w := newTown(t).live()
	seen := map[string]bool{}
	must(t, w.engine.View(t.Context(), townID, func(tx store.Tx) error {
		return tx.Scan(store.Attn, nil, nil, func(k, _ []byte) bool {
			reason, _, _, _ := store.FeedOf(k)
			seen[strings.Split(reason, ":")[0]] = true
			return true
		})
	}))
	for _, reason := range []string{"waiting", "right", "held", "kind", "conflict", "edited", "clock", "fork", "gap"} {
		if !seen[reason] {
			t.Errorf("nothing is there for %q: %v", reason, seen)
		}
	}
}

func TestAnEmptyTownIsWhatItsLogSays(t *testing.T) {
	w := newTown(t)
	other := event.MustID("01930000-0000-7000-8000-000000000002")
	must(t, w.r.Create(t.Context(), other))
	if report := check(t, w.engine, other); !report.OK() || report.Events != 0 {
		t.Errorf("got %+v", report)
	}
}

func put(b store.Bucket, n int, change func(v []byte) []byte) func(store.Tx) error {
	return func(tx store.Tx) error {
		k, v, err := someKey(tx, b, n)
		if err != nil {
			return err
		}
		return tx.Put(b, k, change(v))
	}
}

func drop(b store.Bucket, n int) func(store.Tx) error {
	return func(tx store.Tx) error {
		k, _, err := someKey(tx, b, n)
		if err != nil {
			return err
		}
		return tx.Delete(b, k)
	}
}

func flip(i int) func([]byte) []byte {
	return func(v []byte) []byte {
		v[(i+len(v))%len(v)] ^= 1
		return v
	}
}

// record changes one record of the log, and seals it anew as one would who hides the change.
func record(seq uint64, change func(*store.Record)) func(store.Tx) error {
	return func(tx store.Tx) error {
		b, err := tx.Get(store.Events, store.SeqKey(seq-1))
		if err != nil {
			return err
		}
		before, err := store.ReadRecord(b)
		if err != nil {
			return err
		}
		if b, err = tx.Get(store.Events, store.SeqKey(seq)); err != nil {
			return err
		}
		rec, err := store.ReadRecord(bytes.Clone(b))
		if err != nil {
			return err
		}
		change(rec)
		rec.Seal(before.Chain)
		return tx.Put(store.Events, store.SeqKey(seq), rec.Append(nil))
	}
}

func TestEveryOtherThingThatIsStoredIsADifference(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(store.Tx) error
		told   string
	}{
		{"a byte of an event", put(store.Events, 20, flip(-10)), "digest"},
		{"a link of the chain", put(store.Events, 20, flip(120)), "chain is broken"},
		{"an event sealed anew", record(20, func(r *store.Record) { r.Nonce[0]++ }), "chain is broken"},
		{"another eff", record(20, func(r *store.Record) { r.Eff += 1 << 40 }), "after the writer's stamp"},
		{"a record that is gone", drop(store.Events, 20), "follows seq"},
		{"the last record gone", drop(store.Events, -1), "head"},
		{"the head's largest stamp", put(store.Meta, 2, flip(47)), "largest stamp"},
		{"an id that is gone", drop(store.IDs, 5), "not among the ids"},
		{"an id elsewhere", put(store.IDs, 5, flip(7)), "says seq"},
		{"an id too many", extra(store.IDs, store.Place{Seq: 3, Standing: store.Folded}.Append(nil)), "bucket id"},
		{"an event parked behind its state", put(store.IDs, -1, func([]byte) []byte { return nil }), "damaged|checksum"},
		{"an event of an entity that is gone", drop(store.ByEntity, 5), "eev"},
		{"an event of an entity too many", extra(store.ByEntity, nil), "events of entity"},
		{"a number that is gone", drop(store.Incs, 5), "inc: lacks"},
		{"a number too many", extra(store.Incs, store.SeqKey(1)), "bucket inc|attn"},
		{"an installation that is gone", drop(store.IncMeta, 0), "installations that wrote"},
		{"a gap that is said to be closed", put(store.IncMeta, 0, flip(23)), "has all up to"},
		{"a state that is gone", drop(store.Entities, 5), "entities have events"},
		{"another state", put(store.Entities, -1, flip(-2)), "entity"},
		{"a feed without an entity", drop(store.Changes, 5), "chg of"},
		{"an entity in the feed twice", extra(store.Changes, nil), "bucket chg"},
		{"a row that is gone", drop(store.Rows, 0), "row of"},
		{"another row", put(store.Rows, 0, flip(60)), "row of"},
		{"a row too many", extra(store.Rows, []byte{1}), "bucket row"},
		{"a thing to look at that nobody is told of", drop(store.Attn, 0), "attn"},
		{"another event in the queue of attention", put(store.Attn, 0, flip(3)), "attn"},
		{"a hole that ends elsewhere", put(store.Attn, -4, flip(-1)), "attn"},
		{"the last thing to look at gone", drop(store.Attn, -1), "attn"},
		{"an event in the queue of attention too many", extra(store.Attn, nil), "bucket attn"},
		{"another catalogue", put(store.Meta, 0, flip(3)), "catalogue"},
		{"decisions that are not named", drop(store.Meta, 1), "decisions"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newTown(t).live()
			w.change(c.change)
			report := check(t, w.engine, townID)
			if !slices.ContainsFunc(report.Differences, func(d string) bool {
				return slices.ContainsFunc(strings.Split(c.told, "|"), func(s string) bool { return strings.Contains(d, s) })
			}) {
				t.Errorf("want %q in %q", c.told, report.Differences)
			}
		})
	}
}

// extra adds a record under a key that nothing stands at.
func extra(b store.Bucket, value []byte) func(store.Tx) error {
	return func(tx store.Tx) error {
		k, _, err := someKey(tx, b, 3)
		if b == store.Attn {
			k, _, err = someKey(tx, b, 0)
		}
		if err != nil {
			return err
		}
		k[len(k)-1] ^= 0x55
		return tx.Put(b, k, value)
	}
}

func TestOnlySoManyDifferencesAreSpelledOut(t *testing.T) {
	r := &replay.Report{}
	for i := range 60 {
		r.Differ("number %d", i)
	}
	if len(r.Differences) != 50 || r.Untold != 10 || r.OK() {
		t.Errorf("%d told, %d not", len(r.Differences), r.Untold)
	}
}

func TestAnEventOfAnotherTownIsADifference(t *testing.T) {
	w := newTown(t)
	var report *replay.Report
	must(t, w.engine.View(t.Context(), townID, func(tx store.Tx) error {
		report = replay.Check(tx, desk)
		return nil
	}))
	if report.OK() || !strings.Contains(fmt.Sprint(report.Differences), "of town "+townID.String()) {
		t.Errorf("got %q", report.Differences)
	}
}
