package storetest

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"lofteslogg/internal/store"
)

// Record is one key that an event writes.
type Record struct {
	Bucket     store.Bucket
	Key, Value []byte
}

// Records is what storing the event with number seq of a town writes, in the sizes of a real one: its place in the
// log, by id, by entity and by phone, its entity's state and the entity's place in the feed of changes. A town has an
// event a minute; half of them are sent within that minute and the others within eight hours.
func Records(seq uint64) []Record {
	r := rand.New(rand.NewPCG(seq, 1))
	id, entity := madeBefore(r, seq), madeBefore(r, seq)
	no := binary.BigEndian.AppendUint64(nil, seq)
	phone := binary.BigEndian.AppendUint64(nil, seq%64)
	return []Record{
		{store.Events, no, random(r, 480)},
		{store.IDs, id, random(r, 25)},
		{store.ByEntity, concat(entity, no), nil},
		{store.Incs, concat(phone, phone, no), random(r, 8)},
		{store.Entities, entity, random(r, 320)},
		{store.Changes, concat(phone[7:], no, entity), nil},
	}
}

// madeBefore is an id of version 7 as the event with number seq may have: time in milliseconds, then chance.
func madeBefore(r *rand.Rand, seq uint64) []byte {
	const minute, hour = 60_000, 60 * 60_000
	lag := r.Uint64N(minute)
	if seq%2 == 0 {
		lag = r.Uint64N(8 * hour)
	}
	ms := 1_780_000_000_000 + seq*minute - lag
	return concat(binary.BigEndian.AppendUint64(nil, ms<<16), random(r, 8))
}

func random(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func concat(parts ...[]byte) (all []byte) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// Load is some writers who write batches of events at the same time.
type Load struct{ Writers, Batch int }

func (l Load) String() string { return fmt.Sprintf("%dwriters-%devents", l.Writers, l.Batch) }

// Loads are those that the goals speak of.
func Loads() []Load { return []Load{{1, 1}, {64, 1}, {1, 50}, {64, 50}} }

// Drive measures write, which stores some records durably and may be called concurrently. Each turn of the benchmark
// is eight batches by each writer; the figure to look at is events/s. Records are made beforehand, on no one's time.
func (l Load) Drive(b *testing.B, write func([]Record) error) {
	const each = 8
	var seq uint64
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		work := make([][]Record, l.Writers*each)
		for i := range work {
			for range l.Batch {
				seq++
				work[i] = append(work[i], Records(seq)...)
			}
		}
		b.StartTimer()
		l.turn(b, work, write)
	}
	b.ReportMetric(float64(seq)/b.Elapsed().Seconds(), "events/s")
}

func (l Load) turn(b *testing.B, work [][]Record, write func([]Record) error) {
	var wg sync.WaitGroup
	for i := range l.Writers {
		wg.Go(func() {
			for j := i; j < len(work); j += l.Writers {
				if err := write(work[j]); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// Bench measures an engine under every load, and reading.
func Bench(b *testing.B, open func(b *testing.B) store.Engine) {
	for _, l := range Loads() {
		b.Run(l.String(), func(b *testing.B) {
			e := open(b)
			create(b, e, Munkfors)
			l.Drive(b, func(rs []Record) error {
				return e.Update(b.Context(), Munkfors, func(tx store.Tx) error { return storeAll(tx, rs) })
			})
		})
	}
	b.Run("views-get", func(b *testing.B) { benchGet(b, open(b)) })
	b.Run("views-scan-1000", func(b *testing.B) { benchScan(b, open(b)) })
}

func storeAll(tx store.Tx, rs []Record) error {
	for _, r := range rs {
		if err := tx.Put(r.Bucket, r.Key, r.Value); err != nil {
			return err
		}
	}
	return nil
}

const benched = 5000

func benchFill(b *testing.B, e store.Engine) {
	create(b, e, Munkfors)
	update(b, e, func(tx store.Tx) error {
		for seq := range uint64(benched) {
			if err := storeAll(tx, Records(seq)); err != nil {
				return err
			}
		}
		return nil
	})
}

func benchGet(b *testing.B, e store.Engine) {
	benchFill(b, e)
	var seq uint64
	for b.Loop() {
		view(b, e, func(tx store.Tx) error {
			seq++
			v, err := tx.Get(store.Events, binary.BigEndian.AppendUint64(nil, seq%benched))
			if v == nil {
				b.Fatal("not there")
			}
			return err
		})
	}
}

func benchScan(b *testing.B, e store.Engine) {
	benchFill(b, e)
	for b.Loop() {
		n := 0
		view(b, e, func(tx store.Tx) error {
			return tx.Scan(store.Events, nil, nil, func(_, _ []byte) bool { n++; return n < 1000 })
		})
	}
}
